"""The page of one session, for those who may see all of it."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conference.lib.answers import public_page
from conference.lib.words import filled
from events.actions import note_read
from sessions.choices import Label
from sessions.models import Paper, Session, Slot, agenda_of
from sessions.rules import in_feeds
from sessions.views.lines import line_of


def slot_or_404(request: HttpRequest, public_id: str) -> Slot:
    """The slot of a session the viewer sees in full; any other session does not exist."""
    slots = agenda_of(request.event, Slot.objects.visible_to(request.viewer).filter(session__public_id=public_id))
    if not slots:
        raise Http404
    return slots[0]


@login_not_required
@public_page
@require_safe
def session(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """What, when, where, who, in which languages, under which label, and its papers."""
    slot = slot_or_404(request, public_id)
    if slot.session.label != Label.CLEAR:
        note_read(request.viewer, event=request.event, verb="read", target=slot.session)
    seen = Session.objects.visible_to(request.viewer).filter(pk=slot.session_id)
    papers = Paper.objects.filter(session=slot.session).visible_to(request.viewer, seen).in_order()
    context = {
        "event": request.event,
        "line": line_of(slot),
        "session": slot.session,
        "day": request.event.day_of(slot.start_at),
        "papers": [_with_event(paper, request.event) for paper in papers],
        "in_feeds": in_feeds(slot.session.label),
        "content_languages": filled(slot.session, "title"),
    }
    return render(request, "sessions/session.html", context)


def _with_event(paper: Paper, event) -> Paper:
    paper.event = event  # for the fallback of its title, without reading the event again
    return paper
