"""What each category of people takes, and which of them a focal point may give."""

import dataclasses

from delegates.choices import Category


@dataclasses.dataclass(frozen=True)
class Takes:
    """What a category takes and whether it is admitted to closed sessions."""

    seat: bool
    capacity: bool
    admitted: bool
    slots_only: bool = False


CATEGORIES = {
    Category.HEAD: Takes(seat=True, capacity=True, admitted=True),
    Category.DEPUTY: Takes(seat=True, capacity=True, admitted=True),
    Category.DELEGATE: Takes(seat=True, capacity=True, admitted=True),
    Category.EXPERT: Takes(seat=True, capacity=True, admitted=True),
    Category.SPEAKER: Takes(seat=False, capacity=True, admitted=False),
    Category.INTERPRETER: Takes(seat=False, capacity=False, admitted=False),
    Category.PROTECTION: Takes(seat=False, capacity=False, admitted=False, slots_only=True),
    Category.LIAISON: Takes(seat=False, capacity=False, admitted=False, slots_only=True),
    Category.DRIVER: Takes(seat=False, capacity=False, admitted=False, slots_only=True),
    Category.PRESS: Takes(seat=False, capacity=False, admitted=False),
    Category.ORGANISER: Takes(seat=False, capacity=False, admitted=False),
    Category.GUEST: Takes(seat=False, capacity=True, admitted=False),
    Category.ACCOMPANYING: Takes(seat=False, capacity=False, admitted=False),
}

# What a focal point may choose; the rest is given by the organisers.
NOMINABLE = [
    Category.HEAD,
    Category.DEPUTY,
    Category.DELEGATE,
    Category.EXPERT,
    Category.INTERPRETER,
    Category.PROTECTION,
    Category.LIAISON,
    Category.DRIVER,
    Category.ACCOMPANYING,
]
