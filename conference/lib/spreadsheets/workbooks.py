"""XLSX files: the values a person sees, whatever formulas, merged cells and hidden sheets stand behind them."""

import contextlib
import dataclasses
import datetime as dt
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from conference.lib.spreadsheets import rows as limits
from conference.lib.spreadsheets.rows import Row, Unreadable, without_tail

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
_MAX_PARTS = 2000
_MAX_MERGED = 5000
_BLOCK = 1024 * 1024
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_ROW = re.compile(rb"<(?:\w+:)?row[\s>]")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!"}


@dataclasses.dataclass(frozen=True)
class _Merged:
    """Cells of one column that show one value: the rows from `first` to `last` of a column (from 0)."""

    first: int
    last: int
    column: int


def read_workbook(file: IO[bytes], sheet: str, notes: list[str]) -> tuple[Iterator[Row], str, list[str], int]:
    """Give the rows of a sheet, its name, the names of all sheets that are shown, and about how many rows it has; raise `Unreadable`."""
    with _translated_errors():
        _check_size(file)
        book = _open(file, data_only=True)
        shown = [found for found in book.worksheets if found.sheet_state == "visible"]
        if len(shown) < len(book.worksheets):
            notes.append(_("Hidden sheets were not read."))
        if not shown:
            raise Unreadable(_("The file has no sheet with rows."))
        chosen = next((found for found in shown if found.title == sheet), shown[0])
        has_formulas, merged, count = _scan(file, chosen._worksheet_path)
    if merged:
        notes.append(_("Merged cells were read as if each of them held the value."))
    return _rows(file, book, chosen, has_formulas, merged), chosen.title, [found.title for found in shown], count


@contextlib.contextmanager
def _translated_errors():
    """Say what a broken file raises in words."""
    try:
        yield
    except Unreadable:
        raise
    except _BROKEN as error:
        raise Unreadable(_("The file cannot be read. Save it as XLSX or CSV and try again.")) from error


def _check_size(file: IO[bytes]) -> None:
    """Refuse a zip that says it unpacks to too much; what a part unpacks to beyond that is never read."""
    with zipfile.ZipFile(file) as parts:
        found = parts.infolist()
        if len(found) > _MAX_PARTS or sum(part.file_size for part in found) > limits.MAX_UNPACKED_BYTES:
            raise Unreadable(_("The file is too large once unpacked."))
        if "mimetype" in parts.namelist() and b"opendocument" in parts.read("mimetype"):
            raise Unreadable(_("This is an OpenDocument file. Save it as XLSX or CSV and try again."))


def _open(file: IO[bytes], *, data_only: bool) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions that do not matter here
        return openpyxl.load_workbook(file, read_only=True, data_only=data_only)


def _scan(file: IO[bytes], path: str) -> tuple[bool, list[_Merged], int]:
    """Say whether the sheet has formulas, which of its cells are merged downwards, and how many rows; never unpacks it whole."""
    has_formulas, ranges, count = False, set(), 0
    with zipfile.ZipFile(file) as parts, parts.open(path) as part:
        rest = b""
        while block := part.read(_BLOCK):
            block = rest + block
            has_formulas = has_formulas or bool(_FORMULA.search(block))
            count += len(_ROW.findall(block))
            ranges.update(_MERGED.findall(block))
            rest = block[-100:]
    merged = []
    for found in sorted(ranges)[:_MAX_MERGED]:
        first_column, first, _last_column, last = range_boundaries(found.decode())
        if last > first:
            merged.append(_Merged(first, last, first_column - 1))
    return has_formulas, merged, count


def _rows(file: IO[bytes], book: Any, sheet: Any, has_formulas: bool, merged: list[_Merged]) -> Iterator[Row]:
    with _translated_errors():
        sheet.reset_dimensions()  # the size a sheet says it has may be wrong
        formulas: Iterator[tuple] | None = None
        if has_formulas:
            written = _open(file, data_only=False)[sheet.title]
            written.reset_dimensions()
            formulas = written.iter_rows(values_only=True)
        above: dict[_Merged, str] = {}
        for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells = [_as_text(value) for value in values]
            _fill_merged(number, cells, merged, above)
            yield Row(number, without_tail(cells), _faults(cells, next(formulas, ()) if formulas else ()))
        book.close()


def _fill_merged(number: int, cells: list[str], merged: list[_Merged], above: dict[_Merged, str]) -> None:
    """Give cells merged with one above them its value."""
    for place in merged:
        if not place.first <= number <= place.last:
            continue
        if number == place.first:
            above[place] = cells[place.column] if place.column < len(cells) else ""
        elif above.get(place):
            cells.extend([""] * (place.column + 1 - len(cells)))
            cells[place.column] = above[place]


def _faults(cells: list[str], written: tuple) -> dict[int, str]:
    """Say which cells hold an error, or a formula that no program has computed."""
    found = {place: _("The cell shows the error %(error)s.") % {"error": cell} for place, cell in enumerate(cells) if cell in _ERRORS}
    for place, formula in enumerate(written):
        is_formula = not isinstance(formula, str | int | float | dt.date | dt.time | dt.timedelta | type(None))
        is_formula = is_formula or (isinstance(formula, str) and formula.startswith("="))
        if is_formula and (place >= len(cells) or not cells[place]):
            found[place] = _("The cell holds a formula without a value. Open the file, save it, and try again; or write the value.")
    return found


def _as_text(value: object) -> str:
    """A cell as a person sees it: whole numbers without their decimals, dates as ISO 8601, without an empty time."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return str(value).strip()
