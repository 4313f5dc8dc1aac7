"""Acts on the ground floor, and `record`, through which every act of every app passes."""

from events.actions.accounts import open_account, owns_address
from events.actions.events import change_event_state, create_event, edit_event
from events.actions.mail import (
    drop_queued_invitations,
    drop_waiting_mail,
    note_bounce,
    release_mail,
    retry_mail,
    return_mail,
    settle_mail,
    stop_mail,
    stop_mail_after_restore,
)
from events.actions.organisations import save_organisation, save_series
from events.actions.places import delete_room, delete_venue, move_room, move_venue, relocate, save_room, save_venue
from events.actions.press import correct_press_release, publish_press_release, save_press_release, withhold_press_release
from events.actions.records import broken_link, chain_hash, lock_event, names_behind, note_read, record, record_many, reference_of
from events.actions.spans import end_audiences, keep_audiences, keep_organisation
from events.actions.staff import accept_roles, end_role, grant_role, set_duty
from events.actions.texts import drop_text, keep_text

__all__ = [
    "accept_roles",
    "broken_link",
    "chain_hash",
    "change_event_state",
    "correct_press_release",
    "create_event",
    "delete_room",
    "delete_venue",
    "drop_queued_invitations",
    "drop_text",
    "drop_waiting_mail",
    "edit_event",
    "end_audiences",
    "end_role",
    "grant_role",
    "keep_audiences",
    "keep_organisation",
    "keep_text",
    "lock_event",
    "move_room",
    "move_venue",
    "names_behind",
    "note_bounce",
    "note_read",
    "open_account",
    "owns_address",
    "publish_press_release",
    "record",
    "record_many",
    "reference_of",
    "release_mail",
    "relocate",
    "retry_mail",
    "return_mail",
    "save_organisation",
    "save_press_release",
    "save_room",
    "save_series",
    "save_venue",
    "set_duty",
    "settle_mail",
    "stop_mail",
    "stop_mail_after_restore",
    "withhold_press_release",
]
