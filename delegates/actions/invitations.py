"""Invitations: a link with a secret, bound to one address; of its secret only the digest is kept."""

import datetime as dt

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib import tokens
from conference.lib.viewer import Actor
from delegates import emails
from delegates.actions.mailboxes import share_between_people
from delegates.models import FocalPoint, Invitation, PlaceRequest, Registration
from delegates.rules import INVITATION_DAYS, REQUEST_DAYS, check_editing
from events.actions import lock_event, record
from events.choices import Urgency
from events.models import Event
from events.rules import NotAllowed


def invite_focal_points(event: Event, focal_points, *, by: Actor) -> int:
    """Write to the focal points given who have not accepted yet, each a link of their own; say how many messages left."""
    with transaction.atomic():
        locked = lock_event(event.pk)
        check_editing(locked)
        now = timezone.now()
        keys = [focal_point.pk for focal_point in focal_points]
        waiting = (
            FocalPoint.objects.live(now).filter(event=locked, pk__in=keys, user__isnull=True).select_related("delegation__organisation")
        )
        invited = list(waiting.order_by("pk"))
        for focal_point in invited:
            _invite_focal_point(focal_point, event=locked, at=now, urgency=Urgency.BULK if len(invited) > 1 else Urgency.PERSONAL)
        if invited:
            record(by, "focal_point.invite", event=locked, focal_points=[str(focal_point) for focal_point in invited])
    return len(invited)


def _invite_focal_point(focal_point: FocalPoint, *, event: Event, at: dt.datetime, urgency: int = Urgency.PERSONAL) -> Invitation:
    revoke_invitations(focal_point=focal_point, at=at)
    invitation, secret = _make(event, email=focal_point.email, at=at, focal_point=focal_point)
    focal_point.invited_at = at
    focal_point.save(update_fields=["invited_at"])
    emails.focal_point_invited(invitation, focal_point, secret, urgency=urgency)
    return invitation


def invite_person(registration: Registration, *, at: dt.datetime, urgency: int = Urgency.PERSONAL) -> Invitation | None:
    """Invite the person of a locked registration to confirm; None for one without an address, who is entered on behalf."""
    if not registration.delegate.email:
        return None
    revoke_invitations(registration=registration, at=at)
    invitation, secret = _make(registration.event, email=registration.delegate.email, at=at, registration=registration)
    registration.invited_at = at
    registration.save(update_fields=["invited_at"])
    emails.person_invited(invitation, registration, secret, urgency=urgency)
    return invitation


def make_request_link(asked: PlaceRequest, *, at: dt.datetime) -> Invitation:
    """Send whoever asked for a place the link that shows the address to be theirs."""
    invitation, secret = _make(asked.event, email=asked.email, at=at, days=REQUEST_DAYS, place_request=asked)
    emails.request_link(invitation, asked, secret)
    return invitation


def _make(event: Event, *, email: str, at: dt.datetime, days: int = INVITATION_DAYS, **bound_to) -> tuple[Invitation, str]:
    secret = tokens.secret()
    invitation = Invitation.objects.create(
        event=event,
        email=email,
        secret_digest=tokens.digest(secret),
        created_at=at,
        expires_at=at + dt.timedelta(days=days),
        **bound_to,
    )
    return invitation, secret


def renew_link(event: Event, *, at: dt.datetime, **bound_to) -> str:
    """Make a new link for the focal point or the registration given, ending the older ones, and give its secret."""
    revoke_invitations(at=at, **bound_to)
    focal_point, registration = bound_to.get("focal_point"), bound_to.get("registration")
    email = focal_point.email if focal_point else registration.delegate.email
    return _make(event, email=email, at=at, **bound_to)[1]


def revoke_invitations(*, at: dt.datetime, **bound_to) -> None:
    """End the open invitations of one focal point or one registration."""
    Invitation.objects.filter(accepted_at__isnull=True, revoked_at__isnull=True, **bound_to).update(revoked_at=at)


def end_invitations(event: Event, *, at: dt.datetime) -> int:
    """End every open invitation of an event; say how many. Call with the event locked."""
    return Invitation.objects.filter(event=event, accepted_at__isnull=True, revoked_at__isnull=True).update(revoked_at=at)


def find_invitation(secret: str) -> Invitation | None:
    """Find the invitation of a link that can still be used; None otherwise. Changes nothing."""
    return Invitation.objects.usable(timezone.now()).for_page().filter(secret_digest=tokens.digest(secret)).first()


def accept_invitation(invitation: Invitation, *, user) -> Invitation:
    """Give a user what the invitation is for: the right of a focal point, or their own registration.

    Raise `NotAllowed` when the link can no longer be used or the user has not verified the address it was sent to.
    """
    with transaction.atomic():
        locked = take_invitation(invitation, user=user)
        event = locked.event
        _bind(locked, user)
        kind = "focal" if locked.focal_point else "registration"
        hat = f"{kind}:{locked.focal_point.delegation.public_id if locked.focal_point else locked.registration.public_id}"
        by = Actor(user=user, hat=hat)
        record(by, "invitation.accept", locked, event=event, bound_to=str(locked.focal_point or locked.registration))
        if locked.registration and locked.registration.delegate:
            share_between_people(user, locked.registration.delegate, by=by, event=event)
    return locked


def take_invitation(invitation: Invitation, *, user) -> Invitation:
    """Lock the event and use an invitation up for a user; raise `NotAllowed` as `accept_invitation`. Call inside a transaction."""
    event = lock_event(invitation.event_id)
    now = timezone.now()
    locked = Invitation.objects.usable(now).for_page().select_for_update(of=("self",)).filter(pk=invitation.pk).first()
    if locked is None:
        raise NotAllowed(_("This link can no longer be used. Ask for a new one."))
    check_editing(event)
    if not EmailAddress.objects.filter(user=user, verified=True, email__iexact=locked.email).exists():
        raise NotAllowed(_("This link was sent to another address than yours."))
    locked.event = event
    locked.accepted_at, locked.accepted_by = now, user
    locked.save(update_fields=["accepted_at", "accepted_by"])
    return locked


def _bind(invitation: Invitation, user) -> None:
    """Link the user to the focal point or to the delegate; raise `NotAllowed` if somebody else is."""
    holder = invitation.focal_point or invitation.registration.delegate
    if holder.user_id not in (None, user.pk):
        raise NotAllowed(_("Another account is linked here already. Write to the organisers."))
    holder.user = user
    holder.save(update_fields=["user"])


def resend_invitation(invitation: Invitation, *, by: Actor) -> Invitation:
    """Send a new link for the same thing, to the address it has now; the old one ends. Raise `NotAllowed` once it was accepted."""
    with transaction.atomic():
        event = lock_event(invitation.event_id)
        check_editing(event)
        now = timezone.now()
        old = Invitation.objects.for_page().get(pk=invitation.pk)
        if _is_accepted(old):
            raise NotAllowed(_("This invitation has been accepted already."))
        if not Invitation.objects.bound_to_live(now).filter(pk=old.pk).exists():
            raise NotAllowed(_("There is no longer anything this person can be invited to."))
        thing = old.focal_point or old.registration
        new = _invite_focal_point(thing, event=event, at=now) if old.focal_point else invite_person(thing, at=now)
        if new is None:
            raise NotAllowed(_("This person has no e-mail address."))
        record(by, "invitation.resend", new, event=event)
    return new


def _is_accepted(invitation: Invitation) -> bool:
    siblings = Invitation.objects.filter(focal_point=invitation.focal_point, registration=invitation.registration)
    return siblings.order_by("pk").last().accepted_at is not None
