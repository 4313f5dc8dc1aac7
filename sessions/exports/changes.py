"""Lists of changes as pages show them: one entry for each session, with what a reader may read of it in words and things to show."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Container, Iterable, Mapping

from events.models import Event, Room
from sessions.choices import ChangeKind, PublicIdentity, Role
from sessions.models import Session, Speaker
from sessions.rules import Change, Place


@dataclasses.dataclass(frozen=True)
class Row:
    """One difference: its kind, both places, and what stands in their stead where keys must become names."""

    session: Session
    kind: ChangeKind
    before: Place | None
    after: Place | None
    room_before: Room | None = None
    room_after: Room | None = None
    people_before: tuple[str, ...] = ()
    people_after: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Entry:
    """One session with all that differs of it, in the day of the programme where it stands now, or stood last."""

    session: Session
    title: str  # empty where the reader never knew it
    place: Place
    room: Room | None
    day: dt.date
    rows: tuple[Row, ...]
    is_linked: bool  # it has a page for the reader

    @property
    def is_dropped(self) -> bool:
        """Say whether the newer version holds it no more."""
        return self.rows[0].kind == ChangeKind.DROPPED


def rows_of(changes: Iterable[Change], rooms: Mapping[int, Room], people: Mapping[int, Speaker]) -> list[Row]:
    """Name the rooms and people of changes for organisers, who read both sides in full."""
    return [_row(change, rooms, lambda place: _everybody(place, people)) for change in changes]


def entries_of(
    event: Event,
    changes: Iterable[Change],
    rooms: Mapping[int, Room],
    told: Mapping[int, tuple[str, ...]],
    linked: Container[int],
) -> list[Entry]:
    """Gather changes by session for a reader. `told` names by key of the session who speaks there now, as far as the reader may know.

    `linked` are the keys of the sessions whose page the reader may open. Who spoke before is not named: only who does now is
    what the agenda tells them.
    """
    by_session: dict[int, list[Change]] = {}
    for change in changes:
        by_session.setdefault(change.session.pk, []).append(change)
    return [
        Entry(
            session=found[0].session,
            title=found[0].title,
            place=found[0].place,
            room=_room(found[0].place, rooms),
            day=event.day_of(found[0].place.start_at),
            rows=tuple(_row(change, rooms, lambda place: told.get(place.session_id, ()), both=False) for change in found),
            is_linked=key in linked,
        )
        for key, found in by_session.items()
    ]


def by_day(entries: Iterable[Entry]) -> list[tuple[dt.date, list[Entry]]]:
    """Gather entries by the day of the programme."""
    days: dict[dt.date, list[Entry]] = {}
    for entry in entries:
        days.setdefault(entry.day, []).append(entry)
    return sorted(days.items())


def _row(change: Change, rooms: Mapping[int, Room], people: Callable[[Place], tuple[str, ...]], *, both: bool = True) -> Row:
    before, after = change.before, change.after
    return Row(
        change.session,
        change.kind,
        before,
        after,
        room_before=_room(before, rooms),
        room_after=_room(after, rooms),
        people_before=people(before) if before and both else (),
        people_after=people(after) if after else (),
    )


def _room(place: Place | None, rooms: Mapping[int, Room]) -> Room | None:
    return rooms.get(place.room_id) if place and place.room_id else None


def _everybody(place: Place, people: Mapping[int, Speaker]) -> tuple[str, ...]:
    return tuple(f"{people[part.speaker_id].full_name} ({Role(part.role).label})" for part in place.parts if part.speaker_id in people)


def named(told: Iterable[tuple[int, str, PublicIdentity]], people: Mapping[int, Speaker]) -> tuple[str, ...]:
    """Name people as `told` allows: by name, or by function alone."""
    found = []
    for speaker_id, _role, identity in told:
        speaker = people[speaker_id]
        name = speaker.full_name if identity == PublicIdentity.FULL else str(speaker.function)
        if name:
            found.append(name)
    return tuple(found)
