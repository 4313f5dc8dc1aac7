"""Pure decisions about the agenda: who sees what of a session, what may be marked how, what changed between two releases."""

from sessions.rules.changes import Change, changes_between, visible_changes
from sessions.rules.clock import Reading, clock_values, read_clock, spent_seconds, steered
from sessions.rules.grid import ROW, hours_of, in_lanes, rows_in, set_rows, window
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
from sessions.rules.signups import TAKE_BACK, SignedUpElsewhere, check_signing_up, may_sign_up, place_in_line, sign_up_phase
from sessions.rules.stale import Stale, check_fresh
from sessions.rules.turns import MOST_MINUTES, merged_order, shared_minutes, starts_of, turns_shown
from sessions.rules.widening import NeedsConfirmation, check_widening

__all__ = [
    "MOST_MINUTES",
    "ORDER_OF_AUDIENCES",
    "ORDER_OF_LABELS",
    "ROW",
    "TAKE_BACK",
    "Change",
    "Marking",
    "NeedsConfirmation",
    "Reading",
    "Sight",
    "SignedUpElsewhere",
    "Stale",
    "above_green",
    "admits",
    "changes_between",
    "check_fresh",
    "check_marking",
    "check_signing_up",
    "check_widening",
    "clock_values",
    "hours_of",
    "identity_in",
    "in_feeds",
    "in_lanes",
    "is_widening",
    "may_carry",
    "may_download",
    "may_sign_up",
    "merged_order",
    "place_in_line",
    "read_clock",
    "rows_in",
    "set_rows",
    "shared_minutes",
    "shows_room",
    "sight",
    "sign_up_phase",
    "spent_seconds",
    "starts_of",
    "steered",
    "turns_shown",
    "visible_changes",
    "window",
]
