"""The clock of a session's turns for the person who chairs it: their page, the screen of the room, and what both ask for."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conference.lib.fingerprints import marks_in
from delegates.viewers import actor_for
from events.rules import NotAllowed
from sessions import actions
from sessions.exports.clock import button_of, clock_state
from sessions.models import Intervention, Session, Slot, TurnClock, live_turns
from sessions.rules import Stale


@require_http_methods(["GET", "HEAD", "POST"])
def chair(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Show whoever chairs the session whose turn it is, and let them steer the clock."""
    session = _chaired(request, public_id)
    if request.method == "POST":
        _steer(request, session)
        return redirect(f"{reverse('sessions:chair', args=[slug, public_id])}{button_of(request.POST.get('act', ''))}")
    slot, turns = live_turns(session)
    context = {
        "event": request.event,
        "session": session,
        "slot": slot,
        "turns": turns,
        "state": _state(session, slot, turns),
        "state_url": reverse("sessions:turn_state", args=[slug, public_id]),
        "screen_url": reverse("sessions:turn_screen", args=[slug, public_id]),
        "hat": request.viewer.hat,
        "can_edit": True,
    }
    return render(request, "sessions/chair.html", context)


@require_safe
def turn_screen(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """The screen of the room: large, nothing to press."""
    session = _chaired(request, public_id)
    state_url = reverse("sessions:turn_state", args=[slug, public_id])
    context = {"event": request.event, "session": session, "state": _state(session, *live_turns(session)), "state_url": state_url}
    return render(request, "sessions/turn_screen.html", context)


@require_safe
def turn_state(request: HttpRequest, slug: str, public_id: str) -> JsonResponse:
    """What the clock says now."""
    session = _chaired(request, public_id)
    return JsonResponse(_state(session, *live_turns(session)))


def _chaired(request: HttpRequest, public_id: str) -> Session:
    """The session, for the approved person who chairs it and sees it; to anybody else there is no such page."""
    mine = request.viewer.assigned_registration_id
    if mine is None:
        raise Http404
    sessions = Session.objects.filter(event=request.event).visible_to(request.viewer).chaired_by(mine)
    session = get_object_or_404(sessions, public_id=public_id)
    session.event = request.event
    return session


def _state(session: Session, slot: Slot | None, turns: list[Intervention]) -> dict:
    return clock_state(slot, turns, TurnClock.objects.filter(session=session).first(), timezone.now())


def _steer(request: HttpRequest, session: Session) -> None:
    if request.POST.get("hat") != request.viewer.hat:
        messages.error(request, _("You are now acting in another capacity at this event. Check the page before you continue."))
        return
    by, seen = actor_for(request, request.viewer), marks_in(request.POST.get("seen", ""))
    try:
        actions.steer_clock(session, request.POST.get("act", ""), by=by, seen=seen)
    except Stale:
        messages.warning(request, _("Somebody else has moved the clock since. Nothing was done; here it is now."))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
