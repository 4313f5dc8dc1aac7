"""The acts of the board: put a session somewhere, take it out, swap two, and take the last of these back."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from conference.lib.fingerprints import fingerprints
from conference.lib.viewer import Actor
from delegates.rules import check_editing
from events.actions import lock_event
from events.models import Event, Room
from events.rules import NotAllowed
from sessions.actions.people import people_values, set_contributions
from sessions.actions.releases import place_session, place_values, unplace_session
from sessions.actions.tours import bring_turns_back, turns_to_keep
from sessions.models import Session, Slot


@dataclasses.dataclass(frozen=True)
class Step:
    """What one act did to one session: its place before and after, as `place_values` gives it, and its people and turns if it left."""

    session: str
    before: dict[str, Any]
    after: dict[str, Any]
    people: list[list[str]]
    turns: dict[str, Any] = dataclasses.field(default_factory=dict)


def put_session(
    session: Session, *, room: Room | None, start_at: dt.datetime, end_at: dt.datetime, by: Actor, seen: Mapping[str, str] | None
) -> list[Step]:
    """Place or move a session in the draft. Asked a second time (an answer got lost) it changes nothing; may raise `Stale`."""
    with transaction.atomic():
        before = place_values(_locked_slot(session))
        if before == place_values(Slot(room=room, start_at=start_at, end_at=end_at)):
            return []
        slot = place_session(session, room=room, start_at=start_at, end_at=end_at, by=by, seen=seen)
        return [Step(session.public_id, before, place_values(slot), [])]


def take_out_session(session: Session, *, by: Actor, seen: Mapping[str, str] | None) -> list[Step]:
    """Take a session out of the draft, with its people and turns, which taking the step back brings back; may raise `Stale`."""
    with transaction.atomic():
        slot = _locked_slot(session)
        if slot is None:
            return []
        before, people, turns = place_values(slot), people_values(slot)["people"], turns_to_keep(slot)
        unplace_session(session, by=by, seen=seen)
        return [Step(session.public_id, before, place_values(None), people, turns)]


def swap_sessions(
    session: Session, other: Session, *, by: Actor, seen: Mapping[str, str] | None, other_seen: Mapping[str, str] | None
) -> list[Step]:
    """Let two placed sessions change rooms and starts; each keeps its length. May raise `Stale`."""
    with transaction.atomic():
        first, second = _locked_slot(session), _locked_slot(other)
        if first is None or second is None or session.pk == other.pk:
            raise NotAllowed(_("Only two placed sessions can be swapped."))
        places = [(session, first, second, seen), (other, second, first, other_seen)]
        return [
            step
            for one, own, to, marks in places
            for step in put_session(
                one, room=to.room, start_at=to.start_at, end_at=to.start_at + (own.end_at - own.start_at), by=by, seen=marks
            )
        ]


def take_back(event: Event, steps: Iterable[Step], *, by: Actor) -> list[Step]:
    """Undo these steps, the last first; raise `Stale` when somebody has placed one of the sessions since."""
    with transaction.atomic():
        locked = lock_event(event.pk)
        check_editing(locked)
        done = [_take_back(locked, step, by) for step in reversed(list(steps))]
    return [step for steps_of_one in done for step in steps_of_one]


def _take_back(event: Event, step: Step, by: Actor) -> list[Step]:
    session = Session.objects.filter(event=event, public_id=step.session).first()
    if session is None:
        raise NotAllowed(_("This session is no longer in the agenda."))
    seen = fingerprints(step.after)
    if not step.before["start_at"]:
        _check_no_turns(session)
        return take_out_session(session, by=by, seen=seen)
    room = Room.objects.filter(event=event, public_id=step.before["room"]).first() if step.before["room"] else None
    start_at, end_at = (parse_datetime(step.before[name]) for name in ("start_at", "end_at"))
    if start_at is None or end_at is None:
        raise NotAllowed(_("This step cannot be undone."))
    done = put_session(session, room=room, start_at=start_at, end_at=end_at, by=by, seen=seen)
    if step.people:
        speakers = {speaker.public_id: speaker for speaker in event.speakers.filter(public_id__in=[key for key, _role in step.people])}
        set_contributions(session, [(speakers[key], role) for key, role in step.people if key in speakers], by=by)
    if step.turns:
        bring_turns_back(session, step.turns, by=by)
    return done


def _check_no_turns(session: Session) -> None:
    """Refuse to undo a placing whose turns were built since: nothing could bring them back, while taking out can be undone."""
    slot = _locked_slot(session)
    if slot and slot.interventions.exists():
        raise NotAllowed(
            _(
                "“%(session)s” has got turns since it was placed, and undoing would lose them. Take it out of the draft instead:"
                " that can be undone, and brings the turns back."
            )
            % {"session": session.title}
        )


def _locked_slot(session: Session) -> Slot | None:
    """The place of a session in the draft (or, without a draft, in what becomes one), with the event locked."""
    lock_event(session.event_id)
    return Slot.objects.draft().filter(session=session).select_related("room").first()
