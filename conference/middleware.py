"""What every response passes: isolation and cache headers, the language of the organisers' site, the event of an address."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from conference.lib import claims, drafts, kept, signin
from delegates.viewers import viewer_for
from events.models import Event, stamp_of
from events.rules import may_see_event

ORGANISERS_SITE = "/admin/"


def headers(get_response):
    """Set what Django does not: the isolation headers, and `no-store` unless the page said otherwise."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        if getattr(request, "signed_out", False):
            response.headers["Clear-Site-Data"] = '"cache", "cookies"'  # never "storage": scans wait there
        return response

    return middleware


def kept_pages(get_response):
    """Answer strangers with the page kept ready for them, after one short query: has anything been done at its event since?

    Stands below what sets headers on every response and above everything that asks who is there.
    """

    def middleware(request):
        if not kept.is_stranger(request):
            return get_response(request)
        page = kept.find(request)
        if page and stamp_of(page.slug) == page.stamp:
            request.get_host()  # refuses a host that is not ours, as it would have been further down
            return kept.answer(request, page)
        try:
            response = get_response(request)
            page = kept.keep(request, response)
        finally:
            kept.let_others_go_on(request)
        return kept.answer(request, page) if page else response

    return middleware


def sign_in_ends(get_response):
    """End a sign-in that was not used for half an hour, or that began eight hours ago; note the use of one that goes on."""

    def middleware(request):
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            at = timezone.now()
            if signin.has_ended(request.session, at):
                request.signed_in_before = request.user.pk
                drafts.sign_out(request)
                messages.info(request, _("You were signed out because nothing was done here for a while."))
            else:
                signin.note_use(request.session, at)
        return get_response(request)

    return middleware


class WhoActs:
    """Ask who acts where several people read the mailbox that signed in, and tell the record what they said."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Pass on; the work is done once the address is resolved."""
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Send who has not said so yet to the page that asks; what is posted goes through, as nothing typed may be lost."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated or not request.user.is_shared:
            return None
        request.user.claim = claims.claim_in(request.session)
        if request.user.claim or request.method == "POST" or getattr(view, "before_who_acts", False):
            return None
        return redirect(f"{reverse('who_acts')}?{urlencode({'next': request.get_full_path()})}")


def organisers_language(get_response):
    """Show the organisers' site, whose addresses carry no language, in the language its user chose."""
    known = {code for code, _name in settings.LANGUAGES}

    def middleware(request):
        if request.path.startswith(ORGANISERS_SITE) and request.user.is_authenticated and request.user.language in known:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return get_response(request)

    return middleware


class SignInRequired(LoginRequiredMiddleware):
    """Send strangers to the sign-in page; what they had typed into a form waits for them in the sign-in session."""

    def handle_no_permission(self, request, view_func):
        """Keep what was posted to a page that shows it again, then ask to sign in and come back to the page with the form."""
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        is_kept = getattr(view_func, "keeps_typed", False) and drafts.keep(request)
        if is_kept:
            messages.info(request, _("What you had typed is kept. Sign in again, and send it."))
        back = request.get_full_path() if is_kept else _page_of_form(request)
        return redirect_to_login(back, self.get_login_url(view_func), self.get_redirect_field_name(view_func))


def _page_of_form(request) -> str:
    """The page somebody sent a form from, where the browser says it and it is ours; else the address it was sent to."""
    sent_from = urlsplit(request.headers.get("Referer", ""))
    is_ours = (sent_from.scheme, sent_from.netloc) == (request.scheme, request.get_host())
    if not is_ours:
        return request.get_full_path()
    return f"{sent_from.path}?{sent_from.query}" if sent_from.query else sent_from.path


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
        kind = getattr(view, "hat", "")  # the address of a delegation or a registration itself names the hat
        request.viewer = viewer_for(request, request.event, named=f"{kind}:{kwargs['public_id']}" if kind else "")
        if not may_see_event(request.event, request.viewer):
            raise Http404
