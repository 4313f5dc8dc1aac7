"""Messages to focal points and delegates: their rows of the table, and what each is filled with, in its reader's language.

None carries anything of the agenda, so none has a label limit; whoever opens a link signs in first.
"""

from django.utils import timezone, translation
from django.utils.translation import get_language_info, gettext

from delegates.choices import Category, RegistrationState
from delegates.emails.table import FOCAL, INVITED, PERSON
from delegates.models import (
    Circular,
    FocalPoint,
    Invitation,
    InvitationLetter,
    LateRequest,
    PendingChange,
    PlaceRequest,
    Registration,
    RegistrationMove,
    Reminder,
)
from delegates.rules import confirm_limit
from events.choices import Urgency
from events.emails import compose_own, examples, greeting, known_language, link, moment_in_words, show_own, title_in, write
from events.emails.table import MESSAGES, PLACES
from events.models import Event
from events.outbox import queue


def focal_point_invited(invitation: Invitation, focal_point: FocalPoint, secret: str, *, urgency: int) -> None:
    """Ask a focal point to accept the right to nominate, by a link."""
    places = focal_point_places(focal_point) | {
        "answer_by": moment_in_words(invitation.event, invitation.event.answer_by_at, focal_point.language)
    }
    _send_invitation("focal_point_invited", invitation, secret, focal_point.language, places, urgency=urgency)


def request_link(invitation: Invitation, asked: PlaceRequest, secret: str) -> None:
    """Send whoever asked for a place the link that shows the address to be theirs."""
    places = _request_places(asked)
    with translation.override(asked.language):
        places |= {"greeting": greeting(""), "name": ""}  # whoever reads it may not be the one who typed the name
    _send_invitation("request_link", invitation, secret, asked.language, places, urgency=Urgency.PERSONAL)


def request_kept(asked: PlaceRequest) -> None:
    """Tell somebody that their request is being looked at; the words are the same whether or not it fits a delegation."""
    _queue_request("requested", asked)


def request_refused(asked: PlaceRequest) -> None:
    """Tell somebody that their request, which fits no delegation, was refused, and why."""
    _queue_request("request_refused", asked)


def _request_places(asked: PlaceRequest) -> dict[str, str]:
    with translation.override(asked.language):
        hello = greeting(asked.full_name)
    url = link("delegates:place_request", asked.public_id, language=asked.language)
    said = {"greeting": hello, "name": asked.full_name, "organisation": asked.organisation, "reason": asked.reason, "url": url}
    return said | {"event": title_in(asked.event, asked.language), "category": "", "confirm_by": ""}


def _queue_request(kind: str, asked: PlaceRequest) -> None:
    subject, text, html = write(kind, asked.event, _request_places(asked), asked.language)
    queue(
        kind=kind,
        to=asked.email,
        language=asked.language,
        subject=subject,
        text=text,
        html=html,
        dedup_key=f"{kind}:{asked.public_id}",
        event=asked.event,
        about=str(asked),
    )


def person_invited(invitation: Invitation, registration: Registration, secret: str, *, urgency: int) -> None:
    """Ask a person to confirm their registration, by a link."""
    _send_invitation("person_invited", invitation, secret, registration.delegate.language, person_places(registration), urgency=urgency)


def _send_invitation(kind: str, invitation: Invitation, secret: str, language: str, places: dict, *, urgency: int) -> None:
    event = invitation.event
    places |= {
        "url": link("delegates:invitation", secret, language=language),
        "address": invitation.email,
        "until": moment_in_words(event, invitation.expires_at, language),
    }
    subject, text, html = write(kind, event, places, language)
    queue(
        kind=kind,
        to=invitation.email,
        language=language,
        subject=subject,
        text=text,
        html=html,
        dedup_key=f"{kind}:{invitation.public_id}",
        event=event,
        about=str(invitation.focal_point or invitation.registration or invitation.place_request),
        urgency=urgency,
        is_secret=True,
        expires_at=invitation.expires_at,
    )


def reminder(thing: Registration | FocalPoint, sent: Reminder, secret: str, *, urgency: int) -> None:
    """Remind somebody who has not acted; `secret` is that of a new link for one who has no account yet, else empty."""
    event, is_person = sent.event, isinstance(thing, Registration)
    language = thing.delegate.language if is_person else thing.language
    places = person_places(thing) if is_person else focal_point_places(thing)
    deadlines = {"answer_by": event.answer_by_at, "nominate_by": event.nominate_by_at, "confirm_by": event.confirm_by_at}
    deadlines["travel_by"] = event.travel_by_at
    places |= {name: moment_in_words(event, at, language) for name, at in deadlines.items()}
    if secret:
        places["url"] = link("delegates:invitation", secret, language=language)
    kind = f"remind_{sent.kind}"
    subject, text, html = write(kind, event, places, language)
    queue(
        kind=kind,
        to=thing.delegate.email if is_person else thing.email,
        language=language,
        subject=subject,
        text=text,
        html=html,
        dedup_key=f"{kind}:{thing.public_id}:{sent.deadline_at:%Y%m%d%H%M%S}:{sent.number}",
        event=event,
        about=str(thing),
        urgency=urgency,
        is_secret=True,
        expires_at=sent.deadline_at,
    )


def _filled(sent: Circular, thing: Registration | FocalPoint) -> tuple[str, str, dict[str, str], dict[str, str], str]:
    """The reader's language, that of the words, the words, the places in the latter, and the line that says so."""
    is_person = isinstance(thing, Registration)
    language = known_language(thing.delegate.language if is_person else thing.language)
    words_language, words = sent.words_for(language, sent.event.working_language)
    places = person_places(thing, words_language) if is_person else focal_point_places(thing, language=words_language)
    with translation.override(language):
        named = str(get_language_info(words_language)["name_translated"])
        note = "" if words_language == language else gettext("This message is available in %(language)s only.") % {"language": named}
    return language, words_language, words, places, note


def show_circular(sent: Circular, thing: Registration | FocalPoint) -> dict[str, str]:
    """What one reader would get of a message to many, for its preview."""
    language, words_language, words, places, note = _filled(sent, thing)
    subject, text, shown = show_own(words["subject"], words["body"], places)
    return {"subject": subject, "text": text, "html": shown, "language": language, "words_language": words_language, "note": note}


def circular(sent: Circular, thing: Registration | FocalPoint) -> None:
    """Send one reader a message to many, in their language or the one it falls back to."""
    language, words_language, words, places, note = _filled(sent, thing)
    subject, text, html = compose_own(words["subject"], words["body"], places, language, words_language=words_language, note=note)
    queue(
        kind="circular",
        to=thing.delegate.email if isinstance(thing, Registration) else thing.email,
        language=language,
        subject=subject,
        text=text,
        html=html,
        dedup_key=f"circular:{sent.public_id}:{thing.public_id}",
        event=sent.event,
        about=str(thing),
        urgency=Urgency.BULK,
    )


def tell_person(kind: str, registration: Registration, move: RegistrationMove) -> None:
    """Tell a person what a move of their registration means for them."""
    delegate = registration.delegate
    places = person_places(registration) | {"reason": move.reason}
    _queue_move(kind, registration, move, to=delegate.email, language=delegate.language, places=places)


def tell_focal_point(kind: str, focal_point: FocalPoint, registration: Registration, move: RegistrationMove) -> None:
    """Tell a focal point what a move means for their delegation."""
    language = focal_point.language
    with translation.override(language):
        of_move = {
            "category": str(Category(registration.category).label),
            "person": registration.delegate.full_name if registration.delegate else "",
            "state": str(RegistrationState(move.to_state).label),
            "reason": move.reason,
            "until": moment_in_words(registration.event, registration.offer_expires_at, language),
        }
    places = focal_point_places(focal_point, registration) | of_move
    _queue_move(kind, registration, move, to=focal_point.email, language=language, places=places, reader=focal_point.public_id)


def change_decided(change: PendingChange, registration: Registration) -> None:
    """Tell a person what an officer decided about a change after approval; of one refused to their focal point they never knew."""
    delegate = registration.delegate
    if not delegate.email or (change.by_focal_point and not change.accepted):
        return
    kind = "change_accepted" if change.accepted else "change_refused"
    with translation.override(delegate.language):
        what = str(change.label)
    subject, text, html = write(kind, registration.event, person_places(registration) | {"change": what}, delegate.language)
    queue(
        kind=kind,
        to=delegate.email,
        language=delegate.language,
        subject=subject,
        text=text,
        html=html,
        dedup_key=f"{kind}:{registration.public_id}:{change.pk}",
        event=registration.event,
        about=str(registration),
    )


def head_decided(change: PendingChange, registration: Registration, focal_point: FocalPoint) -> None:
    """Tell a focal point what an officer decided about the head they asked for."""
    kind = "head_accepted" if change.accepted else "head_refused"
    places = focal_point_places(focal_point, registration) | {"person": registration.delegate.full_name}
    subject, text, html = write(kind, registration.event, places, focal_point.language)
    queue(
        kind=kind,
        to=focal_point.email,
        language=focal_point.language,
        subject=subject,
        text=text,
        html=html,
        dedup_key=f"{kind}:{registration.public_id}:{change.pk}:{focal_point.public_id}",
        event=registration.event,
        about=str(registration),
    )


def late_request_asked(request: LateRequest, *, to: str, language: str) -> None:
    """Tell an organiser on duty that a focal point asks for a late change, and where to decide; whom it concerns stands behind sign-in."""
    places = _common(request.event, request.delegation.organisation, "", language)
    places["url"] = link("organise:late", request.event.slug, language=language)
    _queue_late("late_request_asked", request, to=to, language=language, places=places, reader=to)


def letter_used(letter: InvitationLetter, *, to: str, language: str) -> None:
    """Tell an organiser on duty that the code of a letter was used; by whom stands behind sign-in."""
    places = _common(letter.event, letter.delegation.organisation, "", language)
    places["url"] = link("organise:letter_decide", letter.event.slug, letter.public_id, language=language)
    subject, text, html = write("letter_used", letter.event, places, language)
    queue(
        kind="letter_used",
        to=to,
        language=language,
        subject=subject,
        text=text,
        html=html,
        dedup_key=f"letter_used:{letter.public_id}:{to}",
        event=letter.event,
        about=str(letter),
    )


def late_request_decided(request: LateRequest, focal_point: FocalPoint, *, person: str) -> None:
    """Tell a focal point what the organisers decided about a late request for a person, and why."""
    language, result = focal_point.language, request.result
    with translation.override(language):
        of_request = {
            "category": str(Category(result.category).label) if result else "",
            "person": person,
            "state": str(RegistrationState(result.state).label) if result else "",
            "reason": request.reason,
            "until": "",
        }
    kind = "late_request_accepted" if request.accepted else "late_request_refused"
    places = focal_point_places(focal_point) | of_request
    _queue_late(kind, request, to=focal_point.email, language=language, places=places, reader=focal_point.public_id)


def _queue_late(kind: str, request: LateRequest, *, to: str, language: str, places: dict, reader: str) -> None:
    subject, text, html = write(kind, request.event, places, language)
    queue(
        kind=kind,
        to=to,
        language=language,
        subject=subject,
        text=text,
        html=html,
        dedup_key=f"{kind}:{request.public_id}:{reader}",
        event=request.event,
        about=str(request),
    )


def _queue_move(
    kind: str, registration: Registration, move: RegistrationMove, *, to: str, language: str, places: dict, reader: str = ""
) -> None:
    subject, text, html = write(kind, registration.event, places, language)
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


def focal_point_places(focal_point: FocalPoint, registration: Registration | None = None, *, language: str = "") -> dict[str, str]:
    """What every message to a focal point may name, in their language or another; the link leads to the delegation's page."""
    delegation, language = (registration or focal_point).delegation, language or focal_point.language
    event = delegation.event
    places = _common(event, delegation.organisation, focal_point.name, language)
    return places | {"url": link("delegates:delegation", event.slug, delegation.public_id, language=language)}


def person_places(registration: Registration, language: str = "") -> dict[str, str]:
    """What every message to a person may name, in their language or another; the link leads to their registration."""
    delegate, event = registration.delegate, registration.event
    language = language or delegate.language
    places = _common(event, registration.delegation.organisation, delegate.full_name, language)
    with translation.override(language):
        places["category"] = str(Category(registration.category).label)
    return places | {
        "confirm_by": moment_in_words(event, confirm_limit(registration, event), language),
        "url": link("delegates:registration", event.slug, registration.public_id, language=language),
    }


def sample_readers(kind: str, event: Event) -> list:
    """List up to a hundred people of an event who could get a message of this kind: registrations or focal points."""
    recipient = MESSAGES[kind].recipient
    if recipient == PERSON:
        found = event.registrations.exclude(delegate=None).exclude(delegate__email="").for_list()
    elif recipient in (FOCAL, INVITED):
        found = event.focal_points.live(timezone.now()).select_related("delegation__organisation", "delegation__event")
    else:
        return []
    return list(found.order_by("pk")[:100])


def sample_places(kind: str, event: Event, reader: Registration | FocalPoint | None, language: str) -> dict[str, str]:
    """What a message would say to one reader, in a language; what only the moment gives (reason, link, deadline) is an example."""
    places = examples(kind, language) | {"event": title_in(event, language)}
    deadlines = {name: getattr(event, f"{name}_at", None) for name in ("answer_by", "nominate_by", "confirm_by", "travel_by")}
    places |= {name: moment_in_words(event, at, language) for name, at in deadlines.items() if name in places}
    if isinstance(reader, Registration):
        places |= person_places(reader, language)
    elif isinstance(reader, FocalPoint):
        places |= focal_point_places(reader, language=language)
    if reader is not None and "address" in places:
        places["address"] = reader.delegate.email if isinstance(reader, Registration) else reader.email
    if MESSAGES[kind].is_secret:
        places["url"] = str(PLACES["url"].example)
    return places


def _common(event: Event, organisation, name: str, language: str) -> dict[str, str]:
    with translation.override(language):
        hello = greeting(name)
    return {
        "greeting": hello,
        "name": name,
        "event": title_in(event, language),
        "organisation": str(organisation.name_in(language)),
    }
