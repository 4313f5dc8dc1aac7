"""The JSON API: described truly, filtered like the pages, cheap, and unmoved by nonsense."""

import datetime as dt

import hypothesis
import pytest
import schemathesis
from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import reverse
from hypothesis import strategies as st
from schemathesis import checks

from delegates.choices import RegistrationState
from events.choices import Audience
from events.models import ReadRecord
from sessions.api import PAGE
from sessions.choices import Label, PublicIdentity
from tests.factories import (
    ContributionFactory,
    DelegationFactory,
    EventFactory,
    OrganisationFactory,
    RegistrationFactory,
    ReleaseFactory,
    RoomFactory,
    SessionFactory,
    SlotFactory,
    SpeakerFactory,
    TrackFactory,
    UserFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory(slug="the-event", first_date=dt.date(2027, 3, 27), title_en="The conference", title_fr="La conférence")


@pytest.fixture
def release(event):
    return ReleaseFactory(event=event)


def ask(client, name: str, *args, status: int = 200, **query):
    response = client.get(reverse(f"api:{name}", args=args), query)
    assert response.status_code == status
    return response.json()


def add(release, *, title: str, audience=Audience.PUBLIC, label=Label.CLEAR, hour: int = 9, day: int = 27, **session):
    start = dt.datetime(2027, 3, day, hour, tzinfo=dt.UTC)
    made = SessionFactory(event=release.event, audience=audience, label=label, title_en=title, **session)
    return SlotFactory(session=made, release=release, start_at=start, end_at=start + dt.timedelta(hours=1))


def test_events_are_those_anyone_may_see(client, event):
    EventFactory(audience=Audience.PARTICIPANTS, title_en="Zqhidden")
    (only,) = ask(client, "events")
    assert (only["slug"], only["title"], only["first_date"]) == (
        "the-event",
        {"en": "The conference", "fr": "La conférence"},
        "2027-03-27",
    )


def test_an_event_tells_its_places_only_to_their_audience(client, event, release):
    VenueFactory(
        event=event, city_en="Vilnius", city_audience=Audience.PUBLIC, address="Zqstreet 1", address_audience=Audience.PARTICIPANTS
    )
    told = ask(client, "event", "the-event")
    assert told["places"] == [{"name": "", "address": "", "city": "Vilnius", "country": ""}]
    assert told["version"] == release.number


def test_sessions_are_told_in_every_language_and_in_the_zone_of_the_event(client, event, release):
    slot = add(release, title="Opening", title_nl="Opening (nl)", track=TrackFactory(event=event, name_en="Track"), languages=["fr"])
    slot.room = RoomFactory(venue=VenueFactory(event=event), name_en="Hall")
    slot.save()
    ContributionFactory(slot=slot, speaker=SpeakerFactory(event=event, name="Ada", public_identity=PublicIdentity.FULL))
    hidden = SpeakerFactory(event=event, name="Zqhidden", public_identity=PublicIdentity.HIDDEN)
    ContributionFactory(slot=slot, speaker=hidden, position=1)
    (one,) = ask(client, "sessions", "the-event")
    assert one["title"] == {"en": "Opening", "nl": "Opening (nl)"}
    assert (one["start"], one["day"], one["room"], one["track"]) == (
        "2027-03-27T10:00:00+01:00",
        "2027-03-27",
        {"en": "Hall"},
        {"en": "Track"},
    )
    assert [(person["name"], person["role"]) for person in one["people"]] == [("Ada", "Speaker")]
    assert ask(client, "session", "the-event", slot.session.public_id) == one


def test_a_list_is_narrowed_by_what_is_asked(client, event, release):
    add(release, title="A", languages=["fr"], interpretation=["de"])
    add(release, title="B", languages=["nl"], day=28)

    def titles(**query):
        return [one["title"]["en"] for one in ask(client, "sessions", "the-event", **query)]

    assert titles() == ["A", "B"]
    assert (titles(day="2027-03-28"), titles(language="de"), titles(room="none"), titles(day="2027-03-27", language="nl")) == (
        ["B"],
        ["A"],
        [],
        [],
    )
    assert ask(client, "sessions", "the-event", status=422, day="yesterday")["detail"][0]["loc"] == ["query", "day"]


def test_a_participant_reads_more_and_the_read_is_kept(client, event, release):
    delegation = DelegationFactory(event=event, organisation=OrganisationFactory(country="FR"))
    registration = RegistrationFactory(delegation=delegation, user=UserFactory(), state=RegistrationState.APPROVED)
    add(release, title="Closed", audience=Audience.EU, label=Label.AMBER)
    red = add(release, title="Zqred", audience=Audience.EU, label=Label.RED)
    assert ask(client, "sessions", "the-event") == []
    client.force_login(registration.delegate.user)
    assert [one["title"] for one in ask(client, "sessions", "the-event")] == [{"en": "Closed"}]
    assert client.get(reverse("api:session", args=["the-event", red.session.public_id])).status_code == 404
    assert list(ReadRecord.objects.values_list("verb", "target")) == [("read", str(event))]


def test_what_one_may_not_see_answers_as_what_never_was(client, event, release):
    slot = add(release, title="Closed", audience=Audience.EU, label=Label.AMBER)
    hidden, unknown = (client.get(reverse("api:session", args=["the-event", key])) for key in (slot.session.public_id, "unknown000"))
    assert (hidden.status_code, hidden.content) == (unknown.status_code, unknown.content) == (404, unknown.content)


def test_an_answer_is_kept_and_not_sent_twice(client, event, release, django_assert_num_queries):
    add(release, title="A")
    first = client.get(reverse("api:sessions", args=["the-event"]))
    with django_assert_num_queries(1):  # has anything been done since?
        again = client.get(reverse("api:sessions", args=["the-event"]), HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_invented_questions_do_not_fill_the_store(client, event, release, django_assert_num_queries):
    add(release, title="A")
    for queries in (5, 1):  # the event, and once the agenda: slots, rooms, tracks, people
        kept = set(caches["pages"]._cache)
        with django_assert_num_queries(queries):
            ask(client, "sessions", "the-event", room="invented")
    assert set(caches["pages"]._cache) == kept


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("sessions", 6), ("speakers", 6), ("versions", 8)])
def test_a_list_costs_the_same_for_any_number(client, event, name, queries, count, django_assert_num_queries):
    releases = [ReleaseFactory(event=event, superseded_at=dt.datetime(2027, 1, 1, tzinfo=dt.UTC)), ReleaseFactory(event=event)]
    for release in releases:
        for n in range(count):
            slot = add(release, title=f"Session {n}", track=TrackFactory(event=event))
            ContributionFactory(slot=slot, speaker=SpeakerFactory(event=event, public_identity=PublicIdentity.FULL))
    with django_assert_num_queries(queries):
        assert ask(client, name, "the-event")


def test_speakers_are_paged(client, event, release):
    slot = add(release, title="A")
    for n in range(PAGE + 1):
        speaker = SpeakerFactory(event=event, name=f"Person {n:03}", public_identity=PublicIdentity.FULL)
        ContributionFactory(slot=slot, speaker=speaker, position=n)
    assert len(ask(client, "speakers", "the-event")) == PAGE
    assert [one["name"] for one in ask(client, "speakers", "the-event", page=2)] == [f"Person {PAGE:03}"]
    assert ask(client, "speakers", "the-event", page=3) == []
    ask(client, "speakers", "the-event", status=422, page="1e20")


def test_the_description_is_openapi_and_its_page_names_every_call(client):
    document = client.get(reverse("api:openapi")).json()
    assert document["openapi"].startswith("3.1")
    page = client.get("/en/api/").content.decode()
    assert [path for path in document["paths"] if f"GET {path}" not in page] == []
    assert "ISO 3166-1" in page  # of a part inside an answer
    assert "people[].function" in page


@pytest.fixture
def described(event, release):
    """The API as its own description has it, called in the connection of the test."""
    add(release, title="A")
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@hypothesis.settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(hypothesis.HealthCheck))
@hypothesis.given(data=st.data())
def test_every_call_answers_as_described_whatever_is_asked(described, data):
    """Generated questions: no server error, only statuses that are described."""
    operation = data.draw(st.sampled_from([found.ok() for found in described.get_all_operations()]))
    case = data.draw(operation.as_strategy())
    if "slug" in case.path_parameters and data.draw(st.booleans()):
        case.path_parameters["slug"] = "the-event"
    response = case.call(headers={"Host": "testserver"})
    case.validate_response(response, checks=[checks.not_a_server_error, checks.status_code_conformance])


def test_answers_are_kept_apart_by_language(client, release):
    speaker = SpeakerFactory(event=release.event, function_en="Analyst", function_fr="Analyste", public_identity=PublicIdentity.FUNCTION)
    ContributionFactory(slot=add(release, title="Opening"), speaker=speaker)
    address = reverse("api:sessions", args=[release.event.slug])
    for code, function in (("en", "Analyst"), ("fr", "Analyste"), ("en", "Analyst")):
        answer = client.get(address, headers={"Accept-Language": code})
        assert [one["people"][0]["function"] for one in answer.json()] == [function]
        assert "Accept-Language" in answer["Vary"]
