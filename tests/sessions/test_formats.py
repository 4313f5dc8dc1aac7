"""The agenda as other programs read it: valid by their rules, filtered like the pages, and true about what was dropped."""

import datetime as dt
import json
import pathlib
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import time_machine
import xmlschema
from django.urls import reverse
from icalendar import Calendar

from conference.lib.viewer import SYSTEM
from events.choices import Audience
from sessions.actions import (
    change_session,
    create_session,
    make_calendar_feed,
    mark_session,
    place_session,
    release_agenda,
    unplace_session,
)
from sessions.choices import Label, PublicIdentity, Role, ShownAsClosed
from sessions.exports import guid_of
from sessions.models import Contribution, Slot
from tests.factories import (
    ContributionFactory,
    DelegationFactory,
    EventFactory,
    OrganisationFactory,
    RegistrationFactory,
    ReleaseFactory,
    RoomFactory,
    SessionFactory,
    SlotFactory,
    SpeakerFactory,
    TrackFactory,
    UserFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db
SCHEMAS = pathlib.Path(__file__).parent / "schemas"
ATOM = "{http://www.w3.org/2005/Atom}"
APPROVED_AFTER = dt.timedelta(minutes=15)
NOW = dt.datetime(2027, 1, 11, 9, tzinfo=dt.UTC)


@pytest.fixture
def event():
    return EventFactory(slug="the-event", first_date=dt.date(2027, 3, 27), last_date=dt.date(2027, 3, 28), title_en="The conference")


@pytest.fixture
def full(event):
    """A released session with everything a format has a place for, and one with next to nothing."""
    release = ReleaseFactory(event=event, number=3, released_at=NOW)
    session = SessionFactory(
        event=event,
        audience=Audience.PUBLIC,
        title_en="A <title> & more\x07",
        abstract_en="First\r\n\r\n**second**",
        languages=["fr", "en"],
        track=TrackFactory(event=event, name_en="Track"),
    )
    start = dt.datetime(2027, 3, 28, 0, 30, tzinfo=dt.UTC)  # 01:30, half an hour before the clocks change: still the 27th
    room = RoomFactory(venue=VenueFactory(event=event), name_en="Room “A”")
    slot = SlotFactory(session=session, release=release, room=room, start_at=start, end_at=start + dt.timedelta(minutes=90))
    shown = SpeakerFactory(event=event, name="Ada Example", public_identity=PublicIdentity.FULL)
    hidden = SpeakerFactory(event=event, name="Zqhidden", function_en="Analyst", public_identity=PublicIdentity.FUNCTION)
    for position, speaker in enumerate((shown, hidden)):
        ContributionFactory(slot=slot, speaker=speaker, position=position)
    bare = SessionFactory(event=event, audience=Audience.PUBLIC, title_en="", abstract_en="")
    SlotFactory(session=bare, release=release, room=None, start_at=start + dt.timedelta(hours=9), end_at=start + dt.timedelta(hours=10))
    return session


def fetch(client, name: str, *args) -> bytes:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content


def schedule(client, event) -> ET.Element:
    return ET.fromstring(fetch(client, "sessions:schedule_xml", event.slug))


def test_schedule_xml_is_valid(client, event, full):
    schema = xmlschema.XMLSchema(str(SCHEMAS / "schedule.xsd"))
    schema.validate(fetch(client, "sessions:schedule_xml", event.slug).decode())


def test_schedule_of_an_event_without_a_release_is_valid(client, event):
    root = schedule(client, event)
    xmlschema.XMLSchema(str(SCHEMAS / "schedule.xsd")).validate(root)
    assert (root.findtext("version"), [day.get("date") for day in root.iter("day")]) == ("0", ["2027-03-27", "2027-03-28"])


def test_the_schema_refuses_what_is_not_a_schedule(client, event, full):
    body = fetch(client, "sessions:schedule_xml", event.slug).decode().replace("<subtitle />", "").replace("<subtitle></subtitle>", "")
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        xmlschema.XMLSchema(str(SCHEMAS / "schedule.xsd")).validate(body)


def test_schedule_json_is_valid(client, event, full):
    schema = json.loads((SCHEMAS / "schedule.schema.json").read_text())
    whole = json.loads(fetch(client, "sessions:schedule_json", event.slug))
    jsonschema.validate(whole, schema, format_checker=jsonschema.FormatChecker())
    del whole["schedule"]["conference"]["days"][0]["rooms"]["Room “A”"][0]["guid"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(whole, schema)


def test_schedule_xml_says_what_the_agenda_says(client, event, full):
    day, _other = schedule(client, event).iter("day")
    assert (day.get("start"), day.get("end")) == ("2027-03-27T04:00:00+01:00", "2027-03-28T04:00:00+02:00")
    (item,) = day.iter("event")
    said = {name: item.findtext(name) for name in ("room", "title", "type", "date", "start", "duration", "abstract", "track", "language")}
    assert said == {
        "room": "Room “A”",
        "title": "A <title> & more",
        "type": "Plenary",
        "date": "2027-03-28T01:30:00+01:00",
        "start": "01:30",
        "duration": "01:30",  # by the clock on the wall it ends at 04:00
        "abstract": "First\n\n**second**",
        "track": "Track",
        "language": "fr",
    }
    assert [person.text for person in item.iter("person")] == ["Ada Example", "Analyst"]
    assert item.get("guid") == str(guid_of(full))


def test_both_schedules_say_the_same(client, event, full):
    items = list(schedule(client, event).iter("event"))
    conference = json.loads(fetch(client, "sessions:schedule_json", event.slug))["schedule"]["conference"]
    told = [item for day in conference["days"] for inside in day["rooms"].values() for item in inside]
    assert [(item["guid"], item["id"], item["title"].replace("\x07", ""), item["duration"]) for item in told] == [
        (item.get("guid"), int(item.get("id")), item.findtext("title"), item.findtext("duration")) for item in items
    ]


def test_an_identity_given_by_another_tool_is_kept(client, event, full):
    full.external_id = "11111111-2222-3333-4444-555555555555"
    full.save(update_fields=["external_id"])
    assert next(schedule(client, event).iter("event")).get("guid") == full.external_id


def test_a_private_schedule_tells_nothing_above_green_but_the_time(client, event):
    delegation = DelegationFactory(event=event, organisation=OrganisationFactory(country="FR"))
    registration = RegistrationFactory(delegation=delegation, user=UserFactory(), state="approved", invited_at=NOW)
    release = ReleaseFactory(event=event, released_at=NOW)
    amber = SessionFactory(event=event, audience=Audience.EU, label=Label.AMBER, title_en="Zqamber", abstract_en="Zqabstract")
    slot = SlotFactory(session=amber, release=release)
    ContributionFactory(slot=slot, speaker=SpeakerFactory(event=event, name="Zqspeaker"))
    SlotFactory(session=SessionFactory(event=event, audience=Audience.EU, label=Label.RED, title_en="Zqred"), release=release)
    secret = make_calendar_feed(registration, language="en", by=SYSTEM)
    for name in ("private_schedule_xml", "private_schedule_json"):
        body = fetch(client, name, secret).decode()
        assert (body.count("Zq"), body.count(amber.public_id), body.count('"Session"') + body.count(">Session<")) == (0, 2, 1)


@pytest.mark.parametrize(
    ("name", "queries"), [("schedule_xml", 7), ("schedule_json", 7), ("structured", 7), ("calendar", 10), ("version_feed", 8)]
)
@pytest.mark.parametrize("count", [1, 3])
def test_a_format_costs_the_same_for_any_number_of_sessions(client, event, django_assert_num_queries, name, queries, count):
    releases = [ReleaseFactory(event=event, superseded_at=NOW), ReleaseFactory(event=event)]
    for release in releases:
        for session in SessionFactory.create_batch(count, event=event, audience=Audience.PUBLIC, track=TrackFactory(event=event)):
            ContributionFactory(slot=SlotFactory(session=session, release=release), speaker=SpeakerFactory(event=event))
    with django_assert_num_queries(queries):
        fetch(client, f"sessions:{name}", event.slug)


# What was dropped.


@pytest.fixture
def conference(event):
    """Two public sessions in version 1, made and released by the acts themselves."""
    with time_machine.travel(NOW, tick=False):
        sessions = [create_session(event, by=SYSTEM, audience="public", label=Label.CLEAR, title_en=f"Session {n}") for n in range(2)]
        for hour, session in enumerate(sessions, start=9):
            at = dt.datetime(2027, 3, 27, hour, tzinfo=dt.UTC)
            place_session(session, room=None, start_at=at, end_at=at + dt.timedelta(minutes=45), by=SYSTEM)
        release_agenda(event, by=SYSTEM)
    return sessions


def later(minutes: int):
    return time_machine.travel(NOW + dt.timedelta(minutes=minutes), tick=False)


def statuses(body: bytes) -> dict[str, tuple[str, int]]:
    entries = Calendar.from_ical(body).walk("VEVENT")
    return {str(entry["summary"]): (str(entry["status"]), int(entry["sequence"])) for entry in entries}


def drop(event, session) -> None:
    unplace_session(session, by=SYSTEM)
    release_agenda(event, by=SYSTEM)


def test_a_dropped_session_is_cancelled_in_calendars(client, event, conference):
    with later(10):
        drop(event, conference[1])
    body = fetch(client, "sessions:calendar", event.slug)
    assert statuses(body) == {"Session 0": ("CONFIRMED", 2), "Session 1": ("CANCELLED", 2)}
    assert len(list(schedule(client, event).iter("event"))) == 1


def test_what_is_written_of_a_dropped_session_afterwards_is_in_no_calendar(client, event, conference):
    """Its texts are those of the draft from then on: a reader is told what it was called when they could see it."""
    with later(10):
        drop(event, conference[1])
    before = fetch(client, "sessions:calendar", event.slug)
    track = TrackFactory(event=event, name_en="Zqtrack")
    with later(15):
        change_session(conference[1], by=SYSTEM, title_en="Zqtitle", abstract_en="Zqabstract", track=track)
    after = fetch(client, "sessions:calendar", event.slug)
    assert after == before
    assert statuses(after)["Session 1"] == ("CANCELLED", 2)


def test_a_title_a_reader_never_saw_is_not_that_of_a_cancelled_session(client, event, conference):
    closed = {"audience": Audience.EU, "label": Label.CLEAR, "chatham_house": False, "shown_as_closed": ShownAsClosed.NOTHING}
    with later(5):
        mark_session(conference[1], by=SYSTEM, **closed)
        change_session(conference[1], by=SYSTEM, title_en="Zqsecret")
    with later(10):
        release_agenda(event, by=SYSTEM)  # version 2 keeps the title nobody outside the EU saw
    with later(15):
        change_session(conference[1], by=SYSTEM, title_en="Opened")
        mark_session(conference[1], by=SYSTEM, confirmed=True, **closed | {"audience": Audience.PUBLIC})
    with later(20):
        drop(event, conference[1])
    body = fetch(client, "sessions:calendar", event.slug)
    assert b"Zqsecret" not in body
    assert statuses(body) == {"Session 0": ("CONFIRMED", 3), "Session": ("CANCELLED", 3)}


def test_a_session_placed_again_is_no_longer_cancelled(client, event, conference):
    with later(10):
        drop(event, conference[1])
    with later(20):
        at = dt.datetime(2027, 3, 27, 14, tzinfo=dt.UTC)
        place_session(conference[1], room=None, start_at=at, end_at=at + dt.timedelta(hours=1), by=SYSTEM)
        release_agenda(event, by=SYSTEM)
    assert statuses(fetch(client, "sessions:calendar", event.slug)) == {"Session 0": ("CONFIRMED", 3), "Session 1": ("CONFIRMED", 3)}


@pytest.mark.parametrize("raised_at", [5, 15])
def test_a_raised_session_vanishes_and_is_never_cancelled(client, event, conference, raised_at):
    raise_it = {"audience": Audience.EU, "label": Label.AMBER, "chatham_house": False, "shown_as_closed": ShownAsClosed.NOTHING}
    for minute, act in sorted(
        [(raised_at, lambda: mark_session(conference[1], by=SYSTEM, **raise_it)), (10, lambda: drop(event, conference[1]))],
        key=lambda one: one[0],
    ):
        with later(minute):
            act()
    assert statuses(fetch(client, "sessions:calendar", event.slug)) == {"Session 0": ("CONFIRMED", 2)}
    assert b"Session 1" not in fetch(client, "sessions:version_feed", event.slug)


def test_a_session_opened_after_it_was_dropped_was_never_there(client, event, conference):
    closed = {"audience": Audience.EU, "label": Label.CLEAR, "chatham_house": False, "shown_as_closed": ShownAsClosed.NOTHING}
    with later(5):
        mark_session(conference[1], by=SYSTEM, **closed)
    with later(10):
        drop(event, conference[1])
    with later(15):
        mark_session(conference[1], by=SYSTEM, confirmed=True, **closed | {"audience": Audience.PUBLIC})
    assert statuses(fetch(client, "sessions:calendar", event.slug)) == {"Session 0": ("CONFIRMED", 2)}


def test_a_person_approved_later_is_told_of_nothing_dropped_before(client, event, conference):
    with later(10):
        drop(event, conference[1])
    with later(20):
        registration = RegistrationFactory(
            delegation=DelegationFactory(event=event), user=UserFactory(), state="approved", queued_at=NOW + APPROVED_AFTER
        )
        secret = make_calendar_feed(registration, language="en", by=SYSTEM)
        assert statuses(fetch(client, "private_calendar", secret)) == {"Session 0": ("CONFIRMED", 2)}


# The feed of versions.


def lines(client, event) -> dict[str, str]:
    root = ET.fromstring(fetch(client, "sessions:version_feed", event.slug))
    return {entry.findtext(f"{ATOM}title"): entry.findtext(f"{ATOM}content") for entry in root.iter(f"{ATOM}entry")}


def test_the_feed_tells_what_each_version_changed(client, event, conference):
    with later(10):
        at = dt.datetime(2027, 3, 27, 14, tzinfo=dt.UTC)
        place_session(conference[0], room=None, start_at=at, end_at=at + dt.timedelta(hours=1), by=SYSTEM)
        drop(event, conference[1])
    assert lines(client, event) == {
        "Version 2": "Dropped: Session 1 (2027-03-27, 11:00–11:45)\nMoved: Session 0 (2027-03-27, 15:00–16:00)",
        "Version 1": "No change to tell of.",
    }


@pytest.mark.parametrize(
    ("identity", "role", "told"),
    [
        (PublicIdentity.FULL, Role.SPEAKER, "People changed: Session 0 (2027-03-27, 10:00–10:45)"),
        (PublicIdentity.HIDDEN, Role.SPEAKER, "No change to tell of."),
        (PublicIdentity.FULL, Role.INTERPRETER, "No change to tell of."),
    ],
)
def test_people_nobody_is_told_of_change_nothing(client, event, conference, identity, role, told):
    slot = Slot.objects.draft().get(session=conference[0])
    Contribution.objects.create(event=event, slot=slot, speaker=SpeakerFactory(event=event, public_identity=identity), role=role)
    with later(10):
        release_agenda(event, by=SYSTEM)
    assert lines(client, event)["Version 2"] == told


def test_schema_org_data_tells_the_event_and_its_sessions(client, event, full):
    said = json.loads(fetch(client, "sessions:structured", event.slug))
    assert (said["@type"], said["name"], said["startDate"]) == ("Event", "The conference", "2027-03-27")
    assert [one["name"] for one in said["subEvent"]] == ["A <title> & more\x07", "Session"]
    assert "location" not in said  # the venue is the organisers' own
