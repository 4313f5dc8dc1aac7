"""The time grid: the list on a time scale, made of what a reader sees."""

import dataclasses
import datetime as dt
import importlib
import pathlib
import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from conference.lib import clock
from conference.lib.words import Words
from delegates.choices import RegistrationState
from events.choices import Audience, DelegationsShown
from sessions.choices import Label, SessionKind, ShownAsClosed
from sessions.exports.grid import HEIGHTS, MOST_COLUMNS, grid_of
from sessions.exports.lines import Line, Person
from sessions.exports.turns import Turn
from sessions.models import Session
from sessions.rules import ROW, hours_of, in_lanes, rows_in, set_rows
from tests.factories import (
    DelegationFactory,
    EventFactory,
    InterventionFactory,
    OrganisationFactory,
    RegistrationFactory,
    RoomFactory,
    SessionFactory,
    UserFactory,
    VenueFactory,
)

CELL = re.compile(r'<li class="line[^"]* cell at-(\d+) for-(\d+) ([^"]*)"')
STYLES = pathlib.Path(settings.BASE_DIR) / "conference/static/conference/css"


def event_of(first=dt.date(2027, 3, 18), zone="Europe/Brussels", days=2, **facts):
    return EventFactory.build(first_date=first, last_date=first + dt.timedelta(days=days - 1), zone=zone, **facts)


def moment(event, text, day=0):
    return clock.moment(event.first_date + dt.timedelta(days=day), dt.time.fromisoformat(text), event.zone)


def line(event, start, end, *, room=None, kind=SessionKind.PANEL, day=0, end_day=None):
    end_at = moment(event, end, day if end_day is None else end_day)
    return Line(
        moment(event, start, day),
        end_at,
        room,
        Session(kind=kind, public_id=f"{start}{room and room.position}", label=Label.CLEAR, event=event),
    )


def rooms(count):
    return [RoomFactory.build(position=n, public_id=f"room{n:06}", name_en=f"Room {n}") for n in range(count)]


def places(grid):
    return [(cell.row, cell.rows, cell.column, cell.head) for cell in grid.cells]


def walls(event, grid):
    return [f"{clock.local(at, event.zone):%H:%M}" for _row, at in grid.hours]


# Where things stand.


def test_rows_are_five_minutes_from_the_first_full_hour():
    event, (one, two) = event_of(), rooms(2)
    lines = [line(event, "09:15", "10:00", room=one), line(event, "09:30", "09:35", room=two), line(event, "11:00", "11:07", room=one)]
    grid = grid_of(event, event.first_date, lines)
    assert places(grid) == [(4, 9, 1, 1), (7, 1, 2, 2), (25, 2, 1, 1)]
    assert walls(event, grid) == ["09:00", "10:00", "11:00"]
    assert ([head.room for head in grid.heads], grid.columns) == ([one, two], 2)


@pytest.mark.parametrize(("end", "height"), [("09:05", 12), ("09:10", 6), ("09:15", 4), ("09:20", 3), ("10:00", 3)])
def test_a_row_is_as_tall_as_the_shortest_thing_needs(end, height):
    event = event_of()
    assert grid_of(event, event.first_date, [line(event, "09:00", end), line(event, "11:00", "12:00")]).height == height


def speaks(**facts):
    return Person(**{"role": "Speaker", "function": Words("Head of unit", "en")} | facts)


@pytest.mark.parametrize(
    ("facts", "height"),
    [
        ({}, 3),
        ({"people": (speaks(name="Given Family"),) * 4}, 4),  # one line of the title, two of people, in eight rows
        ({"people": (speaks(name="Given Family"),) * 12}, 8),
        ({"people": (speaks(name="Given Family"),) * 99}, 10),  # no taller for people, however many
        ({"title": "Words " * 20}, 4),
        ({"title": "Words " * 200}, 16),  # taller for a title
    ],
)
def test_a_row_is_as_tall_as_what_stands_in_it_asks(facts, height):
    event, (room, other) = event_of(), rooms(2)
    title = facts.pop("title", "A session")
    session = Session(kind=SessionKind.PANEL, public_id="session000", title_en=title, event=event, label=Label.CLEAR)
    lines = [
        Line(moment(event, "09:00"), moment(event, "09:40"), room, session, **facts),
        line(event, "09:00", "11:00", room=other),
    ]
    assert grid_of(event, event.first_date, lines).height == height


@pytest.mark.django_db
def test_turns_ask_for_their_lines():
    event, (room, other) = event_of(), rooms(2)
    one = line(event, "09:00", "10:00", room=room)
    one.session.pk = 7
    lines, turn = [one, line(event, "09:00", "11:00", room=other)], Turn(one.start_at, 2, country="BE")
    heights = [grid_of(event, event.first_date, lines, {7: [turn] * count}).height for count in (0, 15, 30)]
    assert heights == [3, 5, 8]  # three turns beside each other in half of the page
    assert grid_of(event, event.first_date, lines, {8: [turn] * 30}).height == 3


def test_styles_have_every_height():
    styles = (STYLES / "agenda-grid.css").read_text()
    least, *others = HEIGHTS
    assert f"--row: calc(var(--line) * {least} / 8);\n      --head" in styles
    assert re.findall(r"\.tall-(\d+) \{ --row: calc\(var\(--line\) \* \1 / 8\)", styles) == [str(height) for height in others]


def test_breaks_without_a_room_or_alone_go_across():
    event, (one, two) = event_of(), rooms(2)
    lines = [
        line(event, "09:00", "10:00", room=one),
        line(event, "10:00", "10:30", kind=SessionKind.BREAK),
        line(event, "10:30", "12:00", room=two),
        line(event, "12:00", "13:00", room=two, kind=SessionKind.BREAK),
        line(event, "18:00", "19:00", room=two, kind=SessionKind.SOCIAL),
        line(event, "18:30", "19:00", room=one),
    ]
    grid = grid_of(event, event.first_date, lines)
    assert [cell.head for cell in grid.cells] == [1, 0, 2, 0, 2, 1]
    assert grid.columns == 2


def test_what_is_bound_to_no_room_and_stands_alone_goes_across():
    event, (one,) = event_of(), rooms(1)
    closed = Line(moment(event, "16:00"), moment(event, "17:30"), None)
    grid = grid_of(event, event.first_date, [line(event, "09:00", "10:00", room=one), line(event, "11:00", "12:00"), closed])
    assert ([head.room for head in grid.heads], [cell.head for cell in grid.cells]) == ([one], [1, 0, 0])


def test_things_without_a_room_stand_last_and_what_overlaps_stands_beside():
    event, (one,) = event_of(), rooms(1)
    lines = [
        line(event, "09:00", "10:00", room=one),
        line(event, "09:00", "10:00"),
        Line(moment(event, "09:30"), moment(event, "11:00"), None),
    ]
    grid = grid_of(event, event.first_date, lines)
    assert [(head.room, head.column, head.width) for head in grid.heads] == [(one, 1, 1), (None, 2, 2)]
    assert [cell.column for cell in grid.cells] == [1, 2, 3]


def test_night_belongs_to_the_evening_before():
    event = event_of(day_starts_at=dt.time(4))
    grid = grid_of(event, event.first_date, [line(event, "22:00", "23:30"), line(event, "23:30", "01:30", end_day=1)])
    assert walls(event, grid) == ["22:00", "23:00", "00:00", "01:00"]
    assert [(row, rows) for row, rows, *_rest in places(grid)] == [(1, 18), (19, 24)]


def test_what_goes_on_into_the_next_day_of_the_programme_ends_with_the_grid():
    event = event_of(day_starts_at=dt.time(4))
    grid = grid_of(event, event.first_date, [line(event, "03:00", "06:00", day=1)])
    assert (walls(event, grid), places(grid)[0][:2]) == (["03:00"], (1, 12))


@pytest.mark.parametrize(
    ("day", "hours", "rows"),
    [
        (dt.date(2027, 3, 27), ["00:00", "01:00", "03:00"], 3 * 12),  # the clocks go forward in the night to the 28th
        (dt.date(2027, 10, 30), ["00:00", "01:00", "02:00", "02:00", "03:00"], 5 * 12),  # and back in the night to the 31st
    ],
)
def test_change_of_summer_time_changes_the_height(day, hours, rows):
    event = event_of(day, day_starts_at=dt.time(5))
    grid = grid_of(event, day, [line(event, "00:00", "04:00", day=1)])
    assert (walls(event, grid), places(grid)[0][:2]) == (hours, (1, rows))


@pytest.mark.parametrize(("zone", "offset"), [("Asia/Kolkata", 330), ("Asia/Kathmandu", 345), ("Australia/Adelaide", 630)])
def test_hours_are_full_in_zones_of_part_hours(zone, offset):
    event = event_of(zone=zone)
    grid = grid_of(event, event.first_date, [line(event, "09:30", "10:15")])
    assert clock.local(grid.hours[0][1], zone).utcoffset() == dt.timedelta(minutes=offset)
    assert (walls(event, grid), places(grid)[0][:2]) == (["09:00", "10:00"], (7, 9))


def test_day_without_lines_or_with_too_many_columns_has_no_grid():
    event = event_of()
    many = [line(event, "09:00", "10:00", room=room) for room in rooms(MOST_COLUMNS + 1)]
    assert grid_of(event, event.first_date, []) is None
    assert grid_of(event, event.first_date, many) is None
    assert grid_of(event, event.first_date, many[1:]).columns == MOST_COLUMNS


@dataclasses.dataclass
class Bare:
    """The least a thing must have to be laid out."""

    start_at: dt.datetime
    end_at: dt.datetime
    order: tuple
    row: int = 1
    rows: int = 1
    lane: int = 1
    lanes: int = 1


def test_lanes_are_as_few_as_needed():
    at = dt.datetime(2027, 1, 1, 9, tzinfo=dt.UTC)
    pieces = [Bare(at + start * ROW, at + end * ROW, (n,)) for n, (start, end) in enumerate([(0, 6), (3, 9), (6, 12), (12, 13), (12, 13)])]
    set_rows(pieces, at, at + dt.timedelta(hours=2))
    assert [(piece.row, piece.lane, piece.lanes) for piece in in_lanes(pieces)] == [(1, 1, 2), (4, 2, 2), (7, 1, 2), (13, 1, 2), (13, 2, 2)]
    assert (rows_in(dt.timedelta(minutes=6)), len(hours_of(at, at + dt.timedelta(minutes=150)))) == (2, 2)


def test_styles_have_every_row_and_column_a_grid_can_need():
    rows, columns = ((STYLES / name).read_text() for name in ("time-rows.css", "grid-columns.css"))
    day = 25 * 12  # rows of a day of 25 hours
    assert {f"at-{n}" for n in range(1, day + 1)} <= set(re.findall(r"\.(at-\d+) ", rows))
    assert {f"for-{n}" for n in range(1, day + 1)} <= set(re.findall(r"\.(for-\d+) ", rows))
    for name in ("cols", "col"):
        assert re.findall(rf"^  \.{name}-(\d+) ", columns, re.M) == [str(n) for n in range(1, MOST_COLUMNS + 1)]
    assert re.findall(r"\.fold-(\d+):checked\) \.in-\1 ", columns) == [str(n) for n in range(1, MOST_COLUMNS + 1)]


# The page.


@pytest.fixture
def event(db):
    return EventFactory(first_date=dt.date(2027, 3, 18))


def put(event, start, end, room=None, **facts):
    facts = {"audience": Audience.PUBLIC, "label": Label.CLEAR} | facts
    return SessionFactory(
        event=event,
        released=True,
        released__room=room,
        released__start_at=moment(event, start),
        released__end_at=moment(event, end),
        **facts,
    )


def agenda(client, event, query="", status=200):
    response = client.get(reverse("sessions:agenda", args=[event.slug]) + query)
    assert response.status_code == status
    return response.content.decode()


def test_grid_is_the_list_with_places(client, event):
    room = RoomFactory(venue=VenueFactory(event=event), name_en="Plenary room")
    put(event, "09:00", "10:30", room, title_en="Opening words")
    put(event, "10:30", "11:00", kind=SessionKind.BREAK, title_en="Coffee")
    body = agenda(client, event, "?view=grid")
    assert CELL.findall(body) == [("1", "18", "col-1 in-1"), ("19", "6", "cell--across of-1 lane-1")]
    for text in ("Opening words", "09:00", "10:30", "Coffee", "Plenary room", "Europe/Brussels"):
        assert text in body
    listed = agenda(client, event)
    assert (CELL.findall(listed), "Opening words" in listed, "agenda-grid" in listed) == ([], True, False)


def test_grid_combines_with_every_other_choice(client, event):
    venue = VenueFactory(event=event)
    one, two = (RoomFactory(venue=venue, name_en=name) for name in ("First room", "Second room"))
    put(event, "09:00", "10:00", one, title_en="Morning", search_text="morning")
    put(event, "11:00", "12:00", two, title_en="Noon", languages=["fi"])
    for query, titles in {
        f"?day={event.first_date}&view=grid": (True, True),
        f"?room={one.public_id}&view=grid": (True, False),
        "?language=fi&view=grid": (False, True),
        "?view=grid&q=morning": (True, False),
    }.items():
        body = agenda(client, event, query)
        assert ("Morning" in body, "Noon" in body, "day-grid" in body) == (*titles, True)
        assert (
            f'href="{reverse("sessions:agenda", args=[event.slug])}{query.replace("&view=grid", "").replace("view=grid&", "")}'.replace(
                "&", "&amp;"
            )
            in body
        )
    agenda(client, event, "?view=columns", status=404)
    assert client.get(reverse("sessions:agenda", args=[event.slug]) + "?when=now&view=grid")["Location"].endswith("?when=now")


@pytest.mark.parametrize(("most", "is_list"), [(3, False), (2, True)])
def test_whole_agenda_that_is_too_long_for_a_grid_stays_a_list_and_says_so(client, event, monkeypatch, most, is_list):
    monkeypatch.setattr(importlib.import_module("sessions.views.agenda"), "MOST_IN_GRIDS", most)
    room = RoomFactory(venue=VenueFactory(event=event))
    for hour in ("09", "10", "11"):
        put(event, f"{hour}:00", f"{hour}:45", room)
    body = agenda(client, event, "?view=grid")
    assert ("day-grid" in body, "too many for a time grid" in body, body.count('<li class="line')) == (not is_list, is_list, 3)
    body = agenda(client, event, f"?day={event.first_date}&view=grid")
    assert ("day-grid" in body, "too many for a time grid" in body) == (True, False)


@pytest.mark.parametrize("count", [1, 3])
def test_grid_costs_what_the_list_costs(client, event, count, django_assert_num_queries):
    for _n in range(count):
        put(event, "09:00", "10:00", RoomFactory(venue=VenueFactory(event=event)))
    with django_assert_num_queries(7):
        body = agenda(client, event, "?view=grid")
    assert len(CELL.findall(body)) == count
    with django_assert_num_queries(1):
        agenda(client, event, "?view=grid")


def test_rooms_and_hours_of_what_one_may_not_see_are_not_there(client, event):
    venue = VenueFactory(event=event)
    seen, unseen = (RoomFactory(venue=venue, name_en=name) for name in ("Open room", "Zqroom"))
    put(event, "10:00", "11:00", seen)
    put(event, "07:00", "12:00", unseen, audience=Audience.EU)
    put(event, "06:00", "07:00", unseen, audience=Audience.EU, shown_as_closed=ShownAsClosed.TIME)
    body = agenda(client, event, "?view=grid")
    assert ("Zqroom" in body, "07:00</time></li>" in body, "06:00</time></li>" in body) == (False, True, True)
    assert [place for _row, _rows, place in CELL.findall(body)] == ["cell--across of-1 lane-1", "col-1 in-1"]
    user = UserFactory()
    delegation = DelegationFactory(event=event, organisation=OrganisationFactory(country="FR"))
    RegistrationFactory(delegation=delegation, user=user, state=RegistrationState.APPROVED, invited_at=timezone.now())
    client.force_login(user)
    assert "Zqroom" in agenda(client, event, "?view=grid")


TURN = re.compile(r'<span class="line__turn-time"><time[^>]*>(\d\d:\d\d)</time></span> ([^<]*(?:<[^/][^>]*>)?[^<]*)')


@pytest.mark.parametrize(
    ("shown", "audience", "turns"),
    [
        (DelegationsShown.STATES, Audience.PUBLIC, [("09:00", "Belgium"), ("09:05", "Japan")]),
        (DelegationsShown.ORGANISATIONS, Audience.PUBLIC, [("09:00", "Belgium, Service of BE"), ("09:05", "Japan, Service of JP")]),
        (DelegationsShown.NUMBER, Audience.PUBLIC, []),
        (DelegationsShown.STATES, Audience.EU, []),
    ],
)
def test_turns_stand_in_the_grid_as_far_as_the_list_of_delegations_is_shown(client, event, shown, audience, turns):
    """To a stranger as to a delegation whose own turn it is: what the grid keeps is the same for all who see the same."""
    event.delegations_shown, event.delegations_audience = shown, audience
    event.save()
    slot = put(event, "09:00", "10:00", title_en="Tour", kind=SessionKind.TOUR_DE_TABLE).slots.get()
    for position, country in enumerate(("BE", "NL", "JP")):
        organisation = OrganisationFactory(country=country, name_en=f"Service of {country}")
        delegation = DelegationFactory(event=event, organisation=organisation)
        InterventionFactory(slot=slot, delegation=delegation, position=position, minutes=5, is_dropped=country == "NL")
    body = agenda(client, event, "?view=grid")
    assert [(at, re.sub("<[^>]*>", "", who).strip()) for at, who in TURN.findall(body)] == turns
    assert "line__turns" not in agenda(client, event)


@pytest.mark.parametrize("count", [1, 3])
def test_turns_cost_one_query(client, event, count, django_assert_num_queries):
    event.delegations_shown, event.delegations_audience = DelegationsShown.STATES, Audience.PUBLIC
    event.save()
    for n in range(count):
        slot = put(event, f"{9 + n:02}:00", "13:00", kind=SessionKind.TOUR_DE_TABLE).slots.get()
        InterventionFactory(slot=slot, delegation=DelegationFactory(event=event))
    with django_assert_num_queries(8):
        assert agenda(client, event, "?view=grid").count("line__turn-time") == count
