"""The agenda in other forms: iCalendar (RFC 5545 and 7986)."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language, pgettext
from icalendar import Calendar
from icalendar import Event as Entry

from events.choices import EventState
from events.models import Event
from sessions.models import Release, Slot
from sessions.rules import above_green, in_feeds

REFRESH_EVERY = dt.timedelta(hours=1)


def calendar(event: Event, slots: Iterable[Slot], release: Release | None) -> bytes:
    """Write these slots, each of a session its reader sees in full, as a calendar in the active language.

    The same agenda gives the same bytes: identity comes from the public id, sequence and stamp from the release. Above
    GREEN only the time, the word "Session" and an address are told; a RED session is left out, whoever asks.
    """
    written = Calendar()
    written.add("prodid", f"-//Plenary//{get_language()}")
    written.add("version", "2.0")
    for name in ("name", "x-wr-calname"):
        written.add(name, str(event.title))
    for name in ("refresh-interval", "x-published-ttl"):
        written.add(name, REFRESH_EVERY, parameters={"VALUE": "DURATION"})
    if release and release.released_at:
        for slot in slots:
            if in_feeds(slot.session.label):
                written.add_component(_entry(event, slot, number=release.number, stamp=release.released_at.replace(microsecond=0)))
    written.add_missing_timezones(first_date=dt.date(event.first_date.year, 1, 1), last_date=dt.date(event.last_date.year + 1, 1, 1))
    return written.to_ical()


def _entry(event: Event, slot: Slot, *, number: int | None, stamp: dt.datetime) -> Entry:
    session, zone = slot.session, zoneinfo.ZoneInfo(event.zone)
    entry = Entry()
    entry.add("uid", f"{session.public_id}@{urlsplit(settings.SITE_URL).hostname}")
    entry.add("dtstamp", stamp)
    entry.add("sequence", number)
    entry.add("dtstart", slot.start_at.astimezone(zone))
    entry.add("dtend", slot.end_at.astimezone(zone))
    entry.add("status", "CANCELLED" if event.state == EventState.CANCELLED else "CONFIRMED")
    entry.add("url", settings.SITE_URL + session.get_absolute_url())
    if above_green(session.label):
        entry.add("summary", pgettext("an item of the agenda", "Session"))
        return entry
    entry.add("summary", _one_line(session.title) or pgettext("an item of the agenda", "Session"))
    if slot.room:
        entry.add("location", _one_line(slot.room.name))
    if session.abstract:
        entry.add("description", str(session.abstract))
    return entry


def _one_line(text: str) -> str:
    return " ".join(text.split())
