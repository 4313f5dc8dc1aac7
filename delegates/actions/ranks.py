"""The order of a delegation's list, and who heads it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from delegates.actions.categories import ask_head, swap_head
from delegates.actions.moves import lock_registration
from delegates.actions.seen import present_head
from delegates.choices import Category
from delegates.choices import RegistrationState as State
from delegates.models import Registration
from delegates.rules import OFFICER, check_editing, check_replacing, head_waits, may_head
from events.actions import record
from events.rules import NotAllowed


def move_person(registration: Registration, *, up: bool, by: Actor) -> None:
    """Move a person one place up or down among the active people of their category; at the end of the list nothing happens."""
    with transaction.atomic():
        locked = lock_registration(registration)
        check_editing(locked.event)
        siblings = locked.delegation.registrations.active().exclude(state=State.WAITLISTED).filter(category=locked.category)
        order = list(siblings.order_by("position", "queued_at", "pk"))
        place = next((number for number, sibling in enumerate(order) if sibling.pk == locked.pk), None)
        if place is None:
            raise NotAllowed(_("This registration has changed meanwhile: it is now “%(state)s”.") % {"state": locked.get_state_display()})
        other = place - 1 if up else place + 1
        if not 0 <= other < len(order):
            return
        order[place], order[other] = order[other], order[place]
        for number, sibling in enumerate(order, start=1):
            if sibling.position != number:
                sibling.position = number
                sibling.save(update_fields=["position"])
        record(by, "registration.order", locked, event=locked.event, to=other + 1)


def name_head(registration: Registration, *, by: Actor) -> str:
    """Make a person the head of their delegation; whoever was it becomes a delegate. Both in one act, with the places they take.

    Where one of the two is approved, and after the freeze, this waits for an officer instead (`rules.head_waits`). Say what came of it:
    `named`, `waits`, or `same`.
    """
    with transaction.atomic():
        locked, now = lock_registration(registration), timezone.now()
        check_replacing(locked.event, now, made_by=OFFICER)
        if locked.category == Category.HEAD:
            return "same"
        if not may_head(locked):
            raise NotAllowed(_("This registration has changed meanwhile: it is now “%(state)s”.") % {"state": locked.get_state_display()})
        if head_waits(locked, present_head(locked.delegation), locked.event, now):
            return ask_head(locked, by=by)
        swap_head(locked, by=by)
    return "named"
