"""The focal point's spreadsheets: a dry run first, all rows or the good ones, who waits said beforehand, requests after the deadline."""

import io
import itertools

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from delegates import importers
from delegates.models import Import, LateRequest, Registration
from events.models import OutboxMail
from tests.delegates.test_late import address, at_stage, focal_of, member, send
from tests.factories import (
    DelegateFactory,
    DelegationFactory,
    FocalPointFactory,
    ImportFactory,
    RegistrationFactory,
    UserFactory,
)
from tests.project.test_spreadsheets import computed, saved

pytestmark = pytest.mark.django_db
HEADING = "Family name;Given name;E-mail;Category"
LINES = ("Łukasz;Ana;a@example.org;Expert", "Nagy;;b@example.org;", ";Ché;c@example.org;")


@pytest.fixture
def delegation():
    return at_stage("open", seats=2)


@pytest.fixture
def focal(client, delegation):
    return focal_of(client, delegation)


def bring(client, delegation, *lines, **more):
    file = SimpleUploadedFile("people.csv", "\n".join([HEADING, *lines]).encode())
    return send(client, "sheets", delegation, file=file, **more)


def choose(client, delegation, **said):
    return send(client, "sheet", delegation, Import.objects.latest("pk").public_id, **({"choice": "all"} | said))


def names():
    return [(row.delegate.full_name, row.category, row.state) for row in Registration.objects.order_by("position", "pk")]


def test_list_is_tried_first_and_says_who_waits(client, delegation, focal):
    page = client.get(address("sheets", delegation)).content.decode()
    assert "2 seats are free" in page
    body = bring(client, delegation, *LINES).content.decode()
    assert "For 1 person no seat is free: they come on the waiting list." in body
    assert "No seat is free: on the waiting list of" in body
    assert "Take 3 rows" in body
    assert (names(), Import.objects.get().state) == ([], "checked")
    body = choose(client, delegation).content.decode()
    assert "3 rows were taken." in body
    assert names() == [("Ana Łukasz", "expert", "nominated"), ("Nagy", "delegate", "nominated"), ("Ché", "delegate", "waitlisted")]
    assert OutboxMail.objects.count() == 0


def test_same_list_again_names_nobody_twice(client, delegation, focal):
    for _time in range(2):
        bring(client, delegation, *LINES)
        choose(client, delegation)
    assert len(names()) == 3
    assert Import.objects.latest("pk").counts == {"unchanged": 3}


def test_list_does_not_tell_what_a_person_gave_themselves(client, delegation, focal):
    """The same answer to a right and a wrong guess of a birth date and a nationality, and by the birth date nobody is found."""
    person = DelegateFactory(
        organisation=delegation.organisation, family_name="Nagy", email="n@example.org", birth_date="1980-02-29", nationalities=["HU"]
    )
    RegistrationFactory(delegation=delegation, delegate=person, state="approved", category="delegate")
    told = []
    for email, guess in itertools.product(("n@example.org", "other@example.org"), ("29/02/1980;HU", "01/01/1981;FI")):
        sheet = f"{HEADING};Date of birth;Nationality\nNagy;{person.given_name};{email};Delegate;{guess}"
        send(client, "sheets", delegation, file=SimpleUploadedFile("people.csv", sheet.encode()))
        row = Import.objects.latest("pk").rows.get()
        told.append((row.outcome, row.words["done"], row.words["problems"]))
    assert [outcome for outcome, _done, _problems in told] == ["unchanged", "unchanged", "new", "new"]
    assert (told[0], told[2]) == (told[1], told[3])


def test_row_with_a_mistake_is_named_and_all_or_none_takes_none(client, delegation, focal):
    body = bring(client, delegation, LINES[0], "Nagy;;not an address;Press", ";;;").content.decode()
    assert "1 row has a problem." in body
    assert "<q>not an address</q>" in body
    body = choose(client, delegation).content.decode()
    assert "Nothing was done: a row has a problem" in body
    assert names() == []
    choose(client, delegation, choice="good")
    assert names() == [("Ana Łukasz", "expert", "nominated")]


def test_row_of_another_delegation_is_refused(client, delegation, focal):
    other = DelegationFactory(event=delegation.event, organisation__name_en="Another service")
    file = SimpleUploadedFile("people.csv", "Delegation;Name;E-mail\nAnother service;Ana Łukasz;a@example.org".encode())
    body = send(client, "sheets", delegation, file=file).content.decode()
    assert "This row is for another delegation than yours." in body
    assert Import.objects.get().good == 0
    assert other.registrations.count() == 0


def test_import_of_another_delegation_does_not_exist(client, delegation, focal):
    other = ImportFactory(event=delegation.event, delegation=DelegationFactory(event=delegation.event))
    of_event = ImportFactory(event=delegation.event)
    for kept in (other, of_event):
        for page in ("sheet", "sheet_progress"):
            assert client.get(address(page, delegation, kept.public_id)).status_code == 404
        assert client.post(address("sheet", delegation, kept.public_id), {"remove": "1"}).status_code == 404


def test_stale_hat_imports_nothing(client, delegation, focal):
    bring(client, delegation, *LINES)
    body = choose(client, delegation, hat="focal:another").content.decode()
    assert "You now act in another capacity" in body
    assert names() == []


def test_file_is_removed_when_given_up(client, delegation, focal):
    bring(client, delegation, *LINES)
    body = choose(client, delegation, remove="1").content.decode()
    assert "The file is removed. Nothing was changed." in body
    kept = Import.objects.get()
    assert (kept.state, kept.file_name, kept.rows.count(), names()) == ("removed", "", 0, [])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no workbook", b"Colour;Size\nred;3"])
def test_file_that_is_no_list_says_so(client, delegation, focal, content):
    response = send(client, "sheets", delegation, file=SimpleUploadedFile("people.xlsx", content))
    said = "".join(str(error) for error in response.context["form"].errors.values()) + response.content.decode()
    assert 'class="notice notice--alert" role="alert"' in said or "The file is empty." in said
    assert names() == []


def merged() -> bytes:
    """Two people of one category that stands in a cell merged downwards."""
    book = Workbook()
    for line in (["Category", "Family name"], ["Expert", "Łukasz"], [None, "Nagy"]):
        book.active.append(line)
    book.active.merge_cells("A2:A3")
    return saved(book)


STRANGE = {
    "merged cells": (merged(), "Merged cells were read as if each of them held the value.", ["Łukasz", "Nagy"]),
    "formula": (computed("A1", "Nagy", ' t="str"', heading="Family name"), "Take 1 row", ["Nagy"]),
    "formula without a value": (computed("1+1", None, heading="Family name"), "The cell holds a formula without a value.", []),
    "old encoding": ("Family name;E-mail\nMüller;a@example.org".encode("cp1252"), "read as Windows-1252", ["Müller"]),
    "a million empty rows": (b"Family name\nNagy" + b"\n" * 1_000_000, "after more than 1000 empty rows", ["Nagy"]),
}


@pytest.mark.parametrize("case", STRANGE)
def test_strange_file_is_read_as_far_as_it_can_be_and_the_page_says_how(client, delegation, focal, case):
    content, words, people = STRANGE[case]
    send(client, "sheets", delegation, file=SimpleUploadedFile("people.csv", content))
    importers.work(timezone.now())  # the large one is the worker's
    kept = Import.objects.get()
    assert words in client.get(address("sheet", delegation, kept.public_id)).content.decode()
    send(client, "sheet", delegation, kept.public_id, choice="all")
    importers.work(timezone.now())
    assert [row.delegate.family_name for row in Registration.objects.order_by("pk")] == people


def test_list_after_the_deadline_becomes_requests(client):
    delegation = at_stage("nominations over", seats=2)
    focal_of(client, delegation)
    member(delegation, delegate__given_name="Ché", delegate__family_name="", delegate__email="c@example.org")
    body = bring(client, delegation, *LINES, "Kiss;;;").content.decode()
    assert "The people of this list can still be asked for" in body
    assert "A request to the organisers, who decide" in body
    assert "Write the address the person’s invitation goes to." in body
    assert LateRequest.objects.count() == 0
    body = choose(client, delegation, choice="good").content.decode()
    assert "The organisers decide about each request" in body
    assert sorted(request.name for request in LateRequest.objects.all()) == ["Ana Łukasz", "Nagy"]
    assert len(names()) == 1
    bring(client, delegation, LINES[0])
    assert Import.objects.latest("pk").counts == {"problem": 1}  # asked for already


def test_deadline_passing_after_the_dry_run_changes_nothing_unsaid(client, delegation, focal):
    bring(client, delegation, *LINES)
    event = delegation.event
    event.nominate_by_at = timezone.now()
    event.save(update_fields=["nominate_by_at"])
    body = choose(client, delegation).content.decode()
    assert "Nothing was done" in body
    assert "The people of this list can still be asked for" in body
    assert (names(), LateRequest.objects.count()) == ([], 0)
    choose(client, delegation)
    assert LateRequest.objects.count() == 3


def test_late_list_is_bounded(client):
    delegation = at_stage("nominations over")
    focal_of(client, delegation)
    bring(client, delegation, *(f"Name{number};;n{number}@example.org;" for number in range(101)))
    kept = Import.objects.get()
    assert kept.counts == {"new": 100, "problem": 1}
    assert kept.rows.get(outcome="problem").words["problems"][0][2].startswith("After the deadline at most 100 people")


def test_right_that_ended_between_pages_ends_the_import(client, delegation, focal):
    bring(client, delegation, *LINES)
    with time_machine.travel(timezone.now(), tick=True):
        focal.until_at = timezone.now()
        focal.save(update_fields=["until_at"])
        response = client.post(address("sheet", delegation, Import.objects.get().public_id), {"choice": "all"})
    assert response.status_code == 403
    assert names() == []


def test_colleague_who_shares_the_role_takes_a_list_over(client, delegation, focal):
    bring(client, delegation, LINES[0])
    second = FocalPointFactory(delegation=delegation, user=UserFactory())
    client.force_login(second.user)
    choose(client, delegation)
    assert len(names()) == 1
    assert Import.objects.get().uploaded_by == second.user


def test_example_is_a_list_that_can_be_sent(client, delegation, focal):
    response = client.get(address("sheet_example", delegation, "xlsx"))
    heading = [cell.value for cell in next(load_workbook(io.BytesIO(response.content)).active.iter_rows())]
    assert "Family name" in heading
    assert "Delegation" not in heading
    assert client.get(address("sheet_example", delegation, "exe")).status_code == 404
    body = send(client, "sheets", delegation, file=SimpleUploadedFile("people.xlsx", response.content)).content.decode()
    assert "No row has a problem." in body


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_lists_costs_the_same(client, delegation, focal, django_assert_num_queries, count):
    ImportFactory.create_batch(count, event=delegation.event, delegation=delegation)
    client.get(address("sheets", delegation))
    with django_assert_num_queries(8):
        assert client.get(address("sheets", delegation)).content.decode().count("ZqPeople.csv") == count
