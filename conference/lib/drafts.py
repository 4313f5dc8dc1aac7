"""Drafts: what somebody typed into a form that could not be taken, kept sealed in their sign-in session until it is sent again."""

from django.conf import settings
from django.http import HttpRequest, QueryDict

from conference.lib.sealing import Sealer, Unsealable

_KEY = "drafts"  # in the sign-in session: address of the page -> what was typed, sealed
MAX_CHARACTERS = 30_000  # of one form; every form that is kept is far smaller
MAX_FORMS = 5
_NOT_TYPED = ("csrfmiddlewaretoken", "hat")


def keep(request: HttpRequest) -> bool:
    """Keep what was posted to this address; say whether it was (a body beyond any of our forms is not)."""
    typed = request.POST.copy()
    for name in _NOT_TYPED:
        typed.pop(name, None)
    written = typed.urlencode()
    if len(written) > MAX_CHARACTERS:
        return False
    others = [pair for pair in request.session.get(_KEY, {}).items() if pair[0] != request.path]
    request.session[_KEY] = dict([*others[1 - MAX_FORMS :], (request.path, Sealer(settings.DATA_KEYS).seal(written))])
    return True


def kept(request: HttpRequest) -> QueryDict | None:
    """Give what was kept for this address, None when there is nothing (or nothing that can still be read)."""
    sealed = request.session.get(_KEY, {}).get(request.path)
    if sealed is None:
        return None
    try:
        return QueryDict(Sealer(settings.DATA_KEYS).open(sealed))
    except Unsealable:
        return None


def drop(request: HttpRequest) -> None:
    """Forget what was kept for this address: it has been sent."""
    drafts = request.session.get(_KEY, {})
    if request.path in drafts:
        request.session[_KEY] = {path: sealed for path, sealed in drafts.items() if path != request.path}
