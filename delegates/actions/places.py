"""Places: the only writer of `Quota.taken`. Call with the event locked; the CHECK on the table stands behind it."""

from django.db import transaction
from django.db.models import F

from delegates.models import Delegation, Quota, Registration
from delegates.rules import HOLDING, SeatsBelowUse, counts, takes_seat
from events.models import Event


class LedgerBroken(RuntimeError):
    """A place was given back that no quota counts: the ledger and the registrations no longer agree."""


class _NoPlace(Exception):
    """One of the quotas is full; undo those already taken."""


def quotas_of(event: Event) -> list[Quota]:
    """Read every quota of an event and of its delegations."""
    return list(Quota.objects.filter(event=event).order_by("pk"))


def counting(quotas: list[Quota], registration: Registration) -> list[Quota] | None:
    """Keep the quotas that count a registration; None when it takes a seat of a delegation that has none."""
    mine = [
        quota
        for quota in quotas
        if quota.delegation_id in (None, registration.delegation_id)
        and counts(quota, category=registration.category, mode=registration.mode)
    ]
    has_seats = any(quota.delegation_id and not quota.category and not quota.mode for quota in mine)
    if takes_seat(registration.category) and not has_seats:
        return None
    return mine


def may_take(registration: Registration, quotas: list[Quota]) -> bool:
    """Say whether every quota that counts the registration has a place left."""
    mine = counting(quotas, registration)
    return mine is not None and all(quota.free > 0 for quota in mine)


def with_a_seat_free(event: Event, registrations: list[Registration]) -> set[int]:
    """Give the keys of those who would find a place free now, each by themselves; the next write may take it."""
    quotas = quotas_of(event) if registrations else []
    return {registration.pk for registration in registrations if may_take(registration, quotas)}


def take_place(registration: Registration, quotas: list[Quota]) -> bool:
    """Take a place in every quota that counts the registration, or in none of them; say whether it was taken.

    Each conditional UPDATE must touch exactly one row; `quotas` is kept in step.
    """
    if not may_take(registration, quotas):
        return False
    mine = counting(quotas, registration) or []
    try:
        with transaction.atomic():
            for quota in mine:
                if Quota.objects.filter(pk=quota.pk, taken__lt=F("seats")).update(taken=F("taken") + 1) != 1:
                    raise _NoPlace
    except _NoPlace:
        return False
    for quota in mine:
        quota.taken += 1
    return True


def take_places(registrations: list[Registration], quotas: list[Quota]) -> list[bool]:
    """Take a place for each in turn, as `take_place` does for one, with one UPDATE a quota; say who has one. The event must be locked.

    Raise `LedgerBroken` if a quota has fewer places than its row said, which the lock rules out.
    """
    taken: dict[int, int] = {}
    answers = []
    for registration in registrations:
        has_place = may_take(registration, quotas)
        answers.append(has_place)
        for quota in (counting(quotas, registration) or []) if has_place else []:
            quota.taken += 1
            taken[quota.pk] = taken.get(quota.pk, 0) + 1
    for key, count in taken.items():
        free = Quota.objects.filter(pk=key, taken__lte=F("seats") - count)
        if free.update(taken=F("taken") + count) != 1:
            raise LedgerBroken(f"quota {key} has not {count} places left")
    return answers


def give_place(registration: Registration, quotas: list[Quota]) -> None:
    """Give back the place in every quota that counts the registration; raise `LedgerBroken` if one counted nobody."""
    for quota in counting(quotas, registration) or []:
        if Quota.objects.filter(pk=quota.pk, taken__gt=0).update(taken=F("taken") - 1) != 1:
            raise LedgerBroken(f"{quota} of {registration.event_id} counts nobody")
        quota.taken -= 1


def set_quota(event: Event, *, seats: int, delegation: Delegation | None = None, category: str = "", mode: str = "") -> Quota:
    """Make or change a quota of a delegation, or of the event; raise `SeatsBelowUse` below what people hold.

    One made late counts those who hold a place already.
    """
    quota = Quota.objects.filter(event=event, delegation=delegation, category=category, mode=mode).first()
    if quota is None:
        quota = Quota(event=event, delegation=delegation, category=category, mode=mode, seats=seats)
        quota.taken = _in_use(quota)
        if quota.taken > seats:
            raise SeatsBelowUse(quota.taken)
        quota.save()
        return quota
    if Quota.objects.filter(pk=quota.pk, taken__lte=seats).update(seats=seats) != 1:
        raise SeatsBelowUse(quota.taken)
    quota.seats = seats
    return quota


def count_anew(quota: Quota) -> int | None:
    """Write the number of people a quota counts into it and give that number; None when more hold a place than there are."""
    taken = _in_use(quota)
    return taken if Quota.objects.filter(pk=quota.pk, seats__gte=taken).update(taken=taken) else None


def _in_use(quota: Quota) -> int:
    """How many registrations that hold a place this quota counts."""
    holders = Registration.objects.filter(event=quota.event, state__in=HOLDING)
    if quota.delegation_id:
        holders = holders.filter(delegation=quota.delegation_id)
    return sum(counts(quota, category=category, mode=mode) for category, mode in holders.values_list("category", "mode"))
