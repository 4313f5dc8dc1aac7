"""Acts on the ground floor, and `record`, through which every act of every app passes."""

from events.actions.accounts import open_account, owns_address
from events.actions.events import change_event_state, create_event, edit_event
from events.actions.mail import retry_mail
from events.actions.organisations import save_organisation, save_series
from events.actions.places import delete_room, delete_venue, move_room, move_venue, save_room, save_venue
from events.actions.press import correct_press_release, publish_press_release, save_press_release, withhold_press_release
from events.actions.records import broken_link, chain_hash, lock_event, names_behind, note_read, record, reference_of
from events.actions.staff import accept_roles, end_role, grant_role, set_duty

__all__ = [
    "accept_roles",
    "broken_link",
    "chain_hash",
    "change_event_state",
    "correct_press_release",
    "create_event",
    "delete_room",
    "delete_venue",
    "edit_event",
    "end_role",
    "grant_role",
    "lock_event",
    "move_room",
    "move_venue",
    "names_behind",
    "note_read",
    "open_account",
    "owns_address",
    "publish_press_release",
    "record",
    "reference_of",
    "retry_mail",
    "save_organisation",
    "save_press_release",
    "save_room",
    "save_series",
    "save_venue",
    "set_duty",
    "withhold_press_release",
]
