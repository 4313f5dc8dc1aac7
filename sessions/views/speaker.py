"""The page of one speaker, for those who may read their name, and with the sessions where they may."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conference.lib.kept import kept_for_strangers
from events.actions import note_read
from sessions.choices import Label
from sessions.exports.lines import line_of
from sessions.models import Slot, few_of


@login_not_required
@kept_for_strangers
@require_safe
def speaker(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Name, function, biography and sessions.

    The address of this page stands only beside the name, and the page lists only sessions that show the name to this viewer:
    nothing links a name to a session that shows a function or nothing. A speaker named nowhere for the viewer does not exist.
    """
    # Asked through what the viewer sees: one who is there for others alone costs as much as one who is not there at all.
    slots = few_of(request.event, Slot.objects.visible_to(request.viewer).with_speaker(public_id))
    lines = [(line, roles) for slot in slots if (roles := _roles(line := line_of(slot), public_id))]
    if not lines:
        raise Http404
    person = next(one.speaker for slot in slots for one in slot.people if one.speaker.public_id == public_id)
    if any(line.session.label != Label.CLEAR for line, _roles in lines):
        note_read(request.viewer, event=request.event, verb="read", target=person)
    return render(request, "sessions/speaker.html", {"event": request.event, "speaker": person, "lines": lines})


def _roles(line, public_id: str) -> list[str]:
    return [person.role for person in line.people if person.public_id == public_id]
