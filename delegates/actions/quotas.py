"""Acts on quotas for one category or one way of attending, and the check that every count is true."""

from django.db import transaction
from django.utils.translation import gettext as _

from conference.lib.viewer import SYSTEM, Actor
from delegates.actions.moves import lock_delegation, offer_free_seats
from delegates.actions.places import count_anew, set_quota
from delegates.models import Delegation, Quota
from delegates.rules import check_editing
from events.actions import lock_event, record
from events.models import Event
from events.rules import NotAllowed


def keep_quota(event: Event, *, seats: int, category: str, mode: str, by: Actor, delegation: Delegation | None = None) -> Quota:
    """Limit one category or way of attending (or both) of a delegation, or of the event, to a number of places.

    Places that come free are offered to the waiting list at once. Raise `SeatsBelowUse` below what people hold.
    """
    with transaction.atomic():
        locked, its_delegation = _lock(event, delegation)
        _check_is_for_some(category, mode)
        before = Quota.objects.filter(event=locked, delegation=its_delegation, category=category, mode=mode).values_list("seats", flat=True)
        was = before.first()
        quota = set_quota(locked, delegation=its_delegation, category=category, mode=mode, seats=seats)
        record(by, "quota.set", its_delegation or locked, event=locked, category=category, mode=mode, before=was, seats=seats)
        offer_free_seats(locked, first=its_delegation)
    return quota


def remove_quota(event: Event, *, category: str, mode: str, by: Actor, delegation: Delegation | None = None) -> None:
    """End a limit for one category or way of attending, and offer what that frees; one that is gone already stays gone."""
    with transaction.atomic():
        locked, its_delegation = _lock(event, delegation)
        _check_is_for_some(category, mode)
        gone, _tables = Quota.objects.filter(event=locked, delegation=its_delegation, category=category, mode=mode).delete()
        if gone:
            record(by, "quota.remove", its_delegation or locked, event=locked, category=category, mode=mode)
            offer_free_seats(locked, first=its_delegation)


def _lock(event: Event, delegation: Delegation | None) -> tuple[Event, Delegation | None]:
    its_delegation = lock_delegation(delegation) if delegation else None
    locked = its_delegation.event if its_delegation else lock_event(event.pk)
    check_editing(locked)
    return locked, its_delegation


def _check_is_for_some(category: str, mode: str) -> None:
    """The seats of a delegation and the capacity of the event are changed where they are shown."""
    if not category and not mode:
        raise NotAllowed(_("Choose a category or a way of attending."))


def repair_quota(quota: Quota, *, by: Actor = SYSTEM) -> int | None:
    """Count a quota anew under the event's lock, and record it; give the number, or None when more hold a place than there are."""
    with transaction.atomic():
        locked = lock_event(quota.event_id)
        fresh = Quota.objects.get(pk=quota.pk)
        taken = count_anew(fresh)
        if taken is not None and taken != fresh.taken:
            record(by, "quota.repair", fresh, event=locked, before=fresh.taken, to=taken)
    return taken
