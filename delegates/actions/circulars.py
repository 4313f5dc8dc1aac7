"""Acts on messages to many: keep a draft, say whom it reaches, send it once."""

import datetime as dt
import hashlib

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.searching import folded
from conference.lib.viewer import Actor
from delegates import emails
from delegates.choices import CircularTo
from delegates.models import Circular, FocalPoint, Registration
from delegates.rules import ACTIVE, OWN, check_editing
from events.actions import lock_event, record
from events.rules import NotAllowed


class ReadersChanged(NotAllowed):
    """The set of readers is no longer the one that was shown."""


def keep_circular(circular: Circular, *, by: Actor) -> Circular:
    """Write a draft, new or changed; raise `NotAllowed` once it has been sent."""
    with transaction.atomic():
        locked = lock_event(circular.event_id)
        check_editing(locked)
        if circular.pk and _lock(circular).sent_at:
            raise NotAllowed(_("This message has been sent; it can no longer be changed."))
        circular.changed_at = timezone.now()
        circular.made_by = circular.made_by or by.user
        circular.save()
        record(by, "circular.keep", circular, event=locked)
    return circular


def _lock(circular: Circular) -> Circular:
    return Circular.objects.select_for_update().get(pk=circular.pk)


def drop_circular(circular: Circular, *, by: Actor) -> None:
    """Throw a draft away; raise `NotAllowed` once it has been sent."""
    with transaction.atomic():
        locked = lock_event(circular.event_id)
        if _lock(circular).sent_at:
            raise NotAllowed(_("This message has been sent; it can no longer be changed."))
        record(by, "circular.drop", circular, event=locked)
        circular.delete()


def readers_of(circular: Circular, at: dt.datetime) -> list[FocalPoint] | list[Registration]:
    """List whom a message reaches, each person once; nobody of a draft list, whose persons do not know of it yet."""
    if circular.to == CircularTo.FOCAL_POINTS:
        found = FocalPoint.objects.live(at).filter(Q(invited_at__isnull=False) | Q(user__isnull=False), event=circular.event_id)
        found = found.select_related("delegation__organisation", "delegation__event")
    else:
        states = [circular.state] if circular.state else ACTIVE
        known = Q(invited_at__isnull=False) | Q(state__in=OWN)
        found = Registration.objects.filter(known, event=circular.event_id, state__in=states).exclude(delegate=None)
        found = found.exclude(delegate__email="").for_list().select_related("event", "delegation__event")
        found = found.filter(category=circular.category) if circular.category else found
    asked = {"delegation": circular.delegation_id, "delegation__answer": circular.answer, "delegation__standing": circular.standing}
    once = {
        _person(thing): thing for thing in reversed(found.filter(**{name: value for name, value in asked.items() if value}).order_by("pk"))
    }
    return sorted(once.values(), key=lambda thing: thing.pk)


def _person(thing: FocalPoint | Registration) -> tuple[str, str]:
    if isinstance(thing, Registration):
        return thing.delegate.email.lower(), folded(thing.delegate.full_name)
    return thing.email.lower(), folded(thing.name)


def seal_of(readers) -> str:
    """A digest of a set of readers: what was counted is what is sent."""
    return hashlib.sha256(",".join(str(thing) for thing in readers).encode()).hexdigest()[:32]


def send_circular(circular: Circular, *, seal: str, by: Actor) -> int:
    """Send a message to those who were shown (`seal`), one row of the outbox each; say how many. A second press sends nothing.

    Raise `ReadersChanged` when the set is another one by now, `NotAllowed` without words or readers.
    """
    with transaction.atomic():
        event = lock_event(circular.event_id)
        check_editing(event)
        locked = _lock(circular)
        if locked.sent_at:
            return locked.count
        locked.event = event
        now = timezone.now()
        readers = readers_of(locked, now)
        if not readers or event.working_language not in locked.words:
            raise NotAllowed(_("There is nobody to write to, or nothing written yet."))
        if seal_of(readers) != seal:
            raise ReadersChanged(_("The set of readers changed meanwhile. Nothing was sent; look at it again."))
        for reader in readers:
            emails.circular(locked, reader)
        locked.sent_at, locked.count = now, len(readers)
        locked.save(update_fields=["sent_at", "count"])
        record(by, "circular.send", locked, event=event, readers=len(readers), to=locked.to)
    return locked.count
