"""Acts on invitation letters: make one with its code, revoke it, use the code, and decide on whoever used it.

The code alone gives no right. Its holder names an address; an organiser who has made sure of them confirms; the ordinary invitation of a
focal point then proves the address.
"""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib import tokens
from conference.lib.viewer import PUBLIC_HAT, SYSTEM, Actor
from delegates import emails
from delegates.actions.delegations import add_focal_point
from delegates.actions.invitations import invite_focal_points
from delegates.actions.late import duty_readers
from delegates.actions.moves import lock_delegation
from delegates.models import Delegation, FocalPoint, InvitationLetter
from delegates.rules import CLAIM_DAYS, check_editing, check_letter, letter_expires_at
from events.actions import record, reference_of
from events.models import IdempotencyKey
from events.rules import NotAllowed


class LetterMadeBefore(NotAllowed):
    """The same form came twice: its letter was made the first time, and its code is told once."""


def make_letter(delegation: Delegation, *, key: str, by: Actor) -> tuple[InvitationLetter, str]:
    """Make a letter and its code, which is told here and never again; the delegation's earlier code ends.

    Raise `NotAllowed` when the event is over, and `LetterMadeBefore` for the `key` of a form that was sent before: loading the printed page
    again must not end the code that stands on the paper.
    """
    with transaction.atomic():
        locked, now = lock_delegation(delegation), timezone.now()
        check_letter(locked.event, now)
        claim = {"digest": "letter", "at": now}
        if not IdempotencyKey.objects.get_or_create(actor=reference_of(by), key=key, defaults=claim)[1]:
            raise LetterMadeBefore(_("This letter was made already; its code is shown once. If it was not printed, make another."))
        InvitationLetter.objects.unspent().filter(delegation=locked).update(revoked_at=now)
        code = tokens.typed_code()
        letter = InvitationLetter.objects.create(
            event=locked.event,
            delegation=locked,
            code_digest=tokens.code_digests(code, settings.DATA_KEYS)[0],
            made_at=now,
            made_by=by.user,
            expires_at=letter_expires_at(locked.event, now),
        )
        record(by, "letter.make", letter, event=locked.event, delegation=str(locked))
    return letter, code


def revoke_letter(letter: InvitationLetter, *, by: Actor) -> InvitationLetter:
    """End a letter's code; raise `NotAllowed` once it was used or revoked."""
    with transaction.atomic():
        delegation = lock_delegation(Delegation(pk=letter.delegation_id, event_id=letter.event_id))
        locked = InvitationLetter.objects.unspent().select_for_update().filter(pk=letter.pk).first()
        if locked is None:
            raise NotAllowed(_("The code of this letter was used or revoked meanwhile."))
        locked.revoked_at = timezone.now()
        locked.save(update_fields=["revoked_at"])
        record(by, "letter.revoke", locked, event=delegation.event, delegation=str(delegation))
    return locked


def use_letter(code: str, *, name: str, email: str, language: str) -> InvitationLetter:
    """Spend a code: keep who says to hold it, and tell the organisers at once. Raise `NotAllowed`, always alike, for any other code."""
    digests = tokens.code_digests(code, settings.DATA_KEYS)
    found = InvitationLetter.objects.usable(timezone.now()).filter(code_digest__in=digests).first()
    if found is None:
        raise NotAllowed(_wrong_code())
    with transaction.atomic():
        delegation, now = lock_delegation(Delegation(pk=found.delegation_id, event_id=found.event_id)), timezone.now()
        letter = _still_usable(found, now)
        if letter is None:
            raise NotAllowed(_wrong_code())
        letter.event, letter.delegation = delegation.event, delegation
        letter.used_at, letter.name, letter.email, letter.language = now, name, email, language
        letter.save(update_fields=["used_at", "name", "email", "language"])
        record(Actor(hat=PUBLIC_HAT), "letter.use", letter, event=letter.event, delegation=str(delegation))
        for reader, words in duty_readers(letter.event, now).items():
            emails.letter_used(letter, to=reader, language=words)
    return letter


def _still_usable(found: InvitationLetter, at: dt.datetime) -> InvitationLetter | None:
    """Read a letter again under the lock; None when somebody else has used its code meanwhile."""
    return InvitationLetter.objects.usable(at).select_for_update(of=("self",)).filter(pk=found.pk).first()


def _wrong_code() -> str:
    return _("This code cannot be used. Compare it with the letter, sign by sign. If it is right, call the number in the letter.")


def confirm_letter(letter: InvitationLetter, *, by: Actor) -> FocalPoint:
    """Make whoever used a letter's code a focal point and send the invitation that proves the address; raise `NotAllowed` if decided."""
    with transaction.atomic():
        locked = _lock(letter)
        focal_point = add_focal_point(locked.delegation, name=locked.name, email=locked.email, language=locked.language, by=by)
        _decide(locked, focal_point=focal_point)
        record(by, "letter.confirm", locked, event=locked.event, delegation=str(locked.delegation), focal_point=str(focal_point))
        invite_focal_points(locked.event, [focal_point], by=by)
    return focal_point


def refuse_letter(letter: InvitationLetter, *, by: Actor) -> None:
    """Refuse whoever used a letter's code, and forget what they said; nobody is written to. Raise `NotAllowed` if decided."""
    with transaction.atomic():
        locked = _lock(letter)
        _decide(locked)
        record(by, "letter.refuse", locked, event=locked.event, delegation=str(locked.delegation))


def forget_claims(at: dt.datetime) -> int:
    """Forget the name and address of those who used a code and about whom no organiser decided in time; give how many."""
    late = (
        InvitationLetter.objects.undecided()
        .filter(used_at__lte=at - dt.timedelta(days=CLAIM_DAYS))
        .values_list("pk", "event_id", "delegation_id")
    )
    count = 0
    for key, event_id, delegation_id in late.order_by("pk"):
        with transaction.atomic():
            delegation = lock_delegation(Delegation(pk=delegation_id, event_id=event_id))
            if letter := InvitationLetter.objects.undecided().select_for_update().filter(pk=key).first():
                _decide(letter)
                record(SYSTEM, "letter.forget", letter, event=delegation.event, delegation=str(delegation))
                count += 1
    return count


def _lock(letter: InvitationLetter) -> InvitationLetter:
    delegation = lock_delegation(Delegation(pk=letter.delegation_id, event_id=letter.event_id))
    check_editing(delegation.event)
    locked = InvitationLetter.objects.undecided().select_for_update().filter(pk=letter.pk).first()
    if locked is None:
        raise NotAllowed(_("This has been decided meanwhile."))
    locked.delegation, locked.event = delegation, delegation.event
    return locked


def _decide(letter: InvitationLetter, *, focal_point: FocalPoint | None = None) -> None:
    letter.decided_at, letter.focal_point, letter.name, letter.email = timezone.now(), focal_point, "", ""
    letter.save(update_fields=["decided_at", "focal_point", "name", "email"])
