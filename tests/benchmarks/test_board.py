"""The conflict check and a move on the board with 100, 1,000 and 5,000 sessions in 37 rooms, 1,200 people."""

import datetime as dt
import json
import statistics
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conference.lib import clock
from conference.lib.fingerprints import fingerprints
from events.choices import Audience, StaffRoleName
from sessions import actions
from sessions.admin.loading import draft_slots
from sessions.choices import Label
from sessions.conflicts import conflicts_for
from sessions.models import Contribution, Session, Slot, Speaker
from tests.factories import EventFactory, ReleaseFactory, RoomFactory, StaffRoleFactory, VenueFactory

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db]
ROUNDS = 7
GOAL_MS = 100
ROOMS, PEOPLE, DAYS = 37, 1200, 5


def make_draft(count: int):
    """A draft without a conflict: every room has one session after the other, everybody one at a time."""
    event = EventFactory(last_date=EventFactory.build().first_date + dt.timedelta(days=DAYS - 1))
    venue = VenueFactory(event=event, opens_at=dt.time(7), closes_at=dt.time(3))
    rooms = [RoomFactory(venue=venue, position=n) for n in range(ROOMS)]
    draft = ReleaseFactory(event=event, number=None)
    sessions = Session.objects.bulk_create(
        Session(event=event, audience=Audience.PARTICIPANTS, label=Label.GREEN, title_en=f"Session {n} on a common subject")
        for n in range(count)
    )
    start = clock.moment(event.first_date, dt.time(8), event.zone)
    slots = []
    for n, session in enumerate(sessions):
        day, turn = n % DAYS, n // (DAYS * ROOMS)
        at = start + dt.timedelta(days=day, minutes=30 * turn)
        room = rooms[n // DAYS % ROOMS]
        slots.append(Slot(event=event, release=draft, session=session, room=room, start_at=at, end_at=at + dt.timedelta(minutes=25)))
    slots = Slot.objects.bulk_create(slots)
    people = Speaker.objects.bulk_create(Speaker(event=event, name=f"Speaker {n}") for n in range(PEOPLE))
    Contribution.objects.bulk_create(
        Contribution(
            event=event, slot=slot, speaker=people[(2 * (n // DAYS % ROOMS) + k + 2 * ROOMS * (n // (DAYS * ROOMS) % 16)) % PEOPLE]
        )
        for n, slot in enumerate(slots)
        for k in range(2)
    )
    return event


def milliseconds(act) -> float:
    """The median of several rounds."""
    times = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        act()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def test_conflict_check_and_move_at_a_thousand_sessions(client, request):
    lines, checks = ["", "sessions  load ms  check ms  queries  conflicts  board ms  board kB  move ms"], {}
    for count in (100, 1000, 5000):
        event = make_draft(count)
        user = StaffRoleFactory(event=event, role=StaffRoleName.PROGRAMME).user
        client.force_login(user)
        with CaptureQueriesContext(connection) as queries:
            slots = draft_slots(event)
            found = conflicts_for(event, slots, user=user, at=timezone.now())
        asked = len(queries)
        load = milliseconds(lambda event=event: draft_slots(event))
        checks[count] = milliseconds(lambda event=event, slots=slots, user=user: conflicts_for(event, slots, user=user, at=timezone.now()))
        url, act = (reverse(f"organise:{name}", args=[event.slug]) for name in ("board", "board_act"))
        board = milliseconds(lambda url=url: client.get(url))
        session = slots[0].session

        def move(event=event, session=session, act=act):
            slot = Slot.objects.draft().select_related("room").get(session=session)
            start, end = ((moment + dt.timedelta(minutes=5)).isoformat() for moment in (slot.start_at, slot.end_at))
            seen = json.dumps(fingerprints(actions.place_values(slot)))
            fields = {"act": "place", "session": session.public_id, "seen": seen, "room": slot.room.public_id, "start": start, "end": end}
            assert client.post(act, fields, headers={"Accept": "application/json"}).status_code == 200

        moved = milliseconds(move)
        size = len(client.get(url).content) / 1000
        lines.append(f"{count:8} {load:8.0f} {checks[count]:9.1f} {asked:8} {len(found):10} {board:9.0f} {size:9.0f} {moved:8.0f}")
        assert asked <= 4
    reporter = request.config.pluginmanager.getplugin("terminalreporter")
    for line in lines:
        reporter.write_line(line)
    assert checks[1000] < GOAL_MS
