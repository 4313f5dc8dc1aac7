"""Spreadsheets written so that every program reads every name and none runs a cell as a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator
from typing import IO

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

# A program may run a cell that starts with one of these, also behind white space or written in full width.
_FORMULA_SIGNS = "=+-@"
# Characters XML cannot hold; openpyxl refuses the whole file for one of them.
_NOT_IN_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
_MAX_XLSX_CELL = 32_767


def guarded(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet program could take for a formula."""
    start = unicodedata.normalize("NFKC", text.lstrip("\ufeff\u200b\u200e\u200f")).lstrip()
    is_formula = start[:1] in tuple(_FORMULA_SIGNS) or text[:1] in ("\t", "\r", "\n")
    return f"'{text}" if is_formula else text


def _as_text(cell: object) -> str:
    return guarded("" if cell is None else str(cell))


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[bytes]:
    """Write rows as CSV (RFC 4180) in UTF-8 with a mark, one piece a row, so that none is held whole; formulas are disarmed."""
    mark = "\ufeff"
    for row in rows:
        out = io.StringIO(newline="")
        out.write(mark)
        csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow([_as_text(cell) for cell in row])
        yield out.getvalue().encode()
        mark = ""


def to_csv(rows: Iterable[Iterable[object]]) -> bytes:
    """Write rows as one CSV file; see `csv_lines`."""
    return b"".join(csv_lines(rows))


def write_xlsx(rows: Iterable[Iterable[object]], file: IO[bytes], *, title: str) -> None:
    """Write rows, the first in bold and always in view, into an XLSX file: every cell is text, so that no program computes it."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("".join(sign for sign in title if sign not in "[]:*?/\\")[:31] or "1")
    sheet.freeze_panes = "A2"
    bold: Font | None = Font(bold=True)
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=_as_text(value).translate(_NOT_IN_XML)[:_MAX_XLSX_CELL])
            cell.data_type = "s"
            if bold:
                cell.font = bold
            cells.append(cell)
        sheet.append(cells)
        bold = None
    book.save(file)
