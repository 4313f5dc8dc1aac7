"""The letters our fonts for paper have, read from the fonts themselves, so that nobody's name prints as an empty box unnoticed."""

import functools
import pathlib
import struct
import unicodedata
from collections.abc import Iterator

FONTS = pathlib.Path(__file__).resolve().parent.parent / "fonts"
STAND_IN = "□"
_SUFFIXES = (".ttf", ".otf")
_UNICODE_WINDOWS = ((3, 1), (3, 10))  # platform and encoding of the two tables that every font of today has
_UNSEEN = frozenset(("Cc", "Cf"))  # controls, joiners, marks of direction: they print as nothing
_VARIATIONS = range(0xFE00, 0xFE10)


def missing(text: str) -> str:
    """Give the characters of a text that no font of ours has, each once, in their order; empty when all of it can be printed."""
    covered = _covered()
    if text.isascii() or covered.issuperset(text):
        return ""
    return "".join(letter for letter in dict.fromkeys(text) if letter not in covered and not _prints_nothing(letter))


def printable(text: str) -> str:
    """Give a text as it can be printed, with an empty box for each character that no font has."""
    for letter in missing(text):
        text = text.replace(letter, STAND_IN)
    return text


def _prints_nothing(letter: str) -> bool:
    return unicodedata.category(letter) in _UNSEEN or ord(letter) in _VARIATIONS


@functools.cache
def _covered() -> frozenset[str]:
    files = sorted(path for path in FONTS.rglob("*") if path.suffix in _SUFFIXES)
    return frozenset(chr(code) for path in files for code in _codes(path.read_bytes()))


def _codes(font: bytes) -> Iterator[int]:
    """The characters of an OpenType font, from its table `cmap` (formats 4 and 12; the glyph 0 is the empty box)."""
    (tables,) = struct.unpack_from(">H", font, 4)
    places = {font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * tables, 16)}
    base = places[b"cmap"]
    (count,) = struct.unpack_from(">H", font, base + 2)
    for n in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", font, base + 4 + 8 * n)
        if (platform, encoding) in _UNICODE_WINDOWS:
            at = base + offset
            yield from (_segments if struct.unpack_from(">H", font, at)[0] == 4 else _groups)(font, at)


def _segments(font: bytes, at: int) -> Iterator[int]:
    """Format 4. A segment that reads its glyphs from an array may have holes."""
    (double,) = struct.unpack_from(">H", font, at + 6)
    ends, starts, deltas, offsets = (at + 14 + shift for shift in (0, double + 2, 2 * double + 2, 3 * double + 2))
    for n in range(0, double, 2):
        (end,), (start,), (delta,), (offset,) = (struct.unpack_from(">H", font, one + n) for one in (ends, starts, deltas, offsets))
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = struct.unpack_from(">H", font, offsets + n + offset + 2 * (code - start))[0] if offset else (code + delta) & 0xFFFF
            if glyph:
                yield code


def _groups(font: bytes, at: int) -> Iterator[int]:
    """Format 12."""
    (count,) = struct.unpack_from(">I", font, at + 12)
    for n in range(count):
        start, end, glyph = struct.unpack_from(">III", font, at + 16 + 12 * n)
        yield from range(start if glyph else start + 1, end + 1)
