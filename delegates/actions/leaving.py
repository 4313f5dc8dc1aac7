"""Leaving a delegation's list as a whole, and taking a withdrawal back while it is fresh."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from conference.lib.viewer import Actor
from delegates.actions.invitations import invite_person
from delegates.actions.moves import apply_move, lock_delegation, lock_registration, offer_free_seats
from delegates.choices import Answer
from delegates.choices import RegistrationState as State
from delegates.models import Delegation, Registration, RegistrationMove
from delegates.rules import FOCAL, UNDOING, check_answer, check_editing, check_undo
from events.actions import record


def decline_with_people(delegation: Delegation, *, by: Actor) -> int:
    """Withdraw everybody and answer that nobody comes, in one act; say how many were withdrawn. Freed places are offered at once."""
    with transaction.atomic():
        locked, now = lock_delegation(delegation), timezone.now()
        check_editing(locked.event)
        people = list(locked.registrations.active().select_for_update(of=("self",)).select_related("delegate").order_by("pk"))
        for registration in people:
            registration.event, registration.delegation = locked.event, locked
            apply_move(registration, to=State.WITHDRAWN, by=by, made_by=FOCAL)
        check_answer(locked.event, Answer.DECLINED, now, made_by=FOCAL, has_people=False)
        before, locked.answer, locked.answered_at = locked.answer, Answer.DECLINED, now
        locked.save(update_fields=["answer", "answered_at"])
        record(by, "delegation.answer", locked, event=locked.event, before=before, to=Answer.DECLINED, withdrawn=len(people))
        offer_free_seats(locked.event)
    return len(people)


def last_withdrawal(registration: Registration) -> RegistrationMove | None:
    """The step that withdrew a registration, if it is the last one it made."""
    last = registration.moves.order_by("at", "pk").last()
    return last if last and last.to_state == State.WITHDRAWN else None


def undo_withdrawal(registration: Registration, *, by: Actor, at: dt.datetime | None = None) -> Registration:
    """Take a focal point's fresh withdrawal back: the person is nominated again, and confirms anew if they had.

    Whoever had been written to is invited again at once. Raise `NotAllowed` when it is too late, was not a focal point's, or the
    seat has gone meanwhile.
    """
    with transaction.atomic():
        locked, now = lock_registration(registration), at or timezone.now()
        was_invited = locked.invited_at is not None
        check_undo(locked, last_withdrawal(locked), now)
        apply_move(locked, to=State.NOMINATED, by=by, made_by=UNDOING)
        if was_invited:
            invite_person(locked, at=now)
    return locked
