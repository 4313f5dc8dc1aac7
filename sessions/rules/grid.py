"""Heights true to time: where the things of a day stand on rows of five minutes, and in which lane beside those they overlap.

Rows count the time that elapses, so that a night of summer time has 276 or 300 of them; the clock beside tells of the change.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

ROW = dt.timedelta(minutes=5)
ROWS_OF_AN_HOUR = 12
MAX_LANES = 4
_HOUR = dt.timedelta(hours=1)


class Piece(Protocol):
    """Something with a time, which is given a row, a number of rows and a lane of lanes, all counted from 1."""

    row: int
    rows: int
    lane: int
    lanes: int

    @property
    def start_at(self) -> dt.datetime:
        """When it starts."""

    @property
    def end_at(self) -> dt.datetime:
        """When it ends."""

    @property
    def order(self) -> tuple:
        """What decides between two that start and end in the same rows."""


P = TypeVar("P", bound=Piece)


def window(
    starts: Iterable[dt.datetime], ends: Iterable[dt.datetime], *, first: dt.datetime, last: dt.datetime
) -> tuple[dt.datetime, dt.datetime]:
    """Give the full hours that hold everything, never outside `first` to `last`; moments in UTC.

    `starts` are on the wall clock of the place, whose hours are the full ones, in zones of half an hour too.
    """
    floors = [moment.replace(minute=0, second=0, microsecond=0).astimezone(dt.UTC) for moment in starts]
    start = min(floors, default=first)
    end = max(ends, default=last)
    hours = -((start - end) // _HOUR)
    return max(first, start), min(last, start + hours * _HOUR)


def hours_of(start: dt.datetime, end: dt.datetime) -> list[tuple[int, dt.datetime]]:
    """Give the row and the moment of each full hour that elapses."""
    return [(n * ROWS_OF_AN_HOUR + 1, start + n * _HOUR) for n in range((end - start) // _HOUR)]


def rows_in(length: dt.timedelta) -> int:
    """Count the rows of a length of time, one that is begun as a whole one."""
    return -(-length // ROW)


def set_rows(pieces: Iterable[Piece], start: dt.datetime, end: dt.datetime) -> None:
    """Give each piece its first row and how many it takes within the window; one at least."""
    for piece in pieces:
        piece.row = max(0, (piece.start_at - start) // ROW) + 1
        last = -((start - piece.end_at) // ROW)
        piece.rows = max(1, min(last, rows_in(end - start)) - piece.row + 1)


def in_lanes(pieces: Sequence[P], *, most: int = MAX_LANES) -> list[P]:
    """Give pieces that overlap (as rows) lanes beside each other, as few as they need; beyond the last lane they share it."""
    ordered = sorted(pieces, key=lambda piece: (piece.row, -piece.rows, piece.order))
    cluster: list[P] = []
    reach = 0
    for piece in ordered:
        if piece.row >= reach:
            _close(cluster)
            cluster = []
        ends = {one.lane: one.row + one.rows for one in cluster}
        free = (lane for lane in range(1, most) if ends.get(lane, 0) <= piece.row)
        piece.lane = next(free, most)
        cluster.append(piece)
        reach = max(reach, piece.row + piece.rows)
    _close(cluster)
    return ordered


def _close(cluster: Sequence[Piece]) -> None:
    lanes = max((piece.lane for piece in cluster), default=1)
    for piece in cluster:
        piece.lanes = lanes
