"""The organisers' pages of tracks."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed
from sessions import actions, rules
from sessions.admin.loading import may_edit
from sessions.forms import TrackForm

SECTION = "sessions"


@organisers_page("read", write_act="programme")
@require_http_methods(["GET", "HEAD", "POST"])
def tracks(request: HttpRequest) -> HttpResponse:
    """List the tracks, and add one."""
    form = TrackForm(request.POST or None, event=request.event)
    if request.method == "POST" and form.is_valid():
        try:
            actions.make_track(request.event, by=request.actor, **form.typed)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The track is added."))
            return redirect("organise:tracks", request.event.slug)
    rows = request.event.tracks.annotate(used=Count("sessions")).order_by("position", "pk")
    context = {"form": form, "rows": rows, "can_edit": may_edit(request)}
    return render_page(request, "admin/sessions/tracks.html", context, section=SECTION)


@organisers_page("programme")
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest, public_id: str) -> HttpResponse:
    """Rename a track, or give it another place among the others."""
    one = get_object_or_404(request.event.tracks, public_id=public_id)
    form = TrackForm(request.POST or None, event=request.event, shown=actions.track_values(one))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_track(one, by=request.actor, seen=form.marks, **form.typed)
        except rules.Stale as refusal:
            one.refresh_from_db()
            form.after_others(refusal.fields, actions.track_values(one))
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("organise:tracks", request.event.slug)
    return render_page(request, "admin/sessions/track.html", {"form": form, "track": one}, section=SECTION)


@organisers_page("programme")
@require_POST
def track_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a track away; its sessions stay."""
    one = get_object_or_404(request.event.tracks, public_id=public_id)
    actions.remove_track(one, by=request.actor)
    messages.success(request, _("The track is removed; its sessions stay, without a track."))
    return redirect("organise:tracks", request.event.slug)
