"""The doorway of a mailed link: opening changes nothing, the code goes to the bound address, and the code takes up the invitation."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conference.lib import tokens
from conference.lib.sealing import Sealer
from conference.models import User
from delegates.choices import RegistrationState
from delegates.models import Invitation
from delegates.views.invitations import PENDING_KEY
from events.models import OutboxMail
from tests.factories import EventFactory, FocalPointFactory, InvitationFactory, RegistrationFactory, UserFactory, hours_from_now

pytestmark = pytest.mark.django_db

SECRET = tokens.secret()


@pytest.fixture
def focal_point():
    return FocalPointFactory(email="Focal.Point@example.org", language="fr")


@pytest.fixture
def invitation(focal_point):
    return InvitationFactory(focal_point=focal_point, secret=SECRET)


@pytest.fixture
def registration():
    return RegistrationFactory(state=RegistrationState.NOMINATED)


def address(secret=SECRET, language="en"):
    return f"/{language}/invitation/{secret}/"


def everything():
    """Every row of every table, but the tables of sign-in sessions."""
    models = [model for model in apps.get_models() if model._meta.label != "sessions.Session"]
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in models}


def mailed_code():
    mail = OutboxMail.objects.filter(kind="login_code").latest("pk")
    text = Sealer(settings.DATA_KEYS).open(mail.sealed_text)
    return mail.to, re.search(r"^[A-Z0-9]{3,}(-[A-Z0-9]+)*$", text, re.MULTILINE).group()


def type_code(client, code):
    return client.post(reverse("account_confirm_login_code"), {"code": code})


def test_link_opened_20_times_changes_nothing_and_signs_nobody_in(client, invitation):
    before = everything()
    for _ in range(20):
        assert client.get(address()).status_code == 200
        assert client.head(address()).status_code == 200
    assert everything() == before
    assert "session" not in client.cookies
    assert "_auth_user_id" not in client.session


def test_link_shows_event_role_and_masked_address_and_nothing_else(client, invitation, focal_point):
    body = client.get(address()).content.decode()
    assert invitation.event.title in body
    assert invitation.event.series.name in body
    assert "F…@example.org" in body
    for hidden in (focal_point.email, focal_point.email.lower(), focal_point.name, focal_point.delegation.organisation.name_en):
        assert hidden not in body


def test_link_of_a_person_says_in_what_capacity(client, registration):
    InvitationFactory(registration=registration, secret=SECRET)
    body = client.get(address()).content.decode()
    assert registration.get_category_display() in body
    assert registration.delegate.full_name not in body


def test_button_and_code_make_a_focal_point(client, invitation, focal_point):
    response = client.post(address())
    assert (response.status_code, response["Location"]) == (302, "/en/accounts/login/code/confirm/")
    user = User.objects.get(email__iexact=focal_point.email)
    assert not user.has_usable_password()
    assert user.language == "fr"
    assert list(EmailAddress.objects.values_list("user", "verified", "primary")) == [(user.pk, False, True)]
    to, code = mailed_code()
    assert to == focal_point.email.lower()
    assert OutboxMail.objects.get(kind="login_code").language == "fr"
    response = type_code(client, code)
    focal_point.refresh_from_db()
    invitation.refresh_from_db()
    assert response["Location"] == f"/en/events/{invitation.event.slug}/delegations/{focal_point.delegation.public_id}/"
    assert (focal_point.user, invitation.accepted_by) == (user, user)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert EmailAddress.objects.get().verified
    assert client.get(response["Location"]).status_code == 200


def test_button_and_code_bring_a_person_to_the_form(client, registration):
    InvitationFactory(registration=registration, secret=SECRET)
    client.post(address())
    response = type_code(client, mailed_code()[1])
    registration.delegate.refresh_from_db()
    assert registration.delegate.user == User.objects.get()
    assert response["Location"] == reverse("delegates:register", args=[registration.event.slug, registration.public_id])


def test_button_of_a_forwarded_link_sends_the_code_to_the_bound_address(client, invitation, focal_point):
    stranger = Client()
    stranger.post(address(), {"email": "stranger@example.org"})
    assert [mail.to for mail in OutboxMail.objects.all()] == [focal_point.email.lower()]
    for _ in range(2):
        response = type_code(stranger, "WRONGCODE")
        assert response.status_code == 200
        assert "F…@example.org" in response.content.decode()
        assert focal_point.email.lower() not in response.content.decode().lower()
    assert type_code(stranger, "WRONGCODE").status_code == 302
    assert "_auth_user_id" not in stranger.session
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_forwarded_link_with_an_account_of_ones_own_gives_nothing(client, invitation, focal_point):
    stranger = UserFactory()
    session = client.session
    session[PENDING_KEY] = {"public_id": invitation.public_id, "address": "…"}
    session.save()
    client.post(reverse("account_login"), {"login": stranger.email, "password": "a long sentence for tests"})
    invitation.refresh_from_db()
    focal_point.refresh_from_db()
    assert client.session["_auth_user_id"] == str(stranger.pk)
    assert (invitation.accepted_at, focal_point.user) == (None, None)


def test_signed_in_with_the_bound_address_accepts_at_once(client, invitation, focal_point):
    user = UserFactory(email=focal_point.email)
    client.force_login(user)
    assert "Accept the invitation" in client.get(address()).content.decode()
    response = client.post(address())
    focal_point.refresh_from_db()
    assert focal_point.user == user
    assert response["Location"] == reverse("delegates:delegation", args=[invitation.event.slug, focal_point.delegation.public_id])
    assert not OutboxMail.objects.exists()


def test_signed_in_with_the_bound_address_unverified_gives_nothing(client, invitation, focal_point):
    client.force_login(UserFactory(email=focal_point.email, verified=False))
    assert client.post(address()).status_code == 403
    focal_point.refresh_from_db()
    assert focal_point.user is None


def test_signed_in_as_somebody_else_is_told_so_without_the_address(client, invitation, focal_point):
    other = UserFactory()
    client.force_login(other)
    before = everything()
    for response in (client.get(address()), client.post(address())):
        body = response.content.decode()
        assert other.display_name in body
        assert "F…@" not in body
        assert focal_point.email not in body
        assert f'name="next" value="{address()}"' in body
    assert everything() == before
    response = client.post(reverse("account_logout"), {"next": address()})
    assert response["Location"] == address()


def test_links_that_cannot_be_used_give_one_page(client, invitation):
    known = UserFactory(email=invitation.email)
    bodies, now = set(), timezone.now()
    cases = [{"accepted_at": now, "accepted_by": known}, {"revoked_at": now}, {"expires_at": now}, {"secret_digest": "other"}]
    for case in cases:
        Invitation.objects.filter(pk=invitation.pk).update(
            **{"accepted_at": None, "accepted_by": None, "revoked_at": None, "expires_at": hours_from_now(1)} | case
        )
        for answer in (client.get, client.post):
            response = answer(address())
            assert response.status_code == 404
            bodies.add(re.sub(rb'value="\w{64}"', b"", response.content))
    bodies.add(re.sub(rb'value="\w{64}"', b"", client.get(address()).content))
    assert len(bodies) == 1
    assert not OutboxMail.objects.exists()
    body = bodies.pop().decode()
    assert invitation.event.title not in body
    assert "example.org" not in body.split("</main>")[0]


def test_used_link_is_used_once(client, invitation):
    client.post(address())
    type_code(client, mailed_code()[1])
    assert Client().get(address()).status_code == 404


def test_invitation_revoked_between_button_and_code_is_not_taken_up(client, invitation, focal_point):
    client.post(address())
    Invitation.objects.update(revoked_at=timezone.now())
    response = type_code(client, mailed_code()[1])
    focal_point.refresh_from_db()
    assert focal_point.user is None
    assert response["Location"] == "/en/my/"


def test_owner_of_a_second_factor_passes_it_before_the_invitation_is_taken_up(client, invitation, focal_point):
    user = UserFactory(email=focal_point.email)
    seed = "JBSWY3DPEHPK3PXP"
    TOTP.activate(user, seed)
    client.post(address())
    response = type_code(client, mailed_code()[1])
    assert response["Location"] == "/en/accounts/2fa/authenticate/"
    focal_point.refresh_from_db()
    assert focal_point.user is None
    now = format_hotp_value(hotp_value(seed, next(iter(yield_hotp_counters_from_time()))))
    response = client.post(response["Location"], {"code": now})
    focal_point.refresh_from_db()
    assert focal_point.user == user
    assert response["Location"] == reverse("delegates:delegation", args=[invitation.event.slug, focal_point.delegation.public_id])


def test_button_pressed_often_sends_few_codes(client, invitation):
    statuses = [Client().post(address()).status_code for _ in range(5)]
    assert statuses == [302, 302, 302, 429, 429]
    assert OutboxMail.objects.count() == 3
    assert User.objects.count() == 1


def test_code_of_an_unverified_twin_does_not_help(client, invitation, focal_point):
    """Somebody put the bound address into their own account, unconfirmed: the invitation still makes the owner's account."""
    thief = UserFactory()
    EmailAddress.objects.create(user=thief, email=focal_point.email.lower(), verified=False, primary=False)
    client.post(address())
    type_code(client, mailed_code()[1])
    focal_point.refresh_from_db()
    assert focal_point.user not in (None, thief)


def test_doorway_keeps_the_secret_out_of_the_referrer_and_of_caches(client, invitation):
    for response in (client.get(address()), client.post(address()), client.get(address("wrong"))):
        assert response["Referrer-Policy"] == "strict-origin"
        assert response["Cache-Control"] == "no-store"


def test_doorway_checks_where_its_form_comes_from(invitation):
    assert Client(enforce_csrf_checks=True).post(address()).status_code == 403


@pytest.mark.parametrize("language", ["en", "fr", "nl", "de"])
def test_doorway_in_each_language(client, invitation, language):
    response = client.get(address(language=language))
    assert response.status_code == 200
    assert f'<html lang="{language}"' in response.content.decode()


def test_doorway_of_a_draft_event_tells_its_guests_only(client):
    event = EventFactory(state="draft")
    focal = FocalPointFactory(delegation__event=event)
    InvitationFactory(focal_point=focal, secret=SECRET)
    assert client.get(address()).status_code == 200
