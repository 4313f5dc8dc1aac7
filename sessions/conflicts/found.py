"""What a conflict is, and the words all of them share."""

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.utils.translation import get_language

from conference.lib import clock, dates
from sessions.choices import ConflictLevel
from sessions.models import Session, Slot


@dataclasses.dataclass(frozen=True)
class Conflict:
    """One conflict: what it does to a release, a sentence, and the sessions it is about (the first is where to mend it)."""

    level: ConflictLevel
    sentence: str
    sessions: tuple[Session, ...]

    @property
    def blocks(self) -> bool:
        """Say whether it stops a release."""
        return self.level == ConflictLevel.BLOCKS


def by_session(conflicts: Iterable[Conflict]) -> dict[int, list[Conflict]]:
    """Gather conflicts under the key of each session they are about."""
    gathered = defaultdict(list)
    for conflict in conflicts:
        for session in conflict.sessions:
            gathered[session.pk].append(conflict)
    return dict(gathered)


def blocking(sentence: str, *slots: Slot, **words: str) -> Conflict:
    """A conflict that blocks the release; the sentence may name the titles as `first` and `second`."""
    return _conflict(ConflictLevel.BLOCKS, sentence, slots, words)


def warning(sentence: str, *slots: Slot, **words: str) -> Conflict:
    """A conflict that is worth a look, likewise."""
    return _conflict(ConflictLevel.WARNS, sentence, slots, words)


def _conflict(level: ConflictLevel, sentence: str, slots: tuple[Slot, ...], words: dict[str, str]) -> Conflict:
    titles = {name: slot.session.title for name, slot in zip(("first", "second"), slots, strict=False)}
    return Conflict(level, sentence % (titles | words), tuple(slot.session for slot in reversed(slots)))


def overlapping(slots: Iterable[Slot], margin: dt.timedelta = dt.timedelta(0)) -> Iterator[tuple[Slot, Slot]]:
    """Give every pair of slots, sorted by start, that share a moment, or have less than `margin` between them; back to back share none."""
    open_slots: list[Slot] = []
    for slot in slots:
        open_slots = [other for other in open_slots if other.end_at + margin > slot.start_at]
        yield from ((other, slot) for other in open_slots)
        open_slots.append(slot)


def when(event, first: Slot, second: Slot) -> dict[str, str]:
    """Say when two slots are: the day of the second, the times of both."""
    return {"day": day_in_words(event, second), "first_time": span(event, first), "second_time": span(event, second)}


def day_in_words(event, slot: Slot) -> str:
    """The day of the programme a slot is on, as the reader's language writes it."""
    return dates.weekday_and_date(event.day_of(slot.start_at), get_language() or event.working_language)


def span(event, slot: Slot) -> str:
    """The times of a slot on the event's wall clock."""
    start, end = clock.local(slot.start_at, event.zone), clock.local(slot.end_at, event.zone)
    return f"{start:%H:%M}–{end:%H:%M}"
