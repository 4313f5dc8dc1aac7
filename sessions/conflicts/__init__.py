"""Conflicts of an agenda, found over slots in hand: what blocks a release and what is worth a look, in words."""

import datetime as dt
from collections.abc import Iterable

from conference.models import User
from sessions.conflicts.busy import Busy, busy_elsewhere
from sessions.conflicts.found import Conflict, by_session
from sessions.conflicts.paper import unprintable_names, unprintable_titles
from sessions.conflicts.people import appearances_of, not_coming, people_elsewhere, people_hurried, people_twice, union_people_twice
from sessions.conflicts.places import outside_days, outside_hours, rooms_twice, too_short, without_booths, without_room
from sessions.conflicts.signups import people_wait, room_too_small, sign_ups_that_end, signed_up_for_both, signed_up_twice
from sessions.models import Slot

__all__ = ["Busy", "Conflict", "by_session", "conflicts_between", "conflicts_for", "sign_ups_that_end"]


def conflicts_for(event, slots: Iterable[Slot], *, user: User, at: dt.datetime) -> list[Conflict]:
    """As `conflicts_between`, with what is asked of the database: who is busy at other events, as far as this organiser may see them.

    At most one query beside those that loaded the slots, and one more where anybody is signed up for two sessions at once.
    """
    slots = list(slots)
    busy = busy_elsewhere(event, slots, user=user, at=at)
    return conflicts_between(event, slots, busy=busy, both=signed_up_for_both(slots))


def conflicts_between(
    event,
    slots: Iterable[Slot],
    *,
    busy: Iterable[Busy] = (),
    both: dict[tuple[int, int], int] | None = None,
) -> list[Conflict]:
    """List every conflict of these slots of an event (loaded with `slots_of`), the blocking ones first, each in order of time.

    `busy` says when persons are taken at other events, `both` how many people are signed up for two sessions. For organisers, who see
    every session of the event: sentences name both sides.
    """
    slots = sorted(slots, key=lambda slot: (slot.start_at, slot.end_at, slot.pk))
    appearances = appearances_of(slots)
    found = [*rooms_twice(event, slots), *people_twice(event, appearances)]
    for slot in slots:
        found += [*outside_days(event, slot), *outside_hours(event, slot)]
        found += [*without_room(slot), *without_booths(slot), *not_coming(slot), *too_short(slot)]
        found += [*room_too_small(slot), *people_wait(slot), *unprintable_titles(slot)]
    found += unprintable_names(appearances)
    found += people_hurried(event, appearances)
    found += people_elsewhere(event, appearances, busy)
    found += union_people_twice(event, slots)
    found += signed_up_twice(event, slots, both or {})
    return sorted(found, key=lambda conflict: not conflict.blocks)
