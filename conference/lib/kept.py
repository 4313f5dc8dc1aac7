"""Pages of an event kept ready for strangers, in this process, for as long as nothing is done at the event.

Any recorded act moves the event's stamp, so that the next visit makes the page anew; the stamp never leaves the server. A page is
kept for a minute at most, which bounds what changes with time alone: an embargo that ends, the day, a state that follows
from the dates. Only whole pages of status 200 that set no cookie are kept, so that strangers cannot fill the store with
addresses they invent.
"""

import contextlib
import dataclasses
import functools
import gzip
import hashlib
import re

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers

from conference.lib.memory import alone

KEPT_SECONDS = 60
_TAKES_GZIP = re.compile(r"\bgzip\b")


@dataclasses.dataclass(frozen=True)
class Kept:
    """A page in one form, and the event and its stamp under which it is true."""

    slug: str
    stamp: tuple[int, int]  # the event's key and its number of acts
    headers: dict[str, str]
    body: bytes


def kept_for_strangers(view):
    """Let the middleware keep this page, which shows the same to everyone who carries no sign-in session.

    Of strangers who ask at once one has it made; the others wait, and are given what the middleware has kept by then.
    """

    @functools.wraps(view)
    def page(request, *args, **kwargs):
        event = request.event  # read before the page was made: a page may be newer than its stamp, never older
        if is_stranger(request):
            request.until_kept = contextlib.ExitStack()  # the middleware closes it
            request.until_kept.enter_context(alone(_key(request, "made")))
            if (made := find(request)) and made.stamp == (event.pk, event.stamp):
                request.kept_page = made
                return HttpResponse()
        response = view(request, *args, **kwargs)
        response.kept_under = (event.slug, (event.pk, event.stamp))
        return response

    return page


def is_stranger(request: HttpRequest) -> bool:
    """Say whether a visitor only reads and carries no sign-in session, so that the page is nobody's in particular."""
    return request.method in ("GET", "HEAD") and settings.SESSION_COOKIE_NAME not in request.COOKIES


def find(request: HttpRequest) -> Kept | None:
    """Give what is kept under the address asked for, in the form the visitor takes; the caller checks its stamp."""
    return caches["pages"].get(_key(request, _form(request)))


def keep(request: HttpRequest, response: HttpResponse) -> Kept | None:
    """Keep a page its view marked, and give it in the visitor's form (or what another request kept meanwhile); None for what is not kept.

    The ETag is a digest of the body, weak because it stands for the compressed and the plain form alike.
    """
    if made := getattr(request, "kept_page", None):
        return made
    slug, stamp = getattr(response, "kept_under", ("", (0, 0)))
    if not slug or response.status_code != 200 or response.cookies:
        return None
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    body = response.content
    headers = dict(response.headers) | {
        "ETag": f'W/"{hashlib.sha256(body).hexdigest()[:32]}"',
        "Cache-Control": "no-cache",
    }
    packed = gzip.compress(body, compresslevel=6, mtime=0)
    forms = {
        "plain": Kept(slug, stamp, headers | {"Content-Length": str(len(body))}, body),
        "gzip": Kept(slug, stamp, headers | {"Content-Length": str(len(packed)), "Content-Encoding": "gzip"}, packed),
    }
    caches["pages"].set_many({_key(request, form): kept for form, kept in forms.items()}, KEPT_SECONDS)
    return forms[_form(request)]


def let_others_go_on(request: HttpRequest) -> None:
    """Let those have the page who wait for this request to make it."""
    if hasattr(request, "until_kept"):
        request.until_kept.close()


def answer(request: HttpRequest, kept: Kept) -> HttpResponse:
    """Answer with a kept page, or with 304 to one who has it already."""
    response = HttpResponse(kept.body, headers=kept.headers)
    if "HTTP_IF_NONE_MATCH" in request.META:
        return get_conditional_response(request, etag=kept.headers["ETag"], response=response) or response
    return response


def _form(request: HttpRequest) -> str:
    return "gzip" if _TAKES_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")) else "plain"


def _key(request: HttpRequest, form: str) -> str:
    # Not every address says its language: those of the API answer in that of the visitor.
    language = translation.get_language_from_request(request, check_path=True)
    facts = (request.path, request.META.get("QUERY_STRING", ""), language, form)
    return hashlib.blake2b(repr(facts).encode(), digest_size=16).hexdigest()
