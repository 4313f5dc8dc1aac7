"""What both kinds of files come down to: rows of cells as text, the limits on them, and the one error."""

import dataclasses

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 60 * 1024 * 1024  # an XLSX is a zip: what it says it holds
MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_CELL = 2000
MAX_EMPTY_ROWS = 1000  # in a row: what follows is the paper below the list


class Unreadable(ValueError):
    """The file is not a spreadsheet we can read, or is too large; the message says so in the reader's language."""


@dataclasses.dataclass(frozen=True)
class Row:
    """One row with something in it: its number as the spreadsheet shows it (from 1), its cells as text, and what is wrong with some.

    `faults` has the column (from 0) of each cell whose value cannot be known, and says why in the reader's language.
    """

    number: int
    cells: list[str]
    faults: dict[int, str] = dataclasses.field(default_factory=dict)


def without_tail(cells: list[str]) -> list[str]:
    """Drop the empty cells at the end of a row."""
    while cells and not cells[-1]:
        cells.pop()
    return cells
