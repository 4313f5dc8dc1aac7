"""Pages kept ready for strangers, per process, under the number of acts at the event.

Any recorded act moves that number, so that the next visit makes the page anew; the number itself never leaves the server. A
page is kept for a minute at most, which bounds what changes with time alone: an embargo that ends, the day, a state that
follows from the dates.
"""

import functools
import gzip
import hashlib
import re

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

from conference.lib.viewer import Viewer
from events.models import Event, stamp_of

KEPT_SECONDS = 60
_TAKES_GZIP = re.compile(r"\bgzip\b")


def kept_for_strangers(view):
    """Answer strangers from what was kept of a page below an event's address; what is not 200 is never kept.

    Strangers carry no sign-in session, so all of them see the same. The middleware asks `answer_kept` before it loads the
    event: one short query. The number of acts is read before the page is made, so that a page can be newer than its
    number and never older.
    """

    def answer_kept(request: HttpRequest, slug: str, **kwargs) -> HttpResponse | None:
        if settings.SESSION_COOKIE_NAME in request.COOKIES or request.method not in ("GET", "HEAD"):
            return None
        stamp = stamp_of(slug)
        if stamp is None:
            return None
        request.kept_as = key_of("page", *stamp, request.path, request.META.get("QUERY_STRING", ""))
        kept = caches["pages"].get(f"{request.kept_as}:{_form(request)}")
        return _answer(request, *kept) if kept else None

    @functools.wraps(view)
    def page(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response, key = view(request, *args, **kwargs), getattr(request, "kept_as", "")
        if not key or response.status_code != 200:
            return response
        return _answer(request, *_keep(key, response)[_form(request)])

    page.answer_kept = answer_kept
    return page


def key_of(*facts) -> str:
    """Give the key of what these facts and the language decide."""
    return hashlib.blake2b(repr((*facts, get_language())).encode(), digest_size=16).hexdigest()


def key_of_part(event: Event, viewer: Viewer, *facts) -> str:
    """Give the key of a part of a page: the event as it is now, what the viewer may see, the language, and what else decides."""
    return key_of("part", event.pk, event.stamp, viewer.cache_key, *facts)


def _form(request: HttpRequest) -> str:
    return "gzip" if _TAKES_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")) else "plain"


def _answer(request: HttpRequest, headers: dict[str, str], body: bytes) -> HttpResponse:
    response = HttpResponse(body, headers=headers)
    if "HTTP_IF_NONE_MATCH" in request.META:
        return get_conditional_response(request, etag=headers["ETag"], response=response)
    return response


def _keep(key: str, response: HttpResponse) -> dict[str, tuple[dict[str, str], bytes]]:
    """Keep both forms of a page. The ETag is a digest of the body, weak because it stands for both."""
    body = response.content
    headers = {
        "Content-Type": response.headers["Content-Type"],
        "ETag": f'W/"{hashlib.sha256(body).hexdigest()[:32]}"',
        "Cache-Control": "no-cache",
        "Vary": "Accept-Encoding, Cookie",
    }
    forms = {"plain": (headers, body), "gzip": (headers | {"Content-Encoding": "gzip"}, gzip.compress(body, mtime=0))}
    caches["pages"].set_many({f"{key}:{form}": kept for form, kept in forms.items()}, KEPT_SECONDS)
    return forms
