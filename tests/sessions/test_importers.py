"""Agendas of other tools: read as they are written, refused in words, imported whole or not at all, and never twice."""

import datetime as dt
import io
import json
import zoneinfo

import hypothesis
import pytest
from django.core.management import call_command
from hypothesis import strategies as st

from conference.lib.viewer import ANYONE, SYSTEM
from events.choices import Audience
from events.models import AuditEntry, Event
from sessions import exports
from sessions.actions import mark_session, release_agenda
from sessions.choices import Label, PublicIdentity, SessionKind
from sessions.exports import item_of
from sessions.importers import import_agenda, read_agenda
from sessions.importers.html import to_markdown
from sessions.models import Release, Session, Slot, Speaker, feed_of
from tests.factories import EventFactory, RoomFactory, SessionFactory, SlotFactory, VenueFactory

pytestmark = pytest.mark.django_db
BRUSSELS = "Europe/Brussels"


def xml(*items: str) -> bytes:
    """A schedule whose first session stands in line 3."""
    head = '<?xml version="1.0"?>\n<schedule><version>1</version><conference><title>C</title></conference>'
    return f'{head}<day index="1" date="2027-03-27"><room name="Main">{"".join(items)}</room></day></schedule>'.encode()


def talk(guid: str = "g1", **texts: str) -> str:
    values = {"title": "A talk", "date": "2027-03-27T10:00:00+01:00", "start": "10:00", "duration": "00:45", "room": "Main"} | texts
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    return f'\n<event guid="{guid}" id="7">{inside}</event>'


def read(data: bytes, zone: str = BRUSSELS):
    return read_agenda(data, zone=zone)


def problems(data: bytes) -> list[tuple[str, str, bool]]:
    return [(problem.place, problem.words, problem.is_fatal) for problem in read(data).problems]


@pytest.fixture
def event():
    return EventFactory(first_date=dt.date(2027, 3, 27), last_date=dt.date(2027, 3, 28), zone=BRUSSELS)


def run(event, data: bytes, **options):
    return import_agenda(event, read(data, event.zone), by=SYSTEM, apply=True, **options)


# Reading.


def test_schedule_xml_is_read():
    body = xml(
        talk(
            title="Ada &amp; Łukasz",
            subtitle="Under it",
            abstract="&lt;p&gt;One &lt;b&gt;two&lt;/b&gt;&lt;/p&gt;&lt;p&gt;Three&lt;/p&gt;",
            track="Track",
            type="Workshop",
            language="de-AT",
            persons='<person id="3">Ada</person><person>Łukasz</person>',
        )
    )
    (session,) = read(body).sessions
    assert (session.key, session.title, session.abstract) == ("g1", "Ada & Łukasz", "Under it\n\nOne **two**\n\nThree")
    assert (session.place, session.room, session.track, session.kind, session.language) == ("line 3", "Main", "Track", "Workshop", "de")
    assert [(person.name, person.key) for person in session.people] == [("Ada", "3"), ("Łukasz", "")]
    assert (session.end_at - session.start_at, session.start_at.utcoffset()) == (dt.timedelta(minutes=45), dt.timedelta(hours=1))


@pytest.mark.parametrize(
    ("date", "start", "expected"),
    [
        ("", "10:00", "2027-03-27T10:00:00+01:00"),
        ("", "01:30", "2027-03-28T01:30:00+01:00"),  # after midnight: the night of that day
        ("2027-03-28", "10:00", "2027-03-28T10:00:00+02:00"),  # summer time began that night
        ("2027-03-28T09:00:00Z", "11:00", "2027-03-28T09:00:00+00:00"),
        ("2027-03-28T10:00:00", "10:00", "2027-03-28T10:00:00+02:00"),
    ],
)
def test_when_a_session_starts_is_read_as_it_is_written(date, start, expected):
    (session,) = read(xml(talk(date=date, start=start))).sessions
    assert session.start_at == dt.datetime.fromisoformat(expected)


def test_a_missing_length_is_half_an_hour_and_said():
    reading = read(xml(talk(duration="")))
    assert reading.sessions[0].end_at - reading.sessions[0].start_at == dt.timedelta(minutes=30)
    assert [(problem.place, problem.is_fatal) for problem in reading.problems] == [("line 3", False)]


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
X-WR-TIMEZONE:Asia/Kolkata
BEGIN:VEVENT
UID:one@tool
SUMMARY:One\\, two
DTSTART:20270327T100000
DURATION:PT90M
LOCATION:Hall
CATEGORIES:Track
DESCRIPTION:Words
END:VEVENT
BEGIN:VEVENT
UID:two@tool
SUMMARY:Open end
DTSTART;TZID=Europe/Brussels:20270327T100000
END:VEVENT
BEGIN:VEVENT
UID:three@tool
SUMMARY:Called off
STATUS:CANCELLED
DTSTART:20270327T100000Z
END:VEVENT
END:VCALENDAR
"""


def test_a_calendar_is_read():
    reading = read(CALENDAR.replace("\n", "\r\n").encode())
    one, two = reading.sessions
    assert (one.key, one.title, one.room, one.track, one.abstract) == ("one@tool", "One, two", "Hall", "Track", "Words")
    assert (one.start_at, one.end_at - one.start_at) == (
        dt.datetime(2027, 3, 27, 10, tzinfo=zoneinfo.ZoneInfo("Asia/Kolkata")),
        dt.timedelta(minutes=90),
    )
    assert two.start_at.utcoffset() == dt.timedelta(hours=1)
    assert [(problem.place, problem.is_fatal) for problem in reading.problems] == [("line 14", False), ("line 19", False)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Plain, 1 < 2\r\nstays", "Plain, 1 < 2\nstays"),
        ('<a href="https://example.org/">Here</a> <a href="javascript:x">no</a>', "[Here](https://example.org/) no"),
        ("<ul><li>One</li><li>Two</li></ul>", "- One\n- Two"),
        ("<p>Fish &amp; chips<script>alert(1)</script></p>", "Fish & chips"),
        ("<p>Never <b>closed", "Never **closed"),
    ],
)
def test_html_becomes_markdown(text, expected):
    assert to_markdown(text) == expected


# Bad input: each report names place and reason, and nothing is imported.

GUID = "0b4a8f6e-6a52-4c2e-9d3a-5f1f6d1c2b3a"
BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><schedule>&b;</schedule>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><schedule>&a;</schedule>'


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        (b"", "", "Read are schedule.xml"),
        (b"PK\x03\x04", "", "Read are schedule.xml"),
        (b"<schedule>\n<day>", "line 2", "not well-formed XML"),
        (b"<html></html>", "", "must be “schedule”"),
        (BOMB, "", "entities"),
        (OUTSIDE, "", "entities"),
        (b'<?xml version="1.0" encoding="nonsense"?><schedule/>', "", ""),
        (b'{"schedule": \n[', "line 2", "not well-formed JSON"),
        (b'{"schedule": []}', "schedule", "must be an object"),
        (b'{"schedule": {"conference": {"days": {}}}}', "schedule.conference.days", "must be a list"),
        (b'{"schedule": {"conference": {}}}', "schedule.conference.days", "is missing"),
        (b'{"a":' * 100_000, "", ""),
        (b"BEGIN:VCALENDAR\r\nnonsense", "", ""),
        (b" " * 21 * 1024 * 1024, "", "larger than 20 MB"),
        (xml(talk(title="")), "line 3", "title is missing"),
        (xml(talk(title="x" * 201)), "line 3", "201 characters"),
        (xml(talk(date="never", start="late")), "line 3", "cannot be read"),
        (xml(talk("a"), talk("a")), "line 4", "same identity as the one at line 3"),
        (xml(talk(GUID), talk(GUID.upper())), "", "The session at line 4 has the same identity as the one at line 3"),
        (xml(talk("7"), talk("00000000-0000-0000-0000-000000000006")), "", "The session at line 4 has the same identity"),
        (xml(talk(date="9999-12-31T23:50:00+00:00")), "line 3", "The year 9999"),
        (xml(talk(date="0001-01-01T00:00:00+14:00")), "line 3", "The year 1"),
        (xml(talk(persons=f'<person id="1">{"x" * 201}</person>')), "line 3", "201 characters"),
        (xml(talk(room="x" * 101)), "line 3", "101 characters"),
        (b'[{"schedule": 1}]', "", "must be an object"),
        (b'{"schedule": {"conference": {"days": [7]}}}', "schedule.conference.days[0]", "must be an object"),
        (b'{"schedule": {"conference": {"days": [{"rooms": {"A": 7}}]}}}', 'schedule.conference.days[0].rooms["A"]', "must be a list"),
        (b'{"schedule": {"conference": {"days": [{"rooms": {"A": ["x"]}}]}}}', 'schedule.conference.days[0].rooms["A"][0]', "an object"),
        (CALENDAR.replace("DTSTART:20270327T100000", "DTSTART:99991231T235900").encode(), "line 5", "The year 9999"),
        (CALENDAR.replace("DURATION:PT90M", "DTEND:20270327T090000").encode(), "line 5", "ends before it starts"),
        (xml(), "", "no session"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_imported(event, data, place, words):
    report = run(event, data)
    assert (report.imported, report.is_applied) == (None, False)
    said = [problem for problem in report.problems if problem.is_fatal]
    assert said[0].place == place
    assert words in said[0].words
    assert (Session.objects.count(), Release.objects.count(), AuditEntry.objects.filter(verb="agenda.import").count()) == (0, 0, 0)


def test_characters_no_text_may_hold_are_left_out(event):
    row = {"guid": "g\x00", "title": "A\x00 talk\ud800", "date": "2027-03-27T10:00:00+01:00", "duration": "0:30", "room": "R\x07"}
    row["persons"] = [{"name": "A\x00da", "id": "1\x00"}]
    body = json.dumps({"schedule": {"conference": {"days": [{"date": "2027-03-27", "rooms": {"R": [row]}}]}}}).encode()
    assert run(event, body).is_applied
    session = Session.objects.get()
    assert (session.title_en, session.external_id, event.rooms.get().name_en, Speaker.objects.get().name) == ("A talk", "g", "R", "Ada")


def test_too_many_sessions_are_refused(event, monkeypatch):
    monkeypatch.setattr("sessions.importers.MAX_SESSIONS", 1)
    assert problems(xml(talk("a"), talk("b"))) == [("", "The file has 2 sessions, and at most 1 are read.", True)]


def test_conflicts_beyond_reading_are_counted_out(event, monkeypatch):
    monkeypatch.setattr("sessions.importers.reports._MOST_CONFLICTS", 2)
    few, many = (run(event, xml(*(talk(f"{count}-{n}") for n in range(count)))) for count in (2, 3))
    assert (few.many_conflicts, [len(line.conflicts) for line in few.lines]) == (False, [1, 1])
    assert (many.many_conflicts, [line.conflicts for line in many.lines]) == (True, [[], [], []])


SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=4), inside, max_size=3),
    max_leaves=6,
)
FIELDS = ["guid", "id", "title", "date", "start", "duration", "room", "track", "type", "language", "persons", "abstract"]


@hypothesis.settings(max_examples=150, deadline=None, suppress_health_check=list(hypothesis.HealthCheck), derandomize=True)
@hypothesis.given(item=st.dictionaries(st.sampled_from(FIELDS), SHAPES | st.sampled_from(["2027-03-27T10:00", "10:00", "9999-12-31", "-"])))
def test_whatever_stands_in_json_is_read_or_refused_in_words(item):
    body = json.dumps({"schedule": {"conference": {"days": [{"date": "2027-03-27", "rooms": {"R": [item]}}]}}}).encode()
    reading = read(body)
    assert len(reading.sessions) == 1 or any(problem.is_fatal and problem.words for problem in reading.problems)


@hypothesis.settings(max_examples=150, deadline=None, suppress_health_check=list(hypothesis.HealthCheck), derandomize=True)
@hypothesis.given(cut=st.integers(0, 700), put=st.binary(max_size=6), which=st.sampled_from(["xml", "ics", "csv"]))
def test_a_damaged_file_is_read_or_refused_in_words(cut, put, which):
    whole = {"xml": xml(talk("a"), talk("b")), "ics": CALENDAR.encode(), "csv": b"Title;Day;Starts\nA;27/03/2027;9:00\n"}[which]
    reading = read(whole[: cut % len(whole)] + put + whole[cut % len(whole) :])
    assert reading.sessions or any(problem.words for problem in reading.problems)


def test_a_good_session_beside_a_bad_one_is_not_imported(event):
    assert run(event, xml(talk("good"), talk("bad", title=""))).imported is None
    assert Session.objects.count() == 0


def test_a_public_import_must_be_clear(event):
    report = run(event, xml(talk()), audience=Audience.PUBLIC, label=Label.AMBER)
    assert (report.is_clean, Session.objects.count()) == (False, 0)


# Importing.

PERSONS = '<person id="1">Ada</person><person id="2">Same Name</person><person id="3">Same Name</person>'


def test_an_import_makes_what_is_not_there_and_is_narrow_unless_told_otherwise(event):
    report = run(event, xml(talk(persons=PERSONS, track="Track", type="Podiumsdiskussion")))
    session = Session.objects.get()
    assert (session.audience, session.label, session.external_id) == (Audience.ORGANISERS, Label.RED, "g1")
    slot = Slot.objects.get()
    assert (slot.release.number, slot.room.name, session.track.name) == (None, "Main", "Track")
    assert [(one.speaker.name, one.speaker.public_identity) for one in slot.contributions.order_by("position")] == [
        (name, PublicIdentity.HIDDEN) for name in ("Ada", "Same Name", "Same Name")
    ]
    assert session.markings.count() == 1
    counts = report.imported
    assert (counts.created, counts.changed, counts.same, counts.rooms, counts.tracks, counts.people) == (1, 0, 0, 1, 1, 3)


def test_a_dry_run_counts_and_changes_nothing(event):
    report = import_agenda(event, read(xml(talk())), by=SYSTEM)
    assert (report.imported.created, report.is_applied, Session.objects.count(), Release.objects.count()) == (1, False, 0, 0)


def test_a_second_import_changes_only_what_changed(event):
    first = xml(talk("a", persons=PERSONS), talk("b"), talk("c"))
    run(event, first)
    again = run(event, first).imported
    assert (again.created, again.changed, again.same, again.unnamed, again.people) == (0, 0, 3, 0, 0)
    changed = run(event, xml(talk("a", title="New"), talk("b", date="2027-03-27T14:00:00+01:00"))).imported
    assert (changed.created, changed.changed, changed.same, changed.unnamed) == (0, 2, 0, 1)
    assert set(Session.objects.values_list("title_en", flat=True)) == {"New", "A talk"}
    assert (Session.objects.count(), Slot.objects.count(), Speaker.objects.count()) == (3, 3, 3)


def test_an_import_keeps_marking_roles_and_other_languages(event):
    run(event, xml(talk(persons=PERSONS)))
    session = Session.objects.get()
    mark_session(session, by=SYSTEM, audience=Audience.EU, label=Label.AMBER, chatham_house=True, shown_as_closed="time", confirmed=True)
    Session.objects.update(title_fr="Un exposé")
    Slot.objects.get().contributions.filter(position=1).update(role="chair")
    run(event, xml(talk(title="New", persons=PERSONS + "<person>Another</person>")), audience=Audience.PUBLIC, label=Label.CLEAR)
    session.refresh_from_db()
    assert (session.title_en, session.title_fr, session.audience, session.label) == ("New", "Un exposé", Audience.EU, Label.AMBER)
    roles = Slot.objects.get().contributions.order_by("position").values_list("speaker__name", "role")
    assert list(roles) == [("Ada", "chair"), ("Same Name", "speaker"), ("Same Name", "speaker"), ("Another", "speaker")]


def test_our_own_export_imported_again_changes_nothing(client, event):
    run(event, xml(talk(persons=PERSONS)), audience=Audience.PUBLIC, label=Label.CLEAR)
    SlotFactory(
        session=SessionFactory(event=event, audience=Audience.PUBLIC, kind=SessionKind.PANEL),
        release=Release.objects.get(),
        room=RoomFactory(venue=VenueFactory(event=event)),
        start_at=dt.datetime(2027, 3, 27, 9, tzinfo=dt.UTC),
        end_at=dt.datetime(2027, 3, 27, 10, tzinfo=dt.UTC),
    )
    release_agenda(event, by=SYSTEM)
    for name in ("schedule.xml", "schedule.json", "agenda.ics"):
        body = client.get(f"/en/events/{event.slug}/{name}").content
        counts = run(event, body).imported
        assert (counts.created, counts.people, counts.unnamed) == (0, 0, 0), name


# Round trips: what is written and read again is written the same.

WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=20)
MARKED = st.sampled_from(["<b>bold</b>", "a < b & c", "<script>x</script>", "&amp;", "*so*", "- one", "x; y, z: w\\n", "\\N", "שלום", "🙂"])
PROSE = st.lists(WORDS | MARKED, max_size=8).map(" ".join)
LINES = st.lists(WORDS | MARKED, min_size=1, max_size=4).map(" ".join)
# Before and after the change of summer time in Brussels; Lord Howe sets its clocks by half an hour.
STARTS = st.sampled_from([dt.datetime(2027, month, day, 3, tzinfo=dt.UTC) for month, day in ((3, 27), (10, 30), (4, 3))])
AGENDAS = st.lists(
    st.fixed_dictionaries(
        {
            "title_en": LINES,
            "abstract_en": st.lists(PROSE.filter(bool), max_size=3).map("\n\n".join),
            "kind": st.sampled_from(SessionKind),
            "languages": st.sampled_from([[], ["en"], ["fr"]]),
            "start": st.integers(0, 24 * 12 * 2),  # steps of five minutes, over midnight and a change of summer time
            "length": st.integers(1, 60),
            "room": st.sampled_from(["", "One", "Deux, <1>"]),
            "track": st.sampled_from(["", "Track; & one"]),
            "people": st.lists(st.tuples(LINES, st.integers(0, 1)), max_size=3, unique=True),  # two may have one name
        }
    ),
    min_size=1,
    max_size=5,
)
ZONES = st.sampled_from([BRUSSELS, "Asia/Kolkata", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe", "Pacific/Chatham"])
MARCH = dt.datetime(2027, 3, 27, 3, tzinfo=dt.UTC)


def build(agenda: list[dict], zone: str, first: dt.datetime = MARCH) -> Event:
    day = first.date()
    event = EventFactory(first_date=day, last_date=day + dt.timedelta(days=1), zone=zone, title_en="The conference")
    rooms = {name: RoomFactory(venue=VenueFactory(event=event), name_en=name) for name in ("One", "Deux, <1>")}
    tracks = {"Track; & one": event.tracks.create(name_en="Track; & one")}
    speakers = {}
    release = Release.objects.create(event=event, number=1, released_at=dt.datetime(2027, 1, 1, tzinfo=dt.UTC))
    for row in agenda:
        fields = {name: row[name] for name in ("title_en", "abstract_en", "kind", "languages")}
        session = SessionFactory(event=event, audience=Audience.PUBLIC, track=tracks.get(row["track"]), **fields)
        start = first + row["start"] * dt.timedelta(minutes=5)
        end = start + row["length"] * dt.timedelta(minutes=5)
        slot = SlotFactory(session=session, release=release, room=rooms.get(row["room"]), start_at=start, end_at=end)
        for position, key in enumerate(row["people"]):
            if key not in speakers:
                speakers[key] = Speaker.objects.create(event=event, name=key[0], public_identity=PublicIdentity.FULL)
            slot.contributions.create(event=event, speaker=speakers[key], position=position)
    return event


def told(event: Event) -> list:
    """What the exports are written from, without what names this event: addresses and public ids."""
    items = [item_of(slot) for slot in feed_of(event, ANYONE)]
    facts = ("guid", "day", "start_at", "end_at", "room", "title", "abstract", "kind", "track", "language", "people")
    return sorted([[getattr(item, name) for name in facts] for item in items], key=repr)


def there_and_back(event: Event, form: str) -> Event:
    """Write the agenda of an event, import it into another one, release it there."""
    items = [item_of(slot) for slot in feed_of(event, ANYONE)]
    if form == "ics":
        body = exports.calendar(event, feed_of(event, ANYONE), Release.objects.get(event=event, number=1))
    else:
        writer = {"xml": exports.schedule_xml, "json": exports.schedule_json}[form]
        body = writer(event, items, version="1", url="https://example.org/")
    other = EventFactory(first_date=event.first_date, last_date=event.last_date, zone=event.zone)
    report = import_agenda(other, read_agenda(body, zone="UTC"), by=SYSTEM, audience=Audience.PUBLIC, label=Label.CLEAR, apply=True)
    assert report.is_applied, report.problems
    Release.objects.filter(event=other, number=None).update(number=1, released_at=dt.datetime(2027, 1, 1, tzinfo=dt.UTC))
    return other


@pytest.mark.parametrize("form", ["xml", "json"])
@hypothesis.settings(max_examples=15, deadline=None, suppress_health_check=list(hypothesis.HealthCheck), derandomize=True)
@hypothesis.given(agenda=AGENDAS, zone=ZONES, first=STARTS)
def test_a_schedule_comes_back_as_it_left(form, agenda, zone, first):
    event = build(agenda, zone, first)
    other = there_and_back(event, form)
    before, after = told(event), told(other)
    if form == "xml":  # it has numbers for persons, not identities
        before, after = ([[*row[:-1], [(one.name, one.number) for one in row[-1]]] for row in rows] for rows in (before, after))
    assert after == before


@hypothesis.settings(max_examples=15, deadline=None, suppress_health_check=list(hypothesis.HealthCheck), derandomize=True)
@hypothesis.given(agenda=AGENDAS, zone=ZONES, first=STARTS)
def test_a_calendar_comes_back_as_it_left(agenda, zone, first):
    """iCalendar has no place for kind, language and people of ours."""
    event = build(agenda, zone, first)
    other = there_and_back(event, "ics")
    before, after = (sorted([*row[1:7], row[8]] for row in told(one)) for one in (event, other))
    assert after == before


ONE = {"title_en": "T", "abstract_en": "A <b>b</b>", "kind": "panel", "languages": [], "start": 0, "length": 6, "room": ""}


def comes_back(form: str) -> bool:
    """Say whether an agenda with all that a format has comes back as it left."""
    autumn = dt.datetime(2027, 10, 31, 1, tzinfo=dt.UTC)  # 02:00 in Brussels, for the second time
    event = build([ONE | {"people": [("Ada", 0)], "track": "Track; & one"}], BRUSSELS, autumn)
    before, after = told(event), told(there_and_back(event, form))
    if form == "json":
        return before == after
    facts = (lambda row: [*row[1:7], row[8]]) if form == "ics" else (lambda row: [*row[:-1], [(one.name, one.number) for one in row[-1]]])
    return [facts(row) for row in before] == [facts(row) for row in after]


@pytest.mark.parametrize(
    ("form", "broken", "instead"),
    [
        ("xml", "sessions.importers.schedules._abstract", lambda row, text: ""),
        ("xml", "sessions.importers.schedules.GENERATOR", "another"),  # then <b> would become **
        ("json", "sessions.importers.schedules._people", lambda persons: ()),
        ("json", "sessions.importers.schedules._length", lambda text: dt.timedelta(minutes=1)),
        ("ics", "sessions.exports.calendars._Zone.written", lambda zone, name, at: f"{name}:{at.astimezone(zone.info):%Y%m%dT%H%M%S}"),
        ("ics", "sessions.importers.calendars._category", lambda entry: ""),
    ],
)
def test_the_round_trip_would_notice_a_lost_field(monkeypatch, form, broken, instead):
    assert comes_back(form)
    monkeypatch.setattr(broken, instead)
    assert not comes_back(form)


# The command.


def command(tmp_path, data: bytes, *options: str) -> str:
    path = tmp_path / "schedule"
    path.write_bytes(data)
    out = io.StringIO()
    call_command("import_schedule", str(path), *options, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_makes_the_event_and_releases(client, tmp_path):
    said = command(tmp_path, xml(talk()), "--event", "new", "--create", "--audience", "public", "--release")
    event = Event.objects.get(slug="new")
    assert (event.title_en, event.first_date, event.zone, event.state) == ("C", dt.date(2027, 3, 27), BRUSSELS, "draft")
    assert "created 1" in said
    assert Release.objects.get(number=1).slots.count() == 1


def test_a_thousand_sessions_take_few_queries(event, django_assert_max_num_queries):
    start = dt.datetime(2027, 3, 27, 8, tzinfo=dt.UTC)
    items = [
        {"guid": f"guid-{n}", "title": f"Talk {n}", "date": (start + n % 300 * dt.timedelta(minutes=5)).isoformat(), "duration": "0:30"}
        | {"room": f"Room {n % 37}", "persons": [{"name": f"Person {one}", "id": one} for one in (n + 1, n + 1001)]}
        for n in range(1000)
    ]
    rooms = {name: [item for item in items if item["room"] == name] for name in {item["room"] for item in items}}
    body = json.dumps({"schedule": {"version": "1", "conference": {"days": [{"date": "2027-03-27", "rooms": rooms}]}}}).encode()
    with django_assert_max_num_queries(700):  # rooms are acts of their own, ten questions each; the rest goes in hundreds
        assert run(event, body).imported.created == 1000
    with django_assert_max_num_queries(40):
        assert run(event, body).imported.same == 1000
