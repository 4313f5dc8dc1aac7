"""Pure decisions about people: what each category takes, the table of registration moves, and what a hat may see."""

import dataclasses
import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.lib import clock
from delegates.choices import Answer, Category, Consent, FileKind, Missing, Mode, Narrowing, SecurityDecision, Standing
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
MAX_LAPSES = 3
UNDO_MINUTES = 60  # how long a focal point may take a withdrawal back
REQUEST_DAYS = 2  # how long the link of a request for a place can be used; then the request is forgotten
INVITATION_DAYS = 60  # how long a mailed link can be used
LETTER_DAYS = 60  # how long the code of a printed letter can be used, at most until the event ends
CLAIM_DAYS = 30  # how long the name and address of whoever used such a code wait for an organiser; then they are forgotten
NOTICE_VERSION = "2026-11"  # of the privacy notice a person reads when they confirm; raise it with its words


class FormTooLate(NotAllowed):
    """A person's form came after its deadline; an organiser may still accept it."""


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


class TooLate(NotAllowed):
    """The time for this has ended for focal points; they can still ask the organisers (`actions.ask_late`)."""


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
    if (registration.state, to, made_by) == (State.OFFERED, State.NOMINATED, FOCAL) and at and at > offer_ends(registration):
        raise NotAllowed(_("The offer of this seat has ended."))


def offers_seats(event, at: dt.datetime) -> bool:
    """Say whether freed seats are offered by themselves: until the freeze; after it each is the duty organiser's to give."""
    return event.freeze_at is None or at < event.freeze_at


def offer_until(event, at: dt.datetime) -> dt.datetime:
    """Give until when a seat offered now is held: the days the event says, never beyond the freeze."""
    until = at + dt.timedelta(days=event.offer_days)
    return min(until, event.freeze_at) if event.freeze_at else until


def offer_ends(registration) -> dt.datetime:
    """Give when an offer ends: as it was made, or at the freeze if that has been moved before it."""
    freeze_at = registration.event.freeze_at
    return min(registration.offer_expires_at, freeze_at) if freeze_at else registration.offer_expires_at


def full_for(registration, quotas) -> list:
    """Keep the quotas that count a registration and have no place left: why it waits."""
    mine = [quota for quota in quotas if quota.delegation_id in (None, registration.delegation_id)]
    return [quota for quota in mine if quota.taken >= quota.seats and counts(quota, category=registration.category, mode=registration.mode)]


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
        raise TooLate(_("The time to nominate has ended."))
    if Category(category) not in NOMINABLE:
        raise NotAllowed(_("Only the organisers give this category."))


def check_replacing(event, at: dt.datetime, *, made_by: str) -> None:
    """Refuse to replace a person while the event takes nobody; to a focal point, after the freeze (`TooLate`). Raise `NotAllowed`."""
    if not STATE_TABLE[EventState(event.state)].nominating:
        raise NotAllowed(_("Registration for this event is not open."))
    if made_by == FOCAL and event.freeze_at and at > event.freeze_at:
        raise TooLate(_("The time for changes has ended."))


def check_undo(registration, move, at: dt.datetime) -> None:
    """Refuse to take a withdrawal back: not a focal point's, of a seat without a name, not fresh, or after the freeze; raise `NotAllowed`.

    `move` is the step that withdrew the registration, None when it was not the last one.
    """
    check_replacing(registration.event, at, made_by=FOCAL)
    is_focal_points = move is not None and party_of(move.hat) == FOCAL
    if not is_focal_points or registration.state != State.WITHDRAWN or registration.delegate_id is None:
        raise NotAllowed(_("There is nothing here that you can undo."))
    if at - move.at > dt.timedelta(minutes=UNDO_MINUTES):
        raise NotAllowed(_("The time to undo this has passed. The organisers can reopen it, if a seat is free."))


def may_ask_late(event, at: dt.datetime) -> bool:
    """Say whether it is too late for a focal point to nominate, and early enough to ask the organisers."""
    return STATE_TABLE[EventState(event.state)].nominating and any(
        limit and at > limit for limit in (event.nominate_by_at, event.freeze_at)
    )


def confirm_limit(registration, event) -> dt.datetime | None:
    """Until when a person may send their form: the deadline to confirm, the freeze for a form that came back.

    Whoever is invited after one of these (a substitute) is bound by the next; None is no limit.
    """
    limits = [event.freeze_at] if registration.state == State.RETURNED else [event.confirm_by_at, event.freeze_at]
    invited_at = registration.invited_at
    for limit in limits:
        if limit is None or invited_at is None or invited_at <= limit:
            return limit
    return None


def check_requesting(event, at: dt.datetime) -> None:
    """Refuse requests for a place where the event takes none, or as late as nominations; raise `NotAllowed`."""
    if not event.takes_requests:
        raise NotAllowed(_("This event takes no requests for a place."))
    if not STATE_TABLE[EventState(event.state)].nominating:
        raise NotAllowed(_("Registration for this event is not open."))
    if any(limit and at > limit for limit in (event.nominate_by_at, event.freeze_at)):
        raise NotAllowed(_("The time to ask for a place has ended."))


def usual_mode(event) -> Mode:
    """How somebody attends who is named now: in person, remotely once the event is held on-line."""
    return Mode.REMOTE if event.is_online else Mode.IN_PERSON


def check_mode(event, mode: str) -> None:
    """Refuse to let somebody attend in person an event that is held on-line; raise `NotAllowed`."""
    if event.is_online and mode == Mode.IN_PERSON:
        raise NotAllowed(_("This event is held on-line; nobody attends in person."))


def request_stage(asked) -> str:
    """Say where a request stands, as its person may know it: `asked` whether or not it has found a delegation, `listed`, `waiting`
    for a seat, `refused`, `withdrawn` or `ended`.
    """
    if asked.withdrawn_at:
        return "withdrawn"
    if asked.refused_at:
        return "refused"
    if asked.registration is None or asked.registration.state == State.REQUESTED:
        return "asked"
    others = {State.REFUSED: "refused", State.WITHDRAWN: "withdrawn", State.WAITLISTED: "waiting", State.OFFERED: "waiting"}
    others |= {State.REPLACED: "ended", State.REVOKED: "ended"}
    return others.get(State(asked.registration.state), "listed")


def check_confirming(registration, event, at: dt.datetime, *, made_by: str) -> None:
    """Refuse a person’s form after their limit to confirm; raise `FormTooLate`."""
    limit = confirm_limit(registration, event)
    if made_by == PERSON and limit and at > limit:
        raise FormTooLate(_("The time to confirm has ended. Write to the organisers."))


def check_details(registration, event, at: dt.datetime, *, made_by: str) -> None:
    """Refuse a second form of somebody not approved, or sent the first time after its deadline; corrections stay possible.

    Raise `NotAllowed`, or `FormTooLate` after the deadline.
    """
    if registration.state != State.APPROVED:
        raise NotAllowed(_("This registration has changed meanwhile: it is now “%(state)s”.") % {"state": registration.get_state_display()})
    if made_by == PERSON and registration.details_at is None and event.travel_by_at and at > event.travel_by_at:
        raise FormTooLate(_("The time for travel details has ended. Write to the organisers."))


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


def letter_expires_at(event, at: dt.datetime) -> dt.datetime:
    """Give the moment until which the code of a letter made now can be used: sixty days, at most until the event's last day ends."""
    over = clock.moment(event.last_date + dt.timedelta(days=1), event.day_starts_at, event.zone)
    return min(at + dt.timedelta(days=LETTER_DAYS), over)


def check_letter(event, at: dt.datetime) -> None:
    """Refuse a letter for an event that is closed or over; raise `NotAllowed`."""
    check_editing(event)
    if letter_expires_at(event, at) <= at:
        raise NotAllowed(_("This event is over; a letter would come too late."))


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


def may_head(registration) -> bool:
    """Say whether a focal point may make a person the head, or ask for it: named, with a seat in a category of theirs, not head yet."""
    is_named = registration.state in (State.NOMINATED, State.SUBMITTED, State.RETURNED, State.APPROVED)
    return is_named and registration.category in NOMINABLE and registration.category != Category.HEAD


def head_waits(registration, former, event, at: dt.datetime) -> bool:
    """Say whether making somebody the head is for an officer to decide: one of the two is approved, or the event is frozen."""
    is_approved = any(row is not None and row.state == State.APPROVED for row in (registration, former))
    return is_approved or bool(event.freeze_at and at > event.freeze_at)


def may_ask_category(registration) -> bool:
    """Say whether a person may ask to come in another capacity: once approved; before, their focal point names them anew."""
    return registration.state == State.APPROVED


def categories_to_ask(registration) -> list[Category]:
    """List the capacities a person may ask for: those a focal point gives, but no head, whom the delegation names."""
    return [category for category in NOMINABLE if category not in (Category.HEAD, registration.category)]


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


def may_enter_for(registration) -> bool:
    """Say whether organisers may enter a form of the person, the first or the second: it is awaited, and they have a document for it."""
    return owes_form(registration) or owes_details(registration)


# States in which the person corrects what they sent; once approved, some corrections wait beside (`WAITS_BESIDE`).
CORRECTED = (State.SUBMITTED, State.APPROVED)
# Groups whose values, once approved, change only by an officer's word.
GROUPS_BESIDE = ("identity_document",)
WAITS_BESIDE = ("given_name", "family_name", "native_name", "badge_name", "birth_date", "nationalities")
CATEGORY_FIELD = "category"  # asked by the person, or by the focal point for a new head
COPY_FIELD = "document_copy"  # a new copy of the identity document; its value names the file
PHOTO_FIELD = "photo"  # a new photo waits beside too; its value names the file


def gives_details(registration) -> bool:
    """Say whether the second form is open to the person."""
    return registration.state == State.APPROVED


def owes_details(registration) -> bool:
    """Say whether the second form is awaited, should the event have one."""
    return gives_details(registration) and registration.details_at is None


def why_not(check, *args, **options) -> str:
    """Give the sentence with which a check refuses, an empty text when it does not: for pages that say so beforehand."""
    try:
        check(*args, **options)
    except NotAllowed as refusal:
        return str(refusal)
    return ""


# The act that opens each kind of file to organisers.
FILE_ACTS = {
    FileKind.PHOTO: "photos",
    FileKind.IDENTITY_DOCUMENT: "documents",
    FileKind.CREDENTIAL: "registrations",
    FileKind.ANSWER: "registrations",
    FileKind.CORRESPONDENCE: "registrations",
}
# What a shared mailbox is never shown, also of its own.
NOT_IN_SHARED = (FileKind.IDENTITY_DOCUMENT,)


def may_open_own_file(file, viewer) -> bool:
    """Say whether a person may open a file of their own registration: any, but no identity document in a mailbox several people read."""
    return not (viewer.is_shared and file.kind in NOT_IN_SHARED)
