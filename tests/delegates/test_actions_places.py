"""Seats: never more than there are, and a free one goes to whoever is next in line."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from conference.lib.viewer import SYSTEM
from delegates.actions import (
    change_category,
    change_delegation,
    keep_seat,
    lapse_offers,
    move_registration,
    nominate,
    set_capacity,
)
from delegates.actions.places import LedgerBroken
from delegates.models import Quota, Registration
from delegates.rules import FOCAL, HOLDING, OFFICER, PROGRAM, SeatsBelowUse, counts
from events.choices import EventState
from events.models import Event, OutboxMail
from events.rules import NotAllowed
from tests.factories import DelegationFactory, EventFactory, FocalPointFactory, RegistrationFactory, hours_from_now

pytestmark = pytest.mark.django_db


def name(delegation, n, category="delegate", **options):
    person = {"given_name": "Given", "family_name": f"Family{n}", "email": f"p{n}@example.org"}
    return nominate(delegation, **person, category=category, by=SYSTEM, made_by=FOCAL, **options)


def withdraw(registration):
    return move_registration(registration, to="withdrawn", by=SYSTEM, made_by=FOCAL)


def states(*registrations):
    return [Registration.objects.get(pk=registration.pk).state for registration in registrations]


def recount(event):
    """What every quota of an event should say, counted from the registrations."""
    wanted = {}
    for quota in Quota.objects.filter(event=event):
        holders = Registration.objects.filter(event=event, state__in=HOLDING)
        if quota.delegation_id:
            holders = holders.filter(delegation=quota.delegation)
        wanted[quota.pk] = sum(counts(quota, category=row.category, mode=row.mode) for row in holders)
    return wanted


def ledger(event):
    return dict(Quota.objects.filter(event=event).values_list("pk", "taken"))


def test_seats_then_the_waiting_list_in_order_of_arrival():
    delegation = DelegationFactory(seats=2)
    people = [name(delegation, n) for n in range(4)]
    assert states(*people) == ["nominated", "nominated", "waitlisted", "waitlisted"]
    assert Quota.objects.get().taken == 2


def test_freed_seat_is_offered_to_the_first_in_line_until_a_moment_and_the_focal_points_are_told():
    delegation = DelegationFactory(seats=1)
    focal, gone = FocalPointFactory(delegation=delegation), FocalPointFactory(delegation=delegation, until_at=hours_from_now(-1))
    holder, first, second = [name(delegation, n) for n in range(3)]
    before = timezone.now()
    withdraw(holder)
    assert states(holder, first, second) == ["withdrawn", "offered", "waitlisted"]
    offer = Registration.objects.get(pk=first.pk)
    assert dt.timedelta(days=3) <= offer.offer_expires_at - before < dt.timedelta(days=3, minutes=1)
    assert list(OutboxMail.objects.values_list("kind", "to")) == [("seat_offered", focal.email)]
    assert gone.email != focal.email
    step = offer.moves.order_by("pk").last()
    assert (step.to_state, step.actor, step.hat) == ("offered", "system", "system")


def test_own_delegation_goes_before_the_event_and_then_the_moment_decides():
    event = EventFactory(capacity=2)
    one, two, three = DelegationFactory.create_batch(3, event=event)
    holder, other_holder = name(one, 1), name(two, 2)
    early, late_own, later = name(three, 3), name(one, 4), name(two, 5)
    assert states(early, late_own, later) == ["waitlisted"] * 3
    withdraw(holder)
    assert states(early, late_own, later) == ["waitlisted", "offered", "waitlisted"]
    withdraw(other_holder)
    assert states(early, later) == ["waitlisted", "offered"]
    withdraw(late_own)
    assert states(early) == ["offered"]


def test_promotion_needs_place_in_every_quota():
    event = EventFactory(capacity=2)
    full, open_ = DelegationFactory(event=event, seats=1), DelegationFactory(event=event, seats=5)
    keeper = name(full, 1)
    waiting_for_seat = name(full, 2)
    holder, waiting_for_capacity = name(open_, 3), name(open_, 4)
    withdraw(holder)  # frees capacity, not a seat of the full delegation
    assert states(keeper, waiting_for_seat, waiting_for_capacity) == ["nominated", "waitlisted", "offered"]
    assert ledger(event) == recount(event)


@pytest.mark.parametrize(
    ("category", "seat", "capacity"),
    [
        ("head", 1, 1),
        ("deputy", 1, 1),
        ("delegate", 1, 1),
        ("expert", 1, 1),
        ("speaker", 0, 1),
        ("interpreter", 0, 0),
        ("protection", 0, 0),
        ("liaison", 0, 0),
        ("driver", 0, 0),
        ("press", 0, 0),
        ("organiser", 0, 0),
        ("guest", 0, 1),
        ("accompanying", 0, 0),
    ],
)
def test_what_each_category_takes(category, seat, capacity):
    event = EventFactory(capacity=5)
    delegation = DelegationFactory(event=event, seats=5)
    person = {"given_name": "A", "family_name": "B", "email": "a@example.org"}
    registration = nominate(delegation, **person, category=category, by=SYSTEM, made_by=OFFICER)
    assert registration.state == "nominated"
    assert (Quota.objects.get(delegation=delegation).taken, Quota.objects.get(delegation=None).taken) == (seat, capacity)


def test_category_that_takes_nothing_never_waits():
    delegation = DelegationFactory(event=EventFactory(capacity=0), seats=0)
    assert [name(delegation, 1, "driver").state, name(delegation, 2).state] == ["nominated", "waitlisted"]


def test_quota_of_a_category_counts_that_category_alone_whatever_it_takes():
    delegation = DelegationFactory(seats=9)
    Quota.objects.create(event=delegation.event, delegation=delegation, category="interpreter", seats=1)
    Quota.objects.create(event=delegation.event, category="expert", seats=1)
    found = [
        name(delegation, n, category).state for n, category in enumerate(["interpreter", "interpreter", "expert", "expert", "delegate"])
    ]
    assert found == ["nominated", "waitlisted", "nominated", "waitlisted", "nominated"]
    assert ledger(delegation.event) == recount(delegation.event)


def test_quota_of_a_mode_counts_that_mode_alone():
    delegation = DelegationFactory(seats=9)
    Quota.objects.create(event=delegation.event, mode="remote", seats=0)
    assert name(delegation, 1).state == "nominated"
    request = RegistrationFactory(delegation=delegation, state="requested", mode="remote")
    assert move_registration(request, to="nominated", by=SYSTEM, made_by=FOCAL).state == "waitlisted"


def test_delegation_without_seats_of_its_own_has_none():
    delegation = DelegationFactory()
    Quota.objects.all().delete()
    assert name(delegation, 1).state == "waitlisted"


def test_kept_seat_holds_and_cannot_wait():
    delegation = DelegationFactory(seats=1)
    kept = keep_seat(delegation, category="delegate", by=SYSTEM, made_by=FOCAL)
    assert (kept.state, kept.delegate, Quota.objects.get().taken) == ("placeholder", None, 1)
    with pytest.raises(NotAllowed, match="No seat is free"):
        keep_seat(delegation, category="delegate", by=SYSTEM, made_by=FOCAL)
    assert Registration.objects.count() == 1


def test_more_seats_are_offered_at_once_and_fewer_than_in_use_refused():
    delegation = DelegationFactory(seats=1)
    people = [name(delegation, n) for n in range(3)]
    given = {"standing": "member", "by": SYSTEM}
    change_delegation(delegation, seats=2, **given)
    assert states(*people) == ["nominated", "offered", "waitlisted"]
    with pytest.raises(SeatsBelowUse) as refusal:
        change_delegation(delegation, seats=1, **(given | {"standing": "guest"}))
    assert (refusal.value.taken, Quota.objects.get().seats) == (2, 2)
    delegation.refresh_from_db()
    assert delegation.standing == "member"


def test_capacity_counts_who_is_there_already():
    event = EventFactory()
    delegation = DelegationFactory(event=event)
    name(delegation, 1), name(delegation, 2), name(delegation, 3, "driver")
    with pytest.raises(SeatsBelowUse):
        set_capacity(event, seats=1, by=SYSTEM)
    set_capacity(event, seats=2, by=SYSTEM)
    waiting = name(delegation, 4)
    assert (waiting.state, ledger(event)) == ("waitlisted", recount(event))
    set_capacity(event, seats=3, by=SYSTEM)
    assert states(waiting) == ["offered"]
    more = name(delegation, 5)
    set_capacity(event, seats=None, by=SYSTEM)
    assert (states(more), Quota.objects.filter(event=event, delegation=None).count()) == (["offered"], 0)


def test_change_of_category_moves_the_place():
    delegation = DelegationFactory(seats=1)
    person, waiting = name(delegation, 1), name(delegation, 2)
    changed = change_category(person, category="driver", by=SYSTEM)
    assert (changed.category, states(waiting)) == ("driver", ["offered"])
    with pytest.raises(NotAllowed, match="No seat is free"):
        change_category(person, category="expert", by=SYSTEM)
    person.refresh_from_db()
    assert (person.category, ledger(delegation.event)) == ("driver", recount(delegation.event))
    step = person.moves.order_by("pk").last()
    assert (step.from_state, step.to_state, step.category) == ("nominated", "nominated", "driver")


def test_offer_nobody_takes_goes_to_the_end_of_the_line_and_out_after_the_third_time():
    delegation = DelegationFactory(seats=1)
    holder, first, second = [name(delegation, n) for n in range(3)]
    withdraw(holder)
    found, now = [], timezone.now()
    for days in range(4, 29, 4):
        with time_machine.travel(now + dt.timedelta(days=days), tick=False):
            found.append((lapse_offers(timezone.now()), *states(first, second)))
    assert found == [
        (1, "waitlisted", "offered"),
        (1, "offered", "waitlisted"),
        (1, "waitlisted", "offered"),
        (1, "offered", "waitlisted"),
        (1, "withdrawn", "offered"),
        (1, "withdrawn", "withdrawn"),
        (0, "withdrawn", "withdrawn"),
    ]
    assert Quota.objects.get().taken == 0


def test_offers_in_time_and_of_events_that_are_over_do_not_lapse():
    RegistrationFactory(state="offered", offer_expires_at=hours_from_now(1))
    RegistrationFactory(event=EventFactory(state=EventState.CLOSED), state="offered", offer_expires_at=hours_from_now(-1))
    assert lapse_offers(timezone.now()) == 0


def test_ledger_that_counts_too_few_is_an_error_and_nothing_changes():
    registration = RegistrationFactory()
    Quota.objects.update(taken=0)
    with pytest.raises(LedgerBroken):
        withdraw(registration)
    assert states(registration) == ["nominated"]


def test_long_walk_keeps_the_ledger_and_leaves_nobody_waiting_beside_a_free_seat():
    event = EventFactory(capacity=4)
    delegations = [DelegationFactory(event=event, seats=seats) for seats in (1, 2, 3)]
    people = []
    for n in range(40):
        delegation = delegations[n % 3]
        people.append(name(delegation, n, ["delegate", "expert", "driver"][n % 5 % 3]))
        if n % 2:
            target = Registration.objects.get(pk=people[(n * 7) % len(people)].pk)
            if target.state not in ("withdrawn", "replaced"):
                withdraw(target)
        if n % 11 == 10:
            seats = Event.objects.get().quotas.get(delegation=None).seats
            set_capacity(event, seats=seats + 1, by=SYSTEM)
        assert ledger(event) == recount(event)
        for waiting in Registration.objects.filter(state="waitlisted"):
            mine = [q for q in Quota.objects.all() if q.delegation_id in (None, waiting.delegation_id)]
            assert any(q.free == 0 for q in mine if counts(q, category=waiting.category, mode=waiting.mode))


def test_program_alone_offers():
    waiting = RegistrationFactory(delegation=DelegationFactory(seats=3), state="waitlisted")
    with pytest.raises(NotAllowed, match="not allowed to take this step"):
        move_registration(waiting, to="offered", by=SYSTEM, made_by=OFFICER)
    assert move_registration(waiting, to="offered", by=SYSTEM, made_by=PROGRAM).state == "offered"
