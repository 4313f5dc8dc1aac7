"""The one table of messages: each kind with what causes it, who gets it, what its text may name, and how it leaves.

Every app adds the rows of the messages it writes when its `emails` is loaded; the outbox takes no other kinds from people's acts.
"""

import dataclasses
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.choices import Urgency

# Words of the table are lazy translations.
Lazy = Any


@dataclasses.dataclass(frozen=True)
class Place:
    """Something of the moment that a message names: what it means, and an example."""

    meaning: Lazy
    example: Lazy

    @property
    def is_data(self) -> bool:
        """Say whether the example is a name or an address, which no language changes."""
        return isinstance(self.example, str)


_WHEN = _("25 April 2024, 18:00 (Europe/Brussels)")
PLACES = {
    "greeting": Place(_("the greeting, with the name where it is known"), _("Dear Anna Kovács,")),
    "name": Place(_("the name of the reader, empty where none is known"), "Anna Kovács"),
    "event": Place(_("the title of the event"), _("Spring conference")),
    "organisation": Place(_("the organisation of the delegation"), _("Partner service, Hungary")),
    "category": Place(_("the capacity in which the person comes"), _("Expert")),
    "person": Place(_("the person the message is about"), "Péter Nagy"),
    "state": Place(_("the state a registration came to"), _("Withdrawn")),
    "reason": Place(_("the reason given; empty when there is none"), _("The photo is missing.")),
    "change": Place(_("what was to be changed"), _("Nationality")),
    "answer_by": Place(_("the deadline to answer"), _WHEN),
    "nominate_by": Place(_("the deadline to nominate"), _WHEN),
    "confirm_by": Place(_("the deadline to confirm"), _WHEN),
    "travel_by": Place(_("the deadline for travel details"), _WHEN),
    "until": Place(_("until when the link works or the seat is held"), _WHEN),
    "address": Place(_("the address the message goes to"), "anna.kovacs@example.org"),
    "role": Place(_("the role at the event"), _("Press officer")),
    "session": Place(_("the title of the session; above TLP:GREEN only the word “Session”"), _("Workshop on open sources")),
    "when": Place(_("the day and the time of the session"), _("Thursday 25 April 2024, 14:00–15:30 (Europe/Brussels)")),
    "dates": Place(_("the days of the event"), _("25–26 April 2024")),
    "former_dates": Place(_("the days before they were changed; empty when they stay"), _("11–12 April 2024")),
    "place": Place(_("where the event takes place, as far as the reader may know"), _("Palace of congresses, Brussels")),
    "version": Place(_("the number of the version of the agenda"), "3"),
    "changes": Place(
        _("what changes for the reader, a line for each session; above TLP:GREEN only “Session” and its time"),
        _("– Moved: Opening, Thursday 25 April 2024, 10:00–11:00"),
    ),
    "url": Place(_("the link of the message"), "https://conference.example.org/…"),
}
SINGLE, DIGEST = pgettext_lazy("shape of a message", "one for each cause"), pgettext_lazy("shape of a message", "one for many causes")


@dataclasses.dataclass(frozen=True)
class Message:
    """One row: `places` are the names its text may use, `needs` those that an event's own text must keep.

    `label_limit` is the highest label of what it may say of the agenda; empty means that it says nothing of the agenda.
    `template` is empty for messages of the accounts, which belong to no event and cannot be rewritten.
    """

    label: Lazy
    trigger: Lazy
    recipient: Lazy
    places: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    template: str = ""
    urgency: Urgency = Urgency.PERSONAL
    is_secret: bool = False
    shape: Lazy = SINGLE
    label_limit: str = ""
    is_free: bool = False  # its words are written each time anew


MESSAGES: dict[str, Message] = {}


def add_messages(rows: dict[str, Message]) -> None:
    """Add the messages of an app to the table; a kind that is there already or names an unknown place is a mistake of the program."""
    for kind, row in rows.items():
        if kind in MESSAGES or not {*row.places, *row.needs} <= set(PLACES) or not set(row.needs) <= set(row.places):
            raise ValueError(f"message {kind} does not fit the table")
        MESSAGES[kind] = row


def label_of(kind: str) -> Lazy:
    """What organisers call a kind of message."""
    return MESSAGES[kind].label if kind in MESSAGES else kind


_HOLDER, _ON_REQUEST, _AFTER = _("the holder of the account"), _("somebody asks for it on the page"), _("a change of the account")
_CODE = {"trigger": _ON_REQUEST, "recipient": _HOLDER, "urgency": Urgency.CODE, "is_secret": True}
_NOTICE = {"trigger": _AFTER, "recipient": _HOLDER}
add_messages(
    {
        "login_code": Message(pgettext_lazy("kind of message", "Code to sign in"), **_CODE),
        "password_reset_code": Message(pgettext_lazy("kind of message", "Code for a new password"), **_CODE),
        "email_confirmation": Message(pgettext_lazy("kind of message", "Code to confirm an address"), **_CODE),
        "email_confirmation_signup": Message(pgettext_lazy("kind of message", "Code to confirm the first address"), **_CODE),
        "email_changed": Message(pgettext_lazy("kind of message", "Address changed"), **_NOTICE),
        "email_confirm": Message(pgettext_lazy("kind of message", "Address confirmed"), **_NOTICE),
        "email_deleted": Message(pgettext_lazy("kind of message", "Address removed"), **_NOTICE),
        "password_changed": Message(pgettext_lazy("kind of message", "Password changed"), **_NOTICE),
        "password_reset": Message(pgettext_lazy("kind of message", "Password chosen anew"), **_NOTICE),
        "password_set": Message(pgettext_lazy("kind of message", "Password set"), **_NOTICE),
        "recovery_codes_generated": Message(pgettext_lazy("kind of message", "Recovery codes made"), **_NOTICE),
        "totp_activated": Message(pgettext_lazy("kind of message", "Authenticator app added"), **_NOTICE),
        "totp_deactivated": Message(pgettext_lazy("kind of message", "Authenticator app removed"), **_NOTICE),
        "webauthn_added": Message(pgettext_lazy("kind of message", "Passkey added"), **_NOTICE),
        "webauthn_removed": Message(pgettext_lazy("kind of message", "Passkey removed"), **_NOTICE),
        "staff.role": Message(
            pgettext_lazy("kind of message", "Role at the event"),
            trigger=_("a role is given"),
            recipient=_("the colleague"),
            places=("event", "role", "address", "url"),
            needs=("url",),
            template="events/emails/role_given",
        ),
    }
)

_EVERYBODY = _("each person who knows of their registration, and each focal point")
_APPROVED = _("each approved person, and each focal point")
_DATES = ("greeting", "name", "event", "dates", "former_dates", "reason", "url")


def _row(template: str, label, trigger, recipient, places: tuple[str, ...], needs: tuple[str, ...] = ()) -> Message:
    return Message(label, trigger, recipient, places=places, needs=needs, template=f"events/emails/{template}", urgency=Urgency.BULK)


add_messages(
    {
        "event.cancelled": _row(
            "event_cancelled",
            pgettext_lazy("kind of message", "Event cancelled"),
            _("a manager cancels the event"),
            _EVERYBODY,
            ("greeting", "name", "event", "dates", "reason", "url"),
        ),
        "event.postponed": _row(
            "event_postponed",
            pgettext_lazy("kind of message", "Event postponed"),
            _("a manager postpones the event"),
            _("each person who knows of their registration and is not approved yet, and each focal point"),
            _DATES,
            ("dates",),
        ),
        "event.reconfirm": _row(
            "event_reconfirm",
            pgettext_lazy("kind of message", "Event postponed, to be confirmed again"),
            _("a manager postpones the event"),
            _("each approved person"),
            (*_DATES, "confirm_by"),
            ("dates", "url"),
        ),
        "event.moved": _row(
            "event_moved",
            pgettext_lazy("kind of message", "Event moved"),
            _("a manager moves the event to other days, to another place or on-line"),
            _EVERYBODY,
            (*_DATES, "place"),
            ("dates",),
        ),
        "event.closed": _row(
            "event_closed",
            pgettext_lazy("kind of message", "Event closed"),
            _("a manager closes the event"),
            _APPROVED,
            ("greeting", "name", "event", "url"),
        ),
        "event.reopened": _row(
            "event_reopened",
            pgettext_lazy("kind of message", "Event opened again"),
            _("a manager opens a closed event again"),
            _APPROVED,
            ("greeting", "name", "event", "url"),
        ),
        "event.archived": _row(
            "event_archived",
            pgettext_lazy("kind of message", "Event archived"),
            _("a manager archives the event"),
            _APPROVED,
            ("greeting", "name", "event", "url"),
        ),
    }
)
