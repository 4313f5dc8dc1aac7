"""The organisers' pages of agendas sent as files: shown first, taken as shown or not at all, by the worker when large."""

import csv
import io
import json
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conference import actions as acts
from conference.lib.spreadsheets import to_csv
from conference.lib.viewer import SYSTEM
from delegates.choices import ImportState
from events.choices import Audience, StaffRoleName
from events.models import AuditEntry
from sessions.choices import Label, PublicIdentity
from sessions.importers import runs
from sessions.models import AgendaImport, Release, Session, Slot, Speaker
from tests.factories import AgendaImportFactory, EventFactory, StaffRoleFactory, hours_from_now

pytestmark = pytest.mark.django_db
HEAD = ["Title", "Day", "Starts", "Ends", "Room", "Speakers"]


@pytest.fixture
def role(client):
    role = StaffRoleFactory(event=EventFactory(), role=StaffRoleName.PROGRAMME)
    client.force_login(role.user)
    return role


@pytest.fixture
def event(role):
    return role.event


def url(name, event, *rest):
    return reverse(f"organise:{name}", args=[event.slug, *rest])


def table(event, *rows) -> bytes:
    day = f"{event.first_date:%d/%m/%Y}"
    return to_csv([HEAD, *([row[0], day, *row[1:]] for row in rows)])


OPENING, PANEL = ["Opening", "9:00", "10:00", "Hall", "Ada"], ["Panel", "9:30", "11:00", "Hall", "Bea; <b>Cas</b>"]


def send(client, event, data, name="agenda.csv", **choices):
    fields = {"audience": "organisers", "label": "", "texts_in": event.working_language, "file": SimpleUploadedFile(name, data)}
    return client.post(url("agenda_imports", event), fields | choices)


def shown(client, event, query="") -> str:
    answer = client.get(url("agenda_import", event, AgendaImport.objects.get().public_id) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def press(client, event, act):
    with TestCase.captureOnCommitCallbacks(execute=True):
        return client.post(url(f"agenda_import_{act}", event, AgendaImport.objects.get().public_id), follow=True).content.decode()


def test_an_agenda_is_shown_first_and_taken_by_the_button(client, event):
    sent = send(client, event, table(event, OPENING, PANEL))
    kept = AgendaImport.objects.get()
    assert (sent.status_code, sent.url) == (302, url("agenda_import", event, kept.public_id))
    assert (Session.objects.count(), event.rooms.count(), Speaker.objects.count()) == (0, 0, 0)
    page = shown(client, event)
    assert "Rooms added: Hall." in page
    assert "Persons added: Ada, Bea, &lt;b&gt;Cas&lt;/b&gt;." in page
    assert "Hall is used twice" in page
    assert "2 sessions would have conflicts." in page
    assert "New sessions would be for: Organisers, TLP:RED" in page
    assert "The agenda is in the draft. Nothing is released." in press(client, event, "take")
    assert set(Session.objects.values_list("title_en", "audience", "label")) == {
        ("Opening", Audience.ORGANISERS, Label.RED),
        ("Panel", Audience.ORGANISERS, Label.RED),
    }
    assert (Slot.objects.draft().count(), Release.objects.numbered().count()) == (2, 0)
    kept.refresh_from_db()
    assert (kept.state, kept.sealed_key, default_storage.exists(kept.storage_name)) == (ImportState.DONE, "", False)
    verbs = AuditEntry.objects.filter(event=event, verb__startswith="agenda.").values_list("verb", flat=True)
    assert sorted(verbs) == ["agenda.import", "agenda.send"]


def test_the_same_file_again_has_nothing_to_take(client, event):
    send(client, event, table(event, OPENING))
    press(client, event, "take")
    AgendaImport.objects.all().delete()
    send(client, event, table(event, OPENING))
    page = shown(client, event)
    assert "All of it is in the draft already." in page
    assert url("agenda_import_take", event, AgendaImport.objects.get().public_id) not in page


def test_the_audience_is_chosen_and_can_be_changed_without_sending_again(client, event):
    send(client, event, table(event, OPENING))
    kept = AgendaImport.objects.get()
    answer = client.post(url("agenda_import", event, kept.public_id), {"audience": "public", "label": "", "texts_in": "fr"})
    assert answer.status_code == 302
    page = shown(client, event)
    assert "New sessions would be for: Public, TLP:CLEAR" in page
    assert "Persons who are added would be shown with their names" in page
    press(client, event, "take")
    session = Session.objects.get()
    assert (session.audience, session.label, session.title_fr, session.title_en) == (Audience.PUBLIC, Label.CLEAR, "Opening", "")
    assert Speaker.objects.get().public_identity == PublicIdentity.FULL


def test_choices_stay_when_the_form_is_wrong(client, event):
    page = send(client, event, table(event, OPENING), audience="public", label="TLP:AMBER", texts_in="nl").content.decode()
    assert AgendaImport.objects.count() == 0
    assert '<option value="public" selected>' in page
    assert '<option value="TLP:AMBER" selected>' in page
    assert '<option value="nl" selected>' in page
    without = client.post(url("agenda_imports", event), {"audience": "eu", "texts_in": "fr"}).content.decode()
    assert "Choose a file." in without
    assert '<option value="eu" selected>' in without


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><schedule>&b;</schedule>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><schedule>&a;</schedule>'
TALK = b'\n<event guid="x"><title>A</title><start>9:00</start></event>'
TWICE = b'<schedule><day date="2024-04-25">\n<room name="A">' + 2 * TALK + b"</room></day></schedule>"
TIMES = b"DTSTART:20240425T100000Z\r\nDTEND:20240425T090000Z\r\n"
BACKWARDS = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:A\r\n" + TIMES + b"END:VEVENT\r\nEND:VCALENDAR"


def zip_bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b"0" * 70_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        (b"<schedule>\n<day>", "line 2", "not well-formed XML"),
        (BOMB, "The file", "document type or entities"),
        (OUTSIDE, "The file", "document type or entities"),
        (b'{"schedule": \n[', "line 2", "not well-formed JSON"),
        (b'{"schedule": []}', "schedule", "must be an object"),
        (TWICE, "line 4", "same identity as the one at line 3"),
        (BACKWARDS, "line 2", "ends before it starts"),
        (zip_bomb(), "The file", "too large once unpacked"),
        (b"Title;Day;Starts;Ends\nA;25/04/2024;10:00;9:00\n", "row 2", "ends before it starts"),
        (b"Name;Seats\nA;3\n", "row 1", "There is no column “Title”"),
        (b"\x00\x01\x02\x03", "The file", "cannot be read"),
    ],
)
def test_bad_input_names_place_and_reason_and_nothing_is_imported(client, event, data, place, words):
    assert send(client, event, data).status_code == 302
    page = shown(client, event)
    assert "Nothing was changed, because something stops the import:" in page
    assert f'<th scope="row">{place}</th>' in page
    assert words in page
    assert "root:" not in page
    kept = AgendaImport.objects.get()
    assert (kept.state, Session.objects.count(), Release.objects.count(), event.rooms.count()) == (ImportState.FAILED, 0, 0, 0)
    assert "This import has changed meanwhile." in press(client, event, "take")
    assert Session.objects.count() == 0


def test_a_file_of_a_hundred_megabytes_is_refused_in_words_and_the_choices_stay(client, event):
    answer = send(client, event, b" " * 100 * 1024 * 1024, audience="eu")
    page = answer.content.decode()
    assert (answer.status_code, AgendaImport.objects.count()) == (200, 0)
    assert "The file has 100 MB, and at most 20 are read." in page
    assert '<option value="eu" selected>' in page


def test_unknown_rooms_are_said_and_added_to_what_is_there(client, event):
    send(client, event, table(event, OPENING, ["Walk", "12:00", "13:00", "Garden", ""]))
    assert "Rooms added: Hall, Garden." in shown(client, event)


def test_an_agenda_changed_meanwhile_is_shown_again_instead_of_taken(client, event):
    send(client, event, table(event, OPENING))
    kept = AgendaImport.objects.get()
    other = SimpleUploadedFile("other.csv", table(event, ["Opening", "15:00", "16:00", "Hall", "Ada"]))
    runs.take(runs.keep_upload(event, other, audience="organisers", label=Label.RED, texts_in="en", by=SYSTEM), by=SYSTEM)
    before = Slot.objects.get().start_at
    page = client.post(url("agenda_import_take", event, kept.public_id), follow=True).content.decode()
    assert "The agenda was changed meanwhile: read again what would be done." in page
    assert "15:00–16:00 → " in page
    assert Slot.objects.get().start_at == before
    client.post(url("agenda_import_take", event, kept.public_id))
    assert Slot.objects.get().start_at != before


def test_pressing_twice_takes_once(client, event):
    send(client, event, table(event, OPENING))
    press(client, event, "take")
    assert "This import has changed meanwhile." in press(client, event, "take")
    assert Session.objects.count() == 1


def test_a_large_file_waits_for_the_worker(client, event, monkeypatch):
    monkeypatch.setattr(runs, "SMALL_BYTES", 10)
    send(client, event, table(event, OPENING))
    page = shown(client, event)
    assert "data-progress" in page
    assert "Waits to be read" in page
    progress = client.get(url("agenda_import_progress", event, AgendaImport.objects.get().public_id)).json()
    assert (progress["ended"], progress["state"]) == (False, "waiting")
    call_command("worker", "--once")
    assert "Rooms added: Hall." in shown(client, event)
    press(client, event, "take")
    assert (AgendaImport.objects.get().state, Session.objects.count()) == (ImportState.QUEUED, 0)
    call_command("worker", "--once")
    assert (AgendaImport.objects.get().state, Session.objects.count()) == (ImportState.DONE, 1)
    assert runs.work(timezone.now()) is False


def test_a_worker_that_died_leaves_nothing_by_halves(client, event, monkeypatch):
    send(client, event, table(event, OPENING, PANEL))
    monkeypatch.setattr(runs, "_finish", lambda kept, report: 1 / 0)  # the last thing in the transaction
    with pytest.raises(ZeroDivisionError):
        runs.take(AgendaImport.objects.get(), by=SYSTEM)
    assert (Session.objects.count(), Slot.objects.count()) == (0, 0)
    monkeypatch.undo()
    assert runs.work(timezone.now()) is False  # it may still be at work
    assert runs.work(hours_from_now(1)) is True
    assert (AgendaImport.objects.get().state, Session.objects.count()) == (ImportState.DONE, 2)


def test_who_lost_the_right_meanwhile_imports_nothing(client, event, role, monkeypatch):
    monkeypatch.setattr(runs, "SMALL_BYTES", 10)
    send(client, event, table(event, OPENING))
    runs.work(timezone.now())
    press(client, event, "take")
    role.until_at = timezone.now()
    role.save()
    runs.work(timezone.now())
    kept = AgendaImport.objects.get()
    assert (kept.state, Session.objects.count()) == (ImportState.FAILED, 0)
    assert kept.report["problems"][0]["words"] == "Whoever sent this file may not import it any more."


def test_a_file_can_be_removed_and_old_ones_go_by_themselves(client, event):
    for _count in range(2):
        send(client, event, table(event, OPENING))
    first, second = AgendaImport.objects.order_by("pk")
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(url("agenda_import_remove", event, first.public_id))
    first.refresh_from_db()
    assert (first.state, first.sealed_report, default_storage.exists(first.storage_name)) == (ImportState.REMOVED, "", False)
    AgendaImport.objects.update(expires_at=hours_from_now(-1))
    acts.tidy(timezone.now())
    second.refresh_from_db()
    assert (second.state, second.sealed_report, default_storage.exists(second.storage_name)) == (ImportState.REMOVED, "", False)


def test_a_file_that_is_gone_is_said(client, event):
    send(client, event, table(event, OPENING))
    default_storage.delete(AgendaImport.objects.get().storage_name)
    assert "The file is not there any more. Send it again." in press(client, event, "take")
    assert (AgendaImport.objects.get().state, Session.objects.count()) == (ImportState.FAILED, 0)


def test_what_is_kept_is_sealed(client, event):
    send(client, event, table(event, ["ZqSecretTalk", "9:00", "10:00", "Hall", ""]))
    kept = AgendaImport.objects.get()
    with default_storage.open(kept.storage_name) as file:
        assert b"ZqSecretTalk" not in file.read()
    row = json.dumps(AgendaImport.objects.values().get(), default=str)
    assert "ZqSecretTalk" not in row
    assert "ZqSecretTalk" in json.dumps(kept.report)


def test_lines_can_be_chosen_and_taken_away_as_a_list(client, event):
    send(client, event, table(event, OPENING, PANEL, ["Lunch", "12:00", "13:00", "Garden", ""]))
    assert "Lunch" not in shown(client, event, "?lines=conflicts").partition("What would become")[2]
    answer = client.get(url("agenda_import_report", event, AgendaImport.objects.get().public_id))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[:3] for row in rows] == [
        ["Place in the file", "Session", "What happens"],
        ["row 2", "Opening", "New"],
        ["row 3", "Panel", "New"],
        ["row 4", "Lunch", "New"],
    ]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_example_can_be_imported(client, event, ending):
    data = client.get(url("agenda_imports_example", event, ending)).content
    send(client, event, data, name=f"agenda.{ending}")
    kept = AgendaImport.objects.get()
    assert (kept.state, kept.counts["created"], kept.report["problems"]) == (ImportState.CHECKED, 2, [])


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_of_any_number(client, event, count):
    for _number in range(count):
        AgendaImportFactory(event=event, uploaded_by=StaffRoleFactory(event=event).user)
    with CaptureQueriesContext(connection) as queries:
        client.get(url("agenda_imports", event))
    assert len(queries) == 7


@pytest.mark.parametrize("facts", [{"state": "x"}, {"audience": "selected"}, {"label": "x"}, {"audience": "public"}, {"sealed_key": ""}])
def test_the_database_refuses_what_may_not_be(facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaImportFactory(**facts)
