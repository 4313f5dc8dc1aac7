"""The only door for the state of a registration, and what follows by itself when a seat frees."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.viewer import SYSTEM, Actor
from delegates import emails
from delegates.actions.invitations import invite_person, revoke_invitations
from delegates.actions.places import give_place, may_take, quotas_of, take_place
from delegates.choices import Category
from delegates.choices import RegistrationState as State
from delegates.models import Delegation, FocalPoint, Registration, RegistrationMove
from delegates.rules import (
    ACTIVE,
    ENDED,
    FOCAL,
    HOLDING,
    MAX_LAPSES,
    NEEDS_REASON,
    OFFER_DAYS,
    OFFICER,
    PROGRAM,
    TRANSITIONS,
    check_approval,
    check_editing,
    check_move,
)
from events.actions import lock_event, record, reference_of
from events.models import Event
from events.rules import EDITED_STATES, NotAllowed


def lock_delegation(delegation: Delegation) -> Delegation:
    """Lock the event, then the delegation; the row read again comes with its event. Call inside a transaction."""
    event = lock_event(delegation.event_id)
    locked = Delegation.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=delegation.pk)
    locked.event = event
    return locked


def lock_registration(registration: Registration) -> Registration:
    """Lock the event, the delegation and the registration, in this order. Call inside a transaction."""
    delegation = lock_delegation(Delegation(pk=registration.delegation_id, event_id=registration.event_id))
    locked = Registration.objects.select_for_update(of=("self",)).select_related("delegate").get(pk=registration.pk)
    locked.delegation, locked.event = delegation, delegation.event
    return locked


def move_registration(registration: Registration, *, to: str, by: Actor, made_by: str, reason: str = "") -> Registration:
    """Move a registration to another state if the table allows, tell whom it concerns, and offer a freed seat to the next in line.

    Raise `NotAllowed`, with a sentence for the reader, when the move is not (or no longer) possible. A request endorsed while
    no seat is free joins the waiting list instead.
    """
    with transaction.atomic():
        locked = lock_registration(registration)
        apply_move(locked, to=State(to), by=by, made_by=made_by, reason=reason)
        offer_free_seats(locked.event, first=locked.delegation)
    return locked


def decide(registrations, *, to: str, by: Actor, reason: str = "") -> list[tuple[Registration, str]]:
    """Make one move for many registrations as an officer, each by itself: (registration, "" or why not) in the order given."""
    outcome = []
    for registration in registrations:
        try:
            outcome.append((move_registration(registration, to=to, by=by, made_by=OFFICER, reason=reason), ""))
        except NotAllowed as refusal:
            outcome.append((registration, str(refusal)))
    return outcome


def apply_move(locked: Registration, *, to: State, by: Actor, made_by: str, reason: str = "", quotas: list | None = None) -> None:
    """Make one move of a locked registration: check, take or give its place, save, record, tell. The caller offers freed seats."""
    now = timezone.now()
    check_editing(locked.event)
    check_move(locked, to, made_by=made_by, reason=reason, at=now)
    if to == State.APPROVED:
        check_approval(locked, locked.event, is_double=bool(Registration.objects.doubles_of(locked)))
    before = State(locked.state)
    if before in ENDED:
        check_can_return(locked)
    to = _move_place(locked, before, to, quotas_of(locked.event) if quotas is None else quotas)
    _set_moments(locked, before, to, now)
    locked.state = to
    locked.reason = reason.strip() if to in NEEDS_REASON else ""
    locked.save(update_fields=["state", "reason", "queued_at", "invited_at", "submitted_at", "offer_expires_at", "lapses"])
    if to in ENDED:
        revoke_invitations(registration=locked, at=now)
    move = note_move(locked, by=by, from_state=before, reason=reason, at=now)
    record(by, "registration.move", locked, event=locked.event, before=before, to=to)
    _tell(locked, move, made_by=made_by)
    if before == State.OFFERED and to == State.NOMINATED and locked.delegation.list_sent_at:
        invite_person(locked, at=now)  # their list has left already


def _move_place(locked: Registration, before: State, to: State, quotas: list) -> State:
    """Take or give the place the move asks for, and say where the registration goes: to the waiting list when it may and must."""
    if before in HOLDING and to not in HOLDING:
        give_place(locked, quotas)
    elif before not in HOLDING and to in HOLDING and not take_place(locked, quotas):
        if before in ACTIVE and (before, State.WAITLISTED) in TRANSITIONS:
            return State.WAITLISTED
        raise NotAllowed(_("No seat is free."))
    return to


# What a person is told when their registration comes to a state, and of what their focal points hear unless they did it themselves.
_TOLD = {
    State.SUBMITTED: emails.received,
    State.APPROVED: emails.approved,
    State.RETURNED: emails.returned,
    State.REFUSED: emails.refused,
    State.REVOKED: emails.revoked,
    State.WITHDRAWN: emails.withdrawn,
    State.REPLACED: emails.replaced,
}
_FOCAL_POINTS_HEAR = {State.REFUSED, State.REVOKED, State.WITHDRAWN}


def _tell(registration: Registration, move: RegistrationMove, *, made_by: str) -> None:
    """Tell the person, if their list was sent, and the focal points what concerns them."""
    to = State(move.to_state)
    if to in _TOLD and registration.invited_at and registration.delegate.email:
        _TOLD[to](registration, move)
    is_news = to in _FOCAL_POINTS_HEAR and made_by != FOCAL
    if not is_news and to != State.OFFERED:
        return
    for focal_point in FocalPoint.objects.live(move.at).filter(delegation=registration.delegation).order_by("pk"):
        tell = emails.seat_offered if to == State.OFFERED else emails.person_left
        tell(focal_point, registration, move)


def _set_moments(locked: Registration, before: State, to: State, now: dt.datetime) -> None:
    locked.offer_expires_at = now + dt.timedelta(days=OFFER_DAYS) if to == State.OFFERED else None
    if to == State.WAITLISTED:
        locked.queued_at = now  # at the end
    if before == State.OFFERED and to == State.WAITLISTED:
        locked.lapses += 1
    if to == State.SUBMITTED:
        locked.submitted_at = now
    if before in ENDED and to == State.NOMINATED:
        locked.invited_at, locked.lapses = None, 0  # a new start: the list invites them again


def check_can_return(registration: Registration) -> None:
    """Refuse to bring back somebody who is on the list by another registration, or a second head; raise `NotAllowed`."""
    others = Registration.objects.active().filter(event=registration.event_id).exclude(pk=registration.pk)
    if registration.delegate_id and others.filter(delegate=registration.delegate_id).exists():
        raise NotAllowed(_("This person is already on the list."))
    check_head(registration.delegation, registration.category, besides=registration)


def check_head(delegation: Delegation, category: str, *, besides: Registration | None = None) -> None:
    """Refuse a second head of a delegation; raise `NotAllowed`."""
    if category != Category.HEAD:
        return
    heads = Registration.objects.active().filter(delegation=delegation, category=Category.HEAD)
    if heads.exclude(pk=besides.pk if besides else None).exists():
        raise NotAllowed(_("This delegation already has a head."))


def note_move(
    registration: Registration, *, by: Actor, from_state: str, reason: str = "", at: dt.datetime | None = None
) -> RegistrationMove:
    """Keep a step of a registration, with everything that decides access as it is from now on."""
    return RegistrationMove.objects.create(
        event_id=registration.event_id,
        registration=registration,
        from_state=from_state,
        to_state=registration.state,
        category=registration.category,
        narrowing=registration.narrowing,
        delegation=registration.delegation,
        standing=registration.delegation.standing,
        at=at or timezone.now(),
        actor=reference_of(by),
        hat=by.hat,
        reason=reason.strip(),
    )


def offer_free_seats(event: Event, *, first: Delegation | None = None) -> list[Registration]:
    """Offer every free seat to whoever is next in line: of the delegation `first` by the moment they were named, then of the event.

    Call with the event locked. Nobody who could have a seat is left waiting.
    """
    waiting = Registration.objects.filter(event=event, state=State.WAITLISTED).select_related("delegate").order_by("queued_at", "pk")
    line = sorted(waiting, key=lambda registration: first is None or registration.delegation_id != first.pk)
    if not line:
        return []
    quotas = quotas_of(event)
    delegations = {row.pk: row for row in Delegation.objects.filter(event=event).select_related("organisation")}
    offered = []
    for registration in line:
        registration.event, registration.delegation = event, delegations[registration.delegation_id]
        if may_take(registration, quotas):
            apply_move(registration, to=State.OFFERED, by=SYSTEM, made_by=PROGRAM, quotas=quotas)
            offered.append(registration)
    return offered


def lapse_offers(at: dt.datetime) -> int:
    """End the offers nobody took in time: back to the end of the line, out after the third; say how many. For the worker."""
    late = Registration.objects.filter(state=State.OFFERED, offer_expires_at__lte=at, event__state__in=EDITED_STATES)
    lapsed = 0
    for registration in late.order_by("event", "offer_expires_at", "pk"):
        with transaction.atomic():
            locked = lock_registration(registration)
            if locked.state != State.OFFERED or (locked.offer_expires_at and locked.offer_expires_at > at):
                continue
            to = State.WITHDRAWN if locked.lapses + 1 >= MAX_LAPSES else State.WAITLISTED
            apply_move(locked, to=to, by=SYSTEM, made_by=PROGRAM)
            offer_free_seats(locked.event, first=locked.delegation)
            lapsed += 1
    return lapsed
