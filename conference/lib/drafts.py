"""Drafts: what somebody typed into a form that could not be taken, kept sealed in their sign-in session until it is sent again."""

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, QueryDict

from conference.lib.sealing import Sealer, Unsealable

_KEY = "drafts"  # in the sign-in session: address of the page -> what was typed, sealed, and whose it is if that is known
MAX_CHARACTERS = 30_000  # of one form of somebody we do not know
MAX_CHARACTERS_OF_OURS = 200_000  # of one form of somebody who was signed in a moment ago: texts in every language
MAX_FORMS = 5
_NOT_TYPED = ("csrfmiddlewaretoken", "hat")


def keep(request: HttpRequest) -> bool:
    """Keep what was posted to this address; say whether it was (a body beyond any of our forms is not)."""
    typed = request.POST.copy()
    for name in _NOT_TYPED:
        typed.pop(name, None)
    written = typed.urlencode()
    owner = _owner(request)
    if len(written) > (MAX_CHARACTERS_OF_OURS if owner else MAX_CHARACTERS):
        return False
    others = [pair for pair in request.session.get(_KEY, {}).items() if pair[0] != request.path]
    draft = {"sealed": Sealer(settings.DATA_KEYS).seal(written), "owner": owner}
    request.session[_KEY] = dict([*others[1 - MAX_FORMS :], (request.path, draft)])
    return True


def kept(request: HttpRequest) -> QueryDict | None:
    """Give what was kept for this address, None when there is nothing, or nothing that can still be read, or somebody else's."""
    draft = request.session.get(_KEY, {}).get(request.path)
    if draft is None or draft["owner"] not in (None, request.user.pk):
        return None
    try:
        return QueryDict(Sealer(settings.DATA_KEYS).open(draft["sealed"]))
    except Unsealable:
        return None


def drop(request: HttpRequest) -> None:
    """Forget what was kept for this address: it has been sent."""
    drafts = request.session.get(_KEY, {})
    if request.path in drafts:
        request.session[_KEY] = {path: draft for path, draft in drafts.items() if path != request.path}


def sign_out(request: HttpRequest) -> None:
    """Sign out somebody whose time is over; their drafts stay, for nobody but them."""
    owner = request.user.pk
    drafts: dict[str, Any] = request.session.get(_KEY, {})
    logout(request)
    if drafts:
        request.session[_KEY] = {path: draft | {"owner": draft["owner"] or owner} for path, draft in drafts.items()}


def _owner(request: HttpRequest) -> int | None:
    return request.user.pk or getattr(request, "signed_in_before", None)
