"""What officers decide about changes that wait beside approved values."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from delegates import emails
from delegates.actions.beside import lock_person, settle_beside
from delegates.actions.categories import settle_category
from delegates.actions.copies import settle_copy
from delegates.actions.given import keep_group, value_of
from delegates.actions.moves import lock_registration
from delegates.actions.photos import settle_photo
from delegates.actions.seen import check_change_seen
from delegates.models import FocalPoint, PendingChange, Registration
from delegates.rules import CATEGORY_FIELD, COPY_FIELD, GROUPS_BESIDE, PHOTO_FIELD, WAITS_BESIDE, check_editing
from events.actions import record
from events.rules import NotAllowed

DECIDED = (*WAITS_BESIDE, *GROUPS_BESIDE, CATEGORY_FIELD, COPY_FIELD, PHOTO_FIELD)


def decide_change(change: PendingChange, *, accept: bool, by: Actor, seen: Mapping[str, str] | None = None) -> PendingChange:
    """Put a change that waits in place of the approved value, or refuse it; state and badge stay valid either way.

    A value of the person's record that other events approved too takes effect when all of them have accepted it (`settle_beside`); what
    is given says with `is_settled` whether it did, and nobody is told before.

    Raise `NotAllowed` when it was decided, or replaced by a newer one, meanwhile, is not what was shown (`seen`), or asks for a
    category without a free place.
    """
    with transaction.atomic():
        if change.field in WAITS_BESIDE:
            registration, approved = lock_person(change.registration)
        else:
            registration = lock_registration(change.registration)
        check_editing(registration.event)
        locked = PendingChange.objects.select_for_update().get(pk=change.pk)
        if locked.decided_at is not None or locked.field not in DECIDED:
            raise NotAllowed(_("This change no longer waits for a decision."))
        check_change_seen(seen, locked, registration)
        locked.is_settled = True
        if locked.field == PHOTO_FIELD:
            settle_photo(registration, accept=accept)
        elif locked.field == COPY_FIELD:
            settle_copy(registration, accept=accept)
        elif accept and locked.field == CATEGORY_FIELD:
            settle_category(registration, locked.value, by=by)
        elif accept and locked.field in GROUPS_BESIDE:
            keep_group(registration, locked.field, value_of(locked))
        elif locked.field in WAITS_BESIDE:
            locked.is_settled = settle_beside(locked, registration, approved, accept=accept)
        now = timezone.now()
        locked.accepted, locked.decided_at = accept, now
        locked.save(update_fields=["accepted", "decided_at"])
        if locked.is_settled:
            _tell(locked, registration, at=now)
        record(by, "registration.change", registration, event=registration.event, field=locked.field, accepted=accept)
    return locked


def _tell(change: PendingChange, registration: Registration, *, at: dt.datetime) -> None:
    """Tell the person, and the focal points where one of them asked."""
    emails.change_decided(change, registration)
    if not change.by_focal_point:
        return
    for focal_point in FocalPoint.objects.live(at).filter(delegation=registration.delegation).order_by("pk"):
        emails.head_decided(change, registration, focal_point)
