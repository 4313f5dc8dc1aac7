"""Acts on messages to many: keep a draft, say whom it reaches, send it once."""

import datetime as dt
import hashlib
import json

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.searching import folded
from conference.lib.viewer import Actor
from delegates import emails
from delegates.choices import CircularTo
from delegates.models import Circular, Delegation, FocalPoint, Registration
from delegates.models.circulars import OF_DELEGATIONS
from delegates.rules import ACTIVE, OWN, check_editing
from events.actions import lock_event, record
from events.models import OutboxMail
from events.outbox import drop_waiting
from events.rules import NotAllowed


class ReadersChanged(NotAllowed):
    """The words or the readers are no longer those that were shown."""


class DraftChanged(NotAllowed):
    """Somebody else kept the draft since it was opened."""


def keep_circular(circular: Circular, *, by: Actor, seen: str = "") -> Circular:
    """Write a draft, new or changed; raise `NotAllowed` once it has been sent, `DraftChanged` when it is no longer as it was `seen`."""
    with transaction.atomic():
        locked = lock_event(circular.event_id)
        check_editing(locked)
        before = _lock(circular) if circular.pk else None
        if before and before.sent_at:
            raise NotAllowed(_("This message has been sent; it can no longer be changed."))
        if before and seen and seen != before.mark:
            raise DraftChanged(
                _("Somebody changed this draft meanwhile. Yours is kept below, not theirs; keep it again to replace theirs.")
            )
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
    to_focal_points = circular.to == CircularTo.FOCAL_POINTS
    found = _told_focal_points(circular, at) if to_focal_points else _chosen_persons(circular).filter(_KNOWS).exclude(delegate__email="")
    once = {_person(thing): thing for thing in reversed(found.order_by("pk"))}
    return sorted(once.values(), key=lambda thing: thing.pk)


_KNOWS = Q(invited_at__isnull=False) | Q(state__in=OWN)


def _of_delegations(circular: Circular) -> Q:
    """What is asked of the delegation of a reader."""
    fields = {"delegation": "delegation__public_id__in", "answer": "delegation__answer__in", "standing": "delegation__standing__in"}
    return Q(event=circular.event_id, **{fields[name]: circular.asked[name] for name in OF_DELEGATIONS if circular.asked.get(name)})


def _told_focal_points(circular: Circular, at: dt.datetime):
    found = FocalPoint.objects.live(at).filter(_of_delegations(circular), Q(invited_at__isnull=False) | Q(user__isnull=False))
    return found.select_related("delegation__organisation", "delegation__event")


def _chosen_persons(circular: Circular):
    """The persons a message is for, those included whom it cannot reach."""
    asked = circular.asked
    found = Registration.objects.filter(_of_delegations(circular), state__in=asked.get("state") or ACTIVE).exclude(delegate=None)
    found = found.filter(**{f"{name}__in": asked[name] for name in ("category", "mode") if asked.get(name)})
    return found.lacking_any(asked.get("missing", ()), event=circular.event).for_list().select_related("event", "delegation__event")


def unreached_by(circular: Circular, at: dt.datetime) -> dict[str, list]:
    """Who fits the choice and gets nothing, by reason: persons without an address (`no_address`) and of lists not sent (`not_told`),
    and delegations without a focal point who has been invited (`no_focal_point`)."""
    if circular.to == CircularTo.FOCAL_POINTS:
        fields = {"delegation": "public_id__in", "answer": "answer__in", "standing": "standing__in"}
        asked = {fields[name]: circular.asked[name] for name in OF_DELEGATIONS if circular.asked.get(name)}
        told = _told_focal_points(circular, at).values("delegation")
        silent = Delegation.objects.filter(event=circular.event_id, **asked).exclude(pk__in=told).select_related("organisation")
        return {"no_focal_point": list(silent.order_by("pk"))}
    left = list(_chosen_persons(circular).filter(~_KNOWS | Q(delegate__email="")).order_by("pk"))
    unknowing = [thing for thing in left if thing.invited_at is None and thing.state not in OWN]
    return {"no_address": [thing for thing in left if thing not in unknowing], "not_told": unknowing}


def _person(thing: FocalPoint | Registration) -> tuple[str, str]:
    if isinstance(thing, Registration):
        return thing.delegate.email.lower(), folded(thing.delegate.full_name)
    return thing.email.lower(), folded(thing.name)


def seal_of(circular: Circular, readers) -> str:
    """A digest of the words and the readers of a message: what was shown is what is sent."""
    shown = json.dumps([circular.words, [str(thing) for thing in readers]], sort_keys=True)
    return hashlib.sha256(shown.encode()).hexdigest()[:32]


def send_circular(circular: Circular, *, seal: str, by: Actor) -> int:
    """Send the message that was shown to those who were (`seal`), one row of the outbox each; say how many. A second press sends nothing.

    Raise `ReadersChanged` when either is another by now, `NotAllowed` without words or readers.
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
        if seal_of(locked, readers) != seal:
            raise ReadersChanged(_("The words or the set of readers changed meanwhile. Nothing was sent; look at it again."))
        for reader in readers:
            emails.circular(locked, reader)
        locked.sent_at, locked.count = now, len(readers)
        locked.save(update_fields=["sent_at", "count"])
        record(by, "circular.send", locked, event=event, readers=len(readers), to=locked.to)
    return locked.count


def recall_circular(circular: Circular, *, by: Actor) -> int:
    """Take back the messages that have not left yet, and say how many; those a worker is sending leave."""
    with transaction.atomic():
        event = lock_event(circular.event_id)
        count = drop_waiting(mails_of(circular), timezone.now())
        if count:
            record(by, "circular.recall", circular, event=event, messages=count)
    return count


def mails_of(circular: Circular):
    """The messages of the outbox that one message to many became."""
    return OutboxMail.objects.filter(event=circular.event_id, kind="circular", dedup_key__startswith=f"circular:{circular.public_id}:")
