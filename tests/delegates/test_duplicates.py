"""One person named by two delegations, one person in two records, and changes after approval, side by side."""

import json

import pytest
from django.urls import reverse

from conference.lib.viewer import SYSTEM
from delegates.actions import marks_of, merge_delegates, settle_double
from delegates.choices import RegistrationState
from delegates.models import Delegate, PendingChange, Quota, Registration
from events.actions import record
from events.models import AuditEntry, OutboxMail
from events.rules import NotAllowed
from tests.factories import (
    DelegateFactory,
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    OrganisationFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
    hours_from_now,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory()


@pytest.fixture
def client(client, event):
    client.force_login(StaffRoleFactory(event=event).user)
    return client


def url(event, name, *args):
    return reverse(f"organise:{name}", args=[event.slug, *args])


def person(delegation, given_name="Ana", family_name="Novák", email="ana@example.org", state="submitted", **fields):
    delegate = DelegateFactory(organisation=delegation.organisation, given_name=given_name, family_name=family_name, email=email)
    return RegistrationFactory(delegation=delegation, delegate=delegate, state=state, **fields)


def named_twice(event):
    first = person(DelegationFactory(event=event, organisation=OrganisationFactory(name_en="Service of Ruritania", abbreviation="SOR")))
    second = person(DelegationFactory(event=event), "ANA", "Novak", "ANA@example.org")
    FocalPointFactory(delegation=second.delegation)
    return first, second


def state_of(row):
    return Registration.objects.get(pk=row.pk).state


def settling(*rows, reason="It could not be kept."):
    marks = {f"seen-{row.public_id}": json.dumps(marks_of(Registration.objects.get(pk=row.pk))) for row in rows}
    return {"named": [row.public_id for row in rows], "reason": reason} | marks


def told(response):
    return [str(message) for message in response.wsgi_request._messages]


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_any_number(client, event, count, django_assert_num_queries):
    for n in range(count):
        first, second = DelegationFactory.create_batch(2, event=event)
        person(first, family_name=f"Twice{n}", email=f"twice{n}@example.org")
        person(second, family_name=f"Twice{n}", email=f"twice{n}@example.org")
        person(first, family_name=f"Alike{n}", email="a@example.org", state="approved")
        person(first, family_name=f"Alike{n}", email="b@example.org")
        for row in Registration.objects.filter(state="approved"):
            PendingChange.objects.get_or_create(event=event, registration=row, field="family_name", value="X", asked_at=row.queued_at)
    with django_assert_num_queries(10):
        assert len(client.get(url(event, "doubles")).context["groups"]) == count
    with django_assert_num_queries(9):
        assert len(client.get(url(event, "duplicates")).context["page"]) == count
    with django_assert_num_queries(11):
        assert len(client.get(url(event, "changes")).context["page"]) == count


def test_person_named_twice_stays_with_the_delegation_the_organiser_chooses(client, event):
    first, second = named_twice(event)
    shown = client.get(url(event, "doubles")).content.decode()
    assert [address in shown for address in (url(event, "double_settle", row.public_id) for row in (first, second))] == [True, True]
    answer = client.post(url(event, "double_settle", first.public_id), settling(first, second))
    assert (answer.status_code, state_of(first), state_of(second)) == (302, "submitted", "withdrawn")
    assert Quota.objects.get(delegation=second.delegation).taken == 0
    told_to_focal_point = OutboxMail.objects.get(kind="person_left")
    assert "Ruritania" not in told_to_focal_point.subject
    assert AuditEntry.objects.filter(verb="registration.double").count() == 1
    assert client.get(url(event, "doubles")).context["groups"] == []


def test_words_that_name_the_other_delegation_are_refused_and_kept(client, event):
    first, second = named_twice(event)
    for words in ("She comes with the service of RURITANIA, sorry.", "Ask the SOR."):
        response = client.post(url(event, "double_settle", first.public_id), settling(first, second, reason=words))
        body = response.content.decode()
        assert ("must not learn of it" in body, words in body) == (True, True)
    assert client.post(url(event, "double_settle", first.public_id), settling(first, second, reason=" ")).status_code == 200
    client.post(url(event, "double_settle", first.public_id), settling(first, second, reason="A sorry affair."))
    assert state_of(second) == "withdrawn"


def test_double_that_changed_meanwhile_is_left_alone(client, event):
    first, second = named_twice(event)
    typed = settling(first, second)
    Registration.objects.filter(pk=second.pk).update(category="expert")
    assert "category" in client.post(url(event, "double_settle", first.public_id), typed).content.decode()
    alone = client.post(url(event, "double_settle", first.public_id), settling(first))
    assert "not named twice in this way any more" in alone.content.decode()
    unrelated = person(DelegationFactory(event=event), family_name="Else", email="else@example.org")
    with pytest.raises(NotAllowed, match="not named twice"):
        settle_double(first, leave=[second, unrelated], reason="Why", by=SYSTEM)
    assert [state_of(row) for row in (first, second, unrelated)] == ["submitted"] * 3


def test_double_of_another_event_does_not_exist_here(client, event):
    elsewhere = named_twice(EventFactory())
    assert client.get(url(event, "doubles")).context["groups"] == []
    assert client.post(url(event, "double_settle", elsewhere[0].public_id), settling(*elsewhere)).status_code == 404


def alike(event, *, first=None, second=None):
    """Two records of one person in one organisation: one at this event, one of an earlier event who agreed to be found again."""
    delegation = DelegationFactory(event=event)
    earlier = DelegationFactory(organisation=delegation.organisation, event__state="closed")
    here = person(delegation, "Ana", "Novák", "", **(first or {}))
    there = person(earlier, "ana", "NOVAK", "old@example.org", state="approved", **(second or {}))
    Delegate.objects.filter(pk=there.delegate_id).update(may_be_invited_again=True, native_name="Ана Новак")
    return here, there


def test_records_of_one_person_come_together_after_a_preview(client, event):
    here, there = alike(event)
    user = UserFactory()
    Delegate.objects.filter(pk=there.delegate_id).update(user=user)
    (group,) = client.get(url(event, "duplicates")).context["page"]
    assert [(row.here, row.elsewhere) for row in group] == [(1, 0), (0, 1)]
    page = url(event, "duplicate", here.delegate.public_id, there.delegate.public_id)
    preview = client.get(page)
    after = {field["label"]: (field["after"], field["differs"]) for field in preview.context["fields"]}
    assert (after["family name"], after["e-mail address"]) == (("Novák", True), ("old@example.org", False))
    assert Delegate.objects.count() == 2
    client.post(page, {"seen": preview.context["seen"]})
    kept = Delegate.objects.get()
    assert (kept.pk, kept.user, kept.full_name, kept.native_name) == (here.delegate_id, user, "Ana Novák", "Ана Новак")
    assert kept.may_be_invited_again is False  # needs the word of both
    assert set(kept.registrations.all()) == {here, there}
    entries = AuditEntry.objects.filter(verb="delegate.merge")
    assert {(entry.event_id, tuple(entry.details["moved"])) for entry in entries} == {(event.pk, ()), (there.event_id, (str(there),))}


def test_merge_is_refused_in_words(client, event):
    delegation = DelegationFactory(event=event)
    first, second = person(delegation, email="a@example.org"), person(delegation, email="b@example.org")
    page = url(event, "duplicate", first.delegate.public_id, second.delegate.public_id)
    assert "Both are on the list of this event." in client.get(page).content.decode()
    assert "Both are on the list of this event." in told(client.post(page, {"seen": client.get(page).context["seen"]}))[0]
    Registration.objects.filter(pk=second.pk).update(state=RegistrationState.WITHDRAWN)
    for row in (first, second):
        Delegate.objects.filter(pk=row.delegate_id).update(user=UserFactory())
    assert "signs in with an account of their own" in client.get(page).content.decode()
    Delegate.objects.update(user=None)
    other_event = EventFactory(slug="zz-other")
    elsewhere = DelegationFactory(event=other_event, organisation=delegation.organisation)
    for row in (first, second):
        RegistrationFactory(delegation=elsewhere, delegate=row.delegate)
    body = client.get(page).content.decode()
    assert ("on the list of another event" in body, "zz-other" in body) == (True, False)
    assert Delegate.objects.count() == 2


def test_merge_needs_what_was_shown(client, event):
    here, there = alike(event)
    page = url(event, "duplicate", here.delegate.public_id, there.delegate.public_id)
    seen = client.get(page).context["seen"]
    Delegate.objects.filter(pk=there.delegate_id).update(function="Minister")
    assert "changed while you looked" in told(client.post(page, {"seen": seen}))[0]
    assert "changed while you looked" in told(client.post(page))[-1]
    stranger = DelegateFactory(organisation=here.delegation.organisation)
    with pytest.raises(NotAllowed):
        merge_delegates(here.delegate, Delegate(pk=stranger.pk + 99), event=event, by=SYSTEM)
    with pytest.raises(NotAllowed, match="of the same organisation"):
        merge_delegates(here.delegate, DelegateFactory(), event=event, by=SYSTEM)
    assert Registration.objects.filter(delegate=there.delegate).exists()


def test_same_name_and_birth_date_in_two_delegations_is_pointed_out(client, event):
    born = {"first": "1980-03-01", "second": "1980-03-01", "other": "1981-03-01"}
    rows = {name: person(DelegationFactory(event=event), email=f"{name}@example.org") for name in born}
    for name, row in rows.items():
        Delegate.objects.filter(pk=row.delegate_id).update(birth_date=born[name])
    (group,) = client.get(url(event, "duplicates")).context["born_alike"]
    assert group == [rows["first"], rows["second"]]
    assert "1 person probably has two records" in client.get(url(event, "dashboard")).content.decode()
    Registration.objects.filter(pk=rows["second"].pk).update(state=RegistrationState.WITHDRAWN)
    assert client.get(url(event, "duplicates")).context["born_alike"] == []


def test_dashboard_compares_names_again_once_something_is_done(client, event):
    first, second = (person(DelegationFactory(event=event), email=f"{name}@example.org") for name in ("first", "second"))
    assert "likely in two records" not in client.get(url(event, "dashboard")).content.decode()
    Delegate.objects.filter(pk__in=[first.delegate_id, second.delegate_id]).update(birth_date="1980-03-01")
    assert "likely in two records" not in client.get(url(event, "dashboard")).content.decode()
    record(SYSTEM, "anything", first, event=event)
    assert "1 person probably has two records" in client.get(url(event, "dashboard")).content.decode()


def test_nobody_who_did_not_agree_is_found_at_another_event(client, event):
    here, there = alike(event)
    Delegate.objects.update(may_be_invited_again=False)
    assert len(client.get(url(event, "duplicates")).context["page"]) == 0
    assert client.get(url(event, "duplicate", here.delegate.public_id, there.delegate.public_id)).status_code == 404


def test_changes_wait_side_by_side_and_are_decided_from_the_list(client, event):
    registration = person(DelegationFactory(event=event), state="approved")
    waiting = PendingChange.objects.create(
        event=event, registration=registration, field="family_name", value="Nováková", asked_at=hours_from_now(-3)
    )
    (row,) = client.get(url(event, "changes")).context["page"]
    assert [(change["approved"], change["asked"]) for change in row.changes] == [("Novák", "Nováková")]
    typed = {"field": "family_name", "accept": "yes", "origin": "changes"}
    stale = client.post(url(event, "person_change", registration.public_id), typed | {"seen": "{}"})
    assert "not the one you looked at" in told(stale)[0]
    PendingChange.objects.filter(pk=waiting.pk).update(value="Novotná")
    assert (
        "not the one"
        in told(client.post(url(event, "person_change", registration.public_id), typed | {"seen": row.changes[0]["seen"]}))[-1]
    )
    (row,) = client.get(url(event, "changes")).context["page"]
    answer = client.post(url(event, "person_change", registration.public_id), typed | {"seen": row.changes[0]["seen"]})
    registration.delegate.refresh_from_db()
    assert (answer.url, registration.delegate.family_name) == (url(event, "changes"), "Novotná")


def test_counts_are_those_of_the_lists(event):
    organisation = OrganisationFactory()
    first, second = (DelegationFactory(event=event, organisation=one) for one in (organisation, OrganisationFactory()))
    for delegation, family_name, email in [
        (first, "Łukasz", "l@example.org"),
        (second, "Lukasz", "L@example.org"),  # named twice
        (first, "ŁUKASZ", "other@example.org"),  # likely the same record as the first
        (second, "Nagy", "l@example.org"),  # a colleague at the same address
    ]:
        person = DelegateFactory(organisation=delegation.organisation, given_name="A", family_name=family_name, email=email)
        RegistrationFactory(delegation=delegation, delegate=person)
    assert event.registrations.count_doubled() == len(event.registrations.doubled()) == 1
    assert Delegate.objects.count_alike(event) == len(Delegate.objects.alike(event)) == 1
