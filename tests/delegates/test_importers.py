"""Spreadsheets of delegations: dry run first, all or nothing, every problem in words beside its row."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from conference.lib.viewer import SYSTEM
from delegates.choices import ImportChoice, Standing
from delegates.importers import KINDS, choose, example, keep_upload
from delegates.models import Delegation, FocalPoint, Quota, Registration
from events.choices import EventState
from events.models import AuditEntry, Organisation, OutboxMail
from tests.factories import DelegationFactory, EventFactory, FocalPointFactory, OrganisationFactory, RegistrationFactory

pytestmark = pytest.mark.django_db

BY = SYSTEM
HEADING = "Organisation;Country;Seats;Standing;Focal point;E-mail;Language"
HUNGARY = "Partner service;Hungary;4;Member;Ádám Nagy;adam@example.org;French"


def sheet(*lines, encoding="utf-8"):
    return "\n".join(lines).encode(encoding)


def run(event, data, apply=True, kind="delegations"):
    """Send a file; with `apply` import it if no row has a problem."""
    kept = keep_upload(event, kind, SimpleUploadedFile("list.csv", data), by=BY)
    return choose(kept, ImportChoice.ALL, by=BY) if apply and kept.state == "checked" and not kept.bad else kept


def counts():
    models = (Organisation, Delegation, Quota, FocalPoint)
    acts = AuditEntry.objects.exclude(verb__startswith="import.").count()
    return [*(model.objects.count() for model in models), acts]


def said(kept):
    return [row.words for row in kept.rows.order_by("number")]


def done(kept):
    return [words["done"] for words in said(kept)]


def problems(kept):
    found = {}
    for row in kept.rows.filter(outcome="problem"):
        found[row.number] = [f"{column}: {words}" if column else words for column, _value, words in row.words["problems"]]
    return found


def test_dry_run_says_what_would_be_done_and_changes_nothing():
    event = EventFactory()
    before = counts()
    report = run(event, sheet(HEADING, HUNGARY), apply=False)
    assert (report.state, report.counts, counts()) == ("checked", {"new": 1}, before)
    [row] = report.rows.all()
    assert (row.number, row.outcome, row.words["name"]) == (2, "new", "Partner service")
    assert row.words["done"] == ["New organisation", "New delegation: seats 4, standing “Member”", "New focal point: adam@example.org"]
    event.refresh_from_db()
    assert event.stamp == 1  # that the file came


def test_import_makes_organisation_delegation_seats_and_focal_point_and_writes_to_nobody():
    event = EventFactory()
    assert run(event, sheet(HEADING, HUNGARY)).state == "done"
    delegation = Delegation.objects.select_related("organisation").get()
    organisation, focal = delegation.organisation, FocalPoint.objects.get()
    assert (organisation.name_en, organisation.kind, organisation.country) == ("Partner service", "state", "HU")
    assert (delegation.event, delegation.standing, delegation.answer) == (event, "member", "invited")
    assert list(Quota.objects.values_list("delegation", "seats", "taken")) == [(delegation.pk, 4, 0)]
    assert (focal.name, focal.email, focal.language, focal.invited_at) == ("Ádám Nagy", "adam@example.org", "fr", None)
    assert OutboxMail.objects.count() == 0


def test_import_twice_changes_nothing_the_second_time():
    event = EventFactory()
    run(event, sheet(HEADING, HUNGARY))
    before = counts()
    report = run(event, sheet(HEADING, HUNGARY))
    assert done(report) == [["Nothing changes"]]
    assert counts() == before


def test_known_delegation_gets_the_seats_and_standing_of_the_file_and_keeps_the_rest():
    delegation = DelegationFactory(organisation__name_fr="Sûreté", organisation__country="BE", seats=2, notes="Call on Monday.")
    FocalPointFactory(delegation=delegation, email="known@example.org")
    report = run(delegation.event, sheet("Organisation;Seats;Standing;E-mail", "SURETE;5;OBSERVER;Known@Example.org"))
    assert done(report) == [["Seats: 2 becomes 5", "Standing: “Member” becomes “Observer”"]]
    delegation.refresh_from_db()
    assert (delegation.standing, delegation.notes, Quota.objects.get().seats) == ("observer", "Call on Monday.", 5)
    assert (Organisation.objects.count(), FocalPoint.objects.count()) == (1, 1)


def test_empty_cells_of_a_known_delegation_change_nothing():
    delegation = DelegationFactory(organisation__name_en="Service", standing="guest", seats=3)
    report = run(delegation.event, sheet("Organisation;Seats;Standing", "Service;;"))
    assert (report.state, done(report)) == ("done", [["Nothing changes"]])


def test_organisation_is_known_by_its_abbreviation_kind_and_state():
    OrganisationFactory(name_en="Service", abbreviation="SRV", country="BE")
    french = OrganisationFactory(name_en="Service", abbreviation="SRV", country="FR")
    event = EventFactory()
    assert run(event, sheet("Organisation;Country;Seats", "srv;France;1")).state == "done"
    assert Delegation.objects.get().organisation == french
    ambiguous = run(event, sheet("Organisation;Seats", "Service;1"))
    assert problems(ambiguous) == {2: ["Several organisations have this name. Give the country, or correct the name."]}


@pytest.mark.parametrize(
    ("language", "heading", "row"),
    [
        ("en", "Organisation,Abbreviation,Kind,State,Seats,Standing,Language", 'Europol,EP,"EU institution or agency",,2,Guest,Dutch'),
        ("fr", "Nom de l'organisation;Sigle;Type;Pays;Nombre de places;Statut;Langue", "Europol;EP;eu;;2;guest;néerlandais"),
        ("nl", "Organisatie\tAfkorting\tSoort\tLand\tPlaatsen\tStatuut\tTaal", "Europol\tEP\teu\t\t2\tguest\tNederlands"),
        ("de", "Dienststelle;Kürzel;Art;Land;Plätze;Stellung;Sprache", "Europol;EP;eu;;2;guest;nl"),
    ],
)
def test_headings_in_four_languages(language, heading, row):
    event = EventFactory()
    with translation.override(language):
        report = run(event, sheet(heading, row))
    assert (report.problems, problems(report), report.unread, report.state) == ([], {}, [], "done")
    delegation = Delegation.objects.select_related("organisation").get()
    assert (delegation.organisation.kind, delegation.organisation.abbreviation, delegation.standing) == ("eu", "EP", "guest")


@pytest.mark.parametrize("language", ["en", "fr", "nl", "de"])
@pytest.mark.parametrize("standing", ["guest", "observer"])
def test_words_of_a_choice_in_every_language(language, standing):
    with translation.override(language):
        word = str(Standing(standing).label)
    assert run(EventFactory(), sheet("Organisation;Country;Seats;Standing", f"New;HU;1;{word}")).state == "done"
    assert Delegation.objects.get().standing == standing


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "fr", "nl", "de"])
def test_example_has_the_headings_the_import_reads(language, ending):
    with translation.override(language):
        report = run(EventFactory(), example("delegations", ending))
    assert (report.unread, problems(report), report.state) == ([], {}, "done")
    assert len(KINDS["delegations"].columns) == 9


def test_xlsx_with_numbers_as_numbers():
    book = openpyxl.Workbook()
    book.active.append(["Organisation", "Country", "Seats"])
    book.active.append(["Service", "EL", 3.0])
    file = io.BytesIO()
    book.save(file)
    assert run(EventFactory(), file.getvalue()).state == "done"
    assert (Organisation.objects.get().country, Quota.objects.get().seats) == ("GR", 3)


def test_delegation_listed_twice_and_nothing_is_kept():
    event = EventFactory()
    before = counts()
    report = run(event, sheet(HEADING, HUNGARY, "", HUNGARY.upper().replace("FRENCH", "fr").replace("MEMBER", "member")))
    assert problems(report) == {4: ["This organisation stands in row 2 already."]}
    assert (report.state, counts()) == ("checked", before)


def test_seats_below_those_in_use_and_nothing_is_kept():
    delegation = DelegationFactory(organisation__name_en="Full", seats=3)
    RegistrationFactory.create_batch(2, delegation=delegation)
    before = counts()
    report = run(delegation.event, sheet("Organisation;Country;Seats", "New;Spain;4", "Full;;1"))
    assert problems(report) == {3: ["2 seats are in use; there cannot be fewer seats than that."]}
    assert (done(report)[0][0], report.state, counts()) == ("New organisation", "checked", before)
    assert Quota.objects.get(delegation=delegation).seats == 3
    assert Registration.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (";HU;1;;;;", "Organisation: This field is required."),
        ("New;Atlantis;1;;;;", "Country: We do not know a country “Atlantis”."),
        ("New;;1;;;;", "This organisation is new. Give its country or its kind."),
        ("New;HU;;;;;", "Give the number of seats of a new delegation."),
        ("New;HU;many;;;;", "Seats: Enter a whole number."),
        ("New;HU;-1;;;;", "Seats: Ensure this value is greater than or equal to 0."),
        ("New;HU;1001;;;;", "Seats: Ensure this value is less than or equal to 1000."),
        ("New;HU;1;Emperor;;;", "Standing: “Emperor” is none of: Host, Member, Guest, Observer."),
        ("New;HU;1;Host;;;", "This event has a host already."),
        ("New;HU;1;;A;not an address;", "E-mail address of the focal point: Enter a valid email address."),
        ("New;HU;1;;A;;", "E-mail address of the focal point: Give the address of the focal point."),
        ("New;HU;1;;A;a@example.org;Klingon", "Language of the focal point: “Klingon” is none of:"),
    ],
)
def test_row_that_cannot_be_imported_says_why(row, words):
    event = DelegationFactory(standing="host").event
    before = counts()
    report = run(event, sheet(HEADING, HUNGARY, row))
    assert list(problems(report)) == [3]
    assert problems(report)[3][0].startswith(words)
    assert (report.state, counts()) == ("checked", before)


def test_new_organisation_that_fails_does_not_stand_for_the_next_row():
    report = run(EventFactory(), sheet(HEADING, "New;HU;;;;;", "New;HU;2;;;;"))
    assert list(problems(report)) == [2]
    assert done(report)[1][0] == "New organisation"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (b"\x00\x01\x02", "The file cannot be read."),
        (b"PK\x03\x04 not a zip", "The file cannot be read."),
        (sheet("Organisation;Country", "New;HU"), "There is no column “Seats” among the headings."),
        (sheet("Seats", "2"), "There is no column “Organisation” among the headings."),
        (sheet("Organisation;Name;Seats", "A;B;1"), "Two columns hold the same: “Name”."),
        (sheet(HEADING), "The file has headings and no rows."),
    ],
)
def test_file_that_cannot_be_imported_says_why(data, words):
    before = counts()
    report = run(EventFactory(), data)
    assert report.problems[0].startswith(words)
    assert (report.state, report.rows.count(), counts()) == ("failed", 0, before)


def test_columns_that_are_not_read_are_named():
    report = run(EventFactory(), sheet("Organisation;Colour;Country;Seats", "New;blue;HU;1"))
    assert (report.unread, report.state) == (["Colour"], "done")


def test_import_at_an_event_that_is_over():
    report = run(EventFactory(state=EventState.CLOSED), sheet(HEADING, HUNGARY))
    assert problems(report) == {2: ["This event is closed; nothing can be changed any more."]}
    assert Organisation.objects.count() == 0
