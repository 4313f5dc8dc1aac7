"""The agenda as iCalendar (RFC 5545 and 7986)."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import get_language, pgettext
from icalendar import Calendar, Timezone, vDatetime

from conference.lib.words import said
from events.choices import EventState
from events.models import Event
from sessions.exports.items import uid_of
from sessions.models import Release, Session, Slot
from sessions.rules import above_green, in_feeds

PRODUCT = "-//Plenary//"
REFRESH_EVERY = dt.timedelta(hours=1)
LONGEST_LINE = 74  # octets, with the space of a folded line 75


def calendar(event: Event, slots: Iterable[Slot], release: Release | None, *, dropped: Iterable[Slot] = ()) -> bytes:
    """Write these slots, each of a session its reader sees in full, as a calendar in the active language.

    `dropped` are slots of earlier releases whose sessions the current one holds no more: they are told to be cancelled, by the
    title the slot itself keeps, since what is written of the session from then on belongs to the draft. The same agenda gives
    the same bytes: identity comes from the public id (or the tool the session came from), sequence and stamp from the release.
    Above GREEN only the time, the word "Session" and an address are told; a RED session is left out, whoever asks.
    """
    written = Calendar()
    written.add("prodid", PRODUCT + str(get_language()))
    written.add("version", "2.0")
    for name in ("name", "x-wr-calname"):
        written.add(name, str(event.title))
    for name in ("refresh-interval", "x-published-ttl"):
        written.add(name, REFRESH_EVERY, parameters={"VALUE": "DURATION"})
    entries: list[str] = []
    if release and release.released_at:
        status = "CANCELLED" if event.state == EventState.CANCELLED else "CONFIRMED"
        told = [(slot, status, True) for slot in slots] + [(slot, "CANCELLED", False) for slot in dropped]
        entries = _entries(event, release, [one for one in told if in_feeds(one[0].session.label)])
    if entries and (zone := _Zone(event.zone)).is_named:
        first, last = (dt.date(year, 1, 1) for year in (event.first_date.year, event.last_date.year + 1))
        written.add_component(Timezone.from_tzid(zone.name, first_date=first, last_date=last))
    head, end, _nothing = written.to_ical().decode().rpartition("END:VCALENDAR")
    return "".join([head, *entries, end, "\r\n"]).encode()


class _Zone:
    """How moments in a zone are written: with its name, or in UTC with a Z."""

    def __init__(self, zone: str):
        self.info = zoneinfo.ZoneInfo(zone)
        sample = vDatetime(dt.datetime(2000, 1, 1, tzinfo=self.info))
        self.name = str(sample.params.get("TZID", ""))
        self.is_named = not sample.is_utc()

    def written(self, name: str, moment: dt.datetime) -> str:
        """One property of an entry."""
        local = moment.astimezone(self.info)
        if self.is_named and not local.fold:
            return f"{name};TZID={self.name}:{local:%Y%m%dT%H%M%S}"
        # A time that a clock set back shows again would alone mean the first (RFC 5545, 3.3.5).
        return f"{name}:{moment.astimezone(dt.UTC):%Y%m%dT%H%M%S}Z"


def _entries(event: Event, release: Release, told: Iterable[tuple[Slot, str, bool]]) -> list[str]:
    """Write slots, each with its status and whether its session stands in the release.

    The library writes an entry in a third of a millisecond, a thousand in a third of a second; what an entry needs of RFC 5545 is
    little. The order of the properties is the library's.
    """
    zone, language = _Zone(event.zone), get_language() or settings.LANGUAGE_CODE
    stamp = f"DTSTAMP:{release.released_at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
    number = (release.number or 0) + (event.state == EventState.CANCELLED)  # cancelling is a change too (RFC 5546, 2.1.4)
    return [_entry(slot, status, zone, stamp, number, language, stands=stands) for slot, status, stands in told]


def _entry(slot: Slot, status: str, zone: _Zone, stamp: str, number: int, language: str, *, stands: bool) -> str:
    session: Session = slot.session
    is_told = not above_green(session.label)
    title = _one_line(said(session if stands else slot, "title", language)) if is_told else ""
    times = [zone.written("DTSTART", slot.start_at), zone.written("DTEND", slot.end_at), stamp]
    lines = [_text("SUMMARY", title or pgettext("an item of the agenda", "Session")), *times, _text("UID", uid_of(session))]
    lines.append(f"SEQUENCE:{number}")
    if is_told and stands and session.track:
        lines.append(_text("CATEGORIES", _one_line(said(session.track, "name", language))))
    if is_told and stands and (abstract := said(session, "abstract", language)):
        lines.append(_text("DESCRIPTION", abstract))
    if is_told and slot.room:
        lines.append(_text("LOCATION", _one_line(said(slot.room, "name", language))))
    lines += [f"STATUS:{status}", f"URL:{settings.SITE_URL}{session.get_absolute_url()}"]
    return "".join(f"{_folded(line)}\r\n" for line in ["BEGIN:VEVENT", *lines, "END:VEVENT"])


def _text(name: str, text: str) -> str:
    """A property of type TEXT (RFC 5545, 3.3.11)."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return f"{name}:" + text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> str:
    """Fold a line at 75 octets (RFC 5545, 3.1): never inside a character, nor inside an escape."""
    if len(line) <= LONGEST_LINE and line.isascii():
        return line
    octets = line.encode()
    if len(octets) <= LONGEST_LINE:
        return line
    pieces, start = [], 0
    while len(octets) - start > LONGEST_LINE:
        end = start + LONGEST_LINE
        while octets[end] & 0xC0 == 0x80:  # the middle of a character
            end -= 1
        if octets[end - 1] in b"\\^":
            end -= 1
        pieces.append(octets[start:end])
        start = end
    return b"\r\n ".join([*pieces, octets[start:]]).decode()


def _one_line(text: str) -> str:
    return " ".join(text.split())
