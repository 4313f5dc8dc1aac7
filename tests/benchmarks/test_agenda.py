"""Every page and format of an agenda with 10 to 5,000 sessions, beside an empty view behind the same middleware in the same run.

Times are those of the processor, which other programs of the machine do not lengthen as they lengthen the clock's.
"""

import dataclasses
import gzip
import importlib
import io
import pathlib
import re
import statistics
import time

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conference.lib.viewer import SYSTEM
from conference.templatetags.ui import forget_pieces
from delegates.choices import RegistrationState
from events.choices import StaffRoleName
from sessions.actions import make_calendar_feed
from sessions.models import Contribution, Session, Track
from tests.benchmarks.data import WORD, make_agenda
from tests.factories import DelegationFactory, OrganisationFactory, RegistrationFactory, StaffRoleFactory, UserFactory

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db, pytest.mark.urls("tests.benchmarks.urls")]
SIZES = (10, 100, 1000, 5000)
ROUNDS, REQUESTS, ROUND_MS = 5, 50, 50
SHARE, COLD_MS, WARM_MS, SESSION_MS, DAY_BYTES = 0.60, 150, 2, 5, 60_000  # the goals, at 1,000 sessions

# Questions to the database, made anew and again, at any size.
QUERIES = {
    "agenda": (9, 1),
    "day": (9, 1),
    "room": (9, 1),
    "track": (9, 1),
    "language": (9, 1),
    "now and next": (9, 1),
    "search": (15, 10),
    "session": (6, 1),
    "speakers": (8, 1),
    "speaker": (5, 1),
    "schedule.xml": (7, 1),
    "schedule.json": (7, 1),
    "calendar": (8, 1),
    "calendar of a track": (8, 1),
    "calendar of a session": (4, 4),
    "schema.org": (7, 1),
    "feed of versions": (8, 1),
    "API: sessions": (6, 1),
    "API: speakers": (6, 1),
    "API: session": (3, 1),
    "participant: agenda": (22, 16),
    "participant: day": (22, 16),
    "participant: search": (28, 28),
    "participant: session": (18, 18),
    "participant: calendar": (8, 8),
    "participant: schedule.xml": (7, 7),
    "organisers: sessions": (7, 7),
}
FAST = ("agenda", "schedule.xml", "schedule.json", "calendar")


@pytest.fixture(scope="module")
def server():
    """The application as a server calls it, in the connection of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield WSGIHandler()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def write(request):
    """Print lines past the capture of output."""
    reporter = request.config.pluginmanager.getplugin("terminalreporter")
    return lambda lines: [reporter.write_line(line) for line in ("", *lines)]


@pytest.fixture(autouse=True)
def unlimited(monkeypatch):
    """Search as often as it takes to measure."""
    monkeypatch.setattr(importlib.import_module("sessions.views.agenda"), "MOST_SEARCHES", 10**6)


@dataclasses.dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict
    body: bytes


def ask(server, path: str, **headers: str) -> Answer:
    """One request, through everything a server's request passes."""
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(b""),
        "wsgi.errors": io.StringIO(),
    } | headers
    got = {}
    response = server(environ, lambda status, sent: got.update(status=int(status[:3]), headers=dict(sent)))
    body = b"".join(response)
    response.close()
    return Answer(got["status"], got["headers"], body)


def milliseconds(act, times: int = 1) -> float:
    """The processor's time of an act, the median of several rounds; what takes long is done fewer times a round."""
    start = time.process_time()
    act()
    times = max(1, min(times, int(ROUND_MS / 1000 / (time.process_time() - start + 1e-6))))
    found = []
    for _round in range(ROUNDS):
        start = time.process_time()
        for _n in range(times):
            act()
        found.append((time.process_time() - start) * 1000 / times)
    return statistics.median(found)


@dataclasses.dataclass(frozen=True)
class Case:
    """A page, as somebody asks for it."""

    name: str
    path: str
    query: str = ""
    cookie: str = ""


def public_cases(event) -> list[Case]:
    """What strangers ask for."""
    slug, session, track = event.slug, Session.objects.filter(event=event).earliest("pk"), Track.objects.filter(event=event).earliest("pk")
    slot = session.slots.get(release__number=1)
    speaker = Contribution.objects.filter(slot=slot).earliest("pk").speaker
    agenda = reverse("sessions:agenda", args=[slug])
    choices = {
        "agenda": "",
        "day": f"day={event.first_date}",
        "room": f"room={slot.room.public_id}",
        "track": f"track={track.public_id}",
        "language": "language=nl",
        "now and next": "when=now",
        "search": f"q={WORD}",
    }
    pages = {
        "session": ("sessions:session", session.public_id),
        "speakers": ("sessions:speakers",),
        "speaker": ("sessions:speaker", speaker.public_id),
        "schedule.xml": ("sessions:schedule_xml",),
        "schedule.json": ("sessions:schedule_json",),
        "calendar": ("sessions:calendar",),
        "calendar of a track": ("sessions:track_calendar", track.public_id),
        "calendar of a session": ("sessions:session_calendar", session.public_id),
        "schema.org": ("sessions:structured",),
        "feed of versions": ("sessions:version_feed",),
        "API: sessions": ("api:sessions",),
        "API: speakers": ("api:speakers",),
        "API: session": ("api:session", session.public_id),
    }
    asked = [Case(name, agenda, query) for name, query in choices.items()]
    return asked + [Case(name, reverse(view, args=[slug, *ids])) for name, (view, *ids) in pages.items()]


def own_cases(event) -> list[Case]:
    """What a participant and an organiser ask for, signed in or by their private address."""
    delegation = DelegationFactory(event=event, organisation=OrganisationFactory(country="FR"))
    state, user = RegistrationState.APPROVED, UserFactory()
    registration = RegistrationFactory(delegation=delegation, user=user, state=state, invited_at=timezone.now())
    secret = make_calendar_feed(registration, language="en", by=SYSTEM)
    organiser = StaffRoleFactory(event=event, role=StaffRoleName.PROGRAMME).user
    mine, theirs = (_signed_in(user) for user in (user, organiser))
    agenda = reverse("sessions:agenda", args=[event.slug])
    session = Session.objects.filter(event=event).earliest("pk")
    return [
        Case("participant: agenda", agenda, "", mine),
        Case("participant: day", agenda, f"day={event.first_date}", mine),
        Case("participant: search", agenda, f"q={WORD}", mine),
        Case("participant: session", session.get_absolute_url(), "", mine),
        Case("participant: calendar", reverse("private_calendar", args=[secret])),
        Case("participant: schedule.xml", reverse("private_schedule_xml", args=[secret])),
        Case("organisers: sessions", reverse("organise:sessions", args=[event.slug]), "", theirs),
    ]


def _signed_in(user) -> str:
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@dataclasses.dataclass
class Row:
    """What was measured of one page at one size."""

    name: str
    queries: tuple[int, int]
    cold: float  # ms, nothing kept
    warm: float  # ms, asked again
    again: float  # ms, asked by one who has it
    empty: float  # ms, the empty view's in the same minute
    size: int
    packed: int


def measure(server, case: Case) -> Row:
    """Measure a page; templates are compiled and the lines of the agenda written before, as in any process that has served a while."""
    headers = {"QUERY_STRING": case.query, "HTTP_ACCEPT_ENCODING": "gzip", "HTTP_COOKIE": case.cookie}

    def warm() -> Answer:
        return ask(server, case.path, **headers)

    def cold() -> Answer:
        caches["pages"].clear()
        return warm()

    cold()
    with CaptureQueriesContext(connection) as anew:
        page = cold()
    first = len(anew)  # before the next request forgets them
    with CaptureQueriesContext(connection) as again:
        warm()
    queries = (first, len(again))
    assert page.status == 200
    body = gzip.decompress(page.body) if page.headers.get("Content-Encoding") == "gzip" else page.body
    has_it = headers | {"HTTP_IF_NONE_MATCH": page.headers.get("ETag", "")}
    cold_ms = milliseconds(cold)
    warm_ms, again_ms = milliseconds(warm, REQUESTS), milliseconds(lambda: ask(server, case.path, **has_it), REQUESTS)
    empty = milliseconds(lambda: ask(server, "/en/empty/"), REQUESTS)
    return Row(case.name, queries, cold_ms, warm_ms, again_ms, empty, len(body), len(gzip.compress(body, 6)))


def first_of_a_process(server, event) -> float:
    """The agenda in a process that has written no line yet, in ms."""

    def first() -> None:
        caches["pages"].clear()
        forget_pieces()
        ask(server, reverse("sessions:agenda", args=[event.slug]))

    return milliseconds(first)


def styles_of(body: bytes) -> int:
    """The compressed bytes of the styles a page asks for."""
    names = {re.sub(r"\.[0-9a-f]{12}\.css$", ".css", name) for name in re.findall(r'href="/static/([^"]+\.css)"', body.decode())}
    return sum(len(gzip.compress(pathlib.Path(finders.find(name)).read_bytes())) for name in names)


def _table(count: int, rows: list[Row], first: float) -> list[str]:
    lines = [
        f"{count} sessions on {connection.vendor}: the processor's ms a request made anew, kept, and unchanged (304);"
        " requests a second of a processor, and their share of the empty view's",
        f"{'page':26} queries   anew ms  kept ms   304 ms   requests/s  share       bytes      gzip",
    ]
    for row in rows:
        queries, rate = "/".join(str(number) for number in row.queries), 1000 / row.warm
        lines.append(
            f"{row.name:26} {queries:>7} {row.cold:9.1f} {row.warm:8.2f} {row.again:8.2f} {rate:12,.0f} {row.empty / row.warm:6.0%}"
            f" {row.size:11,} {row.packed:9,}"
        )
    return [*lines, f"the agenda of a process that has written no line yet: {first:.0f} ms"]


def _missed(rows: dict[str, Row]) -> list[str]:
    """Which goals were missed at 1,000 sessions, in words."""
    agenda = rows["agenda"]
    found = [f"{name} anew {rows[name].cold:.0f} ms" for name in FAST if rows[name].cold > COLD_MS]
    found += [f"{name} kept {rows[name].warm:.1f} ms" for name in FAST if max(rows[name].warm, rows[name].again) > WARM_MS]
    if max(agenda.warm, agenda.again) > agenda.empty / SHARE:
        found.append(f"agenda kept {agenda.empty / agenda.warm:.0%} of the empty view")
    if rows["session"].warm > SESSION_MS:
        found.append(f"session kept {rows['session'].warm:.1f} ms")
    return found


@pytest.mark.parametrize("count", SIZES)
def test_pages_and_formats(server, write, count):
    event = make_agenda(count)
    rows = {case.name: measure(server, case) for case in [*public_cases(event), *own_cases(event)]}
    write(_table(count, list(rows.values()), first_of_a_process(server, event)))
    assert {name: row.queries for name, row in rows.items()} == QUERIES
    if count == 1000:
        assert _missed(rows) == []


def test_a_day_is_light(server):
    event = make_agenda(1000)
    page = ask(server, reverse("sessions:agenda", args=[event.slug]), QUERY_STRING=f"day={event.first_date}")
    assert len(gzip.compress(page.body)) + styles_of(page.body) <= DAY_BYTES
