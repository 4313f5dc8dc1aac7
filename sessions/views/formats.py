"""The agenda in the formats other programs read: schedule.xml, schedule.json, schema.org data and a feed of its versions.

Each shows the public agenda, whoever asks: programs come without a sign-in session. A participant's private address gives
the same formats with what they may see.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from conference.lib.kept import kept_for_strangers
from conference.lib.viewer import ANYONE
from events.models import Event
from events.rules import seen_of_venue
from sessions import exports
from sessions.exports import item_of
from sessions.feeds import versions
from sessions.models import Release, Slot, feed_of
from sessions.views.calendars import read_feed

TYPES = {
    "xml": "application/xml; charset=utf-8",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "atom": "application/atom+xml; charset=utf-8",
}
Writer = Callable[..., bytes]


def _write(event: Event, slots: list[Slot], writer: Writer) -> bytes:
    """Write slots in hand with a writer of `sessions.exports`; before the first release there is version 0, without any."""
    release = Release.objects.filter(event=event).current().first()
    version = str(release.number) if release else "0"
    return writer(event, [item_of(slot) for slot in slots], version=version, url=settings.SITE_URL + event.get_absolute_url())


@login_not_required
@kept_for_strangers
@require_safe
def schedule_xml(request: HttpRequest, slug: str) -> HttpResponse:
    """The public agenda as schedule.xml."""
    return HttpResponse(_write(request.event, feed_of(request.event, ANYONE), exports.schedule_xml), content_type=TYPES["xml"])


@login_not_required
@kept_for_strangers
@require_safe
def schedule_json(request: HttpRequest, slug: str) -> HttpResponse:
    """The public agenda as schedule.json."""
    return HttpResponse(_write(request.event, feed_of(request.event, ANYONE), exports.schedule_json), content_type=TYPES["json"])


@login_not_required
@require_safe
def private_schedule(request: HttpRequest, secret: str, form: str) -> HttpResponse:
    """What the owner of a private address may see now, as schedule.xml or schedule.json."""
    feed, _viewer, slots = read_feed(secret)
    writer = {"xml": exports.schedule_xml, "json": exports.schedule_json}[form]
    with translation.override(feed.language):
        return HttpResponse(_write(feed.event, slots, writer), content_type=TYPES[form])


@login_not_required
@kept_for_strangers
@require_safe
def structured(request: HttpRequest, slug: str) -> HttpResponse:
    """The event and its public agenda as schema.org data (JSON-LD), for search engines."""
    event = request.event
    places = [seen_of_venue(venue, ANYONE) for venue in event.venues.order_by("position", "pk")]
    body = exports.structured_event(
        event,
        [item_of(slot) for slot in feed_of(event, ANYONE)],
        places=[place for place in places if place.is_anything],
        url=settings.SITE_URL + event.get_absolute_url(),
    )
    return HttpResponse(body, content_type=TYPES["jsonld"])


@login_not_required
@kept_for_strangers
@require_safe
def version_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The released versions of the agenda with what each changed of its public part, as an Atom feed (RFC 4287)."""
    event = request.event
    pages = {"agenda": reverse("sessions:agenda", args=[slug]), "feed": request.path}
    addresses = {name: settings.SITE_URL + path for name, path in pages.items()}
    return HttpResponse(
        exports.version_feed(event, versions(event, ANYONE), **addresses, language=get_language()), content_type=TYPES["atom"]
    )
