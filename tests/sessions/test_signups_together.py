"""Many sign up at once, each with a thread and a connection: exactly the seats are given, the rest wait in order, nothing happens twice.

The control takes the locks out and must fail.
"""

import contextlib
import types

import pytest
from django.db import connection

from conference.lib.viewer import SYSTEM
from delegates.actions import moves
from delegates.choices import RegistrationState
from delegates.rules import OFFICER
from events.actions import broken_link
from events.choices import Audience
from events.models import AuditEntry, Event, OutboxMail
from sessions.actions import signups
from sessions.choices import SessionKind
from sessions.models import SignUp, SignUpSheet
from tests.factories import DelegationFactory, EventFactory, RegistrationFactory, SessionFactory
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def workshop(event, seats=20):
    session = SessionFactory(event=event, kind=SessionKind.WORKSHOP, audience=Audience.PARTICIPANTS, released=True)
    signups.keep_sheet(session, seats=seats, opens_at=None, closes_at=None, by=SYSTEM)
    return session


def people(event, count):
    delegation = DelegationFactory(event=event, seats=count)
    return RegistrationFactory.create_batch(count, delegation=delegation, state=RegistrationState.APPROVED)


def outcome(session):
    """Who has a seat, who waits, and what the sheet counts."""
    found = SignUp.objects.filter(session=session)
    return found.seated().count(), found.waiting().count(), SignUpSheet.objects.get(session=session).taken


def joining(session, registrations):
    return [lambda one=one: signups.sign_up(session, one, by=SYSTEM) for one in registrations]


def test_three_hundred_at_once_for_twenty_seats():
    event = EventFactory()
    session, registrations = workshop(event), people(event, 300)
    errors = together(joining(session, registrations))
    assert (errors, outcome(session)) == ({}, (20, 280, 20))
    # In the order in which they came: that of the record, whose numbers nobody can take twice.
    came = AuditEntry.objects.filter(verb="signup.join").order_by("number").values_list("details", flat=True)
    line = SignUp.objects.live().in_line().for_list()
    assert [str(one.registration) for one in line] == [one["registration"] for one in came]
    assert [one.is_seated for one in line] == [True] * 20 + [False] * 280
    assert [one.ahead for one in SignUp.objects.waiting().in_line().with_place()] == list(range(280))
    assert broken_link(event) is None


def test_three_hundred_at_once_without_the_locks_go_wrong(monkeypatch):
    def read_then_write(sheet):
        now = SignUpSheet.objects.get(pk=sheet.pk)
        if now.taken >= now.seats:
            return False
        SignUpSheet.objects.filter(pk=sheet.pk).update(taken=now.taken + 1)
        return True

    monkeypatch.setattr(signups, "lock_event", lambda key: Event.objects.get(pk=key))
    monkeypatch.setattr(signups, "record", lambda *args, **details: None)  # it locks the event too
    monkeypatch.setattr(signups, "_take", read_then_write)
    if connection.vendor == "sqlite":
        monkeypatch.setattr(signups, "transaction", types.SimpleNamespace(atomic=contextlib.nullcontext))
    event = EventFactory()
    session, registrations = workshop(event), people(event, 300)
    errors = together(joining(session, registrations))
    seated, waiting, taken = outcome(session)
    assert (errors, (seated, waiting, taken)) != ({}, (20, 280, 20))
    assert seated > 20 or taken != seated


def test_one_person_many_times_at_once_is_signed_up_once():
    event = EventFactory()
    session, (person,) = workshop(event), people(event, 1)
    assert together(joining(session, [person] * 30)) == {}
    assert outcome(session) == (1, 0, 1)


def test_one_person_for_two_sessions_at_the_same_time_gets_one():
    event = EventFactory()
    first, second = workshop(event), workshop(event)
    slot, other = first.slots.get(), second.slots.get()
    other.start_at, other.end_at = slot.start_at, slot.end_at
    other.save()
    (person,) = people(event, 1)
    errors = together(joining(first, [person] * 6) + joining(second, [person] * 6))
    assert errors == {"SignedUpElsewhere": 6}
    assert SignUp.objects.live().count() == 1


def test_joining_leaving_withdrawing_and_more_seats_at_once_keep_the_count():
    event = EventFactory()
    session, registrations = workshop(event, seats=10), people(event, 90)
    there, coming = registrations[:40], registrations[40:]
    for one in there:
        signups.sign_up(session, one, by=SYSTEM)
    acts = joining(session, coming)
    acts += [lambda one=one: signups.leave(session, one, by=SYSTEM) for one in there[:15]]
    withdraw = {"to": "withdrawn", "by": SYSTEM, "made_by": OFFICER, "reason": "Why."}
    acts += [lambda one=one: moves.move_registration(one, **withdraw) for one in there[15:25]]
    acts.append(lambda: signups.keep_sheet(session, seats=14, opens_at=None, closes_at=None, by=SYSTEM))
    assert together(acts) == {}
    assert outcome(session) == (14, 51, 14)
    line = [one.is_seated for one in SignUp.objects.live().in_line()]
    assert line == sorted(line, reverse=True)  # nobody waits before somebody who has a seat
    had_a_seat = SignUp.objects.filter(ended_at__isnull=False, seated_at__isnull=False).count()
    moved_up = AuditEntry.objects.filter(verb="signup.promote").count()
    assert moved_up == OutboxMail.objects.filter(kind="sign_up_seat").count() == had_a_seat + 4
    assert list(SignUpSheet.objects.out_of_step()) == []
    assert broken_link(event) is None
