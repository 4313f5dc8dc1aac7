"""The turns of a tour de table: how many minutes each has, in which order they come, when each starts, and who may read them."""

import datetime as dt
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from django.utils.translation import gettext as _

from conference.lib.viewer import Viewer
from events.choices import DelegationsShown
from events.rules import NotAllowed

MOST_MINUTES = 600
Who = TypeVar("Who", bound=Hashable)


def shared_minutes(total: int, by_hand: Sequence[int | None]) -> list[int]:
    """Share minutes in whole ones: turns set by hand keep theirs, the others split the rest equally, the first ones get what is left over.

    The sum is `total`, exactly, unless every turn is set by hand. Raise `NotAllowed` when somebody would get less than a minute.
    """
    open_turns = sum(minutes is None for minutes in by_hand)
    rest = total - sum(minutes or 0 for minutes in by_hand)
    if open_turns and rest < open_turns:
        raise NotAllowed(_("There is not a minute for each: give more minutes, or leave somebody out."))
    each, over = divmod(rest, open_turns) if open_turns else (0, 0)
    given = iter([each + (number < over) for number in range(open_turns)])
    return [next(given) if minutes is None else minutes for minutes in by_hand]


def merged_order(kept: Sequence[Who], wanted: Sequence[Who]) -> list[Who]:
    """Keep an order made by hand and put each newcomer of `wanted` behind the one who stands before them there (else at the front)."""
    merged = list(kept)
    for number, who in enumerate(wanted):
        if who in merged:
            continue
        before = next((one for one in reversed(wanted[:number]) if one in merged), None)
        merged.insert(merged.index(before) + 1 if before is not None else 0, who)
    return merged


def starts_of(start_at: dt.datetime, minutes: Iterable[int]) -> list[dt.datetime]:
    """Give the moment each turn starts when the first starts with the session; moments, so that a change of the clocks does no harm."""
    starts = []
    for length in minutes:
        starts.append(start_at)
        start_at += dt.timedelta(minutes=length)
    return starts


def are_read_by_all(shown: str) -> bool:
    """Say whether what `turns_shown` says lets a viewer read every turn, not one's own alone."""
    return shown in (DelegationsShown.ORGANISATIONS, DelegationsShown.STATES)


def turns_shown(event, session, viewer: Viewer, *, is_admitted: bool) -> str:
    """Say what a viewer who sees a session in full may read of its turns, as `DelegationsShown` says it for the list of delegations.

    Never more than of that list; to one outside the session's audience nothing, and under the Chatham House Rule nobody's turn
    is told but one's own.
    """
    if not is_admitted or session.chatham_house or event.delegations_audience not in viewer.audiences:
        return DelegationsShown.NONE
    return event.delegations_shown
