"""Somebody at a mailbox several people read who has said that they act."""

from django.test import Client

from conference.lib.claims import keep_claim, typed_claim


def say_who_acts(client: Client, name: str = "Somebody") -> None:
    """Keep in the sign-in session of a client who acts, as the page that asks does."""
    session = client.session
    keep_claim(session, typed_claim(name))
    session.save()
