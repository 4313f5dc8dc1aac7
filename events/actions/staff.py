"""Acts on who runs an event: give a role to a user or to an address until accepted, end it, name the duty organiser."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from events import emails
from events.actions.accounts import open_account, owns_address
from events.actions.records import lock_event, record, reference_of
from events.choices import StaffRoleName
from events.models import Event, StaffRole
from events.rules import NotAllowed, may_be_on_duty


def grant_role(event: Event, *, email: str, role: str, is_duty_organiser: bool = False, by: Actor) -> StaffRole:
    """Give a role to the user with this verified address, else to the address until its owner signs in; tell them by mail.

    Raise `NotAllowed` when the address holds the role already, or the role cannot go on duty.
    """
    if is_duty_organiser and not may_be_on_duty(role):
        raise NotAllowed(_("Only roles that decide on registrations go on duty."))
    now, email = timezone.now(), email.strip()
    with transaction.atomic():
        lock_event(event.pk)
        account = open_account(email, language=event.working_language)
        user = account if account.is_active and owns_address(account, email) else None
        current = StaffRole.objects.current(now).filter(event=event, role=role)
        if current.of_address(email, user).exists():
            raise NotAllowed(_("This person holds that role already."))
        granted = StaffRole.objects.create(event=event, user=user, email=email, role=role, is_duty_organiser=is_duty_organiser, from_at=now)
        record(by, "staff.grant", granted, event=event, role=role, to=reference_of(Actor(user=user)) if user else "an address")
        emails.role_given(granted)
    return granted


def accept_roles(user) -> int:
    """Give a user the roles that wait for one of their verified addresses; called after sign-in. Give how many there were."""
    addresses = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    now, accepted = timezone.now(), 0
    for waiting in StaffRole.objects.waiting_for(list(addresses), now).order_by("pk"):
        with transaction.atomic():
            event = lock_event(waiting.event_id)
            held = StaffRole.objects.current(now).held_by(user).filter(event=event, role=waiting.role).exists()
            claimed = 0 if held else StaffRole.objects.filter(pk=waiting.pk, user__isnull=True).update(user=user)
            if claimed:
                record(Actor(user=user), "staff.accept", waiting, event=event, role=waiting.role)
        accepted += claimed
    return accepted


def end_role(role: StaffRole, *, by: Actor) -> StaffRole:
    """End a role now; raise `NotAllowed` when it has ended or is the event's last manager."""
    now = timezone.now()
    with transaction.atomic():
        event = lock_event(role.event_id)
        locked = StaffRole.objects.select_for_update().get(pk=role.pk)
        if locked.until_at and locked.until_at <= now:
            raise NotAllowed(_("This role has ended already."))
        managers = StaffRole.objects.live(now).filter(event=event, role=StaffRoleName.MANAGER)
        if locked.role == StaffRoleName.MANAGER and locked.user_id and not managers.exclude(pk=locked.pk).exists():
            raise NotAllowed(_("An event keeps at least one manager. Give the role to somebody else first."))
        locked.until_at = now
        locked.save(update_fields=["until_at"])
        record(by, "staff.end", locked, event=event, role=locked.role)
    return locked


def set_duty(role: StaffRole, *, on: bool, by: Actor) -> StaffRole:
    """Say whether the holder of a role is a duty organiser, who decides late requests; raise `NotAllowed` for a role that cannot."""
    if on and not may_be_on_duty(role.role):
        raise NotAllowed(_("Only roles that decide on registrations go on duty."))
    with transaction.atomic():
        event = lock_event(role.event_id)
        locked = StaffRole.objects.select_for_update().get(pk=role.pk)
        locked.is_duty_organiser = on
        locked.save(update_fields=["is_duty_organiser"])
        record(by, "staff.duty", locked, event=event, on=on)
    return locked
