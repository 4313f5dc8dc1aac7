"""Pages about an event that need nothing of the floors above: its press releases."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from conference.lib.answers import public_page
from conference.lib.words import filled
from events.models import PressRelease


@login_not_required
@public_page
@require_safe
def press(request: HttpRequest, slug: str) -> HttpResponse:
    """The press releases of an event, the newest first."""
    event = request.event
    releases = PressRelease.objects.filter(event=event).visible_to(request.viewer, timezone.now()).newest_first()
    return render(
        request, "events/press.html", {"event": request.event, "releases": releases, "content_languages": filled(request.event, "title")}
    )


@login_not_required
@public_page
@require_safe
def press_release(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """One press release with its corrections; before the end of its embargo it does not exist."""
    at = timezone.now()
    visible = PressRelease.objects.filter(event=request.event).visible_to(request.viewer, at).for_page()
    release = get_object_or_404(visible, public_id=public_id)
    context = {
        "event": request.event,
        "release": release,
        "corrections": [one for one in release.corrections.all() if one.at <= at],
        "content_languages": filled(release, "title"),
    }
    return render(request, "events/press_release.html", context)
