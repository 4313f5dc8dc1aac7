"""The person's form step by step: groups, drafts, questions, late forms, the second form, and what is sealed."""

import datetime as dt
import importlib

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conference.lib.viewer import Actor
from delegates.actions import accept_late, decide_change, give_data, set_field_groups
from delegates.choices import Category, Consent, RegistrationState
from delegates.models import (
    Delegate,
    EventFieldGroup,
    GivenGroup,
    PendingChange,
    Question,
    QuestionAnswer,
    RegistrationDraft,
    RegistrationMove,
)
from delegates.models.answers import sealed_json
from delegates.rules import NOTICE_VERSION
from events.models import AuditEntry
from events.rules import NotAllowed
from tests.claims import say_who_acts
from tests.factories import (
    DelegationFactory,
    EventFactory,
    QuestionFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
    hours_from_now,
)

pytestmark = pytest.mark.django_db
OFFICER = Actor(hat="organiser:accreditation")
IDENTITY = {"given_name": "Ana", "family_name": "Silva", "nationality_1": "Portugal", "function": "Analyst", "birth_date": "1980-02-29"}
DOCUMENT = {
    "document_type": "passport",
    "document_number": "ZqCANARY77",
    "document_issuer": "Portugal",
    "document_expires": (dt.date.today() + dt.timedelta(days=3000)).isoformat(),
}
STEPS = {"identity": IDENTITY, "document": DOCUMENT, "languages": {"language": "en"}, "needs": {"needs": "No nuts"}}
REVIEW = {"consent": "participants", "notice_version": NOTICE_VERSION}


def switch(event, **groups):
    """Switch groups on: name=(phase, is_required)."""
    wanted = {name: {"is_on": True, "phase": phase, "is_required": required, "days": 9} for name, (phase, required) in groups.items()}
    set_field_groups(event, wanted, by=OFFICER)


@pytest.fixture
def event():
    event = EventFactory(first_date=dt.date.today() + dt.timedelta(days=40), last_date=dt.date.today() + dt.timedelta(days=42))
    switch(event, identity_document=("first", True))
    return event


@pytest.fixture
def registration(event):
    return RegistrationFactory(event=event, delegation=DelegationFactory(event=event), user=UserFactory(), invited_at=hours_from_now(-5))


@pytest.fixture
def browser(registration):
    return browser_of(registration)


def browser_of(registration) -> Client:
    client = Client()
    client.force_login(registration.delegate.user)
    return client


def address(registration, name, *more):
    return reverse(f"delegates:{name}", args=[registration.event.slug, registration.public_id, *more])


def post(browser, registration, name, *more, **typed):
    return browser.post(address(registration, name, *more), {"hat": f"registration:{registration.public_id}", **typed})


def save(browser, registration, step, phase="register", **typed):
    return post(browser, registration, f"{phase}_step", step, **typed)


def fill_in(browser, registration, **changes):
    for step, typed in (STEPS | changes).items():
        save(browser, registration, step, **typed)


def send(browser, registration, **typed):
    return browser.post(
        address(registration, "register_review"), {"hat": f"registration:{registration.public_id}"} | REVIEW | typed, follow=True
    )


def test_steps_follow_one_another_and_say_where_one_is(browser, registration):
    first = browser.get(address(registration, "register"))
    assert first["Location"] == address(registration, "register_step", "identity")
    body = browser.get(first["Location"]).content.decode()
    assert "Step 1 of 5: Who you are" in body
    assert save(browser, registration, "identity", **IDENTITY)["Location"] == address(registration, "register_step", "document")
    assert "Step 2 of 5: Identity document" in browser.get(address(registration, "register_step", "document")).content.decode()
    assert browser.get(address(registration, "register"))["Location"] == address(registration, "register_step", "document")


def test_every_step_kept_is_there_on_another_device(browser, registration):
    fill_in(browser, registration)
    elsewhere = browser_of(registration)
    form = elsewhere.get(address(registration, "register_step", "document")).context["form"]
    assert form["document_number"].value() == "ZqCANARY77"
    assert elsewhere.get(address(registration, "register"))["Location"] == address(registration, "register_review")
    assert "Nothing is sent yet." in elsewhere.get(address(registration, "register_review")).content.decode()
    registration.refresh_from_db()
    assert (registration.state, registration.function != "Analyst") == ("nominated", True)


def test_wrong_step_is_kept_too_and_says_what_is_wrong(browser, registration):
    response = save(browser, registration, "identity", **IDENTITY | {"nationality_1": "Atlantis"})
    assert "We do not know a country" in response.content.decode()
    form = browser_of(registration).get(address(registration, "register_step", "identity")).context["form"]
    assert form["nationality_1"].value() == "Atlantis"


def test_step_unticked_again_stays_unticked(browser, registration):
    registration.languages = ["fr"]
    registration.save()
    save(browser, registration, "languages", language="en")
    assert browser.get(address(registration, "register_step", "languages")).context["form"]["languages"].value() == []


def test_whole_form_is_sent_once_and_its_draft_is_gone(browser, registration):
    fill_in(browser, registration)
    assert "Your registration has arrived." in send(browser, registration).content.decode()
    assert "as you wrote it" in send(browser, registration).content.decode()
    registration.refresh_from_db()
    assert (registration.state, registration.consent, registration.needs) == ("submitted", Consent.PARTICIPANTS, "No nuts")
    assert RegistrationMove.objects.filter(registration=registration, to_state="submitted").count() == 1
    assert RegistrationDraft.objects.count() == 0
    given = {row.group: row.given() for row in registration.given_groups.all()}
    assert given == {"identity_document": DOCUMENT | {"document_issuer": "PT"}}
    assert Delegate.objects.get(registrations=registration).birth_date == dt.date(1980, 2, 29)


def test_form_with_a_step_missing_is_not_sent_and_links_to_it(browser, registration):
    save(browser, registration, "identity", **IDENTITY)
    body = send(browser, registration).content.decode()
    assert "Some answers need another look" in body
    assert f'<a href="{address(registration, "register_step", "document")}">Identity document, Number' in body
    registration.refresh_from_db()
    assert registration.state == "nominated"
    assert browser_of(registration).get(address(registration, "register_review")).context["form"]["consent"].value() == "participants"


def test_line_of_steps_tells_what_is_kept_from_what_needs_another_look(browser, registration):
    save(browser, registration, "identity", **IDENTITY)
    save(browser, registration, "document")
    response = browser.get(address(registration, "register_step", "languages"))
    found = {row["step"].name: (row["is_kept"], row["is_wrong"]) for row in response.context["steps"]}
    assert (found["identity"], found["document"], found["languages"]) == ((True, False), (True, True), (False, False))
    assert response.content.decode().count("(needs another look)") == 1


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"birth_date": "2990-01-01"}, "birth_date", "This day is still to come. Write the day you were born."),
        ({"birth_date": "1830-01-01"}, "birth_date", "This is before 1900. Look at the year."),
        ({"given_name": "", "family_name": ""}, "given_name", "Write a given name, a family name, or both."),
        ({"given_name": "x" * 201}, "given_name", "Ensure this value has at most 200 characters (it has 201)."),
        ({"nationality_2": "PT"}, "nationality_2", "This nationality is already written above."),
    ],
)
def test_identity_is_refused_in_words(browser, registration, typed, field, words):
    form = save(browser, registration, "identity", **IDENTITY | typed).context["form"]
    assert form.errors == {field: [words]}


@pytest.mark.parametrize("names", [("Ganna", ""), ("", "Sukarno"), ("Йоанна", "Ґалаґан"), ("O’Brien-d'Été", "x" * 200), ("李", "小龙")])
def test_names_of_every_kind_are_taken(browser, registration, names):
    fill_in(browser, registration, identity=IDENTITY | {"given_name": names[0], "family_name": names[1]})
    send(browser, registration)
    registration.delegate.refresh_from_db()
    assert (registration.delegate.given_name, registration.delegate.family_name) == names


@pytest.mark.parametrize(
    ("days", "words"), [(-1, "This document has expired."), (41, "This document expires before the event is over."), (43, "")]
)
def test_document_that_will_not_do_is_warned_of_and_taken(browser, registration, days, words):
    expires = (dt.date.today() + dt.timedelta(days=days)).isoformat()
    response = save(browser, registration, "document", **DOCUMENT | {"document_expires": expires})
    assert response.status_code == 302
    body = browser.get(address(registration, "register_review")).content.decode()
    assert [text in body for text in ("This document has expired.", "This document expires before")] == [
        words.startswith("This document has"),
        words.startswith("This document expires"),
    ]
    assert (words in body) is True


def test_optional_group_is_left_empty_or_given_whole(browser, registration, event):
    switch(event, identity_document=("first", False))
    assert save(browser, registration, "document").status_code == 302
    form = save(browser, registration, "document", document_number="X1").context["form"]
    assert set(form.errors) == {"document_type", "document_issuer", "document_expires"}


def test_group_switched_off_is_no_step(browser, registration, event):
    set_field_groups(event, {"identity_document": {"is_on": False, "phase": "first", "is_required": True, "days": 9}}, by=OFFICER)
    assert browser.get(address(registration, "register_step", "document")).status_code == 404
    assert "birth_date" not in browser.get(address(registration, "register_step", "identity")).context["form"].fields


@pytest.mark.parametrize(("category", "status"), [(Category.PROTECTION, 200), (Category.DELEGATE, 404), (Category.DRIVER, 404)])
def test_weapon_is_asked_of_close_protection_alone(event, category, status):
    switch(event, weapon=("first", True))
    one = RegistrationFactory(event=event, delegation=DelegationFactory(event=event), user=UserFactory(), category=category)
    assert browser_of(one).get(address(one, "register_step", "weapon")).status_code == status


def test_account_of_several_people_neither_gives_nor_sees_what_is_sealed(browser, registration, event):
    fill_in(browser, registration)
    send(browser, registration)
    registration.delegate.user.is_shared = True
    registration.delegate.user.save()
    say_who_acts(browser)
    assert browser.get(address(registration, "register_step", "document")).status_code == 404
    for name in ("registration", "register_review"):
        assert "ZqCANARY77" not in browser.get(address(registration, name)).content.decode()
    assert "Identity document" in browser.get(address(registration, "register_review")).context["withheld"]
    send(browser, registration, consent="hidden")
    assert GivenGroup.objects.filter(group="identity_document").count() == 1


def test_nothing_sealed_stands_in_any_table(browser, registration, event):
    switch(event, weapon=("first", True))
    registration.category = Category.PROTECTION
    registration.save()
    weapon = {
        "weapon": "yes",
        "weapon_model": "ZqCANARY78",
        "weapon_calibre": "9",
        "weapon_serial": "ZqCANARY79",
        "weapon_permit": "ZqCANARY80",
    }
    fill_in(browser, registration, weapon=weapon)
    assert canaries() == []  # in the draft
    send(browser, registration)
    assert canaries() == []  # in what is given and in the record
    registration.refresh_from_db()
    assert registration.given_groups.get(group="weapon").given()["weapon_serial"] == "ZqCANARY79"
    registration.state = RegistrationState.APPROVED
    registration.save()
    save(browser, registration, "document", **DOCUMENT | {"document_number": "ZqCANARY81"})
    send(browser, registration)
    assert PendingChange.objects.open().get().field == "identity_document"
    assert canaries() == []  # in the change that waits


def canaries() -> list[str]:
    """Every table in which a word that must be sealed stands."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = cursor.fetchall()
            if any("ZqCANARY" in str(bytes(cell) if isinstance(cell, memoryview) else cell) for row in rows for cell in row):
                found.append(table)
    return found


def test_canary_in_a_plain_column_is_found(registration):
    registration.needs = "ZqCANARY77"
    registration.save()
    assert canaries() == ["delegates_registration"]


def test_document_changed_after_approval_waits_sealed_until_an_officer_accepts(browser, registration):
    fill_in(browser, registration)
    send(browser, registration)
    registration.refresh_from_db()
    registration.state = RegistrationState.APPROVED
    registration.save()
    save(browser, registration, "document", **DOCUMENT | {"document_number": "NEW1"})
    body = send(browser, registration).content.decode()
    assert "wait until an officer has looked at them" in body
    assert registration.given_groups.get(group="identity_document").given()["document_number"] == "ZqCANARY77"
    decide_change(PendingChange.objects.open().get(), accept=True, by=OFFICER)
    assert registration.given_groups.get(group="identity_document").given()["document_number"] == "NEW1"


def test_officer_opens_both_documents_before_deciding_which_is_recorded(browser, registration, client):
    fill_in(browser, registration)
    send(browser, registration)
    type(registration).objects.filter(pk=registration.pk).update(state="approved")
    save(browser, registration, "document", **DOCUMENT | {"document_number": "ZqNEW1", "document_issuer": "Spain"})
    send(browser, registration)
    args = [registration.event.slug, registration.public_id]
    client.force_login(StaffRoleFactory(event=registration.event).user)
    listed = client.get(reverse("organise:changes", args=args[:1])).content.decode()
    assert ["Open both (it is recorded)" in listed, "ZqNEW1" in listed, "ZqCANARY77" in listed] == [True, False, False]
    opened = client.post(reverse("organise:person_reveal", args=args), {"group": "identity_document"}).content.decode()
    assert ["Number: ZqCANARY77" in opened, "Number: ZqNEW1" in opened, "Issued by: Spain" in opened] == [True, True, True]
    assert AuditEntry.objects.filter(verb="registration.open_sealed").count() == 1
    assert "ZqNEW1" not in client.get(reverse("organise:person", args=args)).content.decode()


def test_correction_sends_only_what_it_touches(browser, registration, event):
    fill_in(browser, registration)
    send(browser, registration)
    switch(event, emergency=("first", True))
    assert "Your changes are saved." in send(browser, registration, consent="hidden").content.decode()
    registration.refresh_from_db()
    assert registration.consent == Consent.HIDDEN


# The organisers' own questions.
@pytest.fixture
def dinner(event):
    return QuestionFactory(event=event, kind="yes_no", text_en="Dinner?", is_required=True)


@pytest.fixture
def dish(event, dinner):
    return QuestionFactory(
        event=event, kind="choice", text_en="Dish?", choices=["Fish", "Fowl"], is_required=True, shown_if=dinner, shown_if_answer="yes"
    )


def field(question) -> str:
    return f"question_{question.public_id}"


def test_question_after_a_yes_is_needed_after_a_yes(browser, registration, dinner, dish):
    body = browser.get(address(registration, "register_step", "questions")).content.decode()
    assert "Answer this only if you answered “Yes” to “Dinner?”." in body
    assert f'data-follows="{field(dinner)}" data-answers="yes"' in body
    form = save(browser, registration, "questions", **{field(dinner): "yes"}).context["form"]
    assert form.errors == {field(dish): ["This is needed after your answer above."]}


def test_answer_to_a_question_not_asked_does_not_count(browser, registration, dinner, dish):
    fish = dish.choices.first()
    fill_in(browser, registration, questions={field(dinner): "no", field(dish): fish.public_id})
    send(browser, registration)
    assert list(QuestionAnswer.objects.values_list("question__text_en", "value")) == [("Dinner?", "no")]


def test_answers_of_every_kind_are_kept_as_they_are_meant(browser, registration, event, dinner, dish):
    several = QuestionFactory(event=event, kind="several", choices=["A", "B", "C"])
    kinds = {kind: QuestionFactory(event=event, kind=kind) for kind in ("text", "date", "number")}
    picked = [choice.public_id for choice in several.choices.order_by("position")][:2]
    typed = {field(dinner): "yes", field(dish): dish.choices.first().public_id, field(several): picked}
    typed |= {field(kinds["text"]): "A\r\nB", field(kinds["date"]): "2027-01-19", field(kinds["number"]): "12.50"}
    fill_in(browser, registration, questions=typed)
    send(browser, registration)
    answers = {answer.question_id: answer.value for answer in QuestionAnswer.objects.all()}
    assert answers == {
        dinner.pk: "yes",
        dish.pk: dish.choices.first().public_id,
        several.pk: picked,
        kinds["text"].pk: "A\r\nB",
        kinds["date"].pk: "2027-01-19",
        kinds["number"].pk: "12.5",
    }
    body = browser.get(address(registration, "registration")).content.decode()
    assert [word in body for word in ("A, B", "12.5", "19 January 2027")] == [True, True, True]


def test_question_for_some_categories_is_asked_of_them_alone(browser, registration, event):
    QuestionFactory(event=event, categories=["driver"], text_en="Licence?")
    assert browser.get(address(registration, "register_step", "questions")).status_code == 404
    registration.category = Category.DRIVER
    registration.save()
    assert "Licence?" in browser.get(address(registration, "register_step", "questions")).content.decode()


def test_question_that_follows_one_of_other_categories_is_not_asked(browser, registration, event):
    parent = QuestionFactory(event=event, kind="yes_no", categories=["driver"])
    QuestionFactory(event=event, shown_if=parent, shown_if_answer="yes")
    assert browser.get(address(registration, "register_step", "questions")).status_code == 404


def test_required_question_is_needed(browser, registration, dinner):
    assert save(browser, registration, "questions").context["form"].errors == {field(dinner): ["This field is required."]}


# Too late.
@pytest.fixture
def late(browser, registration, event):
    event.confirm_by_at = hours_from_now(-1)
    event.save()
    fill_in(browser, registration)
    send(browser, registration)
    return registration.drafts.get()


def test_late_form_is_kept_and_counts_once_an_organiser_takes_it_over(browser, registration, late):
    registration.refresh_from_db()
    assert registration.state == "nominated"
    assert "You sent this form on" in browser.get(address(registration, "registration")).content.decode()
    accept_late(registration, phase="first", seen_at=late.late_at, by=OFFICER)
    registration.refresh_from_db()
    assert (registration.state, registration.consent, registration.notice_version) == ("submitted", Consent.PARTICIPANTS, NOTICE_VERSION)
    assert registration.given_groups.get(group="identity_document").given()["document_number"] == "ZqCANARY77"
    assert RegistrationDraft.objects.count() == 0
    verbs = AuditEntry.objects.filter(event=registration.event).values_list("verb", flat=True)
    assert {"registration.send_late", "registration.accept_late"} <= set(verbs)


def test_late_form_sent_again_is_not_taken_over_unseen(browser, registration, late):
    save(browser, registration, "needs", needs="Halal")
    send(browser, registration)
    with pytest.raises(NotAllowed, match="sent again meanwhile"):
        accept_late(registration, phase="first", seen_at=late.late_at, by=OFFICER)
    accept_late(registration, phase="first", seen_at=registration.drafts.get().late_at, by=OFFICER)
    registration.refresh_from_db()
    assert registration.needs == "Halal"


def test_late_form_is_taken_over_once(registration, late):
    accept_late(registration, phase="first", seen_at=late.late_at, by=OFFICER)
    with pytest.raises(NotAllowed, match="taken over already"):
        accept_late(registration, phase="first", seen_at=late.late_at, by=OFFICER)


# The second form.
TRAVEL = {"arrives_at": "2027-01-18T17:40", "arrives_by": "train", "departs_at": "2027-01-21T18:00"}


@pytest.fixture
def approved(registration, event):
    switch(event, travel=("second", True), hotel=("second", True))
    registration.state = RegistrationState.APPROVED
    registration.save()
    return registration


def test_second_form_opens_with_the_approval(browser, registration, event):
    switch(event, travel=("second", True))
    assert browser.get(address(registration, "details"))["Location"] == address(registration, "registration")
    registration.state = RegistrationState.APPROVED
    registration.save()
    assert browser.get(address(registration, "details"))["Location"] == address(registration, "details_step", "travel")
    assert "Arrival" in browser.get(address(registration, "registration")).context["details"]["missing"][0]["labels"]


def test_second_form_is_given_and_corrected(browser, approved):
    save(browser, approved, "travel", "details", **TRAVEL)
    save(browser, approved, "hotel", "details", hotel="none")
    post(browser, approved, "details_review")
    approved.refresh_from_db()
    assert approved.details_at is not None
    assert {row.group: row.given() for row in approved.given_groups.all()} == {"travel": TRAVEL, "hotel": {"hotel": "none"}}
    save(browser, approved, "hotel", "details", hotel="own", hotel_from="2027-01-18", hotel_until="2027-01-21")
    post(browser, approved, "details_review")
    assert approved.given_groups.get(group="hotel").given()["hotel"] == "own"


@pytest.mark.parametrize(
    ("step", "typed", "errors"),
    [
        ("travel", TRAVEL | {"departs_at": "2027-01-18T10:00"}, {"departs_at": ["You would leave before you arrive."]}),
        ("hotel", {"hotel": "please", "hotel_from": "2027-01-18"}, {"hotel_until": ["This is needed after your answer above."]}),
        (
            "hotel",
            {"hotel": "own", "hotel_from": "2027-01-18", "hotel_until": "2027-01-18"},
            {"hotel_until": ["This is not after the first night."]},
        ),
    ],
)
def test_second_form_is_refused_in_words(browser, approved, step, typed, errors):
    assert save(browser, approved, step, "details", **typed).context["form"].errors == errors


def test_late_second_form_is_kept_and_taken_over(browser, approved, event):
    event.travel_by_at = hours_from_now(-1)
    event.save()
    save(browser, approved, "travel", "details", **TRAVEL)
    save(browser, approved, "hotel", "details", hotel="none")
    post(browser, approved, "details_review")
    approved.refresh_from_db()
    assert (approved.details_at, approved.given_groups.count()) == (None, 0)
    accept_late(approved, phase="second", seen_at=approved.drafts.get().late_at, by=OFFICER)
    approved.refresh_from_db()
    assert (approved.details_at is not None, approved.given_groups.count()) == (True, 2)


def test_telephone_is_checked_and_written_as_one_dials_it(browser, registration, event):
    switch(event, emergency=("first", True))
    assert "contact_phone" in save(browser, registration, "emergency", contact_name="A", contact_phone="12").context["form"].errors
    fill_in(browser, registration, emergency={"contact_name": "A", "contact_phone": "+3221234567"})
    send(browser, registration)
    assert registration.given_groups.get(group="emergency").given() == {"contact_name": "A", "contact_phone": "+32 2 123 45 67"}


@pytest.mark.parametrize(("declared", "decision"), [("yes", "pending"), ("no", "none")])
def test_weapon_declared_anew_is_decided_anew(event, declared, decision):
    switch(event, weapon=("first", True))
    one = RegistrationFactory(
        event=event, delegation=DelegationFactory(event=event), state="submitted", category="protection", weapon_decision="cleared"
    )
    give_data(one, data={"groups": {"weapon": {"weapon": declared}}}, by=Actor(user=UserFactory()))
    one.refresh_from_db()
    assert one.weapon_decision == decision


# What the tables refuse.
@pytest.mark.parametrize(
    "make",
    [
        lambda r: GivenGroup.objects.create(event=r.event, registration=r, group="weapon", values={"x": 1}, given_at=timezone.now()),
        lambda r: GivenGroup.objects.create(event=r.event, registration=r, group="travel", sealed="x", given_at=timezone.now()),
        lambda r: GivenGroup.objects.create(event=r.event, registration=r, group="nothing", values={}, given_at=timezone.now()),
        lambda r: [
            GivenGroup.objects.create(event=r.event, registration=r, group="travel", values={}, given_at=timezone.now()) for _ in range(2)
        ],
        lambda r: EventFieldGroup.objects.create(event=r.event, group="nothing", days=1),
        lambda r: EventFieldGroup.objects.create(event=r.event, group="travel", days=99999),
        lambda r: EventFieldGroup.objects.create(event=r.event, group="travel", days=1, phase="third"),
        lambda r: [EventFieldGroup.objects.create(event=r.event, group="hotel", days=1) for _ in range(2)],
        lambda r: Question.objects.create(event=r.event, kind="poem"),
        lambda r: Question.objects.create(event=r.event, phase="third"),
        lambda r: Question.objects.create(event=r.event, shown_if_answer="yes"),
        lambda r: Question.objects.filter(pk=QuestionFactory(event=r.event).pk).update(
            shown_if=Question.objects.get(), shown_if_answer="yes"
        ),
        lambda r: [
            RegistrationDraft.objects.create(event=r.event, registration=r, phase="first", saved_at=timezone.now()) for _ in range(2)
        ],
        lambda r: RegistrationDraft.objects.create(event=r.event, registration=r, phase="third", saved_at=timezone.now()),
        lambda r: [
            QuestionAnswer.objects.create(event=r.event, registration=r, question=question, value="x")
            for question in [QuestionFactory(event=r.event)] * 2
        ],
        lambda r: type(r).objects.filter(pk=r.pk).update(weapon_decision="perhaps"),
    ],
)
def test_tables_refuse(registration, make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make(registration)


def test_birth_date_of_a_list_is_the_one_the_form_shows_and_keeps(browser, registration):
    Delegate.objects.filter(registrations=registration).update(birth_date=dt.date(1980, 3, 1))
    assert browser.get(address(registration, "register_step", "identity")).context["form"]["birth_date"].value() == dt.date(1980, 3, 1)
    fill_in(browser, registration)
    send(browser, registration)
    assert Delegate.objects.get(registrations=registration).birth_date == dt.date(1980, 2, 29)


@pytest.mark.parametrize(("accept", "kept"), [(True, dt.date(1981, 2, 28)), (False, dt.date(1980, 2, 29))])
def test_birth_date_changed_after_approval_waits_for_an_officer(browser, registration, accept, kept):
    fill_in(browser, registration)
    send(browser, registration)
    registration.state = "approved"
    registration.save(update_fields=["state"])
    for _time in range(2):
        save(browser, registration, "identity", **IDENTITY | {"birth_date": "1981-02-28"})
        body = send(browser, registration).content.decode()
    assert "28 February 1981" in body
    change = PendingChange.objects.get()
    assert (change.field, change.value) == ("birth_date", "1981-02-28")
    assert Delegate.objects.get(registrations=registration).birth_date == dt.date(1980, 2, 29)
    decide_change(change, accept=accept, by=OFFICER)
    assert Delegate.objects.get(registrations=registration).birth_date == kept


def test_form_that_does_not_ask_keeps_the_birth_date(browser, registration):
    set_field_groups(
        registration.event, {"identity_document": {"is_on": False, "phase": "first", "is_required": True, "days": 9}}, by=OFFICER
    )
    fill_in(browser, registration, document={})
    send(browser, registration)
    registration.refresh_from_db()
    assert (registration.state, registration.delegate.birth_date) == ("submitted", None)


def test_birth_dates_kept_by_form_move_to_the_person_and_back(registration):
    migration = importlib.import_module("delegates.migrations.0017_keep_one_birth_date")
    registration.submitted_at = hours_from_now(-2)
    registration.save(update_fields=["submitted_at"])
    kept = {"event": registration.event, "registration": registration}
    GivenGroup.objects.create(**kept, group="identity", values={"birth_date": "1980-02-29"}, given_at=hours_from_now(-2))
    PendingChange.objects.create(**kept, field="identity", value={"birth_date": "1981-02-28"}, asked_at=hours_from_now(-1))
    answers = {"given_name": "Ana", "groups": {"identity": {"birth_date": "1981-02-28"}, "identity_document": {}}}
    sealed = sealed_json({"typed": {}, "answers": answers})
    RegistrationDraft.objects.create(**kept, phase="first", sealed=sealed, saved_at=hours_from_now(-1), late_at=hours_from_now(-1))
    migration.to_delegate(apps, None)
    assert Delegate.objects.get(registrations=registration).birth_date == dt.date(1980, 2, 29)
    assert GivenGroup.objects.count() == 0
    change = PendingChange.objects.get()
    assert (change.field, change.value) == ("birth_date", "1981-02-28")
    moved = {"given_name": "Ana", "birth_date": "1981-02-28", "groups": {"identity_document": {}}}
    assert RegistrationDraft.objects.get().answers == moved
    migration.to_form(apps, None)
    assert GivenGroup.objects.get().values == {"birth_date": "1980-02-29"}
    assert PendingChange.objects.get().value == {"birth_date": "1981-02-28"}
