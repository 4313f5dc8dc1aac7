"""Asking for a place: the public form, which always answers alike, and the page on which a person follows their request."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conference.lib import countries
from conference.lib.viewer import Actor
from delegates import actions, rules
from delegates.forms import PlaceRequestForm
from delegates.models import Delegation, PlaceRequest
from delegates.views.pages import METHODS
from events.choices import DelegationsShown
from events.rules import NotAllowed


@login_not_required
@require_http_methods(METHODS)
def request_place(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a place. What is answered, and what is done for it, never depends on the address or on the organisation."""
    event = request.event
    if not event.takes_requests:
        raise Http404
    suggestions = _suggestions(event, request.viewer)
    form = PlaceRequestForm(request.POST or None, suggestions=suggestions)
    refused, status = rules.why_not(rules.check_requesting, event, timezone.now()), 200
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="request_place", key=form.cleaned_data["email"].lower()):
            form.add_error(None, _("Too many requests have come from here. Wait an hour, then send this again."))
            status = 429
        else:
            try:
                actions.request_place(event, person=form.cleaned_data)
            except NotAllowed as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("delegates:request_sent", event.slug)
    context = {"event": event, "form": form, "suggestions": suggestions, "refused": refused}
    return render(request, "delegates/request_place.html", context, status=status)


@login_not_required
@require_safe
def request_sent(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what happens next; the same to everybody."""
    if not request.event.takes_requests:
        raise Http404
    return render(request, "delegates/request_sent.html", {"event": request.event, "days": rules.REQUEST_DAYS})


def _suggestions(event, viewer) -> list[str]:
    """Name what this reader may see of the list of delegations anyway: organisations, states, or nothing."""
    if event.delegations_audience not in viewer.audiences:
        return []
    organisations = [row.organisation for row in Delegation.objects.filter(event=event).taking_part().select_related("organisation")]
    if event.delegations_shown == DelegationsShown.ORGANISATIONS:
        return sorted(str(one.name) for one in organisations)
    if event.delegations_shown == DelegationsShown.STATES:
        return sorted({countries.name(one.country, get_language() or "en") for one in organisations if one.country})
    return []


@require_http_methods(METHODS)
def place_request(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where one's own request stands; POST takes it back. It says the same until it is decided, whether or not it fits a delegation."""
    asked = get_object_or_404(PlaceRequest.objects.of_user(request.user).for_page(), public_id=public_id)
    if request.method == "POST":
        try:
            actions.withdraw_request(asked, by=Actor(user=request.user))
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Your request is taken back."))
        return redirect("delegates:place_request", asked.public_id)
    stage = rules.request_stage(asked)
    reason = asked.reason or (asked.registration.reason if asked.registration else "")
    context = {"asked": asked, "event": asked.event, "stage": stage, "reason": reason if stage == "refused" else ""}
    return render(request, "delegates/place_request.html", context)
