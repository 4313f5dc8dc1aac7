"""Pure decisions about the agenda: who sees what of a session, what may be marked how, what changed between two releases."""

from sessions.rules.changes import Change, changes_between, visible_changes
from sessions.rules.sight import (
    ORDER_OF_AUDIENCES,
    ORDER_OF_LABELS,
    Marking,
    Sight,
    above_green,
    check_marking,
    in_feeds,
    is_widening,
    shows_room,
    sight,
)
from sessions.rules.stale import Stale, check_fresh, fingerprints
from sessions.rules.widening import NeedsConfirmation, check_widening

__all__ = [
    "ORDER_OF_AUDIENCES",
    "ORDER_OF_LABELS",
    "Change",
    "Marking",
    "NeedsConfirmation",
    "Sight",
    "Stale",
    "above_green",
    "changes_between",
    "check_fresh",
    "check_marking",
    "check_widening",
    "fingerprints",
    "in_feeds",
    "is_widening",
    "shows_room",
    "sight",
    "visible_changes",
]
