"""Who says they act at a mailbox several people read: asked after sign-in, kept in the sign-in session, noted in the record as claimed."""

from typing import NamedTuple

from django.contrib.sessions.backends.base import SessionBase

from conference.lib.tokens import public_id

_KEY = "claimed"


class Claim(NamedTuple):
    """A person as records refer to them, and their name. Nobody checked that they are who they say."""

    reference: str
    name: str


def typed_claim(name: str) -> Claim:
    """Make the claim of somebody the site does not know, who typed a name."""
    return Claim(f"person {public_id()}", name)


def keep_claim(session: SessionBase, claim: Claim) -> None:
    """Keep who acts until they sign out or say otherwise."""
    session[_KEY] = list(claim)


def claim_in(session: SessionBase) -> Claim | None:
    """Give who said they act in this sign-in, if anybody did."""
    kept = session.get(_KEY)
    return Claim(*kept) if kept else None
