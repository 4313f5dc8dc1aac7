"""The database's face of `rules.sight`: what a viewer sees of each session, as columns of a query."""

from collections.abc import Callable
from typing import Any

from django.db.models import BooleanField, Case, Exists, IntegerField, Q, Value, When

from events.choices import Audience
from sessions.choices import ShownAsClosed
from sessions.rules import Sight


def sight_columns(
    viewer,
    *,
    released: Any,
    listed: Callable[[Any], Exists],
    assigned: Callable[[int], Exists],
    prefix: str = "",
) -> dict[str, Case]:
    """Give the columns `sight`, `is_admitted` (its audience includes the viewer) and `room_shown` (on the closed line).

    `released` says that the session stands in the current release; `listed(ids)` that it names one of these delegations;
    `assigned(key)` that this registration works in it now; `prefix` is the path to the session.
    """
    followers = viewer.slot_delegation_ids
    admitted = _in_audience(viewer.audiences, viewer.delegation_ids, listed, prefix)
    follows = _in_audience(viewer.slot_audiences, followers, listed, prefix)
    full = admitted
    if viewer.assigned_registration_id is not None:
        open_to_somebody = ~Q(**{f"{prefix}audience": Audience.ORGANISERS})
        full = admitted | (open_to_somebody & Q(assigned(viewer.assigned_registration_id)))
    line = ~Q(**{f"{prefix}shown_as_closed": ShownAsClosed.NOTHING}) | follows
    room = Q(**{f"{prefix}shown_as_closed": ShownAsClosed.TIME_AND_ROOM}) | follows
    return {
        "sight": Case(
            When(~Q(released), then=Value(int(Sight.NONE))),
            When(full, then=Value(int(Sight.FULL))),
            When(line, then=Value(int(Sight.SLOT))),
            default=Value(int(Sight.NONE)),
            output_field=IntegerField(),
        ),
        "is_admitted": _truth(admitted),
        "room_shown": _truth(room),
    }


def _in_audience(audiences: frozenset[str], delegation_ids: frozenset[int], listed, prefix: str) -> Q:
    condition = Q(**{f"{prefix}audience__in": sorted(audiences - {Audience.SELECTED, Audience.ORGANISERS})})
    if delegation_ids:
        condition |= Q(**{f"{prefix}audience": Audience.SELECTED}) & Q(listed(delegation_ids))
    return condition


def _truth(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
