"""Pages kept for strangers: true at once after any act, kept for nobody who signed in, and out of strangers' reach."""

import datetime as dt
import gzip
import hashlib

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conference.lib.viewer import ANYONE, SYSTEM
from delegates.choices import RegistrationState
from events.actions import change_event_state, record
from events.choices import Audience, EventState
from sessions import actions
from sessions.choices import JoinAudience, Label, PublicIdentity, ShownAsClosed
from sessions.models import agenda_for
from tests.factories import (
    ContributionFactory,
    DelegationFactory,
    EventFactory,
    PaperFactory,
    RegistrationFactory,
    ReleaseFactory,
    RoomFactory,
    SessionFactory,
    SlotFactory,
    SpeakerFactory,
    UserFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory()


@pytest.fixture
def session(event):
    """A public session in the release and in the draft."""
    session = SessionFactory(event=event, audience=Audience.PUBLIC, title_en="Before", released=True)
    ContributionFactory(slot=SlotFactory(session=session, release=ReleaseFactory(event=event, number=None)))
    return session


@pytest.fixture
def url(event, session):
    return reverse("sessions:agenda", args=[event.slug])


def test_stranger_gets_a_digest_and_no_body_twice(client, url):
    first = client.get(url)
    assert first["ETag"] == f'W/"{hashlib.sha256(first.content).hexdigest()[:32]}"'
    assert (first["Cache-Control"], first["Vary"]) == ("no-cache", "Cookie, Accept-Encoding")
    second = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (second.status_code, second.content, second["ETag"]) == (304, b"", first["ETag"])
    assert (second["Cache-Control"], second["Vary"]) == ("no-cache", "Cookie, Accept-Encoding")


def test_kept_page_is_the_page_that_was_made(client, url):
    made, kept = client.get(url), client.get(url)
    assert (made.content, dict(made.headers)) == (kept.content, dict(kept.headers))


def test_compressed_form_holds_the_same(client, url):
    plain = client.get(url)
    packed = client.get(url, headers={"Accept-Encoding": "br, gzip"})
    assert (packed["Content-Encoding"], packed["ETag"]) == ("gzip", plain["ETag"])
    assert gzip.decompress(packed.content) == plain.content
    assert int(packed["Content-Length"]) == len(packed.content)


def test_languages_are_kept_apart(client, event, session):
    for code, word in (("en", "Agenda"), ("fr", 'lang="fr"'), ("en", 'lang="en"')):
        assert word in client.get(f"/{code}/events/{event.slug}/agenda/").content.decode()


ACTS = {
    "text": lambda session: actions.change_session(session, by=SYSTEM, title_en="After"),
    "marking": lambda session: actions.mark_session(
        session, by=SYSTEM, audience=Audience.EU, label=Label.AMBER, chatham_house=False, shown_as_closed="nothing"
    ),
    "release": lambda session: actions.release_agenda(session.event, by=SYSTEM),
    "speaker": lambda session: actions.change_speaker(session.event.speakers.get(), by=SYSTEM, name="After"),
    "cancelled": lambda session: change_event_state(session.event, to=EventState.CANCELLED, by=SYSTEM),
    "hidden": lambda session: change_event_state(session.event, to=EventState.ANNOUNCED, by=SYSTEM),
    "anything": lambda session: record(SYSTEM, "anything", session, event=session.event),
}


@pytest.mark.parametrize("act", ACTS)
def test_any_act_makes_the_page_anew_at_once(client, url, session, act):
    client.get(url)
    ACTS[act](session)
    with CaptureQueriesContext(connection) as queries:
        again = client.get(url)
    caches["pages"].clear()
    assert (len(queries) > 1, again.content) == (True, client.get(url).content)


def test_stale_digest_gets_the_new_page(client, url, session):
    first = client.get(url)
    actions.change_session(session, by=SYSTEM, title_en="After")
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, b"After" in again.content, b"Before" in again.content) == (200, True, False)


def test_raised_session_is_gone_at_once(client, url, session):
    feed = reverse("sessions:calendar", args=[session.event.slug])
    assert (b"Before" in client.get(url).content, b"Before" in client.get(feed).content) == (True, True)
    ACTS["marking"](session)
    assert (b"Before" in client.get(url).content, b"Before" in client.get(feed).content) == (False, False)


def test_page_of_a_session_is_the_same_from_the_agenda_at_hand(client, event, session, url, django_assert_num_queries):
    own = session.get_absolute_url()
    with django_assert_num_queries(6):  # event, slot, people, joining, papers, the parts of the event
        alone = client.get(own).content
    caches["pages"].clear()
    client.get(url)
    with django_assert_num_queries(2):  # event, which sessions have papers or are joined from a distance
        assert client.get(own).content == alone


def test_page_of_a_session_has_its_papers_and_its_link_with_the_agenda_at_hand(client, event, session, url, django_assert_num_queries):
    PaperFactory(session=session, event=event, audience=Audience.PUBLIC, label=Label.CLEAR, title_en="A paper to read")
    link = "https://meet.example.org/one"
    actions.set_joining(session, by=SYSTEM, link=link, words="", audience=JoinAudience.SESSION, minutes_before=15)
    slot = session.slots.get(release__number__isnull=False)
    with time_machine.travel(slot.start_at, tick=False):
        client.get(url)
        with django_assert_num_queries(4):  # event, which sessions have more, and both
            body = client.get(session.get_absolute_url()).content.decode()
    assert ("A paper to read" in body, link in body) == (True, True)


def test_hidden_session_has_no_page_with_the_agenda_at_hand(client, event, session, url):
    hidden = SessionFactory(event=event, audience=Audience.EU, label=Label.CLEAR, shown_as_closed=ShownAsClosed.TIME)
    SlotFactory(session=hidden, release=session.slots.get(release__number__isnull=False).release)
    assert "Closed session" in client.get(url).content.decode()
    assert client.get(hidden.get_absolute_url()).status_code == 404


def test_raised_session_has_no_page_at_once_with_the_agenda_at_hand(client, event, session, url):
    client.get(url)
    assert client.get(session.get_absolute_url()).status_code == 200
    ACTS["marking"](session)
    client.get(url)
    assert client.get(session.get_absolute_url()).status_code == 404


def test_what_anyone_sees_is_kept_without_the_facts_of_a_person(client, event, session, url):
    speaker = SpeakerFactory(registration=RegistrationFactory(delegation__event=event), public_identity=PublicIdentity.FULL)
    ContributionFactory(slot=session.slots.get(release__number__isnull=False), speaker=speaker)
    client.get(url)
    registration = agenda_for(event, ANYONE)[0].people[0].speaker.registration
    read = {name for name in vars(registration) | vars(registration.delegate) if not name.startswith("_")}
    assert read == {"id", "delegate_id", "given_name", "family_name"}


def test_event_taken_back_is_gone_at_once(client, session):
    session.event.state = EventState.ANNOUNCED
    session.event.save()
    url = reverse("sessions:agenda", args=[session.event.slug])
    assert client.get(url).status_code == 200
    change_event_state(session.event, to=EventState.DRAFT, by=SYSTEM)
    assert client.get(url).status_code == 404


def test_deleted_event_is_gone_at_once(client, url, event):
    assert client.get(url).status_code == 200
    event.sessions.all().delete()
    event.releases.all().delete()
    event.speakers.all().delete()
    event.delete()
    assert client.get(url).status_code == 404


def test_page_is_made_anew_after_a_minute(client, url, django_assert_num_queries):
    client.get(url)
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=61)), django_assert_num_queries(7):
        client.get(url)


def test_signed_in_people_get_no_kept_page_and_leave_none(client, url, event):
    user = UserFactory()
    state, now = RegistrationState.APPROVED, timezone.now()
    RegistrationFactory(delegation=DelegationFactory(event=event), user=user, state=state, invited_at=now)
    secret = SessionFactory(event=event, audience=Audience.PARTICIPANTS, title_en="Zqsecret", released=True)
    SlotFactory(session=secret)
    client.get(url)
    client.force_login(user)
    mine = client.get(url)
    assert (b"Zqsecret" in mine.content, mine["Cache-Control"], "ETag" in mine) == (True, "no-store", False)
    client.logout()
    client.cookies.clear()
    assert b"Zqsecret" not in client.get(url).content


def test_people_who_see_the_same_share_what_is_kept(client, url, event):
    delegation = DelegationFactory(event=event)
    for _n in range(2):
        user = UserFactory()
        state, now = RegistrationState.APPROVED, timezone.now()
        RegistrationFactory(delegation=delegation, user=user, state=state, invited_at=now)
        client.force_login(user)
        before = {key for key in caches["pages"]._cache if "agenda" in key}
        client.get(url)
    assert {key for key in caches["pages"]._cache if "agenda" in key} == before


def test_strangers_cannot_fill_the_store(client, url, event):
    RoomFactory(venue=VenueFactory(event=event))
    client.get(url)
    kept = set(caches["pages"]._cache)
    for query in ("?day=2001-01-01", "?room=abcdefghij", "?x=1", "?day=&x=2", "?day=%20", "?room=a&room=b"):
        assert client.get(url + query).status_code in (302, 404)
    for path in ("nothing/", "abcdefghij/", "abcdefghij.ics"):
        assert client.get(url + path).status_code == 404
    assert {key for key in set(caches["pages"]._cache) - kept if "agenda" not in key} == set()


def test_other_host_is_refused_on_a_kept_page(client, url):
    client.get(url)
    assert client.get(url, headers={"Host": "elsewhere.example"}).status_code == 400


def test_post_is_not_answered_from_what_is_kept(client, url):
    client.get(url)
    assert client.post(url).status_code == 405


def test_head_has_the_headers_of_the_page(client, url):
    page = client.get(url)
    head = client.head(url)
    assert (head.status_code, head.content, head["ETag"], head["Content-Length"]) == (200, b"", page["ETag"], page["Content-Length"])
