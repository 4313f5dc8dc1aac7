"""The page of one session, for those who may see all of it."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from conference.lib.kept import kept_for_strangers
from conference.lib.words import filled
from events.actions import note_read
from sessions.choices import Label, Role
from sessions.exports.lines import line_of
from sessions.exports.turns import Turn, turns_of
from sessions.models import Joining, Paper, Session, Slot, Star, may_have_more, slot_for
from sessions.rules import are_read_by_all, in_feeds, is_joining_open, may_join, turns_shown
from sessions.views.sign_up_panel import panel_of


def slot_or_404(request: HttpRequest, public_id: str) -> Slot:
    """The slot of a session the viewer sees in full; any other session does not exist."""
    slot = slot_for(request.event, request.viewer, public_id)
    if slot is None:
        raise Http404
    return slot


def reader_zone(request: HttpRequest) -> str:
    """The time zone a signed-in person chose, where it is not the event's; else empty, and the browser says its own."""
    zone = getattr(request.user, "time_zone", "")
    return zone if zone != request.event.zone else ""


@login_not_required
@kept_for_strangers
@require_safe
def session(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """What, when, where, who, in which languages, under which label, and its papers."""
    slot = slot_or_404(request, public_id)
    if slot.session.label != Label.CLEAR:
        note_read(request.viewer, event=request.event, verb="read", target=slot.session)
    has_more = may_have_more(request.event, request.viewer, slot)
    context = {
        "event": request.event,
        "line": line_of(slot),
        "session": slot.session,
        "day": request.event.day_of(slot.start_at),
        "turns": _turns(request, slot),
        "reader_zone": reader_zone(request),
        "papers": _papers(request, slot) if has_more else [],
        "joining": _joining(request, slot) if has_more else None,
        "panel": panel_of(slot, request.viewer, timezone.now()),
        "is_signed_in": request.user.is_authenticated,
        "is_chair": _is_chair(request, slot),
        "hat": request.viewer.hat,
        "may_star": request.viewer.registration_id is not None,
        "is_starred": Star.objects.of(request.viewer).filter(session=slot.session_id).exists(),
        "in_feeds": in_feeds(slot.session.label),
        "content_languages": filled(slot.session, "title"),
    }
    return render(request, "sessions/session.html", context)


def _papers(request: HttpRequest, slot: Slot) -> list[Paper]:
    seen = Session.objects.filter(pk=slot.session_id)  # in full: its slot was found so
    papers = list(Paper.objects.filter(session=slot.session).visible_to(request.viewer, seen).in_order())
    for paper in papers:
        paper.event = request.event  # for the fallback of its title, without reading the event again
    return papers


def _joining(request: HttpRequest, slot: Slot) -> dict[str, str] | None:
    """How to join, for those who may, when its time has come; before and after there is no trace of it."""
    joining = Joining.objects.filter(session=slot.session_id).first()
    if joining is None or not is_joining_open(joining.minutes_before, slot.start_at, slot.end_at, at=timezone.now()):
        return None
    mine = request.viewer.assigned_registration_id
    works_in_it = mine is not None and slot.contributions.filter(speaker__registration=mine).exists()
    return joining.details if may_join(joining.audience, request.viewer, works_in_it=works_in_it) else None


def _is_chair(request: HttpRequest, slot: Slot) -> bool:
    mine = request.viewer.assigned_registration_id
    return mine is not None and any(one.role == Role.CHAIR and one.speaker.registration_id == mine for one in slot.people)


def _turns(request: HttpRequest, slot: Slot) -> list[Turn]:
    """The turns of the session as far as this viewer may read them; nobody asks for them who may read none."""
    shown = turns_shown(request.event, slot.session, request.viewer, is_admitted=slot.is_admitted)
    if not are_read_by_all(shown) and not (request.viewer.has_part and slot.is_admitted):
        return []
    return turns_of(slot, slot.interventions.for_page(), request.viewer, shown=shown)
