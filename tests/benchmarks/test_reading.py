"""Reading a large agenda in 37 rooms: one day, now and next, a search and one session, at 100 and 1,000 sessions."""

import dataclasses
import gzip
import pathlib
import re
import statistics
import time

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conference.lib.searching import folded
from sessions.models import Session
from tests.benchmarks.test_agenda import ask, make_agenda, server, write  # noqa: F401 -- fixtures

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db, pytest.mark.urls("tests.benchmarks.urls")]
ROOMS, ROUNDS = 37, 7
DAY_BYTES = 60_000  # compressed, with its styles
SESSION_QUERIES = 6


@dataclasses.dataclass
class Row:
    """What one page costs at one size, nothing kept."""

    name: str
    count: int
    queries: int
    cold_ms: float
    packed: int
    styles: int


def measure(server, name: str, count: int, url: str, query: str = "") -> Row:  # noqa: F811 -- the fixture's value
    """Ask for a page several times with nothing kept; templates are compiled before."""

    def once():
        caches["pages"].clear()
        return ask(server, url, QUERY_STRING=query, HTTP_ACCEPT_ENCODING="")

    once()
    with CaptureQueriesContext(connection) as queries:
        page = once()
    asked = len(queries)  # before the next request forgets them
    assert page.status == 200
    times = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        once()
        times.append((time.perf_counter() - start) * 1000)
    return Row(name, count, asked, statistics.median(times), len(gzip.compress(page.body)), styles_of(page.body))


def styles_of(body: bytes) -> int:
    """The compressed bytes of the styles a page asks for."""
    names = {re.sub(r"\.[0-9a-f]{12}\.css$", ".css", name) for name in re.findall(r'href="/static/([^"]+\.css)"', body.decode())}
    return sum(len(gzip.compress(pathlib.Path(finders.find(name)).read_bytes())) for name in names)


def rows_of(server, count: int) -> list[Row]:  # noqa: F811 -- the fixture's value
    """Measure the pages of one agenda; one session in a hundred holds the word that is searched."""
    event = make_agenda(count, places=ROOMS)
    sessions = list(Session.objects.filter(event=event).order_by("pk"))
    for n, session in enumerate(sessions):
        session.search_text = folded(f"{session.title_en} {session.abstract_en} {'lighthouse' if n % 100 == 0 else ''}")
    Session.objects.bulk_update(sessions, ["search_text"], batch_size=500)
    agenda = reverse("sessions:agenda", args=[event.slug])
    asked = {"day": f"day={event.first_date}", "now and next": "when=now", "search": "q=lighthouse", "language": "language=nl"}
    rows = [measure(server, name, count, agenda, query) for name, query in asked.items()]
    return [*rows, measure(server, "session", count, reverse("sessions:session", args=[event.slug, sessions[0].public_id]))]


def test_pages_of_a_large_agenda_stay_light(server, write):  # noqa: F811 -- fixtures
    rows = [row for count in (100, 1000) for row in rows_of(server, count)]
    write([f"{connection.vendor}; page, sessions, queries, cold ms, gzip bytes, of its styles"])
    write([f"{row.name:14} {row.count:6} {row.queries:4} {row.cold_ms:8.1f} {row.packed:9,} {row.styles:8,}" for row in rows])
    assert {row.queries for row in rows if row.name != "session"} == {6}
    assert [row.queries for row in rows if row.name == "session" and row.queries > SESSION_QUERIES] == []
    assert [row.count for row in rows if row.name == "day" and row.packed + row.styles > DAY_BYTES] == []
