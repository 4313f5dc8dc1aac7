"""Steering the clock of a session's turns."""

from django.db import transaction
from django.utils import timezone

from conference.lib.viewer import Actor
from delegates.rules import check_editing
from events.actions import lock_event, record
from sessions import rules
from sessions.choices import ClockAct
from sessions.models import Session, TurnClock, live_turns


def steer_clock(session: Session, act: str, *, by: Actor, seen: dict[str, str] | None = None) -> TurnClock:
    """Start the turns, go to the next or back, pause or go on. The last turn's *next* ends them.

    `seen` fingerprints what the page showed: pressed twice, or by two people at once, the clock moves once (`Stale`).
    """
    with transaction.atomic():
        event = lock_event(session.event_id)
        check_editing(event)
        at = timezone.now()
        clock = TurnClock.objects.filter(session=session).first()
        rules.check_fresh(seen, rules.clock_values(clock))
        slot, turns = live_turns(session)
        reading = rules.read_clock(slot.start_at if slot else at, turns, clock, at)
        turn = rules.steered(reading, turns, act)
        clock = clock or TurnClock(event=event, session=session)
        if act == ClockAct.PAUSE:
            clock.spent_seconds, clock.running_since_at = rules.spent_seconds(clock, at), None
        elif act == ClockAct.GO:
            clock.running_since_at = clock.running_since_at or at
        else:
            clock.who, clock.spent_seconds = turn.who if turn else "", 0
            clock.running_since_at, clock.ended_at = (at, None) if turn else (None, at)
        clock.save()
        record(by, "session.clock", session, event=event, act=str(act), turn=clock.who)
    return clock
