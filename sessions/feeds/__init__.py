"""What changed in the agenda, as far as one reader may know of it: for calendars, which must cancel, and for lists of changes."""

from sessions.feeds.dropped import dropped_slots
from sessions.feeds.versions import Reader, known_change, known_places, reader_of, told_changes, told_parts, versions

__all__ = ["Reader", "dropped_slots", "known_change", "known_places", "reader_of", "told_changes", "told_parts", "versions"]
