"""Days and times in words, as each language writes them."""

import datetime as dt

from django.utils.dateformat import format as date_format

# Django's letters. A language that is not here writes "25 April 2024".
_DAY_MONTH_YEAR = {"de": ("j. F Y", "j. F", "j.")}
_PLAIN = ("j F Y", "j F", "j")
_WEEKDAY = {"de": "l, "}
_SHORT_WEEKDAY = {"de": "D, "}
FRENCH_FIRST = ("1 ", "1er ")


def _written(day: dt.date, pattern: str, language: str) -> str:
    text = date_format(day, pattern)
    if language == "fr" and day.day == 1:
        return "1er" + text[1:]
    return text


def date_in_words(day: dt.date, language: str) -> str:
    """Write a day: 25 April 2024, 25. April 2024, 1er mai 2024. Month names follow the active language."""
    return _written(day, _DAY_MONTH_YEAR.get(language, _PLAIN)[0], language)


def weekday_and_date(day: dt.date, language: str) -> str:
    """Write a day with its weekday: Thursday 25 April 2024, Donnerstag, 25. April 2024."""
    return date_format(day, _WEEKDAY.get(language, "l ")) + date_in_words(day, language)


def short_day(day: dt.date, language: str) -> str:
    """Write a day shortly, without its year: Thu 25 April, Do, 25. April."""
    return date_format(day, _SHORT_WEEKDAY.get(language, "D ")) + _written(day, _DAY_MONTH_YEAR.get(language, _PLAIN)[1], language)


def span_in_words(first: dt.date, last: dt.date, language: str) -> str:
    """Write a period, saying month and year once: 25–26 April 2024, 30 April – 2 May 2024."""
    full, day_month, day_only = _DAY_MONTH_YEAR.get(language, _PLAIN)
    if first == last:
        return _written(first, full, language)
    if (first.year, first.month) == (last.year, last.month):
        return f"{_written(first, day_only, language)}–{_written(last, full, language)}"
    start = day_month if first.year == last.year else full
    return f"{_written(first, start, language)} – {_written(last, full, language)}"


def offset_in_words(moment: dt.datetime) -> str:
    """Write the offset of a moment that knows its zone: UTC, UTC+2, UTC+5:30."""
    minutes = int((moment.utcoffset() or dt.timedelta()).total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")
