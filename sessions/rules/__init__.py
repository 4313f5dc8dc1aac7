"""Pure decisions about the agenda: who sees what of a session, what may be marked how, what changed between two releases."""

from sessions.rules.changes import Change, changes_between, visible_changes
from sessions.rules.clock import Reading, clock_values, read_clock, spent_seconds, steered
from sessions.rules.sight import (
    ORDER_OF_AUDIENCES,
    ORDER_OF_LABELS,
    Marking,
    Sight,
    above_green,
    admits,
    check_marking,
    identity_in,
    in_feeds,
    is_widening,
    may_carry,
    may_download,
    shows_room,
    sight,
)
from sessions.rules.stale import Stale, check_fresh
from sessions.rules.turns import MOST_MINUTES, merged_order, shared_minutes, starts_of, turns_shown
from sessions.rules.widening import NeedsConfirmation, check_widening

__all__ = [
    "MOST_MINUTES",
    "ORDER_OF_AUDIENCES",
    "ORDER_OF_LABELS",
    "Change",
    "Marking",
    "NeedsConfirmation",
    "Reading",
    "Sight",
    "Stale",
    "above_green",
    "admits",
    "changes_between",
    "check_fresh",
    "check_marking",
    "check_widening",
    "clock_values",
    "identity_in",
    "in_feeds",
    "is_widening",
    "may_carry",
    "may_download",
    "merged_order",
    "read_clock",
    "shared_minutes",
    "shows_room",
    "sight",
    "spent_seconds",
    "starts_of",
    "steered",
    "turns_shown",
    "visible_changes",
]
