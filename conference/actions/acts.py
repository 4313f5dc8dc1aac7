"""The acts on a whole event: cancel, postpone, move, close, open again, archive; each tells every person it concerns once.

Each locks the event first, so that whatever happens to its people at the same moment happens wholly before or after. A preview
is the act itself, taken back.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.actions.readers import Reader, readers_of, tell
from conference.lib import clock
from conference.lib.viewer import Actor
from delegates.actions.invitations import end_invitations
from delegates.actions.modes import attend_on_site, attend_online
from delegates.actions.moves import ask_to_reconfirm, offer_after_freeze
from delegates.choices import RegistrationState
from delegates.emails import moment_in_words
from delegates.models import Registration
from events.actions import change_event_state, drop_queued_invitations, edit_event, lock_event, record, relocate
from events.choices import EventState
from events.emails.acts import dates_of, place_of, privacy_page
from events.forms.events import DEADLINES
from events.models import Event, Room, Venue
from events.rules import EVENT_ACTS, NotAllowed, seen_of_venue
from sessions.actions import end_calendar_feeds, shift_agenda


@dataclasses.dataclass(frozen=True)
class Done:
    """What an act did: how many were told and asked to confirm again, what moved, who attends otherwise, and what ended."""

    told: int = 0
    asked: int = 0
    sessions: int = 0
    without_room: int = 0
    modes: int = 0
    invitations: int = 0
    feeds: int = 0
    deadlines: list[tuple[str, dt.datetime, dt.datetime]] = dataclasses.field(default_factory=list)


def seen_of(event: Event) -> str:
    """What a page shows of an event that an act depends on; an act refuses when it is no longer so."""
    return f"{event.state} {event.first_date} {event.last_date} {event.is_online}"


def tried(act: Callable[[], Done]) -> Done:
    """Do an act, take it back, and give what it would do."""
    with transaction.atomic():
        done = act()
        transaction.set_rollback(True)
    return done


def cancel_event(event: Event, *, reason: str, seen: str, by: Actor) -> Done:
    """Cancel an event for good: invitations end, nobody is nominated any more, calendars show every session as cancelled."""
    with transaction.atomic():
        locked = _begin(event, "cancel", seen)
        readers = readers_of(locked, timezone.now())
        locked = change_event_state(locked, to=EventState.CANCELLED, by=by)
        invitations = end_invitations(locked, at=timezone.now())
        drop_queued_invitations(locked)
        for reader in readers:
            places = {"dates": dates_of(locked, reader.language), "reason": reason}
            tell("event.cancelled", locked, reader, once="", places=places)
        record(by, "event.cancel", locked, event=locked, told=len(readers), invitations=invitations)
    return Done(told=len(readers), invitations=invitations)


def postpone_event(event: Event, *, first_date: dt.date, last_date: dt.date, reason: str, seen: str, by: Actor) -> Done:
    """Hold an event later: deadlines and sessions go with it on the same wall clock, and each approved person confirms again.

    Raise `NotAllowed` for a day that is not later, or when the deadline to confirm would have gone by.
    """
    with transaction.atomic():
        locked = _begin(event, "postpone", seen)
        if first_date <= locked.first_date:
            raise NotAllowed(_("Choose a first day after the present one; to hold the event earlier, move it."))
        former = _Dates.of(locked)
        readers = readers_of(locked, timezone.now())
        changed, deadlines = _redate(locked, first_date, last_date, by=by)
        _check_time_to_confirm(changed)
        sessions, _none = shift_agenda(changed, days=(first_date - former.first_date).days, by=by)
        asked = ask_to_reconfirm(changed, by=by)
        for reader in readers:
            _tell_postponed(changed, reader, former, reason, asked)
        record(by, "event.postpone", changed, event=changed, told=len(readers), asked=len(asked), sessions=sessions)
    return Done(told=len(readers), asked=len(asked), sessions=sessions, deadlines=deadlines)


def move_event(
    event: Event,
    *,
    first_date: dt.date,
    last_date: dt.date,
    venue: Venue | None,
    is_online: bool,
    reason: str,
    seen: str,
    by: Actor,
) -> Done:
    """Hold an event on other days, at another of its venues or on-line; registrations keep their state.

    On-line everybody attends remotely; back at a place, those come in person who were to (`attend_online`, `attend_on_site`).
    Sessions go to the rooms of the new venue in their order; one for which there is none is left without a room.
    """
    with transaction.atomic():
        locked = _begin(event, "move", seen)
        first_venue = locked.venues.order_by("position", "pk").first()
        is_elsewhere = venue is not None and venue != first_venue
        former, was_online = _Dates.of(locked), locked.is_online
        if (first_date, last_date, is_online) == (former.first_date, former.last_date, locked.is_online) and not is_elsewhere:
            raise NotAllowed(_("Nothing would change."))
        readers = readers_of(locked, timezone.now())
        changed, deadlines = _redate(locked, first_date, last_date, is_online=is_online, by=by)
        modes = _attend(changed, was_online)
        rooms: dict[int, Room | None] = relocate(changed, venue, by=by) if is_elsewhere and venue else {}
        days = (first_date - former.first_date).days
        sessions, without_room = shift_agenda(changed, days=days, rooms=rooms, by=by) if days or rooms else (0, 0)
        seen_by = {reader.about: place_of(changed, _venues(changed, reader), reader.language) for reader in readers}
        for reader in readers:
            places = _dates(changed, reader, former) | {"reason": reason, "place": seen_by[reader.about]}
            tell("event.moved", changed, reader, once=str(changed.stamp), places=places)
        record(by, "event.move", changed, event=changed, told=len(readers), sessions=sessions, days=days, modes=modes)
    return Done(told=len(readers), sessions=sessions, without_room=without_room, modes=modes, deadlines=deadlines)


def _attend(changed: Event, was_online: bool) -> int:
    """Let everybody attend as the event is held now; say how many attend otherwise than before."""
    if changed.is_online == was_online:
        return 0
    return attend_online(changed) if changed.is_online else attend_on_site(changed)


def close_event(event: Event, *, seen: str, by: Actor) -> Done:
    """Make an event read-only: organisers only read, private calendar addresses end, approved people go on reading."""
    with transaction.atomic():
        locked = _begin(event, "close", seen)
        feeds = end_calendar_feeds(locked)
        return dataclasses.replace(_step(locked, EventState.CLOSED, "event.closed", by=by), feeds=feeds)


def reopen_event(event: Event, *, seen: str, by: Actor) -> Done:
    """Open a closed event again: everybody's role is what it was; private calendar addresses have to be made anew."""
    with transaction.atomic():
        return _step(_begin(event, "reopen", seen), EventState.OPEN, "event.reopened", by=by)


def archive_event(event: Event, *, seen: str, by: Actor) -> Done:
    """End the reading of a closed or cancelled event, for good."""
    with transaction.atomic():
        locked = _begin(event, "archive", seen)
        feeds = end_calendar_feeds(locked)
        return dataclasses.replace(_step(locked, EventState.ARCHIVED, "event.archived", by=by), feeds=feeds)


@dataclasses.dataclass(frozen=True)
class _Dates:
    first_date: dt.date
    last_date: dt.date

    @classmethod
    def of(cls, event: Event) -> "_Dates":
        return cls(event.first_date, event.last_date)


def _begin(event: Event, act: str, seen: str) -> Event:
    """Lock the event and check that the act is possible, and that the event is as the page showed it."""
    locked = lock_event(event.pk)
    if locked.state not in EVENT_ACTS[act] or seen != seen_of(locked):
        raise NotAllowed(
            _("Somebody changed the event meanwhile: it is now “%(state)s”. Nothing was done.") % {"state": locked.get_state_display()}
        )
    return locked


def _step(locked: Event, to: str, kind: str, *, by: Actor) -> Done:
    readers = readers_of(locked, timezone.now(), approved_only=True)
    changed = change_event_state(locked, to=to, by=by)
    for reader in readers:
        url = {"url": privacy_page(reader.language)} if to == EventState.ARCHIVED else {}
        tell(kind, changed, reader, once=str(changed.stamp), places=url)
    return Done(told=len(readers))


def _redate(
    locked: Event, first_date: dt.date, last_date: dt.date, *, is_online: bool | None = None, by: Actor
) -> tuple[Event, list[tuple[str, dt.datetime, dt.datetime]]]:
    """Write new days, with every deadline as many days later on the same wall clock; give the event and the deadlines that moved."""
    if first_date > last_date:
        raise NotAllowed(_("The last day is before the first one."))
    days = dt.timedelta(days=(first_date - locked.first_date).days)
    before = {name: getattr(locked, name) for name in DEADLINES if getattr(locked, name)}
    after = {name: _days_later(moment, days, locked.zone) for name, moment in before.items()} if days else before
    facts: dict = {"first_date": first_date, "last_date": last_date, **after}
    if (first_date, last_date) != (locked.first_date, locked.last_date):
        facts |= {"former_first_date": locked.first_date, "former_last_date": locked.last_date}
    if is_online is not None:
        facts["is_online"] = is_online
    changed = edit_event(locked, facts=facts, by=by)
    offer_after_freeze(changed, before=locked.freeze_at)
    return changed, [(name, before[name], after[name]) for name in before if before[name] != after[name]]


def _days_later(moment: dt.datetime, days: dt.timedelta, zone: str) -> dt.datetime:
    wall = clock.local(moment, zone)
    return clock.moment(wall.date() + days, wall.time(), zone)


def _check_time_to_confirm(event: Event) -> None:
    limit, approved = event.confirm_by_at, Registration.objects.filter(event=event).in_state(RegistrationState.APPROVED)
    if limit and limit <= timezone.now() and approved.exists():
        words = _("People would have to confirm by %(moment)s, which has already passed. Choose later days, or change that deadline first.")
        raise NotAllowed(words % {"moment": f"{event.local(limit):%Y-%m-%d %H:%M}"})


def _dates(event: Event, reader: Reader, former: _Dates) -> dict[str, str]:
    then = Event(first_date=former.first_date, last_date=former.last_date)
    is_same = (former.first_date, former.last_date) == (event.first_date, event.last_date)
    return {"dates": dates_of(event, reader.language), "former_dates": "" if is_same else dates_of(then, reader.language)}


def _tell_postponed(event: Event, reader: Reader, former: _Dates, reason: str, asked: set[int]) -> None:
    places = _dates(event, reader, former) | {"reason": reason}
    if reader.registration and reader.registration.pk in asked:
        places["confirm_by"] = moment_in_words(event, event.confirm_by_at, reader.language)
        tell("event.reconfirm", event, reader, once=str(event.first_date), places=places)
    else:
        tell("event.postponed", event, reader, once=str(event.first_date), places=places)


def _venues(event: Event, reader: Reader) -> list:
    seen = [seen_of_venue(venue, reader.viewer) for venue in event.venues.order_by("position", "pk")]
    return [venue for venue in seen if venue.is_anything]
