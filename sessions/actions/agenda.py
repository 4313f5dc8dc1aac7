"""Sessions: what they say, and who may see them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.searching import folded
from conference.lib.viewer import Actor
from conference.lib.words import languages
from delegates.models import Delegation
from delegates.rules import check_editing
from events.actions import lock_event, record, reference_of
from events.choices import Audience
from events.models import Event
from events.rules import NotAllowed
from sessions import rules
from sessions.actions.signups import free_lost_seats
from sessions.choices import Label, ShownAsClosed
from sessions.models import Session, SessionMarking, Slot

TEXT_FIELDS = [
    "kind",
    "track",
    *(f"{name}_{code}" for name in ("title", "abstract") for code in languages()),
    "languages",
    "interpretation",
]
_MARKS = ["audience", "label", "chatham_house", "shown_as_closed"]


def session_values(session: Session) -> dict[str, Any]:
    """What a form shows of a session's texts, as plain values that can be compared."""
    track = session.track.public_id if session.track else ""
    return {name: track if name == "track" else getattr(session, name) for name in TEXT_FIELDS}


def marking_values(session: Session) -> dict[str, Any]:
    """What a form shows of a session's marking, as plain values that can be compared."""
    chosen = sorted(session.delegations.values_list("public_id", flat=True))
    return {name: getattr(session, name) for name in _MARKS} | {"delegations": chosen}


def create_session(
    event: Event,
    *,
    by: Actor,
    audience: str = Audience.ORGANISERS,
    label: str = Label.RED,
    chatham_house: bool = False,
    shown_as_closed: str = ShownAsClosed.NOTHING,
    delegations: Iterable[Delegation] = (),
    **fields: Any,
) -> Session:
    """Make a session with its first marking; `fields` are those of `TEXT_FIELDS`. Nobody outside sees it before a release."""
    with transaction.atomic():
        locked = lock_event(event.pk)
        check_editing(locked)
        rules.check_marking(audience, label)
        session = Session(event=locked, audience=audience, label=label, chatham_house=chatham_house, shown_as_closed=shown_as_closed)
        put_texts(session, fields)
        session.save()
        session.delegations.set(_chosen(session, audience, delegations))
        _open_marking(session, by, timezone.now())
        record(by, "session.create", session, event=locked, after=marking_values(session))
    return session


def change_session(session: Session, *, by: Actor, seen: Mapping[str, str] | None = None, **fields: Any) -> Session:
    """Change what a session says; `fields` are those of `TEXT_FIELDS`. `seen` fingerprints what the form showed; may raise `Stale`."""
    with transaction.atomic():
        locked = _lock(session)
        before = session_values(locked)
        rules.check_fresh(seen, before)
        put_texts(locked, fields)
        changed = [name for name, value in session_values(locked).items() if value != before[name]]
        if changed:
            locked.save(update_fields=[*changed, "search_text"])
            record(by, "session.change", locked, event=locked.event, fields=changed)
    return locked


def mark_session(
    session: Session,
    *,
    by: Actor,
    audience: str,
    label: str,
    chatham_house: bool,
    shown_as_closed: str,
    delegations: Iterable[Delegation] = (),
    seen: Mapping[str, str] | None = None,
    confirmed: bool = False,
) -> Session:
    """Set who may see a session, at once, and keep the history.

    Delegations count for the audience `selected` only. Loosening a released session raises `NeedsConfirmation` unless
    `confirmed`; a public session that is not CLEAR raises `NotAllowed`.
    """
    with transaction.atomic():
        locked = _lock(session)
        before = marking_values(locked)
        rules.check_fresh(seen, before)
        rules.check_marking(audience, label)
        chosen = _chosen(locked, audience, delegations)
        is_released = Slot.objects.current().filter(session=locked).exists()
        old = locked.marking(is_released=is_released)
        new = rules.Marking(audience, label, shown_as_closed, frozenset(delegation.pk for delegation in chosen), is_released=is_released)
        rules.check_widening(old, new, confirmed=confirmed)
        locked.audience, locked.label, locked.chatham_house, locked.shown_as_closed = audience, label, chatham_house, shown_as_closed
        locked.save(update_fields=_MARKS)
        locked.delegations.set(chosen)
        if marking_values(locked) != before:
            _next_marking(locked, by)
            record(by, "session.mark", locked, event=locked.event, before=before, after=marking_values(locked), released=is_released)
            free_lost_seats(locked.event, by=by, session=locked.pk)
    return locked


def edit_session(
    session: Session,
    *,
    by: Actor,
    texts: Mapping[str, Any],
    marking: Mapping[str, Any],
    seen: Mapping[str, str] | None = None,
    confirmed: bool = False,
) -> Session:
    """Change texts and marking of a session together or not at all; raise as `change_session` and `mark_session` do."""
    with transaction.atomic():
        locked = _lock(session)
        rules.check_fresh(seen, session_values(locked) | marking_values(locked))
        change_session(session, by=by, **texts)
        return mark_session(session, by=by, confirmed=confirmed, **marking)


def _lock(session: Session) -> Session:
    """Lock the event, check that it may be edited, and read the session anew."""
    event = lock_event(session.event_id)
    check_editing(event)
    locked = Session.objects.select_related("track").get(pk=session.pk)
    locked.event = event
    return locked


def put_texts(session: Session, fields: Mapping[str, Any]) -> None:
    """Set texts (`TEXT_FIELDS`) on a session in hand, and what is searched of it; raise `NotAllowed` for another event's track."""
    if unknown := fields.keys() - set(TEXT_FIELDS):
        raise TypeError(f"a session has no texts {sorted(unknown)}")
    track = fields.get("track")
    if track is not None and track.event_id != session.event_id:
        raise NotAllowed(_("This track is not one of this event."))
    for name, value in fields.items():
        setattr(session, name, value)
    words = [getattr(session, f"{name}_{code}") for code in languages() for name in ("title", "abstract")]
    session.search_text = folded(" ".join(words))


def _chosen(session: Session, audience: str, delegations: Iterable[Delegation]) -> list[Delegation]:
    chosen = list(delegations) if audience == Audience.SELECTED else []
    if any(delegation.event_id != session.event_id for delegation in chosen):
        raise NotAllowed(_("This delegation is not one of this event."))
    return chosen


def _next_marking(session: Session, by: Actor) -> None:
    """Close the open row of the history and open the next one at the same moment."""
    at = timezone.now()
    session.markings.filter(until_at__isnull=True).update(until_at=at)
    _open_marking(session, by, at)


def _open_marking(session: Session, by: Actor, at: dt.datetime) -> None:
    SessionMarking.objects.create(
        event=session.event,
        session=session,
        delegation_ids=sorted(session.delegations.values_list("pk", flat=True)),
        from_at=at,
        actor=reference_of(by),
        **{name: getattr(session, name) for name in _MARKS},
    )
