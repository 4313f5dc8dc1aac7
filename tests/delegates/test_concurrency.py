"""Many at once, with threads and connections of their own: seats are never exceeded, and nothing happens twice.

The controls take the locks out and must fail: on PostgreSQL the row locks and the conditional UPDATE, on SQLite the transaction
itself (there BEGIN IMMEDIATE alone makes writers queue).
"""

import contextlib
import functools
import types

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from conference.lib.viewer import SYSTEM, Actor
from delegates.actions import (
    add_delegation,
    change_category,
    decide,
    keep_quota,
    marks_of,
    moves,
    nominate,
    places,
    registrations,
    replace_person,
    submit_registration,
)
from delegates.choices import ImportChoice, RegistrationState
from delegates.importers import choose, keep_upload
from delegates.models import Delegation, Quota, Registration, RegistrationMove
from delegates.rules import FOCAL, HOLDING, OFFICER
from events.actions import broken_link, record
from events.models import Organisation, OutboxMail
from tests import together as threads
from tests.factories import DelegationFactory, EventFactory, RegistrationFactory

pytestmark = pytest.mark.django_db(transaction=True)

# Without its locks the ledger of places refuses what the acts would do to it.
together = functools.partial(threads.together, expected=(*threads.EXPECTED, places.LedgerBroken))


def naming(delegation, n, category="delegate", **options):
    """The act of naming person `n`."""
    person = {"given_name": f"Given{n}", "family_name": f"Family{n}", "email": f"p{n}@example.org"}
    return lambda: nominate(delegation, **person, category=category, **options, by=SYSTEM, made_by=FOCAL)


def outcome(delegation, errors):
    """How many hold a seat, wait, and failed."""
    found = Registration.objects.filter(delegation=delegation)
    held, waiting = found.filter(state__in=HOLDING).count(), found.filter(state=RegistrationState.WAITLISTED).count()
    return held, waiting, sum(errors.values())


def test_two_hundred_nominations_for_ten_seats():
    delegation = DelegationFactory(seats=10)
    errors = together(naming(delegation, n) for n in range(200))
    assert outcome(delegation, errors) == (10, 190, 0)
    assert Quota.objects.get().taken == 10
    assert RegistrationMove.objects.count() == 200
    assert broken_link(delegation.event) is None


def test_two_hundred_nominations_without_the_locks_go_wrong(monkeypatch):
    def lock_nothing(delegation):
        return Delegation.objects.select_related("event", "organisation").get(pk=delegation.pk)

    def read_then_write(registration, quotas):
        quota = Quota.objects.get(delegation=registration.delegation)
        if quota.taken >= quota.seats:
            return False
        Quota.objects.filter(pk=quota.pk).update(taken=quota.taken + 1)
        return True

    monkeypatch.setattr(registrations, "lock_delegation", lock_nothing)
    monkeypatch.setattr(registrations, "take_place", read_then_write)
    if connection.vendor == "sqlite":
        monkeypatch.setattr(registrations, "transaction", types.SimpleNamespace(atomic=contextlib.nullcontext))
    delegation = DelegationFactory(seats=10)
    errors = together(naming(delegation, n) for n in range(200))
    held, waiting, failed = outcome(delegation, errors)
    assert held > 10
    assert (held, waiting, failed) != (10, 190, 0)


def test_capacity_of_the_event_over_several_delegations():
    event = EventFactory(capacity=12)
    delegations = DelegationFactory.create_batch(4, event=event, seats=5)
    errors = together(naming(delegations[n % 4], n) for n in range(80))
    found = [outcome(delegation, {}) for delegation in delegations]
    assert (errors, sum(held for held, _, _ in found), sum(waiting for _, waiting, _ in found)) == ({}, 12, 68)
    assert max(held for held, _, _ in found) <= 5
    taken = Quota.objects.order_by("pk").values_list("taken", flat=True)
    assert list(taken) == [12, *(held for held, _, _ in found)]


def test_naming_and_withdrawing_at_once_keeps_the_ledger():
    event = EventFactory(capacity=8)
    first, second = DelegationFactory.create_batch(2, event=event, seats=6)
    leaving = [RegistrationFactory(delegation=delegation) for delegation in [first, second] * 4]
    acts = [naming([first, second][n % 2], n) for n in range(40)]
    for n, registration in enumerate(leaving):
        withdraw = {"to": "withdrawn", "by": SYSTEM, "made_by": FOCAL}
        acts.insert(n * 4, lambda registration=registration, withdraw=withdraw: moves.move_registration(registration, **withdraw))
    assert together(acts) == {}
    holding = Registration.objects.filter(state__in=HOLDING)
    assert holding.count() == Quota.objects.get(delegation=None).taken == 8
    for delegation in (first, second):
        assert holding.filter(delegation=delegation).count() == Quota.objects.get(delegation=delegation).taken
    assert broken_link(event) is None


def test_one_person_named_many_times_at_once_is_on_the_list_once():
    delegation = DelegationFactory(seats=10)
    errors = together([naming(delegation, 1)] * 20)
    assert (outcome(delegation, errors), errors) == ((1, 0, 19), {"NotAllowed": 19})


def test_approving_at_once_is_one_move_and_one_message():
    registration = RegistrationFactory(state="submitted")
    refusals = []
    errors = together([lambda: refusals.extend(problem for _, problem in decide([registration], to="approved", by=SYSTEM) if problem)] * 12)
    assert (errors, len(refusals)) == ({}, 11)
    assert RegistrationMove.objects.filter(to_state="approved").count() == 1
    assert OutboxMail.objects.filter(kind="approved").count() == 1


def test_two_officers_who_saw_the_same_decide_once():
    registration = RegistrationFactory(state="submitted")
    seen = marks_of(registration)
    approve = {"to": "approved", "by": SYSTEM, "made_by": OFFICER, "seen": seen}
    assert together([lambda: moves.move_registration(registration, **approve)] * 12) == {"ChangedSince": 11}
    assert (RegistrationMove.objects.filter(to_state="approved").count(), OutboxMail.objects.filter(kind="approved").count()) == (1, 1)


def test_what_was_seen_is_checked_under_the_lock():
    """Approving and changing the category at once: whoever comes second finds that what they saw is no longer so, or a place less."""
    registration = RegistrationFactory(state="submitted", delegation__seats=20)
    approve = {"to": "approved", "by": SYSTEM, "made_by": OFFICER, "seen": marks_of(registration)}
    acts = [lambda: moves.move_registration(registration, **approve), lambda: change_category(registration, category="expert", by=SYSTEM)]
    errors = together(acts)
    steps = list(RegistrationMove.objects.filter(registration=registration).order_by("pk").values_list("to_state", "category"))[1:]
    if errors:
        assert (errors, steps) == ({"ChangedSince": 1}, [("submitted", "expert")])
    else:
        assert steps == [("approved", "delegate"), ("approved", "expert")]


def test_approving_and_returning_at_once_does_one_of_them():
    registration = RegistrationFactory(state="submitted")
    decisions = [
        lambda to=to: moves.move_registration(registration, to=to, by=SYSTEM, made_by=OFFICER, reason="Why.")
        for to in ("approved", "returned") * 6
    ]
    assert together(decisions) == {"NotAllowed": 11}
    assert OutboxMail.objects.count() == 1


def test_submitting_at_once_is_one():
    registration = RegistrationFactory()
    data = {"given_name": "A", "family_name": "B", "function": "C", "consent": "hidden"}
    by = Actor(hat=f"registration:{registration.public_id}")
    assert together([lambda: submit_registration(registration, data=data, by=by)] * 12) == {}
    assert RegistrationMove.objects.filter(to_state="submitted").count() == 1
    assert OutboxMail.objects.filter(kind="received").count() == 1


def test_acts_of_the_instance_and_of_events_at_once_keep_every_chain_whole():
    events = EventFactory.create_batch(2)
    with transaction.atomic():
        record(SYSTEM, "test.start")

    def adding(n):
        organisation = Organisation(name_en=f"Service {n}", kind="eu")
        return lambda: add_delegation(events[n % 2], organisation=organisation, seats=1, standing="member", by=SYSTEM)

    sheet = "Organisation;Kind;Seats\n" + "".join(f"Imported {n};eu;1\n" for n in range(5))

    def importing(event):
        kept = keep_upload(event, "delegations", SimpleUploadedFile("list.csv", sheet.encode()), by=SYSTEM)
        return lambda: choose(kept, ImportChoice.ALL, by=SYSTEM)

    imports = [importing(event) for event in events]
    assert together([*(adding(n) for n in range(16)), *imports]) == {}
    assert [broken_link(chain) for chain in (None, *events)] == [None, None, None]
    assert Delegation.objects.count() == 26


MIXED = [("delegate", "in_person"), ("expert", "in_person"), ("expert", "remote"), ("delegate", "remote")]


def limited_delegations():
    """Two delegations of an event that limits experts and each way of attending; one of them limits its experts as well."""
    event = EventFactory(capacity=30)
    first, second = DelegationFactory.create_batch(2, event=event, seats=15)
    for category, mode, seats in (("expert", "", 7), ("", "remote", 6), ("", "in_person", 12)):
        Quota.objects.create(event=event, category=category, mode=mode, seats=seats)
    Quota.objects.create(event=event, delegation=first, category="expert", seats=3)
    return first, second


def mixed_nominations(delegations):
    """Eighty nominations over two delegations, two categories and both ways of attending."""
    for n in range(80):
        category, mode = MIXED[n // 2 % 4]
        yield naming(delegations[n % 2], n, category, mode=mode)


def held(**asked):
    return Registration.objects.filter(state__in=HOLDING, **asked).count()


def test_limits_by_category_and_attendance_hold_at_the_same_moment():
    first, second = limited_delegations()
    raising = [lambda: keep_quota(first.event, seats=8, category="", mode="remote", by=SYSTEM)]
    assert together([*mixed_nominations([first, second]), *raising]) == {}
    assert (held(mode="in_person"), held(mode="remote")) == (12, 8)
    assert held(category="expert") <= 7
    assert held(category="expert", delegation=first) <= 3
    assert Registration.objects.count() == 80
    assert list(Quota.objects.out_of_step()) == []
    assert broken_link(first.event) is None


def test_limits_by_category_and_attendance_without_the_locks_go_wrong(monkeypatch):
    def lock_nothing(delegation):
        return Delegation.objects.select_related("event", "organisation").get(pk=delegation.pk)

    def read_then_write(registration, quotas):
        mine = places.counting(quotas, registration)
        if any(quota.free <= 0 for quota in mine):
            return False
        for quota in mine:
            Quota.objects.filter(pk=quota.pk).update(taken=quota.taken + 1)
        return True

    monkeypatch.setattr(registrations, "lock_delegation", lock_nothing)
    monkeypatch.setattr(registrations, "take_place", read_then_write)
    if connection.vendor == "sqlite":
        monkeypatch.setattr(registrations, "transaction", types.SimpleNamespace(atomic=contextlib.nullcontext))
    first, second = limited_delegations()
    together(mixed_nominations([first, second]))
    assert held(mode="in_person") > 12 or held(mode="remote") > 6 or held(category="expert") > 7
    assert Quota.objects.out_of_step().exists()


def _promotions(event):
    """Acts that free, take and hand on seats of two delegations while others wait: withdraw, replace, accept an offer, name."""
    delegations = DelegationFactory.create_batch(2, event=event, seats=7)
    acts = [naming(delegation, 100 + number) for number in range(20) for delegation in delegations]
    for number, delegation in enumerate(delegations * 4):
        leaving, replaced = RegistrationFactory.create_batch(2, delegation=delegation) if number < 4 else (None, None)
        waiting = RegistrationFactory(delegation=delegation, state="waitlisted")
        accept = {"to": "nominated", "by": SYSTEM, "made_by": FOCAL}
        acts.append(lambda waiting=waiting, accept=accept: moves.move_registration(waiting, **accept))
        acts.append(naming(delegation, number))
        if leaving:
            acts.append(lambda leaving=leaving: moves.move_registration(leaving, to="withdrawn", by=SYSTEM, made_by=FOCAL))
            person = {"given_name": f"New{number}", "family_name": "Person", "email": f"new{number}@example.org"}
            acts.append(lambda old=replaced, person=person: replace_person(old, **person, by=SYSTEM, made_by=FOCAL))
    return delegations, acts


def _is_exact(event, delegations) -> bool:
    """Say whether every count is true, nobody was offered a seat twice, and nobody waits for a seat that is free."""
    counts = all(
        quota.taken <= quota.seats
        and quota.taken
        == Registration.objects.filter(state__in=HOLDING, **({"delegation": quota.delegation} if quota.delegation_id else {})).count()
        for quota in Quota.objects.filter(event=event)
    )
    offers = RegistrationMove.objects.filter(to_state="offered").values_list("registration", flat=True)
    quotas = places.quotas_of(event)
    waiting = Registration.objects.filter(event=event, state="waitlisted")
    return counts and len(offers) == len(set(offers)) and not any(places.may_take(row, quotas) for row in waiting)


def test_promoting_withdrawing_and_replacing_at_once_stays_exact():
    event = EventFactory(capacity=12)
    delegations, acts = _promotions(event)
    errors = together(acts)
    assert (set(errors) <= {"NotAllowed"}, _is_exact(event, delegations)) == (True, True)
    assert Registration.objects.filter(state="replaced").count() == 4
    assert broken_link(event) is None


def test_promoting_withdrawing_and_replacing_without_the_locks_goes_wrong(monkeypatch):
    def lock_nothing(delegation):
        return Delegation.objects.select_related("event", "organisation").get(pk=delegation.pk)

    def read_then_write(registration, quotas):
        mine = [quota for quota in quotas if quota.delegation_id in (None, registration.delegation_id)]
        fresh = list(Quota.objects.filter(pk__in=[quota.pk for quota in mine]))
        if any(quota.taken >= quota.seats for quota in fresh):
            return False
        for quota in fresh:
            Quota.objects.filter(pk=quota.pk).update(taken=quota.taken + 1)
        return True

    for module in (moves, registrations):
        monkeypatch.setattr(module, "lock_delegation", lock_nothing)
        monkeypatch.setattr(module, "take_place", read_then_write)
        if connection.vendor == "sqlite":
            monkeypatch.setattr(module, "transaction", types.SimpleNamespace(atomic=contextlib.nullcontext))
    monkeypatch.setattr(moves, "lock_registration", lambda registration: _unlocked(registration))
    monkeypatch.setattr(registrations, "lock_registration", lambda registration: _unlocked(registration))
    event = EventFactory(capacity=12)
    delegations, acts = _promotions(event)
    errors = together(acts)
    assert not (set(errors) <= {"NotAllowed"} and _is_exact(event, delegations))


def _unlocked(registration):
    return Registration.objects.select_related("event", "delegate", "delegation__organisation").get(pk=registration.pk)
