"""Pages of the agenda for the public and for participants."""

from sessions.views.agenda import agenda
from sessions.views.calendars import calendar, my_calendar, private_calendar, session_calendar, track_calendar
from sessions.views.chair import chair, turn_screen, turn_state
from sessions.views.delegation_sign_ups import delegation_sign_ups
from sessions.views.door import door
from sessions.views.formats import private_schedule, schedule_json, schedule_xml, structured, version_feed
from sessions.views.papers import paper
from sessions.views.preview import preview
from sessions.views.programme import programme
from sessions.views.session import session
from sessions.views.signups import sign_up
from sessions.views.speaker import speaker
from sessions.views.speakers import speakers
from sessions.views.stars import star
from sessions.views.versions import versions

__all__ = [
    "agenda",
    "calendar",
    "chair",
    "delegation_sign_ups",
    "door",
    "my_calendar",
    "paper",
    "preview",
    "private_calendar",
    "private_schedule",
    "programme",
    "schedule_json",
    "schedule_xml",
    "session",
    "session_calendar",
    "sign_up",
    "speaker",
    "speakers",
    "star",
    "structured",
    "track_calendar",
    "turn_screen",
    "turn_state",
    "version_feed",
    "versions",
]
