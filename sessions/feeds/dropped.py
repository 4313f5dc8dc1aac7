"""Sessions a reader saw and which the current release holds no more: calendars must cancel them.

Of an earlier release a reader learns what they could see in it just before it was superseded and may see by present settings
too: a session raised above them vanishes, and is never told to be cancelled.
"""

from collections.abc import Iterable

from conference.lib.viewer import Viewer
from delegates.models import Registration
from events.models import Event
from sessions.models import Release, SessionMarking, Slot
from sessions.rules import Marking, Sight, in_feeds, sight


def dropped_slots(event: Event, viewer: Viewer, *, registration: Registration | None = None) -> list[Slot]:
    """List the last slots of sessions which a reader saw and which the current release holds no more, in the order of time.

    For a registration, only what was dropped since its last step: before it, the reader was somebody else to the agenda.
    """
    current = Release.objects.filter(event=event).current()
    gone = Slot.objects.filter(event=event, release__number__isnull=False).exclude(
        session__in=Slot.objects.filter(release__in=current).values("session")
    )
    slots = gone.select_related("release", "session__event", "session__track__event", "room__event").prefetch_related(
        "session__delegations"
    )
    last = {slot.session_id: slot for slot in slots.order_by("release__number")}
    since = registration.moves.latest("at", "pk").at if registration and last else None
    kept = [slot for slot in last.values() if in_feeds(slot.session.label) and (since is None or slot.release.superseded_at > since)]
    seen = _seen_both_times(kept, viewer)
    return sorted((slot for slot in kept if slot.session_id in seen), key=lambda slot: (slot.start_at, slot.session.public_id))


def _seen_both_times(slots: Iterable[Slot], viewer: Viewer) -> set[int]:
    """The keys of the sessions a viewer saw when the release of the slot ended, and may see now."""
    slots = list(slots)
    rows: dict[int, list[SessionMarking]] = {}
    for row in SessionMarking.objects.filter(session__in=[slot.session_id for slot in slots]):
        rows.setdefault(row.session_id, []).append(row)
    now = {slot.session_id for slot in slots if sight(slot.session.marking(is_released=True), viewer) == Sight.FULL}
    return {slot.session_id for slot in slots if slot.session_id in now and _seen_at_end(slot, rows.get(slot.session_id, []), viewer)}


def _seen_at_end(slot: Slot, rows: Iterable[SessionMarking], viewer: Viewer) -> bool:
    at = slot.release.superseded_at
    held = [row for row in rows if row.from_at <= at and (row.until_at is None or row.until_at >= at)]
    return bool(held) and all(in_feeds(row.label) and sight(_marking(row), viewer) == Sight.FULL for row in held)


def _marking(row: SessionMarking) -> Marking:
    return Marking(row.audience, row.label, row.shown_as_closed, frozenset(row.delegation_ids))
