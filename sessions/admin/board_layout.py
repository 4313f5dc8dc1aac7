"""How a day of the board is laid out: rows of five minutes since the start of its window, a column a room, lanes where sessions overlap."""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable

from conference.lib import clock
from conference.lib.fingerprints import fingerprints
from events.models import Event, Room
from sessions import actions
from sessions.choices import SessionKind
from sessions.conflicts import Conflict
from sessions.models import Session, Slot
from sessions.rules import hours_of, in_lanes, rows_in, set_rows, window

USUAL = (dt.time(8), dt.time(20))  # shown even when nothing is there


@dataclasses.dataclass
class Item:
    """A session on the board: where it is (row and rows, lane of lanes), what it showed, and what stands against it."""

    session: Session
    slot: Slot | None
    conflicts: list[Conflict]
    row: int = 1
    rows: int = 1
    lane: int = 1
    lanes: int = 1

    @property
    def start_at(self) -> dt.datetime:
        """When it starts; only of one that is placed."""
        return self.slot.start_at

    @property
    def end_at(self) -> dt.datetime:
        """When it ends; only of one that is placed."""
        return self.slot.end_at

    @property
    def order(self) -> tuple:
        """What decides between two of the same rows."""
        return (self.session.pk,)

    @property
    def seen(self) -> str:
        """The fingerprints of its place, which come back with a move."""
        return json.dumps(fingerprints(actions.place_values(self.slot)), separators=(",", ":"))

    @property
    def blocks(self) -> bool:
        """Say whether one of its conflicts stops a release."""
        return any(conflict.blocks for conflict in self.conflicts)

    @property
    def is_band(self) -> bool:
        """Say whether it goes across the rooms: a break or a social event without one."""
        return bool(self.slot) and self.slot.room_id is None and self.session.kind in (SessionKind.BREAK, SessionKind.SOCIAL)


@dataclasses.dataclass(frozen=True)
class Column:
    """A room, or None for what has no room, with its sessions in the order of time."""

    room: Room | None
    items: list[Item]


@dataclasses.dataclass(frozen=True)
class Layout:
    """A day of the board: its window, and (`dawn_at`) the moment this day of the programme begins, which the window may leave out."""

    day: dt.date
    dawn_at: dt.datetime
    start_at: dt.datetime
    end_at: dt.datetime
    hours: list[tuple[int, dt.datetime]]
    columns: list[Column]
    bands: list[Item]

    @property
    def rows(self) -> int:
        """How many rows of five minutes it has."""
        return rows_in(self.end_at - self.start_at)


def lay_out(event: Event, day: dt.date, items: list[Item], rooms: Iterable[Room], *, whole: bool) -> Layout:
    """Lay out the placed sessions of a day of the programme; `whole` shows all its hours, not only those in use."""
    dawn = clock.moment(day, event.day_starts_at, event.zone)
    start, end = _window(event, day, items, whole=whole)
    set_rows(items, start, end)
    by_room: dict[int | None, list[Item]] = {}
    for item in items:
        by_room.setdefault(item.slot.room_id, []).append(item)
    roomless = by_room.get(None, [])
    apart = [item for item in roomless if not item.is_band]
    columns = [Column(room, in_lanes(by_room.get(room.pk, []))) for room in rooms]
    if apart or not columns:
        columns.insert(0, Column(None, in_lanes(apart)))
    return Layout(day, dawn, start, end, hours_of(start, end), columns, in_lanes([item for item in roomless if item.is_band]))


def _window(event: Event, day: dt.date, items: list[Item], *, whole: bool) -> tuple[dt.datetime, dt.datetime]:
    first = clock.moment(day, event.day_starts_at, event.zone)
    last = clock.moment(day + dt.timedelta(days=1), event.day_starts_at, event.zone)
    if whole:
        return first, last
    usual = [clock.local(clock.moment(day, time, event.zone), event.zone) for time in USUAL]
    starts = [usual[0], *(event.local(item.start_at) for item in items)]
    return window(starts, [usual[1].astimezone(dt.UTC), *(item.end_at for item in items)], first=first, last=last)
