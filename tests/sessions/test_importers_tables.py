"""Spreadsheets of sessions: read as people write them, through the same doors as the agendas of other tools."""

import datetime as dt
import io

import pytest
from django.utils.translation import override

from conference.lib.spreadsheets import to_csv, write_xlsx
from conference.lib.viewer import SYSTEM
from conference.lib.words import languages
from events.choices import Audience
from sessions.choices import Role, SessionKind
from sessions.exports.columns import SESSIONS
from sessions.importers import import_agenda, read_agenda
from sessions.models import Session, Slot, Speaker
from tests.factories import EventFactory, RoomFactory, SessionFactory, SlotFactory, VenueFactory

pytestmark = pytest.mark.django_db
DAYS = [dt.date(2027, 3, 27), dt.date(2027, 3, 28)]
HEAD = ["Title", "Day", "Starts", "Ends", "Room"]


@pytest.fixture
def event():
    return EventFactory(first_date=DAYS[0], last_date=DAYS[1], zone="Europe/Brussels")


def read(*rows, days=DAYS):
    return read_agenda(to_csv(rows), zone="Europe/Brussels", days=days)


def told(reading) -> list[tuple[str, str, str, str]]:
    """Place, title and wall-clock times of what was read."""
    rows = []
    for one in reading.sessions:
        start, end = (moment and moment.astimezone(dt.UTC) for moment in (one.start_at, one.end_at))
        rows.append((one.place, one.title, f"{start:%d %H:%M}" if start else "", f"{end:%d %H:%M}" if end else ""))
    return rows


def fatal(reading) -> list[tuple[str, str]]:
    return [(problem.place, problem.words) for problem in reading.problems if problem.is_fatal]


def run(event, *rows, apply=True, **options):
    reading = read_agenda(to_csv(rows), zone=event.zone, days=event.days, day_starts_at=event.day_starts_at)
    return import_agenda(event, reading, by=SYSTEM, apply=apply, **options)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_headings_are_found_in_every_language_and_any_order(language, ending):
    values = {
        "id": "g1",
        "day": "27/03/2027",
        "start": "9:00",
        "end": "10:30",
        "room": "Hall",
        "title": "Opening",
        "title_fr": "Ouverture",
        "kind": "opening",
        "track": "Main",
        "languages": "fr; en",
        "interpretation": "nl",
        "chair": "Ada Lovelace",
        "speaker": "Łukasz; Marie Claes",
        "abstract": "<p>One <b>two</b></p>",
    }
    with override(language):
        rows = [[str(SESSIONS[name].label) for name in reversed(values)], list(reversed(values.values()))]
    file = io.BytesIO()
    if ending == "csv":
        file.write(to_csv(rows))
    else:
        write_xlsx(rows, file, title="Agenda")
    reading = read_agenda(file.getvalue(), zone="Europe/Brussels")
    assert reading.problems == []
    (one,) = reading.sessions
    assert (one.key, one.title, one.texts, one.abstract) == ("g1", "Opening", {"title_fr": "Ouverture"}, "One **two**")
    assert (one.room, one.track, one.kind, one.languages, one.interpretation) == ("Hall", "Main", "opening", ("fr", "en"), ("nl",))
    assert told(reading) == [("row 2", "Opening", "27 08:00", "27 09:30")]
    assert [(person.name, person.role) for person in one.people] == [
        ("Ada Lovelace", "chair"),
        ("Łukasz", "speaker"),
        ("Marie Claes", "speaker"),
    ]


@pytest.mark.parametrize(
    ("day", "start", "end", "expected"),
    [
        ("Saturday 27 March", "9:00", "10:30", ("27 08:00", "27 09:30")),
        ("27.03.2027", "9 Uhr", "9.45 Uhr", ("27 08:00", "27 08:45")),
        ("samedi", "9h", "9h30", ("27 08:00", "27 08:30")),
        ("2027-03-27", "2 pm", "3:15 pm", ("27 13:00", "27 14:15")),
        ("27/03/2027", "09:00–10:00", "", ("27 08:00", "27 09:00")),
        ("", "2027-03-27T09:00:00", "2027-03-27T10:00:00", ("27 08:00", "27 09:00")),
        ("27 March 2027", "23:00", "01:30", ("27 22:00", "28 00:30")),  # across midnight
        ("27 March 2027", "22:00", "24:00", ("27 21:00", "27 23:00")),
        ("27 March 2027", "01:30", "03:30", ("28 00:30", "28 01:30")),  # the night in which summer time begins: an hour long
        ("46473", "0.375", "0.4375", ("27 08:00", "27 09:30")),  # what a spreadsheet keeps behind its formats
    ],
)
def test_days_and_times_are_read_as_people_write_them(day, start, end, expected):
    reading = read(["Title", "Day", "Starts", "Ends"], ["A", day, start, end])
    assert fatal(reading) == []
    assert [row[2:] for row in told(reading)] == [expected]


def test_a_row_without_a_day_is_of_the_day_above_and_one_without_a_time_waits():
    reading = read(
        ["Programme of the conference"],
        [],
        [*HEAD, "Length"],
        ["A", "27/03/2027", "9:00", "", "Hall", "45"],
        ["B", "", "10:00", "", "", "1h30"],
        ["C", "", "", "", "", ""],
    )
    assert told(reading) == [
        ("row 4", "A", "27 08:00", "27 08:45"),
        ("row 5", "B", "27 09:00", "27 10:30"),
        ("row 6", "C", "", ""),
    ]
    assert reading.problems == []


@pytest.mark.parametrize(
    ("row", "place", "words"),
    [
        (["", "27/03/2027", "9:00", "10:00", ""], "row 2", "title is missing"),
        (["A", "31/02/2027", "9:00", "10:00", ""], "row 2", "“31/02/2027” is not a day"),
        (["A", "5 May", "9:00", "10:00", ""], "row 2", "“5 May” is not a day"),
        (["A", "", "9:00", "10:00", ""], "row 2", "On which day it is cannot be read"),
        (["A", "27/03/2027", "soon", "10:00", ""], "row 2", "“soon” is not a time of day"),
        (["A", "27/03/2027", "11:00", "10:00", ""], "row 2", "ends before it starts"),
        (["A", "27/03/2027", "", "10:00", ""], "row 2", "an end or a length, and no start"),
        (["A", "27/03/9999", "9:00", "10:00", ""], "row 2", "The year 9999"),
        (["A" * 201, "27/03/2027", "9:00", "10:00", ""], "row 2", "201 characters"),
        (["A", "27/03/2027", "9:00", "10:00", "R" * 101], "row 2", "101 characters"),
    ],
)
def test_what_is_wrong_is_said_by_row_and_nothing_is_imported(event, row, place, words):
    good = ["Good", "27/03/2027", "15:00", "16:00", "Hall"]
    report = run(event, HEAD, row, good)
    said = [problem for problem in report.problems if problem.is_fatal]
    assert (report.imported, len(said), Session.objects.count(), event.rooms.count()) == (None, 1, 0, 0)
    assert said[0].place == place
    assert words in said[0].words


def test_a_file_that_is_no_list_of_sessions_says_what_would_be_read(event):
    for data in (b"", b"PK\x03\x04", b"\x00\x01\x02", b"Name;Seats\nA;3\n"):
        (problem,) = read_agenda(data, zone="UTC").problems
        assert "Read are schedule.xml, schedule.json, iCalendar, and spreadsheets" in problem.words
    assert "There is no column “Title”" in read_agenda(b"Seats;Country\n3;BE\n", zone="UTC").problems[0].words


def test_a_marking_is_never_taken_from_a_file(event):
    report = run(
        event, [*HEAD, "Audience", "TLP label", "Weather"], ["A", "27/03/2027", "9:00", "10:00", "", "public", "TLP:CLEAR", "rain"]
    )
    assert Session.objects.get().audience == Audience.ORGANISERS
    assert [problem.words for problem in report.problems] == [
        "Columns that were not read: “Weather”.",
        "Never taken from a file, but chosen by whoever imports it: “Audience”, “TLP label”.",
    ]


def test_the_same_list_again_doubles_nothing_and_a_moved_session_is_moved(event):
    rows = [["A", "27/03/2027", "9:00", "10:00", "Hall"], ["Lunch", "27/03/2027", "12:00", "13:00", ""]]
    lunch = ["Lunch", "28/03/2027", "12:00", "13:00", ""]
    first = run(event, HEAD, *rows, lunch).imported
    assert (first.created, first.rooms) == (3, 1)
    assert run(event, HEAD, *rows, lunch).imported.same == 3
    rows[0][2:4] = ["14:00", "15:00"]
    report = run(event, HEAD, *rows, lunch)
    assert (report.imported.created, report.imported.changed, report.imported.same) == (0, 1, 2)
    assert report.lines[0].said == ["Time: Sat 27 March, 09:00–10:00 → Sat 27 March, 14:00–15:00."]
    assert (Session.objects.count(), Slot.objects.count()) == (3, 3)


def test_sessions_made_here_are_known_by_their_reference(event):
    room = RoomFactory(venue=VenueFactory(event=event), name_en="Great Hall", name_fr="Grande salle")
    slot = SlotFactory(session=SessionFactory(event=event, title_en="Old", title_fr="Ancien"), release__number=None, release__event=event)
    rows = [
        ["Reference", "Title", "Day", "Starts", "Ends", "Salle"],
        [slot.session.public_id, "New", "28/03/2027", "9:00", "10:00", "grande SALLE"],
    ]
    report = run(event, *rows)
    assert (report.imported.created, report.imported.changed, report.imported.rooms) == (0, 1, 0)
    slot.refresh_from_db()
    assert (slot.session.title_en, slot.session.title_fr, slot.room) == ("New", "Ancien", room)


def test_empty_cells_change_nothing(event):
    head = ["Reference", "Title", "Day", "Starts", "Ends", "Room", "Track", "Kind", "Speakers", "Abstract", "Languages spoken"]
    run(event, head, ["g1", "A", "27/03/2027", "9:00", "10:00", "Hall", "T", "Panel", "Ada", "Words", "fr"])
    assert run(event, head, ["g1", "A"]).imported.same == 1
    session, slot = Session.objects.get(), Slot.objects.get()
    assert (session.kind, session.track.name, session.abstract_en, session.languages) == (SessionKind.PANEL, "T", "Words", ["fr"])
    assert (slot.room.name, [one.speaker.name for one in slot.contributions.all()]) == ("Hall", ["Ada"])


def test_roles_are_taken_and_changed(event):
    head = ["Reference", "Title", "Day", "Starts", "Ends", "Chairs", "Speakers"]
    run(event, head, ["g1", "A", "27/03/2027", "9:00", "10:00", "Ada", "Bea; Cas"])
    report = run(event, head, ["g1", "A", "27/03/2027", "9:00", "10:00", "Bea", "Ada"])
    found = Slot.objects.get().contributions.order_by("position").values_list("speaker__name", "role")
    assert list(found) == [("Bea", Role.CHAIR), ("Ada", Role.SPEAKER)]
    assert report.lines[0].said == ["People: Ada (Chair), Bea (Speaker), Cas (Speaker) → Bea (Chair), Ada (Speaker)."]
    assert Speaker.objects.count() == 3


def test_a_report_says_what_is_new_what_is_added_and_what_stands_against_it(event):
    report = run(
        event,
        [*HEAD, "Kind"],
        ["A", "27/03/2027", "9:00", "10:00", "Hall", "plenary"],
        ["B", "27/03/2027", "9:30", "10:30", "Hall", "Fireside chat"],
        ["C"],
        apply=False,
    )
    assert [(line.place, line.title, line.outcome) for line in report.lines] == [
        ("row 2", "A", "new"),
        ("row 3", "B", "new"),
        ("row 4", "C", "new"),
    ]
    first, second, third = report.lines
    assert "Time: Sat 27 March, 09:00–10:00." in first.said
    assert "Room: Hall." in first.said
    assert second.said[-1] == "“Fireside chat” is no kind we know; it counts as “Plenary”."
    assert "Without a time: it waits beside the board." in third.said
    assert len(first.conflicts) == len(second.conflicts) == 1
    assert first.conflicts[0].startswith("Blocks the release: Hall is used twice")
    assert report.added == ["Rooms added: Hall."]
    assert (Session.objects.count(), event.rooms.count()) == (0, 0)
