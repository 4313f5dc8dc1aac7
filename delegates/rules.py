"""Pure decisions about people: what each category takes, the table of registration moves, and what a hat may see."""

import dataclasses
import datetime as dt

from django.utils.translation import gettext as _

from delegates.choices import Category, Narrowing, SecurityDecision, Standing
from delegates.choices import RegistrationState as State
from events.choices import Audience, EventState
from events.rules import STATE_TABLE, NotAllowed


@dataclasses.dataclass(frozen=True)
class Takes:
    """What a category takes and whether it is admitted to closed sessions."""

    seat: bool
    capacity: bool
    admitted: bool
    slots_only: bool = False


CATEGORIES = {
    Category.HEAD: Takes(seat=True, capacity=True, admitted=True),
    Category.DEPUTY: Takes(seat=True, capacity=True, admitted=True),
    Category.DELEGATE: Takes(seat=True, capacity=True, admitted=True),
    Category.EXPERT: Takes(seat=True, capacity=True, admitted=True),
    Category.SPEAKER: Takes(seat=False, capacity=True, admitted=False),
    Category.INTERPRETER: Takes(seat=False, capacity=False, admitted=False),
    Category.PROTECTION: Takes(seat=False, capacity=False, admitted=False, slots_only=True),
    Category.LIAISON: Takes(seat=False, capacity=False, admitted=False, slots_only=True),
    Category.DRIVER: Takes(seat=False, capacity=False, admitted=False, slots_only=True),
    Category.PRESS: Takes(seat=False, capacity=False, admitted=False),
    Category.ORGANISER: Takes(seat=False, capacity=False, admitted=False),
    Category.GUEST: Takes(seat=False, capacity=True, admitted=False),
    Category.ACCOMPANYING: Takes(seat=False, capacity=False, admitted=False),
}
# What a focal point may choose; the rest is given by the organisers.
NOMINABLE = [
    Category.HEAD,
    Category.DEPUTY,
    Category.DELEGATE,
    Category.EXPERT,
    Category.INTERPRETER,
    Category.PROTECTION,
    Category.LIAISON,
    Category.DRIVER,
    Category.ACCOMPANYING,
]

HOLDING = (State.PLACEHOLDER, State.OFFERED, State.NOMINATED, State.SUBMITTED, State.RETURNED, State.APPROVED)
ENDED = (State.REFUSED, State.REVOKED, State.WITHDRAWN, State.REPLACED)
ACTIVE = tuple(state for state in State if state not in ENDED)

# Who makes a move: the person, their focal point, an officer, the program itself (promotion, lapse of an offer).
PERSON, FOCAL, OFFICER, PROGRAM = "person", "focal point", "officer", "program"

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
    (State.WITHDRAWN, State.NOMINATED): frozenset({OFFICER}),
    (State.REVOKED, State.NOMINATED): frozenset({OFFICER}),
}

# Moves that tell the person or the focal point why.
NEEDS_REASON = {State.RETURNED, State.REFUSED, State.REVOKED}
MAX_LAPSES = 3


def check_move(registration, to: State, *, made_by: str, reason: str = "") -> None:
    """Refuse a move that is not in the table, not this actor's to make, or made without the reason it owes; raise `NotAllowed`."""
    who = TRANSITIONS.get((State(registration.state), to))
    if who is None:
        raise NotAllowed(_("This registration has changed meanwhile: it is now “%(state)s”.") % {"state": registration.get_state_display()})
    if made_by not in who:
        raise NotAllowed(_("This step is not yours to take."))
    if to in NEEDS_REASON and not reason.strip():
        raise NotAllowed(_("Give a reason; it is sent to the person."))


def check_approval(registration, event) -> None:
    """Refuse an approval that security has not cleared where the event asks for it, or of a person named twice; raise `NotAllowed`."""
    if event.security_decides and registration.security_decision != SecurityDecision.CLEARED:
        raise NotAllowed(_("The security officer has not cleared this person yet."))


def check_nominating(event, at: dt.datetime, *, made_by: str) -> None:
    """Refuse a nomination while the event takes none, or by a focal point after the deadline; raise `NotAllowed`."""
    if not STATE_TABLE[EventState(event.state)].nominating:
        raise NotAllowed(_("Registration for this event is not open."))
    if made_by == FOCAL and event.nominate_by_at and at > event.nominate_by_at:
        raise NotAllowed(_("The time to nominate has ended. Write to the organisers."))


def check_editing(event) -> None:
    """Refuse changes at an event that is closed, archived or cancelled; raise `NotAllowed`."""
    if not STATE_TABLE[EventState(event.state)].editing:
        raise NotAllowed(_("This event is closed; nothing can be changed any more."))


def delegation_audiences(standing: str, *, is_eu: bool) -> frozenset[str]:
    """Give the audiences an admitted participant of a delegation belongs to."""
    audiences = {Audience.PUBLIC, Audience.PARTICIPANTS}
    if standing in (Standing.HOST, Standing.MEMBER):
        audiences.add(Audience.MEMBERS)
    if is_eu:
        audiences.add(Audience.EU)
    return frozenset(str(audience.value) for audience in audiences)


_NARROWED_OUT = {
    Narrowing.NONE: frozenset[str](),
    Narrowing.NOT_EU: frozenset({"eu"}),
    Narrowing.PARTICIPANT: frozenset({"eu", "members"}),
    Narrowing.PUBLIC: frozenset({"eu", "members", "participants"}),
}


@dataclasses.dataclass(frozen=True)
class Access:
    """What one registration opens: audiences in full, audiences of which only times and rooms, and sessions for named delegations."""

    audiences: frozenset[str] = frozenset({"public"})
    slot_audiences: frozenset[str] = frozenset()
    selected: bool = False
    slot_selected: bool = False
    assigned: bool = False


def access_of(*, state: str, category: str, narrowing: str, standing: str, is_eu: bool) -> Access:
    """Give what a registration opens; never wider than its delegation, and nothing but the public before approval."""
    takes = CATEGORIES[Category(category)]
    if state != State.APPROVED:
        return Access()
    everything = delegation_audiences(standing, is_eu=is_eu) - _NARROWED_OUT[Narrowing(narrowing)]
    selected = narrowing in (Narrowing.NONE, Narrowing.NOT_EU)
    assigned = narrowing != Narrowing.PUBLIC
    if takes.admitted:
        return Access(audiences=everything, selected=selected, assigned=assigned)
    if takes.slots_only:
        return Access(slot_audiences=everything - {"public"}, slot_selected=selected, assigned=assigned)
    return Access(assigned=assigned)
