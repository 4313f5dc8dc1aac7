"""The table of registration moves, who may make each, and what a registration still waits for."""

import datetime as dt

from django.utils.translation import gettext as _

from delegates.choices import Consent, Missing, SecurityDecision
from delegates.choices import RegistrationState as State
from delegates.rules.seats import offer_ends
from events.rules import NotAllowed

HOLDING = (State.PLACEHOLDER, State.OFFERED, State.NOMINATED, State.SUBMITTED, State.RETURNED, State.APPROVED)
ENDED = (State.REFUSED, State.REVOKED, State.WITHDRAWN, State.REPLACED)
ACTIVE = tuple(state for state in State if state not in ENDED)
# States a person comes to by their own act or by a decision on it: they know of the registration without having been invited.
OWN = (State.REQUESTED, State.SUBMITTED, State.RETURNED, State.APPROVED)
# Who makes a move: the person, their focal point, an officer, the program itself (promotion, lapse of an offer).
PERSON, FOCAL, OFFICER, PROGRAM = "person", "focal point", "officer", "program"
UNDOING = "focal point, undoing"  # a fresh withdrawal of their own delegation (`check_undo`)
# Every move there is: (from, to) -> who may make it. None as `from` is a start; what is not here is refused.
TRANSITIONS: dict[tuple[State | None, State], frozenset[str]] = {
    (None, State.REQUESTED): frozenset({PERSON}),
    (None, State.PLACEHOLDER): frozenset({FOCAL, OFFICER}),
    (None, State.NOMINATED): frozenset({FOCAL, OFFICER}),
    (None, State.WAITLISTED): frozenset({FOCAL, OFFICER}),
    (State.REQUESTED, State.NOMINATED): frozenset({FOCAL, OFFICER}),
    (State.REQUESTED, State.WAITLISTED): frozenset({FOCAL, OFFICER}),
    (State.REQUESTED, State.REFUSED): frozenset({FOCAL, OFFICER}),
    (State.REQUESTED, State.WITHDRAWN): frozenset({PERSON, FOCAL, OFFICER}),
    (State.PLACEHOLDER, State.NOMINATED): frozenset({FOCAL, OFFICER}),
    (State.PLACEHOLDER, State.WITHDRAWN): frozenset({FOCAL, OFFICER}),
    (State.WAITLISTED, State.OFFERED): frozenset({PROGRAM}),
    (State.WAITLISTED, State.REFUSED): frozenset({OFFICER}),
    (State.WAITLISTED, State.WITHDRAWN): frozenset({PERSON, FOCAL, OFFICER}),
    (State.OFFERED, State.NOMINATED): frozenset({FOCAL, OFFICER}),
    (State.OFFERED, State.WAITLISTED): frozenset({PROGRAM}),
    (State.OFFERED, State.WITHDRAWN): frozenset({PERSON, FOCAL, OFFICER, PROGRAM}),
    (State.NOMINATED, State.SUBMITTED): frozenset({PERSON, OFFICER}),
    (State.NOMINATED, State.WITHDRAWN): frozenset({PERSON, FOCAL, OFFICER}),
    (State.NOMINATED, State.REPLACED): frozenset({FOCAL, OFFICER}),
    (State.SUBMITTED, State.APPROVED): frozenset({OFFICER}),
    (State.SUBMITTED, State.RETURNED): frozenset({OFFICER}),
    (State.SUBMITTED, State.REFUSED): frozenset({OFFICER}),
    (State.SUBMITTED, State.WITHDRAWN): frozenset({PERSON, FOCAL, OFFICER}),
    (State.SUBMITTED, State.REPLACED): frozenset({FOCAL, OFFICER}),
    (State.RETURNED, State.SUBMITTED): frozenset({PERSON, OFFICER}),
    (State.RETURNED, State.WITHDRAWN): frozenset({PERSON, FOCAL, OFFICER}),
    (State.RETURNED, State.REPLACED): frozenset({FOCAL, OFFICER}),
    (State.APPROVED, State.REVOKED): frozenset({OFFICER}),
    (State.APPROVED, State.WITHDRAWN): frozenset({PERSON, FOCAL, OFFICER}),
    (State.APPROVED, State.REPLACED): frozenset({FOCAL, OFFICER}),
    # Reconfirming after the event was postponed: the seat is kept, the person is asked again.
    (State.APPROVED, State.NOMINATED): frozenset({OFFICER}),
    # Reopening by an organiser, if a seat is free.
    (State.REFUSED, State.SUBMITTED): frozenset({OFFICER}),
    (State.WITHDRAWN, State.NOMINATED): frozenset({OFFICER, UNDOING}),
    (State.REVOKED, State.NOMINATED): frozenset({OFFICER}),
}

# Moves that tell the person or the focal point why.
NEEDS_REASON = {State.RETURNED, State.REFUSED, State.REVOKED}

# States without a person: a seat kept, or one kept and given up again.
NAMELESS = {State.PLACEHOLDER, State.WITHDRAWN}


def party_of(hat: str) -> str:
    """Give who makes a move under a hat: an organiser (or an import of theirs) is an officer; without a hat, the person."""
    return {"organiser": OFFICER, "system": OFFICER, "focal": FOCAL}.get(hat.partition(":")[0], PERSON)


def check_move(registration, to: State, *, made_by: str, reason: str = "", at: dt.datetime | None = None) -> None:
    """Refuse a move that is not in the table, not this actor's to make, or made without what it needs; raise `NotAllowed`."""
    who = TRANSITIONS.get((State(registration.state), to))
    if who is None:
        raise NotAllowed(_("This registration has changed meanwhile: it is now “%(state)s”.") % {"state": registration.get_state_display()})
    if made_by not in who:
        raise NotAllowed(_("You are not allowed to take this step."))
    if to in NEEDS_REASON and not reason.strip():
        raise NotAllowed(_("Give a reason; it is sent to the person."))
    if to not in NAMELESS and registration.delegate_id is None:
        raise NotAllowed(_("Nobody is named for this seat yet."))
    if (registration.state, to, made_by) == (State.OFFERED, State.NOMINATED, FOCAL) and at and at > offer_ends(registration):
        raise NotAllowed(_("The offer of this seat has ended."))


def check_approval(registration, event, *, is_double: bool) -> None:
    """Refuse an approval that security has not cleared where the event asks for it, or of a person named twice; raise `NotAllowed`."""
    if event.security_decides and registration.security_decision == SecurityDecision.REFUSED:
        raise NotAllowed(_("The security officer has refused this person."))
    if event.security_decides and registration.security_decision != SecurityDecision.CLEARED:
        raise NotAllowed(_("The security officer has not cleared this person yet."))
    if is_double:
        raise NotAllowed(_("Another delegation has named the same person. Refuse or withdraw one of the two registrations first."))


def lacking(registration, *, security_decides: bool) -> list[Missing]:
    """List what a registration still waits for; the face of `RegistrationQuerySet.lacking` for an object in hand."""
    state = registration.state
    found = {
        Missing.NAME: state == State.PLACEHOLDER,
        Missing.LIST: state == State.NOMINATED and registration.invited_at is None,
        Missing.CONFIRMATION: state == State.RETURNED or (state == State.NOMINATED and registration.invited_at is not None),
        Missing.SECURITY: security_decides and state == State.SUBMITTED and registration.security_decision == SecurityDecision.PENDING,
        Missing.CONSENT: state == State.APPROVED and registration.consent == Consent.NOT_GIVEN,
    }
    return [what for what, is_missing in found.items() if is_missing]


def may_move(registration, to: State, *, made_by: str) -> bool:
    """Say whether the table has a move for this actor; whether it succeeds now, `check_move` decides."""
    return made_by in TRANSITIONS.get((State(registration.state), to), frozenset())
