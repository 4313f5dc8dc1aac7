"""How accounts behave here: nobody signs up, mail goes to the outbox in the reader's language, seeds of second factors are sealed."""

import datetime as dt
import re

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
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from conference.adapter.words import CODES, MFA_REFUSALS, NOTICES, REFUSALS, SAID
from conference.lib import signin, tokens
from conference.lib.sealing import Sealer
from delegates.views import invitations
from events import outbox
from events.actions import accept_roles
from events.choices import Urgency
from events.emails import compose, known_language
from events.models import OutboxMail

CODE_LIVES = dt.timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitations only."""

    error_messages = DefaultAccountAdapter.error_messages | REFUSALS

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
        signin.begin(request.session, timezone.now())
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

    error_messages = DefaultMFAAdapter.error_messages | MFA_REFUSALS

    def encrypt(self, text: str) -> str:
        """Seal a seed."""
        return Sealer(settings.DATA_KEYS).seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed seed."""
        return Sealer(settings.DATA_KEYS).open(encrypted_text)

    def build_totp_svg(self, url: str) -> SafeString:
        """Draw the key as a square inside the page; our strict policy shows no `data:` images."""
        drawn = super().build_totp_svg(url)
        size, path = re.search(r'viewBox="0 0 (\d+) ', drawn)[1], re.search(r' d="([^"]*)"', drawn)[1]
        return format_html('<svg width="192" height="192" viewBox="0 0 {0} {0}"><path d="{1}"/></svg>', size, path)

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
