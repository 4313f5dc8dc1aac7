"""The screen at the door of a room: what it shows to anybody, when, in which languages, and that it is kept ready."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from conference.lib.viewer import SYSTEM
from events.actions import record
from events.choices import Audience, StaffRoleName
from sessions.choices import SessionKind, ShownAsClosed
from tests.factories import (
    EventFactory,
    ReleaseFactory,
    RoomFactory,
    SessionFactory,
    SlotFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2027, 4, 22)


@pytest.fixture
def event():
    return EventFactory(first_date=DAY, last_date=DAY + dt.timedelta(days=1), zone="Europe/Brussels", languages=["fr", "en", "fi"])


@pytest.fixture
def release(event):
    return ReleaseFactory(event=event)


@pytest.fixture
def room(event):
    return RoomFactory(event=event, name_en="Blue room", name_fr="Salle bleue")


def at(hour, minute=0, day=0):
    return dt.datetime.combine(DAY + dt.timedelta(days=day), dt.time(hour - 2, minute), dt.UTC)  # Brussels in summer


def place(release, room, hour, title, *, day=0, **facts):
    session = SessionFactory(event=release.event, title_en=title, **({"audience": Audience.PUBLIC} | facts))
    return SlotFactory(session=session, release=release, room=room, start_at=at(hour, day=day), end_at=at(hour + 1, day=day))


def url(room, query="", language="en"):
    with translation.override(language):
        return reverse("sessions:door", args=[room.event.slug, room.public_id]) + query


def screen(client, room, now, **options):
    with time_machine.travel(now, tick=False):
        return client.get(url(room, **options))


def shown(response):
    """The titles and which of them stand as now and next."""
    parts = response.content.decode().split('<li class="door__line')[1:]
    marks = {" door__line--now": "now", " door__line--next": "next", "": ""}
    return [(part.split('class="door__title">')[1].split("<")[0], marks[part.split('"')[0]]) for part in parts]


def test_now_next_and_the_rest_of_this_room_alone(client, release, room):
    for hour, title in ((9, "Past"), (10, "Running"), (11, "Coming"), (14, "Later")):
        place(release, room, hour, title)
    place(release, room, 9, "Tomorrow", day=1)
    place(release, RoomFactory(event=release.event), 10, "Elsewhere")
    place(release, None, 12, "Lunch", kind=SessionKind.BREAK)
    response = screen(client, room, at(10, 30))
    assert shown(response) == [("Running", "now"), ("Coming", "next"), ("Lunch", ""), ("Later", ""), ("Tomorrow", "")]
    assert "Blue room" in response.content.decode()


def test_end_is_not_running_any_more(client, release, room):
    place(release, room, 9, "First")
    place(release, room, 10, "Second")
    assert shown(screen(client, room, at(10))) == [("Second", "now")]


def test_only_what_anybody_may_see_whoever_looks(client, event, release, room):
    place(release, room, 9, "Zqhidden", audience=Audience.EU)
    place(release, room, 10, "Zqclosed", audience=Audience.EU, shown_as_closed=ShownAsClosed.TIME_AND_ROOM)
    place(release, room, 11, "Zqtime", audience=Audience.EU, shown_as_closed=ShownAsClosed.TIME)
    user = UserFactory()
    StaffRoleFactory(event=event, user=user, role=StaffRoleName.MANAGER)
    client.force_login(user)
    response = screen(client, room, at(8))
    assert shown(response) == [("Closed session", "next")]
    assert "Zq" not in response.content.decode()


def test_room_without_anything_says_so_and_unknown_room_is_not_found(client, event, room):
    response = client.get(url(room))
    assert (response.status_code, shown(response)) == (200, [])
    assert "Nothing more is announced for this room." in response.content.decode()
    assert client.get(url(room).replace(room.public_id, "abcdefghij")).status_code == 404


def test_languages_of_the_event_come_in_turn_without_script(client, event, release, room):
    place(release, room, 9, "Opening", title_fr="Ouverture")
    turning = screen(client, room, at(8), query="?in=turn")
    body = turning.content.decode()
    assert f'content="20; url={url(room, "?in=turn", "fr")}"' in body
    assert f'data-door="{url(room, "?in=turn")} {url(room, "?in=turn", "fr")}"' in body
    french = screen(client, room, at(8), query="?in=turn", language="fr")
    assert shown(french) == [("Ouverture", "next")]
    assert "Salle bleue" in french.content.decode()
    assert f'content="20; url={url(room, "?in=turn")}"' in french.content.decode()
    one = screen(client, room, at(8), language="fr").content.decode()
    assert f'content="20; url={url(room, language="fr")}"' in one


@pytest.mark.parametrize("query", ["?in=fr", "?x=1", "?in=turn&x=1"])
def test_invented_queries_lead_to_the_plain_address(client, room, query):
    response = client.get(url(room, query))
    assert response.status_code == 302
    assert response.url in (url(room), url(room, "?in=turn"))


def test_screen_is_kept_until_something_is_done_at_the_event(client, event, release, room, django_assert_num_queries):
    slot = place(release, room, 9, "Opening")
    first = screen(client, room, at(8))
    with django_assert_num_queries(1):  # the stamp
        again = screen(client, room, at(8))
    assert again.content == first.content
    unchanged = client.get(url(room), headers={"If-None-Match": first.headers["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    slot.session.title_en = "Welcome"
    slot.session.save()
    record(SYSTEM, "session.change", slot.session, event=event)
    assert shown(screen(client, room, at(8))) == [("Welcome", "next")]


@pytest.mark.parametrize("count", [1, 3])
def test_screen_costs_the_same_for_any_number_of_sessions(client, release, room, count, django_assert_num_queries):
    for number in range(count):
        place(release, room, 9 + number, f"Session {number}")
    with django_assert_num_queries(6):
        assert len(shown(screen(client, room, at(8)))) == count


@pytest.mark.parametrize("count", [1, 3])
def test_organisers_get_the_addresses_of_every_room(client, event, count, django_assert_num_queries):
    rooms = [RoomFactory(event=event) for _number in range(count)]
    user = UserFactory()
    StaffRoleFactory(event=event, user=user, role=StaffRoleName.RECEPTION)
    client.force_login(user)
    client.get(reverse("organise:screens", args=[event.slug]))
    with django_assert_num_queries(6):
        body = client.get(reverse("organise:screens", args=[event.slug])).content.decode()
    for room in rooms:
        assert body.count(url(room)) == 4  # in English and in turn, each as address and as text
        assert body.count(url(room, language="fr")) == 2
