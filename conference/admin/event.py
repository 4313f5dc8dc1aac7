"""The organisers' page of an event's facts, and the superuser's page that makes a new event."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conference.actions import capacity_of, save_event
from conference.admin.acts import acts_on
from conference.lib.clock import zone_names
from conference.lib.viewer import Actor
from delegates.rules import SeatsBelowUse
from events.actions import create_event
from events.admin.pages import organisers_page, render_page
from events.admin.state import steps_of
from events.forms import EventForm, NewEventForm
from events.rules import NotAllowed


@organisers_page("read", write_act="event")
@require_http_methods(["GET", "HEAD", "POST"])
def event(request: HttpRequest) -> HttpResponse:
    """Show and change everything about the event but its address; what is wrong stays typed, with the error beside it."""
    can_edit = "event" in request.acts
    capacity = capacity_of(request.event)
    form = EventForm(request.POST or None, event=request.event, capacity=capacity, can_edit=can_edit)
    if request.method == "POST" and form.is_valid():
        try:
            save_event(request.event, facts=form.facts(), capacity=form.cleaned_data["capacity"], by=request.actor)
        except SeatsBelowUse as error:
            form.add_error("capacity", str(error))
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("organise:event", request.event.slug)
    context = {"form": form, "zones": zone_names(), "can_edit": can_edit}
    may_act = "state" in request.acts
    context |= {"steps": steps_of(request.event) if may_act else [], "acts_on": acts_on(request.event) if may_act else []}
    return render_page(request, "admin/events/event.html", context, section="event")


def _superusers_only(view):
    """Refuse everyone but superusers: who makes an event decides who else may enter it."""

    def page(request: HttpRequest) -> HttpResponse:
        if not request.user.is_superuser:
            raise PermissionDenied
        return view(request)

    return admin.site.admin_view(page)


@_superusers_only
@require_http_methods(["GET", "HEAD", "POST"])
def new_event(request: HttpRequest) -> HttpResponse:
    """Make an event in draft; who makes it becomes its manager."""
    form = NewEventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        by = Actor(user=request.user, hat="organiser:manager")
        try:
            made = create_event(series=data["series"], slug=data["slug"], facts=form.facts(), by=by)
        except NotAllowed as error:
            form.add_error("slug", str(error))
        else:
            messages.success(request, _("The event has been created as a draft that nobody else can see. You are its manager."))
            return redirect("organise:event", made.slug)
    context = admin.site.each_context(request) | {"form": form, "zones": zone_names(), "title": _("Create an event")}
    return render(request, "admin/new_event.html", context)
