"""Pure decisions about people: what each category takes, the table of registration moves, and what a hat may see."""

import dataclasses
import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from delegates.choices import Answer, Category, Consent, Missing, Narrowing, SecurityDecision, Standing
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
# States a person comes to by their own act or by a decision on it: they know of the registration without having been invited.
OWN = (State.REQUESTED, State.SUBMITTED, State.RETURNED, State.APPROVED)

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
# States without a person: a seat kept, or one kept and given up again.
NAMELESS = {State.PLACEHOLDER, State.WITHDRAWN}
MAX_LAPSES = 3
OFFER_DAYS = 3  # how long an offered seat is held
INVITATION_DAYS = 60  # how long a mailed link can be used
NOTICE_VERSION = "2026-11"  # of the privacy notice a person reads when they confirm; raise it with its words


class SeatsBelowUse(NotAllowed):
    """Fewer seats were asked for than people hold."""

    def __init__(self, taken: int):
        self.taken = taken
        super().__init__(
            ngettext(
                "One seat is in use; there cannot be fewer seats than that.",
                "%(count)d seats are in use; there cannot be fewer seats than that.",
                taken,
            )
            % {"count": taken}
        )


def party_of(hat: str) -> str:
    """Give who makes a move under a hat: an organiser (or an import of theirs) is an officer; without a hat, the person."""
    return {"organiser": OFFICER, "system": OFFICER, "focal": FOCAL}.get(hat.partition(":")[0], PERSON)


def counts(quota, *, category: str, mode: str) -> bool:
    """Say whether a quota counts a registration of this category and mode.

    A quota for one category counts that category alone. One for all counts those who take a seat (if it is a delegation's) or
    capacity (if it is the event's).
    """
    if quota.mode and quota.mode != mode:
        return False
    if quota.category:
        return quota.category == category
    takes = CATEGORIES[Category(category)]
    return takes.capacity if quota.delegation_id is None else takes.seat


def check_move(registration, to: State, *, made_by: str, reason: str = "", at: dt.datetime | None = None) -> None:
    """Refuse a move that is not in the table, not this actor's to make, or made without what it needs; raise `NotAllowed`."""
    who = TRANSITIONS.get((State(registration.state), to))
    if who is None:
        raise NotAllowed(_("This registration has changed meanwhile: it is now “%(state)s”.") % {"state": registration.get_state_display()})
    if made_by not in who:
        raise NotAllowed(_("This step is not yours to take."))
    if to in NEEDS_REASON and not reason.strip():
        raise NotAllowed(_("Give a reason; it is sent to the person."))
    if to not in NAMELESS and registration.delegate_id is None:
        raise NotAllowed(_("Nobody is named for this seat yet."))
    if (registration.state, to, made_by) == (State.OFFERED, State.NOMINATED, FOCAL) and at and at > registration.offer_expires_at:
        raise NotAllowed(_("The offer of this seat has ended."))


def check_approval(registration, event, *, is_double: bool) -> None:
    """Refuse an approval that security has not cleared where the event asks for it, or of a person named twice; raise `NotAllowed`."""
    if event.security_decides and registration.security_decision != SecurityDecision.CLEARED:
        raise NotAllowed(_("The security officer has not cleared this person yet."))
    if is_double:
        raise NotAllowed(_("Another delegation has named the same person. Refuse or withdraw one of the two registrations first."))


def check_nominating(event, at: dt.datetime, *, made_by: str, category: str = Category.DELEGATE) -> None:
    """Refuse a nomination while the event takes none; to a focal point, one too late or of another's category. Raise `NotAllowed`."""
    if not STATE_TABLE[EventState(event.state)].nominating:
        raise NotAllowed(_("Registration for this event is not open."))
    if made_by != FOCAL:
        return
    if any(limit and at > limit for limit in (event.nominate_by_at, event.freeze_at)):
        raise NotAllowed(_("The time to nominate has ended. Write to the organisers."))
    if Category(category) not in NOMINABLE:
        raise NotAllowed(_("Only the organisers give this category."))


def check_confirming(registration, event, at: dt.datetime, *, made_by: str) -> None:
    """Refuse a person's form after the deadline to confirm; one that was returned may come back until the freeze; raise `NotAllowed`."""
    limit = event.freeze_at if registration.state == State.RETURNED else event.confirm_by_at
    if made_by == PERSON and limit and at > limit:
        raise NotAllowed(_("The time to confirm has ended. Write to the organisers."))


def check_answer(event, answer: str, at: dt.datetime, *, made_by: str, has_people: bool) -> None:
    """Refuse an answer that is none, comes too late (declining never does), or declines while people are named; raise `NotAllowed`."""
    if answer == Answer.INVITED:
        raise NotAllowed(_("Choose an answer."))
    if answer == Answer.DECLINED:
        if has_people:
            raise NotAllowed(_("People are still named for this delegation. Withdraw them before you decline."))
    elif made_by == FOCAL and event.answer_by_at and at > event.answer_by_at:
        raise NotAllowed(_("The time to answer has ended. Write to the organisers."))


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


def waits_for_list(registration) -> bool:
    """Say whether a person is named, has an address and is not yet written to: they are when the focal point sends the list."""
    return registration.state == State.NOMINATED and registration.invited_at is None and registration.delegate.email != ""


def focal_act(registration) -> str:
    """Give the one next act of the focal point for a person: `name` a kept seat, `accept` an offer or a request, `send`, or nothing."""
    if registration.state == State.PLACEHOLDER:
        return "name"
    if registration.state in (State.OFFERED, State.REQUESTED):
        return "accept"
    return "send" if waits_for_list(registration) else ""


def fills_in_form(registration) -> bool:
    """Say whether the person's form is open to them: to send it the first time or again, or to correct what it says."""
    return registration.state in (State.NOMINATED, State.RETURNED, *CORRECTED)


def owes_form(registration) -> bool:
    """Say whether the person's form is awaited."""
    return registration.state in (State.NOMINATED, State.RETURNED)


# States in which the person corrects what they sent; once approved, some corrections wait beside (`WAITS_BESIDE`).
CORRECTED = (State.SUBMITTED, State.APPROVED)
WAITS_BESIDE = ("given_name", "family_name", "native_name", "badge_name", "nationalities")


def why_not(check, *args, **options) -> str:
    """Give the sentence with which a check refuses, an empty text when it does not: for pages that say so beforehand."""
    try:
        check(*args, **options)
    except NotAllowed as refusal:
        return str(refusal)
    return ""
