"""People from a spreadsheet: named with seats or on the waiting list, never doubled, and what they gave themselves stays."""

import datetime as dt

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from conference.lib.viewer import SYSTEM, Actor
from delegates import importers
from delegates.choices import ImportChoice, RegistrationState
from delegates.importers import runs, steps
from delegates.models import Delegate, Import, ImportRow, Quota, Registration, RegistrationMove
from events.choices import StaffRoleName
from events.models import AuditEntry, OutboxMail
from tests.factories import (
    DelegateFactory,
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    ImportFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
HEADING = "Delegation;Family name;Given name;Category;Function;E-mail;Language;Nationality;Date of birth"
ANNA = "Partner service;Kovács;Anna;Expert;Analyst;anna@example.org;French;Hungary, BE;25.4.1980"


@pytest.fixture
def delegation():
    return DelegationFactory(organisation__name_en="Partner service", organisation__abbreviation="PS", organisation__country="HU", seats=2)


def send(delegation, *lines, kind="nominations", heading=HEADING, by=SYSTEM, own=False):
    upload = SimpleUploadedFile("people.csv", "\n".join([heading, *lines]).encode())
    if own:
        return importers.nominations(delegation, upload, by=by)
    return importers.keep_upload(delegation.event, kind, upload, by=by)


def run(delegation, *lines, choice=ImportChoice.ALL, **options):
    kept = send(delegation, *lines, **options)
    assert kept.state == "checked", kept.problems
    return importers.choose(kept, choice, by=options.get("by", SYSTEM))


def words(kept):
    return {row.number: row.words["done"] or [said for _column, _value, said in row.words["problems"]] for row in kept.rows.all()}


def everything():
    return [model.objects.count() for model in (Delegate, Registration, RegistrationMove)] + [Quota.objects.get().taken]


def test_person_is_named_with_all_the_row_says(delegation):
    kept = run(delegation, ANNA)
    assert (kept.state, kept.counts, words(kept)) == ("done", {"new": 1}, {2: ["Expert, Partner service"]})
    registration = Registration.objects.select_related("delegate").get()
    person = registration.delegate
    assert (registration.state, registration.category, registration.function, registration.delegation) == (
        "nominated",
        "expert",
        "Analyst",
        delegation,
    )
    assert (person.given_name, person.family_name, person.email, person.language) == ("Anna", "Kovács", "anna@example.org", "fr")
    assert (person.nationalities, person.birth_date) == (["HU", "BE"], dt.date(1980, 4, 25))
    assert (Quota.objects.get().taken, OutboxMail.objects.count()) == (1, 0)
    assert AuditEntry.objects.filter(verb="registration.start", target=str(registration)).count() == 1


def test_dry_run_changes_nothing_but_the_record_of_the_file(delegation):
    before = everything()
    kept = send(delegation, ANNA)
    assert (kept.state, kept.counts, everything()) == ("checked", {"new": 1}, before)
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["import.send"]


@pytest.mark.parametrize("choice", ImportChoice.values)
def test_same_list_twice_doubles_nobody(delegation, choice):
    run(delegation, ANNA, "PS;Nagy;;;;;;;", choice=choice)
    before = everything()
    kept = run(delegation, ANNA, "PS;NAGY;;;;;;;", "HU;Kovacs;ANNA;;;Anna@Example.org;;;", choice=ImportChoice.GOOD)
    assert (kept.counts, everything()) == ({"unchanged": 2, "problem": 1}, before)
    assert words(kept)[4] == ["This person stands in row 2 already."]


def test_person_is_known_by_name_and_date_of_birth_when_the_address_is_another(delegation):
    run(delegation, ANNA)
    kept = run(delegation, "PS;Kovács;Anna;;;other@example.org;;;1980-04-25")
    assert (kept.counts, Registration.objects.count()) == ({"unchanged": 1}, 1)
    another = run(delegation, "PS;Kovács;Anna;;;other@example.org;;;1981-04-25")
    assert another.counts == {"new": 1}


def test_name_alone_does_not_double_somebody_who_has_an_address(delegation):
    run(delegation, ANNA)
    kept = send(delegation, "PS;Kovács;Anna;;;;;;")
    assert words(kept)[2][0].startswith("Somebody of this name is on the list already.")


@pytest.mark.parametrize("again", ["łukasz", "LUKASZ", "ŁUKASZ", "Łukasz"])
def test_name_alone_is_known_whatever_its_capitals_and_accents(delegation, again):
    run(delegation, "PS;Łukasz;Ana;;;ana@example.org;;;")
    kept = send(delegation, f"PS;{again};ANA;;;;;;")
    assert words(kept)[2][0].startswith("Somebody of this name is on the list already.")


def test_reference_of_an_earlier_list_corrects_a_name_until_the_person_is_invited(delegation):
    run(delegation, ANNA)
    registration = Registration.objects.get()
    row = f"{registration.public_id};PS;Kovács;Ana;a@example.org"
    heading = "Reference;Delegation;Family name;Given name;E-mail"
    kept = run(delegation, row, heading=heading)
    assert words(kept) == {2: ["On the list already; changed: Given name, E-mail address"]}
    assert Delegate.objects.get().given_name == "Ana"
    Registration.objects.update(invited_at=timezone.now())
    kept = send(delegation, row.replace("Ana", "Anna"), heading=heading)
    assert words(kept) == {2: ["This person is invited already under another name or address."]}
    kept = send(delegation, row.replace(registration.public_id, "aaaaaaaaaa"), heading=heading)
    assert words(kept) == {2: ["Nobody of this delegation has the reference “aaaaaaaaaa”."]}
    Registration.objects.update(state=RegistrationState.WITHDRAWN)
    assert words(send(delegation, row, heading=heading))[2][0].startswith("This registration has ended: it is “Withdrawn”.")


def test_known_person_gets_what_the_list_says_anew(delegation):
    run(delegation, ANNA)
    kept = run(delegation, ANNA.replace("Expert;Analyst", "Delegate;Head of unit"))
    assert words(kept) == {2: ["On the list already; changed: Function, Category"]}
    registration = Registration.objects.get()
    assert (registration.category, registration.function, Quota.objects.get().taken) == ("delegate", "Head of unit", 1)


@pytest.mark.parametrize("state", ["submitted", "approved", "returned"])
def test_what_a_person_confirmed_stays(delegation, state):
    person = DelegateFactory(organisation=delegation.organisation, given_name="Anna", family_name="Kovács", email="anna@example.org")
    RegistrationFactory(delegation=delegation, delegate=person, state=state, function="Director")
    kept = run(delegation, ANNA)
    assert (kept.counts, words(kept)) == ({"unchanged": 1}, {2: ["Has given their own data already; nothing changes"]})
    assert Registration.objects.get().function == "Director"


def test_above_the_seats_people_wait_and_the_report_says_so(delegation):
    kept = run(delegation, "PS;A;;;;;;;", "PS;B;;Interpreter;;;;;", "PS;C;;;;;;;", "PS;D;;;;;;;")
    assert kept.counts == {"new": 3, "waitlisted": 1}
    assert words(kept)[5] == ["No seat is free: on the waiting list of Partner service"]
    states = Registration.objects.order_by("position").values_list("delegate__family_name", "state", "position")
    assert list(states) == [("A", "nominated", 1), ("B", "nominated", 2), ("C", "nominated", 3), ("D", "waitlisted", 4)]
    assert Quota.objects.get().taken == 2


def test_all_or_nothing_and_good_rows_only(delegation):
    lines = [ANNA, "Elsewhere;Nagy;Ádám;;;;;;", "PS;;;;;;;;"]
    before = everything()
    kept = run(delegation, *lines)
    assert (kept.state, kept.counts, everything()) == ("checked", {"new": 1, "problem": 2}, before)
    importers.choose(kept, ImportChoice.GOOD, by=SYSTEM)
    assert (kept.state, kept.counts, Registration.objects.count()) == ("done", {"new": 1, "problem": 2}, 1)
    assert ImportRow.objects.filter(of=kept).count() == 3


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (";A;;;;;;;", "Name the delegation: its organisation, its abbreviation or its country."),
        ("Elsewhere;A;;;;;;;", "No delegation of this event has this name or country. Import or add the delegation first."),
        ("PS;;;;;;;;", "Write a given name, a family name, or both."),
        ("PS;A;;Emperor;;;;;", "“Emperor” is none of:"),
        ("PS;A;;;;no address;;;", "Enter a valid email address."),
        ("PS;A;;;;;;Atlantis;", "We do not know a country “Atlantis”."),
        ("PS;A;;;;;;;25/04/80", "“25/04/80” is not a day we can read."),
        ("PS;A;;;;;;;01/01/2999", "This is not a date of birth."),
        ("PS;A;;;;;;;01/01/1850", "This is not a date of birth."),
        ("PS;" + "A" * 201 + ";;;;;;;", "Ensure this value has at most 200 characters"),
    ],
)
def test_row_that_cannot_be_imported_says_why(delegation, row, said):
    kept = send(delegation, row)
    assert kept.counts == {"problem": 1}
    assert words(kept)[2][0].startswith(said)


def test_second_head_is_refused_within_one_file_too(delegation):
    kept = send(delegation, "PS;A;;Head of delegation;;;;;", "PS;B;;head;;;;;")
    assert (kept.counts, words(kept)[3]) == ({"new": 1, "problem": 1}, ["This delegation already has a head."])


@pytest.mark.parametrize(
    ("language", "heading", "row"),
    [
        ("en", "Country,Last name,First name,E-mail", "Hungary,Kovács,Anna,a@example.org"),
        ("fr", "Pays;Nom;Prénom;Courriel", "Hongrie;Kovács;Anna;a@example.org"),
        ("nl", "Voornaam\tAchternaam\tLand\tE-mailadres", "Anna\tKovács\tHongarije\ta@example.org"),
        ("de", "Einrichtung;Nachname;Vorname;E-Mail-Adresse", "Ungarn;Kovács;Anna;a@example.org"),
        ("en", "List of people\n\nAs of May\nName;Country;Email", '"Kovács, Anna";HU;a@example.org'),
        ("en", "Full name;Country;Email", "Anna KOVÁCS;Magyarország;a@example.org"),
    ],
)
def test_headings_and_names_as_people_write_them(delegation, language, heading, row):
    with translation.override(language):
        kept = run(delegation, row, heading=heading)
    assert (kept.state, kept.counts, kept.unread) == ("done", {"new": 1}, [])
    person = Delegate.objects.get()
    assert (person.given_name, person.family_name.casefold(), person.email) == ("Anna", "kovács", "a@example.org")


def test_two_delegations_of_one_country_need_the_organisation(delegation):
    DelegationFactory(event=delegation.event, organisation__name_en="Ministry", organisation__country="HU")
    kept = send(delegation, "HU;A;;;;;;;", "Ministry;B;;;;;;;")
    assert words(kept)[2] == ["Several delegations fit. Give both the organisation and its country."]
    assert kept.counts == {"problem": 1, "new": 1}


# For one delegation.


def test_focal_point_names_people_for_their_own_delegation_only(delegation):
    DelegationFactory(event=delegation.event, organisation__name_en="Ministry", organisation__country="ES")
    focal = FocalPointFactory(delegation=delegation, user=UserFactory())
    by = Actor(user=focal.user, hat=f"focal:{delegation.public_id}")
    kept = send(delegation, ";A;;;;;;;", "Ministry;B;;;;;;;", "PS;C;;Press;;;;;", by=by, own=True)
    assert words(kept) == {
        2: ["Delegate, Partner service"],
        3: ["This row is for another delegation than yours."],
        4: ["Only the organisers give this category."],
    }
    importers.choose(kept, ImportChoice.GOOD, by=by)
    assert list(Registration.objects.values_list("delegate__family_name", "delegation")) == [("A", delegation.pk)]


def test_right_that_ended_ends_the_import_too(delegation):
    focal = FocalPointFactory(delegation=delegation, user=UserFactory())
    by = Actor(user=focal.user, hat=f"focal:{delegation.public_id}")
    kept = send(delegation, ANNA, by=by, own=True)
    focal.until_at = timezone.now()
    focal.save()
    importers.choose(kept, ImportChoice.ALL, by=by)
    assert (kept.state, Registration.objects.count()) == ("failed", 0)
    role = StaffRoleFactory(event=delegation.event, role=StaffRoleName.OBSERVER)
    kept = send(delegation, ANNA, by=Actor(user=role.user, hat="organiser:observer"))
    assert (kept.state, kept.problems) == ("failed", ["Whoever sent this file may not import it any more."])


# Large files, by the worker.


@pytest.fixture
def large(monkeypatch):
    monkeypatch.setattr(runs, "SMALL_ROWS", 2)
    monkeypatch.setattr(runs, "PART", 3)


def work():
    steps = 0
    while importers.work(timezone.now()):
        steps += 1
    return steps


@pytest.mark.parametrize("choice", ImportChoice.values)
def test_large_file_is_left_to_the_worker(delegation, large, choice):
    lines = [f"PS;Person {number};;Interpreter;;;;;" for number in range(7)]
    kept = send(delegation, *lines)
    assert (kept.state, Registration.objects.count(), work()) == ("waiting", 0, 1)
    kept.refresh_from_db()
    assert (kept.state, kept.counts, kept.total, Registration.objects.count()) == ("checked", {"new": 7}, 7, 0)
    importers.choose(kept, choice, by=SYSTEM)
    assert (kept.state, work()) == ("queued", 1)
    kept.refresh_from_db()
    assert (kept.state, kept.counts, kept.done, Registration.objects.count(), kept.rows.count()) == ("done", {"new": 7}, 7, 7, 7)
    assert work() == 0


def test_worker_that_died_leaves_whole_parts_and_the_next_one_doubles_nobody(delegation, large, monkeypatch):
    kept = send(delegation, *[f"PS;Person {number};;Interpreter;;;;;" for number in range(7)])
    work()
    kept.refresh_from_db()
    importers.choose(kept, ImportChoice.GOOD, by=SYSTEM)
    act, calls = runs._act, []

    def dies(*arguments):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return act(*arguments)

    monkeypatch.setattr(runs, "_act", dies)
    with pytest.raises(KeyboardInterrupt):
        importers.work(timezone.now())
    assert Registration.objects.count() == 3
    assert importers.work(timezone.now()) is False  # the first worker still holds it
    assert importers.work(timezone.now() + steps.LEASE * 2) is True
    kept.refresh_from_db()
    assert (kept.state, kept.counts, Registration.objects.count()) == ("done", {"unchanged": 3, "new": 4}, 7)


def test_worker_taken_over_gives_up(delegation, large):
    kept = send(delegation, *[f"PS;Person {number};;;;;;;" for number in range(7)])
    other = Import.objects.get()
    steps.lease(other, ("waiting",), "reading")
    with pytest.raises(importers.Changed):
        runs.check(kept)


def test_statements_do_not_grow_with_the_rows_of_a_part(delegation):
    def statements(count):
        kept = send(delegation, *[f"PS;Person {count} {number};;Interpreter;;;;;" for number in range(count)])
        with CaptureQueriesContext(connection) as found:
            importers.choose(kept, ImportChoice.ALL, by=SYSTEM)
        return len(found)

    assert statements(60) <= statements(3) + 5  # SQLite takes 999 values a statement


# The file.


def test_file_is_sealed_on_disk_and_gone_once_imported(delegation, django_capture_on_commit_callbacks):
    kept = send(delegation, ANNA)
    with default_storage.open(kept.storage_name) as file:
        assert b"Kov" not in file.read()
    assert "Kov" not in kept.rows.get().sealed
    with django_capture_on_commit_callbacks(execute=True):
        importers.choose(kept, ImportChoice.ALL, by=SYSTEM)
    assert (default_storage.exists(kept.storage_name), kept.sealed_key) == (False, "")


def test_file_given_up_is_gone_with_all_that_was_said_of_it(delegation, django_capture_on_commit_callbacks):
    kept = send(delegation, ANNA)
    with django_capture_on_commit_callbacks(execute=True):
        importers.give_up(kept, by=SYSTEM)
    assert (kept.state, kept.file_name, kept.rows.count(), default_storage.exists(kept.storage_name)) == ("removed", "", 0, False)
    with pytest.raises(importers.Changed):
        importers.choose(kept, ImportChoice.ALL, by=SYSTEM)


def test_time_removes_file_rows_and_name_and_keeps_the_counts(delegation):
    kept = send(delegation, ANNA)
    importers.tidy(timezone.now() + dt.timedelta(days=6))
    assert default_storage.exists(kept.storage_name)
    importers.tidy(timezone.now() + dt.timedelta(days=8))
    kept.refresh_from_db()
    assert (kept.state, kept.file_name, kept.sealed_key, kept.counts) == ("removed", "", "", {"new": 1})
    assert (kept.rows.count(), default_storage.exists(kept.storage_name)) == (0, False)


def test_other_sheet_of_a_book_is_read_on_demand(delegation):
    import io

    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Remarks"
    book.active.append(["Please read", "first"])
    book.create_sheet("People").append(["Country", "Family name"])
    book["People"].append(["HU", "Kovács"])
    file = io.BytesIO()
    book.save(file)
    kept = importers.keep_upload(delegation.event, "nominations", SimpleUploadedFile("a.xlsx", file.getvalue()), by=SYSTEM)
    assert (kept.state, kept.sheet, kept.sheets) == ("failed", "Remarks", ["Remarks", "People"])
    importers.read_sheet(kept, "People")
    assert (kept.state, kept.sheet, kept.counts, kept.problems) == ("checked", "People", {"new": 1}, [])


def test_rows_above_the_most_of_a_kind(delegation, monkeypatch):
    kind = runs.KINDS["organisations"]
    monkeypatch.setitem(runs.KINDS, "organisations", kind.__class__(**{**kind.__dict__, "most": 2}))
    kept = send(delegation, "A;BE", "B;BE", "C;BE", kind="organisations", heading="Organisation;Country")
    assert (kept.state, kept.problems) == ("failed", ["The file has too many rows: at most 2 can be read."])


# Organisations.


def test_organisations_are_made_completed_and_left_alone(delegation):
    heading = "Organisation;Name in French;Abbreviation;Country;E-mail"
    lines = ["Partner service;Service partenaire;XX;HU;", "New;Nouveau;N;Spain;n@example.org"]
    kept = run(delegation, *lines, kind="organisations", heading=heading)
    assert words(kept) == {2: ["Filled in: Name in French"], 3: ["New organisation"]}
    delegation.organisation.refresh_from_db()
    assert (delegation.organisation.name_fr, delegation.organisation.abbreviation) == ("Service partenaire", "PS")
    again = run(delegation, *lines, kind="organisations", heading=heading)
    assert again.counts == {"unchanged": 2}
    by_id = run(delegation, f"{delegation.organisation.public_id};dienst@example.org", kind="organisations", heading="Id;E-mail")
    assert words(by_id) == {2: ["Filled in: Functional address"]}


def test_import_of_another_event_is_not_reached(delegation):
    other = ImportFactory(event=EventFactory())
    assert list(delegation.event.imports.all()) == []
    assert other.language == settings.LANGUAGE_CODE
