"""Times and lengths as people write them in a programme: 9:00, 09.30 Uhr, 9h30, 2 pm, 9:00–10:30, 45 min, 1h30, and bare numbers."""

import datetime as dt
import re

from conference.lib.searching import folded

_DAY = 24 * 60
_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:\s*[:.hu]\s*(?P<minute>\d{2})?(?::\d{2}(?:\.\d+)?)?)?\s*(?P<half>[ap]\.?m\.?)?(?:\s*(?:h|u|uhr|uur|heures?))?"
)
_DIGITS = re.compile(r"(?P<hour>\d{2})(?P<minute>\d{2})")
_FRACTION = re.compile(r"0?\.\d+|[01](?:\.0+)?")
_SPAN = re.compile(r"\s*(?:-|–|—|\bto\b|\buntil\b|\bbis\b|\btot\b|\ba\b)\s*")
_DAY_AND_TIME = re.compile(r"(?P<day>\S.*?\d{4}|\d{4}-\d{2}-\d{2})(?:T|,?\s+)(?P<time>\d{1,2}\s*[:.hH].*)")
_CLOCK_LENGTH = re.compile(r"(\d{1,3})\s*(?::|h|u|hours?|heures?|std|uur|stunden?)\s*(?:(\d{1,2})\s*(?:min.*|m|'|)?)?(?::\d{2})?")
_MINUTES = re.compile(r"(\d{1,4})\s*(?:'|′|m|min|mins|minutes?|minuten|minuut)?\.?")


def read_time(text: str) -> int | None:
    """Give the minutes since midnight of a time of day, 24:00 included; None for anything else. A bare number is an hour."""
    text = folded(text[:40])
    if _FRACTION.fullmatch(text) and "." in text:
        return round(float(text) * _DAY)  # what a spreadsheet keeps of a time nobody formatted
    found = _DIGITS.fullmatch(text) or _TIME.fullmatch(text)
    if not found:
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = (found.groupdict().get("half") or "")[:1]
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    return hour * 60 + minute if minute < 60 and hour * 60 + minute <= _DAY else None


def read_span(text: str) -> tuple[int, int] | None:
    """Give both times of “9:00–10:30”; None when there are not two."""
    parts = _SPAN.split(folded(text[:80]))
    times = [read_time(part) for part in parts] if len(parts) == 2 else []
    return (times[0], times[1]) if len(times) == 2 and None not in times else None  # type: ignore[return-value] # neither is None


def split_day(text: str) -> tuple[str, str]:
    """Cut a day with a time behind it in two (“2027-03-27T10:00”, “27/03/2027 10:00”); ("", text) for a time alone."""
    found = _DAY_AND_TIME.fullmatch(text.strip()[:80])
    return (found["day"], found["time"]) if found else ("", text)


def read_length(text: str) -> dt.timedelta | None:
    """Give a length; a bare number is minutes, below one it is a spreadsheet's part of a day. None for nought and anything else."""
    text = folded(text[:40])
    if _FRACTION.fullmatch(text) and "." in text:
        minutes = round(float(text) * _DAY)
    elif found := _MINUTES.fullmatch(text):
        minutes = int(found[1])
    elif found := _CLOCK_LENGTH.fullmatch(text):
        minutes = int(found[1]) * 60 + int(found[2] or 0)
    else:
        return None
    return dt.timedelta(minutes=minutes) if minutes else None
