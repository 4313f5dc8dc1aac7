"""How accounts behave here: nobody signs up, mail goes to the outbox in the reader's language, seeds of second factors are sealed."""

import datetime as dt

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from conference.lib import tokens
from conference.lib.sealing import Sealer
from delegates.views import invitations
from events import outbox
from events.actions import accept_roles
from events.choices import Urgency
from events.emails import compose, known_language
from events.models import OutboxMail

CODE_LIVES = dt.timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)

# Messages that carry a code: what the code is for.
CODES = {
    "login_code": (_("Your code to sign in"), _("Type this code on the page where you asked to sign in:")),
    "password_reset_code": (_("Your code to choose a new password"), _("Type this code on the page where you asked for a new password:")),
    "email_confirmation": (_("Your code to confirm this address"), _("Type this code on the page where you gave this address:")),
    "email_confirmation_signup": (_("Your code to confirm this address"), _("Type this code on the page where you gave this address:")),
}
# Messages that tell what happened to an account.
NOTICES = {
    "email_changed": _("The address of your account was changed."),
    "email_confirm": _("An address of your account was confirmed."),
    "email_deleted": _("An address was removed from your account."),
    "password_changed": _("The password of your account was changed."),
    "password_reset": _("The password of your account was changed."),
    "password_set": _("A password was set for your account."),
    "recovery_codes_generated": _("New recovery codes were made for your account; the old ones no longer work."),
    "totp_activated": _("An authenticator app was added to your account."),
    "totp_deactivated": _("The authenticator app was removed from your account."),
    "webauthn_added": _("A passkey was added to your account."),
    "webauthn_removed": _("A passkey was removed from your account."),
}
# What a page says after an act. The library's other sentences say what the next page shows anyway.
SAID = {
    "account/messages/cannot_delete_primary_email.txt": _("The main address cannot be removed. Make another one the main address first."),
    "account/messages/email_confirmation_failed.txt": _("This address could not be confirmed."),
    "account/messages/email_confirmation_sent.txt": _("A code is on its way to the address."),
    "account/messages/email_deleted.txt": _("The address was removed."),
    "account/messages/password_changed.txt": _("The password was changed."),
    "account/messages/password_set.txt": _("The password was set."),
    "account/messages/primary_email_set.txt": _("This is now the main address."),
    "account/messages/unverified_primary_email.txt": _("Confirm the address before you make it the main one."),
    "mfa/messages/recovery_codes_generated.txt": _("New recovery codes were made."),
    "mfa/messages/totp_activated.txt": _("The authenticator app was added."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app was removed."),
    "mfa/messages/webauthn_added.txt": _("The passkey was added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey was removed."),
    "usersessions/messages/sessions_logged_out.txt": _("You are signed out everywhere else."),
}
WRONG_CODE = _("This is not the code. Look at the latest message, and type it as it stands there.")
# Words of the library's own forms, named here so that our catalogues, which win over its own, have them.
FORM_WORDS = [
    _("Authenticator code"),
    _("Code"),
    _("Current Password"),
    _("Email"),
    _("Email address"),
    _(
        "Enabling passwordless operation allows you to sign in using just this key, but imposes additional requirements such as biometrics"
        " or PIN protection."
    ),
    _("Name"),
    _("New Password"),
    _("New Password (again)"),
    _("Password"),
    _("Passwordless"),
]


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitations only."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "cannot_remove_primary_email": _("The main address cannot be removed."),
        "duplicate_email": _("This address is in your account already."),
        "email_password_mismatch": _("The address or the password is not right."),
        "email_taken": _("This address cannot be added."),
        "enter_current_password": _("Type the password you have now."),
        "incorrect_code": WRONG_CODE,
        "incorrect_password": _("The password is not right."),
        "max_email_addresses": _("You cannot add more than %d addresses."),
        "rate_limited": _("This was asked too often. Wait a little, then try again."),
        "same_as_current": _("The new one is the same as the old one."),
        "too_many_login_attempts": _("Too many wrong tries. Wait some minutes, then start again."),
        "unverified_primary_email": _("Confirm the address before you make it the main one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account without an invitation."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Put a message about an account into the outbox: codes before everything else, sealed, and blanked after half an hour.

        For an address nobody has, do the same work and take the message out again: how long an answer takes tells strangers nothing.
        """
        kind = template_prefix.rpartition("/")[2]
        user = context.get("user") or _owner_of(email)
        language = known_language((user and user.language) or translation.get_language() or "")
        with transaction.atomic():
            if kind == "unknown_account":
                self._queue_code("login_code", email, None, language, self.generate_login_code()).delete()
            elif kind in CODES:
                self._queue_code(kind, email, user, language, context["code"])
            else:
                self._queue(kind, email, user, language, compose("account/emails/notice", {"said": NOTICES[kind]}, language))

    def _queue_code(self, kind: str, email: str, user, language: str, code: str) -> OutboxMail:
        title, said = CODES[kind]
        shown = {"title": title, "said": said, "code": code, "minutes": int(CODE_LIVES.total_seconds() // 60)}
        bodies = compose("account/emails/code", shown, language)
        expires_at = timezone.now() + CODE_LIVES
        return self._queue(kind, email, user, language, bodies, urgency=Urgency.CODE, is_secret=True, expires_at=expires_at)

    def _queue(self, kind: str, email: str, user, language: str, bodies: tuple[str, str, str], **options) -> OutboxMail:
        subject, text, html = bodies
        key = f"{kind}:{tokens.secret()}"
        return outbox.queue(
            kind=kind, to=email, user=user, language=language, subject=subject, text=text, html=html, dedup_key=key, **options
        )

    def add_message(self, request: HttpRequest, level: int, message_template: str | None = None, *args, **options) -> None:
        """Say what was done in our own words, where it needs saying."""
        if message_template is None:
            return super().add_message(request, level, message_template, *args, **options)
        if said := SAID.get(message_template):
            messages.add_message(request, level, said)
        return None

    def post_login(self, request: HttpRequest, user, **options) -> HttpResponse:
        """Once signed in: take up the roles that waited for the address, and the invitation whose button was pressed before."""
        response = super().post_login(request, user, **options)
        accept_roles(user)
        if address := invitations.finish(request, user):
            return HttpResponseRedirect(address)
        return response

    def logout(self, request: HttpRequest) -> None:
        """Sign out, and have the browser forget what it kept of these pages."""
        super().logout(request)
        request.signed_out = True

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the account after the password was set or changed."""
        return reverse("mfa_index")


class MFAAdapter(DefaultMFAAdapter):
    """Seeds of second factors are sealed in the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": _("An account with a second factor keeps its addresses. Remove the second factor first."),
        "cannot_delete_authenticator": _("The second factor cannot be removed."),
        "cannot_generate_recovery_codes": _("Recovery codes come with a second factor. Add one first."),
        "incorrect_code": WRONG_CODE,
        "unverified_email": _("Confirm your address before you add a second factor."),
    }

    def encrypt(self, text: str) -> str:
        """Seal a seed."""
        return Sealer(settings.DATA_KEYS).seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed seed."""
        return Sealer(settings.DATA_KEYS).open(encrypted_text)

    def build_totp_svg(self, url: str) -> SafeString:
        """Draw the key as a square inside the page; our strict policy shows no `data:` images."""
        return mark_safe(super().build_totp_svg(url).partition("?>")[2])  # noqa: S308 -- drawn by the library from squares only

    def generate_authenticator_name(self, user, type: Authenticator.Type) -> str:
        """Suggest a name for a new passkey."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def _get_site_name(self) -> str:
        """The name browsers and apps show for our keys."""
        return settings.MFA_TOTP_ISSUER


def _owner_of(email: str):
    address = EmailAddress.objects.filter(email__iexact=email).select_related("user").order_by("-verified", "pk").first()
    return address.user if address else None
