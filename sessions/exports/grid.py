"""The lines of a day as a grid true to time: a column a room, breaks across all of them.

It is made of the lines a viewer reads and of nothing else: a room, an hour or a column that nothing shown needs is not there.
"""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from conference.lib import clock
from events.models import Event, Room
from sessions.choices import SessionKind
from sessions.exports.lines import Line
from sessions.rules import hours_of, in_lanes, rows_in, set_rows, window

MOST_COLUMNS = 64  # as many as the styles have; a day that needs more stays a list
WIDE = 7  # columns, from which on the grid scrolls by itself and its rooms fold
_SHORT = 3  # rows; less than a quarter of an hour needs taller rows to stay readable


@dataclasses.dataclass
class Cell:
    """A line in its place: first row, rows, first column, and the number of its room's head (0: across all)."""

    line: Line
    row: int = 1
    rows: int = 1
    lane: int = 1
    lanes: int = 1
    column: int = 1
    head: int = 0
    is_across: bool = False

    @property
    def start_at(self) -> dt.datetime:
        """When it starts."""
        return self.line.start_at

    @property
    def end_at(self) -> dt.datetime:
        """When it ends."""
        return self.line.end_at

    @property
    def order(self) -> tuple:
        """What decides between two of the same rows: what a reader sees of them."""
        return (self.line.start_at, self.line.end_at, self.line.session.public_id if self.line.session else "")


@dataclasses.dataclass(frozen=True)
class Head:
    """A room, or None for what has no room; its number from 1, its first column, and over how many columns it goes."""

    room: Room | None
    number: int
    column: int
    width: int


@dataclasses.dataclass(frozen=True)
class Grid:
    """A day on a time scale. `cells` stand in the order of the list."""

    hours: list[tuple[int, dt.datetime]]
    heads: list[Head]
    cells: list[Cell]
    columns: int
    scale: int  # 1 to 3: the rows of the shortest thing, which say how tall a row must be

    @property
    def is_wide(self) -> bool:
        """Say whether the rooms need more than the width of the page."""
        return self.columns >= WIDE


def grid_of(event: Event, day: dt.date, lines: Sequence[Line]) -> Grid | None:
    """Lay out the lines of a day of the programme; None when it has no line, or more columns than a grid can show."""
    cells = [Cell(line) for line in lines]
    if not cells:
        return None
    first = clock.moment(day, event.day_starts_at, event.zone)
    last = clock.moment(day + dt.timedelta(days=1), event.day_starts_at, event.zone)
    starts = [event.local(cell.start_at) for cell in cells]
    start, end = window(starts, [cell.end_at for cell in cells], first=first, last=last)
    set_rows(cells, start, end)
    for cell in cells:
        cell.is_across = _goes_across(cell, cells)
    heads, columns = _columns(cells)
    if columns > MOST_COLUMNS:
        return None
    scale = min(_SHORT, *(rows_in(cell.end_at - cell.start_at) for cell in cells))
    return Grid(hours_of(start, end), heads, cells, columns, scale)


def _goes_across(cell: Cell, cells: list[Cell]) -> bool:
    """Say whether a cell goes across the rooms: a break or a social event without a room, or beside which nothing else stands."""
    session = cell.line.session
    if session is None or session.kind not in (SessionKind.BREAK, SessionKind.SOCIAL):
        return False
    beside = (other for other in cells if other is not cell and other.row < cell.row + cell.rows and cell.row < other.row + other.rows)
    return cell.line.room is None or not any(beside)


def _columns(cells: list[Cell]) -> tuple[list[Head], int]:
    """Give each cell its column and the heads above them: what has no room first, then the rooms in their order."""
    rooms: dict[Any, list[Cell]] = {}
    for cell in cells:
        if not cell.is_across:
            room = cell.line.room
            rooms.setdefault((room.position, room.public_id) if room else (), []).append(cell)
    in_lanes([cell for cell in cells if cell.is_across])
    heads: list[Head] = []
    column = 1
    for number, place in enumerate(sorted(rooms), start=1):
        inside = in_lanes(rooms[place])
        width = max(cell.lane for cell in inside)
        heads.append(Head(inside[0].line.room, number, column, width))
        for cell in inside:
            cell.column, cell.head = column + cell.lane - 1, number
        column += width
    return heads, max(1, column - 1)
