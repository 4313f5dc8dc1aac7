"""The programme on paper: a booklet of 400 sessions, and its sheets for each day; nothing kept, then kept."""

import time

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.benchmarks.asking import ask
from tests.benchmarks.data import make_agenda

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db, pytest.mark.urls("tests.benchmarks.urls")]
SESSIONS, SECONDS = 400, 5.0


def test_booklet_of_a_large_conference_takes_seconds(server, write, figure):
    event = make_agenda(SESSIONS)
    rows = []
    for name in ("programme", "booklet"):
        url = reverse(f"sessions:{name}", args=[event.slug])
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as queries:
            start = time.perf_counter()
            paper = ask(server, url)
            cold = time.perf_counter() - start
        figure(f"{name} of {SESSIONS} sessions, by the clock", cold, "s", most=SECONDS)
        asked = len(queries)  # before the next request forgets them
        start = time.perf_counter()
        again = ask(server, url)
        assert (paper.status, again.body == paper.body) == (200, True)
        rows.append((name, asked, cold, time.perf_counter() - start, len(paper.body)))
    write([f"{connection.vendor}; paper of {SESSIONS} sessions: queries, seconds, seconds kept, bytes"])
    write([f"{name:10} {queries:4} {cold:6.2f} {warm:8.4f} {size:10,}" for name, queries, cold, warm, size in rows])
    assert [name for name, _queries, cold, *_rest in rows if cold > SECONDS] == []
