"""The time grid without script: heights true to time, heads that stay, rooms that fold; a list where there is no room for it."""

import datetime as dt

import pytest
from django.urls import reverse

from conference.lib import clock
from events.choices import Audience
from sessions.choices import SessionKind
from tests.browser.conftest import axe_findings, overflow
from tests.factories import ContributionFactory, EventFactory, RoomFactory, SessionFactory, SpeakerFactory, VenueFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROOMS = 12
CELLS = """() => [...document.querySelectorAll('.cell')].map(cell => cell.getBoundingClientRect())
  .map(({x, y, width, height}) => [x, y, width, height])"""


def put(event, start, minutes, room=None, **facts):
    at = clock.moment(event.first_date, dt.time.fromisoformat(start), event.zone)
    times = {"released__start_at": at, "released__end_at": at + dt.timedelta(minutes=minutes)}
    return SessionFactory(event=event, audience=Audience.PUBLIC, released=True, released__room=room, **times, **facts)


@pytest.fixture
def event(transactional_db):
    event = EventFactory(first_date=dt.date(2027, 3, 18))
    venue = VenueFactory(event=event)
    for n in range(ROOMS):
        put(event, "09:00", 60, RoomFactory(venue=venue, name_en=f"Room {n}", position=n), title_en=f"Session {n} on a subject of interest")
    put(event, "10:00", 30, kind=SessionKind.BREAK, title_en="Coffee")
    put(event, "10:30", 15, event.rooms.get(position=0), title_en="Short words")
    put(event, "16:00", 120, event.rooms.get(position=0), title_en="Late")
    return event


@pytest.fixture
def url(event):
    return reverse("sessions:agenda", args=[event.slug]) + "?view=grid"


def test_heights_are_true_to_time(visitor, url):
    page = visitor.page(script=False)
    page.goto(url)
    boxes = page.evaluate(CELLS)
    hour = boxes[0][3]
    coffee, short, late = boxes[ROOMS:]
    assert [round(box[3] / hour, 2) for box in (coffee, short, late)] == [0.5, 0.25, 2]
    assert [round((box[1] - boxes[0][1]) / hour, 2) for box in (coffee, short, late)] == [1, 1.5, 7]
    assert {round(box[1]) for box in boxes[:ROOMS]} == {round(boxes[0][1])}
    assert sorted(box[0] for box in boxes[:ROOMS]) == [box[0] for box in boxes[:ROOMS]]
    assert coffee[2] > boxes[0][2] * (ROOMS - 1)
    assert overflow(page) == []


def test_nothing_stands_against_the_grid(visitor, url):
    page = visitor.page()
    page.goto(url)
    assert axe_findings(page) + overflow(page) + visitor.taken_faults() == []


def test_heads_and_hours_stay_while_it_scrolls(visitor, url):
    page = visitor.page(script=False)
    page.goto(url)
    where = "() => ['.grid-heads', '.grid-hours'].map(name => document.querySelector(name).getBoundingClientRect()).map(({x, y}) => [x, y])"
    (_, heads_top), (hours_left, _) = page.evaluate(where)
    page.evaluate("() => document.querySelector('.day-grid').scrollTo(300, 200)")
    (_, heads_after), (hours_after, _) = page.evaluate(where)
    assert (abs(heads_after - heads_top) <= 1, abs(hours_after - hours_left) <= 1) == (True, True)  # half pixels round either way
    assert page.evaluate("() => document.querySelector('.day-grid').scrollLeft") > 0


def test_rooms_fold_by_keyboard(visitor, url):
    page = visitor.page(script=False)
    page.goto(url)
    before = page.evaluate(CELLS)[0][2]
    page.get_by_label("Fold Room 0").focus()
    page.keyboard.press("Space")
    assert page.evaluate(CELLS)[0][2] < before / 2
    assert page.get_by_text("Short words").is_visible() is False
    page.keyboard.press("Space")
    assert (page.evaluate(CELLS)[0][2], page.get_by_text("Short words").is_visible()) == (before, True)


def test_short_things_show_whole_under_the_pointer(visitor, url):
    page = visitor.page(script=False)
    page.goto(url)
    short = page.locator(".cell--short")
    assert short.get_by_text("Short words").is_visible()
    assert short.evaluate("cell => getComputedStyle(cell).overflowY") == "hidden"
    short.hover()
    assert short.evaluate("cell => getComputedStyle(cell).overflowY") == "visible"


CUT = """() => [...document.querySelectorAll('.cell__text')].filter(text => text.scrollHeight > text.clientHeight + 1
  || text.clientHeight % parseFloat(getComputedStyle(text).lineHeight) > 1).map(text => text.textContent.trim().slice(0, 40))"""


def test_nothing_of_a_usual_day_is_cut(visitor, event, url):
    """Long names in three quarters of an hour, a title of three lines in ten minutes: heights follow, whatever the letters are."""
    room = event.rooms.get(position=1)
    session = put(
        event, "11:00", 45, room, title_en="Opening of the conference by its hosts", languages=["fr", "en"], interpretation=["nl"]
    )
    for n in range(3):
        speaker = SpeakerFactory(event=event, name=f"Given{n} Familyname-Otherfamilyname", function_en="Deputy head of the unit")
        ContributionFactory(slot=session.slots.get(), speaker=speaker, position=n)
    put(event, "12:00", 10, room, title_en="Words of welcome from the people of the city")
    page = visitor.page(script=False)
    page.goto(url)
    for _try in range(50):  # the page's own letters may come after those it begins with, on a machine at work
        if not (cut := page.evaluate(CUT)):
            break
        page.wait_for_timeout(200)
    assert cut == []
    page.evaluate("() => document.querySelector('.day-grid').style.setProperty('--row', '6px')")  # the control: such rows cut something
    assert len(page.evaluate(CUT)) > 1


@pytest.mark.parametrize("medium", ["screen", "print"])
def test_it_is_a_list_on_a_telephone_and_on_paper(visitor, url, medium):
    page = visitor.page(width=390 if medium == "screen" else 1440, script=False)
    page.emulate_media(media=medium)
    page.goto(url)
    boxes = page.evaluate(CELLS)
    assert len({round(box[0]) for box in boxes}) == 1
    assert [box[1] for box in boxes] == sorted(box[1] for box in boxes)
    assert page.locator(".grid-heads").is_visible() is False
    assert overflow(page) == []
