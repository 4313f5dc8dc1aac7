"""What a file is, told by its content and never by its name."""

import re
import zipfile
from typing import IO

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
_PNG_END = b"IEND\xaeB`\x82"
_TAIL = 2048


def type_of(file: IO[bytes]) -> str:
    """Give the media type of a whole PDF, PNG or JPEG file, an empty text for anything else; leaves the file at its start.

    The first bytes must be the format's own and its end must be there: a page or a script that only borrows
    the first bytes is refused, and so is a file that was cut off on the way.
    """
    head, tail = _ends(file)
    if head.startswith(b"%PDF-") and b"%%EOF" in tail:
        return PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") and tail.endswith(_PNG_END):
        return PNG
    if head.startswith(b"\xff\xd8\xff") and tail.rstrip(b"\x00").endswith(b"\xff\xd9"):
        return JPEG
    return ""


def _ends(file: IO[bytes]) -> tuple[bytes, bytes]:
    file.seek(0)
    head = file.read(32)
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    tail = file.read()
    file.seek(0)
    return head, tail


_PDF_HEAD = re.compile(rb"%PDF-[12]\.\d")
_PDF_TAIL = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF\s*\Z")
_PDF_TABLE = re.compile(rb"\s*(?:xref\s|\d+\s+\d+\s+obj\b)")


def is_whole_pdf(file: IO[bytes]) -> bool:
    """Say whether a file is a PDF from its first byte to its last: its end leads to its table, and it is no archive at once."""
    head, tail = _ends(file)
    found = _PDF_TAIL.search(tail)
    if not _PDF_HEAD.match(head) or not found or zipfile.is_zipfile(file):
        return False
    file.seek(int(found[1]))
    table = file.read(64)
    file.seek(0)
    return _PDF_TABLE.match(table) is not None
