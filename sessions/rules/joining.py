"""Who is shown how to join a session from a distance, and when."""

import datetime as dt

from conference.lib.viewer import Viewer

MOST_MINUTES_BEFORE = 24 * 60


def may_join(audience: str, viewer: Viewer, *, works_in_it: bool) -> bool:
    """Say whether somebody who sees the session in full is told how to join it; an empty audience is that of the session.

    Interpreters and speakers of the session may join to do their work.
    """
    return works_in_it or not audience or audience in viewer.audiences


def is_joining_open(minutes_before: int, start_at: dt.datetime, end_at: dt.datetime, *, at: dt.datetime) -> bool:
    """Say whether the time has come: some minutes before the session until its end."""
    return start_at - dt.timedelta(minutes=minutes_before) <= at < end_at
