"""What a page or a feed of the agenda reads, in as few queries as that takes."""

import functools
from collections.abc import Iterable
from typing import NamedTuple

from django.core.cache import caches
from django.db import models

from conference.lib.kept import KEPT_SECONDS
from conference.lib.memory import alone
from conference.lib.viewer import Viewer
from events.models import Event, Room
from sessions.models.interventions import Intervention
from sessions.models.joining import Joining
from sessions.models.papers import Paper
from sessions.models.releases import Contribution, Slot
from sessions.models.sessions import Speaker, Track, columns_of_speaker
from sessions.rules import Sight, in_feeds


class Appearance(NamedTuple):
    """A person in a role, as pages read them: a `Contribution` without its row."""

    speaker: Speaker
    role: str


def agenda_of(event: Event, slots: models.QuerySet) -> list[Slot]:
    """Read these slots of an event (already scoped to a viewer) in the order of the agenda; `people` of those seen in full, else none.

    Five queries, whatever the number of slots: rooms, tracks and speakers are read once each, where joins would make a copy for
    every slot, and whole, where naming a thousand keys costs more. `people` are in the order set, interpreters left out.
    """
    read = list(slots.filter(event=event).select_related("session__sign_up_sheet").in_order())
    rooms, tracks = (_by_key(event, model.objects.filter(event=event)) for model in (Room, Track))
    for slot in read:
        _give(slot, event=event, room=rooms[slot.room_id] if slot.room_id else None)
        track = tracks[slot.session.track_id] if slot.session.track_id else None
        _give(slot.session, event=event, track=track)
    in_full = {slot.pk: slot.release_id for slot in read if slot.sight == Sight.FULL}
    shown = Contribution.objects.shown().in_order().filter(slot__release__in=set(in_full.values()))
    people = [one for one in shown.values_list("slot", "speaker", "role") if one[0] in in_full]
    speakers = _by_key(event, Speaker.objects.for_page().filter(event=event)) if people else {}
    _give_people(read, ((slot, speakers[speaker], role) for slot, speaker, role in people))
    return read


def agenda_for(event: Event, viewer: Viewer) -> list[Slot]:
    """Give every slot of which a viewer sees at least the line *closed session*, as `agenda_of` reads them: not to be changed.

    What anyone sees is read once for all pages, formats, languages and searches, until something is done at the event (or for a
    minute, as kept pages are).
    """
    if not viewer.is_public:
        return agenda_of(event, Slot.objects.noticed_by(viewer))
    if (found := _at_hand(event)) is None:
        with alone(_key(event)):
            if (found := _at_hand(event)) is None:
                found = _Public(agenda_of(event, Slot.objects.noticed_by(viewer)))
                caches["pages"].set(_key(event), found, KEPT_SECONDS)
    return found.slots


class _Public:
    """What anyone sees of an agenda, and those of its slots that are seen in full by the public ids of their sessions."""

    def __init__(self, slots: list[Slot]):
        self.slots = slots
        self.in_full = {slot.session.public_id: slot for slot in slots if slot.sight == Sight.FULL}

    @functools.cached_property
    def with_more(self) -> frozenset[int]:
        """The sessions with papers or details of joining, whoever may see them: the pages of the others need not ask for any."""
        event = self.slots[0].event_id
        papers = Paper.objects.filter(event=event, session__isnull=False).order_by().values_list("session")
        return frozenset(key for (key,) in papers.union(Joining.objects.filter(event=event).values_list("session")))


def _key(event: Event) -> str:
    return f"slots:{event.pk}:{event.stamp}"


def _at_hand(event: Event) -> _Public | None:
    return caches["pages"].get(_key(event))


def slot_for(event: Event, viewer: Viewer, public_id: str) -> Slot | None:
    """Give the slot of a session, if the viewer sees it in full: not to be changed. Two queries; none where what anyone sees is at hand."""
    if viewer.is_public and (read := _at_hand(event)):
        return read.in_full.get(public_id)
    return next(iter(few_of(event, Slot.objects.visible_to(viewer).filter(session__public_id=public_id))), None)


def may_have_more(event: Event, viewer: Viewer, slot: Slot) -> bool:
    """Say whether papers or details of joining are to be looked for: not where what anyone sees is at hand, and there are none."""
    return not (viewer.is_public and (read := _at_hand(event))) or slot.session_id in read.with_more


def feed_of(event: Event, viewer: Viewer) -> list[Slot]:
    """Give the slots a viewer may have in a feed, in the order of the agenda: seen in full, and not RED."""
    return [slot for slot in agenda_for(event, viewer) if slot.sight == Sight.FULL and in_feeds(slot.session.label)]


def few_of(event: Event, slots: models.QuerySet) -> list[Slot]:
    """Read as `agenda_of` does, for one slot or a few: two queries."""
    read = list(slots.filter(event=event).for_agenda().in_order())
    for slot in read:
        slot.event = slot.session.event = event
        for part in (slot.room, slot.session.track):
            if part:
                part.event = event
    named = _shown(read).select_related("speaker__registration__delegate").only("slot_id", "role", *columns_of_speaker("speaker__"))
    people = list(named)
    for one in people:
        one.speaker.event = event
    _give_people(read, ((one.slot_id, one.speaker, one.role) for one in people))
    return read


def _by_key(event: Event, things: models.QuerySet) -> dict[int, models.Model]:
    found = {thing.pk: thing for thing in things}
    for thing in found.values():
        _give(thing, event=event)
    return found


def _give(thing: models.Model, **others: models.Model | None) -> None:
    """Put what the keys of a row name in place without the checks of an assignment, which for thousands of rows cost more than reading."""
    thing._state.fields_cache.update(others)


def _shown(slots: list[Slot]) -> models.QuerySet:
    """Who is in these slots, interpreters left out; nobody where the session is not seen in full."""
    return Contribution.objects.shown().filter(slot__in=[slot.pk for slot in slots if slot.sight == Sight.FULL]).in_order()


def _give_people(slots: list[Slot], people: Iterable[tuple[int, Speaker, str]]) -> None:
    of_slot: dict[int, list[Appearance]] = {slot.pk: [] for slot in slots}
    for slot_id, speaker, role in people:
        of_slot[slot_id].append(Appearance(speaker, role))
    for slot in slots:
        slot.people = of_slot[slot.pk]


def slots_of(event: Event, slots: models.QuerySet, *, with_turns: bool = False) -> list[Slot]:
    """Read these slots of an event with all an organiser sees of each, in order of time: what conflicts and lists of changes read.

    As `for_page` (and `with_turns`), and `with_union`; but the event is the one in hand and is not read again beside each row.
    Two queries (three).
    """
    people = models.Prefetch("contributions", queryset=Contribution.objects.for_page().order_by("position", "pk"))
    joined = slots.filter(event=event).select_related("session", "room__venue").prefetch_related(people)
    found = joined.with_minutes().with_sign_ups().with_union(event.first_date)
    read = list((found.with_turns() if with_turns else found).order_by("start_at", "end_at", "pk"))
    for slot in read:
        slot.event = slot.session.event = event
        if slot.room:
            slot.room.event = slot.room.venue.event = event
        for one in slot.contributions.all():
            one.speaker.event = event
    return read


def live_turns(session) -> tuple[Slot | None, list[Intervention]]:
    """Give the slot of a session in the current release, and its turns that are not left out, in order. Two queries."""
    slot = Slot.objects.current().filter(session=session).first()
    if slot is None:
        return None, []
    return slot, [one for one in slot.interventions.for_page() if not one.is_dropped]
