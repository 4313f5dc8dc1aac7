"""The accreditation queue: one after another in order of waiting, each decision on what was seen, many at once, reasons written once."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from conference.lib.viewer import SYSTEM
from delegates.actions import decide, decide_security, keep_file, marks_of, move_registration
from delegates.choices import RegistrationState, SecurityDecision
from delegates.models import ReasonTemplate, Registration, RegistrationMove
from delegates.rules import OFFICER, check_approval
from events.choices import EventState, StaffRoleName
from events.models import AuditEntry, OutboxMail
from events.rules import NotAllowed
from tests.factories import (
    DelegateFactory,
    DelegationFactory,
    EventFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
    hours_from_now,
)
from tests.factories.files import pdf, picture, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory()


@pytest.fixture
def delegation(event):
    return DelegationFactory(event=event, seats=20)


@pytest.fixture
def client(client, event):
    client.force_login(StaffRoleFactory(event=event, role=StaffRoleName.ACCREDITATION).user)
    return client


def officer(client, event, role):
    client.force_login(StaffRoleFactory(event=event, role=role).user)
    return client


def url(event, name, *args, **asked):
    address = reverse(f"organise:{name}", args=[event.slug, *args])
    return f"{address}?{'&'.join(f'{key}={value}' for key, value in asked.items())}" if asked else address


def waiting(delegation, family_name="Novak", hours=5, **fields):
    language = fields.pop("language", "en")
    delegate = DelegateFactory(organisation=delegation.organisation, given_name="Ana", family_name=family_name, language=language)
    given = {"state": RegistrationState.SUBMITTED, "submitted_at": hours_from_now(-hours), "function": "Analyst"} | fields
    return RegistrationFactory(delegation=delegation, delegate=delegate, **given)


def seen(registration, **options):
    return json.dumps(marks_of(Registration.objects.get(pk=registration.pk), **options))


def told(response):
    return [str(message) for message in response.wsgi_request._messages]


def decision(client, event, registration, **typed):
    typed.setdefault("seen", seen(registration))
    return client.post(url(event, "queue_decide", registration.public_id), typed)


def test_queue_stands_in_order_of_waiting(client, event, delegation):
    waiting(delegation, "Second", hours=5)
    waiting(delegation, "First", hours=9)
    waiting(delegation, "Named long ago", submitted_at=None)
    waiting(delegation, "Approved", state=RegistrationState.APPROVED)
    waiting(DelegationFactory(), "Elsewhere")
    rows = client.get(url(event, "queue")).context["page"]
    assert [row.delegate.family_name for row in rows] == ["Named long ago", "First", "Second"]


@pytest.mark.parametrize("count", [1, 3])
def test_queue_costs_the_same_for_any_number(client, event, count, django_assert_num_queries):
    for delegation in DelegationFactory.create_batch(count, event=event):
        waiting(delegation)
    with django_assert_num_queries(9):
        response = client.get(url(event, "queue"))
    with django_assert_num_queries(24):
        client.get(url(event, "queue_one", response.context["page"][0].public_id))


def test_photo_and_papers_stand_beside_for_whom_they_are(client, event, delegation):
    registration = waiting(delegation)
    given = {"event": event, "by": SYSTEM}
    photo = keep_file(upload("a.png", picture(format="PNG")), kind="photo", registration=registration, **given)
    identity = keep_file(upload("a.pdf", pdf()), kind="identity_document", registration=registration, **given)
    credential = keep_file(upload("a.pdf", pdf()), kind="credential", delegation=delegation, **given)
    addresses = [url(event, "personal_file", file.public_id) for file in (photo, identity, credential)]
    page = url(event, "queue_one", registration.public_id)
    body = client.get(page).content.decode()
    assert [address in body for address in addresses] == [True, True, True]
    before = seen(registration)
    keep_file(upload("a.png", picture(format="PNG")), kind="photo", registration=registration, **given)
    assert "(Photo)" in decision(client, event, registration, to="approved", seen=before).content.decode()
    officer(client, event, StaffRoleName.SECURITY)
    body = client.get(page).content.decode()
    assert ([address in body for address in addresses[1:]], "<img" in body) == ([True, False], True)


def test_filters_are_addresses_and_go_along_the_walk(client, event, delegation):
    event.security_decides = True
    event.save()
    other = DelegationFactory(event=event)
    first, _second, third = waiting(delegation, "First", 9, category="expert"), waiting(other, "Second", 8), waiting(delegation, "Third", 7)
    asked = {"delegation": delegation.public_id}
    assert [row.delegate.family_name for row in client.get(url(event, "queue", **asked)).context["page"]] == ["First", "Third"]
    assert len(client.get(url(event, "queue", category="expert")).context["page"]) == 1
    assert len(client.get(url(event, "queue", security="cleared")).context["page"]) == 0
    assert len(client.get(url(event, "queue", security="x", category="x", delegation="x", page="9")).context["page"]) == 3
    shown = client.get(url(event, "queue_one", first.public_id, **asked)).context
    assert (shown["position"], shown["total"], shown["previous"]) == (1, 2, None)
    assert shown["next"] == url(event, "queue_one", third.public_id, **asked)
    answer = decision(client, event, first, to="returned", reason="Why", asked=shown["asked"])
    assert answer.url == url(event, "queue_one", third.public_id, **asked)
    last = decision(client, event, third, to="returned", reason="Why", asked=shown["asked"])
    assert last.url == url(event, "queue", **asked)


def test_decision_is_taken_told_and_goes_on_to_the_next(client, event, delegation):
    first, second = waiting(delegation, "First", 9), waiting(delegation, "Second", 8)
    answer = decision(client, event, first, to="approved")
    assert (answer.url, told(answer)) == (url(event, "queue_one", second.public_id), ["First, Ana: the registration is now “Approved”."])
    assert Registration.objects.get(pk=first.pk).state == RegistrationState.APPROVED
    body = client.get(url(event, "queue_one", first.public_id)).content.decode()
    assert ("no longer waits" in body, "On to the next one" in body) == (True, True)


def test_decision_needs_what_was_seen_to_be_so_still(client, event, delegation):
    registration = waiting(delegation)
    before = seen(registration)
    Registration.objects.filter(pk=registration.pk).update(function="Minister")
    response = decision(client, event, registration, to="returned", reason="Kept words", seen=before)
    body = response.content.decode()
    assert ("(function)" in body, "Kept words" in body) == (True, True)
    for nothing in ("", "[]", "{}", "not json"):
        assert decision(client, event, registration, to="approved", seen=nothing).status_code == 200
    assert Registration.objects.get(pk=registration.pk).state == RegistrationState.SUBMITTED
    # The page shown again carries what is so now.
    decision(client, event, registration, to="approved", seen=response.context["seen"])
    assert Registration.objects.get(pk=registration.pk).state == RegistrationState.APPROVED


def test_second_officer_is_told_what_the_first_decided(client, event, delegation):
    registration = waiting(delegation)
    before = seen(registration)
    move_registration(registration, to="approved", by=SYSTEM, made_by=OFFICER)
    response = decision(client, event, registration, to="refused", reason="No", seen=before)
    assert "it is now “Approved”. Nothing was done" in response.content.decode()
    assert (RegistrationMove.objects.filter(from_state="submitted").count(), OutboxMail.objects.count()) == (1, 1)


def test_each_decision_is_taken_by_the_role_that_may(client, event, delegation):
    event.security_decides = True
    event.save()
    registration = waiting(delegation, needs="Wheelchair")
    assert "has not cleared this person" in client.get(url(event, "queue_one", registration.public_id)).content.decode()
    Registration.objects.filter(pk=registration.pk).update(security_decision="refused")
    with pytest.raises(NotAllowed, match="has refused this person"):
        check_approval(Registration.objects.get(pk=registration.pk), event, is_double=False)
    Registration.objects.filter(pk=registration.pk).update(security_decision="pending")
    assert "not cleared this person yet" in decision(client, event, registration, to="approved").content.decode()
    cleared = {"decision": "cleared", "seen": seen(registration, for_security=True)}
    assert client.post(url(event, "queue_security", registration.public_id), cleared).status_code == 403
    officer(client, event, StaffRoleName.SECURITY)
    body = client.get(url(event, "queue_one", registration.public_id)).content.decode()
    assert [
        words in body for words in ("Analyst", "Wheelchair", registration.delegate.email, "queue/of/" + registration.public_id + "/decide/")
    ] == [
        True,
        False,
        False,
        False,
    ]
    assert decision(client, event, registration, to="approved").status_code == 403
    answer = client.post(url(event, "queue_security", registration.public_id), cleared)
    assert told(answer) == ["Novak, Ana: the security decision is now “Cleared”."]
    assert len(client.get(url(event, "queue")).context["page"]) == 0  # those without a decision
    assert len(client.get(url(event, "queue", security="cleared")).context["page"]) == 1
    officer(client, event, StaffRoleName.ACCREDITATION)
    assert decision(client, event, registration, to="approved").status_code == 302


def test_security_decides_on_what_it_saw_and_once(client, event, delegation):
    event.security_decides = True
    event.save()
    officer(client, event, StaffRoleName.SECURITY)
    registration = waiting(delegation)
    before = seen(registration, for_security=True)
    registration.delegate.nationalities = ["XK"]
    registration.delegate.save()
    response = client.post(url(event, "queue_security", registration.public_id), {"decision": "cleared", "seen": before})
    assert "(nationalities)" in told(response)[0]
    assert told(client.post(url(event, "queue_security", registration.public_id), {"decision": "x"}))[-1] == "Choose a decision."
    assert Registration.objects.get(pk=registration.pk).security_decision == SecurityDecision.PENDING
    for _ in range(2):
        decide_security(registration, decision="cleared", by=SYSTEM)
    assert AuditEntry.objects.filter(verb="registration.security").count() == 1


def test_marks_for_security_say_nothing_of_what_it_may_not_read(delegation):
    marks = marks_of(waiting(delegation), for_security=True)
    assert {"needs", "email", "consent"} & set(marks) == set()


def test_written_reason_goes_to_each_person_in_their_language(client, event, delegation):
    reason = ReasonTemplate.objects.create(event=event, kind="returned", text_en="Photo missing", text_fr="Photo absente")
    people = [waiting(delegation, f"P{n}", language=language) for n, language in enumerate(["fr", "en", "de"])]
    chosen = [row.public_id for row in people]
    preview = client.post(url(event, "decide"), {"registration": chosen, "to": "returned", "origin": "queue"})
    assert preview.context["will_change"] == people
    marks = {f"seen-{row.public_id}": row.marks for row in preview.context["will_change"]}
    typed = {
        "registration": chosen,
        "to": "returned",
        "template": reason.public_id,
        "reason": "Thank you",
        "confirm": "yes",
        "origin": "queue",
    }
    answer = client.post(url(event, "decide"), typed | marks)
    assert answer.url == url(event, "queue")
    found = [Registration.objects.get(pk=row.pk).reason for row in people]
    assert found == ["Photo absente\n\nThank you", "Photo missing\n\nThank you", "Photo missing\n\nThank you"]


def test_written_reason_of_another_decision_is_refused(client, event, delegation):
    registration = waiting(delegation)
    reason = ReasonTemplate.objects.create(event=event, kind="returned", text_en="Photo missing")
    elsewhere = ReasonTemplate.objects.create(event=EventFactory(), kind="refused", text_en="Of another event")
    wrong = decision(client, event, registration, to="refused", template=reason.public_id)
    assert list(wrong.context["decision"].errors) == ["template"]
    unknown = decision(client, event, registration, to="refused", template=elsewhere.public_id)
    assert list(unknown.context["decision"].errors) == ["template"]
    decision(client, event, registration, to="returned", template=reason.public_id)
    assert Registration.objects.get(pk=registration.pk).reason == "Photo missing"


def test_reason_select_carries_the_words_in_the_persons_language(client, event, delegation):
    ReasonTemplate.objects.create(event=event, kind="returned", text_en="Photo missing", text_fr="Photo <absente>")
    body = client.get(url(event, "queue_one", waiting(delegation, language="fr").public_id)).content.decode()
    assert 'data-text="Photo &lt;absente&gt;"' in body


def test_many_are_left_out_when_they_changed_after_the_preview(client, event, delegation):
    first, second = waiting(delegation, "First"), waiting(delegation, "Second")
    chosen = [first.public_id, second.public_id]
    preview = client.post(url(event, "decide"), {"registration": chosen, "to": "approved", "origin": "queue"})
    marks = {f"seen-{row.public_id}": row.marks for row in preview.context["will_change"]}
    Registration.objects.filter(pk=second.pk).update(category="guest")
    answer = client.post(url(event, "decide"), {"registration": chosen, "to": "approved", "confirm": "yes"} | marks)
    assert told(answer)[0] == "1 registration was changed."
    assert "(category)" in told(answer)[1]
    assert Registration.objects.get(pk=second.pk).state == RegistrationState.SUBMITTED


def test_security_clears_many_with_a_preview(client, event, delegation):
    event.security_decides = True
    event.save()
    officer(client, event, StaffRoleName.SECURITY)
    first, done = waiting(delegation, "First"), waiting(delegation, "Done", security_decision=SecurityDecision.CLEARED)
    asked = {"registration": [first.public_id, done.public_id], "decision": "cleared", "origin": "queue"}
    preview = client.post(url(event, "clear"), asked)
    assert (preview.context["will_change"], [problem for _row, problem in preview.context["left_out"]]) == (
        [first],
        ["This is the decision already."],
    )
    assert Registration.objects.get(pk=first.pk).security_decision == SecurityDecision.PENDING
    marks = {f"seen-{row.public_id}": row.marks for row in preview.context["will_change"]}
    answer = client.post(url(event, "clear"), asked | marks | {"confirm": "yes"})
    assert told(answer) == ["1 registration was changed.", "Done, Ana was left as it is. This is the decision already."]
    assert client.post(url(event, "clear"), {"decision": "cleared", "origin": "queue"}).url == url(event, "queue")
    assert told(client.post(url(event, "clear"), asked | {"decision": "x"}))[-1] == "Choose a decision."


def test_reasons_are_written_changed_and_removed(client, event):
    typed = {"kind": "refused", "text_en": "No room", "text_fr": "Plus de place", "text_nl": "", "text_de": ""}
    missing = client.post(url(event, "reasons"), typed | {"text_en": ""})
    assert list(missing.context["form"].errors) == ["text_en"]
    client.post(url(event, "reasons"), typed)
    reason = event.reasons.get()
    client.post(url(event, "reason", reason.public_id), typed | {"text_en": "No room left"})
    reason.refresh_from_db()
    assert (reason.text_en, reason.text_in("fr"), reason.text_in("de")) == ("No room left", "Plus de place", "No room left")
    assert "No room left" in client.get(url(event, "reasons")).content.decode()
    common = ReasonTemplate.objects.create(kind="returned", text_en="For every event")
    assert client.get(url(event, "reason", common.public_id)).status_code == 404
    client.post(url(event, "reason_remove", reason.public_id))
    assert list(AuditEntry.objects.order_by("number").values_list("verb", flat=True)) == ["reason.add", "reason.change", "reason.remove"]
    assert event.reasons.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_reasons_costs_the_same_for_any_number(client, event, count, django_assert_num_queries):
    for n in range(count):
        ReasonTemplate.objects.create(event=event, kind="refused", text_en=f"Reason {n}")
    with django_assert_num_queries(6):
        client.get(url(event, "reasons"))


def test_superuser_writes_the_reasons_for_every_event(client, event):
    client.force_login(UserFactory(is_superuser=True))
    typed = {"kind": "refused", "text_en": "For all", "text_fr": "", "text_nl": "", "text_de": ""}
    client.post(reverse("admin:delegates_reasontemplate_add"), typed)
    reason = ReasonTemplate.objects.get(text_en="For all")
    assert (reason.event, AuditEntry.objects.get(verb="reason.add").event) == (None, None)
    of_event = ReasonTemplate.objects.create(event=event, kind="refused", text_en="Of one")
    body = client.get(reverse("admin:delegates_reasontemplate_changelist")).content.decode()
    assert ("For all" in body, of_event.text_en in body) == (True, False)


def test_reason_without_words_or_of_no_kind_is_refused_by_the_table(event):
    for wrong in ({"kind": "refused"}, {"kind": "approved", "text_en": "Words"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReasonTemplate.objects.create(event=event, **wrong)


def test_reason_of_a_closed_event_stays_as_it_is(client, event):
    event.state = EventState.CLOSED
    event.save()
    assert client.get(url(event, "queue")).status_code == 403
    assert client.get(url(event, "reasons")).status_code == 403


def test_keys_are_switched_off_and_on(client, event, delegation):
    registration = waiting(delegation)
    page = url(event, "queue_one", registration.public_id)
    assert 'data-keys="on"' in client.get(page).content.decode()
    answer = client.post(url(event, "queue_keys", registration.public_id), {"keys": "off"})
    assert answer.url == page
    assert ('data-keys="off"' in client.get(page).content.decode(), "Switch the keys on" in client.get(page).content.decode()) == (
        True,
        True,
    )
    client.post(url(event, "queue_keys", registration.public_id), {"keys": "on"})
    assert 'data-keys="on"' in client.get(page).content.decode()


def test_decide_many_without_marks_asks_nothing_and_with_them_everything(delegation):
    first, second = waiting(delegation, "First"), waiting(delegation, "Second")
    assert [problem for _row, problem in decide([first], to="approved", by=SYSTEM)] == [""]
    ((_row, problem),) = decide([second], to="approved", by=SYSTEM, seen={})
    assert "Nothing was done" in problem
    with pytest.raises(NotAllowed):
        move_registration(second, to="approved", by=SYSTEM, made_by=OFFICER, seen={"state": "x"})
