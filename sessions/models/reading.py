"""What a page or a feed of the agenda reads, in as few queries as that takes."""

from collections.abc import Iterable

from django.db import models

from events.models import Event
from sessions.models.interventions import Intervention
from sessions.models.releases import Contribution, Slot
from sessions.rules import Sight


def agenda_of(event: Event, slots: models.QuerySet) -> list[Slot]:
    """Read these slots of an event (already scoped to a viewer) in the order of the agenda; `people` of those seen in full, else none.

    Two queries, whatever the number of slots. `people` are the contributions in the order set, interpreters left out.
    """
    read = list(slots.filter(event=event).for_agenda().in_order())
    for slot in read:
        slot.event = slot.session.event = event  # for the fallback of their texts, without reading it again
        for part in (slot.room, slot.session.track):
            if part:
                part.event = event
    load_people(event, [slot for slot in read if slot.sight == Sight.FULL])
    for slot in read:
        if slot.sight != Sight.FULL:
            slot.people = []
    return read


def load_people(event: Event, slots: Iterable[Slot]) -> None:
    """Give each of these slots its `people`, in one query."""
    people = Contribution.objects.shown().for_page().in_order()
    models.prefetch_related_objects(slots, models.Prefetch("contributions", queryset=people, to_attr="people"))
    for slot in slots:
        for person in slot.people:
            person.speaker.event = event


def live_turns(session) -> tuple[Slot | None, list[Intervention]]:
    """Give the slot of a session in the current release, and its turns that are not left out, in order. Two queries."""
    slot = Slot.objects.current().filter(session=session).first()
    if slot is None:
        return None, []
    return slot, [one for one in slot.interventions.for_page() if not one.is_dropped]
