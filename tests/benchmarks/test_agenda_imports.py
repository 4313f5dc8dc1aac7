"""An agenda of 1,000 sessions in 37 rooms with 1,200 persons: seconds and queries to read it, try it, take it, and take it again."""

import datetime as dt
import json
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conference.lib.spreadsheets import to_csv
from conference.lib.viewer import SYSTEM
from sessions.importers import import_agenda, read_agenda
from tests.factories import EventFactory

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db]
SESSIONS, ROOMS, PEOPLE, DAYS = 1000, 37, 1200, 5
FIRST = dt.date(2027, 3, 22)
MOST_SECONDS, MOST_QUERIES = 30, 700


def rows():
    """What a file says of each session: nobody and no room twice at a time."""
    for number in range(SESSIONS):
        day, room, turn = number % DAYS, number // DAYS % ROOMS, number // (DAYS * ROOMS)
        start = dt.datetime.combine(FIRST + dt.timedelta(days=day), dt.time(8), dt.UTC) + turn * dt.timedelta(minutes=30)
        yield number, f"Room {room}", start, [f"Person {(2 * number + one) % PEOPLE}" for one in range(2)]


def schedule() -> bytes:
    days: dict[str, dict] = {}
    for number, room, start, people in rows():
        item = {
            "guid": f"guid-{number}",
            "title": f"Talk {number}",
            "date": start.isoformat(),
            "duration": "0:25",
            "abstract": "<p>Words</p>" * 20,
        }
        item["persons"] = [{"name": name, "id": name} for name in people]
        days.setdefault(start.date().isoformat(), {}).setdefault(room, []).append(item)
    listed = [{"date": day, "rooms": inside} for day, inside in days.items()]
    return json.dumps({"schedule": {"version": "1", "conference": {"time_zone_name": "Europe/Brussels", "days": listed}}}).encode()


def spreadsheet() -> bytes:
    body = [
        [f"guid-{number}", f"Talk {number}", f"{start:%d/%m/%Y}", f"{start:%H:%M}", "25", room, "; ".join(people)]
        for number, room, start, people in rows()
    ]
    return to_csv([["Reference", "Title", "Day", "Starts", "Length", "Room", "Speakers"], *body])


@pytest.mark.parametrize("form", [schedule, spreadsheet])
def test_a_thousand_sessions(write, figure, form):
    lines, event, data = [], EventFactory(first_date=FIRST, last_date=FIRST + dt.timedelta(days=DAYS - 1)), form()

    def measured(what, act):
        started = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            answer = act()
        seconds = time.perf_counter() - started
        lines.append(f"{form.__name__:12} {what:10} {seconds:6.2f} s {len(queries):5} queries")
        figure(f"{what} of 1,000 sessions ({form.__name__}), by the clock", seconds, "s", most=MOST_SECONDS)
        assert seconds < MOST_SECONDS
        assert len(queries) < MOST_QUERIES
        return answer

    reading = measured("read", lambda: read_agenda(data, zone=event.zone, days=event.days))
    measured("dry run", lambda: import_agenda(event, reading, by=SYSTEM))
    assert measured("import", lambda: import_agenda(event, reading, by=SYSTEM, apply=True)).imported.created == SESSIONS
    assert measured("again", lambda: import_agenda(event, reading, by=SYSTEM, apply=True)).imported.same == SESSIONS
    write(lines)
