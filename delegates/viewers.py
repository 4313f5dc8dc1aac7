"""Who is looking: the facts of one user at one event under the hat they wear."""

import dataclasses
import datetime as dt

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import pgettext

from conference.lib.viewer import ANYONE, PUBLIC_HAT, Actor, Viewer
from delegates.choices import Category
from delegates.models import FocalPoint, Registration
from delegates.rules import Access, access_of
from events.models import Event

HATS_KEY = "hats"  # in the sign-in session: event id -> hat


@dataclasses.dataclass(frozen=True)
class Held:
    """What a user holds at an event: active registrations, the approved first, and the delegations they are focal point of."""

    registrations: tuple[Registration, ...] = ()
    focal_points: tuple[FocalPoint, ...] = ()

    @property
    def hats(self) -> list[str]:
        """The hats these make, the most natural first, and the public's."""
        mine = [f"registration:{registration.public_id}" for registration in self.registrations]
        return mine + [f"focal:{focal.delegation.public_id}" for focal in self.focal_points] + [PUBLIC_HAT]


def held_by(user, event: Event, at: dt.datetime) -> Held:
    """Read what a user holds at an event, with delegation and organisation: two queries; of a stranger, none."""
    if not user.is_authenticated:
        return Held()
    registrations = Registration.objects.filter(event=event).of_user(user).active().select_related("delegate", "delegation__organisation")
    focal_points = FocalPoint.objects.live(at).filter(event=event, user=user).select_related("delegation__organisation")
    approved_first = sorted(registrations.order_by("pk"), key=lambda registration: registration.state != "approved")
    return Held(tuple(approved_first), tuple(focal_points.order_by("pk")))


def hats_of(user, event: Event, at: dt.datetime) -> list[str]:
    """List the hats a user may wear at an event, the most natural first: registrations, then focal point, then the public."""
    return held_by(user, event, at).hats


def build_viewer(user, event: Event, hat: str, at: dt.datetime, *, ended: bool = False) -> Viewer:
    """Collect the facts of a user under one hat; a hat that is not theirs (any more) gives what anyone sees.

    With `ended` a registration that has ended still counts: it opens no session, but its owner may read what became of it.
    """
    kind, _, public_id = hat.partition(":")
    if not user.is_authenticated:
        return ANYONE
    if kind == "registration":
        registrations = Registration.objects.filter(event=event, public_id=public_id).of_user(user)
        registrations = registrations if ended else registrations.active()
        registration = registrations.select_related("delegation__organisation").first()
        return viewer_of(registration, event, hat=hat, user=user) if registration else Viewer(user_id=user.pk, event_id=event.pk)
    if kind == "focal":
        focal = FocalPoint.objects.live(at).filter(event=event, user=user, delegation__public_id=public_id).first()
        if focal:
            return _of_focal(focal, event, hat=hat, user=user)
    return Viewer(user_id=user.pk, event_id=event.pk)


def _of_focal(focal: FocalPoint, event: Event, *, hat: str, user) -> Viewer:
    return Viewer(hat=hat, user_id=user.pk, event_id=event.pk, own_delegation_id=focal.delegation_id, is_focal_point=True)


def _wearing(hat: str, held: Held, event: Event, user) -> Viewer:
    """The viewer under one of the hats of what is held."""
    kind, _, public_id = hat.partition(":")
    if kind == "registration":
        mine = next(one for one in held.registrations if one.public_id == public_id)
        return viewer_of(mine, event, hat=hat, user=user)
    if kind == "focal":
        focal = next(one for one in held.focal_points if one.delegation.public_id == public_id)
        return _of_focal(focal, event, hat=hat, user=user)
    return Viewer(user_id=user.pk, event_id=event.pk)


def viewer_of(registration: Registration, event: Event, *, hat: str = "", user=None) -> Viewer:
    """The viewer a registration makes by its present facts, for its pages and its private calendar; reads delegation and organisation."""
    delegation = registration.delegation
    access = access_of(
        state=registration.state,
        category=registration.category,
        narrowing=registration.narrowing,
        standing=delegation.standing,
        is_eu=delegation.organisation.is_eu_on(event.first_date),
    )
    return viewer_from(
        access,
        delegation_id=delegation.pk,
        hat=hat or f"registration:{registration.public_id}",
        user_id=user.pk if user else None,
        event_id=event.pk,
        registration_id=registration.pk,
        category=Category(registration.category).value,
        state=registration.state,
        is_shared=bool(user and user.is_shared),
    )


def viewer_from(access: Access, *, delegation_id: int, **facts) -> Viewer:
    """The viewer an access makes for a person of a delegation; `facts` are the other fields of `Viewer`."""
    mine = frozenset({delegation_id})
    return Viewer(
        audiences=access.audiences,
        slot_audiences=access.slot_audiences,
        delegation_ids=mine if access.selected else frozenset(),
        slot_delegation_ids=mine if access.slot_selected else frozenset(),
        sees_assigned=access.assigned,
        own_delegation_id=delegation_id,
        **facts,
    )


def viewer_for(request: HttpRequest, event: Event, *, named: str = "") -> Viewer:
    """The viewer of a request at an event: under the hat its address names, if the user holds it, else the one kept in the session."""
    if not request.user.is_authenticated:
        return ANYONE
    at = timezone.now()
    if named:
        viewer = build_viewer(request.user, event, named, at, ended=True)
        if viewer.hat == named:
            return viewer
    held = held_in(request, event)
    kept = request.session.get(HATS_KEY, {}).get(str(event.pk))
    return _wearing(kept if kept in held.hats else _natural(held, request.user), held, event, request.user)


def _natural(held: Held, user) -> str:
    """The hat somebody wears who chose none: their own where they said who they are, else the first."""
    mine = (one for one in held.registrations if user.claim and str(one.delegate) == user.claim.reference)
    return next((f"registration:{one.public_id}" for one in mine), held.hats[0])


def held_in(request: HttpRequest, event: Event) -> Held:
    """What the user of a request holds at an event, read once for the request."""
    if not hasattr(request, "held"):
        request.held = {}
    if event.pk not in request.held:
        request.held[event.pk] = held_by(request.user, event, timezone.now())
    return request.held[event.pk]


def described_hats(held: Held, *, is_shared: bool = False) -> list[tuple[str, str]]:
    """List the hats of what somebody holds, the most natural first, each with its words in the reader's language."""
    words = {PUBLIC_HAT: pgettext("hat", "Any visitor")}
    for registration in held.registrations:
        said = {"category": registration.get_category_display(), "organisation": registration.delegation.organisation.name}
        described = pgettext("hat", "%(category)s, %(organisation)s") % said
        # Several people at one mailbox may come in the same capacity.
        words[f"registration:{registration.public_id}"] = f"{registration.delegate.full_name}: {described}" if is_shared else described
    for focal in held.focal_points:
        said = {"organisation": focal.delegation.organisation.name}
        words[f"focal:{focal.delegation.public_id}"] = pgettext("hat", "Focal point, %(organisation)s") % said
    return [(hat, words[hat]) for hat in held.hats]


def wear(request: HttpRequest, event: Event, hat: str) -> None:
    """Keep in the sign-in session under which hat somebody reads the pages of an event."""
    request.session[HATS_KEY] = request.session.get(HATS_KEY, {}) | {str(event.pk): hat}


def actor_for(request: HttpRequest, viewer: Viewer, **details: str) -> Actor:
    """Who acts in a request: the signed-in user under the viewer's hat."""
    return Actor(user=request.user, hat=viewer.hat, **details)
