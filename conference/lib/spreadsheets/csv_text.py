"""CSV files as programs write them: the encoding and the delimiter are found, not asked."""

import codecs
import collections
import csv
import io
import itertools
import unicodedata
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _

from conference.lib.spreadsheets.rows import Row, Unreadable, without_tail

_DELIMITERS = ";,\t|"
_BLOCK = 64 * 1024
_SAMPLE_ROWS = 20
_WHITE = "\t\r\n\x0b\x0c\x85"


def read_csv(file: IO[bytes], notes: list[str]) -> Iterator[Row]:
    """Give the rows of a CSV file, empty ones included; note the encoding if it had to be guessed."""
    encoding = _encoding(file)
    if encoding == "cp1252":
        notes.append(
            _("The file was read as Windows-1252 (Western European). If letters look wrong, save it again as “CSV UTF-8” or as XLSX.")
        )
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        sample = text.read(_BLOCK)
        if any(unicodedata.category(sign) == "Cc" and sign not in _WHITE for sign in sample):
            raise _unreadable()
        text.seek(0)
        skipped, delimiter = _named_delimiter(sample)
        if skipped:
            text.readline()
        yield from _rows(text, delimiter or _likely_delimiter(sample))
    except (UnicodeError, csv.Error) as error:
        raise _unreadable() from error
    finally:
        if not file.closed:  # a reader given up half way may end after its file
            text.detach()


def count_lines(file: IO[bytes]) -> int:
    """Count the line breaks of a file, and leave it at its start."""
    file.seek(0)
    count = sum(block.count(b"\n") for block in iter(lambda: file.read(_BLOCK), b""))
    file.seek(0)
    return count


def _unreadable() -> Unreadable:
    return Unreadable(_("The file cannot be read. Save it as XLSX or CSV and try again."))


def _rows(text: IO[str], delimiter: str) -> Iterator[Row]:
    # A quoted cell may hold line breaks: rows are numbered as a spreadsheet program shows them.
    for number, cells in enumerate(csv.reader(text, delimiter=delimiter), start=1):
        yield Row(number, without_tail([cell.strip() for cell in cells]))


def _encoding(file: IO[bytes]) -> str:
    """UTF-16 by its mark or its empty bytes, else UTF-8 when all of it is valid, else Windows-1252."""
    file.seek(0)
    head = file.read(_BLOCK)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(head) > 3 and head.count(0) > len(head) // 4:
        return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        for block in iter(lambda: file.read(_BLOCK), b""):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _named_delimiter(sample: str) -> tuple[bool, str]:
    """Say whether the first line only names the delimiter, as Excel writes it (`sep=;`), and which it is."""
    first = sample.partition("\n")[0].strip().lower()
    return (True, first[4:5]) if first.startswith("sep=") else (False, "")


def _likely_delimiter(sample: str) -> str:
    """The delimiter that cuts the most of the first rows into the same number of cells, and into more than one."""

    def score(delimiter: str) -> tuple[int, int]:
        rows = itertools.islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), _SAMPLE_ROWS)
        try:
            widths = collections.Counter(len(cells) for cells in rows if len(cells) > 1)
        except csv.Error:
            return (0, 0)
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return max(_DELIMITERS, key=score)
