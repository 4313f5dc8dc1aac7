"""Until when each thing may be done at an event, and by whom later."""

import datetime as dt

from django.utils.translation import gettext as _

from conference.lib import clock
from delegates.choices import Answer, Category, Mode
from delegates.choices import RegistrationState as State
from delegates.rules.categories import NOMINABLE
from delegates.rules.moves import FOCAL, PERSON, party_of
from events.choices import EventState
from events.rules import STATE_TABLE, NotAllowed

UNDO_MINUTES = 60  # how long a focal point may take a withdrawal back
REQUEST_DAYS = 2  # how long the link of a request for a place can be used; then the request is forgotten
INVITATION_DAYS = 60  # how long a mailed link can be used
LETTER_DAYS = 60  # how long the code of a printed letter can be used, at most until the event ends
CLAIM_DAYS = 30  # how long the name and address of whoever used such a code wait for an organiser; then they are forgotten


class FormTooLate(NotAllowed):
    """A person's form came after its deadline; an organiser may still accept it."""


class TooLate(NotAllowed):
    """The time for this has ended for focal points; they can still ask the organisers (`actions.ask_late`)."""


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


def next_focal_limit(delegation, event, at: dt.datetime) -> dt.datetime | None:
    """Give the deadline that comes next for a focal point: to answer, while nobody has, or to nominate; None when none is to come."""
    if delegation.answer == Answer.DECLINED:
        return None
    limits = [event.answer_by_at if delegation.answer == Answer.INVITED else None, event.nominate_by_at]
    return min((limit for limit in limits if limit and limit >= at), default=None)


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


def why_not(check, *args, **options) -> str:
    """Give the sentence with which a check refuses, an empty text when it does not: for pages that say so beforehand."""
    try:
        check(*args, **options)
    except NotAllowed as refusal:
        return str(refusal)
    return ""
