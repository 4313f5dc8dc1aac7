"""How a public page answers: strangers may keep it and must ask again; it is sent anew only when it changed."""

import functools
import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers


def public_page(view):
    """Let strangers' browsers keep the page under a digest of its body (`no-cache` with ETag); for all others it stays `no-store`."""

    @functools.wraps(view)
    def page(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != 200 or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return response
        return conditional(request, response)

    return page


def conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give the answer its ETag, `no-cache` and `Vary: Cookie`, or a 304 to one who already has this body."""
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Cookie"])
    return get_conditional_response(request, etag=etag, response=response) or response
