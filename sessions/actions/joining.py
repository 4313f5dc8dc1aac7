"""How a session is joined from a distance."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from conference.lib.viewer import Actor
from delegates.rules import check_editing
from events.actions import end_audiences, keep_audiences, lock_event, record
from sessions import rules
from sessions.choices import JoinAudience
from sessions.models import Joining, Session


def joining_values(session: Session) -> dict[str, Any]:
    """What a form shows of it, as plain values; reads it."""
    joining = Joining.objects.filter(session=session).first()
    if joining is None:
        return {"link": "", "words": "", "audience": JoinAudience.PARTICIPANTS.value, "minutes_before": 15}
    return joining.details | {"audience": joining.audience, "minutes_before": joining.minutes_before}


def set_joining(
    session: Session, *, by: Actor, link: str, words: str, audience: str, minutes_before: int, seen: Mapping[str, str] | None = None
) -> None:
    """Set how a session is joined, at once; without link and words there is nothing to join. May raise `Stale`.

    The record keeps who is shown it and when, never the link.
    """
    with transaction.atomic():
        event = lock_event(session.event_id)
        check_editing(event)
        before = joining_values(session)
        rules.check_fresh(seen, before)
        joining = Joining.objects.select_related("session").filter(session=session).first()
        if not link and not words:
            if joining:
                end_audiences(joining, event=event)
                joining.delete()
                record(by, "session.join", session, event=event, after={})
            return
        joining = joining or Joining(event=event, session=session)
        joining.audience, joining.minutes_before = audience, minutes_before
        joining.put(link=link, words=words)
        joining.save()
        keep_audiences(joining, event=event, by=by)
        if joining_values(session) != before:
            record(by, "session.join", session, event=event, after={"audience": audience, "minutes_before": minutes_before})
