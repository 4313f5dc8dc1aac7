"""Acts on requests for a place: asked by anybody, proved by the address, matched to a delegation, then the focal point's to endorse.

Asking never looks anything up: whether an address or a delegation exists changes neither the answer nor the work.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib import countries
from conference.lib.searching import folded
from conference.lib.viewer import Actor
from conference.lib.words import languages
from delegates import emails
from delegates.actions.invitations import make_request_link, take_invitation
from delegates.actions.moves import lock_delegation, move_registration
from delegates.actions.registrations import ask_for_place
from delegates.choices import RegistrationState
from delegates.models import Delegation, Invitation, PlaceRequest
from delegates.rules import PERSON, REQUEST_DAYS, check_editing, check_requesting, request_stage
from events.actions import lock_event, record
from events.models import Event
from events.rules import NotAllowed


def request_place(event: Event, *, person: dict[str, str]) -> PlaceRequest:
    """Keep what somebody asks and send a link to the address they gave; nobody sees the request before the link's code is typed.

    `person` has organisation, given_name, family_name, function, email and language. Raise `NotAllowed` while the event takes none.
    """
    at = timezone.now()
    check_requesting(event, at)
    with transaction.atomic():
        asked = PlaceRequest.objects.create(event=event, asked_at=at, **person)
        make_request_link(asked, at=at)
    return asked


def accept_request(invitation: Invitation, *, user) -> Invitation:
    """Take up a request whose address has been proved: it goes to the delegation its words name, else to the organisers.

    The person is told the same in both cases. Raise `NotAllowed` as `accept_invitation`.
    """
    with transaction.atomic():
        locked = take_invitation(invitation, user=user)
        asked = locked.place_request
        if asked is None:
            raise ValueError("the invitation is for no request")
        asked.event = locked.event
        asked.user, asked.proved_at = user, locked.accepted_at
        asked.save(update_fields=["user", "proved_at"])
        record(Actor(user=user), "request.prove", asked, event=locked.event)
        emails.request_kept(asked)
        if delegation := _named_in(asked):
            try:
                with transaction.atomic():
                    _match(asked, delegation, by=Actor(user=user))
            except NotAllowed:
                asked.registration = None  # an organiser looks at it
    return locked


def match_request(asked: PlaceRequest, *, delegation: Delegation, by: Actor) -> PlaceRequest:
    """Pass a request on to a delegation of the event, whose focal points decide; raise `NotAllowed` once it has been decided."""
    with transaction.atomic():
        locked = _lock(asked)
        _match(locked, delegation, by=by)
    return locked


def refuse_request(asked: PlaceRequest, *, reason: str, by: Actor) -> PlaceRequest:
    """Refuse a request that fits no delegation, with a reason the person reads."""
    with transaction.atomic():
        locked = _lock(asked)
        if not reason.strip():
            raise NotAllowed(_("Give a reason; it is sent to the person."))
        locked.refused_at, locked.reason = timezone.now(), reason.strip()
        locked.save(update_fields=["refused_at", "reason"])
        record(by, "request.refuse", locked, event=locked.event)
        emails.request_refused(locked)
    return locked


def withdraw_request(asked: PlaceRequest, *, by: Actor) -> PlaceRequest:
    """Take a request back; a place it has led to meanwhile is given up with it. Raise `NotAllowed` when it has ended."""
    with transaction.atomic():
        event = lock_event(asked.event_id)
        check_editing(event)
        locked = PlaceRequest.objects.select_for_update(of=("self",)).select_related("registration").get(pk=asked.pk)
        if request_stage(locked) not in ("asked", "listed", "waiting"):
            raise NotAllowed(_("This request has ended already."))
        if locked.registration:
            move_registration(locked.registration, to=RegistrationState.WITHDRAWN, by=by, made_by=PERSON)
        locked.withdrawn_at = timezone.now()
        locked.save(update_fields=["withdrawn_at"])
        record(by, "request.withdraw", locked, event=event)
    return locked


def forget_requests(at: dt.datetime) -> int:
    """Delete the requests whose address nobody proved in time, with everything they say; give how many."""
    late = PlaceRequest.objects.filter(proved_at__isnull=True, asked_at__lte=at - dt.timedelta(days=REQUEST_DAYS))
    count = late.count()
    late.delete()
    return count


def _lock(asked: PlaceRequest) -> PlaceRequest:
    event = lock_event(asked.event_id)
    check_editing(event)
    locked = PlaceRequest.objects.unmatched().select_for_update(of=("self",)).filter(pk=asked.pk).first()
    if locked is None:
        raise NotAllowed(_("This request has been decided or taken back meanwhile."))
    locked.event = event
    return locked


def _match(asked: PlaceRequest, delegation: Delegation, *, by: Actor) -> None:
    locked = lock_delegation(delegation)
    if locked.event != asked.event:
        raise ValueError("a request and its delegation are of two events")
    asked.registration = ask_for_place(
        locked,
        given_name=asked.given_name,
        family_name=asked.family_name,
        email=asked.email,
        function=asked.function,
        language=asked.language,
        by=by,
    )
    asked.save(update_fields=["registration"])
    record(by, "request.match", asked, event=asked.event, delegation=str(locked), registration=str(asked.registration))


def _named_in(asked: PlaceRequest) -> Delegation | None:
    """The one delegation whose organisation or state the request names, in any language; None for none or for several."""
    wanted = folded(asked.organisation)
    delegations = Delegation.objects.filter(event=asked.event_id).select_related("organisation")
    found = [delegation for delegation in delegations if wanted in _names_of(delegation.organisation)]
    return found[0] if len(found) == 1 else None


def _names_of(organisation) -> set[str]:
    names = {str(organisation.name_in(language)) for language in languages()} | {organisation.abbreviation}
    if organisation.country:
        names |= {countries.name(organisation.country, language) for language in languages()}
    return {folded(name) for name in names if name}
