"""Under which hat somebody reads an event, and how they change it."""

import pytest
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone

from conference.context_processors import hats
from delegates.choices import RegistrationState
from delegates.viewers import HATS_KEY, build_viewer, described_hats, held_by
from events.choices import Audience, EventState
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


@pytest.fixture
def user(client):
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def both(user):
    """A delegation whose focal point is also its approved delegate."""
    delegation = DelegationFactory(organisation=OrganisationFactory(name_en="Service of Hungary"))
    FocalPointFactory(delegation=delegation, event=delegation.event, user=user)
    RegistrationFactory(delegation=delegation, event=delegation.event, user=user, state=RegistrationState.APPROVED)
    return delegation


def choose(client, event, hat, **more):
    return client.post(reverse("choose_hat"), {"event": event.slug, "hat": hat, **more})


def test_hats_are_described_the_most_natural_first(user, both):
    registration = both.registrations.get()
    assert described_hats(held_by(user, both.event, timezone.now())) == [
        (f"registration:{registration.public_id}", "Delegate, Service of Hungary"),
        (f"focal:{both.public_id}", "Focal point, Service of Hungary"),
        ("public", "Any visitor"),
    ]


def test_chosen_hat_is_worn_on_the_pages_of_that_event(client, user, both):
    event_page = reverse("events:event", args=[both.event.slug])
    assert client.get(event_page).wsgi_request.viewer.hat.startswith("registration:")
    response = choose(client, both.event, f"focal:{both.public_id}", next=event_page)
    assert response.url == event_page
    assert client.get(event_page).wsgi_request.viewer.hat == f"focal:{both.public_id}"


def test_hat_is_kept_for_each_event_apart(client, user, both):
    other = FocalPointFactory(user=user).delegation
    choose(client, both.event, "public")
    choose(client, other.event, f"focal:{other.public_id}")
    assert client.session[HATS_KEY] == {str(both.event_id): "public", str(other.event_id): f"focal:{other.public_id}"}


def test_hat_of_somebody_else_does_not_exist(client, user, both):
    stranger = FocalPointFactory(event=both.event, user=UserFactory())
    assert choose(client, both.event, f"focal:{stranger.delegation.public_id}").status_code == 404
    assert HATS_KEY not in client.session


@pytest.mark.parametrize("fields", [{"state": EventState.DRAFT}, {"audience": Audience.ORGANISERS}])
def test_hat_at_an_event_one_may_not_see_does_not_exist(client, user, fields):
    assert choose(client, EventFactory(**fields), "public").status_code == 404


def test_unknown_event_does_not_exist(client, user):
    assert client.post(reverse("choose_hat"), {"event": "no-such", "hat": "public"}).status_code == 404


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_one_is_sent_to_no_other_site(client, user, both, target):
    assert choose(client, both.event, "public", next=target).url == reverse("my")


def test_stranger_is_asked_to_sign_in_and_then_sent_to_their_own_page(client, both):
    client.logout()
    assert choose(client, both.event, "public").status_code == 302
    client.force_login(UserFactory())
    assert client.get(reverse("choose_hat")).url == reverse("my")


def test_ended_registration_is_no_hat_but_its_owner_reads_its_page(user, both):
    registration = both.registrations.get()
    registration.state = RegistrationState.REVOKED
    registration.save()
    hat, at = f"registration:{registration.public_id}", timezone.now()
    assert build_viewer(user, both.event, hat, at).registration_id is None
    viewer = build_viewer(user, both.event, hat, at, ended=True)
    assert (viewer.registration_id, viewer.audiences, viewer.delegation_ids) == (registration.pk, frozenset({"public"}), frozenset())


def test_hat_kept_and_then_lost_falls_back(client, user, both):
    choose(client, both.event, f"focal:{both.public_id}")
    both.focal_points.update(until_at=hours_from_now(-0.1))
    viewer = client.get(reverse("events:event", args=[both.event.slug])).wsgi_request.viewer
    assert viewer.hat.startswith("registration:")


def offered(user, event, path):
    request = RequestFactory().get(path)
    request.user, request.event, request.resolver_match = user, event, resolve(path)
    request.viewer = build_viewer(user, event, "public", timezone.now())
    return hats(request)


def test_only_who_has_several_hats_of_their_own_is_offered_a_choice(user, both):
    path = reverse("events:event", args=[both.event.slug])
    assert [hat["label"] for hat in offered(user, both.event, path)] == [
        "Delegate, Service of Hungary",
        "Focal point, Service of Hungary",
        "Any visitor",
    ]
    both.focal_points.update(until_at=hours_from_now(-0.1))
    assert offered(user, both.event, path) == []


def test_page_whose_address_names_the_hat_offers_no_other(user, both):
    assert offered(user, both.event, reverse("delegates:delegation", args=[both.event.slug, both.public_id])) == []
