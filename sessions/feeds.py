"""What changed in the agenda, as far as one reader may know of it: for calendars, which must cancel, and for the feed of versions.

Of an earlier release a reader learns what they could see in it just before it was superseded and may see by present settings
too: a session raised above them vanishes, and is never told to be cancelled.
"""

import dataclasses
from collections.abc import Iterable

from django.db.models import Prefetch

from conference.lib.viewer import Viewer
from delegates.models import Registration
from events.choices import DelegationsShown
from events.models import Event
from sessions.choices import ChangeKind, PublicIdentity, Role
from sessions.models import Release, Session, SessionMarking, Slot
from sessions.rules import Change, Marking, Sight, admits, identity_in, in_feeds, sight, turns_shown, visible_changes


@dataclasses.dataclass(frozen=True)
class Version:
    """A release with what it changed, as one reader may know it; the first one changed nothing."""

    release: Release
    changes: list[Change]


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


def versions(event: Event, viewer: Viewer, *, newest: int = 20) -> list[Version]:
    """List the newest releases of an event, the newest first, each with its changes as a reader may know them."""
    slots = Prefetch("slots", queryset=Slot.objects.for_page().with_turns().prefetch_related("session__delegations"))
    releases = list(Release.objects.filter(event=event).numbered().order_by("-number").prefetch_related(slots)[: newest + 1])
    for release in releases:
        for slot in release.slots.all():
            slot.release = release
    seen_now = _seen_now(event, viewer)
    found = []
    for index, release in enumerate(releases[:newest]):
        older = releases[index + 1] if index + 1 < len(releases) else None
        before = [slot for slot in older.slots.all() if slot.session_id in seen_now] if older else []
        then = _seen_both_times(before, viewer)
        changes = visible_changes(before, release.slots.all(), seen_then=then, seen_now=seen_now) if older else []
        found.append(Version(release, [change for change in changes if _is_told(change, viewer)]))
    return found


def _is_told(change: Change, viewer: Viewer) -> bool:
    """Say whether a change shows: one of people or turns the reader is not told of (interpreters, hidden identities) is none to them."""
    if change.kind == ChangeKind.TURNS:
        is_admitted = admits(change.session.marking(is_released=True), viewer)
        shown = turns_shown(change.session.event, change.session, viewer, is_admitted=is_admitted)
        return shown == DelegationsShown.ORGANISATIONS
    return change.kind != ChangeKind.PEOPLE or _people_told(change.before, viewer) != _people_told(change.after, viewer)


def _people_told(slot: Slot, viewer: Viewer) -> list[tuple[int, str]]:
    session = slot.session
    is_admitted = admits(session.marking(is_released=True), viewer)
    told = {
        identity: identity_in(identity, audience=session.audience, chatham_house=session.chatham_house, is_admitted=is_admitted)
        for identity in PublicIdentity
    }
    return [
        (one.speaker_id, one.role)
        for one in slot.contributions.all()
        if one.role != Role.INTERPRETER and told[PublicIdentity(one.speaker.public_identity)] != PublicIdentity.HIDDEN
    ]


def _seen_now(event: Event, viewer: Viewer) -> set[int]:
    sessions = Session.objects.filter(event=event).in_feeds().prefetch_related("delegations")
    return {session.pk for session in sessions if sight(session.marking(is_released=True), viewer) == Sight.FULL}
