"""The organisers' pages of what the form asks, and of what a person gave: groups, questions, preview, opening, taking over."""

import re

import pytest
from django.urls import reverse

from conference.lib.viewer import Actor
from delegates.actions import give_data, marks_of, move_registration, send_late, set_field_groups
from delegates.models import EventFieldGroup, Question, QuestionAnswer
from delegates.rules import OFFICER
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
    pdf,
    upload,
)

pytestmark = pytest.mark.django_db
SYSTEM = Actor(hat="system")


@pytest.fixture
def event():
    return EventFactory()


@pytest.fixture
def manager(client, event):
    client.force_login(StaffRoleFactory(event=event).user)
    return client


def url(event, name, *more):
    return reverse(f"organise:{name}", args=[event.slug, *more])


def groups(**changes):
    """The table of groups as it stands at first, with changes: travel__is_on="on"."""
    always = {"identity": 90, "questions": 30, "lists": 30}
    sent = {"identity_document": ("", "first", "on", 7), "photo": ("", "first", "on", 30), "languages": ("on", "first", "", 30)}
    sent |= {"travel": ("", "second", "", 14), "hotel": ("", "second", "", 14), "vehicle": ("", "second", "", 14)}
    sent |= {"needs": ("on", "first", "", 30), "emergency": ("", "first", "", 7), "weapon": ("", "first", "on", 7)}
    data = {f"{name}-days": days for name, days in always.items()}
    for name, (is_on, phase, required, days) in sent.items():
        data |= {f"{name}-is_on": is_on, f"{name}-phase": phase, f"{name}-is_required": required, f"{name}-days": days}
    return {
        name: value for name, value in (data | {key.replace("__", "-"): value for key, value in changes.items()}).items() if value != ""
    }


def test_groups_are_switched_and_only_changes_are_kept(manager, event):
    assert manager.post(url(event, "asking"), groups()).status_code == 302
    assert EventFieldGroup.objects.count() == 0
    manager.post(url(event, "asking"), groups(travel__is_on="on", travel__is_required="on", identity__days=40))
    kept = set(EventFieldGroup.objects.values_list("group", "is_on", "phase", "is_required", "days"))
    assert kept == {("travel", True, "second", True, 14), ("identity", True, "first", True, 40)}
    assert AuditEntry.objects.get(event=event, verb="form.groups").details == {"groups": ["identity", "travel"]}


def test_days_beyond_reason_are_refused_in_words(manager, event):
    response = manager.post(url(event, "asking"), groups(travel__days=99999))
    assert "Ensure this value is less than or equal to 3650." in response.content.decode()
    assert EventFieldGroup.objects.count() == 0


def write(manager, event, **changes):
    data = {"text_en": "Dish?", "text_fr": "Plat ?", "kind": "choice", "phase": "first", "is_required": "on", "categories": ["driver"]}
    data |= {"choice-new-0-label_en": "Fish", "choice-new-1-label_en": "Fowl", "choice-new-1-label_fr": "Volaille"}
    return manager.post(url(event, "question_add"), data | changes)


def test_question_is_written_with_its_choices(manager, event):
    assert write(manager, event).status_code == 302
    question = Question.objects.get()
    assert (question.text_en, question.text_fr, question.kind, question.categories) == ("Dish?", "Plat ?", "choice", ["driver"])
    assert list(question.choices.order_by("position").values_list("label_en", "label_fr")) == [("Fish", ""), ("Fowl", "Volaille")]
    assert "Fish · Fowl" in manager.get(url(event, "asking")).content.decode()


@pytest.mark.parametrize("kind", ["choice", "several"])
def test_question_without_any_choice_is_refused_and_kept_on_the_page(manager, event, kind):
    nothing = {f"choice-new-{number}-label_{language}": "" for number in range(3) for language in ("en", "fr")}
    response = write(manager, event, kind=kind, text_en="ZqWhichBus", **nothing)
    assert "Write at least one choice" in response.content.decode()
    assert "ZqWhichBus" in response.content.decode()
    assert not event.questions.exists()


def test_who_only_reads_cannot_type_into_the_form(client, event):
    client.force_login(StaffRoleFactory(event=event, role="observer").user)
    shown = client.get(url(event, "asking")).content.decode()
    assert {
        field for field in re.findall(r"<(?:input|select)[^>]*name=\"[a-z_]+-[a-z_]+\"[^>]*>", shown) if "disabled" not in field
    } == set()
    assert "identity_document-is_on" in shown


def test_question_needs_its_working_language(manager, event):
    response = write(manager, event, text_en="", **{"choice-new-1-label_en": ""})
    assert set(response.context["form"].errors) == {"text_en"}
    assert response.context["choices"][1].errors.keys() == {"label_en"}


def test_question_follows_an_earlier_answer_of_its_form(manager, event):
    dinner = QuestionFactory(event=event, kind="yes_no", position=1)
    assert write(manager, event, follows=f"{dinner.public_id}:yes").status_code == 302
    dish = Question.objects.get(text_en="Dish?")
    assert (dish.shown_if, dish.shown_if_answer) == (dinner, "yes")
    response = write(manager, event, follows=f"{dinner.public_id}:yes", phase="second")
    assert response.context["form"].non_field_errors() == ["A question can only follow one that comes before it in the same form."]


def answer(question, value):
    registration = RegistrationFactory(event=question.event, delegation=DelegationFactory(event=question.event))
    return QuestionAnswer.objects.create(event=question.event, registration=registration, question=question, value=value)


def test_answered_question_keeps_its_kind_and_the_choices_made(manager, event):
    question = QuestionFactory(event=event, kind="choice", choices=["Fish", "Fowl"])
    fish, _fowl = question.choices.order_by("position")
    answer(question, fish.public_id)
    data = {"text_en": "What dish?", "kind": "text", "phase": "second", f"choice-{fish.public_id}-label_en": "Trout"}
    assert manager.post(url(event, "question", question.public_id), data).status_code == 302
    question.refresh_from_db()
    assert (question.text_en, question.kind, question.phase) == ("What dish?", "choice", "first")
    assert list(question.choices.values_list("pk", "label_en")) == [(fish.pk, "Trout")]
    data[f"choice-{fish.public_id}-label_en"] = ""
    response = manager.post(url(event, "question", question.public_id), data)
    assert response.context["form"].non_field_errors() == [
        "A choice that somebody made, or that another question follows, cannot be taken away."
    ]
    assert question.choices.count() == 1


def test_questions_change_places_but_not_past_the_one_they_follow(manager, event):
    first, second, third = (QuestionFactory(event=event, kind="yes_no", position=n) for n in (1, 2, 3))
    third.shown_if, third.shown_if_answer = second, "yes"
    third.save()
    order = lambda: list(event.questions.order_by("position"))  # noqa: E731 -- asked three times
    manager.post(url(event, "question_move", second.public_id), {"up": "yes"})
    assert order() == [second, first, third]
    manager.post(url(event, "question_move", first.public_id), {"down": "yes"})
    assert order() == [second, third, first]
    response = manager.post(url(event, "question_move", third.public_id), {"up": "yes"}, follow=True)
    assert "A question stays behind the one whose answer it follows." in response.content.decode()
    assert order() == [second, third, first]


def test_removing_an_answered_question_asks_first(manager, event):
    question = QuestionFactory(event=event)
    answer(question, "Yes")
    address = url(event, "question_remove", question.public_id)
    assert "1 person has answered it." in manager.get(address).content.decode()
    assert Question.objects.count() == 1
    assert "The question is removed, with 1 answer." in manager.post(address, follow=True).content.decode()
    assert (Question.objects.count(), QuestionAnswer.objects.count()) == (0, 0)


def test_question_another_follows_is_not_removed(manager, event):
    parent = QuestionFactory(event=event, kind="yes_no")
    QuestionFactory(event=event, shown_if=parent, shown_if_answer="no")
    assert "Another question follows" in manager.post(url(event, "question_remove", parent.public_id)).content.decode()
    assert Question.objects.count() == 2


def test_preview_shows_what_a_category_is_asked(manager, event):
    set_field_groups(event, {"weapon": {"is_on": True, "phase": "first", "is_required": True, "days": 7}}, by=SYSTEM)
    QuestionFactory(event=event, text_en="Licence?", categories=["driver"], phase="second")
    shown = {name: manager.get(url(event, "asking_preview"), {"category": name}).content.decode() for name in ("driver", "protection")}
    assert ["Licence?" in shown["driver"], "Licence?" in shown["protection"]] == [True, False]
    assert ["Serial number" in shown["driver"], "Serial number" in shown["protection"]] == [False, True]


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_any_number_of_questions(manager, event, count, django_assert_num_queries):
    for _ in range(count):
        QuestionFactory(event=event, kind="choice", choices=["A", "B"])
    with django_assert_num_queries(8):
        manager.get(url(event, "asking"))
    with django_assert_num_queries(8):
        manager.get(url(event, "asking_preview"))


@pytest.fixture
def given(event):
    registration = RegistrationFactory(event=event, delegation=DelegationFactory(event=event), user=UserFactory())
    document = {"document_type": "passport", "document_number": "ZqNUMBER", "document_issuer": "PT", "document_expires": "2020-01-01"}
    data = {"birth_date": "1980-02-29", "groups": {"identity_document": document, "hotel": {"hotel": "none"}}}
    give_data(registration, data=data, by=Actor(user=registration.delegate.user))
    return registration


def test_document_is_shown_masked_until_it_is_opened_which_is_recorded(manager, event, given):
    body = manager.get(url(event, "person", given.public_id)).content.decode()
    assert ["ZqNUMBER" in body, "••••••" in body, "29 February 1980" in body, "I need no room" in body] == [False, True, True, True]
    body = manager.post(url(event, "person_reveal", given.public_id), {"group": "identity_document"}).content.decode()
    assert ["ZqNUMBER" in body, "This document has expired." in body] == [True, True]
    [entry] = AuditEntry.objects.filter(event=event, verb="registration.open_sealed")
    assert (entry.target, entry.details) == (str(given), {"group": "identity_document"})
    assert "ZqNUMBER" not in manager.get(url(event, "person", given.public_id)).content.decode()


@pytest.mark.parametrize(
    ("role", "status", "seen"),
    [
        ("security", 200, {"birth", "document"}),
        ("reception", 403, set()),
        ("observer", 403, set()),
        ("accreditation", 200, {"birth", "document", "hotel"}),
    ],
)
def test_each_role_reads_the_groups_it_needs(client, event, given, role, status, seen):
    client.force_login(StaffRoleFactory(event=event, role=role).user)
    body = client.get(url(event, "person", given.public_id)).content.decode()
    words = {"birth": "29 February 1980", "document": "••••••", "hotel": "I need no room"}
    assert {name for name, text in words.items() if text in body} == seen
    assert client.post(url(event, "person_reveal", given.public_id), {"group": "identity_document"}).status_code == status


def test_shared_mailbox_of_the_organisers_reads_no_document(client, event, given):
    user = UserFactory(is_shared=True)
    StaffRoleFactory(event=event, role="accreditation", user=user)
    client.force_login(user)
    say_who_acts(client)
    for page in ("person", "queue_one"):
        body = client.get(url(event, page, given.public_id)).content.decode()
        assert ["••••••" in body, "I need no room" in body] == [False, True]
    for act in ("person_reveal", "queue_reveal"):
        assert client.post(url(event, act, given.public_id), {"group": "identity_document"}).status_code == 403
    assert not AuditEntry.objects.filter(verb="registration.open_sealed").exists()


@pytest.mark.parametrize(("role", "is_read"), [("accreditation", True), ("security", True), ("reception", False), ("observer", False)])
def test_birth_date_that_waits_is_read_by_those_who_read_the_approved_one(client, event, given, role, is_read):
    move_registration(given, to="approved", by=SYSTEM, made_by=OFFICER)
    give_data(given, data={"birth_date": "1981-03-01"}, by=Actor(user=given.delegate.user))
    client.force_login(StaffRoleFactory(event=event, role=role).user)
    body = client.get(url(event, "person", given.public_id)).content.decode()
    assert ["29 February 1980" in body, "1 March 1981" in body] == [is_read, is_read]


def test_group_that_is_not_sealed_is_not_opened(manager, event, given):
    assert manager.post(url(event, "person_reveal", given.public_id), {"group": "hotel"}).status_code == 403


def test_late_form_is_seen_and_taken_over(manager, event):
    registration = RegistrationFactory(event=event, delegation=DelegationFactory(event=event), user=UserFactory())
    send_late(registration, phase="first", answers={"needs": "Halal", "groups": {}, "questions": {}}, by=SYSTEM)
    page = manager.get(url(event, "person", registration.public_id))
    assert "Sent after the time was over" in page.content.decode()
    late = page.context["late_forms"][0]["draft"]
    data = {"phase": "first", "seen": late.late_at.isoformat()}
    assert manager.post(url(event, "person_late", registration.public_id), data).status_code == 302
    registration.refresh_from_db()
    assert (registration.state, registration.needs) == ("submitted", "Halal")


def test_answer_that_is_a_file_is_kept_shown_and_removed_with_its_question(client, event, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    question = QuestionFactory(event=event, kind="file", text_en="Letter?", is_required=True)
    registration = RegistrationFactory(event=event, delegation=DelegationFactory(event=event), user=UserFactory())
    client.force_login(registration.delegate.user)
    step = reverse("delegates:register_step", args=[event.slug, registration.public_id, "questions"])
    hat, name = {"hat": f"registration:{registration.public_id}"}, f"question_{question.public_id}"
    assert set(client.post(step, hat).context["form"].errors) == {name}
    assert client.post(step, hat | {name: upload("letter.pdf", pdf())}).status_code == 302
    file = registration.files.get()
    assert (file.kind, file.key) == ("answer", question.public_id)
    review = client.get(reverse("delegates:register_review", args=[event.slug, registration.public_id])).content.decode()
    assert f'<a href="{file.get_absolute_url()}">letter.pdf</a>' in review
    assert client.post(step, hat).status_code == 302  # it is there already
    assert "“letter.pdf” is with us; a new file takes its place." in client.get(step).content.decode()
    client.force_login(StaffRoleFactory(event=event).user)
    body = client.get(url(event, "person", registration.public_id)).content.decode()
    assert url(event, "personal_file", file.public_id) in body
    client.post(url(event, "question_remove", question.public_id))
    assert registration.files.count() == 0


def test_queue_shows_what_was_given_beside_the_decision_each_role_its_groups(client, event, given):
    question = QuestionFactory(event=event, text_en="Shoe size?")
    QuestionAnswer.objects.create(event=event, registration=given, question=question, value="ZqFORTY")
    page = url(event, "queue_one", given.public_id)
    event.security_decides = True
    event.save(update_fields=["security_decides"])
    words = {"birth": "29 February 1980", "document": "••••••", "hotel": "I need no room", "answer": "ZqFORTY"}
    for role, expected in (("accreditation", set(words)), ("security", {"birth", "document"})):
        client.force_login(StaffRoleFactory(event=event, role=role).user)
        body = client.get(page).content.decode()
        assert {name for name, text in words.items() if text in body} == expected
        opened = client.post(url(event, "queue_reveal", given.public_id), {"group": "identity_document"}).content.decode()
        assert ("ZqNUMBER" in opened, "This document has expired." in opened) == (True, True)
        assert "ZqNUMBER" not in client.get(page).content.decode()
    assert AuditEntry.objects.filter(event=event, verb="registration.open_sealed").count() == 2
    assert client.post(url(event, "queue_reveal", given.public_id), {"group": "hotel"}).status_code == 403


def test_decision_on_answers_that_changed_meanwhile_is_refused(event, given):
    seen = marks_of(type(given).objects.get(pk=given.pk))
    QuestionAnswer.objects.create(event=event, registration=given, question=QuestionFactory(event=event), value="New")
    with pytest.raises(NotAllowed, match="what the person gave"):
        move_registration(type(given).objects.get(pk=given.pk), to="approved", by=SYSTEM, made_by=OFFICER, seen=seen)
