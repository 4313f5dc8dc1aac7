"""The agenda as iCalendar (RFC 5545 and 7986)."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import get_language, pgettext
from icalendar import Calendar
from icalendar import Event as Entry

from events.choices import EventState
from events.models import Event
from sessions.exports.items import uid_of
from sessions.models import Release, Slot
from sessions.rules import above_green, in_feeds

REFRESH_EVERY = dt.timedelta(hours=1)


def calendar(event: Event, slots: Iterable[Slot], release: Release | None, *, dropped: Iterable[Slot] = ()) -> bytes:
    """Write these slots, each of a session its reader sees in full, as a calendar in the active language.

    `dropped` are slots of earlier releases whose sessions the current one holds no more: they are told to be cancelled. The
    same agenda gives the same bytes: identity comes from the public id (or the tool the session came from), sequence and
    stamp from the release. Above GREEN only the time, the word "Session" and an address are told; a RED session is left out,
    whoever asks.
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
            _write(written, event, slot, release, status="CANCELLED" if event.state == EventState.CANCELLED else "CONFIRMED")
        for slot in dropped:
            _write(written, event, slot, release, status="CANCELLED")
    written.add_missing_timezones(first_date=dt.date(event.first_date.year, 1, 1), last_date=dt.date(event.last_date.year + 1, 1, 1))
    return written.to_ical()


def _write(written: Calendar, event: Event, slot: Slot, release: Release, *, status: str) -> None:
    if in_feeds(slot.session.label):
        written.add_component(_entry(event, slot, release, status))


def _entry(event: Event, slot: Slot, release: Release, status: str) -> Entry:
    session, zone = slot.session, zoneinfo.ZoneInfo(event.zone)
    entry = Entry()
    entry.add("uid", uid_of(session))
    entry.add("dtstamp", release.released_at.replace(microsecond=0))
    entry.add("sequence", (release.number or 0) + (event.state == EventState.CANCELLED))  # cancelling is a change too (RFC 5546, 2.1.4)
    entry.add("dtstart", slot.start_at.astimezone(zone))
    entry.add("dtend", slot.end_at.astimezone(zone))
    entry.add("status", status)
    entry.add("url", settings.SITE_URL + session.get_absolute_url())
    if above_green(session.label):
        entry.add("summary", pgettext("an item of the agenda", "Session"))
        return entry
    entry.add("summary", _one_line(session.title) or pgettext("an item of the agenda", "Session"))
    if slot.room:
        entry.add("location", _one_line(slot.room.name))
    if session.abstract:
        entry.add("description", str(session.abstract))
    if session.track:
        entry.add("categories", [_one_line(session.track.name)])
    return entry


def _one_line(text: str) -> str:
    return " ".join(text.split())
