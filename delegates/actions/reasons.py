"""Acts on written reasons."""

from django.db import transaction

from conference.lib.viewer import Actor
from delegates.models import ReasonTemplate
from delegates.rules import check_editing
from events.actions import lock_event, record
from events.models import Event


def keep_reason(event: Event | None, reason: ReasonTemplate, *, by: Actor) -> ReasonTemplate:
    """Keep a new or changed reason of an event, or (without one) for every event, as a form cleaned it."""
    with transaction.atomic():
        locked = lock_event(event.pk) if event else None
        if locked:
            check_editing(locked)
        verb = "reason.change" if reason.pk else "reason.add"
        reason.event = locked
        reason.save()
        record(by, verb, reason, event=locked, kind=reason.kind)
    return reason


def remove_reason(reason: ReasonTemplate, *, by: Actor) -> None:
    """Take a reason away; what was decided with it keeps its words."""
    with transaction.atomic():
        locked = lock_event(reason.event_id) if reason.event_id else None
        if locked:
            check_editing(locked)
        record(by, "reason.remove", reason, event=locked, kind=reason.kind)
        ReasonTemplate.objects.filter(pk=reason.pk).delete()
