"""Who is shown how to join a session from a distance, and when."""

import datetime as dt

from conference.lib.viewer import Viewer

MOST_MINUTES_BEFORE = 24 * 60


def may_join(audience: str, viewer: Viewer, *, is_admitted: bool) -> bool:
    """Say whether somebody who sees the session in full is told how to join it; an empty audience is that of the session.

    Who is not in the audience of the session sees it in full only to work in it, and may join to do so.
    """
    return not is_admitted or not audience or audience in viewer.audiences


def is_joining_open(minutes_before: int, start_at: dt.datetime, end_at: dt.datetime, *, at: dt.datetime) -> bool:
    """Say whether the time has come: some minutes before the session until its end."""
    return start_at - dt.timedelta(minutes=minutes_before) <= at < end_at
