"""iCalendar files (RFC 5545): one session per VEVENT."""

import datetime as dt
import zoneinfo
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from icalendar import Calendar
from icalendar.error import BrokenCalendarProperty

from conference.lib import clock
from sessions.actions import IncomingSession
from sessions.exports import PRODUCT
from sessions.importers.html import to_markdown
from sessions.importers.reading import DEFAULT_LENGTH, Reading, Setting, Unreadable, end_of, key_of


def read_calendar(data: bytes, setting: Setting) -> Reading:
    """Read a calendar; times without a zone ("floating") are of the event's. Raise `Unreadable`."""
    try:
        calendar = Calendar.from_ical(data)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(_("This is not a calendar file: %(reason)s.") % {"reason": str(error)[:200]}) from error
    lines = [number for number, line in enumerate(data.splitlines(), start=1) if line.strip().upper() == b"BEGIN:VEVENT"]
    text = str.strip if _text(calendar, "PRODID").startswith(PRODUCT) else to_markdown  # what we wrote ourselves is Markdown already
    reading = Reading(title=_text(calendar, "NAME") or _text(calendar, "X-WR-CALNAME"), zone=_zone_of(calendar))
    for number, entry in zip(lines, calendar.walk("VEVENT"), strict=False):
        _read_entry(reading, entry, _("line %(number)d") % {"number": number}, reading.zone or setting.zone, text)
    reading.check_keys()
    return reading


def _zone_of(calendar: Calendar) -> str:
    names = [_text(calendar, "X-WR-TIMEZONE"), *(_text(part, "TZID") for part in calendar.walk("VTIMEZONE"))]
    return next((name for name in names if clock.is_zone(name)), "")


def _read_entry(reading: Reading, entry: Any, place: str, zone: str, text: Callable[[str], str]) -> None:
    if _text(entry, "STATUS").upper() == "CANCELLED":
        reading.warn(place, _("It is cancelled and was left out."))
        return
    if "RRULE" in entry:
        reading.warn(place, _("It repeats; only its first time is read."))
    if "RECURRENCE-ID" in entry:
        reading.warn(place, _("It is one of several times of another entry and was left out."))
        return
    start = _moment(entry, "DTSTART", zone)
    if start is None:
        reading.refuse(place, _("When it starts cannot be read."))
        return
    end = _end(entry, start, zone)
    if end is None:
        end = end_of(start, DEFAULT_LENGTH)
        reading.warn(place, _("How long it lasts cannot be read; half an hour is taken."))
    title, room = _line(entry, "SUMMARY"), _line(entry, "LOCATION")
    reading.add(
        IncomingSession(
            place=place,
            key=_text(entry, "UID") or key_of(title, start.isoformat(), room),
            title=title,
            start_at=start,
            end_at=end,
            abstract=text(_text(entry, "DESCRIPTION")),
            room=room,
            track=_category(entry),
        )
    )


def _value(thing: Any, name: str) -> Any:
    """What the library made of a property; None when it is not there, or cannot be read."""
    try:
        return getattr(thing, name, None)
    except BrokenCalendarProperty:
        return None


def _text(part: Any, name: str) -> str:
    value = part.get(name, "")
    return str(value[0] if isinstance(value, list) else value).strip()


def _line(part: Any, name: str) -> str:
    return " ".join(_text(part, name).split())


def _category(entry: Any) -> str:
    found = entry.get("CATEGORIES")
    first = found[0] if isinstance(found, list) else found
    names = [str(name) for name in _value(first, "cats") or ()]
    return " ".join(names[0].split()) if names else ""


def _moment(entry: Any, name: str, zone: str) -> dt.datetime | None:
    """A moment of an entry; a whole day starts at midnight, a time without a zone is of `zone`."""
    value = _value(entry.get(name), "dt")
    if isinstance(value, dt.datetime):
        return value if value.tzinfo else value.replace(tzinfo=zoneinfo.ZoneInfo(zone))
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time(), zoneinfo.ZoneInfo(zone))
    return None


def _end(entry: Any, start: dt.datetime, zone: str) -> dt.datetime | None:
    """Its end, or what its length gives; a whole day without an end lasts that day (RFC 5545, 3.6.1)."""
    if "DTEND" in entry:
        return _moment(entry, "DTEND", zone)
    length = _value(entry.get("DURATION"), "dt")
    if isinstance(length, dt.timedelta) and length:
        return end_of(start, length)
    is_day = not isinstance(_value(entry.get("DTSTART"), "dt"), dt.datetime)
    return end_of(start, dt.timedelta(days=1)) if is_day else None
