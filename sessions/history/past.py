"""What held at an event at a moment: read from the rows that keep what was, never from what is now.

Audiences, markings, steps of registrations, releases, roles and what organisations were carry the moments from which they
held. The first day, which decides EU membership, and the state of the event come from the record of acts.
"""

import dataclasses
import datetime as dt

from django.db.models import Q

from conference.lib.viewer import Viewer
from delegates.choices import RegistrationState
from delegates.models import FocalPoint, Invitation, Registration, RegistrationMove
from delegates.rules import ACTIVE, ENDED, OWN, access_of
from delegates.viewers import viewer_from
from events.choices import Aspect, EventState
from events.models import AudienceSpan, AuditEntry, Event, OrganisationSpan, StaffRole
from events.rules import is_eu, may_see_event
from sessions.models import Release, Session, SessionMarking, Slot
from sessions.rules import Marking, Sight, sight


class Past:
    """One event at one moment: what its things were marked, and what each person opened."""

    def __init__(self, event: Event, at: dt.datetime, *, sessions: list[Session] | None = None):
        self.event, self.at = Event.objects.get(pk=event.pk), at  # as it is, whatever the caller had in hand
        self.first_date = _first_date(self.event, at)
        page = self.span(str(self.event), Aspect.EVENT)
        # The event as it stood, for the same rule that opens its page today; None before it was made.
        self.page = Event(pk=self.event.pk, state=_state(self.event, at), audience=page.audience) if page else None
        self.markings = self._markings(sessions) if sessions else {}

    def span(self, target: str, aspect: str) -> AudienceSpan | None:
        """What was kept of one aspect of a thing; None while there was no such thing."""
        spans = AudienceSpan.objects.holding(self.at).filter(event=self.event, target=target, aspect=aspect)
        return spans.order_by("from_at", "pk").last()

    def may_enter(self, viewer: Viewer) -> bool:
        """Say whether a viewer could open the event's pages at all."""
        return self.page is not None and may_see_event(self.page, viewer)

    def sight(self, marking: Marking, viewer: Viewer) -> Sight:
        """How much of a session a viewer saw; nothing while the event was closed to them."""
        return sight(marking, viewer) if self.may_enter(viewer) else Sight.NONE

    def viewers(self, *, only: Registration | None = None) -> list[tuple[Registration, Viewer]]:
        """Each registration that had begun, with the viewer it made by its last step."""
        moves = RegistrationMove.objects.filter(event=self.event, at__lte=self.at).select_related("registration__delegate__user")
        if only:
            moves = moves.filter(registration=only)
        steps: dict[Registration, list[RegistrationMove]] = {}
        for move in moves.order_by("registration_id", "at", "pk"):
            steps.setdefault(move.registration, []).append(move)
        invited, european = self._invited(), self._european()
        return [(one, self._viewer(one, own, invited.get(one.pk), european)) for one, own in steps.items()]

    def focal_points(self) -> list[tuple[FocalPoint, Viewer]]:
        """Each focal point whose right was in force and taken, with the viewer it made."""
        held = FocalPoint.objects.live(self.at).filter(event=self.event, user__isnull=False).order_by("from_at", "pk")
        accepted = AuditEntry.objects.filter(event=self.event, verb="invitation.accept", at__gt=self.at)
        later = {entry.details.get("bound_to") for entry in accepted}
        return [
            (one, Viewer(event_id=self.event.pk, own_delegation_id=one.delegation_id, is_focal_point=True))
            for one in held
            if str(one) not in later
        ]

    def slot(self, session_id: str) -> Slot | None:
        """The place a session (by its public id) had in the release that was current; a later change of the event's zone moved it too."""
        return Slot.objects.filter(release=_release(self.event, self.at), release__isnull=False, session__public_id=session_id).first()

    def organisers(self) -> list[StaffRole]:
        """Who held a role at the event; one given to an address counts from the moment its owner took it."""
        roles = StaffRole.objects.live(self.at).filter(event=self.event).order_by("from_at", "pk")
        accepted = AuditEntry.objects.filter(event=self.event, verb="staff.accept", at__gt=self.at)
        taken_later = set(accepted.values_list("target", flat=True))
        return [role for role in roles if str(role) not in taken_later]

    def _viewer(self, registration: Registration, steps: list[RegistrationMove], invited_at, european: set[int]) -> Viewer:
        last = steps[-1]
        is_theirs = _has_part(registration, steps, invited_at, self.at)
        access = access_of(
            state=last.to_state,
            category=last.category,
            narrowing=last.narrowing,
            standing=last.standing,
            is_eu=last.delegation_id in european,
        )
        viewer = viewer_from(access, delegation_id=last.delegation_id, event_id=self.event.pk, registration_id=registration.pk)
        return viewer if is_theirs else dataclasses.replace(viewer, registration_id=None, own_delegation_id=None)

    def _invited(self) -> dict[int, dt.datetime]:
        rows = Invitation.objects.filter(event=self.event, registration__isnull=False, created_at__lte=self.at).order_by("created_at")
        return dict(rows.values_list("registration_id", "created_at"))

    def _european(self) -> set[int]:
        """The delegations whose organisation, as it was, was of the Union on the first day, as it stood."""
        delegations = dict(self.event.delegations.values_list("pk", "organisation_id"))
        known: dict[int, OrganisationSpan] = {}
        for span in OrganisationSpan.objects.filter(organisation__in=set(delegations.values())).order_by("from_at", "pk"):
            if span.from_at <= self.at or span.organisation_id not in known:  # before the first one nothing else is known
                known[span.organisation_id] = span
        european = {key for key, span in known.items() if is_eu(span.kind, span.country, self.first_date)}
        return {pk for pk, organisation_id in delegations.items() if organisation_id in european}

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


def _has_part(registration: Registration, steps: list[RegistrationMove], invited_at: dt.datetime | None, at: dt.datetime) -> bool:
    """Say whether the person had been told of a registration that had not ended (`RegistrationQuerySet.of_user`, then)."""
    state = steps[-1].to_state
    begun_at = max(move.at for move in steps if not move.from_state or _starts_anew(move))
    written = [moment for moment in (invited_at, registration.invited_at) if moment and begun_at <= moment <= at]
    return state in OWN or (state in ACTIVE and bool(written))


def _starts_anew(move: RegistrationMove) -> bool:
    return move.from_state in ENDED and move.to_state == RegistrationState.NOMINATED


def _release(event: Event, at: dt.datetime) -> Release | None:
    """The release that was current."""
    return Release.objects.filter(_holding(at, "released_at", "superseded_at"), event=event).order_by("-number").first()


def _at_work(event: Event, at: dt.datetime) -> dict[int, frozenset[int]]:
    """The sessions of the release that was current, each with the registrations that spoke or interpreted in it."""
    release = _release(event, at)
    rows = Slot.objects.filter(release=release).values_list("session_id", "contributions__speaker__registration")
    found: dict[int, set[int]] = {}
    for session_id, registration_id in rows if release else []:
        found.setdefault(session_id, set()).update({registration_id} - {None})
    return {session_id: frozenset(registration_ids) for session_id, registration_ids in found.items()}


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
