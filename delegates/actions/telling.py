"""Who is told of each move of a registration: one table, complete by test; a move that tells nobody says so with its reason."""

import dataclasses

from delegates import emails
from delegates.choices import RegistrationState as State
from delegates.models import FocalPoint, Registration, RegistrationMove
from delegates.rules import FOCAL, UNDOING


@dataclasses.dataclass(frozen=True)
class Told:
    """The kinds of message of one move: to the person (who hears only once they know of the registration), and to the focal points.

    `focal_acts` are told even of what a focal point did. `silent` says why somebody is not told.
    """

    person: str = ""
    focal: str = ""
    focal_acts: bool = False
    silent: str = ""


_LIST = "a draft list is its focal point's alone; the invitation leaves with the list"
_OWN = "the focal points see it on their page, and act next"
_ASKED = "the person heard the same when the request came, whether or not it fits a delegation (emails.request_kept)"
_REVIEW = "the review is between the organisers and the person"
_LEFT = "person_left"

TOLD: dict[tuple[State | None, State], Told] = {
    (None, State.REQUESTED): Told(focal="request_made", focal_acts=True, silent=_ASKED),
    (None, State.PLACEHOLDER): Told(silent="a kept seat names nobody"),
    (None, State.NOMINATED): Told(silent=_LIST),
    (None, State.WAITLISTED): Told(silent=_LIST),
    (State.REQUESTED, State.NOMINATED): Told("endorsed", silent=_OWN),
    (State.REQUESTED, State.WAITLISTED): Told("waitlisted", silent=_OWN),
    (State.REQUESTED, State.REFUSED): Told("request_refused", _LEFT),
    (State.REQUESTED, State.WITHDRAWN): Told("withdrawn", _LEFT),
    (State.PLACEHOLDER, State.NOMINATED): Told(silent=_LIST),
    (State.PLACEHOLDER, State.WITHDRAWN): Told(focal=_LEFT, silent="a kept seat names nobody"),
    (State.WAITLISTED, State.OFFERED): Told(focal="seat_offered", focal_acts=True, silent="the seat is the delegation's until it accepts"),
    (State.WAITLISTED, State.REFUSED): Told("refused", _LEFT),
    (State.WAITLISTED, State.WITHDRAWN): Told("withdrawn", _LEFT),
    (State.OFFERED, State.NOMINATED): Told("promoted", silent=_OWN),
    (State.OFFERED, State.WAITLISTED): Told(
        focal="offer_lapsed", focal_acts=True, silent="nothing changes for the person, who waits as before"
    ),
    (State.OFFERED, State.WITHDRAWN): Told("withdrawn", _LEFT),
    (State.NOMINATED, State.SUBMITTED): Told("received", silent=_REVIEW),
    (State.NOMINATED, State.WITHDRAWN): Told("withdrawn", _LEFT),
    (State.NOMINATED, State.REPLACED): Told("replaced", _LEFT),
    (State.SUBMITTED, State.APPROVED): Told("approved", silent=_REVIEW),
    (State.SUBMITTED, State.RETURNED): Told("returned", silent=_REVIEW),
    (State.SUBMITTED, State.REFUSED): Told("refused", _LEFT),
    (State.SUBMITTED, State.WITHDRAWN): Told("withdrawn", _LEFT),
    (State.SUBMITTED, State.REPLACED): Told("replaced", _LEFT),
    (State.RETURNED, State.SUBMITTED): Told("received", silent=_REVIEW),
    (State.RETURNED, State.WITHDRAWN): Told("withdrawn", _LEFT),
    (State.RETURNED, State.REPLACED): Told("replaced", _LEFT),
    (State.APPROVED, State.REVOKED): Told("revoked", _LEFT),
    (State.APPROVED, State.WITHDRAWN): Told("withdrawn", _LEFT),
    (State.APPROVED, State.REPLACED): Told("replaced", _LEFT),
    (State.APPROVED, State.NOMINATED): Told("reconfirm", silent="the seat is kept and the person acts"),
    (State.REFUSED, State.SUBMITTED): Told("reopened", "person_back"),
    (State.WITHDRAWN, State.NOMINATED): Told(focal="person_back", silent=_LIST),
    (State.REVOKED, State.NOMINATED): Told(focal="person_back", silent=_LIST),
}


def tell(registration: Registration, move: RegistrationMove, *, made_by: str, is_invited_now: bool) -> None:
    """Put the messages of one move of a locked registration into the outbox; nobody is told of an act of their own hand twice.

    `is_invited_now`: the invitation leaves in the same act and says it all to the person.
    """
    told = TOLD[State(move.from_state) if move.from_state else None, State(move.to_state)]
    if told.person and not is_invited_now and _knows(registration) and registration.delegate.email:
        emails.tell_person(told.person, registration, move)
    if not told.focal or (made_by in (FOCAL, UNDOING) and not told.focal_acts):
        return
    for focal_point in FocalPoint.objects.live(move.at).filter(delegation=registration.delegation).order_by("pk"):
        emails.tell_focal_point(told.focal, focal_point, registration, move)


def _knows(registration: Registration) -> bool:
    """Say whether the person has been written to before, or asked for the place themselves."""
    if registration.delegate_id is None:
        return False
    return registration.invited_at is not None or registration.moves.filter(to_state=State.REQUESTED).exists()
