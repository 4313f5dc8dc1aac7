"""Placing the demonstration's sessions on the draft and naming who speaks."""

import datetime as dt

from conference.lib import clock
from conference.lib.viewer import SYSTEM
from events.models import Event, Room
from sessions.actions import build_interventions, place_session, set_contributions
from sessions.choices import HostPlace, SessionKind, TimeSharing
from sessions.models import Session, Slot, Speaker


def place(session: Session, item: dict, rooms: dict[str, Room]) -> None:
    """Place a session as its data say: day of the event, wall-clock start and end, room; an end before the start is the next day's."""
    event = session.event
    day = event.days[item["day"]]
    start, end = dt.time.fromisoformat(item["start"]), dt.time.fromisoformat(item["end"])
    place_session(
        session,
        room=rooms[item["room"]] if item.get("room") else None,
        start_at=clock.moment(day, start, event.zone),
        end_at=clock.moment(day if end > start else day + dt.timedelta(days=1), end, event.zone),
        by=SYSTEM,
    )


def speak(session: Session, item: dict, speakers: dict[str, Speaker]) -> None:
    """Name the people of a session: `key` speaks, `key:role` has another role."""
    named = [entry.partition(":") for entry in item.get("speakers", [])]
    people = [(speakers[key], role or "speaker") for key, _, role in named]
    if people:
        set_contributions(session, people, by=SYSTEM)


def take_turns(event: Event) -> None:
    """Build the turns of every tour de table of an event, its delegations known: the whole time shared, the host first."""
    for slot in Slot.objects.draft().filter(event=event, session__kind=SessionKind.TOUR_DE_TABLE).select_related("session__event"):
        minutes = (slot.end_at - slot.start_at) // dt.timedelta(minutes=1)
        build_interventions(slot.session, sharing=TimeSharing.SHARED, minutes=minutes, host=HostPlace.FIRST, by=SYSTEM)
