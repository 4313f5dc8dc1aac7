"""Starring sessions. No act of the record: what somebody wants to hear is nobody else's business (decision 0039)."""

from delegates.models import Registration
from sessions.models import Session, Star


def star_session(session: Session, registration: Registration) -> None:
    """Keep a session among those a participant starred; a second time changes nothing."""
    Star.objects.get_or_create(event=session.event, registration=registration, session=session)


def unstar_session(session: Session, registration: Registration) -> None:
    """Take a session from those a participant starred, if it is there."""
    Star.objects.filter(registration=registration, session=session).delete()
