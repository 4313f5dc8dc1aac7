"""The rows of the table of messages that focal points and delegates get; each is filled by a function of this package."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.choices import Urgency
from events.emails.table import Message, add_messages

PERSON, FOCAL, INVITED = _("the person"), _("each focal point of the delegation"), _("the focal point invited")
_OF_PERSON = ("greeting", "name", "event", "organisation", "category", "reason", "confirm_by", "url")
_OF_CHANGE = ("greeting", "name", "event", "organisation", "category", "change", "url")
_OF_REQUEST = ("greeting", "name", "event", "organisation", "url")
_OF_HEAD = ("greeting", "name", "event", "organisation", "person", "url")
_OF_FOCAL = ("greeting", "name", "event", "organisation", "category", "person", "state", "reason", "until", "url")


def _to_person(kind: str, label, trigger, needs: tuple[str, ...] = ()) -> Message:
    return Message(label, trigger, PERSON, places=_OF_PERSON, needs=needs, template=f"delegates/emails/{kind}")


def _to_focal(kind: str, label, trigger, needs: tuple[str, ...] = ()) -> Message:
    return Message(label, trigger, FOCAL, places=_OF_FOCAL, needs=needs, template=f"delegates/emails/{kind}")


_TO_ANSWER = ("greeting", "name", "event", "organisation", "answer_by", "url")
_TO_LIST = ("greeting", "name", "event", "organisation", "nominate_by", "url")
_TO_TRAVEL = ("greeting", "name", "event", "organisation", "category", "travel_by", "url")
_TO_CONFIRM = ("greeting", "name", "event", "organisation", "category", "confirm_by", "url")


def _reminder(what: str, recipient, label, *, places: tuple[str, ...]) -> Message:
    template, trigger = f"delegates/emails/remind_{what}", _("a reminder is due according to the plan, or an organiser sends one by hand")
    return Message(label, trigger, recipient, places=places, needs=("url",), template=template, urgency=Urgency.BULK, is_secret=True)


add_messages(
    {
        "focal_point_invited": Message(
            pgettext_lazy("kind of message", "Invitation of a focal point"),
            trigger=_("organisers send the invitations, or send one again"),
            recipient=INVITED,
            places=("greeting", "name", "event", "organisation", "answer_by", "until", "address", "url"),
            needs=("address", "url"),
            template="delegates/emails/focal_point_invited",
            urgency=Urgency.BULK,
            is_secret=True,
        ),
        "person_invited": Message(
            pgettext_lazy("kind of message", "Invitation of a person"),
            trigger=_("the focal point sends the list, an organiser sends the invitation again, or an offered seat is accepted later"),
            recipient=PERSON,
            places=("greeting", "name", "event", "organisation", "category", "confirm_by", "until", "address", "url"),
            needs=("address", "url"),
            template="delegates/emails/person_invited",
            urgency=Urgency.BULK,
            is_secret=True,
        ),
        "request_link": Message(
            pgettext_lazy("kind of message", "Link of a request for a place"),
            trigger=_("anybody asks for a place on the page of the event"),
            recipient=_("the address they gave"),
            places=("greeting", "name", "event", "organisation", "until", "address", "url"),
            needs=("address", "url"),
            template="delegates/emails/request_link",
            is_secret=True,
        ),
        "requested": Message(
            pgettext_lazy("kind of message", "Request for a place received"),
            trigger=_("whoever asked for a place has shown that the address is theirs"),
            recipient=PERSON,
            places=_OF_REQUEST,
            template="delegates/emails/requested",
        ),
        "endorsed": _to_person("endorsed", pgettext_lazy("kind of message", "Request endorsed"), _("a request is endorsed")),
        "request_refused": _to_person("request_refused", pgettext_lazy("kind of message", "Request refused"), _("a request is refused")),
        "waitlisted": _to_person(
            "waitlisted", pgettext_lazy("kind of message", "On the waiting list"), _("a request is endorsed while no seat is free")
        ),
        "promoted": _to_person(
            "promoted",
            pgettext_lazy("kind of message", "A seat became free"),
            _("the offered seat of a person who knows of it is accepted before the list is sent"),
        ),
        "received": _to_person("received", pgettext_lazy("kind of message", "Registration received"), _("the person sends the form")),
        "approved": _to_person(
            "approved", pgettext_lazy("kind of message", "Registration approved"), _("an officer approves"), needs=("url",)
        ),
        "returned": _to_person(
            "returned",
            pgettext_lazy("kind of message", "Registration returned"),
            _("an officer returns the form, with a reason"),
            needs=("reason", "url"),
        ),
        "refused": _to_person(
            "refused", pgettext_lazy("kind of message", "Registration refused"), _("an officer refuses, with a reason"), needs=("reason",)
        ),
        "revoked": _to_person(
            "revoked",
            pgettext_lazy("kind of message", "Approval revoked"),
            _("an officer takes an approval back, with a reason"),
            needs=("reason",),
        ),
        "withdrawn": _to_person(
            "withdrawn", pgettext_lazy("kind of message", "Registration withdrawn"), _("a person who was invited is withdrawn")
        ),
        "replaced": _to_person(
            "replaced", pgettext_lazy("kind of message", "Replaced by somebody else"), _("a person who was invited is replaced")
        ),
        "reconfirm": _to_person(
            "reconfirm",
            pgettext_lazy("kind of message", "Confirm again"),
            _("an approved person is asked to confirm again"),
            needs=("url",),
        ),
        "reopened": _to_person(
            "reopened", pgettext_lazy("kind of message", "Registration reopened"), _("an organiser reopens a refused registration")
        ),
        "change_accepted": Message(
            pgettext_lazy("kind of message", "Change accepted"),
            trigger=_("an officer accepts a change that waited after approval"),
            recipient=PERSON,
            places=_OF_CHANGE,
            needs=("change",),
            template="delegates/emails/change_accepted",
        ),
        "change_refused": Message(
            pgettext_lazy("kind of message", "Change refused"),
            trigger=_("an officer refuses a change the person asked for after approval"),
            recipient=PERSON,
            places=_OF_CHANGE,
            needs=("change",),
            template="delegates/emails/change_refused",
        ),
        "head_accepted": Message(
            pgettext_lazy("kind of message", "New head accepted"),
            trigger=_("an officer accepts a head of delegation the focal point asked for"),
            recipient=FOCAL,
            places=_OF_HEAD,
            needs=("person",),
            template="delegates/emails/head_accepted",
        ),
        "head_refused": Message(
            pgettext_lazy("kind of message", "New head refused"),
            trigger=_("an officer refuses a head of delegation the focal point asked for"),
            recipient=FOCAL,
            places=_OF_HEAD,
            needs=("person",),
            template="delegates/emails/head_refused",
        ),
        "remind_answer": _reminder("answer", FOCAL, pgettext_lazy("kind of message", "Reminder to answer"), places=_TO_ANSWER),
        "remind_list": _reminder("list", FOCAL, pgettext_lazy("kind of message", "Reminder to send the list"), places=_TO_LIST),
        "remind_travel": _reminder("travel", PERSON, pgettext_lazy("kind of message", "Reminder of the second form"), places=_TO_TRAVEL),
        "remind_confirm": _reminder("confirm", PERSON, pgettext_lazy("kind of message", "Reminder to confirm"), places=_TO_CONFIRM),
        "circular": Message(
            pgettext_lazy("kind of message", "Message of the organisers"),
            trigger=_("an organiser writes it and sends it"),
            recipient=_("the focal points or persons chosen"),
            places=("greeting", "name", "event", "organisation", "url"),
            urgency=Urgency.BULK,
            is_free=True,
        ),
        "request_made": _to_focal(
            "request_made",
            pgettext_lazy("kind of message", "Request to endorse"),
            _("a person asks for a place with the delegation"),
            needs=("url",),
        ),
        "seat_offered": _to_focal(
            "seat_offered",
            pgettext_lazy("kind of message", "Seat offered"),
            _("a seat becomes free for the next in line"),
            needs=("person", "until", "url"),
        ),
        "offer_lapsed": _to_focal(
            "offer_lapsed",
            pgettext_lazy("kind of message", "Offer lapsed"),
            _("an offered seat is not accepted in time"),
            needs=("person",),
        ),
        "person_left": _to_focal(
            "person_left",
            pgettext_lazy("kind of message", "Somebody is no longer expected"),
            _("a registration is ended by somebody other than a focal point"),
            needs=("person", "state"),
        ),
        "person_back": _to_focal(
            "person_back",
            pgettext_lazy("kind of message", "Somebody is expected again"),
            _("an organiser reopens a registration"),
            needs=("person", "url"),
        ),
        "late_request_asked": Message(
            pgettext_lazy("kind of message", "Late request"),
            trigger=_("a focal point asks for a change after the deadline"),
            recipient=_("each organiser on duty, else the mailbox of the event"),
            places=("greeting", "event", "organisation", "url"),
            needs=("url",),
            template="delegates/emails/late_request_asked",
        ),
        "letter_used": Message(
            pgettext_lazy("kind of message", "Code of a letter used"),
            trigger=_("somebody types the code of a printed invitation letter"),
            recipient=_("each organiser on duty, else the mailbox of the event"),
            places=("greeting", "event", "organisation", "url"),
            needs=("url",),
            template="delegates/emails/letter_used",
        ),
        "late_request_accepted": _to_focal(
            "late_request_accepted",
            pgettext_lazy("kind of message", "Late request accepted"),
            _("an organiser accepts a late request"),
            needs=("person",),
        ),
        "late_request_refused": _to_focal(
            "late_request_refused",
            pgettext_lazy("kind of message", "Late request refused"),
            _("an organiser refuses a late request, with a reason"),
            needs=("person", "reason"),
        ),
    }
)
