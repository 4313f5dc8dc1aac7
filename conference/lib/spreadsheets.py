"""Spreadsheets: CSV and XLSX files of strangers read within limits, and CSV written so that no cell is run as a formula."""

import csv
import dataclasses
import datetime as dt
import io
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Iterable

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

MAX_BYTES = 1024 * 1024
MAX_UNPACKED_BYTES = 60 * 1024 * 1024  # an XLSX is a zip: what it says it holds
MAX_ROWS = 2000
MAX_COLUMNS = 60
MAX_CELL = 2000
_DELIMITERS = ";,\t|"
# What openpyxl and the modules below it raise for files that are broken or hostile.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ValueError,  # hostile XML, refused by defusedxml, is one
    SyntaxError,  # XML that is none
    LookupError,
    TypeError,
    AttributeError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,  # a zip with a password
)


class Unreadable(ValueError):
    """The file is not a spreadsheet we can read, or is too large; the message says so in the reader's language."""


@dataclasses.dataclass(frozen=True)
class Row:
    """One row with something in it: its number as the spreadsheet shows it (from 1) and its cells as text."""

    number: int
    cells: list[str]


def read(data: bytes) -> list[Row]:
    """Read the first sheet of an XLSX file, or a CSV file in any usual encoding and delimiter; empty rows are left out.

    Raise `Unreadable` for anything else, and above the limits of this module.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(_("The file is too large: at most %(size)d MB can be read.") % {"size": MAX_BYTES // 1024 // 1024})
    table = _read_xlsx(data) if data.startswith(b"PK") else _read_csv(data)
    rows = []
    for number, cells in enumerate(table, start=1):
        if number > MAX_ROWS:
            raise Unreadable(_("The file has too many rows: at most %(rows)d can be read.") % {"rows": MAX_ROWS})
        if any(cells):
            rows.append(Row(number, _checked(cells)))
    if not rows:
        raise Unreadable(_("The file is empty."))
    return rows


def _checked(cells: list[str]) -> list[str]:
    if len(cells) > MAX_COLUMNS or any(len(cell) > MAX_CELL for cell in cells):
        raise Unreadable(_("The file has too many columns or too long cells to be a list."))
    return cells


def _read_xlsx(data: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED_BYTES:
                raise Unreadable(_("The file is too large once unpacked."))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions that do not matter here
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # the size a sheet says it has may be wrong
            table = []
            for values in sheet.iter_rows(values_only=True):
                table.append(_without_tail([_as_text(value) for value in values]))
                if len(table) > MAX_ROWS:
                    break
            book.close()
    except Unreadable:
        raise
    except _BROKEN as error:
        raise Unreadable(_("The file cannot be read. Save it as XLSX or CSV and try again.")) from error
    while table and not table[-1]:
        table.pop()
    return table


def _without_tail(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _as_text(value) -> str:
    """A cell as a person sees it: whole numbers without their decimals, dates as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return str(value).strip()


def _read_csv(data: bytes) -> list[list[str]]:
    text = _decoded(data)
    lines = text.splitlines()
    if lines and lines[0].lower().startswith("sep="):  # what Excel writes to say its delimiter
        text = text.split("\n", 1)[1] if "\n" in text else ""
    first = next((line for line in text.splitlines() if line.strip()), "")
    try:
        delimiter = max(_DELIMITERS, key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))
        return [_without_tail([cell.strip() for cell in row]) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise Unreadable(_("The file cannot be read. Save it as XLSX or CSV and try again.")) from error


def _decoded(data: bytes) -> str:
    """Text from bytes: UTF-16 or UTF-8 by their marks, else UTF-8 when it is valid, else Windows-1252."""
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(unicodedata.category(sign) == "Cc" and sign not in "\t\r\n\x0b\x0c\x85" for sign in text[:10_000]):
            return text
    raise Unreadable(_("The file cannot be read. Save it as XLSX or CSV and try again."))


# A program may run a cell that starts with one of these, also behind white space or written in full width.
_FORMULA_SIGNS = "=+-@"


def guarded(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet program could take for a formula."""
    start = unicodedata.normalize("NFKC", text.lstrip("\ufeff\u200b\u200e\u200f")).lstrip()
    is_formula = start[:1] in tuple(_FORMULA_SIGNS) or text[:1] in ("\t", "\r", "\n")
    return f"'{text}" if is_formula else text


def to_csv(rows: Iterable[Iterable[object]]) -> bytes:
    """Write rows as CSV (RFC 4180) in UTF-8 with a mark, so that spreadsheet programs read every name; formulas are disarmed."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([guarded("" if cell is None else str(cell)) for cell in row])
    return out.getvalue().encode("utf-8-sig")
