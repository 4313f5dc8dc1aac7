"""Accounts: made by whoever invites, never by the person alone."""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from conference.models import User


def open_account(email: str, *, language: str) -> User:
    """Give the user an address belongs to; make one without a password, to be signed in to by a mailed code, if there is none.

    A verified address decides before the address a user was made with. The address stays unverified until its code is typed.
    """
    verified = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
    if verified:
        return verified.user
    with transaction.atomic():
        fields = {"email": email.lower(), "language": language, "password": make_password(None)}
        user, _made = User.objects.get_or_create(email__iexact=email, defaults=fields)
        is_first = not EmailAddress.objects.filter(user=user, primary=True).exists()
        EmailAddress.objects.get_or_create(user=user, email=email.lower(), defaults={"primary": is_first, "verified": False})
    return user


def owns_address(user, email: str) -> bool:
    """Say whether a user has shown, with a code, that an address is theirs."""
    return user.is_authenticated and EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists()
