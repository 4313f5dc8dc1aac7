"""Days as people write them in a list: 25/04/1980, 25.4.1980, 1980-04-25, 25 avril 1980, and the number a spreadsheet program keeps."""

import datetime as dt
import functools
import re

from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import override

from conference.lib.searching import folded

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ][\d:.]+z?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[-/.\s]\s*(\d{1,2})\s*[-/.\s]\s*(\d{4})")
_DAY_NAMED = re.compile(r"(\d{1,2})(?:\.|er|re|st|nd|rd|th|e)?[\s\-./]*([^\W\d]+)\.?,?[\s\-./]*(\d{4})")
_MONTH_NAMED = re.compile(r"([^\W\d]+)\.?\s*(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_SERIAL = re.compile(r"\d{4,5}")
_SERIAL_ZERO = dt.date(1899, 12, 30)  # day 0 of spreadsheet programs, which take 1900 for a leap year
_FIRST_SERIAL, _LAST_SERIAL = 2200, 73_050  # 1906 to 2099; smaller ones are years or counts


def read_date(text: str, languages: tuple[str, ...]) -> dt.date | None:
    """Give the day a person wrote, day before month, with months named in any of the languages; None for anything else.

    A year needs four digits: nobody can tell 05/06/07.
    """
    text = folded(text[:60])
    if found := _ISO.fullmatch(text):
        return _day(*found.groups())
    if found := _DAY_FIRST.fullmatch(text):
        return _day(*reversed(found.groups()))
    if found := _DAY_NAMED.fullmatch(text):
        return _named(found[1], found[2], found[3], languages)
    if found := _MONTH_NAMED.fullmatch(text):
        return _named(found[2], found[1], found[3], languages)
    if _SERIAL.fullmatch(text) and _FIRST_SERIAL <= int(text) <= _LAST_SERIAL:
        return _SERIAL_ZERO + dt.timedelta(days=int(text))
    return None


def _day(year: str, month: str | int, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _named(day: str, month: str, year: str, languages: tuple[str, ...]) -> dt.date | None:
    number = _months(languages).get(month.removeprefix("de ").strip())
    return _day(year, number, day) if number else None


@functools.lru_cache(maxsize=8)
def _months(languages: tuple[str, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for language in languages:
        with override(language):
            for names in (MONTHS, MONTHS_3):
                found |= {folded(str(name)).rstrip("."): number for number, name in names.items()}
            # Shorter than Django's own: "sept", "janv".
            found |= {folded(str(name))[:4]: number for number, name in MONTHS.items()} | {
                folded(str(name))[:3]: number for number, name in MONTHS.items() if number not in (3, 5, 6, 7, 8)
            }
    return found
