"""Messages to focal points and delegates: one function per message, each in its reader's language, into the outbox.

None carries anything of the agenda, so none has a label limit; whoever opens a link signs in first.
"""

import dataclasses
import datetime as dt

from conference.lib.words import in_language
from delegates.choices import Category, RegistrationState
from delegates.models import FocalPoint, Invitation, Registration, RegistrationMove
from events.emails import compose, link
from events.models import Event
from events.outbox import queue


@dataclasses.dataclass(frozen=True)
class Message:
    """What a message is: what triggers it, who gets it, alone or as a digest, and how far the label of its content may go."""

    trigger: str
    recipient: str
    shape: str = "single"
    label_limit: str = "none: nothing of the agenda in it"


FOCAL_POINT, FORMER_PERSON, PERSON = "each live focal point", "the person, no longer expected", "the person"

# Every message about people; the template of each is templates/delegates/emails/<name>. One row in the outbox per reader and move.
MESSAGES = {
    "focal_point_invited": Message("invite_focal_points, resend_invitation", "the focal point invited"),
    "person_invited": Message("send_list, resend_invitation, an offered seat accepted after the list was sent", PERSON),
    "received": Message("a move to submitted", PERSON),
    "approved": Message("a move to approved", PERSON),
    "returned": Message("a move to returned, with its reason", PERSON),
    "refused": Message("a move to refused, with its reason", PERSON),
    "revoked": Message("a move to revoked, with its reason", PERSON),
    "withdrawn": Message("a move to withdrawn", FORMER_PERSON),
    "replaced": Message("a move to replaced", FORMER_PERSON),
    "seat_offered": Message("a move to offered", FOCAL_POINT),
    "person_left": Message("a move to refused, revoked or withdrawn by anybody but a focal point", FOCAL_POINT),
}


def focal_point_invited(invitation: Invitation, focal_point: FocalPoint, secret: str, *, urgency: int) -> None:
    """Ask a focal point to accept the right to nominate, by a link."""
    language = focal_point.language
    context = _delegation_words(invitation.event, focal_point.delegation.organisation, language) | {
        "name": focal_point.name,
        "answer_by": _wall_clock(invitation.event, invitation.event.answer_by_at),
    }
    _send_invitation("focal_point_invited", invitation, secret, language, context, urgency=urgency)


def person_invited(invitation: Invitation, registration: Registration, secret: str, *, urgency: int) -> None:
    """Ask a person to confirm their registration, by a link."""
    language = registration.delegate.language
    context = _person_words(registration, language) | {"confirm_by": _wall_clock(invitation.event, invitation.event.confirm_by_at)}
    _send_invitation("person_invited", invitation, secret, language, context, urgency=urgency)


def _send_invitation(kind: str, invitation: Invitation, secret: str, language: str, context: dict, *, urgency: int) -> None:
    event = invitation.event
    url = link("delegates:invitation", secret, language=language)
    context |= {"url": url, "address": invitation.email, "until": _wall_clock(event, invitation.expires_at)}
    subject, text, html = compose(f"delegates/emails/{kind}", context, language)
    queue(
        kind=kind,
        to=invitation.email,
        language=language,
        subject=subject,
        text=text,
        html=html,
        dedup_key=f"{kind}:{invitation.public_id}",
        event=event,
        about=str(invitation.focal_point or invitation.registration),
        urgency=urgency,
        is_secret=True,
        expires_at=invitation.expires_at,
    )


def received(registration: Registration, move: RegistrationMove) -> None:
    """Tell a person that what they sent is under review."""
    _to_person("received", registration, move)


def approved(registration: Registration, move: RegistrationMove) -> None:
    """Tell a person that they are expected."""
    _to_person("approved", registration, move)


def returned(registration: Registration, move: RegistrationMove) -> None:
    """Tell a person what is missing."""
    _to_person("returned", registration, move)


def refused(registration: Registration, move: RegistrationMove) -> None:
    """Tell a person that their registration was refused, and why."""
    _to_person("refused", registration, move)


def revoked(registration: Registration, move: RegistrationMove) -> None:
    """Tell a person that their approval was taken back, and why."""
    _to_person("revoked", registration, move)


def withdrawn(registration: Registration, move: RegistrationMove) -> None:
    """Tell a person that they are no longer expected."""
    _to_person("withdrawn", registration, move)


def replaced(registration: Registration, move: RegistrationMove) -> None:
    """Tell a person that somebody else comes in their place."""
    _to_person("replaced", registration, move)


def _to_person(kind: str, registration: Registration, move: RegistrationMove) -> None:
    delegate, event = registration.delegate, registration.event
    language = delegate.language
    context = _person_words(registration, language) | {
        "reason": move.reason,
        "url": link("delegates:registration", event.slug, registration.public_id, language=language),
    }
    _queue_move(kind, registration, move, to=delegate.email, language=language, context=context)


def seat_offered(focal_point: FocalPoint, registration: Registration, move: RegistrationMove) -> None:
    """Tell a focal point that a seat became free for somebody on the waiting list, and until when it is held."""
    until = _wall_clock(registration.event, registration.offer_expires_at)
    _to_focal_point("seat_offered", focal_point, registration, move, {"until": until})


def person_left(focal_point: FocalPoint, registration: Registration, move: RegistrationMove) -> None:
    """Tell a focal point that somebody of theirs is no longer expected, and why."""
    state = RegistrationState(move.to_state).label
    _to_focal_point("person_left", focal_point, registration, move, {"state": state, "reason": move.reason})


def _to_focal_point(kind: str, focal_point: FocalPoint, registration: Registration, move: RegistrationMove, words: dict) -> None:
    event, delegation, language = registration.event, registration.delegation, focal_point.language
    context = _person_words(registration, language) | words
    context["name"] = focal_point.name
    context["url"] = link("delegates:delegation", event.slug, delegation.public_id, language=language)
    _queue_move(kind, registration, move, to=focal_point.email, language=language, context=context, reader=focal_point.public_id)


def _queue_move(
    kind: str, registration: Registration, move: RegistrationMove, *, to: str, language: str, context: dict, reader: str = ""
) -> None:
    subject, text, html = compose(f"delegates/emails/{kind}", context, language)
    queue(
        kind=kind,
        to=to,
        language=language,
        subject=subject,
        text=text,
        html=html,
        dedup_key=":".join(filter(None, [kind, registration.public_id, str(move.pk), reader])),
        event=registration.event,
        about=str(registration),
    )


def _delegation_words(event: Event, organisation, language: str) -> dict:
    return {
        "event": str(in_language(event, "title", language, event.working_language)),
        "organisation": str(organisation.name_in(language)),
        "zone": event.zone,
    }


def _person_words(registration: Registration, language: str) -> dict:
    person = registration.delegate.full_name if registration.delegate else ""
    return _delegation_words(registration.event, registration.delegation.organisation, language) | {
        "name": person,
        "person": person,
        "category": Category(registration.category).label,
    }


def _wall_clock(event: Event, moment: dt.datetime | None) -> dt.datetime | None:
    """A moment on the event's wall clock, without its zone so that templates show it as it is."""
    return event.local(moment).replace(tzinfo=None) if moment else None
