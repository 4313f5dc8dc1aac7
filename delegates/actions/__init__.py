"""Acts on people: every path locks the event, then the delegation, then the registration."""

from delegates.actions.asking import answers_to, move_question, remove_question, save_question, set_field_groups
from delegates.actions.categories import ask_category, take_back_category
from delegates.actions.copies import keep_copy
from delegates.actions.corrections import correct_registration, give_data, give_details
from delegates.actions.delegations import (
    add_delegation,
    add_focal_point,
    answer_invitation,
    change_delegation,
    end_focal_point,
    set_capacity,
)
from delegates.actions.desk import add_note, keep_desk, remove_note
from delegates.actions.drafts import accept_late, save_step, send_late
from delegates.actions.duplicates import check_merge, marks_of_merge, merge_delegates, merged, settle_double
from delegates.actions.erasures import ask_erasure, settle_erasure, take_back_erasure
from delegates.actions.files import discard, keep_file, remove_file, sweep_files
from delegates.actions.given import open_sealed
from delegates.actions.invitations import accept_invitation, find_invitation, invite_focal_points, resend_invitation
from delegates.actions.late import ask_late, decide_late, take_back_late
from delegates.actions.leaving import decline_with_people, last_withdrawal, undo_withdrawal
from delegates.actions.letters import (
    LetterMadeBefore,
    confirm_letter,
    forget_claims,
    make_letter,
    refuse_letter,
    revoke_letter,
    use_letter,
)
from delegates.actions.mailboxes import share_mailbox
from delegates.actions.moves import decide, lapse_offers, move_registration, reason_for
from delegates.actions.naming import Naming, correct_nomination, name_people
from delegates.actions.on_behalf import enter_data, record_consent
from delegates.actions.once import SentBefore, once
from delegates.actions.pending import decide_change
from delegates.actions.photos import asks_photo, drop_draft, drop_old_drafts, enter_photo, start_photo, take_photo
from delegates.actions.places import with_a_seat_free
from delegates.actions.quotas import keep_quota, remove_quota, repair_quota
from delegates.actions.ranks import move_person, name_head
from delegates.actions.reasons import keep_reason, remove_reason
from delegates.actions.registrations import (
    change_category,
    change_mode,
    decide_security,
    keep_seat,
    name_placeholder,
    narrow_registration,
    nominate,
    replace_person,
    send_list,
    submit_registration,
)
from delegates.actions.requests import accept_request, forget_requests, match_request, refuse_request, request_place, withdraw_request
from delegates.actions.seen import marks_of, marks_of_change, marks_of_late, present_head
from delegates.actions.several import RowsRefused, ask_late_many, nominate_many
from delegates.actions.sharing import leave_role, share_role
from delegates.actions.weapons import decide_weapon

__all__ = [
    "LetterMadeBefore",
    "Naming",
    "RowsRefused",
    "SentBefore",
    "accept_invitation",
    "accept_late",
    "accept_request",
    "add_delegation",
    "add_focal_point",
    "add_note",
    "answer_invitation",
    "answers_to",
    "ask_category",
    "ask_erasure",
    "ask_late",
    "ask_late_many",
    "asks_photo",
    "change_category",
    "change_delegation",
    "change_mode",
    "check_merge",
    "confirm_letter",
    "correct_nomination",
    "correct_registration",
    "decide",
    "decide_change",
    "decide_late",
    "decide_security",
    "decide_weapon",
    "decline_with_people",
    "discard",
    "drop_draft",
    "drop_old_drafts",
    "end_focal_point",
    "enter_data",
    "enter_photo",
    "find_invitation",
    "forget_claims",
    "forget_requests",
    "give_data",
    "give_details",
    "invite_focal_points",
    "keep_copy",
    "keep_desk",
    "keep_file",
    "keep_quota",
    "keep_reason",
    "keep_seat",
    "lapse_offers",
    "last_withdrawal",
    "leave_role",
    "make_letter",
    "marks_of",
    "marks_of_change",
    "marks_of_late",
    "marks_of_merge",
    "match_request",
    "merge_delegates",
    "merged",
    "move_person",
    "move_question",
    "move_registration",
    "name_head",
    "name_people",
    "name_placeholder",
    "narrow_registration",
    "nominate",
    "nominate_many",
    "once",
    "open_sealed",
    "present_head",
    "reason_for",
    "record_consent",
    "refuse_letter",
    "refuse_request",
    "remove_file",
    "remove_note",
    "remove_question",
    "remove_quota",
    "remove_reason",
    "repair_quota",
    "replace_person",
    "request_place",
    "resend_invitation",
    "revoke_letter",
    "save_question",
    "save_step",
    "send_late",
    "send_list",
    "set_capacity",
    "set_field_groups",
    "settle_double",
    "settle_erasure",
    "share_mailbox",
    "share_role",
    "start_photo",
    "submit_registration",
    "sweep_files",
    "take_back_category",
    "take_back_erasure",
    "take_back_late",
    "take_photo",
    "undo_withdrawal",
    "use_letter",
    "with_a_seat_free",
    "withdraw_request",
]
