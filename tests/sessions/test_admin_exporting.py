"""The organisers' lists of the agenda as spreadsheets: chosen columns, no live formula, recorded, and read back unchanged."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from django.urls import reverse

from conference.lib.viewer import SYSTEM
from events.models import AuditEntry
from sessions.choices import Role, SessionKind
from sessions.exports.lists import AGENDA_LISTS
from sessions.importers import import_agenda, read_agenda
from sessions.models import Session
from tests.delegates.test_admin_exporting import DANGEROUS
from tests.factories import (
    ContributionFactory,
    EventFactory,
    RegistrationFactory,
    ReleaseFactory,
    RoomFactory,
    SessionFactory,
    SlotFactory,
    SpeakerFactory,
    StaffRoleFactory,
    TrackFactory,
)

pytestmark = pytest.mark.django_db
NIGHT = dt.datetime(2040, 7, 2, 23, tzinfo=dt.UTC)  # 01:00 of the 3rd in Brussels: the evening of the 2nd


@pytest.fixture
def event(client):
    role = StaffRoleFactory(
        event=EventFactory(zone="Europe/Brussels", first_date=dt.date(2040, 7, 1), last_date=dt.date(2040, 7, 3)), role="programme"
    )
    client.force_login(role.user)
    return role.event


def url(event, name="sessions", query=""):
    return reverse("organise:agenda_export", args=[event.slug, name]) + query


def table(response):
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"), newline="")))


def full(event, **facts):
    """A session with everything an export says, in the draft."""
    texts = {"title_en": "Late talks", "title_fr": "Entretiens tardifs", "abstract_en": "One line.\n\nAnother *line*."}
    facts = texts | {"kind": SessionKind.PANEL, "languages": ["fr", "en"], "interpretation": ["de"]} | facts
    session = SessionFactory(event=event, track=TrackFactory(event=event, name_en="Threats"), **facts)
    draft = event.releases.filter(number=None).first() or ReleaseFactory(event=event, number=None)
    room = RoomFactory(venue__event=event, name_en="Hall A")
    slot = SlotFactory(session=session, release=draft, room=room, start_at=NIGHT, end_at=NIGHT + dt.timedelta(minutes=45))
    for role, name in ((Role.CHAIR, "Ana Kovács"), (Role.PANELLIST, "Péter Nagy"), (Role.PANELLIST, "Zoë Ó Briain")):
        ContributionFactory(slot=slot, role=role, speaker=SpeakerFactory(event=event, name=name))
    return session


def test_sessions_are_taken_with_the_columns_of_the_address(client, event):
    full(event)
    query = "?column=day&column=start&column=end&column=length&column=title&column=room&column=panellist"
    rows = table(client.post(url(event, query=query), {"ending": "csv"}))
    assert rows == [
        ["Day", "Starts", "Ends", "Length", "Title", "Room", "Panellists"],
        ["2040-07-02", "01:00", "01:45", "45", "Late talks", "Hall A", "Péter Nagy; Zoë Ó Briain"],
    ]
    entry = AuditEntry.objects.filter(verb="list.export").get()
    assert (entry.details["list"], entry.details["rows"]) == ("sessions", 1)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_taken_comes_back_without_a_change(client, event, ending):
    full(event)
    SessionFactory(event=event, title_en="Not placed")
    before = list(Session.objects.order_by("pk").values())
    content = b"".join(client.post(url(event), {"ending": ending}).streaming_content)
    days = [event.first_date + dt.timedelta(days=n) for n in range(3)]
    reading = read_agenda(content, zone=event.zone, days=days, day_starts_at=event.day_starts_at)
    assert ([problem.is_fatal for problem in reading.problems], len(reading.sessions)) == ([False], 2)  # marks are never taken
    report = import_agenda(event, reading, by=SYSTEM, apply=True)
    assert {line.outcome for line in report.lines} == {"unchanged"}
    assert list(Session.objects.order_by("pk").values()) == before


def test_nobody_is_named_of_a_session_under_the_chatham_house_rule(client, event):
    full(event, chatham_house=True)
    content = b"".join(client.post(url(event), {"ending": "csv"}).streaming_content).decode()
    assert ("Late talks" in content, "Kovács" in content) == (True, False)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_no_cell_is_a_formula(client, event, ending):
    for text in DANGEROUS:
        SpeakerFactory(event=event, name=f"{text}x", organisation=text)
    response = client.post(url(event, "speakers", "?column=name&column=organisation"), {"ending": ending})
    if ending == "csv":
        cells = [cell for row in table(response)[1:] for cell in row]
    else:
        book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
        found = [cell for row in list(book.active.rows)[1:] for cell in row]
        assert {cell.data_type for cell in found} == {"s"}
        cells = [cell.value for cell in found]
    assert (len(cells), [cell for cell in cells if not cell.startswith("'")]) == (2 * len(DANGEROUS), [])


def test_people_of_the_agenda_are_taken_by_name(client, event):
    SpeakerFactory(event=event, name="Zoë", organisation="University", function_en="Professor")
    registered = RegistrationFactory(event=event, delegation__event=event, delegate__given_name="Ana", delegate__family_name="Kovács")
    SpeakerFactory(event=event, name="", registration=registered, function_en="")
    query = "?column=name&column=organisation&column=function_en&column=state&column=appearances"
    organisation = registered.delegation.organisation.name
    assert table(client.post(url(event, "speakers", query), {"ending": "csv"}))[1:] == [
        ["Ana Kovács", str(organisation), "", "Nominated", "0"],
        ["Zoë", "University", "Professor", "", "0"],
    ]


def test_filter_of_the_list_is_respected(client, event):
    SessionFactory(event=event, title_en="Opening", kind="opening")
    SessionFactory(event=event, title_en="Panel", kind="panel")
    rows = table(client.post(url(event, query="?kind=panel&column=title"), {"ending": "csv"}))
    assert rows == [["Title"], ["Panel"]]


@pytest.mark.parametrize("name", AGENDA_LISTS)
@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_for_any_number(client, event, count, name, django_assert_num_queries):
    for _n in range(count):
        full(event)
    with django_assert_num_queries({"sessions": 8, "speakers": 6}[name]):
        client.get(url(event, name))


@pytest.mark.parametrize(("role", "status"), [("manager", 200), ("programme", 200), ("accreditation", 403), ("observer", 403)])
def test_those_who_write_the_agenda_take_it(client, event, role, status):
    client.force_login(StaffRoleFactory(event=event, role=role).user)
    assert client.get(url(event)).status_code == status


def test_unknown_list_does_not_exist(client, event):
    assert client.get(url(event, "people")).status_code == 404
