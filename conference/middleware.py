"""What every response passes: isolation and cache headers, the language of the organisers' site, the event of an address."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import translation

from delegates.viewers import viewer_for
from events.models import Event
from events.rules import may_see_event

ORGANISERS_SITE = "/admin/"


def headers(get_response):
    """Set what Django does not: the isolation headers, and `no-store` unless the page said otherwise."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        return response

    return middleware


def organisers_language(get_response):
    """Show the organisers' site, whose addresses carry no language, in the language its user chose."""
    known = {code for code, _name in settings.LANGUAGES}

    def middleware(request):
        if request.path.startswith(ORGANISERS_SITE) and request.user.is_authenticated and request.user.language in known:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return get_response(request)

    return middleware


class EventOfAddress:
    """Give pages below an event's address `request.event` and `request.viewer`; an event one may not see does not exist."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Pass on; the work is done once the address is resolved."""
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Load the event of the address and build the viewer; raise 404 for what may not be seen."""
        if "slug" not in kwargs or request.path.startswith(ORGANISERS_SITE):
            return
        request.event = get_object_or_404(Event.objects.for_page(), slug=kwargs["slug"])
        request.viewer = viewer_for(request, request.event)
        if not may_see_event(request.event, request.viewer):
            raise Http404
