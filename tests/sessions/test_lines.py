"""What is written once for the same facts: the lines of the agenda, and the entries of a calendar written without the library."""

import datetime as dt
import zoneinfo

import pytest
from django.core.cache import caches
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from icalendar import Event as Entry

from conference.lib.viewer import ANYONE
from conference.templatetags.ui import forget_pieces
from events.choices import Audience
from sessions.choices import Label, SessionKind
from sessions.exports import calendar
from sessions.exports.lines import Line
from sessions.models import SignUpSheet, Slot, feed_of
from tests.factories import (
    ContributionFactory,
    EventFactory,
    ReleaseFactory,
    RoomFactory,
    SessionFactory,
    SlotFactory,
    SpeakerFactory,
    TrackFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot():
    """A public session with everything a line can show."""
    event = EventFactory(slug="the-event")
    session = SessionFactory(
        event=event, audience=Audience.PUBLIC, track=TrackFactory(event=event), languages=["en"], interpretation=["fr"], title_en="One"
    )
    room = RoomFactory(venue=VenueFactory(event=event))
    slot = SlotFactory(session=session, release=ReleaseFactory(event=event), room=room)
    ContributionFactory(slot=slot, speaker=SpeakerFactory(event=event, organisation="A service", function_en="Head"))
    return slot


def change(thing, **values):
    for name, value in values.items():
        setattr(thing, name, value)
    thing.save()


def speaker_of(slot):
    return slot.contributions.get().speaker


CHANGES = {
    "title": lambda slot: change(slot.session, title_en="Another"),
    "language of the title": lambda slot: change(slot.session, title_en="", title_fr="One"),
    "no title": lambda slot: change(slot.session, title_en=""),
    "kind": lambda slot: change(slot.session, kind=SessionKind.BREAK),
    "label": lambda slot: change(slot.session, audience=Audience.PARTICIPANTS, label=Label.GREEN, shown_as_closed="time"),
    "rule": lambda slot: change(slot.session, chatham_house=True),
    "spoken": lambda slot: change(slot.session, languages=["de"]),
    "one language the other way": lambda slot: change(slot.session, languages=["fr"], interpretation=["en"]),
    "all spoken": lambda slot: change(slot.session, languages=["en", "fr"], interpretation=[]),
    "track": lambda slot: change(slot.session.track, name_en="Another"),
    "no track": lambda slot: change(slot.session, track=None),
    "room": lambda slot: change(slot.room, name_en="Another"),
    "no room": lambda slot: change(slot, room=None),
    "start": lambda slot: change(slot, start_at=slot.start_at - dt.timedelta(minutes=5)),
    "end": lambda slot: change(slot, end_at=slot.end_at + dt.timedelta(minutes=5)),
    "zone": lambda slot: change(slot.event, zone="Asia/Tokyo"),
    "name": lambda slot: change(speaker_of(slot), name="Another"),
    "organisation": lambda slot: change(speaker_of(slot), organisation="Another"),
    "function": lambda slot: change(speaker_of(slot), function_en="Another"),
    "language of the function": lambda slot: change(speaker_of(slot), function_en="", function_fr="Head"),
    "seats": lambda slot: SignUpSheet.objects.create(event=slot.event, session=slot.session, seats=3),
    "identity": lambda slot: change(speaker_of(slot), public_identity="function"),
    "nobody": lambda slot: slot.contributions.all().delete(),
}


def shown(client, language="en") -> str:
    """The agenda made anew, with the lines that are remembered."""
    caches["pages"].clear()
    return client.get(f"/{language}/events/the-event/agenda/").content.decode()


@pytest.mark.parametrize("name", CHANGES)
def test_a_remembered_line_is_never_that_of_other_facts(client, slot, name):
    before = shown(client)
    CHANGES[name](slot)
    after = shown(client)
    forget_pieces()
    assert (after == shown(client), after != before) == (True, True)


def test_a_seat_taken_is_another_line(client, slot):
    sheet = SignUpSheet.objects.create(event=slot.event, session=slot.session, seats=3)
    before = shown(client)
    change(sheet, taken=1)
    assert shown(client) != before


def test_a_remembered_line_is_of_one_language(client, slot):
    assert 'lang="en">One<' not in shown(client)
    assert 'lang="en">One<' in shown(client, "fr")


def test_a_fact_left_out_would_be_noticed(client, slot, monkeypatch):
    monkeypatch.setattr(Line, "facts", property(lambda line: (line.session.public_id,)))
    shown(client)
    CHANGES["title"](slot)
    after = shown(client)
    forget_pieces()
    assert after != shown(client)


def by_the_library(event, slot, release) -> bytes:
    """The entry as the library writes it."""
    session, zone = slot.session, zoneinfo.ZoneInfo(event.zone)
    entry = Entry()
    entry.add("uid", f"{session.public_id}@testserver")
    entry.add("dtstamp", release.released_at.replace(microsecond=0))
    entry.add("sequence", release.number)
    entry.add("dtstart", slot.start_at.astimezone(zone))
    entry.add("dtend", slot.end_at.astimezone(zone))
    entry.add("status", "CONFIRMED")
    entry.add("url", f"http://testserver{reverse('sessions:session', args=[event.slug, session.public_id])}")
    entry.add("summary", " ".join(session.title_en.split()) or "Session")
    entry.add("location", " ".join(slot.room.name_en.split()))
    if session.abstract_en:
        entry.add("description", session.abstract_en)
    entry.add("categories", [" ".join(session.track.name_en.split())])
    return entry.to_ical()


# Of a backslash before N the library makes a line, which would come back as one; we keep it.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\\;,\r\n^Nné🙂"), max_size=300).filter(
    lambda text: "\\N" not in text
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=TEXTS, abstract=TEXTS, room=TEXTS, zone=st.sampled_from(["Europe/Brussels", "UTC", "Etc/UTC", "Asia/Kolkata"]))
def test_an_entry_is_what_the_library_writes(slot, title, abstract, room, zone):
    event, release = slot.event, slot.release
    event.zone = zone
    slot.session.title_en, slot.session.abstract_en, slot.room.name_en = title, abstract, room
    read = Slot.objects.get(pk=slot.pk)
    read.session, read.room, read.event, read.people = slot.session, slot.room, event, []
    slot.session.event = slot.room.event = slot.session.track.event = event
    body = calendar(event, [read], release)
    assert by_the_library(event, read, release) in body
    assert len(Calendar.from_ical(body).events) == 1


def test_a_calendar_without_entries_is_whole(slot):
    body = calendar(slot.event, [], slot.release)
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert Calendar.from_ical(body).events == []
    assert len(feed_of(slot.event, ANYONE)) == 1
