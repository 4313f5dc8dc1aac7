"""Conflicts of an agenda, found over slots in hand: what blocks a release and what is worth a look, in words."""

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conference.lib import clock, dates
from delegates.choices import RegistrationState
from sessions.choices import ConflictLevel, SessionKind
from sessions.models import Session, Slot, Speaker

# What may take place without a room.
ROOMLESS = {SessionKind.BREAK, SessionKind.SOCIAL}


@dataclasses.dataclass(frozen=True)
class Conflict:
    """One conflict: what it does to a release, a sentence, and the sessions it is about (the first is where to mend it)."""

    level: ConflictLevel
    sentence: str
    sessions: tuple[Session, ...]

    @property
    def blocks(self) -> bool:
        """Say whether it stops a release."""
        return self.level == ConflictLevel.BLOCKS


def conflicts_between(event, slots: Iterable[Slot]) -> list[Conflict]:
    """List every conflict of these slots of an event (loaded with `for_page`), the blocking ones first, each in order of time.

    For organisers, who see every session: sentences name both sides.
    """
    slots = sorted(slots, key=lambda slot: (slot.start_at, slot.end_at, slot.pk))
    found = [*_rooms_twice(event, slots), *_people_twice(event, slots)]
    for slot in slots:
        found += _outside(event, slot)
        found += _without_room(slot)
        found += _not_approved(slot)
    return sorted(found, key=lambda conflict: not conflict.blocks)


def by_session(conflicts: Iterable[Conflict]) -> dict[int, list[Conflict]]:
    """Gather conflicts under the key of each session they are about."""
    gathered = defaultdict(list)
    for conflict in conflicts:
        for session in conflict.sessions:
            gathered[session.pk].append(conflict)
    return dict(gathered)


def _overlapping(slots: list[Slot]) -> Iterator[tuple[Slot, Slot]]:
    """Give every pair of slots, sorted by start, that share a moment; back to back they do not."""
    open_slots: list[Slot] = []
    for slot in slots:
        open_slots = [other for other in open_slots if other.end_at > slot.start_at]
        yield from ((other, slot) for other in open_slots)
        open_slots.append(slot)


def _rooms_twice(event, slots: list[Slot]) -> Iterator[Conflict]:
    rooms = defaultdict(list)
    for slot in slots:
        if slot.room_id:
            rooms[slot.room_id].append(slot)
    for used in rooms.values():
        for first, second in _overlapping(used):
            sentence = _("%(room)s is used twice on %(day)s: “%(first)s” (%(first_time)s) and “%(second)s” (%(second_time)s).")
            yield _blocking(sentence, first, second, room=first.room.name, **_when(event, first, second))


def _people_twice(event, slots: list[Slot]) -> Iterator[Conflict]:
    places: dict[tuple[str, int], list[Slot]] = defaultdict(list)
    named: dict[tuple[str, int], Speaker] = {}
    for slot in slots:
        for speaker in {_person(one.speaker): one.speaker for one in slot.contributions.all()}.values():
            places[_person(speaker)].append(slot)
            named[_person(speaker)] = speaker
    for person, busy in places.items():
        for first, second in _overlapping(busy):
            sentence = _(
                "%(person)s is in two sessions at once on %(day)s: “%(first)s” (%(first_time)s) and “%(second)s” (%(second_time)s)."
            )
            yield _blocking(sentence, first, second, person=named[person].full_name, **_when(event, first, second))


def _person(speaker: Speaker) -> tuple[str, int]:
    """Who it is: a delegate may be in the agenda under an older registration too."""
    if speaker.registration and speaker.registration.delegate_id:
        return ("delegate", speaker.registration.delegate_id)
    return ("speaker", speaker.pk)


def _outside(event, slot: Slot) -> Iterator[Conflict]:
    last_moment = slot.end_at - dt.timedelta(microseconds=1)
    if event.day_of(slot.start_at) < event.first_date or event.day_of(last_moment) > event.last_date:
        sentence = _("“%(session)s” is outside the days of the event (%(day)s, %(time)s).")
        day, time = _day(event, slot), _span(event, slot)
        yield Conflict(ConflictLevel.BLOCKS, sentence % {"session": slot.session.title, "day": day, "time": time}, (slot.session,))


def _without_room(slot: Slot) -> Iterator[Conflict]:
    if slot.room_id is None and slot.session.kind not in ROOMLESS:
        yield Conflict(ConflictLevel.WARNS, _("“%(session)s” has no room yet.") % {"session": slot.session.title}, (slot.session,))


def _not_approved(slot: Slot) -> Iterator[Conflict]:
    seen = set()
    for contribution in slot.contributions.all():
        registration = contribution.speaker.registration
        if registration is None or registration.state == RegistrationState.APPROVED or registration.pk in seen:
            continue
        seen.add(registration.pk)
        sentence = _("%(person)s is in “%(session)s”, and the registration is “%(state)s”.")
        words = {"person": contribution.speaker.full_name, "session": slot.session.title, "state": registration.get_state_display()}
        yield Conflict(ConflictLevel.WARNS, sentence % words, (slot.session,))


def _blocking(sentence: str, first: Slot, second: Slot, **words: str) -> Conflict:
    titles = {"first": first.session.title, "second": second.session.title}
    return Conflict(ConflictLevel.BLOCKS, sentence % (titles | words), (second.session, first.session))


def _when(event, first: Slot, second: Slot) -> dict[str, str]:
    return {"day": _day(event, second), "first_time": _span(event, first), "second_time": _span(event, second)}


def _day(event, slot: Slot) -> str:
    return dates.weekday_and_date(event.day_of(slot.start_at), get_language() or event.working_language)


def _span(event, slot: Slot) -> str:
    start, end = clock.local(slot.start_at, event.zone), clock.local(slot.end_at, event.zone)
    return f"{start:%H:%M}–{end:%H:%M}"
