"""The sign-ups of a delegation's people, for its focal point: for the sessions a focal point may see, and no word of any other."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from delegates.models import Delegation
from delegates.views.pages import focal_page
from sessions.exports.lines import line_of
from sessions.models import SignUp, Slot, few_of


@focal_page
@require_safe
def delegation_sign_ups(request: HttpRequest, delegation: Delegation) -> HttpResponse:
    """List them by session, in the order of the agenda, each with a seat or its place on the waiting list."""
    found: dict[int, list[SignUp]] = {}
    for one in SignUp.objects.live().filter(registration__delegation=delegation).for_list().with_place().in_line():
        found.setdefault(one.session_id, []).append(one)
    slots = few_of(request.event, Slot.objects.visible_to(request.viewer).filter(session__in=found))
    rows = [(line_of(slot), found[slot.session_id]) for slot in slots]
    context = {"event": request.event, "delegation": delegation, "rows": rows}
    return render(request, "sessions/delegation_sign_ups.html", context)
