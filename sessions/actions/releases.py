"""Placing sessions in the draft, and releasing the draft as the next version of the agenda."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib import clock
from conference.lib.viewer import Actor
from delegates.rules import check_editing
from events.actions import lock_event, record
from events.choices import Audience
from events.models import Event, Room
from events.rules import NotAllowed
from sessions import emails, rules
from sessions.actions.signups import free_lost_seats
from sessions.choices import ConflictLevel
from sessions.conflicts import Conflict, conflicts_between
from sessions.models import Release, Session, Slot, copy_release, slots_of


class AgendaConflicts(NotAllowed):
    """The draft has conflicts that block its release; `conflicts` lists them."""

    def __init__(self, conflicts: list[Conflict]):
        super().__init__(_("The draft has conflicts that block its release."))
        self.conflicts = conflicts


def place_values(slot: Slot | None) -> dict[str, Any]:
    """What a form shows of the place of a session in the draft (its room loaded), as plain values that can be compared."""
    if slot is None:
        return {"room": "", "start_at": "", "end_at": ""}
    start, end = (moment.astimezone(dt.UTC).isoformat() for moment in (slot.start_at, slot.end_at))
    return {"room": slot.room.public_id if slot.room else "", "start_at": start, "end_at": end}


def place_session(
    session: Session,
    *,
    room: Room | None,
    start_at: dt.datetime,
    end_at: dt.datetime,
    by: Actor,
    seen: Mapping[str, str] | None = None,
) -> Slot:
    """Give a session its time and room in the draft, which is made when there is none; who speaks there stays. May raise `Stale`."""
    if start_at >= end_at:
        raise NotAllowed(_("A session must end after it starts."))
    with transaction.atomic():
        event = lock_event(session.event_id)
        check_editing(event)
        if room and room.event_id != event.pk:
            raise NotAllowed(_("This room is not one of this event."))
        draft = draft_of(event)
        slot = Slot.objects.filter(release=draft, session=session).select_related("room").first()
        rules.check_fresh(seen, place_values(slot))
        slot = slot or Slot(event=event, release=draft, session=session)
        slot.room, slot.start_at, slot.end_at = room, start_at, end_at
        slot.save()
        record(by, "session.place", session, event=event, room=str(room) if room else "", start_at=str(start_at), end_at=str(end_at))
    return slot


def unplace_session(session: Session, *, by: Actor, seen: Mapping[str, str] | None = None) -> None:
    """Take a session out of the draft, and with its place the people in it; what is released stays as it is. May raise `Stale`."""
    with transaction.atomic():
        event = lock_event(session.event_id)
        check_editing(event)
        slots = Slot.objects.filter(release=draft_of(event), session=session)
        rules.check_fresh(seen, place_values(slots.select_related("room").first()))
        deleted, _by_table = slots.delete()
        if deleted:
            record(by, "session.unplace", session, event=event)


def release_agenda(
    event: Event,
    *,
    by: Actor,
    note: Mapping[str, str] | None = None,
    note_audience: str = Audience.ORGANISERS,
    expected: int | None = None,
) -> Release:
    """Release the draft as the next version: copy its slots and people, end the one before, and tell each person what it changes for them.

    The draft stays.

    `note` is per language. `expected` is the number the page announced: when somebody else released meanwhile, nothing
    happens but `NotAllowed`. Raise `AgendaConflicts` when the draft may not be released.
    """
    with transaction.atomic():
        locked = lock_event(event.pk)
        check_editing(locked)
        number = _next_number(locked)
        if expected is not None and expected != number:
            raise NotAllowed(_("Version %(number)s was released meanwhile. Look at what changed since then.") % {"number": number - 1})
        draft = Release.objects.filter(event=locked, number=None).first()
        slots = slots_of(locked, Slot.objects.filter(release=draft)) if draft else []
        if draft is None or not slots:
            raise NotAllowed(_("The draft is empty: place a session first."))
        _check_conflicts(locked, slots)
        texts = {f"note_{code}": text for code, text in (note or {}).items()}
        release = _next_release(locked, number, note_audience=note_audience, **texts)
        copy_release(draft, release)
        told = emails.release_made(release, at=timezone.now())  # before seats are lost: whoever had one is told
        record(by, "agenda.release", release, event=locked, number=number, sessions=len(slots), told=told)
        free_lost_seats(locked, by=by)
    return release


def _check_conflicts(event: Event, slots: list[Slot]) -> None:
    blocking = [conflict for conflict in conflicts_between(event, slots) if conflict.level == ConflictLevel.BLOCKS]
    if blocking:
        raise AgendaConflicts(blocking)


def draft_of(event: Event) -> Release:
    """The draft; when there is none, a new one that starts as the current release."""
    draft, is_new = Release.objects.get_or_create(event=event, number=None)
    current = Release.objects.filter(event=event).current().first() if is_new else None
    if current:
        copy_release(current, draft)
    return draft


def _next_number(event: Event) -> int:
    return (Release.objects.filter(event=event).aggregate(newest=Max("number"))["newest"] or 0) + 1


def _next_release(event: Event, number: int, **fields: Any) -> Release:
    """Make the next release, still empty, and end the one before."""
    at = timezone.now()
    Release.objects.filter(event=event, number=number - 1).update(superseded_at=at)
    return Release.objects.create(event=event, number=number, released_at=at, **fields)


def move_slots_to_zone(event: Event, old_zone: str, new_zone: str, *, by: Actor) -> int:
    """Keep the wall-clock time of every slot, of all releases, when the event's zone changes; give how many were moved."""
    with transaction.atomic():
        locked = lock_event(event.pk)
        slots = list(Slot.objects.filter(event=locked))
        for slot in slots:
            slot.start_at, slot.end_at = (_same_clock(moment, old_zone, new_zone) for moment in (slot.start_at, slot.end_at))
            if slot.start_at >= slot.end_at:
                raise NotAllowed(_("In the new time zone a session would end before it starts, because the clocks change then."))
        Slot.objects.bulk_update(slots, ["start_at", "end_at"], batch_size=500)
        record(by, "agenda.zone", locked, event=locked, before=old_zone, after=new_zone, slots=len(slots))
    return len(slots)


def _same_clock(moment: dt.datetime, old_zone: str, new_zone: str) -> dt.datetime:
    wall = clock.local(moment, old_zone)
    return clock.moment(wall.date(), wall.time(), new_zone)


def shift_agenda(event: Event, *, days: int, rooms: Mapping[int, Room | None] | None = None, by: Actor) -> tuple[int, int]:
    """Move the whole agenda by a number of days on the same wall clock, and from rooms to others (None: to no room).

    What is released becomes the next version, so that calendars follow and the past stays what it was; the draft moves in place.
    Give how many sessions of the agenda moved, and how many of them lost their room.
    """
    with transaction.atomic():
        locked = lock_event(event.pk)
        last = Release.objects.filter(event=locked).current().first()
        if last and last.slots.exists():
            copy_release(last, _next_release(locked, _next_number(locked)))
            emails.drop_waiting(locked)  # they tell of times that are no more; the act writes to everybody itself
        live = Q(release__in=Release.objects.filter(event=locked).current()) | Q(release__event=locked, release__number=None)
        slots = list(Slot.objects.filter(live).select_related("room"))
        lost = {slot.session_id for slot in slots if _shift(slot, days, rooms or {}, locked.zone)}
        Slot.objects.bulk_update(slots, ["start_at", "end_at", "room"], batch_size=500)
        moved = {slot.session_id for slot in slots}
        if moved:
            record(by, "agenda.shift", locked, event=locked, days=days, sessions=len(moved), without_room=len(lost))
    return len(moved), len(lost)


def _shift(slot: Slot, days: int, rooms: Mapping[int, Room | None], zone: str) -> bool:
    """Move one slot in hand; say whether it lost its room."""
    length = slot.end_at - slot.start_at
    slot.start_at, slot.end_at = (_days_later(moment, days, zone) for moment in (slot.start_at, slot.end_at))
    if slot.start_at >= slot.end_at:  # the clocks change in between on the new day
        slot.end_at = slot.start_at + length
    if slot.room_id is None or slot.room_id not in rooms:
        return False
    slot.room = rooms[slot.room_id]
    return slot.room is None


def _days_later(moment: dt.datetime, days: int, zone: str) -> dt.datetime:
    wall = clock.local(moment, zone)
    return clock.moment(wall.date() + dt.timedelta(days=days), wall.time(), zone)
