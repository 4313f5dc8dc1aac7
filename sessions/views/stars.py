"""Starring a session under one's registration: a plain form, which works without script."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from delegates.models import Registration
from sessions import actions
from sessions.views.session import slot_or_404


@require_POST
def star(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Star the session, or take the star away, under the hat the page was opened with."""
    session = slot_or_404(request, public_id).session
    registration = get_object_or_404(Registration.objects.own_of(request.viewer), event=request.event)
    if request.POST.get("hat") != request.viewer.hat:
        messages.error(request, _("You are now acting in another capacity at this event. Check the page before you continue."))
    elif request.POST.get("act") == "unstar":
        actions.unstar_session(session, registration)
    else:
        actions.star_session(session, registration)
    return redirect(session)
