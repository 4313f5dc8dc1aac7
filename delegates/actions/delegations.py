"""Acts on delegations, their seats and answers, and on who may nominate for them."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from delegates.actions.invitations import revoke_invitations
from delegates.actions.moves import lock_delegation, note_move, offer_free_seats
from delegates.actions.places import set_quota
from delegates.choices import Standing
from delegates.models import Delegation, FocalPoint, Quota
from delegates.rules import check_answer, check_editing, party_of
from events.actions import lock_event, record, save_organisation
from events.models import Event, Organisation
from events.rules import NotAllowed


def add_delegation(event: Event, *, organisation: Organisation, seats: int, standing: str, by: Actor) -> Delegation:
    """Invite an organisation (a new one is kept too) with a number of seats; raise `NotAllowed` if it is there, or for a second host."""
    with transaction.atomic():
        locked = lock_event(event.pk)
        check_editing(locked)
        if organisation.pk is None:
            save_organisation(organisation, by=by)
        if Delegation.objects.filter(event=locked, organisation=organisation).exists():
            raise NotAllowed(_("This organisation is on the list already."))
        _check_host(locked, standing)
        delegation = Delegation.objects.create(event=locked, organisation=organisation, standing=standing)
        set_quota(locked, delegation=delegation, seats=seats)
        record(by, "delegation.add", delegation, event=locked, seats=seats, standing=standing)
    return delegation


def change_delegation(delegation: Delegation, *, seats: int, standing: str, by: Actor) -> Delegation:
    """Change the seats and the standing of a delegation; raise `rules.SeatsBelowUse` for fewer seats than people hold.

    New seats are offered to the waiting list at once. A new standing is kept in the history of everybody it touches.
    """
    with transaction.atomic():
        locked = lock_delegation(delegation)
        check_editing(locked.event)
        is_new_standing = locked.standing != standing
        if is_new_standing:
            _check_host(locked.event, standing)
        set_quota(locked.event, delegation=locked, seats=seats)
        locked.standing = standing
        locked.save(update_fields=["standing"])
        if is_new_standing:
            for registration in locked.registrations.active().order_by("pk"):
                registration.delegation = locked
                note_move(registration, by=by, from_state=registration.state)
        record(by, "delegation.change", locked, event=locked.event, seats=seats, standing=standing)
        offer_free_seats(locked.event, first=locked)
    return locked


def _check_host(event: Event, standing: str) -> None:
    if standing == Standing.HOST and Delegation.objects.filter(event=event, standing=Standing.HOST).exists():
        raise NotAllowed(_("This event has a host already."))


def set_capacity(event: Event, *, seats: int | None, by: Actor) -> Quota | None:
    """Limit the whole event to a number of places (None: no limit); raise `rules.SeatsBelowUse` below what people hold."""
    with transaction.atomic():
        locked = lock_event(event.pk)
        check_editing(locked)
        if seats is None:
            quota = None
            Quota.objects.filter(event=locked, delegation=None, category="", mode="").delete()
        else:
            quota = set_quota(locked, seats=seats)
        record(by, "event.capacity", locked, event=locked, seats=seats)
        offer_free_seats(locked)
    return quota


def answer_invitation(delegation: Delegation, *, answer: str, by: Actor) -> Delegation:
    """Keep what a delegation answers: coming, undecided or declined; raise `NotAllowed` too late, or declining with people named."""
    with transaction.atomic():
        locked = lock_delegation(delegation)
        check_editing(locked.event)
        now = timezone.now()
        has_people = locked.registrations.active().exists()
        check_answer(locked.event, answer, now, made_by=party_of(by.hat), has_people=has_people)
        before, locked.answer, locked.answered_at = locked.answer, answer, now
        locked.save(update_fields=["answer", "answered_at"])
        record(by, "delegation.answer", locked, event=locked.event, before=before, to=answer)
    return locked


def add_focal_point(delegation: Delegation, *, name: str, email: str, language: str, by: Actor) -> FocalPoint:
    """Give the right to nominate for a delegation to a person with an address, from now on; nothing is sent yet."""
    with transaction.atomic():
        locked = lock_delegation(delegation)
        check_editing(locked.event)
        now = timezone.now()
        if FocalPoint.objects.live(now).filter(delegation=locked, email__iexact=email).exists():
            raise NotAllowed(_("This address is a focal point of this delegation already."))
        focal_point = FocalPoint.objects.create(
            event=locked.event, delegation=locked, name=name, email=email, language=language, from_at=now
        )
        record(by, "focal_point.add", focal_point, event=locked.event, delegation=str(locked))
    return focal_point


def end_focal_point(focal_point: FocalPoint, *, by: Actor) -> FocalPoint:
    """Take the right to nominate away, at once; open invitations for it end too."""
    with transaction.atomic():
        delegation = lock_delegation(Delegation(pk=focal_point.delegation_id, event_id=focal_point.event_id))
        locked = FocalPoint.objects.select_for_update().get(pk=focal_point.pk)
        if locked.until_at is not None:
            return locked
        locked.until_at = timezone.now()
        locked.save(update_fields=["until_at"])
        revoke_invitations(focal_point=locked, at=locked.until_at)
        record(by, "focal_point.end", locked, event=delegation.event, delegation=str(delegation))
    return locked
