"""How accounts behave here: nobody signs up, mail goes to the outbox, secrets of second factors are sealed."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from conference.lib.sealing import Sealer


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitations only."""

    def is_open_for_signup(self, request) -> bool:
        """Nobody makes an account without an invitation."""
        return False


class MFAAdapter(DefaultMFAAdapter):
    """Seeds of second factors are sealed in the database."""

    def encrypt(self, text: str) -> str:
        """Seal a seed."""
        return Sealer(settings.DATA_KEYS).seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed seed."""
        return Sealer(settings.DATA_KEYS).open(encrypted_text)
