"""The database's face of `rules.sight`: what a viewer sees of each session, as conditions and columns of a query."""

import dataclasses
from collections.abc import Callable
from typing import Any

from django.db.models import BooleanField, Case, Exists, Expression, IntegerField, Q, QuerySet, Value, When

from events.choices import Audience
from sessions.choices import ShownAsClosed
from sessions.rules import Sight


@dataclasses.dataclass(frozen=True)
class Sights:
    """What decides a viewer's sight of a session, as conditions of a query."""

    released: Q  # it stands in the current release
    admitted: Q  # its audience includes the viewer
    full: Q  # the viewer sees all of it, once released
    line: Q  # or else the line *closed session*
    room: Q  # with its room

    def columns(self) -> dict[str, Expression]:
        """`sight`, `is_admitted` and `room_shown` (on the closed line) of every row."""
        return {
            "sight": Case(
                When(~self.released, then=Value(int(Sight.NONE))),
                When(self.full, then=Value(int(Sight.FULL))),
                When(self.line, then=Value(int(Sight.SLOT))),
                default=Value(int(Sight.NONE)),
                output_field=IntegerField(),
            ),
            "is_admitted": _truth(self.admitted),
            "room_shown": _truth(self.room),
        }

    def visible(self, rows: QuerySet) -> QuerySet:
        """Keep the rows seen in full, with the columns: asked by what is indexed, and without what is known of each row kept."""
        seen = Value(True, output_field=BooleanField())
        is_admitted = seen if self.full is self.admitted else _truth(self.admitted)
        sight = Value(int(Sight.FULL), output_field=IntegerField())
        return rows.filter(self.released).filter(self.full).annotate(sight=sight, is_admitted=is_admitted, room_shown=seen)

    def noticed(self, rows: QuerySet) -> QuerySet:
        """Keep the rows seen at least as the line *closed session*, likewise."""
        sight = Case(When(self.full, then=Value(int(Sight.FULL))), default=Value(int(Sight.SLOT)), output_field=IntegerField())
        kept = rows.filter(self.released).filter(self.full | self.line)
        return kept.annotate(sight=sight, is_admitted=_truth(self.admitted), room_shown=_truth(self.room))


def sights(
    viewer,
    *,
    released: Any,
    listed: Callable[[Any], Exists],
    assigned: Callable[[int], Exists],
    prefix: str = "",
) -> Sights:
    """Give the conditions for a viewer.

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
    return Sights(Q(released), admitted, full, line, room)


def _in_audience(audiences: frozenset[str], delegation_ids: frozenset[int], listed, prefix: str) -> Q:
    condition = Q(**{f"{prefix}audience__in": sorted(audiences - {Audience.SELECTED, Audience.ORGANISERS})})
    if delegation_ids:
        condition |= Q(**{f"{prefix}audience": Audience.SELECTED}) & Q(listed(delegation_ids))
    return condition


def _truth(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
