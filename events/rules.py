"""Pure decisions of the ground floor: what an event's state allows, who may see it, and who may do what in its organisers' site."""

import dataclasses
import datetime as dt

from django.utils.translation import gettext as _

from conference.lib import countries
from conference.lib.collation import sort_key
from events.choices import EventState, OrganisationKind, ProtocolOrder, StaffRoleName


class NotAllowed(Exception):
    """The rules forbid this act; the message says why, in the reader's language."""


@dataclasses.dataclass(frozen=True)
class StateAllows:
    """What a state of an event allows."""

    public_page: bool
    nominating: bool
    editing: bool
    feeds: bool


# Each state and what it allows. Frozen and running are not states: `phase` derives them from the dates.
STATE_TABLE = {
    EventState.DRAFT: StateAllows(public_page=False, nominating=False, editing=True, feeds=False),
    EventState.ANNOUNCED: StateAllows(public_page=True, nominating=False, editing=True, feeds=True),
    EventState.OPEN: StateAllows(public_page=True, nominating=True, editing=True, feeds=True),
    EventState.CLOSED: StateAllows(public_page=True, nominating=False, editing=False, feeds=True),
    EventState.ARCHIVED: StateAllows(public_page=False, nominating=False, editing=False, feeds=False),
    EventState.CANCELLED: StateAllows(public_page=True, nominating=False, editing=False, feeds=True),
}
MAX_OFFER_DAYS = 30  # the longest an offered seat may be held
MAX_WALK_MINUTES = 240  # between two rooms or venues, as an event may ask
PUBLISHED_STATES = [state for state, allows in STATE_TABLE.items() if allows.public_page]
EDITED_STATES = [state for state, allows in STATE_TABLE.items() if allows.editing]

# The acts that change an event's state, from which states.
STATE_MOVES = {
    EventState.DRAFT: {EventState.ANNOUNCED, EventState.OPEN},
    EventState.ANNOUNCED: {EventState.DRAFT, EventState.OPEN, EventState.CANCELLED},
    EventState.OPEN: {EventState.ANNOUNCED, EventState.CLOSED, EventState.CANCELLED},
    EventState.CLOSED: {EventState.OPEN, EventState.ARCHIVED},
    EventState.ARCHIVED: set(),
    EventState.CANCELLED: {EventState.ARCHIVED},
}

# The acts on a whole event, which write to its people, and the states in which each is possible. Cancelling and archiving are final.
EVENT_ACTS = {
    "move": {EventState.ANNOUNCED, EventState.OPEN},
    "postpone": {EventState.ANNOUNCED, EventState.OPEN},
    "cancel": {EventState.ANNOUNCED, EventState.OPEN},
    "close": {EventState.OPEN},
    "reopen": {EventState.CLOSED},
    "archive": {EventState.CLOSED, EventState.CANCELLED},
}


def phase(event, at: dt.datetime) -> str:
    """Give the event's state as readers know it at a moment: its declared state, or `frozen` or `running` while it is open."""
    if event.state != EventState.OPEN:
        return event.state
    if event.first_date <= event.day_of(at) <= event.last_date:
        return "running"
    if event.freeze_at and at >= event.freeze_at:
        return "frozen"
    return EventState.OPEN


def may_see_event(event, viewer) -> bool:
    """Say whether a viewer may open the event's page; the face of `EventQuerySet.visible_to` for an object in hand."""
    if not STATE_TABLE[EventState(event.state)].public_page:
        return False
    return event.audience in viewer.audiences or (viewer.has_part and viewer.event_id == event.pk)


def is_out(release, at: dt.datetime) -> bool:
    """Say whether a press release is published at a moment, whoever may read it."""
    return release.published_at is not None and release.published_at <= at


def may_see_press_release(release, viewer, at: dt.datetime) -> bool:
    """Say whether a viewer may read a press release at a moment; an embargo hides it altogether."""
    return is_out(release, at) and release.audience in viewer.audiences


def check_event_editing(event) -> None:
    """Refuse changes at an event that is closed, archived or cancelled; raise `NotAllowed`."""
    if not STATE_TABLE[EventState(event.state)].editing:
        raise NotAllowed(_("This event is closed; nothing can be changed any more."))


@dataclasses.dataclass(frozen=True)
class SeenVenue:
    """What one viewer sees of a venue; what they may not see is empty."""

    country: str = ""
    city: str = ""
    name: str = ""
    address: str = ""

    @property
    def is_anything(self) -> bool:
        """Say whether anything at all is left to show."""
        return bool(self.country or self.city or self.name or self.address)


def seen_of_venue(venue, viewer) -> SeenVenue:
    """Give what a viewer sees of a venue: country, city and address each have their own audience."""
    sees_address = venue.address_audience in viewer.audiences
    return SeenVenue(
        country=venue.country if venue.country_audience in viewer.audiences else "",
        city=venue.city if venue.city_audience in viewer.audiences else "",
        name=venue.name if sees_address else "",
        address=venue.address if sees_address else "",
    )


def is_eu(kind: str, country: str, day: dt.date) -> bool:
    """Say whether an organisation of this kind and country is of the European Union on a day; a state's follows from its membership."""
    return countries.is_member(country, day) if kind == OrganisationKind.STATE else kind == OrganisationKind.EU


def holds_presidency(organisation, day: dt.date) -> bool:
    """Say whether an organisation is of the state that holds the Council presidency that day."""
    if organisation.kind != OrganisationKind.STATE:
        return False
    try:
        return countries.presidency(day) == organisation.country
    except countries.UnknownPresidency:
        return False


# What each role may do in the organisers' site of its event. `read` opens the event's pages, `people` the lists of delegations
# and persons (their addresses and needs only with `delegations` or `registrations`), `photos` and `documents` the photos and the
# identity documents of persons; `state` its acts as a whole (announce, postpone, cancel, close …), `decide` the
# queue to those who take one of its two decisions (`registrations`, `security`); the rest are acts.
ROLE_ACTS = {
    StaffRoleName.MANAGER: {
        *("read", "people", "photos", "documents"),
        *("state", "event", "delegations", "decide", "registrations", "programme", "press", "mail", "staff", "audit"),
    },
    StaffRoleName.PROGRAMME: {"read", "programme"},
    StaffRoleName.ACCREDITATION: {"read", "people", "photos", "documents", "delegations", "decide", "registrations", "mail"},
    StaffRoleName.SECURITY: {"read", "people", "photos", "documents", "decide", "security"},
    StaffRoleName.PRESS: {"read", "press"},
    StaffRoleName.RECEPTION: {"read", "people", "photos"},
    StaffRoleName.OBSERVER: {"read", "people"},
}


def may_be_on_duty(role: str) -> bool:
    """Say whether a role can do what a duty organiser is asked for: decide late requests."""
    return "registrations" in ROLE_ACTS[StaffRoleName(role)]


def acts_of(roles, event) -> set[str]:
    """Give the acts these roles allow at this event.

    After it is closed everyone only reads, the press officer may still correct, and its manager may open it again or archive it.
    """
    acts = set().union(*(ROLE_ACTS[StaffRoleName(role)] for role in roles)) if roles else set()
    if not STATE_TABLE[EventState(event.state)].editing:
        acts &= {"read", "people", "press", "audit", "state"}
    return acts


def organisation_order(event, *, host_organisation_id: int | None):
    """Give the sort key function for organisations in the order the event chose (protocol, presidency or alphabetical).

    Raise `countries.UnknownPresidency` when the presidency order is asked for a day outside its table.
    """
    language, day = event.working_language, event.first_date
    rotation = countries.presidency_order(day) if event.protocol_order == ProtocolOrder.PRESIDENCY else []

    def name_key(organisation):
        return sort_key(organisation.name_in(language))

    def country_key(organisation):
        is_state = organisation.kind == OrganisationKind.STATE
        return sort_key(countries.name(organisation.country, language)) if is_state else ()

    def key(organisation):
        is_host = event.host_first and organisation.pk == host_organisation_id
        if event.protocol_order == ProtocolOrder.ALPHABETICAL:
            return (not is_host, 0, 0, country_key(organisation) or name_key(organisation), name_key(organisation))
        return (not is_host, *_protocol_group(organisation, day, rotation), country_key(organisation), name_key(organisation))

    return key


def _protocol_group(organisation, day: dt.date, rotation: list[str]) -> tuple[int, int]:
    """Member states, then EU bodies in treaty order, then other states, then international organisations, then the rest."""
    if organisation.kind == OrganisationKind.STATE and organisation.is_eu_on(day):
        if organisation.country in rotation:
            return (0, rotation.index(organisation.country))
        return (0, countries.protocol_rank(organisation.country) or 99)
    rank = organisation.treaty_rank or 0
    return {
        OrganisationKind.EU: (1, rank or 999),
        OrganisationKind.STATE: (2, 0),
        OrganisationKind.INTERNATIONAL: (3, 0),
    }.get(organisation.kind, (4, 0))
