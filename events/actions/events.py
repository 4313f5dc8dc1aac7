"""Acts on an event itself: make one, edit its facts, take a step in its state."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from events.actions.records import lock_event, record
from events.actions.spans import keep_audiences
from events.choices import EventState, StaffRoleName
from events.models import Event, Series, StaffRole
from events.rules import STATE_MOVES, NotAllowed, check_event_editing


def create_event(*, series: Series, slug: str, facts: dict, by: Actor) -> Event:
    """Make an event in draft; who makes it (a command is nobody) becomes its manager. Raise `NotAllowed` when the address is taken."""
    try:
        with transaction.atomic():
            event = Event.objects.create(series=series, slug=slug, **facts)
            record(by, "event.create", event, event=event)
            keep_audiences(event, event=event, by=by)
            if by.user:
                StaffRole.objects.create(event=event, user=by.user, role=StaffRoleName.MANAGER, from_at=timezone.now())
    except IntegrityError as error:
        raise NotAllowed(_("Another event already has this address.")) from error
    return event


def edit_event(event: Event, *, facts: dict, by: Actor) -> Event:
    """Write those facts that differ and record their names; deadlines come as moments, already read in the event's zone.

    Raise `NotAllowed` when the event is closed.
    """
    with transaction.atomic():
        locked = lock_event(event.pk)
        check_event_editing(locked)
        changed = [name for name, value in facts.items() if getattr(locked, name) != value]
        # The first day decides EU membership: its history is kept for those who ask who could see a thing at a moment.
        kept = {name: {"before": str(getattr(locked, name)), "after": str(facts[name])} for name in {"first_date"} & set(changed)}
        for name in changed:
            setattr(locked, name, facts[name])
        if changed:
            locked.save(update_fields=changed)
            keep_audiences(locked, event=locked, by=by)
            record(by, "event.edit", locked, event=locked, fields=sorted(changed), **kept)
    return locked


def change_event_state(event: Event, *, to: str, by: Actor) -> Event:
    """Announce an event, open its registration, take a step back, or archive it, as `STATE_MOVES` allows; raise `NotAllowed`."""
    with transaction.atomic():
        locked = lock_event(event.pk)
        if to not in STATE_MOVES[EventState(locked.state)]:
            raise NotAllowed(_("This event is “%(state)s”; that step is not possible from there.") % {"state": locked.get_state_display()})
        before, locked.state = locked.state, to
        locked.save(update_fields=["state"])
        record(by, "event.state", locked, event=locked, before=before, to=to)
    return locked
