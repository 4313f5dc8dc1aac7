"""What an event approved of a person stands, whichever event's form says otherwise: the new value waits beside it at each such event.

A person has one record for all their events. Whoever may change an approved value locks every event at which the person is on a list, by
key, so that the acts of two events meet (decision 0071).
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.viewer import SYSTEM
from delegates.actions.given import column_value
from delegates.actions.moves import lock_registration
from delegates.choices import RegistrationState as State
from delegates.models import PendingChange, Registration
from events.actions import lock_event, record
from events.rules import EDITED_STATES, NotAllowed


def lock_person(registration: Registration) -> tuple[Registration, list[Registration]]:
    """Lock the events at which a person is on a list, by key, then their delegation and registration at this one.

    Give the registration, and those by which events that still decide have approved the person, this one among them. Raise `NotAllowed`
    when somebody named them at one more event meanwhile. Call inside a transaction, before any other lock.
    """
    elsewhere = Registration.objects.active().filter(delegate=registration.delegate_id).exclude(event=registration.event_id)
    keys = set(elsewhere.order_by().values_list("event", flat=True)) if registration.delegate_id else set()
    for key in sorted(keys | {registration.event_id}) if keys else ():
        lock_event(key)
    locked = lock_registration(registration)
    others = list(elsewhere.select_related("event", "delegate").order_by("event", "pk")) if registration.delegate_id else []
    if locked.delegate_id != registration.delegate_id or not {row.event_id for row in others} <= keys:
        raise NotAllowed(_("Somebody changed what is known of this person at the same moment. Try again."))
    return locked, [row for row in [locked, *others] if row.state == State.APPROVED and row.event.state in EDITED_STATES]


def asks_anew(approved: list[Registration], values: dict) -> bool:
    """Say whether `values` gives something otherwise than it is approved and than it waits already, at any of these events."""
    return any(_news(holder, values, approved) for holder in approved)


def wait_beside(locked: Registration, approved: list[Registration], values: dict) -> tuple[list[str], list[str]]:
    """Keep what differs from the approved values as changes that wait at each event that approved, in place of what was asked before.

    Name what is newly asked, and what was asked and is taken back: that is only by the form of an event that approved, since the form of
    another may repeat the approved value because it shows it. The other events record it themselves; of this one the caller does.
    """
    asked: dict[str, None] = {}
    taken_back: dict[str, None] = {}
    news = {holder.pk: _news(holder, values, approved) for holder in approved}  # before anything is put: it looks at the others
    for holder in approved:
        new = news[holder.pk]
        old = _repeated(holder, values) if locked.state == State.APPROVED else []
        for change in old:
            _close(change)
        for name, value in new.items():
            _put(holder, name, value)
        if holder.pk != locked.pk and (new or old):
            record(SYSTEM, "registration.correct", holder, event=holder.event, changed=[c.field for c in old], waiting=sorted(new))
        asked |= dict.fromkeys(new)
        taken_back |= dict.fromkeys(change.field for change in old)
    return list(asked), list(taken_back)


def settle_beside(change: PendingChange, registration: Registration, approved: list[Registration], *, accept: bool) -> bool:
    """Follow an officer's word on a waiting value of the person's record; say whether all is settled by it.

    It takes effect once every event that approved has accepted it; one refusal keeps the approved value everywhere.
    """
    others = [row for row in approved if row.pk != registration.pk]
    if not accept:
        for holder in others:
            _refuse(holder, change)
        return True
    if any([not _has_accepted(holder, change) for holder in others]):  # noqa: C419 -- each is asked, if it was not before
        return False
    delegate = registration.delegate
    setattr(delegate, change.field, column_value(change.field, change.value))
    delegate.save(update_fields=[change.field])
    return True


def _has_accepted(holder: Registration, change: PendingChange) -> bool:
    """Say whether an event has accepted the value; one that approved the person since it was asked for is asked now."""
    last = holder.pending_changes.filter(field=change.field).order_by("-pk").first()
    if last and last.accepted and last.value == change.value:
        return True
    if last is None or last.decided_at is not None:
        _put(holder, change.field, change.value)
        record(SYSTEM, "registration.correct", holder, event=holder.event, changed=[], waiting=[change.field])
    return False


def _refuse(holder: Registration, change: PendingChange) -> None:
    for waiting in holder.pending_changes.open().filter(field=change.field):
        _close(waiting)
        record(SYSTEM, "registration.change", holder, event=holder.event, field=change.field, accepted=False)


def _news(holder: Registration, values: dict, approved: list[Registration]) -> dict:
    """What of `values` is neither approved nor asked: it does not wait at this event, nor has this one accepted it and another still to."""
    waiting = {change.field: change.value for change in holder.pending_changes.open()}
    differing = {name: value for name, value in values.items() if getattr(holder.delegate, name) != column_value(name, value)}
    unasked = {name: value for name, value in differing.items() if name not in waiting or waiting[name] != value}
    return {name: value for name, value in unasked.items() if name in waiting or not _is_halfway(holder, name, value, approved)}


def _is_halfway(holder: Registration, name: str, value, approved: list[Registration]) -> bool:
    """Say whether this event has accepted the value and another that approved has not decided yet."""
    last = holder.pending_changes.filter(field=name).order_by("-pk").first()
    if last is None or not last.accepted or last.value != value:
        return False
    elsewhere = PendingChange.objects.open().filter(registration__in=[row.pk for row in approved], field=name)
    return any(change.value == value for change in elsewhere)


def _repeated(holder: Registration, values: dict) -> list[PendingChange]:
    """The changes that wait for a field whose approved value `values` repeats."""
    waiting = [change for change in holder.pending_changes.open() if change.field in values]
    return [row for row in waiting if getattr(holder.delegate, row.field) == column_value(row.field, values[row.field])]


def _put(holder: Registration, name: str, value) -> None:
    for before in holder.pending_changes.open().filter(field=name):
        _close(before)
    PendingChange.objects.create(event=holder.event, registration=holder, field=name, value=value, asked_at=timezone.now())


def _close(change: PendingChange) -> None:
    """End a change that nobody accepts: taken back, replaced, or refused."""
    change.accepted, change.decided_at = False, timezone.now()
    change.save(update_fields=["accepted", "decided_at"])
