"""In what capacity somebody comes, once it was approved: asked by the person or the focal point, and what an officer's word then does."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from delegates.actions.moves import lock_registration, note_move, offer_free_seats
from delegates.actions.places import give_place, quotas_of, take_place
from delegates.actions.registrations import change_category
from delegates.choices import Category
from delegates.models import PendingChange, Registration
from delegates.rules import CATEGORY_FIELD, FOCAL, HOLDING, categories_to_ask, check_editing, may_ask_category, party_of
from events.actions import record
from events.rules import NotAllowed


def ask_category(registration: Registration, *, category: str, by: Actor) -> str:
    """Let an approved person ask to come in another capacity; what is approved holds until an officer decides.

    Say what came of it: `waits`, or `same` when just that waits already. Raise `NotAllowed` before approval, and for a category that is
    not asked for.
    """
    with transaction.atomic():
        locked = lock_registration(registration)
        check_editing(locked.event)
        if not may_ask_category(locked) or category not in categories_to_ask(locked):
            raise NotAllowed(_("This registration has changed meanwhile: it is now “%(state)s”.") % {"state": locked.get_state_display()})
        return _ask(locked, category, by=by)


def ask_head(locked: Registration, *, by: Actor) -> str:
    """Keep that a focal point wants this person as the head, in place of whom they asked for before. Call with the registration locked."""
    others = PendingChange.objects.of_delegation(locked.delegation).open().wanted_heads()
    others.exclude(registration=locked).update(accepted=False, decided_at=timezone.now())
    return _ask(locked, Category.HEAD, by=by)


def _ask(locked: Registration, category: str, *, by: Actor) -> str:
    now, is_focal = timezone.now(), party_of(by.hat) == FOCAL
    waiting = locked.pending_changes.open().filter(field=CATEGORY_FIELD)
    if waiting.filter(value=category, by_focal_point=is_focal).exists():
        return "same"
    waiting.update(accepted=False, decided_at=now)
    PendingChange.objects.create(
        event=locked.event, registration=locked, field=CATEGORY_FIELD, value=str(category), by_focal_point=is_focal, asked_at=now
    )
    record(by, "registration.ask_category", locked, event=locked.event, before=locked.category, to=str(category))
    return "waits"


def take_back_category(registration: Registration, *, by: Actor) -> Registration:
    """End what its asker no longer asks for; raise `NotAllowed` once it was decided, or where somebody else asked."""
    with transaction.atomic():
        locked = lock_registration(registration)
        check_editing(locked.event)
        mine = locked.pending_changes.open().filter(field=CATEGORY_FIELD, by_focal_point=party_of(by.hat) == FOCAL)
        if not mine.update(accepted=False, decided_at=timezone.now()):
            raise NotAllowed(_("This change no longer waits for a decision."))
        record(by, "registration.take_back_category", locked, event=locked.event)
    return locked


def settle_category(locked: Registration, category: str, *, by: Actor) -> None:
    """Do what a change of category asks, as an officer; a new head takes the place of the present one. Call with the event locked.

    Raise `NotAllowed` where a place is missing, and for somebody no longer expected.
    """
    if not locked.is_active:
        raise NotAllowed(_("This registration has changed meanwhile: it is now “%(state)s”.") % {"state": locked.get_state_display()})
    if category == Category.HEAD and locked.category != Category.HEAD:
        swap_head(locked, by=by)
    else:
        change_category(locked, category=category, by=by)


def swap_head(locked: Registration, *, by: Actor) -> None:
    """Make a person the head, and whoever was it a delegate: every place is given back before the first is taken again."""
    heads = locked.delegation.registrations.active().filter(category=Category.HEAD).exclude(pk=locked.pk)
    former = heads.select_for_update(of=("self",)).first()
    changes = [(row, category) for row, category in ((former, Category.DELEGATE), (locked, Category.HEAD)) if row]
    for row, _category in changes:
        row.event, row.delegation = locked.event, locked.delegation
    quotas = quotas_of(locked.event)
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
    offer_free_seats(locked.event, first=locked.delegation)
