"""A spreadsheet opened to be read once, from its first row to its last, without holding more than one row."""

import dataclasses
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _

from conference.lib.spreadsheets import rows as limits
from conference.lib.spreadsheets.csv_text import count_lines, read_csv
from conference.lib.spreadsheets.rows import Row, Unreadable
from conference.lib.spreadsheets.workbooks import read_workbook

_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclasses.dataclass
class Table:
    """One sheet of a file. `sheets` names all that can be read; `notes` says in words what the reader should know of the reading.

    `rows` may be read once; some notes come only while it is. `expected` is about how many there are, for a bar of progress.
    """

    rows: Iterator[Row]
    sheet: str = ""
    sheets: list[str] = dataclasses.field(default_factory=list)
    notes: list[str] = dataclasses.field(default_factory=list)
    expected: int = 0


def open_table(file: IO[bytes], sheet: str = "", *, longest: int = limits.MAX_CELL) -> Table:
    """Open a CSV file in any usual encoding and delimiter, or a sheet of an XLSX file (the first that is shown, without a name).

    Empty rows are left out; no cell may have more characters than `longest`. Raise `Unreadable` for anything else, and, also while
    the rows are read, above the limits of this package.
    """
    if file.seek(0, 2) > limits.MAX_BYTES:
        raise Unreadable(_("The file is too large: at most %(size)d MB can be read.") % {"size": limits.MAX_BYTES // 1024**2})
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if head == _OLE:
        raise Unreadable(_("This is an Excel file of before 2007, or one with a password. Save it as XLSX without a password."))
    table = Table(iter(()))
    if head.startswith(_ZIP):
        found, table.sheet, table.sheets, table.expected = read_workbook(file, sheet, table.notes)
    else:
        found = read_csv(file, table.notes)
        table.expected = count_lines(file)
    table.expected = min(table.expected, limits.MAX_ROWS)
    table.rows = _within_limits(found, table.notes, longest)
    return table


def _within_limits(rows: Iterator[Row], notes: list[str], longest: int) -> Iterator[Row]:
    """Pass on the rows with something in them; stop after a long gap, refuse what is no list."""
    count = last = 0
    for row in rows:
        if any(row.cells) or row.faults:
            count, last = count + 1, row.number
            if count > limits.MAX_ROWS:
                raise Unreadable(_("The file has too many rows: at most %(rows)d can be read.") % {"rows": limits.MAX_ROWS})
            if len(row.cells) > limits.MAX_COLUMNS or any(len(cell) > longest for cell in row.cells):
                raise Unreadable(_("The file has too many columns or too long cells to be a list."))
            yield row
        elif row.number - last > limits.MAX_EMPTY_ROWS:
            words = {"row": row.number, "count": limits.MAX_EMPTY_ROWS}
            notes.append(_("Reading stopped at row %(row)d, after more than %(count)d empty rows.") % words)
            break
    if not count:
        raise Unreadable(_("The file is empty."))
