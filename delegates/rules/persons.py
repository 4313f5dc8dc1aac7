"""What is next for one person, what they fill in, and which of their changes wait for an officer."""

import datetime as dt

from delegates.choices import Category, RequestStage
from delegates.choices import RegistrationState as State
from delegates.rules.categories import NOMINABLE
from delegates.rules.limits import confirm_limit

NOTICE_VERSION = "2026-11"  # of the privacy notice a person reads when they confirm; raise it with its words


def request_stage(asked) -> RequestStage:
    """Say where a request stands, as its person may know it: asked, whether or not it has found a delegation."""
    if asked.withdrawn_at:
        return RequestStage.WITHDRAWN
    if asked.refused_at:
        return RequestStage.REFUSED
    if asked.registration is None or asked.registration.state == State.REQUESTED:
        return RequestStage.ASKED
    others = {
        State.REFUSED: RequestStage.REFUSED,
        State.WITHDRAWN: RequestStage.WITHDRAWN,
        State.WAITLISTED: RequestStage.WAITING,
        State.OFFERED: RequestStage.WAITING,
        State.REPLACED: RequestStage.ENDED,
        State.REVOKED: RequestStage.ENDED,
    }
    return others.get(State(asked.registration.state), RequestStage.LISTED)


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
    """Give the one next act of the focal point for a person, or nothing.

    `name` a kept seat, `accept` an offer or a request, `send` the list, `remind` somebody who owes their form.
    """
    if registration.state == State.PLACEHOLDER:
        return "name"
    if registration.state in (State.OFFERED, State.REQUESTED):
        return "accept"
    if owes_form(registration) and registration.invited_at and registration.delegate.email:
        return "remind"
    return "send" if waits_for_list(registration) else ""


def fills_in_form(registration) -> bool:
    """Say whether the person's form is open to them: to send it the first time or again, or to correct what it says."""
    return registration.state in (State.NOMINATED, State.RETURNED, *CORRECTED)


def owes_form(registration) -> bool:
    """Say whether the person's form is awaited."""
    return registration.state in (State.NOMINATED, State.RETURNED)


def next_form_limit(registration, event, *, owes_details: bool) -> dt.datetime | None:
    """Give the deadline of the form a person owes next, None when they owe none."""
    if owes_form(registration):
        return confirm_limit(registration, event)
    return event.travel_by_at if owes_details else None


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
