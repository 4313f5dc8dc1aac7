"""`manage.py import_schedule` with what must not be imported: it ends with 1, names place and reason, and leaves nothing behind."""

import datetime as dt
import io
import zipfile

import pytest
from django.core.management import CommandError, call_command

from events.choices import EventState
from events.models import AuditEntry, Event, Room, Series, Venue
from sessions.models import Release, Session, Slot, Speaker, Track
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db
TRACES = (Session, Slot, Release, Speaker, Track, Room, Venue)


@pytest.fixture
def event():
    return EventFactory(first_date=dt.date(2027, 3, 27), last_date=dt.date(2027, 3, 28), zone="Europe/Brussels", slug="there")


def talk(guid="g1", **texts):
    values = {"title": "A talk", "date": "2027-03-27T10:00:00+01:00", "duration": "00:45", "room": "Main", "track": "T"} | texts
    return f'\n<event guid="{guid}">{"".join(f"<{name}>{value}</{name}>" for name, value in values.items())}</event>'


def xml(*talks):
    day = f'<day date="2027-03-27"><room name="Main">{"".join(talks)}</room></day>'
    return f"<schedule>\n<conference><title>C</title></conference>{day}</schedule>".encode()


def ics(times):
    return f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:A\r\n{times}\r\nEND:VEVENT\r\nEND:VCALENDAR".encode()


def zip_bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b"0" * 70_000_000)
    return file.getvalue()


@pytest.fixture
def run(tmp_path):
    """Run the command on bytes; give what it printed and, when it failed, its last words."""

    def ran(data, *options):
        path = tmp_path / "agenda"
        path.write_bytes(data)
        said = io.StringIO()
        try:
            call_command("import_schedule", str(path), *options, stdout=said, stderr=said)
        except CommandError as error:
            return said.getvalue(), str(error) if error.returncode == 1 else f"ended with {error.returncode}"
        return said.getvalue(), ""

    return ran


def traces():
    return sum(model.objects.count() for model in TRACES) + AuditEntry.objects.filter(verb__startswith="agenda.").count()


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><schedule>&b;</schedule>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><schedule>&a;</schedule>'
BAD = {
    "nothing": (b"", "Read are schedule.xml"),
    "cut off": (b"<schedule>\n<day>", "line 2: This is not well-formed XML"),
    "another document": (b"<html></html>", "must be “schedule”"),
    "a bomb": (BOMB, "document type or entities"),
    "a file of the machine": (OUTSIDE, "document type or entities"),
    "broken JSON": (b'{"schedule": \n[', "line 2: This is not well-formed JSON"),
    "JSON of another shape": (b'{"schedule": {"conference": {"days": [{"rooms": {"A": 7}}]}}}', 'days[0].rooms["A"]: '),
    "nested too deeply": (b'{"a":' * 100_000, "nested too deeply"),
    "identities twice": (xml(talk("a"), talk("a")), "line 4: This session has the same identity as the one at line 3."),
    "no title beside a good one": (xml(talk("a"), talk("b", title="")), "line 4: The title is missing."),
    "no time": (xml(talk(date="never")), "line 3: When it starts cannot be read."),
    "ends before it starts": (ics("DTSTART:20270327T100000Z\r\nDTEND:20270327T090000Z"), "line 2: It ends before it starts."),
    "ends before it starts, in a table": (b"Title;Day;Starts;Ends\nA;27/03/2027;10:00;9:00\n", "row 2: It ends before it starts."),
    "a table of something else": (b"Name;Seats\nA;3\n", "row 1: There is no column “Title”"),
    "a packed bomb": (zip_bomb(), "too large once unpacked"),
    "100 MB": (b" " * 100 * 1024 * 1024, "larger than 20 MB"),
}


@pytest.mark.parametrize("options", [("--event", "there"), ("--event", "new", "--create"), ("--event", "there", "--dry-run")])
@pytest.mark.parametrize(("data", "words"), BAD.values(), ids=BAD)
def test_bad_input_names_place_and_reason_and_leaves_nothing(event, run, data, words, options):
    said, end = run(data, *options)
    assert words in said
    assert end == "nothing was imported"
    assert "root:" not in said
    assert (traces(), Event.objects.count(), Series.objects.count()) == (0, 1, 1)


def test_the_same_file_without_its_fault_is_imported(event, run):
    """The control of all of the above: what they look for is there when the import goes well."""
    said, end = run(xml(talk("a"), talk("b")), "--event", "there")
    assert ("created 2" in said, end) == (True, "")
    assert all(model.objects.count() for model in (Session, Slot, Release, Track, Room, Venue))
    assert traces() > 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--event", "there", "--audience", "public", "--label", "TLP:AMBER"), "nothing was imported"),
        (("--event", "nowhere"), "no such event"),
        (("--event", "new", "--create", "--zone", "Europe/Nowhere"), "no such time zone: Europe/Nowhere"),
        (("--event", "Not an address", "--create"), "the event cannot be made: slug: "),
    ],
)
def test_options_that_cannot_be_meant_are_refused_in_words(event, run, options, words):
    _said, end = run(xml(talk()), *options)
    assert words in end
    assert (traces(), Event.objects.count(), Series.objects.count()) == (0, 1, 1)


def test_a_title_that_no_event_can_have_is_refused_in_words(event, run):
    _said, end = run(xml(talk()).replace(b">C<", b">" + b"C" * 300 + b"<"), "--event", "new", "--create")
    assert end.startswith("the event cannot be made: title_en: ")
    assert (traces(), Event.objects.count(), Series.objects.count()) == (0, 1, 1)


def test_what_cannot_be_released_is_not_imported_either(event, run):
    """A room used twice blocks the release, and the sessions go with it."""
    said, end = run(xml(talk("a"), talk("b")), "--event", "there", "--release")
    assert "Main is used twice" in said + end
    assert traces() == 0


def test_a_closed_event_takes_nothing(event, run):
    Event.objects.update(state=EventState.CLOSED)
    said, end = run(xml(talk()), "--event", "there")
    assert end == "nothing was imported"
    assert said.strip()
    assert traces() == 0


def test_an_event_is_made_only_of_what_says_when(event, run):
    _said, end = run(b"Title\nA\n", "--event", "new", "--create")
    assert end == "no session has a time, so nobody knows when the event is; make it first"
    assert (traces(), Event.objects.count(), Series.objects.count()) == (0, 1, 1)


def test_a_file_that_cannot_be_opened_is_said(event, tmp_path):
    for path in (tmp_path / "nothing", tmp_path):
        with pytest.raises(CommandError, match=f"{path} cannot be read"):
            call_command("import_schedule", str(path), "--event", "there")


def test_unknown_rooms_are_named_before_they_are_added(event, run):
    said, _end = run(xml(talk()), "--event", "there", "--dry-run")
    assert "Rooms added: Main." in said
    assert traces() == 0
