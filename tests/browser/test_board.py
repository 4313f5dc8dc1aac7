"""The board in Chromium: by pointer, by keyboard, two editors, a lost network, a lost sign-in."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from conference.lib import clock
from events.choices import StaffRoleName
from sessions.choices import SessionKind
from sessions.models import Slot
from tests.browser.conftest import axe_findings, overflow
from tests.factories import EventFactory, ReleaseFactory, RoomFactory, SessionFactory, SlotFactory, StaffRoleFactory, VenueFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class World:
    """An event (of one day) with two rooms, two sessions, a lunch and a session without a place."""

    def __init__(self, zone="Europe/Brussels", first="2030-04-25", days=1):
        day = dt.date.fromisoformat(first)
        self.event = EventFactory(first_date=day, last_date=day + dt.timedelta(days=days - 1), zone=zone)
        venue = VenueFactory(event=self.event)
        self.rooms = [RoomFactory(venue=venue, name_en=name, position=n) for n, name in enumerate(("Room A", "Room B"))]
        self.draft = ReleaseFactory(event=self.event, number=None)
        self.opening = self.put("Opening", "09:00", "10:00", self.rooms[0])
        self.panel = self.put("Panel", "11:00", "12:30", self.rooms[1])
        self.lunch = self.put("Lunch", "12:30", "13:30", None, kind=SessionKind.BREAK)
        self.waiting = SessionFactory(event=self.event, title_en="Waiting")
        self.url = reverse("organise:board", args=[self.event.slug])

    def at(self, text, day=0):
        return clock.moment(self.event.first_date + dt.timedelta(days=day), dt.time.fromisoformat(text), self.event.zone)

    def put(self, title, start, end, room, **session):
        slot = SlotFactory(
            release=self.draft,
            session=SessionFactory(event=self.event, title_en=title, **session),
            room=room,
            start_at=self.at(start),
            end_at=self.at(end),
        )
        return slot.session

    def where(self, session):
        """Times on the wall clock and room of a session, in words; from the second day on with the day."""
        slot = Slot.objects.draft().filter(session=session).select_related("room").first()
        if slot is None:
            return None
        start, end = self.event.local(slot.start_at), self.event.local(slot.end_at)
        day = (self.event.day_of(slot.start_at) - self.event.first_date).days
        return f"{f'day {day + 1} ' if day else ''}{start:%H:%M}–{end:%H:%M} {slot.room.name_en if slot.room else ''}".strip()

    def editor(self, visitor, **options):
        """The board as one editor sees it."""
        client = Client()
        client.force_login(StaffRoleFactory(event=self.event, role=StaffRoleName.PROGRAMME).user)
        page = visitor.page(cookies=client.cookies, **options)
        page.goto(self.url)
        return page


@pytest.fixture
def world(transactional_db):
    return World()


def item(page, session):
    return page.locator(f'[data-session="{session.public_id}"]')


def said(page, text):
    expect(page.locator("[data-said]")).to_contain_text(text)


def row_height(page):
    return page.locator(".board__hours").bounding_box()["height"] / int(page.locator("[data-part=grid]").get_attribute("data-rows"))


def drag(page, source, *, rows=0, to=None, edge=False):
    """Drag a session so many rows down, or to the left edge of another place, as a hand does: in steps."""
    source.scroll_into_view_if_needed()
    box = source.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + (box["height"] - 3 if edge else 5)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 8)
    goal = to.bounding_box() if to else None
    page.mouse.move(goal["x"] + goal["width"] / 2 if goal else x, y + rows * row_height(page), steps=5)
    page.mouse.up()


def test_heights_are_true_to_time(visitor, world):
    page = world.editor(visitor)
    tall = {session: item(page, session).bounding_box()["height"] for session in (world.opening, world.panel)}
    assert tall[world.panel] / tall[world.opening] == pytest.approx(1.5, abs=0.02)
    lunch, rooms = item(page, world.lunch).bounding_box(), page.locator("[data-room]").all()
    assert lunch["width"] > 1.8 * rooms[0].bounding_box()["width"]  # across the rooms
    assert visitor.taken_faults() == []


def test_pointer_moves_to_another_room_and_time_and_undo_brings_it_back(visitor, world):
    page = world.editor(visitor)
    drag(page, item(page, world.opening), rows=-6, to=page.locator("[data-room]").nth(1))
    said(page, "“Opening” is at: 25/04, 08:30–09:30, Room B. No conflict.")
    assert world.where(world.opening) == "08:30–09:30 Room B"
    page.get_by_role("button", name="Undo the last move").click()
    said(page, "The last move is undone.")
    assert world.where(world.opening) == "09:00–10:00 Room A"
    assert visitor.taken_faults() == []


def test_pointer_stretches_by_the_lower_edge(visitor, world):
    page = world.editor(visitor)
    drag(page, item(page, world.opening), rows=3, edge=True)
    said(page, "09:00–10:15, Room A.")
    assert world.where(world.opening) == "09:00–10:15 Room A"


def test_pointer_places_what_waited_and_takes_out_what_stood(visitor, world):
    page = world.editor(visitor)
    drag(page, item(page, world.waiting), rows=12, to=page.locator("[data-room]").first)
    said(page, "“Waiting” is at")
    assert world.where(world.waiting).endswith("Room A")
    drag(page, item(page, world.opening), to=page.locator("[data-waiting]"))
    said(page, "“Opening” is taken out of the draft")
    assert world.where(world.opening) is None


def test_pointer_swaps_two(visitor, world):
    page = world.editor(visitor)
    item(page, world.opening).get_by_role("button").click()
    page.get_by_role("button", name="Swap with another").click()
    item(page, world.panel).get_by_role("button").click()
    said(page, "“Opening” and “Panel” have changed places.")
    assert (world.where(world.opening), world.where(world.panel)) == ("11:00–12:00 Room B", "09:00–10:30 Room A")


def test_keyboard_moves_stretches_and_takes_back(visitor, world):
    page = world.editor(visitor)
    item(page, world.opening).get_by_role("button").focus()
    page.keyboard.press("Enter")
    said(page, "“Opening” is taken up.")
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    said(page, "“Opening”: 09:10–10:15, Room B.")
    page.keyboard.press("Escape")
    said(page, "“Opening” is where it was.")
    assert world.where(world.opening) == "09:00–10:00 Room A"
    page.keyboard.press("Enter")
    for key in ("PageDown", "PageDown", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    said(page, "1 conflict: Room B is used twice")
    assert world.where(world.opening) == "11:00–12:00 Room B"
    assert page.evaluate("document.activeElement.closest('[data-session]').dataset.title") == "Opening"
    expect(page.locator(".conflict--blocks")).to_have_count(1)
    assert visitor.taken_faults() == []


def test_keyboard_places_and_swaps(visitor, world):
    page = world.editor(visitor)
    item(page, world.waiting).get_by_role("button").focus()
    for key in ("Enter", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    said(page, "“Waiting” is at: 25/04, 09:05–09:35, Room A.")
    item(page, world.opening).get_by_role("button").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("s")
    item(page, world.panel).get_by_role("button").focus()
    page.keyboard.press("Enter")
    said(page, "have changed places")
    assert world.where(world.panel) == "09:00–10:30 Room A"


@pytest.fixture
def days(transactional_db):
    """Three days, of which the clocks go forward in the night to the second."""
    return World(first="2030-03-30", days=3)


def day_shown(page):
    return page.locator("[data-part=grid]").get_attribute("data-day")


def carry(page, source, target):
    """Take a session by the pointer to a thing of the page, and leave it in the hand there."""
    source.scroll_into_view_if_needed()
    box = source.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + 15)
    goal = target.bounding_box()
    page.mouse.move(goal["x"] + goal["width"] / 2, goal["y"] + goal["height"] / 2, steps=5)


def chip(page, day):
    return page.locator(f"[data-do=day][data-day='{day}']")


def drops_on_another_day(page, days):
    """The check: dropped on the day after the clocks change, a session keeps its time on the clock."""
    carry(page, item(page, days.opening), chip(page, "2030-03-31"))
    page.mouse.up()
    said(page, "“Opening” is at: 31/03, ")
    assert days.where(days.opening) == "day 2 09:00–10:00 Room A"


def test_dropped_on_another_day_it_goes_there_at_its_time_and_undo_brings_both_back(visitor, days):
    page = days.editor(visitor)
    drops_on_another_day(page, days)
    said(page, "“Opening” is at: 31/03, 09:00–10:00, Room A. No conflict.")
    assert day_shown(page) == "2030-03-31"
    assert "day=2030-03-31" in page.url
    expect(page.locator("[data-part=days] [aria-current]")).to_have_text("Sunday 31 March 2030")
    page.get_by_role("button", name="Undo the last move").click()
    said(page, "The last move is undone.")
    assert (days.where(days.opening), day_shown(page)) == ("09:00–10:00 Room A", "2030-03-30")
    assert visitor.taken_faults() == []


def test_held_over_another_day_that_day_opens_and_it_is_dropped_where_it_shall_be(visitor, days):
    page = days.editor(visitor)
    carry(page, item(page, days.opening), chip(page, "2030-04-01"))
    said(page, "Mon 1 April. “Opening”: 09:00–10:00, Room A.")
    room, hours = page.locator("[data-room]").nth(1).bounding_box(), page.locator(".board__hours").bounding_box()
    page.mouse.move(room["x"] + 20, hours["y"] + 5 + 6 * row_height(page), steps=4)
    page.mouse.up()
    said(page, "“Opening” is at: 01/04, 08:30–09:30, Room B. No conflict.")
    assert days.where(days.opening) == "day 3 08:30–09:30 Room B"
    assert visitor.taken_faults() == []


def test_keyboard_goes_to_another_day_and_back(visitor, days):
    page = days.editor(visitor)
    item(page, days.opening).get_by_role("button").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("d")
    said(page, "Sun 31 March. “Opening”: 09:00–10:00, Room A.")
    assert page.evaluate("document.activeElement.closest('[data-session]').dataset.title") == "Opening"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    said(page, "“Opening” is at: 31/03, 09:05–10:05, Room A. No conflict.")
    assert days.where(days.opening) == "day 2 09:05–10:05 Room A"
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+D")
    said(page, "Sat 30 March.")
    page.keyboard.press("Escape")
    said(page, "“Opening” is where it was.")
    assert (days.where(days.opening), day_shown(page)) == ("day 2 09:05–10:05 Room A", "2030-03-31")
    expect(item(page, days.opening)).to_contain_text("09:05–10:05")
    assert visitor.taken_faults() == []


def test_what_waits_is_placed_on_another_day_and_a_break_across_the_rooms_stays_one(visitor, days):
    page = days.editor(visitor)
    item(page, days.waiting).get_by_role("button").focus()
    for key in ("Enter", "d"):
        page.keyboard.press(key)
    said(page, "Sun 31 March. “Waiting”: 09:00–09:30, Room A.")
    page.keyboard.press("Enter")
    said(page, "“Waiting” is at: 31/03")
    page.goto(days.url)
    item(page, days.lunch).get_by_role("button").focus()
    for key in ("Enter", "d"):
        page.keyboard.press(key)
    said(page, "Sun 31 March. “Lunch”: 12:30–13:30, no room.")
    page.keyboard.press("Enter")
    said(page, "“Lunch” is at: 31/03, 12:30–13:30, no room.")
    assert (days.where(days.waiting), days.where(days.lunch)) == ("day 2 09:00–09:30 Room A", "day 2 12:30–13:30")
    expect(page.locator("[data-bands] [data-session]")).to_have_count(1)


def test_network_lost_on_the_way_to_another_day_leaves_it_in_the_hand(visitor, days):
    page = days.editor(visitor)
    page.context.set_offline(True)
    carry(page, item(page, days.opening), chip(page, "2030-03-31"))
    page.mouse.up()
    said(page, "“Opening” is still in your hand, on the day it was.")
    assert (days.where(days.opening), day_shown(page)) == ("09:00–10:00 Room A", "2030-03-30")
    page.context.set_offline(False)
    chip(page, "2030-03-31").click()
    said(page, "Sun 31 March.")
    page.get_by_role("button", name="Put it down").click()
    said(page, "“Opening” is at: 31/03, 09:00–10:00, Room A.")


def test_undo_whose_answer_was_lost_undoes_one_move(visitor, world):
    page = world.editor(visitor)
    for start in ("09:30–10:30", "10:00–11:00"):
        drag(page, item(page, world.opening), rows=6)
        said(page, start)
    lost = []

    def lose(route):
        if not lost:
            lost.append(route.fetch())  # it is done, and nobody hears of it
            return route.abort()
        return route.continue_()

    page.route("**/board/act/", lose)
    page.get_by_role("button", name="Undo the last move").click()
    expect(page.get_by_role("alert")).to_contain_text("The move of “the last move” is kept here")
    page.get_by_role("button", name="Try again").click()
    said(page, "The last move is undone.")
    assert world.where(world.opening) == "09:30–10:30 Room A"


def test_second_editor_sees_what_changed_and_overwrites_nothing(visitor, world):
    first, second = world.editor(visitor), world.editor(visitor)
    for page, key in ((first, "PageDown"), (second, "ArrowRight")):
        item(page, world.opening).get_by_role("button").focus()
        for press in ("Enter", key, "Enter"):
            page.keyboard.press(press)
        expect(page.locator("[data-said]")).to_contain_text(re.compile("is at|Somebody else"))
    said(second, "Somebody else placed “Opening” meanwhile: 25/04, 10:00–11:00, Room A. Your move was not made.")
    said(second, "Changed by somebody else meanwhile: Opening.")
    expect(item(second, world.opening)).to_contain_text("10:00–11:00")
    assert world.where(world.opening) == "10:00–11:00 Room A"


def test_lost_network_loses_nothing(visitor, world):
    page = world.editor(visitor)
    page.context.set_offline(True)
    drag(page, item(page, world.opening), rows=6)
    trouble = page.get_by_role("alert")
    expect(trouble).to_contain_text("The move of “Opening” is kept here and was not made yet.")
    expect(item(page, world.opening)).to_contain_text("09:30–10:30")
    assert world.where(world.opening) == "09:00–10:00 Room A"
    page.get_by_role("button", name="Try again").click()
    expect(trouble).to_be_visible()
    page.context.set_offline(False)  # the browser says so, and the board sends it by itself
    said(page, "“Opening” is at: 25/04, 09:30–10:30, Room A.")
    expect(trouble).to_be_hidden()
    assert world.where(world.opening) == "09:30–10:30 Room A"


def test_lost_move_can_be_taken_back(visitor, world):
    page = world.editor(visitor)
    page.context.set_offline(True)
    drag(page, item(page, world.opening), rows=6)
    page.get_by_role("button", name="Take the move back").click()
    said(page, "“Opening” is where it was.")
    expect(item(page, world.opening)).to_contain_text("09:00–10:00")
    page.context.set_offline(False)
    assert world.where(world.opening) == "09:00–10:00 Room A"


def test_tab_whose_sign_in_ended_keeps_the_move(visitor, world):
    page = world.editor(visitor)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    drag(page, item(page, world.opening), rows=6)
    expect(page.get_by_role("alert")).to_contain_text("You are signed out. The move of “Opening” is kept here")
    page.context.add_cookies(cookies)
    page.get_by_role("button", name="Try again").click()
    said(page, "“Opening” is at: 25/04, 09:30–10:30, Room A.")


@pytest.mark.parametrize("width", [1440, 390])
def test_board_without_script_is_a_list_whose_sessions_open_their_form(visitor, world, width):
    page = world.editor(visitor, script=False, width=width)
    item(page, world.opening).get_by_role("button").click()
    page.get_by_label("Starts").fill("10:00")
    page.get_by_label("Ends").fill("11:00")
    page.get_by_role("button", name="Move it").click()
    assert page.url.endswith(f"#session-{world.opening.public_id}")
    assert world.where(world.opening) == "10:00–11:00 Room A"
    page.get_by_role("button", name="Undo the last move").click()
    assert world.where(world.opening) == "09:00–10:00 Room A"
    assert visitor.taken_faults() == []


@pytest.mark.parametrize("width", [1440, 390])
def test_board_is_accessible_and_never_wider_than_its_window(visitor, world, width):
    world.put("Clash", "09:30", "10:30", world.rooms[0])
    page = world.editor(visitor, width=width)
    assert (axe_findings(page), overflow(page)) == ([], [])
    if width == 1440:
        item(page, world.opening).get_by_role("button").click()
        assert axe_findings(page) == []


def test_finger_scrolls_and_a_phone_opens_the_form(visitor, world):
    page = world.editor(visitor, width=390)
    item(page, world.opening).get_by_role("button").click()
    expect(page.get_by_label("Starts")).to_have_value("09:00")


def altered(page, script, old, new):
    """Serve a script of the board with a piece of it taken out."""

    def serve(route):
        answer = route.fetch()
        text = answer.text()
        assert old in text
        route.fulfill(response=answer, body=text.replace(old, new))

    page.route(f"**/{script}*.js", serve)


def test_without_its_guard_a_lost_move_is_not_told(visitor, world):
    """The negative control of the lost network: the answer that did not come is taken for nothing to tell."""
    page = world.editor(visitor)
    altered(page, "board-wire", 'return { lost: "lost" }', "return new Promise(() => {})")
    page.reload()
    page.context.set_offline(True)
    drag(page, item(page, world.opening), rows=6)
    page.wait_for_timeout(500)
    expect(page.locator("[data-trouble]")).to_be_hidden()
    assert world.where(world.opening) == "09:00–10:00 Room A"


def test_without_its_guard_a_change_of_summer_time_moves_what_goes_to_another_day(visitor, days):
    """The negative control of the time on the clock: 24 hours later it is another time when the clocks change between."""
    page = days.editor(visitor)
    altered(
        page,
        "board-grid",
        "const plain = place.start - dawn + this.dawn;",
        "return { ...place, start: place.start + 24 * HOUR, end: place.end + 24 * HOUR };",
    )
    page.reload()
    with pytest.raises(AssertionError, match="day 2 10:00–11:00 Room A"):
        drops_on_another_day(page, days)
