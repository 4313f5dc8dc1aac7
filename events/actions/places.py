"""Acts on venues and rooms: keep, put in order, delete while nothing uses them."""

from django.db import models, transaction
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from events.actions.records import lock_event, record
from events.models import Event, Room, Venue
from events.rules import NotAllowed, check_event_editing


def save_venue(event: Event, venue: Venue, *, by: Actor) -> Venue:
    """Keep a new or changed venue, as a form cleaned it; a new one comes last."""
    return _save(event, venue, Venue.objects.filter(event=event), "venue", by)


def save_room(event: Event, room: Room, *, by: Actor) -> Room:
    """Keep a new or changed room, as a form cleaned it; a new one comes last in its venue."""
    return _save(event, room, Room.objects.filter(venue=room.venue), "room", by)


def move_venue(venue: Venue, *, up: bool, by: Actor) -> None:
    """Swap a venue with the one before (`up`) or after it."""
    _swap(venue, Venue.objects.filter(event_id=venue.event_id), up, by)


def move_room(room: Room, *, up: bool, by: Actor) -> None:
    """Swap a room with the one before (`up`) or after it in its venue."""
    _swap(room, Room.objects.filter(venue_id=room.venue_id), up, by)


def delete_venue(venue: Venue, *, by: Actor) -> None:
    """Delete a venue without rooms; raise `NotAllowed` when it has some."""
    with transaction.atomic():
        event = lock_event(venue.event_id)
        check_event_editing(event)
        if Room.objects.filter(venue=venue).exists():
            raise NotAllowed(_("This venue still has rooms. Delete them first."))
        record(by, "venue.delete", venue, event=event)
        venue.delete()


def delete_room(room: Room, *, by: Actor) -> None:
    """Delete a room no agenda ever used; raise `NotAllowed` when one does."""
    try:
        with transaction.atomic():
            event = lock_event(room.event_id)
            check_event_editing(event)
            record(by, "room.delete", room, event=event)
            room.delete()
    except models.ProtectedError as error:
        raise NotAllowed(_("The agenda uses this room. Move its sessions first; a room of a released agenda stays.")) from error


def _save(event, place, siblings, kind, by):
    with transaction.atomic():
        check_event_editing(lock_event(event.pk))
        verb = f"{kind}.edit" if place.pk else f"{kind}.create"
        if not place.pk:
            place.event = event
            place.position = (siblings.aggregate(last=models.Max("position"))["last"] or 0) + 1
        place.save()
        record(by, verb, place, event=event)
    return place


def _swap(place, siblings, up, by):
    with transaction.atomic():
        event = lock_event(place.event_id)
        check_event_editing(event)
        rows = list(siblings.order_by("position", "pk"))
        here = next(n for n, row in enumerate(rows) if row.pk == place.pk)
        there = here + (-1 if up else 1)
        if not 0 <= there < len(rows):
            return
        rows[here], rows[there] = rows[there], rows[here]
        for n, row in enumerate(rows, start=1):
            if row.position != n:
                row.position = n
                row.save(update_fields=["position"])
        record(by, "places.order", place, event=event, up=up)
