"""Pages of the agenda for the public and for participants."""

from sessions.views.agenda import agenda
from sessions.views.calendars import calendar, my_calendar, private_calendar, session_calendar
from sessions.views.papers import paper
from sessions.views.session import session
from sessions.views.speaker import speaker

__all__ = ["agenda", "calendar", "my_calendar", "paper", "private_calendar", "session", "session_calendar", "speaker"]
