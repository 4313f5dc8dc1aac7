"""Tables of the agenda."""

from sessions.models.copies import copy_release
from sessions.models.feeds import CalendarFeed
from sessions.models.imports import AgendaImport
from sessions.models.interventions import Intervention, Tour, TurnClock
from sessions.models.joining import Joining
from sessions.models.papers import Paper
from sessions.models.reading import agenda_for, agenda_of, feed_of, few_of, live_turns, may_have_more, slot_for, slots_of
from sessions.models.releases import Contribution, Release, Slot
from sessions.models.sessions import Session, SessionMarking, Speaker, Track
from sessions.models.signups import SignUp, SignUpSheet
from sessions.models.stars import Star
from sessions.models.versions import Version, load_places, load_versions, rooms_and_people

__all__ = [
    "AgendaImport",
    "CalendarFeed",
    "Contribution",
    "Intervention",
    "Joining",
    "Paper",
    "Release",
    "Session",
    "SessionMarking",
    "SignUp",
    "SignUpSheet",
    "Slot",
    "Speaker",
    "Star",
    "Tour",
    "Track",
    "TurnClock",
    "Version",
    "agenda_for",
    "agenda_of",
    "copy_release",
    "feed_of",
    "few_of",
    "live_turns",
    "load_places",
    "load_versions",
    "may_have_more",
    "rooms_and_people",
    "slot_for",
    "slots_of",
]
