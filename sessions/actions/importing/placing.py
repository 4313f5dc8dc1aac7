"""Where and with whom an import puts sessions in the draft."""

from collections.abc import Iterable
from typing import Any

from events.models import Room
from sessions.actions.importing.incoming import IncomingSession
from sessions.choices import Role
from sessions.models import Contribution, Release, Session, Slot, Speaker

People = list[tuple[Speaker, str]]
Row = tuple[Session, IncomingSession, Room | None, People | None]
Changes = dict[str, tuple[Any, Any]]  # fact -> before, after
_Roles = list[tuple[int, str]]  # key of a speaker, role


def place(draft: Release, rows: Iterable[Row]) -> dict[str, Changes]:
    """Put sessions where the file has them, with their people; give before and after, by the identities of those that stood otherwise.

    A session without a start stays where it is; who has no slot has no people.
    """
    there = {slot.session_id: slot for slot in _slots(draft)}
    new: list[Slot] = []
    moved: list[Slot] = []
    peopled: list[tuple[Slot, _Roles]] = []
    found: dict[str, Changes] = {}
    for session, one, room, people in rows:
        slot = there.get(session.pk)
        changes: Changes = {}
        if slot is None and one.start_at and one.end_at:
            slot = Slot(event=draft.event, release=draft, session=session, room=room, start_at=one.start_at, end_at=one.end_at)
            changes["time"] = (None, (slot.start_at, slot.end_at))
            changes |= {"room": (None, room)} if room else {}
            new.append(slot)
        elif slot and (moves := _moves(slot, one, room)):
            changes |= moves
            moved.append(slot)
        if slot and people is not None:
            before = roles_in(slot) if slot.pk else []
            after = _after(before, people)
            if after != before:
                changes["people"] = (before, after)
                peopled.append((slot, after))
        if changes:
            found[one.key] = changes
    Slot.objects.bulk_create(new, batch_size=500)
    Slot.objects.bulk_update(moved, ["room", "start_at", "end_at"], batch_size=200)
    _write(draft, peopled)
    return found


def _slots(draft: Release) -> Iterable[Slot]:
    return Slot.objects.filter(release=draft).select_related("room").prefetch_related("contributions")


def _moves(slot: Slot, one: IncomingSession, room: Room | None) -> Changes:
    """Move a slot in hand to where the file has it; what the file does not speak of stays."""
    changes: Changes = {}
    if one.start_at and one.end_at and (slot.start_at, slot.end_at) != (one.start_at, one.end_at):
        changes["time"] = ((slot.start_at, slot.end_at), (one.start_at, one.end_at))
        slot.start_at, slot.end_at = one.start_at, one.end_at
    if one.room is not None and slot.room_id != (room and room.pk):
        changes["room"] = (slot.room, room)
        slot.room = room
    return changes


def roles_in(slot: Slot) -> _Roles:
    """Who does what in a slot, in their order, as far as a file can say it: all but the interpreters."""
    shown = [one for one in slot.contributions.all() if one.role != Role.INTERPRETER]
    return [(one.speaker_id, one.role) for one in sorted(shown, key=lambda one: (one.position, one.pk))]


def _after(before: _Roles, people: People) -> _Roles:
    """Who will do what: somebody named without a role keeps those they have, else speaks."""
    found: dict[tuple[int, str], None] = {}
    for speaker, role in people:
        kept = [] if role else [had for key, had in before if key == speaker.pk]
        for one in kept or [role or Role.SPEAKER.value]:
            found[speaker.pk, str(one)] = None
    # A format without roles lists somebody once, wherever else they stand in the order.
    return before if not any(role for _speaker, role in people) and _once(before) == _once(found) else list(found)


def _once(roles: Iterable[tuple[int, str]]) -> list[int]:
    return list(dict.fromkeys(key for key, _role in roles))


def _write(draft: Release, peopled: Iterable[tuple[Slot, _Roles]]) -> None:
    """Write who does what in each slot; interpreters stay."""
    peopled = list(peopled)
    rows = [
        Contribution(event=draft.event, slot=slot, speaker_id=key, role=role, position=position)
        for slot, roles in peopled
        for position, (key, role) in enumerate(roles, start=1)
    ]
    Contribution.objects.filter(slot__in=[slot for slot, _roles in peopled]).exclude(role=Role.INTERPRETER).delete()
    Contribution.objects.bulk_create(rows, batch_size=500)
