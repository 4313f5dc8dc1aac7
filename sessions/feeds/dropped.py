"""Sessions a reader saw and which the current release holds no more: calendars must cancel them.

Of an earlier release a reader learns what they could see in it just before it was superseded and may see by present settings
too: a session raised above them vanishes, and is never told to be cancelled. It is called what they could read it was called.
"""

import datetime as dt
from collections.abc import Iterable

from conference.lib.viewer import ANYONE, Viewer
from conference.lib.words import languages
from delegates.models import Registration
from events.models import Event
from sessions.models import Release, SessionMarking, Slot
from sessions.rules import Marking, Sight, in_feeds, sight


def dropped_slots(event: Event, viewer: Viewer, *, registration: Registration | None = None) -> list[Slot]:
    """List the last slots of sessions which a reader saw and which the current release holds no more, in the order of time.

    For a registration, only what was dropped since its last step: before it, the reader was somebody else to the agenda. The title
    a slot keeps is empty where the reader did not see it when it was released.
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
    rows = _markings(kept)
    seen = [slot for slot in kept if _is_seen_both_times(slot, rows[slot.session_id], viewer)]
    for slot in seen:
        slot.event = event  # for the fallback of its title, without reading it again
        was = ANYONE if since and slot.release.released_at <= since else viewer
        if not _is_seen_at(slot.release.released_at, rows[slot.session_id], was):
            for code in languages():
                setattr(slot, f"title_{code}", "")
    return sorted(seen, key=lambda slot: (slot.start_at, slot.session.public_id))


def _markings(slots: Iterable[Slot]) -> dict[int, list[SessionMarking]]:
    """The history of the markings of these sessions, by key. One query."""
    found: dict[int, list[SessionMarking]] = {slot.session_id: [] for slot in slots}
    for row in SessionMarking.objects.filter(session__in=found):
        found[row.session_id].append(row)
    return found


def _is_seen_both_times(slot: Slot, rows: Iterable[SessionMarking], viewer: Viewer) -> bool:
    """Say whether a viewer saw the session when the release of the slot ended, and may see it now."""
    sees_now = sight(slot.session.marking(is_released=True), viewer) == Sight.FULL
    return sees_now and _is_seen_at(slot.release.superseded_at, rows, viewer)


def _is_seen_at(at: dt.datetime, rows: Iterable[SessionMarking], viewer: Viewer) -> bool:
    held = [row for row in rows if row.from_at <= at and (row.until_at is None or row.until_at >= at)]
    return bool(held) and all(in_feeds(row.label) and sight(_marking(row), viewer) == Sight.FULL for row in held)


def _marking(row: SessionMarking) -> Marking:
    return Marking(row.audience, row.label, row.shown_as_closed, frozenset(row.delegation_ids))
