"""Who is looking: the facts of one user at one event under the hat they wear."""

import datetime as dt

from django.http import HttpRequest
from django.utils import timezone

from conference.lib.viewer import ANYONE, PUBLIC_HAT, Actor, Viewer
from delegates.choices import Category
from delegates.models import FocalPoint, Registration
from delegates.rules import access_of
from events.models import Event

HATS_KEY = "hats"  # in the sign-in session: event id -> hat


def hats_of(user, event: Event, at: dt.datetime) -> list[str]:
    """List the hats a user may wear at an event, the most natural first: registrations, then focal point, then the public."""
    if not user.is_authenticated:
        return [PUBLIC_HAT]
    registrations = Registration.objects.filter(event=event).of_user(user).active().order_by("pk")
    focal = FocalPoint.objects.live(at).filter(event=event, user=user).order_by("pk")
    approved_first = sorted(registrations, key=lambda registration: registration.state != "approved")
    return (
        [f"registration:{registration.public_id}" for registration in approved_first]
        + [f"focal:{public_id}" for public_id in focal.values_list("delegation__public_id", flat=True)]
        + [PUBLIC_HAT]
    )


def build_viewer(user, event: Event, hat: str, at: dt.datetime) -> Viewer:
    """Collect the facts of a user under one hat; a hat that is not theirs (any more) gives what anyone sees."""
    kind, _, public_id = hat.partition(":")
    if not user.is_authenticated:
        return ANYONE
    if kind == "registration":
        registration = (
            Registration.objects.filter(event=event, public_id=public_id)
            .of_user(user)
            .active()
            .select_related("delegation__organisation")
            .first()
        )
        return _of_registration(registration, event, hat, user) if registration else Viewer(user_id=user.pk, event_id=event.pk)
    if kind == "focal":
        focal = FocalPoint.objects.live(at).filter(event=event, user=user, delegation__public_id=public_id).first()
        if focal:
            return Viewer(hat=hat, user_id=user.pk, event_id=event.pk, own_delegation_id=focal.delegation_id, is_focal_point=True)
    return Viewer(user_id=user.pk, event_id=event.pk)


def _of_registration(registration: Registration, event: Event, hat: str, user) -> Viewer:
    delegation = registration.delegation
    access = access_of(
        state=registration.state,
        category=registration.category,
        narrowing=registration.narrowing,
        standing=delegation.standing,
        is_eu=delegation.organisation.is_eu_on(event.first_date),
    )
    mine = frozenset({delegation.pk})
    return Viewer(
        hat=hat,
        user_id=user.pk,
        event_id=event.pk,
        audiences=access.audiences,
        slot_audiences=access.slot_audiences,
        delegation_ids=mine if access.selected else frozenset(),
        slot_delegation_ids=mine if access.slot_selected else frozenset(),
        registration_id=registration.pk,
        sees_assigned=access.assigned,
        own_delegation_id=delegation.pk,
        category=Category(registration.category).value,
        state=registration.state,
    )


def viewer_for(request: HttpRequest, event: Event) -> Viewer:
    """The viewer of a request at an event, under the hat kept in the sign-in session."""
    if not request.user.is_authenticated:
        return ANYONE
    at = timezone.now()
    hats = hats_of(request.user, event, at)
    kept = request.session.get(HATS_KEY, {}).get(str(event.pk))
    return build_viewer(request.user, event, kept if kept in hats else hats[0], at)


def actor_for(request: HttpRequest, viewer: Viewer, **details: str) -> Actor:
    """Who acts in a request: the signed-in user under the viewer's hat."""
    return Actor(user=request.user, hat=viewer.hat, **details)
