"""Conflicts of people: twice at once, too little time between two rooms, busy elsewhere, not coming."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from conference.lib import clock
from delegates.choices import RegistrationState
from delegates.rules import ENDED
from events.choices import Audience
from sessions.choices import SessionKind
from sessions.conflicts.busy import Busy, Person, person_of
from sessions.conflicts.found import Conflict, blocking, day_in_words, overlapping, span, warning, when
from sessions.models import Slot, Speaker

# What whoever is admitted is expected at.
FOR_ALL = {SessionKind.OPENING, SessionKind.PLENARY, SessionKind.TOUR_DE_TABLE, SessionKind.CLOSING}
# What nobody misses anything at.
APART = {SessionKind.BREAK, SessionKind.SOCIAL}
ADMITS_UNION = {Audience.PUBLIC, Audience.PARTICIPANTS, Audience.MEMBERS, Audience.EU}
Appearances = list[tuple[Speaker, list[Slot]]]


def people_twice(event, appearances: Appearances) -> Iterator[Conflict]:
    """One person in two sessions at once, whatever the roles."""
    for speaker, busy in appearances:
        for first, second in overlapping(busy):
            sentence = _(
                "%(person)s is in two sessions at once on %(day)s: “%(first)s” (%(first_time)s) and “%(second)s” (%(second_time)s)."
            )
            yield blocking(sentence, first, second, person=speaker.full_name, **when(event, first, second))


def people_hurried(event, appearances: Appearances) -> Iterator[Conflict]:
    """One person in two rooms with less time between than the event asks for."""
    longest = dt.timedelta(minutes=max(event.room_minutes, event.venue_minutes))
    for speaker, busy in appearances:
        for first, second in overlapping(busy, longest):
            gap = second.start_at - first.end_at
            if gap < dt.timedelta(0) or gap >= dt.timedelta(minutes=_minutes_between(event, first, second)):
                continue
            sentence = _(
                "%(person)s has %(minutes)s minutes on %(day)s to come from %(first_room)s (“%(first)s”, %(first_time)s)"
                " to %(second_room)s (“%(second)s”, %(second_time)s)."
            )
            rooms = {"first_room": first.room.name, "second_room": second.room.name}
            minutes = str(int(gap.total_seconds()) // 60)
            yield warning(sentence, first, second, person=speaker.full_name, minutes=minutes, **rooms, **when(event, first, second))


def people_elsewhere(event, appearances: Appearances, busy: Iterable[Busy]) -> Iterator[Conflict]:
    """A person taken at another event, of which nothing is said to those who may not see it."""
    taken = defaultdict(list)
    for one in busy:
        taken[one.person].append(one)
    told = set()
    for speaker, mine in appearances:
        for slot in mine:
            for other in taken[person_of(speaker)]:
                key = (speaker.pk, slot.pk, other.event_title)
                if key in told or not clock.overlap(slot.start_at, slot.end_at, other.start_at, other.end_at):
                    continue
                told.add(key)
                if other.event_title:
                    sentence = _("%(person)s is in “%(first)s” on %(day)s, %(time)s, and then in “%(other)s” of “%(event)s” too.")
                else:
                    sentence = _("%(person)s is not available on %(day)s, %(time)s (“%(first)s”).")
                words = {"day": day_in_words(event, slot), "time": span(event, slot)}
                yield warning(sentence, slot, person=speaker.full_name, other=other.session_title, event=other.event_title, **words)


def union_people_twice(event, slots: list[Slot]) -> Iterator[Conflict]:
    """A session of the EU delegations only, while they are expected at another."""
    if not any(slot.session.audience == Audience.EU for slot in slots):
        return
    for first, second in overlapping(slots):
        pair = (first, second)
        if not any(_is_for_union(one) and _expects_union(other) for one, other in (pair, pair[::-1])):
            continue
        sentence = _("The EU delegations are expected in both on %(day)s: “%(first)s” (%(first_time)s) and “%(second)s” (%(second_time)s).")
        yield warning(sentence, first, second, **when(event, first, second))


def not_coming(slot: Slot) -> Iterator[Conflict]:
    """A speaker who has withdrawn or was refused, or is not approved yet."""
    seen = set()
    for contribution in slot.contributions.all():
        registration = contribution.speaker.registration
        if registration is None or registration.state == RegistrationState.APPROVED or registration.pk in seen:
            continue
        seen.add(registration.pk)
        sentence = _("%(person)s is in “%(first)s”, and the registration is “%(state)s”.")
        if registration.state in ENDED:
            sentence = _("%(person)s is still in “%(first)s”, and does not come: the registration is “%(state)s”.")
        yield warning(sentence, slot, person=contribution.speaker.full_name, state=str(registration.get_state_display()))


def appearances_of(slots: list[Slot]) -> Appearances:
    """Every person with their slots, in order of time."""
    places: dict[Person, list[Slot]] = defaultdict(list)
    named: dict[Person, Speaker] = {}
    for slot in slots:
        for person, speaker in {person_of(one.speaker): one.speaker for one in slot.contributions.all()}.items():
            places[person].append(slot)
            named[person] = speaker
    return [(named[person], busy) for person, busy in places.items()]


def _minutes_between(event, first: Slot, second: Slot) -> int:
    if first.room is None or second.room is None or first.room_id == second.room_id:
        return 0
    return event.room_minutes if first.room.venue_id == second.room.venue_id else event.venue_minutes


def _is_for_union(slot: Slot) -> bool:
    return slot.session.audience == Audience.EU and slot.session.kind not in APART


def _expects_union(slot: Slot) -> bool:
    admits = slot.session.audience in ADMITS_UNION or slot.has_union_delegation
    return admits and slot.session.kind in FOR_ALL
