"""How long a sign-in lasts: half an hour without use, eight hours in all (ASVS 5.0, 7.3.1 and 7.3.2).

Two moments stand in the sign-in session, in whole seconds: when it began, and when it was last used. The second is moved on at
most every two minutes, so that reading costs no write a page.
"""

import datetime as dt

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase

_BEGAN, _USED = "signed_in_at", "used_at"


def begin(session: SessionBase, at: dt.datetime) -> None:
    """Somebody signed in."""
    session[_BEGAN] = session[_USED] = int(at.timestamp())


def has_ended(session: SessionBase, at: dt.datetime) -> bool:
    """Say whether the sign-in of a session has ended by itself; one that carries no moments yet is beginning."""
    if SESSION_KEY not in session or _BEGAN not in session:
        return False
    now = int(at.timestamp())
    return now - session[_USED] >= settings.SIGN_IN_IDLE_SECONDS or now - session[_BEGAN] >= settings.SESSION_COOKIE_AGE


def note_use(session: SessionBase, at: dt.datetime) -> None:
    """Keep that a sign-in is in use, coarsely; nothing for a session nobody is signed in by."""
    if SESSION_KEY not in session:
        return
    if _BEGAN not in session:
        begin(session, at)
    elif int(at.timestamp()) - session[_USED] >= settings.SIGN_IN_NOTED_SECONDS:
        session[_USED] = int(at.timestamp())
