"""Signing up for a session and leaving it, under one's registration: a plain form, which works without script."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from delegates.models import Registration
from delegates.viewers import actor_for
from events.rules import NotAllowed
from sessions import actions, rules
from sessions.models import Session
from sessions.views.session import slot_or_404


@require_POST
def sign_up(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Sign up, or leave, under the hat the page was opened with; back to the page the form stood on."""
    session = slot_or_404(request, public_id).session
    registration = get_object_or_404(Registration.objects.own_of(request.viewer), event=request.event)
    if request.POST.get("hat") != request.viewer.hat:
        messages.error(request, _("You are now acting in another capacity at this event. Check the page before you continue."))
    else:
        try:
            (_leave if request.POST.get("act") == "leave" else _join)(request, session, registration)
        except rules.SignedUpElsewhere as refusal:
            words = {"title": refusal.session.title or refusal.session.get_kind_display()}
            messages.error(request, _("You are signed up for “%(title)s” at the same time. Leave that session first.") % words)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
    back = reverse("sessions:agenda", args=[slug]) + "?mine=1" if request.POST.get("back") == "mine" else session.get_absolute_url()
    return redirect(f"{back}#sign-up")


def _join(request: HttpRequest, session: Session, registration: Registration) -> None:
    made = actions.sign_up(session, registration, by=actor_for(request, request.viewer))
    if made.is_seated:
        messages.success(request, _("You have a seat in this session."))
    else:
        messages.success(
            request, _("All seats are taken: you are on the waiting list. If a seat becomes free it is yours, and a message tells you.")
        )


def _leave(request: HttpRequest, session: Session, registration: Registration) -> None:
    if actions.leave(session, registration, by=actor_for(request, request.viewer)):
        minutes = {"minutes": int(rules.TAKE_BACK.total_seconds()) // 60}
        messages.success(
            request, _("You left this session. Sign up again within %(minutes)s minutes to take up your old place in the line.") % minutes
        )
