"""The organisers' lists as spreadsheets: chosen columns, the list's own filter, no live formula, and each export recorded."""

import csv
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conference.lib.viewer import SYSTEM
from delegates import importers
from delegates.exports import LISTS
from delegates.models import Registration
from events.choices import StaffRoleName
from events.models import AuditEntry, ReadRecord
from sessions.models import SignUp
from tests.factories import (
    DelegateFactory,
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    RegistrationFactory,
    SessionFactory,
    StaffRoleFactory,
    hours_from_now,
)

pytestmark = pytest.mark.django_db
# The corpus of cells a program could run (security: CSV and XLSX formulas).
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1", "\n=1", "  =1+1", "＝1+1", "＋1", "－1", "＠a", "\ufeff=1"]


@pytest.fixture
def event(client):
    role = StaffRoleFactory(event=EventFactory())
    client.force_login(role.user)
    return role.event


@pytest.fixture
def delegation(event):
    return DelegationFactory(event=event, organisation__name_en="Partner service", organisation__country="HU", seats=4)


def url(event, name="people", query=""):
    return reverse("organise:export", args=[event.slug, name]) + query


def table(response):
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"), newline="")))


def sheet(response):
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return book.active


def person(delegation, name, **facts):
    return RegistrationFactory(
        delegation=delegation, delegate=DelegateFactory(organisation=delegation.organisation, family_name=name), **facts
    )


def test_columns_of_the_address_are_shown_and_taken(client, event, delegation):
    person(delegation, "Kovács", function="Analyst")
    query = "?column=family_name&column=function"
    page = client.get(url(event, query=query))
    assert (page.context["heading"], page.context["rows"]) == (["Family name", "Function"], [["Kovács", "Analyst"]])
    response = client.post(url(event, query=query), {"ending": "csv"})
    assert table(response) == [["Family name", "Function"], ["Kovács", "Analyst"]]
    assert response.headers["Content-Disposition"].startswith(f'attachment; filename="{event.slug}-people-')
    assert "no-store" in response.headers["Cache-Control"]


def test_without_a_choice_all_columns_are_taken(client, event, delegation):
    person(delegation, "Kovács")
    assert len(table(client.post(url(event), {"ending": "csv"}))[0]) == len(LISTS["people"][1])


def test_filter_of_the_list_is_respected_and_kept(client, event, delegation):
    person(delegation, "Nominated")
    person(delegation, "Approved", state="approved")
    query = "?state=approved&column=family_name"
    assert '<input type="hidden" name="state" value="approved">' in client.get(url(event, query=query)).content.decode()
    assert table(client.post(url(event, query=query), {"ending": "csv"})) == [["Family name"], ["Approved"]]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_no_cell_of_a_stranger_is_a_formula(client, event, ending):
    delegation = DelegationFactory(event=event, seats=len(DANGEROUS))
    for text in DANGEROUS:
        person(delegation, f"{text}x", needs=text)
    response = client.post(url(event, query="?column=family_name&column=needs"), {"ending": ending})
    if ending == "csv":
        cells = [cell for row in table(response)[1:] for cell in row]
    else:
        found = [cell for row in list(sheet(response).rows)[1:] for cell in row]
        assert {cell.data_type for cell in found} == {"s"}
        cells = [cell.value for cell in found]
    assert len(cells) == 2 * len(DANGEROUS)
    assert [cell for cell in cells if not cell.startswith("'")] == []


def test_who_took_which_columns_of_which_list_is_recorded(client, event, delegation):
    person(delegation, "Kovács")
    client.get(url(event))
    assert AuditEntry.objects.count() == 0
    client.post(url(event, query="?column=email"), {"ending": "csv"})
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.details) == ("list.export", {"list": "people", "columns": ["email"], "rows": 1})
    assert [(read.verb, read.target) for read in ReadRecord.objects.all()] == [("export", str(event))]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_every_list_is_written(client, event, delegation, name, ending):
    waiting = person(delegation, "Kovács", state="waitlisted", queued_at=hours_from_now(-1))
    FocalPointFactory(delegation=delegation, name="Ádám Nagy")
    SignUp.objects.create(event=event, session=SessionFactory(event=event), registration=waiting, joined_at=hours_from_now(-1))
    response = client.post(url(event, name), {"ending": ending})
    rows = table(response) if ending == "csv" else [[cell.value or "" for cell in row] for row in sheet(response).rows]
    heading, row = rows
    assert heading == [str(column.label) for column in LISTS[name][1].values()]
    assert "Hungary" in row


def test_place_in_the_waiting_list_is_by_the_moment_of_naming(client, event, delegation):
    person(delegation, "Second", state="waitlisted", queued_at=hours_from_now(-1))
    person(delegation, "First", state="waitlisted", queued_at=hours_from_now(-2))
    person(DelegationFactory(event=event), "Other", state="waitlisted", queued_at=hours_from_now(-3))
    rows = table(client.post(url(event, "waiting-list", "?column=place&column=family_name"), {"ending": "csv"}))
    assert sorted(rows[1:]) == [["1", "First"], ["1", "Other"], ["2", "Second"]]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_exported_list_comes_back_unchanged(client, event, delegation, ending):
    person(delegation, "Kovács", function="Analyst")
    person(delegation, "Nagy", category="expert")
    response = client.post(url(event), {"ending": ending})
    data = b"".join(response.streaming_content)
    kept = importers.keep_upload(event, "nominations", SimpleUploadedFile(f"list.{ending}", data), by=SYSTEM)
    assert (kept.state, kept.counts, Registration.objects.count()) == ("checked", {"unchanged": 2}, 2)


@pytest.mark.parametrize("role", [StaffRoleName.OBSERVER, StaffRoleName.RECEPTION, StaffRoleName.SECURITY, StaffRoleName.PROGRAMME])
def test_those_who_may_not_see_addresses_take_no_list(client, event, role):
    client.force_login(StaffRoleFactory(event=event, role=role).user)
    assert {client.get(url(event, name)).status_code for name in LISTS} == {403}


def test_list_that_is_none_and_column_that_is_none(client, event):
    assert client.get(url(event, "passwords")).status_code == 404
    answer = client.post(url(event, query="?column=password"), {"ending": "csv"})
    assert (answer.status_code, AuditEntry.objects.count()) == (200, 0)
    assert "Select a valid choice" in answer.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_any_number(client, event, delegation, count, django_assert_num_queries):
    for number in range(count):
        person(delegation, f"Person {number}")
    client.get(url(event))
    with django_assert_num_queries(8):
        client.get(url(event))
