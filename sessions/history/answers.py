"""The questions: who could see a session, or another thing with an audience, at a moment; and what a registration could see."""

import dataclasses
import datetime as dt
import functools
from collections.abc import Callable

from conference.lib.viewer import ANYONE, Viewer
from delegates.models import FocalPoint, Registration
from events.choices import Aspect, Audience, DelegationsShown
from events.models import AudienceSpan, PressRelease, StaffRole
from events.rules import may_see_press_release
from sessions.choices import ShownAsClosed, Way
from sessions.history.past import Past
from sessions.history.things import Thing
from sessions.models import Session
from sessions.rules import Marking, Sight, admits, is_joining_open, may_download, may_join


@dataclasses.dataclass(frozen=True)
class Onlooker:
    """One who could see a thing: a registration, a focal point, an organiser's role, or (all None) anyone; how much, and by what."""

    sight: Sight
    way: Way
    registration: Registration | None = None
    staff_role: StaffRole | None = None
    focal_point: FocalPoint | None = None
    shown: str = ""  # of the list of delegations: how much of it

    @property
    def reference(self) -> str:
        """What stands for them in a record; never a name."""
        return str(self.registration or self.focal_point or self.staff_role or "anyone")


def who_could_see(session: Session, at: dt.datetime) -> list[Onlooker]:
    """List who could see a session at a moment, first anyone, then registrations, then organisers, each in the order they came.

    Organisers are those with a role at the event: they see every session, released or not, in their own site. A focal
    point's right opens no session, so focal points see what anyone sees.
    """
    past = Past(session.event, at, sessions=[session])
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
    return seen + _organisers(past)


def what_could_see(registration: Registration, at: dt.datetime) -> list[tuple[Session, Sight]]:
    """List the sessions a registration could see at a moment, with how much of each, in the order they were made."""
    sessions = list(Session.objects.filter(event=registration.event).order_by("pk"))
    past = Past(registration.event, at, sessions=sessions)
    viewer = dict(past.viewers(only=registration)).get(registration, ANYONE)
    seen = [(session, past.sight(past.markings[session.pk], viewer)) for session in sessions if session.pk in past.markings]
    return [(session, how_much) for session, how_much in seen if how_much]


def who_could_see_thing(thing: Thing, at: dt.datetime) -> list[Onlooker]:
    """List who could see one aspect of a thing at a moment: anyone, registrations, focal points, organisers; nobody while it was not there.

    Whether an account is a shared mailbox, which bars it from papers above GREEN, has no history: it is taken as it is.
    """
    past = Past(thing.event, at)
    span = past.span(thing.target, thing.aspect)
    if span is None:
        return []
    marking, shown = _session_marking(past, span), span.shown
    sees, way = _rule(past, span, marking), functools.partial(_thing_way, span, marking)
    rows = [Onlooker(Sight.FULL, way(ANYONE), shown=shown)] if sees(ANYONE) else []
    for registration, viewer in past.viewers():
        user = registration.delegate.user if registration.delegate else None
        viewer = dataclasses.replace(viewer, is_shared=bool(user and user.is_shared))
        if sees(viewer):
            rows.append(Onlooker(Sight.FULL, way(viewer), registration=registration, shown=shown))
    for focal_point, viewer in past.focal_points():
        if sees(viewer):
            rows.append(Onlooker(Sight.FULL, way(viewer), focal_point=focal_point, shown=shown))
    return rows + _organisers(past)


def _rule(past: Past, span: AudienceSpan, session: Marking | None) -> Callable[[Viewer], bool]:
    """The rule that shows a thing today, on the facts of a span and the marking of the session it is within."""
    if span.aspect == Aspect.EVENT:
        return past.may_enter
    if span.aspect == Aspect.PAPER:
        paper = _paper_marking(span)
        if span.within and session is None:
            return lambda viewer: False
        return lambda viewer: past.may_enter(viewer) and may_download(paper, viewer, session)
    if span.aspect == Aspect.JOINING:
        return _joining_rule(past, span, session)
    if span.aspect == Aspect.PRESS:
        release = PressRelease(audience=span.audience, published_at=span.opens_at)
        return lambda viewer: past.may_enter(viewer) and may_see_press_release(release, viewer, past.at)
    is_something = span.shown != DelegationsShown.NONE
    return lambda viewer: past.may_enter(viewer) and is_something and span.audience in viewer.audiences


def _joining_rule(past: Past, span: AudienceSpan, session: Marking | None) -> Callable[[Viewer], bool]:
    slot = past.slot(span.within.rpartition(" ")[2])
    if session is None or slot is None or not is_joining_open(span.minutes_before or 0, slot.start_at, slot.end_at, at=past.at):
        return lambda viewer: False
    workers = session.assigned_registration_ids
    return lambda viewer: (
        past.sight(session, viewer) == Sight.FULL
        and may_join(span.audience, viewer, works_in_it=viewer.assigned_registration_id in workers)
    )


def _paper_marking(span: AudienceSpan) -> Marking:
    return Marking(span.audience, span.label, ShownAsClosed.NOTHING, frozenset(span.delegation_ids))


def _session_marking(past: Past, span: AudienceSpan) -> Marking | None:
    """The marking the session of a thing had; None for a thing of the event itself."""
    public_id = span.within.rpartition(" ")[2]
    session = Session.objects.filter(event=past.event, public_id=public_id).first() if public_id else None
    return Past(past.event, past.at, sessions=[session]).markings.get(session.pk) if session else None


def _organisers(past: Past) -> list[Onlooker]:
    return [Onlooker(sight=Sight.FULL, way=Way.ORGANISER, staff_role=role) for role in past.organisers()]


_BY_AUDIENCE = {Audience.PUBLIC: Way.PUBLIC, Audience.SELECTED: Way.SELECTED}


def _thing_way(span: AudienceSpan, session: Marking | None, viewer: Viewer) -> Way:
    if span.aspect == Aspect.EVENT and span.audience not in viewer.audiences:
        return Way.PART
    if session and not span.audience:
        return _way(session, viewer, Sight.FULL)
    if span.aspect == Aspect.JOINING and span.audience not in viewer.audiences:
        return Way.ASSIGNED
    return _BY_AUDIENCE.get(Audience(span.audience), Way.AUDIENCE)


def _way(marking: Marking, viewer: Viewer, how_much: Sight) -> Way:
    """By what a viewer saw a session."""
    if how_much == Sight.SLOT:
        return Way.FOLLOWS if marking.shown_as_closed == ShownAsClosed.NOTHING else Way.CLOSED_LINE
    if not admits(marking, viewer):
        return Way.ASSIGNED
    return _BY_AUDIENCE.get(Audience(marking.audience), Way.AUDIENCE)
