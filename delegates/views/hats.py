"""Under which hat somebody reads an event: one who has several chooses."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from delegates.viewers import build_viewer, hats_of, wear
from delegates.views.pages import METHODS
from events.models import Event
from events.rules import may_see_event


@require_http_methods(METHODS)
def choose_hat(request: HttpRequest) -> HttpResponse:
    """Keep the hat chosen for an event and go back; a hat that is not theirs, or an event one may not see under it, does not exist."""
    if request.method != "POST":
        return redirect("my")  # somebody signed in on the way here
    event = get_object_or_404(Event, slug=request.POST.get("event", ""))
    hat, at = request.POST.get("hat", ""), timezone.now()
    if hat not in hats_of(request.user, event, at) or not may_see_event(event, build_viewer(request.user, event, hat, at)):
        raise Http404
    wear(request, event, hat)
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(target if is_ours else "my")
