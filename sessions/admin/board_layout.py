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

ROW = dt.timedelta(minutes=5)
ROWS_OF_AN_HOUR = 12
MAX_ROWS = 300  # a day of 25 hours
MAX_LANES = 4
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
    """A day of the board."""

    day: dt.date
    start_at: dt.datetime
    end_at: dt.datetime
    hours: list[tuple[int, dt.datetime]]
    columns: list[Column]
    bands: list[Item]

    @property
    def rows(self) -> int:
        """How many rows of five minutes it has."""
        return _rows(self.end_at - self.start_at)


def lay_out(event: Event, day: dt.date, items: list[Item], rooms: Iterable[Room], *, whole: bool) -> Layout:
    """Lay out the placed sessions of a day of the programme; `whole` shows all its hours, not only those in use."""
    start, end = _window(event, day, items, whole=whole)
    for item in items:
        item.row = max(0, (item.slot.start_at - start) // ROW) + 1
        last = -((start - item.slot.end_at) // ROW)
        item.rows = max(1, min(last, _rows(end - start)) - item.row + 1)
    by_room: dict[int | None, list[Item]] = {}
    for item in items:
        by_room.setdefault(item.slot.room_id, []).append(item)
    roomless = by_room.get(None, [])
    apart = [item for item in roomless if not item.is_band]
    columns = [Column(room, _in_lanes(by_room.get(room.pk, []))) for room in rooms]
    if apart or not columns:
        columns.insert(0, Column(None, _in_lanes(apart)))
    return Layout(day, start, end, _hours(event, start, end), columns, _in_lanes([item for item in roomless if item.is_band]))


def _window(event: Event, day: dt.date, items: list[Item], *, whole: bool) -> tuple[dt.datetime, dt.datetime]:
    first = clock.moment(day, event.day_starts_at, event.zone)
    last = clock.moment(day + dt.timedelta(days=1), event.day_starts_at, event.zone)
    if whole:
        return first, last
    usual = [clock.moment(day, time, event.zone) for time in USUAL]
    starts = [event.local(item.slot.start_at).replace(minute=0, second=0, microsecond=0) for item in items]
    start = min([usual[0], *(moment.astimezone(dt.UTC) for moment in starts)])
    end = max([usual[1], *(item.slot.end_at for item in items)])
    whole_hours = -((start - end) // dt.timedelta(hours=1)) * dt.timedelta(hours=1)
    return max(first, start), min(last, start + whole_hours)


def _hours(event: Event, start: dt.datetime, end: dt.datetime) -> list[tuple[int, dt.datetime]]:
    """The row and the moment of each full hour that elapses; the clock beside it tells of a change of summer time."""
    step = dt.timedelta(hours=1)
    return [(n * ROWS_OF_AN_HOUR + 1, start + n * step) for n in range((end - start) // step)]


def _rows(length: dt.timedelta) -> int:
    return -(-length // ROW)


def _in_lanes(items: list[Item]) -> list[Item]:
    """Give sessions that overlap (as rows) lanes beside each other, as few as they need; beyond the last lane they share it."""
    items = sorted(items, key=lambda item: (item.row, -item.rows, item.session.pk))
    cluster: list[Item] = []
    reach = 0
    for item in items:
        if item.row >= reach:
            _close(cluster)
            cluster = []
        ends = {one.lane: one.row + one.rows for one in cluster}
        free = (lane for lane in range(1, MAX_LANES) if ends.get(lane, 0) <= item.row)
        item.lane = next(free, MAX_LANES)
        cluster.append(item)
        reach = max(reach, item.row + item.rows)
    _close(cluster)
    return items


def _close(cluster: list[Item]) -> None:
    lanes = max((item.lane for item in cluster), default=1)
    for item in cluster:
        item.lanes = lanes
