"""Invitations: bound to one address, used once, and useless to anybody else."""

import datetime as dt

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.utils import timezone

from conference.lib import tokens
from conference.lib.sealing import Sealer
from conference.lib.viewer import SYSTEM, Actor
from delegates.actions import (
    accept_invitation,
    end_focal_point,
    find_invitation,
    invite_focal_points,
    move_registration,
    resend_invitation,
    send_list,
)
from delegates.models import Delegate, FocalPoint, Invitation
from delegates.rules import FOCAL
from events.choices import EventState, Urgency
from events.models import AuditEntry, Event, OutboxMail
from events.rules import NotAllowed
from tests.factories import (
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    InvitationFactory,
    RegistrationFactory,
    UserFactory,
    hours_from_now,
)

pytestmark = pytest.mark.django_db

BY = Actor(hat="organiser:manager")


def secret_in(mail, settings):
    text = Sealer(settings.DATA_KEYS).open(mail.sealed_text)
    return text.split("/invitation/")[1].split("/")[0]


def invited(focal, settings):
    assert invite_focal_points(focal.event, [focal], by=BY) == 1
    return secret_in(OutboxMail.objects.order_by("pk").last(), settings)


def test_invitation_keeps_only_the_digest_of_its_secret_for_sixty_days(settings):
    focal = FocalPointFactory()
    before = timezone.now()
    secret = invited(focal, settings)
    invitation = Invitation.objects.get()
    assert len(secret) == 43  # 32 bytes
    assert (invitation.secret_digest, invitation.email, invitation.focal_point) == (tokens.digest(secret), focal.email, focal)
    assert dt.timedelta(days=60) <= invitation.expires_at - before < dt.timedelta(days=60, minutes=1)
    mail = OutboxMail.objects.get()
    assert (mail.is_secret, mail.expires_at, mail.dedup_key) == (True, invitation.expires_at, f"focal_point_invited:{invitation.public_id}")
    assert secret not in str(OutboxMail.objects.values()) + str(AuditEntry.objects.values()) + str(Invitation.objects.values())


def test_many_at_once_are_bulk_and_go_to_those_who_have_not_accepted():
    event = EventFactory()
    delegation = DelegationFactory(event=event)
    first, second = FocalPointFactory.create_batch(2, delegation=delegation)
    accepted = FocalPointFactory(delegation=delegation, user=UserFactory())
    ended = FocalPointFactory(delegation=delegation, until_at=hours_from_now(-1))
    elsewhere = FocalPointFactory()
    assert invite_focal_points(event, [first, second, accepted, ended, elsewhere], by=BY) == 2
    mails = OutboxMail.objects.order_by("pk")
    assert [(mail.to, mail.urgency) for mail in mails] == [(first.email, Urgency.BULK), (second.email, Urgency.BULK)]
    assert FocalPoint.objects.filter(invited_at__isnull=False).count() == 2


def test_new_invitation_ends_the_older_ones_of_the_same_thing_alone(settings):
    focal, other = FocalPointFactory(), FocalPointFactory()
    old, kept = invited(focal, settings), invited(other, settings)
    new = invited(focal, settings)
    assert find_invitation(old) is None
    assert find_invitation(new).focal_point == focal
    assert find_invitation(kept).focal_point == other


def test_opening_changes_nothing(settings, django_assert_num_queries):
    secret = invited(FocalPointFactory(), settings)
    before = Invitation.objects.values().get()
    with django_assert_num_queries(1):
        find_invitation(secret)
    assert Invitation.objects.values().get() == before


@pytest.mark.parametrize("secret", ["", "x", "ä" * 43, "a" * 5000, "\x00"])
def test_secret_nobody_made(secret):
    InvitationFactory()
    assert find_invitation(secret) is None


def test_accepting_gives_a_focal_point_the_right_once():
    invitation = InvitationFactory()
    user = UserFactory(email=invitation.email.upper())
    accepted = accept_invitation(invitation, user=user)
    assert FocalPoint.objects.get().user == user
    assert (accepted.accepted_by, accepted.accepted_at is not None) == (user, True)
    with pytest.raises(NotAllowed, match="no longer be used"):
        accept_invitation(invitation, user=user)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor) == ("invitation.accept", f"user {user.pk}")


def test_accepting_links_a_person_to_their_registration():
    registration = RegistrationFactory()
    user = UserFactory(email=registration.delegate.email)
    accept_invitation(InvitationFactory(registration=registration), user=user)
    assert Delegate.objects.get(pk=registration.delegate_id).user == user


@pytest.mark.parametrize("verified", [True, False])
def test_accepting_needs_the_verified_address_it_was_sent_to(verified):
    invitation = InvitationFactory()
    stranger = UserFactory()
    EmailAddress.objects.create(user=stranger, email=invitation.email if not verified else "else@example.org", verified=verified)
    with pytest.raises(NotAllowed, match="another address"):
        accept_invitation(invitation, user=stranger)
    assert (FocalPoint.objects.get().user, Invitation.objects.get().accepted_at) == (None, None)


def test_accepting_by_a_second_verified_address_of_the_account():
    invitation = InvitationFactory()
    user = UserFactory()
    EmailAddress.objects.create(user=user, email=invitation.email.title(), verified=True)
    accept_invitation(invitation, user=user)
    assert FocalPoint.objects.get().user == user


def test_accepting_what_another_account_holds():
    registration = RegistrationFactory(user=UserFactory())
    with pytest.raises(NotAllowed, match="Another account"):
        accept_invitation(InvitationFactory(registration=registration), user=UserFactory(email=registration.delegate.email))


def unusable(kind):
    """An invitation that can no longer be used, and its secret."""
    secret = tokens.secret()
    if kind == "expired":
        InvitationFactory(secret=secret, expires_at=hours_from_now(-1))
    elif kind == "revoked":
        InvitationFactory(secret=secret, revoked_at=hours_from_now(-1))
    elif kind == "accepted":
        InvitationFactory(secret=secret, accepted_at=hours_from_now(-1))
    elif kind == "ended focal point":
        end_focal_point(InvitationFactory(secret=secret).focal_point, by=SYSTEM)
    elif kind == "withdrawn registration":
        move_registration(
            InvitationFactory(secret=secret, registration=RegistrationFactory()).registration, to="withdrawn", by=SYSTEM, made_by=FOCAL
        )
    elif kind == "event over":
        InvitationFactory(secret=secret)
        Event.objects.update(state=EventState.CANCELLED)
    return secret


@pytest.mark.parametrize("kind", ["expired", "revoked", "accepted", "ended focal point", "withdrawn registration", "event over"])
def test_link_that_cannot_be_used_is_found_by_nobody(kind):
    secret = unusable(kind)
    invitation = Invitation.objects.get()
    assert find_invitation(secret) is None
    with pytest.raises(NotAllowed, match="no longer be used"):
        accept_invitation(invitation, user=UserFactory(email=invitation.email))


def test_link_lives_sixty_days(settings):
    secret = invited(FocalPointFactory(), settings)
    with time_machine.travel(hours_from_now(60 * 24 - 1)):
        assert find_invitation(secret) is not None
    with time_machine.travel(hours_from_now(60 * 24 + 1)):
        assert find_invitation(secret) is None


def test_resending_goes_to_the_present_address_and_ends_the_old_link(settings):
    registration = RegistrationFactory(invited_at=None)
    send_list(registration.delegation, by=BY)
    old = secret_in(OutboxMail.objects.get(), settings)
    Delegate.objects.update(email="new@example.org")
    new = resend_invitation(Invitation.objects.get(), by=BY)
    mail = OutboxMail.objects.order_by("pk").last()
    assert (new.email, mail.to, mail.urgency) == ("new@example.org", "new@example.org", Urgency.PERSONAL)
    assert find_invitation(old) is None
    assert find_invitation(secret_in(mail, settings)) == new


def test_resending_what_was_accepted_or_has_ended():
    accepted = InvitationFactory(accepted_at=hours_from_now(-1))
    with pytest.raises(NotAllowed, match="accepted already"):
        resend_invitation(accepted, by=BY)
    ended = InvitationFactory(registration=RegistrationFactory(state="withdrawn"))
    with pytest.raises(NotAllowed, match="no longer anything this person can be invited to"):
        resend_invitation(ended, by=BY)
    assert OutboxMail.objects.count() == 0


def test_reopened_person_is_invited_anew(settings):
    registration = RegistrationFactory()
    InvitationFactory(registration=registration, accepted_at=hours_from_now(-1))
    move_registration(registration, to="withdrawn", by=BY, made_by="officer")
    move_registration(registration, to="nominated", by=BY, made_by="officer")
    assert send_list(registration.delegation, by=BY) == 1
    latest = Invitation.objects.order_by("pk").last()
    assert resend_invitation(latest, by=BY).pk > latest.pk
