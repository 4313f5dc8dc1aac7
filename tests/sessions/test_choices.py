"""Choosing from the agenda: track, language, now and next, words; each with the others, for each reader only what they see."""

import datetime as dt
import importlib

import pytest
import time_machine
from django.core.cache import caches
from django.urls import reverse

from conference.lib import clock
from conference.lib.searching import folded
from delegates.choices import RegistrationState
from events.choices import Audience
from sessions.choices import Label, PublicIdentity, Role, ShownAsClosed
from tests.factories import (
    ContributionFactory,
    DelegationFactory,
    EventFactory,
    OrganisationFactory,
    RegistrationFactory,
    RoomFactory,
    SessionFactory,
    SpeakerFactory,
    TrackFactory,
    UserFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db
FIRST = dt.date(2027, 3, 18)


@pytest.fixture
def event():
    return EventFactory(first_date=FIRST)


@pytest.fixture
def rooms(event):
    venue = VenueFactory(event=event)
    return [RoomFactory(venue=venue, name_en=name, position=n) for n, name in enumerate(("Plenary room", "Library"))]


def at(event, hour, minute=0, day=0):
    return clock.moment(FIRST + dt.timedelta(days=day), dt.time(hour, minute), event.zone)


def session(event, title, hour=9, *, day=0, room=None, minutes=60, **facts):
    start = at(event, hour, day=day)
    facts = {"audience": Audience.PUBLIC, "title_en": title, "search_text": folded(f"{title} {facts.get('abstract_en', '')}")} | facts
    return SessionFactory(
        event=event,
        released=True,
        released__room=room,
        released__start_at=start,
        released__end_at=start + dt.timedelta(minutes=minutes),
        **facts,
    )


def say(session, **speaker):
    return ContributionFactory(slot=session.slots.get(), speaker=SpeakerFactory(event=session.event, **speaker))


def participant(client, event):
    delegation = DelegationFactory(event=event, organisation=OrganisationFactory(country="FR"))
    user = UserFactory()
    RegistrationFactory(delegation=delegation, user=user, state=RegistrationState.APPROVED, invited_at=at(event, 8))
    client.force_login(user)


def body(client, event, query="", status=200):
    response = client.get(reverse("sessions:agenda", args=[event.slug]) + query)
    assert response.status_code == status
    return response.content.decode()


def shown(client, event, query, titles):
    text = body(client, event, query)
    return [title for title in titles if f">{title}</a>" in text]


def test_track_language_and_words_combine_with_day_and_room(client, event, rooms):
    track, other = TrackFactory(event=event), TrackFactory(event=event)
    session(event, "One", room=rooms[0], track=track, languages=["fr"], abstract_en="border crossings")
    session(event, "Two", room=rooms[1], track=track, languages=["en"], interpretation=["fr"])
    session(event, "Three", day=1, room=rooms[0], track=other, languages=["en"], abstract_en="border posts")
    titles = ["One", "Two", "Three"]
    assert shown(client, event, f"?track={track.public_id}", titles) == ["One", "Two"]
    assert shown(client, event, "?language=fr", titles) == ["One", "Two"]
    assert shown(client, event, "?language=en", titles) == ["Two", "Three"]
    assert shown(client, event, "?q=BORDER", titles) == ["One", "Three"]
    assert shown(client, event, f"?room={rooms[0].public_id}&language=en&q=border", titles) == ["Three"]
    assert shown(client, event, f"?day={FIRST}&room={rooms[1].public_id}&track={track.public_id}&language=fr", titles) == ["Two"]
    assert "Nothing on the agenda fits this choice" in body(client, event, f"?track={other.public_id}&language=fr")


def test_links_keep_the_other_choices(client, event, rooms):
    track = TrackFactory(event=event)
    session(event, "One", room=rooms[0], track=track, languages=["fr"])
    session(event, "Two", room=rooms[1], track=track, languages=["en"])
    text = body(client, event, f"?day={FIRST}&track={track.public_id}")
    url = reverse("sessions:agenda", args=[event.slug])
    for query in (
        f"?day={FIRST}&amp;track={track.public_id}&amp;language=fr",
        f"?day={FIRST}&amp;room={rooms[1].public_id}&amp;track={track.public_id}",
    ):
        assert f'href="{url}{query}"' in text
    assert f'<input type="hidden" name="track" value="{track.public_id}">' in text


@pytest.mark.parametrize("query", ["?track=abcdefghij", "?language=xx", "?when=later", "?language=fi", "?q=x&y=1"])
def test_choice_of_what_is_not_there(client, event, query):
    session(event, "One", languages=["fr"])
    body(client, event, query, status=302 if "y=1" in query else 404)


def test_choices_come_from_what_the_reader_sees(client, event, rooms):
    track = TrackFactory(event=event, name_en="Zqtrack")
    session(event, "Open", room=rooms[0], languages=["en"])
    session(event, "Zqhidden", room=rooms[1], track=track, languages=["fi"], audience=Audience.EU)
    for query in (f"?track={track.public_id}", "?language=fi", f"?room={rooms[1].public_id}"):
        body(client, event, query, status=404)
    text = body(client, event)
    assert ("Zqtrack" in text, "Finnish" in text, "Library" in text) == (False, False, False)
    participant(client, event)
    assert shown(client, event, "?language=fi", ["Open", "Zqhidden"]) == ["Zqhidden"]


# Words.


def test_search_finds_people_by_their_public_identity_alone(client, event):
    for n, identity in enumerate(PublicIdentity):
        talk = session(event, f"Talk {n}", audience=Audience.PARTICIPANTS)
        say(talk, name=f"Łukasz Zqname{n}", function_en=f"Zqfunction{n}", organisation=f"Zqservice{n}", public_identity=identity)
    participant(client, event)
    titles = ["Talk 0", "Talk 1", "Talk 2"]
    assert "Zqname2" in body(client, event)  # this reader may read the name, and still not search for it
    assert shown(client, event, "?q=zqname0", titles) == ["Talk 0"]
    assert shown(client, event, "?q=lukasz+zqfunction0+talk", titles) == ["Talk 0"]
    assert shown(client, event, "?q=zqservice0", titles) == ["Talk 0"]
    assert shown(client, event, "?q=zqfunction1", titles) == ["Talk 1"]
    for word in ("zqname1", "zqservice1", "zqname2", "zqfunction2", "zqservice2"):
        assert shown(client, event, f"?q={word}", titles) == []


def test_search_never_finds_interpreters_red_sessions_or_the_closed_line(client, event):
    session(event, "Zqred", label=Label.RED, audience=Audience.EU)
    session(event, "Zqclosed", audience=Audience.SELECTED, shown_as_closed=ShownAsClosed.TIME)
    talk = session(event, "Talk")
    ContributionFactory(slot=talk.slots.get(), speaker=SpeakerFactory(event=event, name="Zqinterpreter"), role=Role.INTERPRETER)
    participant(client, event)
    assert ("Zqred" in body(client, event), "Closed session" in body(client, event)) == (True, True)
    for words in ("zqred", "zqclosed", "closed", "zqinterpreter"):
        assert "Nothing on the agenda fits this choice" in body(client, event, f"?q={words}")


def test_search_says_how_many_the_reader_sees(client, event):
    session(event, "Border one")
    session(event, "Border two", audience=Audience.EU)
    assert "1 session found for “border”." in body(client, event, "?q=border")
    participant(client, event)
    assert "2 sessions found for “border”." in body(client, event, "?q=border")


def test_words_are_written_out_safely(client, event):
    session(event, "One")
    text = body(client, event, "?q=%22%3E%3Cscript%3E")
    assert ("<script>" in text, "“&quot;&gt;&lt;script&gt;”" in text) == (False, True)


# Now and next.


def test_now_and_next_by_room(client, event, rooms):
    titles = ["Over", "Running", "Following", "Later", "Elsewhere", "Beside"]
    for title, hour, room in (
        ("Over", 8, 0),
        ("Running", 9, 0),
        ("Following", 10, 0),
        ("Later", 11, 0),
        ("Elsewhere", 14, 1),
        ("Beside", 14, 1),
    ):
        session(event, title, hour, room=rooms[room])
    with time_machine.travel(at(event, 9, 30), tick=False):
        text = body(client, event, "?when=now")
        now, _next, coming = text.partition('<h2 id="next">')
        assert [title for title in titles if f">{title}</a>" in now] == ["Running"]
        assert [title for title in titles if f">{title}</a>" in coming] == ["Following", "Elsewhere", "Beside"]
        assert "Now, at" in now
        assert shown(client, event, f"?room={rooms[1].public_id}&when=now", titles) == ["Elsewhere", "Beside"]


@pytest.mark.parametrize(
    ("hour", "now", "coming"), [(8, 0, 1), (9, 1, 1), (10, 1, 0), (11, 0, 0)], ids=["before", "start", "change", "end"]
)
def test_moments_belong_to_what_starts(client, event, rooms, hour, now, coming):
    session(event, "First", 9, room=rooms[0])
    session(event, "Second", 10, room=rooms[0])
    with time_machine.travel(at(event, hour), tick=False):
        text = body(client, event, "?when=now")
    assert [part.count('class="line"') for part in text.split('<h2 id="next">')] == [now, coming]
    assert ("Nothing is under way" in text, "Nothing comes after" in text) == (not now, not coming)


def test_next_on_another_day_names_it(client, event, rooms):
    session(event, "Tomorrow", day=1, room=rooms[0])
    with time_machine.travel(at(event, 12), tick=False):
        assert "Friday 19 March 2027" in body(client, event, "?when=now").partition('<h2 id="next">')[2]


def test_now_is_offered_only_while_it_tells_something(client, event):
    session(event, "One", 9)
    for moment, offered in ((at(event, 20, day=-2), False), (at(event, 22, day=-1), True), (at(event, 9), True), (at(event, 10), False)):
        with time_machine.travel(moment, tick=False):
            caches["pages"].clear()
            assert ("?when=now" in body(client, event)) is offered


def test_now_is_a_minute_old_at_most(client, event):
    session(event, "One", 9)
    with time_machine.travel(at(event, 8, 59), tick=False) as clock_:
        assert "Nothing is under way" in body(client, event, "?when=now")
        clock_.shift(61)
        assert "Nothing is under way" not in body(client, event, "?when=now")


def test_searches_and_combinations_are_not_kept(client, event, rooms):
    session(event, "One", room=rooms[0], languages=["fr"])
    body(client, event)
    before = set(caches["pages"]._cache)
    for query in ("?q=one", "?q=two", f"?day={FIRST}&room={rooms[0].public_id}", f"?day={FIRST}&language=fr", "?language=fr&when=now"):
        response = client.get(reverse("sessions:agenda", args=[event.slug]) + query)
        assert (response.status_code, response["Cache-Control"], "ETag" in response) == (200, "no-cache", True)
    assert set(caches["pages"]._cache) == before


@pytest.mark.parametrize(("query", "queries"), [("?q=talk", 14), ("?when=now", 8), ("?language=fr", 8), (f"?day={FIRST}", 8)])
@pytest.mark.parametrize("count", [1, 3])
def test_any_choice_costs_what_the_agenda_costs(client, event, rooms, query, queries, count, django_assert_num_queries):
    for n in range(count):
        say(session(event, f"Talk {n}", room=rooms[0], languages=["fr"], track=TrackFactory(event=event)))
    with django_assert_num_queries(queries):  # those of the agenda; a search is counted in the shared cache
        body(client, event, query)


# Searching is work, and bounded.


def test_searches_of_a_visitor_are_limited_and_nothing_else_is(client, event, monkeypatch):
    session(event, "One")
    monkeypatch.setattr(importlib.import_module("sessions.views.agenda"), "MOST_SEARCHES", 3)
    url = reverse("sessions:agenda", args=[event.slug])
    with time_machine.travel(dt.datetime(2027, 1, 1, 9, 0, 30, tzinfo=dt.UTC), tick=False) as clock_:
        assert [client.get(f"{url}?q=word{n}").status_code for n in range(4)] == [200, 200, 200, 429]
        assert client.get(f"{url}?q=one")["Retry-After"] == "60"
        assert client.get(url).status_code == 200
        assert client.get(f"{url}?q=one", REMOTE_ADDR="192.0.2.1").status_code == 200
        assert client.get(f"{url}?q=one", headers={"X-Forwarded-For": "192.0.2.2"}).status_code == 429  # nobody's word is taken for it
        client.force_login(UserFactory())
        assert client.get(f"{url}?q=one").status_code == 200
        client.logout()
        clock_.shift(30)
        assert client.get(f"{url}?q=one").status_code == 200


def test_networks_of_one_visitor_count_together(client, event, monkeypatch):
    monkeypatch.setattr(importlib.import_module("sessions.views.agenda"), "MOST_SEARCHES", 2)
    url = reverse("sessions:agenda", args=[event.slug]) + "?q=one"
    session(event, "One")
    with time_machine.travel(dt.datetime(2027, 1, 1, 9, tzinfo=dt.UTC), tick=False):
        addresses = ("2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:1::1")
        assert [client.get(url, REMOTE_ADDR=one).status_code for one in addresses] == [200, 200, 429, 200]
