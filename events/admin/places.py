"""The organisers' pages of venues and rooms: list, add, change, put in order, delete while unused."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import actions
from events.admin.pages import organisers_page, render_page
from events.forms import RoomForm, VenueForm
from events.rules import NotAllowed

SECTION = "event"
FORM_METHODS = ["GET", "HEAD", "POST"]


@organisers_page("read")
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """List venues with their rooms, in order."""
    rooms: dict[int, list] = {}
    for room in request.event.rooms.order_by("position", "pk"):
        rooms.setdefault(room.venue_id, []).append(room)
    rows = [(venue, rooms.get(venue.pk, [])) for venue in request.event.venues.order_by("position", "pk")]
    context = {"rows": rows, "can_edit": "event" in request.acts}
    return render_page(request, "admin/events/places.html", context, section=SECTION)


@organisers_page("event")
@require_http_methods(FORM_METHODS)
def venue_add(request: HttpRequest) -> HttpResponse:
    """Add a venue."""
    return _form_page(request, VenueForm(request.POST or None, event=request.event), actions.save_venue, _("Add a venue"))


@organisers_page("event")
@require_http_methods(FORM_METHODS)
def venue(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a venue."""
    venue = get_object_or_404(request.event.venues, public_id=public_id)
    form = VenueForm(request.POST or None, event=request.event, instance=venue)
    return _form_page(request, form, actions.save_venue, _("Change the venue"))


@organisers_page("event")
@require_http_methods(FORM_METHODS)
def room_add(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add a room to a venue."""
    venue = get_object_or_404(request.event.venues.select_related("event"), public_id=public_id)
    return _form_page(request, RoomForm(request.POST or None, venue=venue), actions.save_room, _("Add a room"))


@organisers_page("event")
@require_http_methods(FORM_METHODS)
def room(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a room."""
    room = get_object_or_404(request.event.rooms.select_related("venue__event"), public_id=public_id)
    form = RoomForm(request.POST or None, venue=room.venue, instance=room)
    return _form_page(request, form, actions.save_room, _("Change the room"))


def _form_page(request, form, save, heading) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            save(request.event, form.instance, by=request.actor)
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("organise:places", request.event.slug)
    return render_page(request, "admin/events/place_form.html", {"form": form, "heading": heading}, section=SECTION)


@organisers_page("event")
@require_POST
def place_move(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Move a venue or a room one place up or down."""
    move = actions.move_venue if kind == "venue" else actions.move_room
    return _act(request, kind, public_id, move, up="up" in request.POST)


@organisers_page("event")
@require_POST
def place_delete(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Delete a venue without rooms, or a room no agenda uses."""
    delete = actions.delete_venue if kind == "venue" else actions.delete_room
    return _act(request, kind, public_id, delete)


def _act(request, kind, public_id, act, **given) -> HttpResponse:
    if kind not in ("venue", "room"):
        raise Http404
    siblings = request.event.venues if kind == "venue" else request.event.rooms
    try:
        act(get_object_or_404(siblings, public_id=public_id), **given, by=request.actor)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Done."))
    return redirect("organise:places", request.event.slug)
