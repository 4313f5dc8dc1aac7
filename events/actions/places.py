"""Acts on venues and rooms: keep, put in order, delete while nothing uses them."""

from django.db import models, transaction
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from events.actions.records import lock_event, record
from events.actions.spans import end_audiences, keep_audiences
from events.choices import Audience
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
        end_audiences(venue, event=event)
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


def relocate(event: Event, venue: Venue, *, by: Actor) -> dict[int, Room | None]:
    """Put a venue in the place of the first one: it comes first and is seen by whom that was; the others are for organisers from now on.

    Give for each room of the others the room of the venue that comes at the same position, or None. Call with the event locked.
    """
    others = list(Venue.objects.filter(event=event).exclude(pk=venue.pk).order_by("position", "pk"))
    first, parts = (others or [venue])[0], [f"{part}_audience" for part in ("country", "city", "address")]
    for part in parts:
        setattr(venue, part, getattr(first, part))
    rooms = list(Room.objects.filter(venue=venue).order_by("position", "pk"))
    found: dict[int, Room | None] = {}
    for position, place in enumerate([venue, *others], start=1):
        place.position = position
        if place is not venue:
            for part in parts:
                setattr(place, part, Audience.ORGANISERS)
            for index, room in enumerate(Room.objects.filter(venue=place).order_by("position", "pk")):
                found[room.pk] = rooms[index] if index < len(rooms) else None
        place.save(update_fields=["position", *parts])
        keep_audiences(place, event=event, by=by)
    record(by, "venue.relocate", venue, event=event)
    return found


def _save(event, place, siblings, kind, by):
    with transaction.atomic():
        event = lock_event(event.pk)
        check_event_editing(event)
        verb = f"{kind}.edit" if place.pk else f"{kind}.create"
        if not place.pk:
            place.event = event
            place.position = (siblings.aggregate(last=models.Max("position"))["last"] or 0) + 1
        place.save()
        if isinstance(place, Venue):
            keep_audiences(place, event=event, by=by)
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
