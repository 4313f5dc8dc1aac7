"""What one event approved of a person stands, whatever the form, the document or the list of another says of them."""

import contextlib
import datetime as dt
import json
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from conference.lib.viewer import SYSTEM, Actor
from delegates import importers
from delegates.actions import (
    accept_late,
    beside,
    correct_nomination,
    correct_registration,
    decide_change,
    enter_data,
    give_data,
    marks_of_change,
    merge_delegates,
    send_late,
    submit_registration,
)
from delegates.choices import ImportChoice, RegistrationState
from delegates.models import PendingChange, Registration
from delegates.rules import FOCAL, WAITS_BESIDE
from events.actions import broken_link
from events.models import AuditEntry, Event, OutboxMail
from events.rules import NotAllowed
from tests.factories import DelegateFactory, DelegationFactory, FocalPointFactory, RegistrationFactory, StaffRoleFactory, UserFactory
from tests.together import together

pytestmark = pytest.mark.django_db
DATA = {"given_name": "Ana", "family_name": "Novák", "birth_date": "1980-02-29", "nationalities": ["SI"], "consent": "hidden"}
OTHERWISE = {"native_name": "Ана", "badge_name": "A. N.", "birth_date": "1981-02-28", "nationalities": ["HR"]}
OTHERWISE |= {"given_name": "Anna", "family_name": "Kovač"}


def person(**fields):
    known = {"given_name": "Ana", "family_name": "Novák", "birth_date": dt.date(1980, 2, 29), "nationalities": ["SI"]}
    return DelegateFactory(**known | {"user": UserFactory()} | fields)


def at(delegate, state, **fields):
    delegation = DelegationFactory(organisation=delegate.organisation, event__confirm_by_at=None)
    sent = {"submitted_at": timezone.now()} if state in ("submitted", "approved") else {}
    return RegistrationFactory(delegation=delegation, delegate=delegate, state=state, **sent | fields)


def themselves(registration):
    return Actor(user=registration.delegate.user, hat=f"registration:{registration.public_id}")


def officer(registration):
    return Actor(user=UserFactory(), hat=f"organiser:{registration.event.slug}")


def waiting(*registrations):
    rows = PendingChange.objects.open().filter(registration__in=registrations)
    return sorted(rows.values_list("registration", "field", "value"))


def name_of(registration):
    return Registration.objects.select_related("delegate").get(pk=registration.pk).delegate.family_name


def change_at(registration, field="family_name"):
    return registration.pending_changes.open().get(field=field)


def decided(registration, *, accept):
    return decide_change(change_at(registration), accept=accept, by=officer(registration))


@pytest.fixture
def two():
    """Approved at one event, named for another."""
    delegate = person()
    return at(delegate, "approved"), at(delegate, "nominated")


@pytest.mark.parametrize("field", WAITS_BESIDE)
def test_form_of_another_event_is_taken_and_what_was_approved_stands(two, field):
    approved, named = two
    before = getattr(approved.delegate, field)
    assert give_data(named, data=DATA | {field: OTHERWISE[field], "function": "Head"}, by=themselves(named)) == "submitted"
    named.refresh_from_db()
    approved.delegate.refresh_from_db()
    assert (named.state, named.function) == ("submitted", "Head")
    assert getattr(approved.delegate, field) == before
    assert waiting(approved, named) == [(approved.pk, field, OTHERWISE[field])]


def test_same_form_twice_asks_once_and_submits_once(two):
    approved, named = two
    for _press in range(2):
        submit_registration(named, data=DATA | {"family_name": "Kovač"}, by=themselves(named))
    assert PendingChange.objects.count() == 1
    assert AuditEntry.objects.filter(event=approved.event, verb="registration.correct").count() == 1
    assert (broken_link(approved.event), broken_link(named.event)) == (None, None)


def test_correction_elsewhere_waits_and_repeating_what_is_shown_takes_nothing_back(two):
    approved, named = two
    give_data(named, data=DATA, by=themselves(named))
    assert correct_registration(named, data={"family_name": "Kovač"}, by=themselves(named)) == "waits"
    assert correct_registration(named, data={"family_name": "Novák", "function": "Head"}, by=themselves(named)) == "changed"
    assert waiting(approved) == [(approved.pk, "family_name", "Kovač")]
    assert correct_registration(approved, data={"family_name": "Novák"}, by=themselves(approved)) == "changed"
    assert waiting(approved) == []


def test_record_of_the_other_event_names_nobody_of_this_one(two):
    approved, named = two
    give_data(named, data=DATA | {"family_name": "Kovač"}, by=themselves(named))
    [entry] = AuditEntry.objects.filter(event=approved.event, verb="registration.correct")
    assert (entry.actor, entry.hat, entry.details) == ("system", "system", {"changed": [], "waiting": ["family_name"]})


def test_two_events_that_approved_must_both_accept(two):
    first, named = two
    second = at(first.delegate, "approved")
    give_data(named, data=DATA | {"family_name": "Kovač"}, by=themselves(named))
    assert waiting(first, second) == [(first.pk, "family_name", "Kovač"), (second.pk, "family_name", "Kovač")]
    assert decided(first, accept=True).is_settled is False
    assert (name_of(first), OutboxMail.objects.filter(kind="change_accepted").count()) == ("Novák", 0)
    assert decided(second, accept=True).is_settled is True
    assert (name_of(first), OutboxMail.objects.filter(kind="change_accepted").count()) == ("Kovač", 1)


@pytest.mark.parametrize("accepted_first", [False, True])
def test_one_refusal_keeps_the_approved_value_everywhere(two, accepted_first):
    first, named = two
    second = at(first.delegate, "approved")
    give_data(named, data=DATA | {"family_name": "Kovač"}, by=themselves(named))
    if accepted_first:
        decided(first, accept=True)
    decided(second, accept=False)
    assert (name_of(named), waiting(first, second)) == ("Novák", [])
    assert OutboxMail.objects.filter(kind="change_refused").count() == 1
    assert AuditEntry.objects.filter(event=first.event, verb="registration.change").count() == 1


def test_same_form_again_asks_nobody_who_has_accepted_already(two):
    first, named = two
    second = at(first.delegate, "approved")
    give_data(named, data=DATA | {"family_name": "Kovač"}, by=themselves(named))
    decided(first, accept=True)
    assert give_data(named, data=DATA | {"family_name": "Kovač"}, by=themselves(named)) == "same"
    assert submit_registration(named, data=DATA | {"family_name": "Kovač"}, by=themselves(named)).state == "submitted"
    assert waiting(first, second) == [(second.pk, "family_name", "Kovač")]
    assert decided(second, accept=True).is_settled is True
    assert name_of(first) == "Kovač"


def test_form_after_a_refusal_asks_all_again(two):
    first, named = two
    second = at(first.delegate, "approved")
    give_data(named, data=DATA | {"family_name": "Kovač"}, by=themselves(named))
    decided(first, accept=True)
    decided(second, accept=False)
    assert give_data(named, data=DATA | {"family_name": "Kovač"}, by=themselves(named)) == "waits"
    assert waiting(first, second) == [(first.pk, "family_name", "Kovač"), (second.pk, "family_name", "Kovač")]


def test_event_that_approves_while_it_waits_is_asked_too(two):
    approved, named = two
    give_data(named, data=DATA | {"family_name": "Kovač"}, by=themselves(named))
    Registration.objects.filter(pk=named.pk).update(state=RegistrationState.APPROVED)
    assert decided(approved, accept=True).is_settled is False
    assert (name_of(approved), waiting(named)) == ("Novák", [(named.pk, "family_name", "Kovač")])
    assert decided(named, accept=True).is_settled is True
    assert name_of(approved) == "Kovač"


def test_closed_event_has_no_word_any_more(two):
    approved, named = two
    Event.objects.filter(pk=approved.event_id).update(state="closed")
    give_data(named, data=DATA | {"family_name": "Kovač"}, by=themselves(named))
    assert (name_of(named), PendingChange.objects.count()) == ("Kovač", 0)


def test_documents_and_late_forms_wait_too(two):
    approved, named = two
    enter_data(named, data=DATA | {"family_name": "Kovač"}, has_details=False, by=officer(named))
    late = at(approved.delegate, "nominated")
    send_late(late, phase="first", answers=DATA | {"family_name": "Horvat"}, by=themselves(late))
    accept_late(late, phase="first", seen_at=late.drafts.get().late_at, by=officer(late))
    assert (name_of(named), waiting(approved)) == ("Novák", [(approved.pk, "family_name", "Horvat")])
    assert {Registration.objects.get(pk=row.pk).state for row in (named, late)} == {"submitted"}


@pytest.mark.parametrize("family_name", ["Novák", "Kovač"])
@pytest.mark.parametrize("birth_date", ["29.2.1980", "28.2.1981"])
def test_list_writes_nothing_over_and_betrays_nothing(family_name, birth_date):
    delegate = person(user=None, email="ana@example.org")
    at(delegate, "approved")
    named = at(delegate, "nominated", invited_at=None)
    with pytest.raises(NotAllowed, match="given their own data"):
        correct_nomination(named, facts={"family_name": family_name}, by=SYSTEM, made_by=FOCAL)
    sheet = f"Reference;Family name;Given name;Date of birth\n{named.public_id};{family_name};Ana;{birth_date}"
    focal_point = FocalPointFactory(delegation=named.delegation, user=UserFactory())
    focal = Actor(user=focal_point.user, hat=f"focal:{named.delegation.public_id}")
    kept = importers.nominations(named.delegation, SimpleUploadedFile("list.csv", sheet.encode()), by=focal)
    importers.choose(kept, ImportChoice.ALL, by=focal)
    assert [row.words["done"] for row in kept.rows.all()] == [["Has given their own data already; nothing changes"]]
    delegate.refresh_from_db()
    assert (delegate.family_name, delegate.birth_date) == ("Novák", dt.date(1980, 2, 29))


@pytest.mark.parametrize("other", [{"native_name": "Ана"}, {"nationalities": ["SI", "HR"]}])
def test_merging_never_changes_what_another_event_approved(other):
    keep = person(user=None, nationalities=[] if "nationalities" in other else ["SI"])
    at(keep, "approved")
    double = DelegateFactory(organisation=keep.organisation, given_name="Ana", family_name="Novák", **other)
    here = at(double, "nominated")
    with pytest.raises(NotAllowed, match="Another event has approved"):
        merge_delegates(keep, double, event=here.event, by=officer(here))
    Registration.objects.filter(delegate=keep).update(state=RegistrationState.NOMINATED)
    assert merge_delegates(keep, double, event=here.event, by=officer(here)).pk == keep.pk


# Pages


def test_person_sees_that_it_waits_on_both_pages(client, two):
    approved, named = two
    give_data(named, data=DATA | {"family_name": "Kovač"}, by=themselves(named))
    client.force_login(approved.delegate.user)
    for registration in two:
        page = client.get(reverse("delegates:registration", args=[registration.event.slug, registration.public_id])).content.decode()
        assert page.count("Family name: <bdi>Kovač</bdi>") == 1


def test_officers_of_the_other_event_read_that_it_waits_and_not_where(client, two):
    approved, named = two
    give_data(named, data=DATA | {"family_name": "Kovač"}, by=themselves(named))
    client.force_login(StaffRoleFactory(event=named.event).user)
    for name in ("person", "queue_one"):
        page = client.get(reverse(f"organise:{name}", args=[named.event.slug, named.public_id])).content.decode()
        assert "waits for the organisers of another event" in page
        assert "Family name: <bdi>Kovač</bdi>" in page
        assert approved.event.title_en not in page


def test_officer_reads_that_the_other_event_has_yet_to_accept(client, two):
    first, named = two
    at(first.delegate, "approved")
    give_data(named, data=DATA | {"family_name": "Kovač"}, by=themselves(named))
    client.force_login(StaffRoleFactory(event=first.event).user)
    address = reverse("organise:person_change", args=[first.event.slug, first.public_id])
    seen = json.dumps(marks_of_change(change_at(first), first))
    page = client.post(address, {"field": "family_name", "accept": "1", "seen": seen}, follow=True).content.decode()
    assert "It takes effect once the organisers of the other event" in page


# At the same moment


@pytest.mark.django_db(transaction=True)
def test_two_events_accepting_at_once_settle_it_once():
    delegate = person()
    rows = [at(delegate, "approved") for _event in range(2)]
    correct_registration(rows[0], data={"family_name": "Kovač"}, by=themselves(rows[0]))
    changes = [change_at(row) for row in rows]
    by = [officer(row) for row in rows]
    errors = together([lambda n=n: decide_change(changes[n], accept=True, by=by[n]) for n in range(2)])
    assert (errors, name_of(rows[0])) == ({}, "Kovač")
    assert OutboxMail.objects.filter(kind="change_accepted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_forms_of_three_events_at_once_never_wait_for_each_other_for_ever():
    delegate = person()
    approved = at(delegate, "approved")
    named = [at(delegate, "nominated") for _event in range(3)]
    acts = [
        lambda row=row, n=n: give_data(row, data=DATA | {"family_name": f"Name {n}"}, by=themselves(row)) for n, row in enumerate(named)
    ]
    acts.append(lambda: correct_registration(approved, data={"family_name": "Own"}, by=themselves(approved)))
    assert together(acts) == {}
    assert name_of(approved) == "Novák"
    assert PendingChange.objects.open().count() == 1
    assert all(broken_link(row.event) is None for row in (approved, *named))


@pytest.mark.django_db(transaction=True)
def test_two_events_accepting_at_once_without_the_locks_leave_it_unsettled(monkeypatch):
    """The control: each reads before the other has written, and nobody puts the value in place."""
    delegate = person()
    rows = [at(delegate, "approved") for _event in range(2)]
    correct_registration(rows[0], data={"family_name": "Kovač"}, by=themselves(rows[0]))
    changes, by, read = [change_at(row) for row in rows], [officer(row) for row in rows], []
    has_accepted = beside._has_accepted

    def after_both(holder, change):
        found = has_accepted(holder, change)
        read.append(found)
        for _wait in range(200):
            if len(read) == 2:
                break
            time.sleep(0.01)
        return found

    monkeypatch.setattr(beside, "lock_event", lambda key: Event.objects.get(pk=key))
    monkeypatch.setattr(beside, "_has_accepted", after_both)
    if connection.vendor == "sqlite":
        monkeypatch.setattr("delegates.actions.pending.transaction", type("", (), {"atomic": staticmethod(contextlib.nullcontext)}))
    together([lambda n=n: decide_change(changes[n], accept=True, by=by[n]) for n in range(2)])
    assert name_of(rows[0]) == "Novák"
