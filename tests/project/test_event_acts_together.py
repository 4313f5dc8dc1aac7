"""Acts on an event beside acts on its people, with threads of their own: each happens wholly before the other or after it."""

import functools

import pytest

from conference import actions
from conference.lib.viewer import SYSTEM
from delegates.actions import move_registration, moves, submit_registration
from delegates.choices import RegistrationState
from delegates.models import Delegation, Registration
from delegates.rules import OFFICER
from events.models import AuditEntry, Event, OutboxMail
from events.rules import NotAllowed
from tests.factories import DelegationFactory, EventFactory, RegistrationFactory, days_from_now
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 12


@pytest.fixture
def event():
    event = EventFactory()
    delegation = DelegationFactory(event=event, seats=MANY)
    RegistrationFactory.create_batch(MANY, delegation=delegation, state=RegistrationState.SUBMITTED)
    return event


def approvals(event):
    approve = functools.partial(move_registration, to=RegistrationState.APPROVED, by=SYSTEM, made_by=OFFICER)
    return [functools.partial(approve, registration) for registration in Registration.objects.filter(event=event)]


def cancel(event):
    return lambda: actions.cancel_event(event, reason="", seen=actions.seen_of(event), by=SYSTEM)


def late_approvals(event) -> int:
    """How many approvals were recorded after the cancellation."""
    end = AuditEntry.objects.get(event=event, verb="event.cancel").number
    return AuditEntry.objects.filter(event=event, verb="registration.move", number__gt=end).count()


def test_approving_while_cancelling(event):
    half = approvals(event)
    errors = together([*half[: MANY // 2], cancel(event), *half[MANY // 2 :]])
    approved = Registration.objects.filter(state=RegistrationState.APPROVED).count()
    assert (Event.objects.get().state, late_approvals(event), errors["NotAllowed"]) == ("cancelled", 0, MANY - approved)
    assert OutboxMail.objects.filter(kind="approved").count() == approved
    assert OutboxMail.objects.filter(kind="event.cancelled").count() == MANY


def test_approving_a_cancelled_event_without_reading_it_under_the_lock_goes_wrong(event, monkeypatch):
    seen_before = {row.pk: row for row in Delegation.objects.select_related("event", "organisation")}
    cancel(event)()
    monkeypatch.setattr(moves, "lock_delegation", lambda delegation: seen_before[delegation.pk])
    together(approvals(event)[:1])
    assert late_approvals(event) == 1


@pytest.mark.parametrize("name", ["cancel", "postpone", "close"])
def test_act_sent_by_many_at_once_is_done_once(event, name):
    seen, later = actions.seen_of(event), {"first_date": days_from_now(200), "last_date": days_from_now(201), "reason": ""}
    act = {
        "cancel": functools.partial(actions.cancel_event, reason=""),
        "postpone": functools.partial(actions.postpone_event, **later),
        "close": actions.close_event,
    }[name]
    Registration.objects.filter(pk=Registration.objects.first().pk).update(state=RegistrationState.APPROVED)
    errors = together([lambda: act(event, seen=seen, by=SYSTEM)] * 6)
    assert errors == {"NotAllowed": 5}
    written = OutboxMail.objects.filter(kind__startswith="event.")
    assert written.count() == (1 if name == "close" else MANY)


def test_submitting_while_postponing_loses_nobody(event):
    Registration.objects.update(state=RegistrationState.NOMINATED)
    submit = [functools.partial(submit_registration, row, data={}, by=SYSTEM) for row in Registration.objects.all()]
    later = {"first_date": days_from_now(200), "last_date": days_from_now(201), "reason": "", "seen": actions.seen_of(event)}
    errors = together([*submit, lambda: actions.postpone_event(event, **later, by=SYSTEM)])
    assert (errors, Registration.objects.filter(state=RegistrationState.SUBMITTED).count()) == ({}, MANY)


def test_refusal_says_so(event):
    cancel(event)()
    with pytest.raises(NotAllowed):
        approvals(event)[0]()
