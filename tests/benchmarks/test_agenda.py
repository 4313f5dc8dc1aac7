"""Every page and format of an agenda with 10 to 5,000 sessions, beside an empty view behind the same middleware in the same run.

Times are those of the processor, which other programs of the machine do not lengthen as they lengthen the clock's.
"""

import dataclasses
import gzip
import importlib
import pathlib
import re
import time

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import caches
from django.db import connection
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
from sessions.views.speakers import PER_PAGE
from tests.benchmarks.asking import ROUNDS, Answer, ask, milliseconds
from tests.benchmarks.data import WORD, make_agenda
from tests.factories import DelegationFactory, OrganisationFactory, RegistrationFactory, StaffRoleFactory, UserFactory

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db, pytest.mark.urls("tests.benchmarks.urls")]
SIZES = (10, 100, 1000, 5000)
REQUESTS, FORMAT_QUERIES, SESSION_QUERIES, LIST_QUERIES = 50, 10, 6, 15
SHARE, COLD_MS, WARM_MS, SESSION_MS, DAY_BYTES = 0.60, 150, 2, 5, 60_000  # the goals, at 1,000 sessions

# Questions to the database, made anew and again, at any size.
QUERIES = {
    "agenda": (8, 1),
    "day": (8, 1),
    "room": (8, 1),
    "track": (8, 1),
    "language": (8, 1),
    "now and next": (8, 1),
    "search": (14, 8),
    "session": (6, 1),
    "speakers": (7, 1),
    "speaker": (4, 1),
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
    "participant: agenda": (16, 10),
    "participant: day": (16, 10),
    "participant: search": (22, 22),
    "participant: session": (13, 13),
    "participant: calendar": (8, 8),
    "participant: schedule.xml": (7, 7),
    "organisers: sessions": (7, 7),
}
FAST = ("agenda", "schedule.xml", "schedule.json", "calendar")


@pytest.fixture(autouse=True)
def unlimited(monkeypatch):
    """Search as often as it takes to measure."""
    monkeypatch.setattr(importlib.import_module("sessions.views.agenda"), "MOST_SEARCHES", 10**6)


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


def sessions_at_hand(server, event) -> float:
    """The page of a session nobody asked for yet, in a process that has the agenda at hand, in ms: as after an act at the event."""
    paths, found = [session.get_absolute_url() for session in event.sessions.filter(slots__release__number=1).order_by("pk")[:REQUESTS]], []
    for _round in range(ROUNDS):
        caches["pages"].clear()
        ask(server, reverse("sessions:agenda", args=[event.slug]))
        start = time.process_time()
        for path in paths:
            ask(server, path)
        found.append((time.process_time() - start) * 1000 / len(paths))
    return min(found)


def styles_of(body: bytes) -> int:
    """The compressed bytes of the styles a page asks for."""
    names = {re.sub(r"\.[0-9a-f]{12}\.css$", ".css", name) for name in re.findall(r'href="/static/([^"]+\.css)"', body.decode())}
    return sum(len(gzip.compress(pathlib.Path(finders.find(name)).read_bytes())) for name in names)


def _table(count: int, rows: list[Row], first: float, at_hand: float) -> list[str]:
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
    said = [f"the agenda of a process that has written no line yet: {first:.0f} ms", f"a session with the agenda at hand: {at_hand:.1f} ms"]
    return [*lines, *said]


def note_figures(figure, rows: dict[str, Row], first: float, at_hand: float) -> None:
    """Note what there are goals for, at 1,000 sessions."""
    agenda, session, mine = rows["agenda"], rows["session"], rows["participant: session"]
    figure("an empty view", agenda.empty, "ms")
    figure("agenda kept, of the empty view's rate", 100 * agenda.empty / agenda.warm, "%", least=100 * SHARE)
    for name in FAST:
        figure(f"{name} anew", rows[name].cold, "ms", most=COLD_MS)
        figure(f"{name} anew", rows[name].queries[0], "queries", most=FORMAT_QUERIES)
        figure(f"{name} kept, or unchanged", max(rows[name].warm, rows[name].again), "ms", most=WARM_MS)
    figure("agenda of a process that has written no line yet", first, "ms")
    figure("session kept", session.warm, "ms", most=SESSION_MS)
    figure("session anew, the agenda at hand", at_hand, "ms", most=SESSION_MS)
    figure("session anew, nothing at hand", session.cold, "ms", most=SESSION_MS)
    figure("session anew, nothing at hand", session.queries[0], "queries", most=SESSION_QUERIES)
    figure("session of a participant", mine.cold, "ms")
    figure("session of a participant", mine.queries[0], "queries")
    figure("speakers of a page, of 1,200", PER_PAGE, "people")
    figure("organisers' list of sessions, 50 rows", rows["organisers: sessions"].queries[0], "queries", most=LIST_QUERIES)
    figure("organisers' list of sessions, 50 rows", rows["organisers: sessions"].cold, "ms")


@pytest.mark.parametrize("count", SIZES)
def test_pages_and_formats(server, write, figure, count):
    event = make_agenda(count)
    rows = {case.name: measure(server, case) for case in [*public_cases(event), *own_cases(event)]}
    first, at_hand = first_of_a_process(server, event), sessions_at_hand(server, event)
    write(_table(count, list(rows.values()), first, at_hand))
    assert {name: row.queries for name, row in rows.items()} == QUERIES
    if count == 1000:
        note_figures(figure, rows, first, at_hand)


def test_a_day_is_light(server, figure):
    event = make_agenda(1000)
    page = ask(server, reverse("sessions:agenda", args=[event.slug]), QUERY_STRING=f"day={event.first_date}")
    size = len(gzip.compress(page.body)) + styles_of(page.body)
    figure("a day of 1,000 sessions with its styles, compressed", size / 1000, "kB", most=DAY_BYTES / 1000)
    assert size <= DAY_BYTES
