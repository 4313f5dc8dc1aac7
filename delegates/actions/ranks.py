"""The order of a delegation's list, and who heads it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from delegates.actions.moves import lock_registration, note_move
from delegates.actions.places import give_place, quotas_of, take_place
from delegates.choices import Category
from delegates.choices import RegistrationState as State
from delegates.models import Registration
from delegates.rules import FOCAL, HOLDING, check_editing, check_replacing, may_head
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


def name_head(registration: Registration, *, by: Actor) -> Registration:
    """Make a person the head of their delegation; whoever was it becomes a delegate. Both in one act, with the places they take.

    Raise `NotAllowed` after the freeze, and where one of the two is approved: their category is then changed by an officer alone.
    """
    with transaction.atomic():
        locked = lock_registration(registration)
        check_replacing(locked.event, timezone.now(), made_by=FOCAL)
        if locked.category != Category.HEAD and locked.state != State.APPROVED and not may_head(locked):
            raise NotAllowed(_("This registration has changed meanwhile: it is now “%(state)s”.") % {"state": locked.get_state_display()})
        if locked.category == Category.HEAD:
            return locked
        heads = locked.delegation.registrations.active().filter(category=Category.HEAD)
        former = heads.select_for_update(of=("self",)).first()
        changes = [(row, category) for row, category in ((former, Category.DELEGATE), (locked, Category.HEAD)) if row]
        for row, _category in changes:
            row.event, row.delegation = locked.event, locked.delegation
        _recategorise(changes, quotas_of(locked.event), by=by)
    return locked


def _recategorise(changes: list[tuple[Registration, Category]], quotas: list, *, by: Actor) -> None:
    """Change categories together: every place is given back before the first is taken again."""
    if any(row.state == State.APPROVED for row, _category in changes):
        raise NotAllowed(_("One of the two is approved already: only the organisers change their category now."))
    holding = [row for row, _category in changes if row.state in HOLDING]
    for row in holding:
        give_place(row, quotas)
    for row, category in changes:
        before, row.category = row.category, category
        if row in holding and not take_place(row, quotas):
            raise NotAllowed(_("No seat is free in this category."))
        row.save(update_fields=["category"])
        note_move(row, by=by, from_state=row.state)
        record(by, "registration.category", row, event=row.event, before=before, to=category)
