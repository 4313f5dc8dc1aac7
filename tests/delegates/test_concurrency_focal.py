"""Focal points at once: the last seat, a person replaced and withdrawn at the same moment, a request decided twice."""

import pytest

from conference.lib.viewer import SYSTEM, Actor
from delegates.actions import decide_late, decline_with_people, moves, name_head, nominate_many, replace_person, undo_withdrawal
from delegates.choices import RegistrationState
from delegates.models import Quota, Registration
from delegates.rules import FOCAL, HOLDING
from events.actions import broken_link
from events.models import OutboxMail
from tests.delegates.test_concurrency import naming, outcome, together
from tests.factories import DelegationFactory, EventFactory, LateRequestFactory, RegistrationFactory

pytestmark = pytest.mark.django_db(transaction=True)


def broken_places(event):
    """The quotas whose use is not what the registrations say, and the limits exceeded: none, ever."""
    wrong = []
    for quota in Quota.objects.filter(event=event):
        held = Registration.objects.filter(event=event, state__in=HOLDING)
        held = held.filter(delegation=quota.delegation_id) if quota.delegation_id else held
        wrong += [quota] if held.count() != quota.taken or quota.taken > quota.seats else []
    return wrong


def test_two_focal_points_take_the_last_seat_together():
    delegation = DelegationFactory(seats=1)
    assert together([naming(delegation, 1), naming(delegation, 2)]) == {}
    assert outcome(delegation, {}) == (1, 1, 0)
    assert broken_places(delegation.event) == []


def test_replace_withdraw_and_promote_at_the_same_moment():
    event = EventFactory(capacity=6)
    first, second = DelegationFactory.create_batch(2, event=event, seats=3)
    seated = [RegistrationFactory(delegation=delegation) for delegation in [first, second] * 3]
    for n in range(6):
        RegistrationFactory(delegation=[first, second][n % 2], state=RegistrationState.WAITLISTED)

    def replacing(registration, n):
        person = {"given_name": f"New{n}", "family_name": "Person", "email": f"new{n}@example.org"}
        return lambda: replace_person(registration, **person, by=SYSTEM, made_by=FOCAL)

    def withdrawing(registration):
        return lambda: moves.move_registration(registration, to="withdrawn", by=SYSTEM, made_by=FOCAL)

    acts = [act for n, registration in enumerate(seated) for act in (replacing(registration, n), withdrawing(registration))]
    errors = together([*acts, *(naming([first, second][n % 2], n) for n in range(6))])
    assert errors == {"NotAllowed": 6}  # of each pair one came first
    assert broken_places(event) == []
    assert Registration.objects.filter(event=event, state__in=HOLDING).count() == 6  # whoever could have a seat was offered one
    assert broken_link(event) is None


def test_one_person_replaced_many_times_at_once_is_replaced_once():
    registration = RegistrationFactory()
    person = {"family_name": "Person", "email": "new@example.org"}
    acts = [lambda n=n: replace_person(registration, given_name=f"New{n}", **person, by=SYSTEM, made_by=FOCAL) for n in range(12)]
    assert together(acts) == {"NotAllowed": 11}
    assert list(OutboxMail.objects.order_by("pk").values_list("kind", flat=True)) == ["replaced", "person_invited"]
    assert broken_places(registration.event) == []


def test_late_request_decided_many_times_at_once_is_decided_once():
    asked = LateRequestFactory()
    errors = together([lambda n=n: decide_late(asked, accept=bool(n % 2), reason="Why.", by=SYSTEM) for n in range(12)])
    assert errors == {"NotAllowed": 11}
    asked.refresh_from_db()
    assert Registration.objects.count() == int(asked.accepted)


def test_two_focal_points_name_two_heads_at_once_and_there_is_one():
    delegation = DelegationFactory(seats=6)
    people = [RegistrationFactory(delegation=delegation) for _n in range(6)]
    assert together([lambda person=person: name_head(person, by=SYSTEM) for person in people]) == {}
    assert Registration.objects.filter(delegation=delegation, category="head").count() == 1
    assert broken_places(delegation.event) == []


def test_undoing_and_promoting_at_once_never_exceeds_the_seats():
    delegation = DelegationFactory(seats=2)
    by = Actor(hat=f"focal:{delegation.public_id}")
    leaving = [RegistrationFactory(delegation=delegation) for _n in range(2)]
    for person in leaving:
        moves.move_registration(person, to="withdrawn", by=by, made_by=FOCAL)
    errors = together(
        [*(lambda person=person: undo_withdrawal(person, by=by) for person in leaving * 3), *(naming(delegation, n) for n in range(6))]
    )
    assert set(errors) <= {"NotAllowed"}
    assert Registration.objects.filter(delegation=delegation, state__in=HOLDING).count() == 2
    assert broken_places(delegation.event) == []


def test_nobody_comes_while_others_are_named_leaves_nobody_or_refuses_them():
    delegation = DelegationFactory(seats=4)
    RegistrationFactory(delegation=delegation)
    errors = together([lambda: decline_with_people(delegation, by=SYSTEM), *(naming(delegation, n) for n in range(6))])
    assert set(errors) <= {"NotAllowed"}
    assert Registration.objects.active().filter(delegation=delegation).count() == 0
    assert broken_places(delegation.event) == []


def test_two_tables_of_the_same_people_at_once_name_them_once():
    delegation = DelegationFactory(seats=10)
    people = {n: {"given_name": f"G{n}", "family_name": "F", "email": f"g{n}@example.org", "category": "delegate"} for n in range(5)}
    assert together([lambda: nominate_many(delegation, people, by=SYSTEM, made_by=FOCAL)] * 4) == {"RowsRefused": 3}
    assert outcome(delegation, {}) == (5, 0, 0)
    assert broken_places(delegation.event) == []
