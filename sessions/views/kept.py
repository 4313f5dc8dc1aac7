"""Pages kept ready for strangers, per process, under everything that decides what stands in them.

The number of acts at the event is part of the key, so that any recorded act makes the page anew at the next visit; it never
leaves the server. A page is kept for a minute, which bounds what changes with time alone: an embargo that ends, the day.
"""

import gzip
import hashlib
import re
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

from conference.lib.viewer import Viewer
from events.models import Event
from events.rules import phase

KEPT_SECONDS = 60
_TAKES_GZIP = re.compile(r"\bgzip\b")


def is_stranger(request: HttpRequest) -> bool:
    """Say whether the visitor carries no sign-in session, so that the page is nobody's in particular."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES


def key_of(what: str, event: Event, viewer: Viewer, *rest: str) -> str:
    """Give the key of a page or a part of one: the event as it is now, what the viewer may see, the language, and `rest`."""
    facts = (
        event.pk,
        event.stamp,
        phase(event, timezone.now()),
        str(event.series.name),
        viewer.cache_key,
        get_language(),
        *rest,
    )
    return f"{what}:{hashlib.sha256(repr(facts).encode()).hexdigest()}"


def answer(request: HttpRequest, key: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer a stranger with the page kept under `key`, made when there is none; with 304 when they have it already.

    The ETag is a digest of the body, weak because it stands for the compressed and the plain form alike.
    """
    packed = bool(_TAKES_GZIP.search(request.headers.get("Accept-Encoding", "")))
    kept = caches["pages"].get(f"{key}:{packed}")
    if kept is None:
        response = make()
        if response.status_code != 200:
            return response
        kept = _keep(key, response, packed=packed)
    headers, body = kept
    return get_conditional_response(request, etag=headers["ETag"], response=HttpResponse(body, headers=headers))


def _keep(key: str, response: HttpResponse, *, packed: bool) -> tuple[dict[str, str], bytes]:
    headers = {
        "Content-Type": response.headers["Content-Type"],
        "ETag": f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"',
        "Cache-Control": "no-cache",
        "Vary": "Accept-Encoding, Cookie",
    }
    plain = (headers, response.content)
    small = (headers | {"Content-Encoding": "gzip"}, gzip.compress(response.content, mtime=0))
    caches["pages"].set_many({f"{key}:False": plain, f"{key}:True": small}, KEPT_SECONDS)
    return small if packed else plain
