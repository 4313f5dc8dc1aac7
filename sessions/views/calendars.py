"""Calendars: of the public agenda, of one session, and the private one of a participant."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conference.lib.answers import public_page
from conference.lib.kept import kept_for_strangers
from conference.lib.viewer import ANYONE, Viewer
from delegates.choices import RegistrationState
from delegates.models import Registration
from delegates.viewers import actor_for, viewer_of
from events.actions import note_read
from events.models import Event
from events.rules import EDITED_STATES, NotAllowed
from sessions import actions
from sessions.choices import Label
from sessions.exports import calendar as write_calendar
from sessions.feeds import dropped_slots
from sessions.models import CalendarFeed, Release, Slot, feed_of
from sessions.rules import in_feeds
from sessions.views.own import own_sessions
from sessions.views.session import slot_or_404


def _answer(body: bytes) -> HttpResponse:
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")


def _release(event: Event) -> Release | None:
    return Release.objects.filter(event=event).current().first()


@login_not_required
@kept_for_strangers
@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The public agenda, whoever asks: calendar programs come without a sign-in session."""
    event = request.event
    return _answer(write_calendar(event, feed_of(event, ANYONE), _release(event), dropped=dropped_slots(event, ANYONE)))


@login_not_required
@kept_for_strangers
@require_safe
def track_calendar(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """The public sessions of one track; a track without any does not exist."""
    event = request.event
    slots = [slot for slot in feed_of(event, ANYONE) if slot.session.track and slot.session.track.public_id == public_id]
    if not slots:
        raise Http404
    dropped = [slot for slot in dropped_slots(event, ANYONE) if slot.session.track_id == slots[0].session.track_id]
    return _answer(write_calendar(event, slots, _release(event), dropped=dropped))


@login_not_required
@public_page
@require_safe
def session_calendar(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """One session, to put into one's own calendar; a RED one stands in none."""
    slot = slot_or_404(request, public_id)
    if not in_feeds(slot.session.label):
        raise Http404
    if slot.session.label != Label.CLEAR:
        note_read(request.viewer, event=request.event, verb="export", target=slot.session)
    return _answer(write_calendar(request.event, [slot], _release(request.event)))


@require_http_methods(["GET", "HEAD", "POST"])
def my_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The participant's private address: make one (shown this once), see that there is one, revoke it."""
    registration = get_object_or_404(Registration.objects.own_of(request.viewer).in_state(RegistrationState.APPROVED), event=request.event)
    address = ""
    if request.method == "POST":
        secret = _change(request, registration)
        if not secret:
            return redirect("sessions:my_calendar", slug=slug)
        address = settings.SITE_URL + reverse("private_calendar", args=[secret])
    feed = CalendarFeed.objects.live().filter(registration=registration).first()
    context = {"event": request.event, "feed": feed, "address": address, "hat": request.viewer.hat}
    return render(request, "sessions/my_calendar.html", context | {"can_make": request.event.state in EDITED_STATES})


def _change(request: HttpRequest, registration: Registration) -> str:
    """Make or revoke the address, under the hat the page was opened with; give the secret of a new one."""
    by = actor_for(request, request.viewer)
    if request.POST.get("hat") != request.viewer.hat:
        messages.error(request, _("You are now acting in another capacity at this event. Check the page before you continue."))
    elif request.POST.get("act") == "revoke":
        actions.revoke_calendar_feed(registration, by=by)
    else:
        try:
            return actions.make_calendar_feed(registration, language=translation.get_language(), by=by)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
    return ""


@login_not_required
@require_safe
def private_calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """What the owner of the address may see now; nothing once it is revoked, the registration has ended or the event is archived.

    With `?starred` only what is their own: starred, signed up for, or with a part of theirs in it.
    """
    feed, viewer, slots = read_feed(secret)
    event = feed.event
    if "starred" in request.GET:
        mine = own_sessions(event, viewer)
        slots = [slot for slot in slots if slot.session_id in mine]
    with translation.override(feed.language):
        dropped = dropped_slots(event, viewer, registration=feed.registration)
        return _answer(write_calendar(event, slots, _release(event), dropped=dropped))


def read_feed(secret: str) -> tuple[CalendarFeed, Viewer, list[Slot]]:
    """Open a private address: whose it is, and the slots they may have in a feed; note the read of what is not for everybody."""
    feed = get_object_or_404(CalendarFeed.objects.usable(secret).for_page())
    registration = feed.registration
    viewer = viewer_of(registration, feed.event, user=registration.delegate.user)
    slots = feed_of(feed.event, viewer)
    if any(slot.session.label != Label.CLEAR for slot in slots):
        note_read(viewer, event=feed.event, verb="feed", target=registration)
    return feed, viewer, slots
