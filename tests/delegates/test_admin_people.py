"""The organisers' list of people, decisions about many, one person's page, and the list as a spreadsheet."""

import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from conference.lib.viewer import Actor
from delegates.actions import marks_of, send_list
from delegates.actions.given import keep_group
from delegates.choices import Consent, Group, Missing, Narrowing, RegistrationState, SecurityDecision, WeaponDecision
from delegates.models import PendingChange, Registration
from delegates.rules import lacking
from events.choices import StaffRoleName
from events.models import AuditEntry, OutboxMail
from tests.factories import DelegateFactory, DelegationFactory, EventFactory, RegistrationFactory, StaffRoleFactory, hours_from_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory()


@pytest.fixture
def delegation(event):
    return DelegationFactory(event=event, seats=20)


@pytest.fixture
def client(client, event):
    client.force_login(StaffRoleFactory(event=event).user)
    return client


def url(event, name, *args):
    return reverse(f"organise:{name}", args=[event.slug, *args])


def send(client, event, name, *args, **typed):
    return client.post(url(event, name, *args), typed)


def person(delegation, family_name="Novak", given_name="Ana", **fields):
    delegate = DelegateFactory(organisation=delegation.organisation, given_name=given_name, family_name=family_name)
    given = {"state": RegistrationState.SUBMITTED, "invited_at": hours_from_now(-5)} | fields
    return RegistrationFactory(delegation=delegation, delegate=delegate, **given)


def seen(registration):
    """What a page shows of a registration, as its form brings it back."""
    return json.dumps(marks_of(registration))


def shown_marks(*registrations):
    """The same for many, as the preview brings it back."""
    return {f"seen-{row.public_id}": seen(row) for row in registrations}


def names(client, event, **asked):
    return [row.delegate.family_name for row in client.get(url(event, "people"), asked).context["page"]]


def told(response):
    return [str(message) for message in response.wsgi_request._messages]


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_any_number(client, event, count, django_assert_num_queries):
    for delegation in DelegationFactory.create_batch(count, event=event):
        person(delegation)
    with django_assert_num_queries(9):
        response = client.get(url(event, "people"))
    assert len(response.context["page"]) == count


def test_search_finds_names_whatever_their_accents_and_capitals(client, event, delegation):
    person(delegation, "Łukasiewicz", "Žofie")
    person(delegation, "Ørsted", "Søren")
    assert names(client, event, q="lukasiewicz") == ["Łukasiewicz"]
    assert names(client, event, q="SOREN orsted") == ["Ørsted"]
    assert names(client, event, q="nobody") == []


def test_list_is_filtered_by_its_address(client, event, delegation):
    other = DelegationFactory(event=event)
    person(delegation, "Approved", state=RegistrationState.APPROVED, category="head")
    person(other, "Other")
    person(delegation, "Gone", state=RegistrationState.WITHDRAWN)
    person(DelegationFactory(), "Elsewhere")
    assert set(names(client, event)) == {"Approved", "Other"}
    assert set(names(client, event, state="any")) == {"Approved", "Other", "Gone"}
    assert names(client, event, state="withdrawn") == ["Gone"]
    assert names(client, event, category="head") == ["Approved"]
    assert names(client, event, delegation=other.public_id) == ["Other"]
    assert names(client, event, missing="consent") == ["Approved"]
    assert set(names(client, event, state="nonsense", delegation="nonsense", page="99")) == {"Approved", "Other"}


@pytest.mark.parametrize("security_decides", [True, False])
def test_what_is_missing_is_the_same_for_a_row_and_for_the_database(event, security_decides):
    delegation = DelegationFactory(event=event, seats=200)
    for state in RegistrationState:
        for invited_at in (None, hours_from_now(-1)):
            for decision in SecurityDecision:
                for consent in Consent:
                    nobody = {"delegate": None} if state == RegistrationState.PLACEHOLDER else {}
                    fields = {"state": state, "invited_at": invited_at, "security_decision": decision, "consent": consent}
                    Registration.objects.create(
                        **{"event": event, "delegation": delegation, "queued_at": timezone.now(), "delegate": DelegateFactory()}
                        | fields
                        | nobody
                    )
    for what in Missing:
        found = set(Registration.objects.lacking(what, security_decides=security_decides))
        assert found == {row for row in Registration.objects.all() if what in lacking(row, security_decides=security_decides)}


def test_list_is_sorted_as_readers_expect(client, event, delegation):
    for family_name in ("Zeman", "Ångström", "Čapek", "Berg"):
        person(delegation, family_name)
    assert names(client, event, sort="name") == ["Ångström", "Berg", "Čapek", "Zeman"]
    assert names(client, event, sort="-name") == ["Zeman", "Čapek", "Berg", "Ångström"]


def test_person_named_twice_is_marked_for_those_who_decide(client, event, delegation):
    first, second = person(delegation), person(DelegationFactory(event=event))
    second.delegate.email = first.delegate.email.upper()
    second.delegate.save()
    assert client.get(url(event, "people")).content.decode().count("named twice") == 2
    client.force_login(StaffRoleFactory(event=event, role=StaffRoleName.OBSERVER).user)
    assert "named twice" not in client.get(url(event, "people")).content.decode()


def test_decision_about_many_shows_first_who_is_left_out_and_why(client, event, delegation):
    ready, done = person(delegation, "Ready"), person(delegation, "Done", state=RegistrationState.APPROVED)
    chosen = [ready.public_id, done.public_id]
    response = send(client, event, "decide", registration=chosen, to="approved", back="state=submitted&q=a")
    assert response.context["will_change"] == [ready]
    assert [(row, problem) for row, problem in response.context["left_out"]] == [
        (done, "This registration has changed meanwhile: it is now “Approved”.")
    ]
    ready.refresh_from_db()
    assert ready.state == RegistrationState.SUBMITTED
    answer = send(
        client, event, "decide", registration=chosen, to="approved", back="state=submitted&q=a", confirm="yes", **shown_marks(ready, done)
    )
    ready.refresh_from_db()
    assert (ready.state, answer.url) == (RegistrationState.APPROVED, url(event, "people") + "?state=submitted&q=a")
    assert told(answer) == [
        "1 registration was changed.",
        "Done, Ana was left as it is. This registration has changed meanwhile: it is now “Approved”.",
    ]


def test_decision_about_many_asks_for_the_reason_and_keeps_the_choice(client, event, delegation):
    registration = person(delegation)
    response = send(client, event, "decide", registration=[registration.public_id], to="refused", confirm="yes", reason=" ")
    assert (list(response.context["form"].errors), response.context["will_change"]) == (["reason"], [registration])
    send(
        client,
        event,
        "decide",
        registration=[registration.public_id],
        to="refused",
        confirm="yes",
        reason="No <b>room</b>",
        **shown_marks(registration),
    )
    registration.refresh_from_db()
    assert (registration.state, registration.reason) == (RegistrationState.REFUSED, "No <b>room</b>")


def test_decision_about_nobody_or_of_no_kind_changes_nothing(client, event, delegation):
    registration, elsewhere = person(delegation), person(DelegationFactory())
    nobody = send(client, event, "decide", registration=[elsewhere.public_id], to="approved", confirm="yes")
    nothing = send(client, event, "decide", registration=[registration.public_id], to="withdrawn", confirm="yes", back="//evil.example")
    assert (told(nobody), told(nothing)) == (["Choose at least one person."], ["Choose at least one person.", "Choose a decision."])
    assert nothing.url.startswith(url(event, "people"))
    assert set(Registration.objects.values_list("state", flat=True)) == {"submitted"}


def test_person_changed_by_somebody_else_keeps_the_reason(client, event, delegation):
    before = person(delegation)
    registration = Registration.objects.get(pk=before.pk)
    registration.state = RegistrationState.RETURNED
    registration.save()
    response = send(client, event, "person_decide", registration.public_id, seen=seen(before), to="refused", reason="No room left")
    registration.refresh_from_db()
    assert registration.state == RegistrationState.RETURNED
    assert "it is now “Returned”" in response.content.decode()
    assert "No room left" in response.content.decode()


def test_person_is_decided_and_the_history_says_by_whom(client, event, delegation):
    registration = person(delegation)
    send(client, event, "person_decide", registration.public_id, seen=seen(registration), to="returned", reason="Photo missing")
    shown = client.get(url(event, "person", registration.public_id))
    last = shown.context["steps"][-1]
    manager = event.staff_roles.get().user
    assert (last.to_state, last.who, last.worn, last.reason) == ("returned", manager.name, "Event manager", "Photo missing")
    assert [mail.to for mail in shown.context["mails"]] == [registration.delegate.email]
    assert [to for to, _label in shown.context["decisions"]] == ["withdrawn"]


def test_move_that_is_not_in_the_table_is_refused_in_words(client, event, delegation):
    registration = person(delegation)
    for to in ("revoked", "nonsense", ""):
        response = send(client, event, "person_decide", registration.public_id, seen=seen(registration), to=to, reason="Kept words")
        assert response.status_code == 200
        assert "Kept words" in response.content.decode()
    registration.refresh_from_db()
    assert registration.state == RegistrationState.SUBMITTED


def test_security_clears_and_only_security(client, event, delegation):
    event.security_decides = True
    event.save()
    registration = person(delegation)
    assert send(client, event, "person_security", registration.public_id, decision="cleared").status_code == 403
    refused = send(client, event, "person_decide", registration.public_id, seen=seen(registration), to="approved")
    assert "The security officer has not cleared this person yet." in refused.content.decode()
    client.force_login(StaffRoleFactory(event=event, role=StaffRoleName.SECURITY).user)
    send(client, event, "person_security", registration.public_id, decision="cleared")
    registration.refresh_from_db()
    assert registration.security_decision == SecurityDecision.CLEARED
    assert send(client, event, "person_decide", registration.public_id, seen=seen(registration), to="approved").status_code == 403


def armed(delegation, **fields):
    registration = person(delegation, state=RegistrationState.APPROVED, category="protection", **fields)
    keep_group(registration, Group.WEAPON, {"weapon": "yes", "weapon_model": "ZqPistol"})
    return registration, registration.given_groups.get().given_at.isoformat()


def test_security_decides_on_a_weapon_apart_and_only_security(client, event, delegation):
    event.security_decides = True
    event.save()
    registration, declared_at = armed(delegation)
    assert send(client, event, "person_weapon", registration.public_id, decision="cleared", seen=declared_at).status_code == 403
    client.force_login(StaffRoleFactory(event=event, role=StaffRoleName.SECURITY).user)
    overview = client.get(url(event, "dashboard")).content.decode()
    assert "1 weapon to decide on" in overview
    assert f"{url(event, 'person', registration.public_id)}#weapon" in client.get(url(event, "queue")).content.decode()
    shown = client.get(url(event, "person", registration.public_id)).content.decode()
    assert "Waits for the security officer" in shown
    assert "ZqPistol" not in shown
    ids = re.findall(r' id="([^"]+)"', shown)
    assert len(ids) == len(set(ids))  # a label that names two boxes ticks the wrong one
    for _again in range(2):
        send(client, event, "person_weapon", registration.public_id, decision="refused", seen=declared_at)
    registration.refresh_from_db()
    assert (registration.weapon_decision, registration.state) == (WeaponDecision.REFUSED, RegistrationState.APPROVED)
    assert AuditEntry.objects.filter(verb="registration.weapon").count() == 1
    assert "weapon to decide on" not in client.get(url(event, "dashboard")).content.decode()


def test_weapon_declared_anew_or_none_is_not_decided_on(client, event, delegation):
    registration, declared_at = armed(delegation)
    client.force_login(StaffRoleFactory(event=event, role=StaffRoleName.SECURITY).user)
    keep_group(registration, Group.WEAPON, {"weapon": "yes", "weapon_model": "ZqRifle"})
    old = send(client, event, "person_weapon", registration.public_id, decision="cleared", seen=declared_at)
    assert "declared the weapon anew" in told(client.get(old.url))[0]
    keep_group(registration, Group.WEAPON, {"weapon": "no"})
    again = registration.given_groups.get().given_at.isoformat()
    none = send(client, event, "person_weapon", registration.public_id, decision="cleared", seen=again)
    assert told(client.get(none.url)) == ["No weapon is asked for here."]
    registration.refresh_from_db()
    assert registration.weapon_decision == WeaponDecision.NONE
    assert "Record the decision on the weapon" not in client.get(url(event, "person", registration.public_id)).content.decode()
    assert list(event.registrations.with_weapon_to_decide()) == []


def test_access_is_narrowed_on_the_page(client, event, delegation):
    registration = person(delegation, state=RegistrationState.APPROVED)
    send(client, event, "person_narrow", registration.public_id, narrowing="not_eu")
    registration.refresh_from_db()
    assert registration.narrowing == Narrowing.NOT_EU


def change(registration, field="family_name", value="Nováková"):
    return PendingChange.objects.create(
        event=registration.event, registration=registration, field=field, value=value, asked_at=timezone.now()
    )


@pytest.mark.parametrize(("button", "kept", "accepted"), [("accept", "Nováková", True), ("refuse", "Novak", False)])
def test_change_after_approval_waits_until_somebody_decides(client, event, delegation, button, kept, accepted):
    registration = person(delegation, state=RegistrationState.APPROVED)
    waiting = change(registration)
    assert names(client, event, changed="on") == ["Novak"]
    shown = client.get(url(event, "person", registration.public_id)).context["changes"]
    assert [(row["approved"], row["asked"]) for row in shown] == [("Novak", "Nováková")]
    send(client, event, "person_change", registration.public_id, field="family_name", seen="{}", **{button: "yes"})
    assert waiting.__class__.objects.get(pk=waiting.pk).decided_at is None
    send(client, event, "person_change", registration.public_id, field="family_name", seen=shown[0]["seen"], **{button: "yes"})
    registration.delegate.refresh_from_db()
    waiting.refresh_from_db()
    registration.refresh_from_db()
    assert (registration.delegate.family_name, waiting.accepted, registration.state) == (kept, accepted, "approved")
    assert send(client, event, "person_change", registration.public_id, field="family_name", accept="yes").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_a_person_costs_the_same_for_any_history(client, event, delegation, count, django_assert_num_queries):
    registration = person(delegation, state=RegistrationState.APPROVED)
    for field in ("family_name", "given_name", "badge_name")[:count]:
        change(registration, field)
    with django_assert_num_queries(28):
        client.get(url(event, "person", registration.public_id))


def test_those_who_only_read_see_no_address_no_needs_and_no_reason(client, event, delegation):
    registration = person(delegation, needs="Wheelchair")
    send(client, event, "person_decide", registration.public_id, seen=seen(registration), to="returned", reason="Photo missing")
    client.force_login(StaffRoleFactory(event=event, role=StaffRoleName.OBSERVER).user)
    body = client.get(url(event, "person", registration.public_id)).content.decode()
    words = ["Wheelchair", registration.delegate.email, "Photo missing"]
    assert ([word for word in words if word in body], "Novak" in body) == ([], True)
    assert client.get(url(event, "export", "people")).status_code == 403


def test_person_of_another_event_does_not_exist_here(client, event):
    registration = person(DelegationFactory())
    posts = ["person_decide", "person_narrow", "person_change", "person_resend"]
    statuses = [send(client, event, name, registration.public_id).status_code for name in posts]
    assert [client.get(url(event, "person", registration.public_id)).status_code, *statuses] == [404] * 5


def test_invitation_of_a_person_is_sent_again(client, event, delegation):
    registration = person(delegation, state=RegistrationState.NOMINATED, invited_at=None)
    assert send(client, event, "person_resend", registration.public_id).status_code == 404
    send_list(delegation, by=Actor(hat="organiser:manager"))
    send(client, event, "person_resend", registration.public_id)
    assert OutboxMail.objects.filter(kind="person_invited").count() == 2
