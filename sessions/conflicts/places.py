"""Conflicts of places: a room twice, outside the event or the hours of a venue, no room, no booth."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext as _

from conference.lib import clock
from sessions.choices import SessionKind
from sessions.conflicts.found import Conflict, blocking, day_in_words, overlapping, span, warning, when
from sessions.models import Slot

# What may take place without a room.
ROOMLESS = {SessionKind.BREAK, SessionKind.SOCIAL}


def rooms_twice(event, slots: list[Slot]) -> Iterator[Conflict]:
    """Two sessions in one room at once."""
    rooms = defaultdict(list)
    for slot in slots:
        if slot.room_id:
            rooms[slot.room_id].append(slot)
    for used in rooms.values():
        for first, second in overlapping(used):
            sentence = _("%(room)s is used twice on %(day)s: “%(first)s” (%(first_time)s) and “%(second)s” (%(second_time)s).")
            yield blocking(sentence, first, second, room=first.room.name, **when(event, first, second))


def outside_days(event, slot: Slot) -> Iterator[Conflict]:
    """A session before the first or after the last day of the programme."""
    last_moment = slot.end_at - dt.timedelta(microseconds=1)
    if event.day_of(slot.start_at) < event.first_date or event.day_of(last_moment) > event.last_date:
        sentence = _("“%(first)s” is outside the days of the event (%(day)s, %(time)s).")
        yield blocking(sentence, slot, day=day_in_words(event, slot), time=span(event, slot))


def outside_hours(event, slot: Slot) -> Iterator[Conflict]:
    """A session in a venue that is not open yet, or no longer."""
    venue = slot.room.venue if slot.room else None
    if venue is None or venue.opens_at is None or venue.closes_at is None:
        return
    # The opening before the session starts, on this date or, for a night, on the one before.
    date = event.local(slot.start_at).date()
    if clock.moment(date, venue.opens_at, event.zone) > slot.start_at:
        date -= dt.timedelta(days=1)
    closing = date if venue.closes_at > venue.opens_at else date + dt.timedelta(days=1)
    if slot.end_at > clock.moment(closing, venue.closes_at, event.zone):
        sentence = _("“%(first)s” (%(day)s, %(time)s) is outside the hours of %(venue)s: open from %(opens)s to %(closes)s.")
        hours = {"opens": f"{venue.opens_at:%H:%M}", "closes": f"{venue.closes_at:%H:%M}"}
        yield blocking(sentence, slot, day=day_in_words(event, slot), time=span(event, slot), venue=venue.name, **hours)


def without_room(slot: Slot) -> Iterator[Conflict]:
    """A session that needs a room and has none."""
    if slot.room_id is None and slot.session.kind not in ROOMLESS:
        yield warning(_("“%(first)s” has no room yet."), slot)


def without_booths(slot: Slot) -> Iterator[Conflict]:
    """Interpretation where no interpreter can sit."""
    if slot.room and slot.session.interpretation and not slot.room.booths:
        yield warning(_("“%(first)s” is interpreted, and %(room)s has no booths."), slot, room=slot.room.name)


def too_short(slot: Slot) -> Iterator[Conflict]:
    """A session shorter than the turns in it."""
    length = (slot.end_at - slot.start_at) // dt.timedelta(minutes=1)
    if slot.minutes_of_turns > length:
        sentence = _("“%(first)s” lasts %(length)s minutes, and its turns take %(minutes)s.")
        yield blocking(sentence, slot, length=str(length), minutes=str(slot.minutes_of_turns))
