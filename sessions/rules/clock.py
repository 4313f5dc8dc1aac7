"""The clock of a session's turns: whose turn it is, how much of it is left, and how late the session runs."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from events.rules import NotAllowed
from sessions.choices import ClockAct
from sessions.rules.turns import starts_of


@dataclasses.dataclass(frozen=True)
class Reading:
    """What the clock says at a moment. Without `current` the turns have not begun, or (`is_over`) all have spoken.

    `left` are the seconds left of the turn, negative once it takes too long; `late` those by which the session will end later
    than planned if everybody else keeps to their time, negative when it runs early.
    """

    current: Any = None
    following: Any = None
    left: int = 0
    late: int = 0
    is_running: bool = False
    is_over: bool = False
    number: int = 0


def read_clock(start_at: dt.datetime, turns: Sequence[Any], clock, at: dt.datetime) -> Reading:
    """Read the clock (`models.TurnClock`, or None when nobody started it) of these turns at a moment.

    A turn that is no longer among them, after a new release, counts as not begun.
    """
    starts = starts_of(start_at, [turn.minutes for turn in turns])
    index = next((number for number, turn in enumerate(turns) if clock and turn.who == clock.who), None)
    if index is None:
        ended_at = clock.ended_at if clock else None
        if ended_at and turns:
            return Reading(is_over=True, late=_seconds(ended_at - starts[-1]) - turns[-1].minutes * 60, number=len(turns))
        return Reading(following=turns[0] if turns else None, late=max(0, _seconds(at - start_at)))
    left = turns[index].minutes * 60 - spent_seconds(clock, at)
    late = _seconds(at - starts[index]) + max(left, 0) - turns[index].minutes * 60
    following = turns[index + 1] if index + 1 < len(turns) else None
    return Reading(turns[index], following, left, late, clock.running_since_at is not None, number=index + 1)


def spent_seconds(clock, at: dt.datetime) -> int:
    """Count the seconds spent of the present turn at a moment, pauses left out."""
    running = max(0, _seconds(at - clock.running_since_at)) if clock.running_since_at else 0
    return clock.spent_seconds + running


def clock_values(clock) -> dict[str, str]:
    """What a page shows of the clock, as plain values that can be compared."""
    if clock is None:
        return {"turn": "", "running": "", "ended": ""}
    return {"turn": clock.who, "running": str(clock.running_since_at or ""), "ended": str(clock.ended_at or "")}


def steered(reading: Reading, turns: Sequence[Any], act: str) -> Any:
    """Give whose turn it is after an act, None for nobody's; raise `NotAllowed` for an act that makes no sense now."""
    if not turns:
        raise NotAllowed(_("This session has no turns in the released agenda."))
    index = reading.number - 1 if reading.current else (len(turns) if reading.is_over else -1)
    if act == ClockAct.START and index == -1:
        return turns[0]
    if act == ClockAct.NEXT and reading.current:
        return turns[index + 1] if index + 1 < len(turns) else None
    if act == ClockAct.BACK and index >= 0:
        return turns[max(index - 1, 0)]
    if act in (ClockAct.PAUSE, ClockAct.GO) and reading.current:
        return reading.current
    raise NotAllowed(_("The clock cannot do that now."))


def _seconds(length: dt.timedelta) -> int:
    return int(length.total_seconds())
