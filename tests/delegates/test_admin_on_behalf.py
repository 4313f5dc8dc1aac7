"""What organisers do on behalf of a delegation or a person: from a document, recorded, and never consent."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from conference.demo.pdf import one_page_pdf
from delegates.actions import marks_of
from delegates.models import EventFieldGroup, GivenGroup, PersonalFile, Registration
from events.models import AuditEntry, OutboxMail
from tests.factories import (
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    QuestionFactory,
    RegistrationFactory,
    StaffRoleFactory,
    pdf,
    picture,
    upload,
)

pytestmark = pytest.mark.django_db
NOTE = "Note verbale 12 of 3 March"
ENTRY = {
    "entry-given_name": "Ada",
    "entry-family_name": "Driver",
    "entry-nationality_1": "Japan",
    "entry-function": "Driver",
    "entry-source": NOTE,
}


@pytest.fixture
def event():
    return EventFactory()


@pytest.fixture
def client(client, event):
    client.force_login(StaffRoleFactory(event=event).user)
    return client


@pytest.fixture
def delegation(event):
    return DelegationFactory(event=event, seats=2)


def url(thing, name):
    return reverse(f"organise:{name}", args=[thing.event.slug, thing.public_id])


def behind(verb):
    return [(entry.details.get("source"), entry.details.get("on_behalf_of")) for entry in AuditEntry.objects.filter(verb=verb)]


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("delegation_answer", "answer"),
        ("delegation_nominate", "person"),
        ("delegation_send", "send"),
        ("person_name", "person"),
        ("person_enter", "entry"),
        ("person_consent", "consent"),
        ("person_withdraw", "withdraw"),
        ("person_replace", "person"),
    ],
)
def test_nothing_is_done_without_a_source(client, delegation, name, prefix):
    state = "placeholder" if name == "person_name" else "nominated"
    person = RegistrationFactory(delegation=delegation, state=state, **({"delegate": None} if state == "placeholder" else {}))
    thing = delegation if name.startswith("delegation") else person
    typed = {"answer": "coming", "family_name": "Name", "given_name": "Ada", "language": "en", "category": "delegate", "consent": "public"}
    response = client.post(
        url(thing, name), {f"{prefix}-{key}": value for key, value in typed.items()} | {f"{prefix}-nationality_1": "Japan"}
    )
    assert (list(response.context["form"].errors), AuditEntry.objects.count()) == (["source"], 0)
    assert client.get(url(thing, name)).status_code == 200


def test_answer_given_on_paper_can_be_undone(client, delegation):
    client.post(url(delegation, "delegation_answer"), {"answer-answer": "undecided", "answer-source": NOTE})
    page = client.post(url(delegation, "delegation_answer"), {"answer-answer": "coming", "answer-source": NOTE}, follow=True)
    undo = page.context["undo"]
    client.post(undo["url"], undo["fields"])
    delegation.refresh_from_db()
    assert delegation.answer == "undecided"
    assert behind("delegation.answer") == [(NOTE, str(delegation))] * 3


def test_list_is_sent_on_behalf_after_showing_whom(client, delegation):
    person = RegistrationFactory(delegation=delegation, invited_at=None)
    RegistrationFactory(delegation=delegation, invited_at=None, delegate__email="")
    shown = client.get(url(delegation, "delegation_send"))
    assert shown.context["people"] == [person]
    client.post(url(delegation, "delegation_send"), {"send-source": NOTE})
    assert [mail.to for mail in OutboxMail.objects.all()] == [person.delegate.email]
    assert behind("delegation.send_list") == [(NOTE, str(delegation))]


def test_kept_seat_gets_its_name(client, delegation):
    seat = RegistrationFactory(delegation=delegation, delegate=None, state="placeholder")
    client.post(url(seat, "person_name"), {"person-family_name": "Minister", "person-language": "en", "person-source": NOTE})
    seat.refresh_from_db()
    assert (seat.state, seat.delegate.family_name, seat.delegate.email) == ("nominated", "Minister", "")


def test_form_entered_on_behalf_leaves_consent_not_given_and_can_be_approved(client, delegation):
    person = RegistrationFactory(delegation=delegation, delegate__email="", invited_at=None)
    client.post(url(person, "person_enter"), ENTRY | {"entry-consent": "public", "entry-may_be_invited_again": "on"})
    person.refresh_from_db()
    person.delegate.refresh_from_db()
    assert (person.state, person.consent, person.notice_version, person.delegate.may_be_invited_again) == (
        "submitted",
        "not_given",
        "",
        False,
    )
    assert (person.delegate.family_name, person.delegate.nationalities, person.function) == ("Driver", ["JP"], "Driver")
    assert behind("registration.move") == [(NOTE, str(delegation))]
    client.post(url(person, "person_decide"), {"to": "approved", "seen": json.dumps(marks_of(person))})
    person.refresh_from_db()
    assert (person.state, person.consent) == ("approved", "not_given")


DOCUMENT = {
    "entry-document_type": "passport",
    "entry-document_number": "ZQ123",
    "entry-document_issuer": "Japan",
    "entry-document_expires": "2031-05-01",
}


def asking(event, **groups):
    """Switch groups of the form on, as the event needs them."""
    for group, phase in groups.items():
        EventFieldGroup.objects.create(event=event, group=group, phase=phase, is_on=True, is_required=True, days=7)


def given(person) -> dict:
    return {row.group: row.given() for row in person.given_groups.all()}


def test_whole_form_is_entered_groups_of_both_forms_and_questions_included(client, event, delegation):
    asking(event, identity_document="first", vehicle="second", emergency="first")
    size, cv = QuestionFactory(event=event, text_en="Size?", is_required=True), QuestionFactory(event=event, kind="file", text_en="Paper?")
    person = RegistrationFactory(delegation=delegation, delegate__email="", invited_at=None)
    page = client.get(url(person, "person_enter"))
    assert [part.step.name for part in page.context["entry"].parts] == [
        "identity", "document", "languages", "vehicle", "needs", "emergency", "questions",
    ]  # fmt: skip
    typed = DOCUMENT | {"entry-birth_date": "1980-04-25", "entry-vehicle": "yes", "entry-vehicle_plate": "B 1-ABC-234"}
    typed |= {f"entry-question_{size.public_id}": "Large", f"entry-question_{cv.public_id}": upload("cv.pdf", pdf())}
    client.post(url(person, "person_enter"), ENTRY | typed)
    person.refresh_from_db()
    assert (person.state, person.consent) == ("submitted", "not_given")
    assert given(person) == {
        "identity_document": {
            "document_type": "passport",
            "document_number": "ZQ123",
            "document_issuer": "JP",
            "document_expires": "2031-05-01",
        },
        "vehicle": {"vehicle": "yes", "vehicle_plate": "B 1-ABC-234"},
    }
    person.delegate.refresh_from_db()
    assert (person.delegate.birth_date.isoformat(), person.question_answers.get().value) == ("1980-04-25", "Large")
    assert [(file.kind, file.key) for file in person.files.all()] == [("answer", cv.public_id)]


def test_sealed_group_is_never_shown_and_left_empty_stays(client, event, delegation):
    asking(event, identity_document="first")
    person = RegistrationFactory(delegation=delegation, delegate__email="", state="returned")
    row = GivenGroup(event=event, registration=person, group="identity_document", given_at=timezone.now())
    row.put({"document_number": "ZQSEALED"})
    row.save()
    page = client.get(url(person, "person_enter")).content.decode()
    assert ("ZQSEALED" in page, "Something is kept here already" in page) == (False, True)
    client.post(url(person, "person_enter"), ENTRY)
    assert given(person)["identity_document"] == {"document_number": "ZQSEALED"}


def test_document_that_expires_before_the_event_is_over_is_pointed_out(client, event, delegation):
    asking(event, identity_document="first")
    person = RegistrationFactory(delegation=delegation, delegate__email="")
    answer = client.post(url(person, "person_enter"), ENTRY | DOCUMENT | {"entry-document_expires": "2020-01-01"}, follow=True)
    assert "This document has expired" in answer.content.decode()


def test_mistakes_stand_together_on_top_and_beside_their_fields_and_nothing_typed_is_lost(client, event, delegation):
    asking(event, vehicle="first")
    person = RegistrationFactory(delegation=delegation, delegate__email="")
    typed = ENTRY | {"entry-nationality_1": "Nowhere", "entry-vehicle": "yes", "entry-needs": "No nuts"}
    page = client.post(url(person, "person_enter"), typed)
    assert [mistake["field"].name for mistake in page.context["entry"].mistakes] == ["nationality_1", "vehicle_plate"]
    assert all(words in page.content.decode() for words in ("Nowhere", "No nuts", NOTE))
    person.refresh_from_db()
    assert person.state == "nominated"


def test_signed_form_gives_consent_but_never_over_the_persons_own(client, delegation):
    entered = RegistrationFactory(delegation=delegation, state="submitted")
    own = RegistrationFactory(delegation=delegation, state="submitted", consent="hidden", notice_version="1")
    for person in (entered, own):
        client.post(url(person, "person_consent"), {"consent-consent": "participants", "consent-source": "Form signed on 3 March"})
    assert list(Registration.objects.order_by("pk").values_list("consent", flat=True)) == ["participants", "hidden"]
    assert behind("registration.consent") == [("Form signed on 3 March", str(delegation))]


def test_withdrawing_tells_focal_points_offers_the_seat_and_can_be_undone_while_it_is_free(client, delegation):
    FocalPointFactory(delegation=delegation)
    person = RegistrationFactory(delegation=delegation)
    page = client.post(url(person, "person_withdraw"), {"withdraw-source": NOTE}, follow=True)
    person.refresh_from_db()
    assert (person.state, OutboxMail.objects.filter(kind="person_left").count()) == ("withdrawn", 1)
    undo = page.context["undo"]
    client.post(undo["url"], undo["fields"])
    person.refresh_from_db()
    assert person.state == "nominated"


def test_replacing_keeps_the_seat(client, delegation):
    person = RegistrationFactory(delegation=delegation)
    RegistrationFactory(delegation=delegation)
    client.post(url(person, "person_replace"), {"person-family_name": "Second", "person-language": "en", "person-source": NOTE})
    person.refresh_from_db()
    successor = Registration.objects.get(delegate__family_name="Second")
    assert (person.state, successor.state, delegation.quotas.get().taken) == ("replaced", "nominated", 2)


def test_history_of_the_delegation_shows_what_was_done_with_its_people_on_its_behalf(client, delegation):
    person = RegistrationFactory(delegation=delegation)
    client.post(url(person, "person_withdraw"), {"withdraw-source": NOTE})
    page = client.get(url(delegation, "delegation"))
    assert [entry.verb for entry in page.context["history"]] == ["registration.move"]
    assert NOTE in page.content.decode()


def test_document_is_kept_with_the_act_it_was_sent_with(client, delegation):
    document = SimpleUploadedFile("note.pdf", one_page_pdf("Note verbale 12"), "application/pdf")
    typed = {"answer-answer": "coming", "answer-source": NOTE, "answer-document": document}
    client.post(url(delegation, "delegation_answer"), typed)
    kept = PersonalFile.objects.get()
    assert (kept.kind, kept.delegation) == ("correspondence", delegation)
    assert AuditEntry.objects.get(verb="delegation.answer").details["document"] == str(kept)
    history = client.get(url(delegation, "delegation")).context["history"]
    assert [act.document_url for act in history] == [reverse("organise:personal_file", args=[delegation.event.slug, kept.public_id]), ""]
    assert client.get(history[0].document_url).status_code == 200


def test_document_of_a_refused_act_is_not_kept(client, delegation):
    person = RegistrationFactory(delegation=delegation, state="refused")
    document = SimpleUploadedFile("note.pdf", one_page_pdf("Note verbale 12"), "application/pdf")
    response = client.post(url(person, "person_withdraw"), {"withdraw-source": NOTE, "withdraw-document": document})
    assert (response.context["form"].is_valid(), PersonalFile.objects.count()) == (False, 0)


def test_refusals_stand_on_the_form(client, delegation):
    person = RegistrationFactory(delegation=delegation, state="refused")
    response = client.post(url(person, "person_withdraw"), {"withdraw-source": NOTE})
    assert list(response.context["form"].non_field_errors()) == ["This registration has changed meanwhile: it is now “Refused”."]


def test_photo_and_copy_of_the_document_are_entered_with_the_form(client, event, delegation):
    asking(event, photo="first", identity_document="first")
    EventFieldGroup.objects.filter(group="identity_document").update(with_copy=True)
    person = RegistrationFactory(delegation=delegation, delegate__email="")
    assert "The middle of the picture is taken" in client.get(url(person, "person_enter")).content.decode()
    files = {"entry-photo": upload("me.jpg", picture()), "entry-document_copy": upload("passport.pdf", pdf())}
    client.post(url(person, "person_enter"), ENTRY | DOCUMENT | files)
    assert sorted(person.files.values_list("kind", "key")) == [("identity_document", ""), ("photo", ""), ("photo", "small")]
    assert {file.file_name for file in person.files.all()} == {"photo.jpg", "identity-document.pdf"}


def test_picture_too_small_for_a_photo_enters_nothing(client, event, delegation):
    asking(event, photo="first")
    person = RegistrationFactory(delegation=delegation, delegate__email="")
    page = client.post(url(person, "person_enter"), ENTRY | {"entry-photo": upload("me.jpg", picture(size=(90, 120)))})
    assert "a photo needs at least" in page.content.decode()
    person.refresh_from_db()
    assert (person.state, person.files.count()) == ("nominated", 0)


@pytest.mark.parametrize(("typed", "is_given"), [({"entry-vehicle": "no"}, True), ({}, False)])
def test_second_form_entered_with_the_first_is_no_longer_owed(client, event, delegation, typed, is_given):
    asking(event, vehicle="second")
    person = RegistrationFactory(delegation=delegation, delegate__email="")
    client.post(url(person, "person_enter"), ENTRY | typed)
    person.refresh_from_db()
    assert (person.state, person.details_at is not None) == ("submitted", is_given)


def test_second_form_is_entered_alone_for_somebody_approved(client, event, delegation):
    asking(event, vehicle="second", emergency="first")
    person = RegistrationFactory(delegation=delegation, delegate__email="", state="approved")
    assert url(person, "person_enter") in client.get(url(person, "person")).content.decode()
    assert [part.step.name for part in client.get(url(person, "person_enter")).context["entry"].parts] == ["vehicle"]
    answer = client.post(url(person, "person_enter"), {"entry-vehicle": "no", "entry-source": NOTE}, follow=True)
    assert "The second form is no longer awaited" in answer.content.decode()
    person.refresh_from_db()
    assert (person.state, person.details_at is not None, given(person)) == ("approved", True, {"vehicle": {"vehicle": "no"}})
    assert "not possible in the present state" in client.get(url(person, "person_enter")).content.decode()


def test_nothing_is_entered_for_somebody_approved_where_there_is_no_second_form(client, event, delegation):
    person = RegistrationFactory(delegation=delegation, delegate__email="", state="approved")
    assert url(person, "person_enter") not in client.get(url(person, "person")).content.decode()
    client.post(url(person, "person_enter"), {"entry-source": NOTE})
    person.refresh_from_db()
    assert person.details_at is None
