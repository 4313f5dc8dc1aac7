"""Pure decisions about the agenda: who sees what of a session, what may be marked how, what changed between two releases."""

from sessions.rules.changes import Change, changes_between, visible_changes
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
    "admits",
    "changes_between",
    "check_fresh",
    "check_marking",
    "check_widening",
    "fingerprints",
    "identity_in",
    "in_feeds",
    "is_widening",
    "may_carry",
    "may_download",
    "shows_room",
    "sight",
    "visible_changes",
]
