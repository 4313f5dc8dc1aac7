"""Undoing what was just done: the next page shows one button that sends the opposite act, as often as nothing else has happened since."""

from django.http import HttpRequest

UNDO_KEY = "undo"  # in the sign-in session: address and fields of the opposite act


def offer_undo(request: HttpRequest, *, url: str, **fields: str) -> None:
    """Keep the opposite of an act for the next page."""
    request.session[UNDO_KEY] = {"url": url, "fields": fields}


def offered_undo(request: HttpRequest) -> dict | None:
    """Take what may be undone; it is offered once."""
    return request.session.pop(UNDO_KEY, None)
