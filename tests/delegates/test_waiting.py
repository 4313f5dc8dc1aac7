"""The waiting list: how long an offer is held, never beyond the freeze, in which order, and what organisers see of it."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from conference.actions import move_event, postpone_event, save_event, seen_of
from conference.lib.viewer import SYSTEM
from delegates.actions import lapse_offers, move_registration, name_head
from delegates.models import Quota, Registration
from delegates.rules import FOCAL
from events.models import Event
from events.rules import NotAllowed
from tests.factories import DelegationFactory, EventFactory, RegistrationFactory, StaffRoleFactory, hours_from_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory()


def wait(delegation, hours, **fields):
    return RegistrationFactory(delegation=delegation, state="waitlisted", queued_at=hours_from_now(-hours), **fields)


def leave(registration):
    return move_registration(registration, to="withdrawn", by=SYSTEM, made_by=FOCAL)


def states(*registrations):
    found = dict(Registration.objects.values_list("pk", "state"))
    return [found[registration.pk] for registration in registrations]


def page(client, event, **asked):
    client.force_login(StaffRoleFactory(event=event).user)
    return client.get(reverse("organise:waiting", args=[event.slug]), asked)


def test_offer_is_held_for_the_days_of_the_event(event):
    Event.objects.update(offer_days=7)
    delegation = DelegationFactory(event=event, seats=1)
    seated, first = RegistrationFactory(delegation=delegation), wait(delegation, 2)
    with time_machine.travel(timezone.now(), tick=False):
        leave(seated)
        first.refresh_from_db()
        assert (first.state, first.offer_expires_at) == ("offered", timezone.now() + dt.timedelta(days=7))


def test_offer_is_never_held_beyond_the_freeze(event):
    freeze = hours_from_now(30)
    Event.objects.update(freeze_at=freeze, confirm_by_at=None)
    delegation = DelegationFactory(event=event, seats=1)
    seated, first = RegistrationFactory(delegation=delegation), wait(delegation, 2)
    leave(seated)
    first.refresh_from_db()
    assert (first.state, first.offer_expires_at) == ("offered", freeze)


def test_nothing_is_offered_once_frozen_and_open_offers_end_with_the_freeze(event):
    delegation = DelegationFactory(event=event, seats=2)
    first, second = RegistrationFactory.create_batch(2, delegation=delegation)
    waiting, later = wait(delegation, 2), wait(delegation, 1)
    leave(first)
    assert states(waiting, later) == ["offered", "waitlisted"]
    Event.objects.update(freeze_at=hours_from_now(-1), confirm_by_at=None, nominate_by_at=None, answer_by_at=None)
    waiting.refresh_from_db()
    with pytest.raises(NotAllowed, match="offer of this seat has ended"):
        move_registration(waiting, to="nominated", by=SYSTEM, made_by=FOCAL)
    assert lapse_offers(timezone.now()) == 1
    leave(second)
    assert states(waiting, later) == ["waitlisted", "waitlisted"]
    assert Quota.objects.get(delegation=delegation).taken == 0


def test_freed_place_goes_to_the_own_delegation_first_then_to_the_event(event):
    full = EventFactory(capacity=2)
    one, other = DelegationFactory.create_batch(2, event=full, seats=5)
    seated = RegistrationFactory.create_batch(2, delegation=one)
    longest, own, next_own = wait(other, 9), wait(one, 3), wait(one, 2)
    leave(seated[0])
    assert states(longest, own, next_own) == ["waitlisted", "offered", "waitlisted"]
    leave(seated[1])
    assert states(longest, next_own) == ["waitlisted", "offered"]


def test_naming_a_head_offers_the_place_that_frees(event):
    delegation = DelegationFactory(event=event, seats=5)
    Quota.objects.create(event=event, delegation=delegation, category="delegate", seats=1)
    seated, waiting = RegistrationFactory(delegation=delegation), wait(delegation, 2)
    name_head(seated, by=SYSTEM)
    assert states(seated, waiting) == ["nominated", "offered"]


def test_later_freeze_offers_what_came_free_after_the_former_one(event):
    delegation = DelegationFactory(event=event, seats=1)
    seated, waiting = RegistrationFactory(delegation=delegation), wait(delegation, 2)
    Event.objects.update(freeze_at=hours_from_now(-1), confirm_by_at=None)
    leave(seated)
    assert states(waiting) == ["waitlisted"]
    event.refresh_from_db()
    save_event(event, facts={"freeze_at": hours_from_now(48)}, capacity=None, by=SYSTEM)
    assert states(waiting) == ["offered"]


@pytest.mark.parametrize("act", ["postpone", "move"])
def test_event_held_later_offers_what_came_free_after_the_former_freeze(event, act):
    delegation = DelegationFactory(event=event, seats=1)
    waiting = wait(delegation, 2)
    Event.objects.update(freeze_at=hours_from_now(-1), confirm_by_at=None)
    event.refresh_from_db()
    later = {"first_date": event.first_date + dt.timedelta(days=30), "last_date": event.last_date + dt.timedelta(days=30)}
    where = {"venue": None, "is_online": event.is_online} if act == "move" else {}
    done = {"postpone": postpone_event, "move": move_event}[act]
    done(event, **later, **where, reason="Why.", seen=seen_of(event), by=SYSTEM)
    assert states(waiting) == ["offered"]


def test_days_of_an_offer_are_from_one_to_thirty(event):
    for days in (0, 31):
        with pytest.raises(IntegrityError, match="event_offer_days_possible"), transaction.atomic():
            Event.objects.update(offer_days=days)


def test_page_tells_both_places_and_what_is_full(client):
    event = EventFactory(capacity=10)
    one, other = DelegationFactory(event=event, seats=1), DelegationFactory(event=event, seats=5)
    Quota.objects.create(event=event, delegation=other, category="expert", seats=0)
    RegistrationFactory(delegation=one)
    first, second, third = wait(one, 9), wait(other, 5, category="expert"), wait(one, 2)
    rows = page(client, event).context["rows"]
    assert [(row["person"], row["place"], row["own_place"]) for row in rows] == [(first, 1, 1), (second, 2, 1), (third, 3, 2)]
    assert [[(quota.delegation, quota.category) for quota in row["full"]] for row in rows] == [
        [(one, "")],
        [(other, "expert")],
        [(one, "")],
    ]
    grouped = page(client, event, by="delegation").context["rows"]
    assert [(row["person"].delegation, row["own_place"]) for row in grouped] in (
        [(one, 1), (one, 2), (other, 1)],
        [(other, 1), (one, 1), (one, 2)],
    )


def test_page_says_when_nobody_waits_and_when_frozen(client, event):
    assert "Nobody waits" in page(client, event).content.decode()
    Event.objects.update(freeze_at=hours_from_now(-1), confirm_by_at=None)
    assert page(client, event).context["is_offering"] is False


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_for_any_number(client, event, count, django_assert_num_queries):
    for delegation in DelegationFactory.create_batch(count, event=event, seats=0):
        wait(delegation, 2)
        RegistrationFactory(delegation=delegation, state="offered", category="driver", offer_expires_at=hours_from_now(9))
    client.force_login(StaffRoleFactory(event=event).user)
    with django_assert_num_queries(8):
        response = client.get(reverse("organise:waiting", args=[event.slug]), {"by": "delegation"})
    assert (len(response.context["rows"]), len(response.context["offered"])) == (count, count)
