"""Who could see a session at a moment: replayed from the rows that keep what was, never from what is now.

Markings, steps of registrations, releases and roles carry the moments from which they held. The day that decides EU
membership and the state of the event come from the record of acts.
"""

import dataclasses
import datetime as dt

from django.db.models import Q

from conference.lib.viewer import ANYONE, Viewer
from delegates.models import Registration, RegistrationMove
from delegates.rules import access_of
from delegates.viewers import viewer_from
from events.choices import Audience, EventState
from events.models import AuditEntry, Event, StaffRole
from events.rules import STATE_TABLE
from sessions.choices import ShownAsClosed, Way
from sessions.models import Release, Session, SessionMarking, Slot
from sessions.rules import Marking, Sight, admits, sight


@dataclasses.dataclass(frozen=True)
class Onlooker:
    """One who could see a session: a registration, an organiser's role, or (both None) anyone; how much, and by what."""

    sight: Sight
    way: Way
    registration: Registration | None = None
    staff_role: StaffRole | None = None

    @property
    def reference(self) -> str:
        """What stands for them in a record; never a name."""
        return str(self.registration or self.staff_role or "anyone")


def who_could_see(session: Session, at: dt.datetime) -> list[Onlooker]:
    """List who could see a session at a moment, first anyone, then registrations, then organisers, each in the order they came.

    Organisers are those with a role at the event: they see every session, released or not, in their own site. A focal
    point's right opens no session, so focal points see what anyone sees.
    """
    past = _Past(session.event, at, sessions=[session])
    marking = past.markings.get(session.pk)
    if marking is None:
        return []
    viewers: list[tuple[Registration | None, Viewer]] = [(None, ANYONE), *past.viewers()]
    rows = [(registration, viewer, past.sight(marking, viewer)) for registration, viewer in viewers]
    seen = [
        Onlooker(sight=how_much, way=_way(marking, viewer, how_much), registration=registration)
        for registration, viewer, how_much in rows
        if how_much
    ]
    organisers = [Onlooker(sight=Sight.FULL, way=Way.ORGANISER, staff_role=role) for role in _organisers(session.event, at)]
    return seen + organisers


def what_could_see(registration: Registration, at: dt.datetime) -> list[tuple[Session, Sight]]:
    """List the sessions a registration could see at a moment, with how much of each, in the order they were made."""
    sessions = list(Session.objects.filter(event=registration.event).order_by("pk"))
    past = _Past(registration.event, at, sessions=sessions)
    viewer = dict(past.viewers(only=registration)).get(registration, ANYONE)
    seen = [(session, past.sight(past.markings[session.pk], viewer)) for session in sessions if session.pk in past.markings]
    return [(session, how_much) for session, how_much in seen if how_much]


class _Past:
    """What held at one event at a moment: the markings of some sessions, and what each registration opened."""

    def __init__(self, event: Event, at: dt.datetime, *, sessions: list[Session]):
        self.event, self.at = Event.objects.get(pk=event.pk), at  # as it is, whatever the caller had in hand
        self.first_date = _first_date(self.event, at)
        self.is_open = STATE_TABLE[_state(self.event, at)].public_page
        self.markings = self._markings(sessions)

    def sight(self, marking: Marking, viewer: Viewer) -> Sight:
        """How much of a session a viewer saw; nothing while the event had no page."""
        return sight(marking, viewer) if self.is_open else Sight.NONE

    def viewers(self, *, only: Registration | None = None) -> list[tuple[Registration, Viewer]]:
        """Each registration that had begun, with the viewer it made by its last step."""
        moves = RegistrationMove.objects.filter(event=self.event, at__lte=self.at).select_related(
            "registration", "delegation__organisation"
        )
        if only:
            moves = moves.filter(registration=only)
        last = {move.registration: move for move in moves.order_by("registration_id", "at", "pk")}
        return [(registration, self._viewer(registration, move)) for registration, move in last.items()]

    def _viewer(self, registration: Registration, move: RegistrationMove) -> Viewer:
        access = access_of(
            state=move.to_state,
            category=move.category,
            narrowing=move.narrowing,
            standing=move.standing,
            is_eu=move.delegation.organisation.is_eu_on(self.first_date),
        )
        return viewer_from(access, delegation_id=move.delegation_id, event_id=self.event.pk, registration_id=registration.pk)

    def _markings(self, sessions: list[Session]) -> dict[int, Marking]:
        rows = SessionMarking.objects.filter(_holding(self.at, "from_at", "until_at"), session__in=sessions).order_by("from_at", "pk")
        working = _at_work(self.event, self.at)
        return {
            row.session_id: Marking(
                audience=row.audience,
                label=row.label,
                shown_as_closed=row.shown_as_closed,
                delegation_ids=frozenset(row.delegation_ids),
                assigned_registration_ids=working.get(row.session_id, frozenset()),
                is_released=row.session_id in working,
            )
            for row in rows
        }


def _at_work(event: Event, at: dt.datetime) -> dict[int, frozenset[int]]:
    """The sessions of the release that was current, each with the registrations that spoke or interpreted in it."""
    release = Release.objects.filter(_holding(at, "released_at", "superseded_at"), event=event).order_by("-number").first()
    rows = Slot.objects.filter(release=release).values_list("session_id", "contributions__speaker__registration")
    found: dict[int, set[int]] = {}
    for session_id, registration_id in rows if release else []:
        found.setdefault(session_id, set()).update({registration_id} - {None})
    return {session_id: frozenset(registration_ids) for session_id, registration_ids in found.items()}


def _organisers(event: Event, at: dt.datetime) -> list[StaffRole]:
    """Who held a role at the event; one given to an address counts from the moment its owner took it."""
    roles = StaffRole.objects.filter(_holding(at, "from_at", "until_at"), event=event, user__isnull=False).order_by("from_at", "pk")
    taken_later = set(AuditEntry.objects.filter(event=event, verb="staff.accept", at__gt=at).values_list("target", flat=True))
    return [role for role in roles if str(role) not in taken_later]


def _holding(at: dt.datetime, start: str, end: str) -> Q:
    return Q(**{f"{start}__lte": at}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": at}))


def _first_date(event: Event, at: dt.datetime) -> dt.date:
    """The first day of the event as it stood at a moment: membership of the European Union is asked for that day."""
    changes = AuditEntry.objects.filter(event=event, verb="event.edit", at__gt=at, details__has_key="first_date").order_by("number")
    later = changes.first()
    return dt.date.fromisoformat(later.details["first_date"]["before"]) if later else event.first_date


def _state(event: Event, at: dt.datetime) -> EventState:
    """The state of the event as it stood at a moment."""
    later = AuditEntry.objects.filter(event=event, verb="event.state", at__gt=at).order_by("number").first()
    return EventState(later.details["before"] if later else event.state)


def _way(marking: Marking, viewer: Viewer, how_much: Sight) -> Way:
    """By what a viewer saw a session."""
    if how_much == Sight.SLOT:
        return Way.FOLLOWS if marking.shown_as_closed == ShownAsClosed.NOTHING else Way.CLOSED_LINE
    if not admits(marking, viewer):
        return Way.ASSIGNED
    return {Audience.PUBLIC: Way.PUBLIC, Audience.SELECTED: Way.SELECTED}.get(Audience(marking.audience), Way.AUDIENCE)
