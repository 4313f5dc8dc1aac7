"""Acts on people: every path locks the event, then the delegation, then the registration."""

from delegates.actions.corrections import correct_registration, give_data
from delegates.actions.delegations import (
    add_delegation,
    add_focal_point,
    answer_invitation,
    change_delegation,
    end_focal_point,
    set_capacity,
)
from delegates.actions.invitations import accept_invitation, find_invitation, invite_focal_points, resend_invitation
from delegates.actions.moves import decide, lapse_offers, move_registration
from delegates.actions.once import SentBefore, once
from delegates.actions.pending import decide_change
from delegates.actions.registrations import (
    change_category,
    decide_security,
    keep_seat,
    name_placeholder,
    narrow_registration,
    nominate,
    replace_person,
    send_list,
    submit_registration,
)

__all__ = [
    "SentBefore",
    "accept_invitation",
    "add_delegation",
    "add_focal_point",
    "answer_invitation",
    "change_category",
    "change_delegation",
    "correct_registration",
    "decide",
    "decide_change",
    "decide_security",
    "end_focal_point",
    "find_invitation",
    "give_data",
    "invite_focal_points",
    "keep_seat",
    "lapse_offers",
    "move_registration",
    "name_placeholder",
    "narrow_registration",
    "nominate",
    "once",
    "replace_person",
    "resend_invitation",
    "send_list",
    "set_capacity",
    "submit_registration",
]
