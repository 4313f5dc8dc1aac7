"""A large conference made in a second: 37 rooms, 1,200 speakers, five days, any number of released public sessions."""

import datetime as dt

from django.utils import timezone

from conference.lib import clock
from conference.lib.searching import folded
from events.choices import Audience
from events.models import Event, Room
from sessions.choices import Label, PublicIdentity, SessionKind
from sessions.models import Contribution, Release, Session, SessionMarking, Slot, Speaker, Track
from tests.factories import EventFactory, ReleaseFactory, RoomFactory, TrackFactory, VenueFactory

ROOMS, SPEAKERS, TRACKS, DAYS = 37, 1200, 6, 5
A_SESSION, EACH = dt.timedelta(minutes=25), 2  # how long one is, how many speak in it
MORNING, TURN = dt.time(8), 30  # minutes from one to the next in a room
WORD = "lighthouse"  # in the abstract of one session in a hundred


def make_agenda(count: int, *, audience: Audience = Audience.PUBLIC) -> Event:
    """An event with this many released sessions, one after the other in every room; the last one in ten is for participants alone."""
    event = EventFactory(last_date=EventFactory.build().first_date + dt.timedelta(days=DAYS - 1))
    venue = VenueFactory(event=event)
    rooms = [RoomFactory(venue=venue, position=n) for n in range(ROOMS)]
    tracks = [TrackFactory(event=event, position=n) for n in range(TRACKS)]
    sessions = _sessions(event, count, tracks, audience)
    people = Speaker.objects.bulk_create(
        Speaker(
            event=event,
            name=f"Given{n} Family{n}",
            organisation="A service",
            function_en="Head of unit",
            function_fr="Chef d'unité",
            public_identity=PublicIdentity.FULL,
        )
        for n in range(SPEAKERS)
    )
    for number in (1, None):
        place(ReleaseFactory(event=event, number=number), sessions, rooms, people)
    return event


def _sessions(event: Event, count: int, tracks: list[Track], audience: Audience) -> list[Session]:
    made = [
        Session(
            event=event,
            audience=audience,
            label=Label.CLEAR,
            kind=SessionKind.PANEL,
            track=tracks[n % TRACKS],
            title_en=f"Session {n} on a subject of common interest",
            title_fr=f"Séance {n} sur un sujet d'intérêt commun",
            abstract_en="An abstract of what is said there. " * 7 + (WORD if n % 100 == 0 else ""),
            languages=["en", "fr"],
            interpretation=["nl", "de"],
        )
        for n in range(count)
    ]
    for session in made:
        session.search_text = folded(f"{session.title_en} {session.title_fr} {session.abstract_en}")
    sessions = Session.objects.bulk_create(made)
    SessionMarking.objects.bulk_create(
        SessionMarking(
            event=event,
            session=session,
            audience=session.audience,
            label=session.label,
            chatham_house=False,
            shown_as_closed=session.shown_as_closed,
            from_at=timezone.now(),
            actor="system",
        )
        for session in sessions
    )
    return sessions


def place(release: Release, sessions: list[Session], rooms: list[Room], people: list[Speaker]) -> list[Slot]:
    """Place sessions in a release: every room has one after the other, everybody speaks in one at a time."""
    event = release.event
    start = clock.moment(event.first_date, MORNING, event.zone)
    slots = []
    for n, session in enumerate(sessions):
        day, seat, turn = n % DAYS, n // DAYS % ROOMS, n // (DAYS * ROOMS)
        at = start + dt.timedelta(days=day, minutes=TURN * turn)
        slots.append(Slot(event=event, release=release, session=session, room=rooms[seat], start_at=at, end_at=at + A_SESSION))
    slots = Slot.objects.bulk_create(slots)
    Contribution.objects.bulk_create(
        Contribution(event=event, slot=slot, speaker=people[_speaker(n, k)], position=k)
        for n, slot in enumerate(slots)
        for k in range(EACH)
    )
    return slots


def _speaker(n: int, k: int) -> int:
    """Who speaks: nobody in two rooms at the same time."""
    seat, turn = n // DAYS % ROOMS, n // (DAYS * ROOMS)
    return (EACH * (seat + ROOMS * (turn % 16)) + k) % SPEAKERS
