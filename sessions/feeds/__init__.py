"""What changed in the agenda, as far as one reader may know of it: for calendars, which must cancel, for lists and for messages."""

from sessions.feeds.digests import Digest, digests_of
from sessions.feeds.dropped import dropped_slots
from sessions.feeds.versions import Reader, reader_of, still_knows, told_changes, told_parts, versions

__all__ = ["Digest", "Reader", "digests_of", "dropped_slots", "reader_of", "still_knows", "told_changes", "told_parts", "versions"]
