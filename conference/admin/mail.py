"""The administrators' page of the mail of the whole site: what waits, and the stop and release of everything."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conference.lib.viewer import Actor
from events.actions import release_mail, stop_mail
from events.choices import MailState
from events.models import MailStop, OutboxMail
from events.rules import NotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
def site_mail(request: HttpRequest) -> HttpResponse:
    """Show how the mail of the site stands; POST stops or releases it. For administrators alone."""
    if not request.user.is_superuser:
        raise PermissionDenied
    if request.method == "POST":
        return _act(request)
    counts = dict(OutboxMail.objects.order_by().values_list("state").annotate(number=Count("pk")))
    context = {
        "title": _("Mail of the site"),
        "states": [(state.value, state.label, counts.get(state, 0)) for state in MailState],
        "held": OutboxMail.objects.in_state(MailState.QUEUED).stopped().count(),
        "stops": list(MailStop.objects.filter(event=None).order_by("pk")),
        "stopped_events": list(MailStop.objects.exclude(event=None).select_related("event").order_by("pk")),
    }
    return render(request, "admin/site_mail.html", context)


def _act(request) -> HttpResponse:
    by = Actor(user=request.user, hat="organiser:manager")
    if "release" not in request.POST:
        stop_mail(None, by=by)
        messages.success(request, _("Stopped. All messages wait; codes to sign in leave all the same."))
        return redirect("admin:site_mail")
    try:
        release_mail(None, by=by)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Released. Waiting messages are being sent now, except those of events whose own mail is stopped."))
    return redirect("admin:site_mail")
