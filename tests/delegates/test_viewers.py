"""Who is looking: one user, one event, one hat, and never a union of several."""

import datetime as dt
import itertools

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from conference.lib.viewer import ANYONE
from delegates.choices import Category, Narrowing, RegistrationState, Standing
from delegates.rules import access_of
from delegates.viewers import build_viewer, hats_of, viewer_of
from tests.factories import (
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    OrganisationFactory,
    RegistrationFactory,
    UserFactory,
    hours_from_now,
)

pytestmark = pytest.mark.django_db


def hat(registration):
    return f"registration:{registration.public_id}"


def test_stranger_has_the_public_hat_alone():
    event, now = EventFactory(), timezone.now()
    assert hats_of(AnonymousUser(), event, now) == ["public"]
    assert build_viewer(AnonymousUser(), event, "public", now) == ANYONE
    assert hats_of(UserFactory(), event, now) == ["public"]


def test_hats_of_one_event_the_most_natural_first():
    user, event = UserFactory(), EventFactory()
    nominated = RegistrationFactory(event=event, user=user)
    approved = RegistrationFactory(event=event, user=user, state="approved")
    focal = FocalPointFactory(event=event, user=user)
    RegistrationFactory(event=event, user=user, state="withdrawn")
    FocalPointFactory(event=event, user=user, until_at=hours_from_now(-1))
    RegistrationFactory(user=user)
    FocalPointFactory(user=user)
    assert hats_of(user, event, timezone.now()) == [hat(approved), hat(nominated), f"focal:{focal.delegation.public_id}", "public"]


def test_hats_are_never_added_up():
    user, event = UserFactory(), EventFactory()
    member = RegistrationFactory(
        delegation=DelegationFactory(event=event, organisation=OrganisationFactory(country="US")), user=user, state="approved"
    )
    guest = RegistrationFactory(
        delegation=DelegationFactory(event=event, organisation=OrganisationFactory(country="BE"), standing="guest"),
        user=user,
        state="approved",
    )
    now = timezone.now()
    assert build_viewer(user, event, hat(member), now).audiences == {"public", "participants", "members"}
    assert build_viewer(user, event, hat(guest), now).audiences == {"public", "participants", "eu"}
    assert build_viewer(user, event, "public", now).audiences == {"public"}


@pytest.mark.parametrize("kind", ["registration", "focal"])
def test_hat_of_somebody_else_gives_what_anyone_sees(kind):
    event, user = EventFactory(), UserFactory()
    theirs = RegistrationFactory(event=event, user=UserFactory(), state="approved")
    focal = FocalPointFactory(event=event, user=UserFactory())
    worn = hat(theirs) if kind == "registration" else f"focal:{focal.delegation.public_id}"
    viewer = build_viewer(user, event, worn, timezone.now())
    assert (viewer.is_public, viewer.has_part, viewer.hat) == (True, False, "public")


@pytest.mark.parametrize("worn", ["", "registration:", "focal:", "registration:zzzzzzzzzz", "organiser:manager", "registration", ":"])
def test_hat_that_is_none(worn):
    viewer = build_viewer(UserFactory(), EventFactory(), worn, timezone.now())
    assert (viewer.is_public, viewer.has_part, viewer.staff_roles) == (True, False, frozenset())


def test_registration_of_another_event_is_no_hat_here():
    user, event = UserFactory(), EventFactory()
    elsewhere = RegistrationFactory(user=user, state="approved")
    assert build_viewer(user, event, hat(elsewhere), timezone.now()).is_public


def test_focal_point_without_an_approved_registration_sees_the_public_and_their_own_delegation():
    user = UserFactory()
    focal = FocalPointFactory(user=user)
    viewer = build_viewer(user, focal.event, f"focal:{focal.delegation.public_id}", timezone.now())
    assert (viewer.audiences, viewer.own_delegation_id, viewer.delegation_ids) == ({"public"}, focal.delegation_id, frozenset())
    assert (viewer.is_focal_point, viewer.is_public, viewer.has_part) == (True, True, True)


@pytest.mark.parametrize("state", ["withdrawn", "refused", "revoked", "replaced"])
def test_ended_registration_opens_nothing(state):
    user = UserFactory()
    registration = RegistrationFactory(user=user, state=state)
    now, event = timezone.now(), registration.event
    assert build_viewer(user, event, hat(registration), now).has_part is False
    own = build_viewer(user, event, hat(registration), now, ended=True)
    assert (own.registration_id, own.audiences, own.sees_assigned) == (registration.pk, {"public"}, False)


def test_draft_nomination_is_no_hat_yet():
    user = UserFactory()
    registration = RegistrationFactory(user=user, invited_at=None)
    assert hats_of(user, registration.event, timezone.now()) == ["public"]


def test_affiliation_is_that_of_the_first_day():
    user = UserFactory()
    for first_date, is_eu in [(dt.date(2020, 1, 31), True), (dt.date(2020, 2, 1), False)]:
        event = EventFactory(first_date=first_date, last_date=dt.date(2020, 2, 2))
        british = DelegationFactory(event=event, organisation=OrganisationFactory(country="GB"))
        registration = RegistrationFactory(delegation=british, user=user, state="approved")
        viewer = build_viewer(user, event, hat(registration), timezone.now())
        assert ("eu" in viewer.audiences) is is_eu


def test_viewer_says_what_the_rule_says_on_every_combination():
    event = EventFactory()
    delegations = [
        DelegationFactory(event=event, organisation=OrganisationFactory(country=country), standing=standing, seats=9)
        for country, standing in itertools.product(["BE", "US"], ["member", "guest"])
    ]
    registrations = [RegistrationFactory(delegation=delegation) for delegation in delegations]
    for registration, state, category, narrowing in itertools.product(registrations, RegistrationState, Category, Narrowing):
        registration.state, registration.category, registration.narrowing = state, category, narrowing
        delegation = registration.delegation
        viewer = viewer_of(registration, event)
        access = access_of(
            state=state,
            category=category,
            narrowing=narrowing,
            standing=Standing(delegation.standing),
            is_eu=delegation.organisation.country == "BE",
        )
        assert (viewer.audiences, viewer.slot_audiences, viewer.sees_assigned) == (access.audiences, access.slot_audiences, access.assigned)
        assert viewer.delegation_ids == (frozenset({delegation.pk}) if access.selected else frozenset())
        assert viewer.slot_delegation_ids == (frozenset({delegation.pk}) if access.slot_selected else frozenset())
        assert (viewer.own_delegation_id, viewer.registration_id, viewer.event_id) == (delegation.pk, registration.pk, event.pk)


def test_cache_key_tells_what_may_be_seen_and_nothing_of_who_sees():
    first = RegistrationFactory(state="approved")
    second = RegistrationFactory(delegation=first.delegation, state="approved", category="expert")
    press = [RegistrationFactory(delegation=first.delegation, state="nominated", category="press") for _ in range(2)]
    keys = [viewer_of(row, first.event).cache_key for row in (first, second, *press)]
    assert keys[2] == keys[3] == ANYONE.cache_key
    assert keys[0] != keys[1]  # each may be assigned to other sessions
    assert keys[0][:-1] == keys[1][:-1]
