"""What focal points ask of the organisers when the time to act themselves has passed."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.searching import folded
from conference.lib.viewer import Actor
from delegates import emails
from delegates.actions.invitations import invite_person
from delegates.actions.moves import lock_delegation, lock_registration
from delegates.actions.registrations import name_placeholder, nominate, replace_person
from delegates.actions.seen import check_late_seen
from delegates.choices import Category, LateKind
from delegates.choices import RegistrationState as State
from delegates.models import Delegation, FocalPoint, LateRequest, Registration
from delegates.rules import FOCAL, NOMINABLE, OFFICER, check_move, may_ask_late
from events.actions import record
from events.models import Event, StaffRole
from events.rules import NotAllowed

NAME = ("given_name", "family_name")  # what stays of somebody refused


def ask_late(
    delegation: Delegation, *, kind: str, person: dict, category: str, registration: Registration | None = None, by: Actor
) -> LateRequest:
    """Keep a focal point's late request, and tell the duty organisers; nothing about anybody's registration changes.

    `person` has given_name, family_name, email, function and language. `registration` is the person to replace, or the kept seat to
    name. Raise `NotAllowed` where nothing can be asked, and for what waits already.
    """
    with transaction.atomic():
        locked, now = lock_delegation(delegation), timezone.now()
        if not may_ask_late(locked.event, now):
            raise NotAllowed(_("Registration for this event is not open."))
        if Category(category) not in NOMINABLE:
            raise NotAllowed(_("Only the organisers give this category."))
        if registration is not None:
            _check_seat(kind, lock_registration(registration))
        _check_new(locked, person, registration)
        request = LateRequest.objects.create(
            event=locked.event,
            delegation=locked,
            kind=kind,
            registration=registration,
            payload=person | {"category": category},
            asked_by=by.user,
            asked_at=now,
        )
        record(by, "late_request.ask", request, event=locked.event, kind=kind, about=str(registration or locked))
        _tell_organisers(request)
    return request


def _check_seat(kind: str, registration: Registration) -> None:
    """Refuse to replace somebody who cannot be, or to name a seat that has a name; raise `NotAllowed`."""
    check_move(registration, State.REPLACED if kind == LateKind.REPLACE else State.WITHDRAWN, made_by=FOCAL)
    if kind == LateKind.NOMINATE and registration.state != State.PLACEHOLDER:
        raise NotAllowed(_("This seat has a name already."))


def _check_new(delegation: Delegation, person: dict, registration: Registration | None) -> None:
    """Refuse a second request for one seat, or for one person; raise `NotAllowed`."""
    waiting = list(LateRequest.objects.open().filter(delegation=delegation))
    if registration is not None and any(request.registration_id == registration.pk for request in waiting):
        raise NotAllowed(_("A request about this seat is with the organisers already."))
    if any(_identity(request.payload) == _identity(person) for request in waiting):
        raise NotAllowed(_("A request for this person is with the organisers already."))


def _identity(person: dict) -> tuple[str, ...]:
    return tuple(folded(person.get(name, "")) for name in ("given_name", "family_name", "email"))


def _tell_organisers(request: LateRequest) -> None:
    for email, language in duty_readers(request.event, request.asked_at).items():
        emails.late_request_asked(request, to=email, language=language)


def duty_readers(event: Event, at: dt.datetime) -> dict[str, str]:
    """Give the address and the language of each organiser on duty; without one, the event's mailbox."""
    on_duty = StaffRole.objects.live(at).filter(event=event, is_duty_organiser=True).select_related("user")
    readers = {role.email or role.user.email: role.user.language if role.user else "" for role in on_duty.order_by("pk")}
    if not readers and event.mailbox:
        readers = {event.mailbox: ""}
    return {email: language or event.working_language for email, language in readers.items()}


def take_back_late(request: LateRequest, *, by: Actor) -> LateRequest:
    """End a request its focal point no longer makes; raise `NotAllowed` once it was decided."""
    with transaction.atomic():
        locked = _lock(request)
        locked.is_taken_back = True
        _end(locked, accepted=False)
        record(by, "late_request.take_back", locked, event=locked.event)
    return locked


def decide_late(request: LateRequest, *, accept: bool, reason: str = "", by: Actor, seen: Mapping[str, str] | None = None) -> LateRequest:
    """Do what a late request asks, or refuse it with a reason; tell the focal points, and invite the person who now comes.

    Raise `NotAllowed` when it was decided meanwhile, cannot be done (any more), is refused without a reason, or its seat is not what was
    shown (`seen`).
    """
    with transaction.atomic():
        locked = _lock(request)
        check_late_seen(seen, locked)
        if not accept and not reason.strip():
            raise NotAllowed(_("Give a reason; it is sent to the focal point."))
        locked.reason = reason.strip()
        if accept:
            locked.result = _do(locked, by=by)
        person, decided_at = locked.name, _end(locked, accepted=accept)
        record(by, "late_request.decide", locked, event=locked.event, accepted=accept)
        for focal_point in FocalPoint.objects.live(decided_at).filter(delegation=locked.delegation).order_by("pk"):
            focal_point.delegation, focal_point.event = locked.delegation, locked.event
            emails.late_request_decided(locked, focal_point, person=person)
    return locked


def _lock(request: LateRequest) -> LateRequest:
    """Lock the event, the delegation and the request; raise `NotAllowed` when it no longer waits."""
    delegation = lock_delegation(Delegation(pk=request.delegation_id, event_id=request.event_id))
    locked = LateRequest.objects.select_for_update().get(pk=request.pk)
    locked.delegation, locked.event = delegation, delegation.event
    if locked.decided_at is not None:
        raise NotAllowed(_("This request no longer waits for a decision."))
    return locked


def _do(request: LateRequest, *, by: Actor) -> Registration:
    person = {name: value for name, value in request.payload.items() if name != "category"}
    seat = request.registration
    if seat:
        act = replace_person if request.kind == LateKind.REPLACE else name_placeholder
        made = act(seat, **person, by=by, made_by=OFFICER)
    else:
        made = nominate(request.delegation, **person, category=request.payload["category"], by=by, made_by=OFFICER)
    if made.state == State.NOMINATED and made.invited_at is None:
        invite_person(made, at=timezone.now())  # the time to send a list has passed
    return made


def _end(request: LateRequest, *, accepted: bool):
    kept = () if accepted or request.is_taken_back else NAME  # somebody refused is on no list that would tell who they are
    request.payload = {name: request.payload[name] for name in kept if name in request.payload}
    request.accepted, request.decided_at = accepted, timezone.now()
    request.save(update_fields=["accepted", "decided_at", "payload", "is_taken_back", "reason", "result"])
    return request.decided_at
