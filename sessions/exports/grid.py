"""The lines of a day as a grid true to time: a column a room, breaks across all of them.

It is made of the lines a viewer reads and of nothing else: a room, an hour or a column that nothing shown needs is not there.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from conference.lib import clock
from events.models import Event, Room
from sessions.choices import Label, SessionKind
from sessions.exports.lines import Line
from sessions.exports.turns import Turn
from sessions.rules import hours_of, in_lanes, set_rows, window

NO_TURNS: Mapping[int, Sequence[Turn]] = MappingProxyType({})
MOST_COLUMNS = 64  # as many as the styles have; a day that needs more stays a list
WIDE = 7  # columns, from which on the grid scrolls by itself and its rooms fold

# How tall a row of five minutes may be, in eighths of a line of text: an hour is four lines and a half at least. A title may ask for any of
# them, what stands below it (people, turns) for `_FOR_REST` at most: what does not fit then shows under the pointer.
HEIGHTS = (3, 4, 5, 6, 8, 10, 12, 16)
_FOR_REST = 10
SHORT = 6  # rows; below half an hour the time and the title are all that stands
_ON_A_LINE = 128  # letters on a line as wide as the page
_LEAST_ON_A_LINE = 20  # in the narrowest column
_ON_A_LINE_OF_TURNS = 18  # as wide as the styles make a column of turns
_TIMES = 13  # letters of the times before a title


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
    turns: Sequence[Turn] = ()

    @property
    def start_at(self) -> dt.datetime:
        """When it starts."""
        return self.line.start_at

    @property
    def end_at(self) -> dt.datetime:
        """When it ends."""
        return self.line.end_at

    @property
    def is_short(self) -> bool:
        """Say whether there is room for no more than time and title."""
        return self.rows < SHORT

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
    height: int  # of a row, one of `HEIGHTS`

    @property
    def is_wide(self) -> bool:
        """Say whether the rooms need more than the width of the page."""
        return self.columns >= WIDE


def grid_of(event: Event, day: dt.date, lines: Sequence[Line], turns: Mapping[int, Sequence[Turn]] = NO_TURNS) -> Grid | None:
    """Lay out the lines of a day of the programme; None when it has no line, or more columns than a grid can show.

    `turns` gives those that every reader of these lines may read, by the key of their session.
    """
    cells = [Cell(line, turns=turns.get(line.session.pk, ()) if line.session else ()) for line in lines]
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
    return Grid(hours_of(start, end), heads, cells, columns, max(_height(cell, columns) for cell in cells))


def _height(cell: Cell, columns: int) -> int:
    """How tall a row must be for all that stands in a cell, as far as it may ask: guessed by counting letters, rather too tall."""
    line, session = cell.line, cell.line.session
    wide = _ON_A_LINE if cell.is_across else max(_LEAST_ON_A_LINE, _ON_A_LINE // columns)
    head = _lines_of(_TIMES + len(line.title), wide)
    rest = 0
    if session and not cell.is_short:
        below = len(f"{line.spoken}{line.interpreted}{session.track.name if session.track else ''}")
        people = sum(len(f"{one.name}{one.function}{one.organisation}") + 6 for one in line.people)
        marks = session.label != Label.CLEAR or session.chatham_house
        turns = _lines_of(len(cell.turns), max(1, wide // _ON_A_LINE_OF_TURNS))
        rest = _lines_of(below, wide) + _lines_of(people, wide) + turns + bool(marks) + bool(line.sheet)
    return max(_step(head, cell.rows, HEIGHTS[-1]), _step(head + rest, cell.rows, _FOR_REST))


def _lines_of(count: int, on_a_line: int) -> int:
    return -(-count // on_a_line)


def _step(lines: int, rows: int, most: int) -> int:
    """The first height at which so many lines (and the edges of a cell) fit into so many rows; the last that is allowed if none does."""
    allowed = [height for height in HEIGHTS if height <= most]
    return next((height for height in allowed if height * rows >= 8 * lines + 4), allowed[-1])


def _goes_across(cell: Cell, cells: list[Cell]) -> bool:
    """Say whether a cell goes across the rooms: a break or a social event without a room, or whatever is bound to none and stands alone."""
    session, room = cell.line.session, cell.line.room
    is_pause = session is not None and session.kind in (SessionKind.BREAK, SessionKind.SOCIAL)
    if room and not is_pause:
        return False
    beside = (other for other in cells if other is not cell and other.row < cell.row + cell.rows and cell.row < other.row + other.rows)
    return (is_pause and room is None) or not any(beside)


def _columns(cells: list[Cell]) -> tuple[list[Head], int]:
    """Give each cell its column and the heads above them: the rooms in their order, then what has no room."""
    rooms: dict[Any, list[Cell]] = {}
    for cell in cells:
        if not cell.is_across:
            room = cell.line.room
            rooms.setdefault((0, room.position, room.public_id) if room else (1,), []).append(cell)
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
