"""What every template may use; whatever costs a query is asked only by the template that shows it."""

from django.conf import settings
from django.contrib import admin
from django.core.cache import caches
from django.db.models import Exists
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_bidi, get_language_info, pgettext
from django.utils.translation import gettext as _

from conference.lib import dates
from conference.lib.kept import KEPT_SECONDS
from conference.lib.viewer import PUBLIC_HAT, Viewer
from delegates.viewers import described_hats, held_in
from events.models import Event, PressRelease
from sessions.models import Release


def page(request: HttpRequest) -> dict:
    """Give the languages of the page, who is signed in and where they may go, and the parts of the event they are at."""
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "site_languages": settings.LANGUAGES,
        "site_url": settings.SITE_URL,
        "is_demo": settings.DEMO,
        "page_language": language,
        "page_direction": "rtl" if get_language_bidi() else "ltr",
        "language_links": SimpleLazyObject(lambda: language_links(request)),
        "is_organiser": SimpleLazyObject(lambda: getattr(request, "may_organise", False) or admin.site.is_organiser(request.user)),
        "event_parts": SimpleLazyObject(lambda: event_parts(request)),
        "hats": SimpleLazyObject(lambda: hats(request)),
        "bare_url": _bare_url(request),
        "issued_on": SimpleLazyObject(lambda: dates.date_in_words(timezone.localdate(), language)),
    }


def language_links(request: HttpRequest) -> list[dict]:
    """List the same page in every language: code, name in that language, url; empty where the address carries no language."""
    _empty, first, *rest = request.get_full_path().split("/")
    if first not in dict(settings.LANGUAGES):
        return []
    return [
        {"code": code, "name": get_language_info(code)["name_local"].capitalize(), "url": "/".join(["", code, *rest])}
        for code, _name in settings.LANGUAGES
    ]


def _bare_url(request: HttpRequest) -> str:
    """The address without its language, which answers by the browser's preference."""
    return "/" + request.path.lstrip("/").partition("/")[2]


def event_parts(request: HttpRequest) -> list[dict]:
    """List the public parts of the event in the address, and the viewer's own: url, label, is_current."""
    event, viewer = getattr(request, "event", None), getattr(request, "viewer", None)
    if event is None or viewer is None or event.is_external:
        return []
    parts = [("events:event", [], pgettext("part of an event", "Overview"))]
    has_agenda, has_press = _for_strangers(event, viewer) if viewer.is_public else _has_agenda_and_press(event, viewer)
    if has_agenda:
        parts.append(("sessions:agenda", [], _("Agenda")))
    if has_press:
        parts.append(("events:press", [], _("Press")))
    kind, _colon, public_id = viewer.hat.partition(":")
    if kind == "registration":
        parts.append(("delegates:registration", [public_id], _("My registration")))
    elif kind == "focal":
        parts.append(("delegates:delegation", [public_id], _("My delegation")))
    return [_part(request, name, [event.slug, *rest], label) for name, rest, label in parts]


def _for_strangers(event: Event, viewer: Viewer) -> tuple[bool, bool]:
    """Ask once until something is done at the event, or for a minute, as pages are kept."""
    key = f"parts:{event.pk}:{event.stamp}"
    if (found := caches["pages"].get(key)) is None:
        caches["pages"].set(key, found := _has_agenda_and_press(event, viewer), KEPT_SECONDS)
    return found


def _has_agenda_and_press(event: Event, viewer: Viewer) -> tuple[bool, bool]:
    releases = Release.objects.filter(event=event).numbered()
    press_releases = PressRelease.objects.filter(event=event).visible_to(viewer, timezone.now())
    return Event.objects.filter(pk=event.pk).values_list(Exists(releases), Exists(press_releases))[0]


def _part(request: HttpRequest, name: str, args: list[str], label: str) -> dict:
    url = reverse(name, args=args)
    is_current = request.path == url or (name != "events:event" and request.path.startswith(url))
    return {"url": url, "label": label, "is_current": is_current}


def _names_hat(request: HttpRequest) -> bool:
    return bool(request.resolver_match and getattr(request.resolver_match.func, "hat", ""))


def hats(request: HttpRequest) -> list[dict]:
    """List the hats of a signed-in person at the event in the address, when they have several of their own: value, label, is_current.

    A page whose address itself names the hat offers no other.
    """
    event, viewer = getattr(request, "event", None), getattr(request, "viewer", None)
    if event is None or viewer is None or not request.user.is_authenticated or _names_hat(request):
        return []
    found = described_hats(held_in(request, event), is_shared=request.user.is_shared)
    own = [value for value, _label in found if value != PUBLIC_HAT]
    return [{"value": value, "label": label, "is_current": value == viewer.hat} for value, label in found] if len(own) > 1 else []
