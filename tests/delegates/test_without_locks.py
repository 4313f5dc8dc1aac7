"""The controls of what happens once: with the lock taken out, and every reader let in before anybody writes, it happens twice."""

import contextlib
import threading
import types

import pytest
from django.db import connection

from conference.lib.viewer import SYSTEM, Actor
from delegates.actions import beside, decide, moves, registrations, submit_registration
from delegates.models import Delegation, Quota, Registration, RegistrationMove
from events.models import OutboxMail
from tests.delegates.test_concurrency import naming, outcome, together
from tests.factories import DelegationFactory, RegistrationFactory

pytestmark = pytest.mark.django_db(transaction=True)


class Meeting:
    """Where two acts wait for each other: both have read before either writes."""

    def __init__(self):
        self.barrier = threading.Barrier(2)

    def wait(self):
        with contextlib.suppress(threading.BrokenBarrierError):
            self.barrier.wait(20)


@pytest.fixture
def unlocked(monkeypatch):
    """Take the locks out of the actions, and the record, whose chain refuses a second entry after the same first.

    On SQLite the transaction goes too, which alone makes writers queue there.
    """
    meeting = Meeting()

    def read_registration(registration):
        found = Registration.objects.select_related("event", "delegate", "delegation__organisation", "delegation__event").get(
            pk=registration.pk
        )
        meeting.wait()
        return found

    def read_delegation(delegation):
        return Delegation.objects.select_related("event", "organisation").get(pk=delegation.pk)

    def read_then_write(registration, quotas):
        quota = Quota.objects.get(delegation=registration.delegation)
        meeting.wait()
        if quota.taken >= quota.seats:
            return False
        Quota.objects.filter(pk=quota.pk).update(taken=quota.taken + 1)
        return True

    monkeypatch.setattr(beside, "lock_registration", read_registration)
    for module in (moves, registrations):
        monkeypatch.setattr(module, "record", lambda *given, **how: None)
        monkeypatch.setattr(module, "lock_registration", read_registration)
        monkeypatch.setattr(module, "lock_delegation", read_delegation)
        monkeypatch.setattr(module, "take_place", read_then_write)
        if connection.vendor == "sqlite":
            monkeypatch.setattr(module, "transaction", types.SimpleNamespace(atomic=contextlib.nullcontext))


def test_two_focal_points_without_the_lock_take_one_seat_twice(unlocked):
    delegation = DelegationFactory(seats=1)
    errors = together([naming(delegation, 1), naming(delegation, 2)])
    assert outcome(delegation, errors) == (2, 0, 0)


def test_two_officers_without_the_lock_approve_twice(unlocked):
    registration = RegistrationFactory(state="submitted")
    errors = together([lambda: decide([registration], to="approved", by=SYSTEM)] * 2)
    made = RegistrationMove.objects.filter(to_state="approved").count(), OutboxMail.objects.filter(kind="approved").count()
    assert (made, errors) == ((2, 2), {})


def test_form_pressed_twice_without_the_lock_arrives_twice(unlocked):
    registration = RegistrationFactory()
    data = {"given_name": "A", "family_name": "B", "function": "C", "consent": "hidden"}
    by = Actor(hat=f"registration:{registration.public_id}")
    errors = together([lambda: submit_registration(registration, data=data, by=by)] * 2)
    made = RegistrationMove.objects.filter(to_state="submitted").count(), OutboxMail.objects.filter(kind="received").count()
    assert (made, errors) == ((2, 2), {})
