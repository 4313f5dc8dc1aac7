"""The only door for the state of a registration, and what follows by itself when a seat frees."""

import datetime as dt
from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from conference.lib.viewer import SYSTEM, Actor
from delegates.actions.invitations import invite_person, revoke_invitations
from delegates.actions.places import give_place, may_take, quotas_of, take_place
from delegates.actions.seen import check_seen
from delegates.actions.telling import tell
from delegates.choices import Answer, Category
from delegates.choices import RegistrationState as State
from delegates.models import Delegation, ReasonTemplate, Registration, RegistrationMove
from delegates.rules import (
    ACTIVE,
    ENDED,
    HOLDING,
    MAX_LAPSES,
    NEEDS_REASON,
    OFFICER,
    PROGRAM,
    TRANSITIONS,
    check_approval,
    check_editing,
    check_move,
    check_nominating,
    offer_ends,
    offer_until,
    offers_seats,
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


def move_registration(
    registration: Registration, *, to: str, by: Actor, made_by: str, reason: str = "", seen: Mapping[str, str] | None = None
) -> Registration:
    """Move a registration to another state if the table allows, tell whom it concerns, and offer a freed seat to the next in line.

    Raise `NotAllowed`, with a sentence for the reader, when the move is not (or no longer) possible, or when the registration is
    not what its maker saw (`seen`, from `marks_of`). A request endorsed while no seat is free joins the waiting list instead.
    """
    with transaction.atomic():
        locked = lock_registration(registration)
        check_seen(seen, locked)
        apply_move(locked, to=State(to), by=by, made_by=made_by, reason=reason)
        offer_free_seats(locked.event, first=locked.delegation)
    return locked


def ask_to_reconfirm(event: Event, *, by: Actor) -> set[int]:
    """Bring every approved person back to confirming, their seats kept; give their keys.

    Call with the event locked; who calls tells them.
    """
    approved = Registration.objects.filter(event=event).in_state(State.APPROVED).order_by("delegation_id", "pk")
    for registration in approved:
        apply_move(lock_registration(registration), to=State.NOMINATED, by=by, made_by=OFFICER, tells=False)
    return {registration.pk for registration in approved}


def decide(
    registrations,
    *,
    to: str,
    by: Actor,
    reason: str = "",
    template: ReasonTemplate | None = None,
    seen: Mapping[str, Mapping[str, str]] | None = None,
) -> list[tuple[Registration, str]]:
    """Make one move for many registrations as an officer, each by itself: (registration, "" or why not) in the order given.

    The words of `template` go before `reason`, in each person's language; `seen` has what was shown of each, by public id.
    """
    outcome = []
    for registration in registrations:
        words = reason_for(registration, reason=reason, template=template)
        marks = None if seen is None else seen.get(registration.public_id, {})
        try:
            moved = move_registration(registration, to=to, by=by, made_by=OFFICER, reason=words, seen=marks)
            outcome.append((moved, ""))
        except NotAllowed as refusal:
            outcome.append((registration, str(refusal)))
    return outcome


def reason_for(registration: Registration, *, reason: str, template: ReasonTemplate | None) -> str:
    """Put the words of a written reason, in the person's language, before those typed."""
    if template is None:
        return reason
    language = registration.delegate.language if registration.delegate else registration.event.working_language
    return "\n\n".join(part for part in (template.text_in(language), reason.strip()) if part)


def apply_move(
    locked: Registration, *, to: State, by: Actor, made_by: str, reason: str = "", quotas: list | None = None, tells: bool = True
) -> None:
    """Make one move of a locked registration: check, take or give its place, save, record, tell. The caller offers freed seats.

    Without `tells` the caller writes to whom it concerns.
    """
    now = timezone.now()
    check_editing(locked.event)
    check_move(locked, to, made_by=made_by, reason=reason, at=now)
    if to == State.APPROVED:
        check_approval(locked, locked.event, is_double=bool(Registration.objects.doubles_of(locked)))
    before = State(locked.state)
    if (before, to) == (State.REQUESTED, State.NOMINATED):
        check_nominating(locked.event, now, made_by=made_by, category=locked.category)
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
    is_invited_now = before == State.OFFERED and to == State.NOMINATED and locked.delegation.list_sent_at is not None
    if tells:
        tell(locked, move, made_by=made_by, is_invited_now=is_invited_now)
    if is_invited_now:
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


def _set_moments(locked: Registration, before: State, to: State, now: dt.datetime) -> None:
    locked.offer_expires_at = offer_until(locked.event, now) if to == State.OFFERED else None
    if to == State.WAITLISTED:
        locked.queued_at = now  # at the end
    if before == State.OFFERED and to == State.WAITLISTED:
        locked.lapses += 1
    if to == State.SUBMITTED:
        locked.submitted_at = now
    if before in ENDED and to == State.NOMINATED:
        locked.invited_at, locked.lapses = None, 0  # a new start: the list invites them again


def check_can_return(registration: Registration) -> None:
    """Refuse to bring back somebody of a delegation that declined, or on the list already, or a second head; raise `NotAllowed`."""
    if registration.delegation.answer == Answer.DECLINED:
        raise NotAllowed(_("This delegation has declined. Change its answer before you name anybody."))
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
    """Keep a step of a registration, with everything that decides access as it is from now on.

    What hangs on it in the packages above follows in the same transaction (`settings.AFTER_REGISTRATION_MOVED`).
    """
    move = prepare_move(registration, by=by, from_state=from_state, reason=reason, at=at or timezone.now())
    move.save()
    if from_state:
        for path in settings.AFTER_REGISTRATION_MOVED:
            import_string(path)(registration, by=by)
    return move


def prepare_move(registration: Registration, *, by: Actor, from_state: str, at: dt.datetime, reason: str = "") -> RegistrationMove:
    """Make the step of a registration, for the caller to save."""
    return RegistrationMove(
        event_id=registration.event_id,
        registration=registration,
        from_state=from_state,
        to_state=registration.state,
        category=registration.category,
        narrowing=registration.narrowing,
        delegation=registration.delegation,
        standing=registration.delegation.standing,
        at=at,
        actor=reference_of(by),
        hat=by.hat,
        reason=reason.strip(),
    )


def offer_free_seats(event: Event, *, first: Delegation | None = None) -> list[Registration]:
    """Offer every free seat to whoever is next in line: of the delegation `first` by the moment they were named, then of the event.

    Call with the event locked. Until the freeze, nobody who could have a seat is left waiting.
    """
    if not offers_seats(event, timezone.now()):
        return []
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


def offer_after_freeze(event: Event, *, before: dt.datetime | None) -> None:
    """Offer what came free after a freeze that has passed, once it is moved ahead again; `before` is the former moment.

    Call with the event locked.
    """
    if before is not None and before <= timezone.now():
        offer_free_seats(event)


def lapse_offers(at: dt.datetime) -> int:
    """End the offers nobody took in time: back to the end of the line, out after the third; say how many. For the worker."""
    ended = Q(offer_expires_at__lte=at) | Q(event__freeze_at__lte=at)
    late = Registration.objects.filter(ended, state=State.OFFERED, event__state__in=EDITED_STATES)
    lapsed = 0
    for registration in late.order_by("event", "offer_expires_at", "pk"):
        with transaction.atomic():
            locked = lock_registration(registration)
            if locked.state != State.OFFERED or offer_ends(locked) > at:
                continue
            to = State.WITHDRAWN if locked.lapses + 1 >= MAX_LAPSES else State.WAITLISTED
            apply_move(locked, to=to, by=SYSTEM, made_by=PROGRAM)
            offer_free_seats(locked.event, first=locked.delegation)
            lapsed += 1
    return lapsed
