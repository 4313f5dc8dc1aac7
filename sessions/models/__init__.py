"""Tables of the agenda."""

from sessions.models.feeds import CalendarFeed
from sessions.models.papers import Paper
from sessions.models.reading import agenda_of, load_people
from sessions.models.releases import Contribution, Release, Slot
from sessions.models.sessions import Session, SessionMarking, Speaker, Track

__all__ = [
    "CalendarFeed",
    "Contribution",
    "Paper",
    "Release",
    "Session",
    "SessionMarking",
    "Slot",
    "Speaker",
    "Track",
    "agenda_of",
    "load_people",
]
