"""Days as people write them in a list: 25/04/1980, 25.4.1980, 1980-04-25, 25 avril 1980, and the number a spreadsheet program keeps."""

import datetime as dt
import functools
import re
from collections.abc import Iterable

from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import override

from conference.lib.searching import folded

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ][\d:.]+z?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[-/.\s]\s*(\d{1,2})\s*[-/.\s]\s*(\d{4})")
_DAY_NAMED = re.compile(r"(\d{1,2})(?:\.|er|re|st|nd|rd|th|e)?[\s\-./]*([^\W\d]+)\.?,?[\s\-./]*(\d{4})")
_MONTH_NAMED = re.compile(r"([^\W\d]+)\.?\s*(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_NO_YEAR = re.compile(
    r"(?P<day>\d{1,2})(?:\.|er|re|st|nd|rd|th|e)?[\s\-./]*(?P<month>\d{1,2}|[^\W\d]+)\.?|(?P<name>[^\W\d]+)\.?\s*(?P<number>\d{1,2})"
)
_SERIAL = re.compile(r"\d{4,5}")
_WEEKDAY_FIRST = re.compile(r"([^\W\d]+)[.,]*\s*")
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


def read_day(text: str, languages: tuple[str, ...], among: Iterable[dt.date]) -> dt.date | None:
    """Give the day a person wrote in a programme: as `read_date`, with its weekday before it or not; without a year, or as a weekday
    alone, when just one of the days it is `among` can be meant.
    """
    found = _WEEKDAY_FIRST.match(folded(text[:60]))
    weekday = _weekdays(languages).get(found[1]) if found else None
    rest = folded(text[:60])[found.end() :] if found and weekday is not None else folded(text[:60])
    if day := read_date(rest, languages):
        return day
    meant = [day for day in dict.fromkeys(among) if _is_meant(day, rest, weekday, languages)]
    return meant[0] if len(meant) == 1 else None


def _is_meant(day: dt.date, rest: str, weekday: int | None, languages: tuple[str, ...]) -> bool:
    if weekday is not None and day.weekday() != weekday:
        return False
    if not rest:
        return weekday is not None
    found = _NO_YEAR.fullmatch(rest)
    if not found:
        return False
    month = found["month"] or found["name"]
    number = int(month) if month.isdecimal() else _months(languages).get(month.removeprefix("de ").strip())
    return (int(found["day"] or found["number"]), number) == (day.day, day.month)


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


@functools.lru_cache(maxsize=8)
def _weekdays(languages: tuple[str, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for language in languages:
        with override(language):
            for names in (WEEKDAYS, WEEKDAYS_ABBR):
                found |= {folded(str(name)).rstrip("."): number for number, name in names.items()}
    return found
