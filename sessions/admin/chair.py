"""The clock of a session's turns in the organisers' site: the chair's page, the screen of the room, and what both ask for."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conference.lib.fingerprints import marks_in
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed
from sessions import actions
from sessions.admin.loading import may_edit
from sessions.exports.clock import button_of, clock_state
from sessions.models import Intervention, Session, Slot, TurnClock, live_turns
from sessions.rules import Stale

SECTION = "sessions"


@organisers_page("read", write_act="programme")
@require_http_methods(["GET", "HEAD", "POST"])
def chair(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show whose turn it is, and steer the clock."""
    session = _session(request, public_id)
    if request.method == "POST":
        _steer(request, session)
        return redirect(f"{reverse('organise:chair', args=[request.event.slug, public_id])}{button_of(request.POST.get('act', ''))}")
    slot, turns = live_turns(session)
    context = {
        "session": session,
        "slot": slot,
        "turns": turns,
        "state": _state(session, slot, turns),
        "state_url": reverse("organise:turn_state", args=[request.event.slug, public_id]),
        "screen_url": reverse("organise:turn_screen", args=[request.event.slug, public_id]),
        "can_edit": may_edit(request),
    }
    return render_page(request, "admin/sessions/chair.html", context, section=SECTION)


@organisers_page("read")
@require_safe
def turn_screen(request: HttpRequest, public_id: str) -> HttpResponse:
    """The screen of the room: large, nothing to press."""
    session = _session(request, public_id)
    state_url = reverse("organise:turn_state", args=[request.event.slug, public_id])
    context = {"event": request.event, "session": session, "state": _state(session, *live_turns(session)), "state_url": state_url}
    return render(request, "sessions/turn_screen.html", context)


@organisers_page("read")
@require_safe
def turn_state(request: HttpRequest, public_id: str) -> JsonResponse:
    """What the clock says now."""
    session = _session(request, public_id)
    return JsonResponse(_state(session, *live_turns(session)))


def _session(request: HttpRequest, public_id: str) -> Session:
    session = get_object_or_404(request.event.sessions.all(), public_id=public_id)
    session.event = request.event
    return session


def _state(session: Session, slot: Slot | None, turns: list[Intervention]) -> dict:
    return clock_state(slot, turns, TurnClock.objects.filter(session=session).first(), timezone.now())


def _steer(request: HttpRequest, session: Session) -> None:
    try:
        actions.steer_clock(session, request.POST.get("act", ""), by=request.actor, seen=marks_in(request.POST.get("seen", "")))
    except Stale:
        messages.warning(request, _("Somebody else has moved the clock since. Nothing was done; here it is now."))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
