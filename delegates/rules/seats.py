"""Which quota counts whom, and how long a freed seat is held."""

import datetime as dt

from django.utils.translation import ngettext

from delegates.choices import Category
from delegates.rules.categories import CATEGORIES
from events.rules import NotAllowed

MAX_LAPSES = 3


class SeatsBelowUse(NotAllowed):
    """Fewer seats were asked for than people hold."""

    def __init__(self, taken: int):
        self.taken = taken
        super().__init__(
            ngettext(
                "One seat is in use; there cannot be fewer seats than that.",
                "%(count)d seats are in use; there cannot be fewer seats than that.",
                taken,
            )
            % {"count": taken}
        )


def takes_seat(category: str) -> bool:
    """Say whether somebody of this category takes a seat of their delegation."""
    return CATEGORIES[Category(category)].seat


def counts(quota, *, category: str, mode: str) -> bool:
    """Say whether a quota counts a registration of this category and mode.

    A quota for one category counts that category alone. One for all counts those who take a seat (if it is a delegation's) or
    capacity (if it is the event's).
    """
    if quota.mode and quota.mode != mode:
        return False
    if quota.category:
        return quota.category == category
    return CATEGORIES[Category(category)].capacity if quota.delegation_id is None else takes_seat(category)


def offers_seats(event, at: dt.datetime) -> bool:
    """Say whether freed seats are offered by themselves: until the freeze; after it each is the duty organiser's to give."""
    return event.freeze_at is None or at < event.freeze_at


def offer_until(event, at: dt.datetime) -> dt.datetime:
    """Give until when a seat offered now is held: the days the event says, never beyond the freeze."""
    until = at + dt.timedelta(days=event.offer_days)
    return min(until, event.freeze_at) if event.freeze_at else until


def offer_ends(registration) -> dt.datetime:
    """Give when an offer ends: as it was made, or at the freeze if that has been moved before it."""
    freeze_at = registration.event.freeze_at
    return min(registration.offer_expires_at, freeze_at) if freeze_at else registration.offer_expires_at


def full_for(registration, quotas) -> list:
    """Keep the quotas that count a registration and have no place left: why it waits."""
    mine = [quota for quota in quotas if quota.delegation_id in (None, registration.delegation_id)]
    return [quota for quota in mine if quota.taken >= quota.seats and counts(quota, category=registration.category, mode=registration.mode)]
