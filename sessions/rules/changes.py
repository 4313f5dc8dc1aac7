"""What changed in the agenda between two releases, or between the draft and the current one, as each viewer may know it."""

import dataclasses
from collections.abc import Collection, Iterable
from typing import Any

from sessions.choices import ChangeKind


@dataclasses.dataclass(frozen=True)
class Change:
    """One difference of one session; `before` and `after` are its slots, None where the session was added or dropped."""

    session: Any
    kind: ChangeKind
    before: Any = None
    after: Any = None


def changes_between(before: Iterable, after: Iterable) -> list[Change]:
    """List what differs between two lists of slots (with session, room, contributions and interventions in hand), in the order of time.

    A session that moved and changed its room gives two rows.
    """
    old = {slot.session_id: slot for slot in before}
    new = {slot.session_id: slot for slot in after}
    found = [Change(slot.session, ChangeKind.ADDED, after=slot) for key, slot in new.items() if key not in old]
    found += [Change(slot.session, ChangeKind.DROPPED, before=slot) for key, slot in old.items() if key not in new]
    for key in new.keys() & old.keys():
        found += [Change(new[key].session, kind, old[key], new[key]) for kind in _differences(old[key], new[key])]
    order = list(ChangeKind)
    return sorted(found, key=lambda c: ((c.after or c.before).start_at, c.session.public_id, order.index(c.kind)))


def visible_changes(before: Iterable, after: Iterable, *, seen_then: Collection[int], seen_now: Collection[int]) -> list[Change]:
    """List the differences a viewer may know of: as if sessions they could not see then, or may not see now, had never existed.

    `seen_then` and `seen_now` are the keys of the sessions the viewer could see in the older release and may see by present
    settings. Hiding before comparing (and not after) is what keeps a hidden past out: a session opened to the viewer
    since then is simply new to them, whether or not it moved meanwhile; one raised above them vanishes and is never "dropped".
    """
    old = [slot for slot in before if slot.session_id in seen_then and slot.session_id in seen_now]
    return changes_between(old, [slot for slot in after if slot.session_id in seen_now])


def _differences(old, new) -> list[ChangeKind]:
    kinds = []
    if (old.start_at, old.end_at) != (new.start_at, new.end_at):
        kinds.append(ChangeKind.MOVED)
    if old.room_id != new.room_id:
        kinds.append(ChangeKind.ROOM)
    if _people(old) != _people(new):
        kinds.append(ChangeKind.PEOPLE)
    if _turns(old) != _turns(new):
        kinds.append(ChangeKind.TURNS)
    return kinds


def _turns(slot) -> list[tuple[int | None, int | None, int]]:
    return [(one.delegation_id, one.speaker_id, one.minutes) for one in slot.turns]


def _people(slot) -> list[tuple[int, str]]:
    contributions = sorted(slot.contributions.all(), key=lambda one: (one.position, one.pk))
    return [(one.speaker_id, one.role) for one in contributions]
