"""Invented people: names from lists by country, addresses at example.org, and the accounts one signs in with."""

import dataclasses
import itertools

from allauth.account.models import EmailAddress

from conference.demo import texts
from conference.lib.searching import folded
from conference.models import User
from delegates.actions import accept_invitation
from delegates.models import Invitation

PASSWORD = "plenary demonstration"


@dataclasses.dataclass(frozen=True)
class Person:
    """An invented person."""

    given_name: str
    family_name: str
    email: str

    @property
    def full_name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}"


def people_of(country: str, domain: str = ""):
    """Give people of a country one after another, each name once, always in the same order.

    Raise `StopIteration` when the lists are used up: single family names first, then double ones.
    """
    given, family = texts.load("coming")["names"][country]
    family = [*family, *(" ".join(pair) for pair in itertools.permutations(family, 2))]
    for shift in range(len(family)):
        for number, first in enumerate(given):
            last = family[(number + shift) % len(family)]
            yield Person(first, last, f"{_address(first)}.{_address(last)}@{(domain or country).lower()}.example.org")


def _address(name: str) -> str:
    return "".join(letter for letter in folded(name) if letter.isascii() and letter.isalnum())


def make_account(email: str, name: str, *, language: str = "en", superuser: bool = False) -> User:
    """Make a user with the demonstration's password and a verified address, once."""
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, PASSWORD, name=name, language=language, is_superuser=superuser)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def accept(invitation: Invitation) -> User:
    """Let the person behind an invitation make an account and accept it."""
    name = invitation.registration.delegate.full_name if invitation.registration else invitation.focal_point.name
    user = make_account(invitation.email, name)
    accept_invitation(invitation, user=user)
    return user
