"""The clock of turns in Chromium: the chair's page by button and by key, two chairs, the screen of the room, a lost network."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from delegates.choices import RegistrationState
from events.choices import Audience, StaffRoleName
from sessions.choices import Role
from sessions.models import Slot, TurnClock, live_turns
from tests.browser.conftest import axe_findings, overflow
from tests.factories import (
    ContributionFactory,
    EventFactory,
    InterventionFactory,
    RegistrationFactory,
    SessionFactory,
    SpeakerFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Round:
    """A released tour de table of three delegations with three minutes each, planned to have started some minutes ago."""

    def __init__(self, *, minutes_ago: float = 0):
        self.session = SessionFactory(event=EventFactory(), audience=Audience.PARTICIPANTS, title_en="Round", released=True)
        slots = Slot.objects.filter(session=self.session)
        start = timezone.now() - dt.timedelta(minutes=minutes_ago)
        slots.update(start_at=start, end_at=start + dt.timedelta(minutes=30))
        for _turn in range(3):
            InterventionFactory(slot=slots.get(release__number__isnull=False), minutes=3)
        self.names = [turn.delegation.organisation.name_en for turn in live_turns(self.session)[1]]

    def chair(self, visitor, **options):
        """The page of somebody who chairs it."""
        user = UserFactory()
        registration = RegistrationFactory(event=self.session.event, delegate__user=user, state=RegistrationState.APPROVED)
        ContributionFactory(
            slot=Slot.objects.current().get(session=self.session), speaker=SpeakerFactory(registration=registration), role=Role.CHAIR
        )
        return self._page(visitor, user, "sessions:chair", **options)

    def desk(self, visitor, name="chair", **options):
        """The same in the organisers' site, or its screen of the room."""
        role = StaffRoleFactory(event=self.session.event, role=StaffRoleName.PROGRAMME)
        return self._page(visitor, role.user, f"organise:{name}", **options)

    def _page(self, visitor, user, name, **options):
        client = Client()
        client.force_login(user)
        page = visitor.page(cookies=client.cookies, **options)
        page.goto(reverse(name, args=[self.session.event.slug, self.session.public_id]))
        return page

    def speaker(self):
        """Whose turn it is on the server: their number, 0 for nobody."""
        who = TurnClock.objects.get(session=self.session).who
        return [None, *(turn.who for turn in live_turns(self.session)[1])].index(who or None)


@pytest.fixture
def turns(transactional_db):
    return Round()


def who(page):
    return page.locator("[data-clock-who]")


def key(page, name):
    """Press a key, once the scripts of the page listen."""
    page.wait_for_load_state()
    page.keyboard.press(name)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def press_and_see(page, name):
    """Press a button whose act draws the page anew, and wait for that page."""
    with page.expect_navigation():
        press(page, name)


def test_chair_goes_through_the_turns_by_button(visitor, turns):
    page = turns.chair(visitor)
    expect(who(page)).to_have_text("Not started yet")
    press_and_see(page, "Start the first turn")
    expect(who(page)).to_contain_text(turns.names[0])
    expect(page.locator("[data-clock-next]")).to_contain_text(turns.names[1])
    expect(page.locator("[data-clock-left]")).to_have_text(re.compile("2:[0-5][0-7]"))  # it counts by itself
    press_and_see(page, "Next speaker")
    press_and_see(page, "Back")
    expect(who(page)).to_contain_text(turns.names[0])
    press_and_see(page, "Pause")
    expect(page.locator("[data-clock-paused]")).to_be_visible()
    left = page.locator("[data-clock-left]").inner_text()
    page.wait_for_timeout(2500)
    expect(page.locator("[data-clock-left]")).to_have_text(left)  # and stands still in a pause
    press_and_see(page, "Go on")
    expect(page.locator("[data-clock-paused]")).to_be_hidden()
    press_and_see(page, "Next speaker")
    press_and_see(page, "Next speaker")
    expect(page.locator("[data-clock-following]")).to_be_hidden()
    press_and_see(page, "End the turns")
    expect(who(page)).to_have_text("Everybody has spoken")
    assert turns.speaker() == 0
    assert visitor.taken_faults() == []


def test_chair_goes_through_the_turns_by_key_alone(visitor, turns):
    page = turns.chair(visitor)
    for arrow, number in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("ArrowRight", 2)):
        key(page, arrow)
        expect(who(page)).to_contain_text(turns.names[number - 1])
        assert turns.speaker() == number
    page.keyboard.press("Shift+ArrowRight")  # chooses text, and nobody speaks
    page.wait_for_timeout(500)
    assert turns.speaker() == 2
    assert visitor.taken_faults() == []


def test_clock_says_how_late_it_is_and_that_a_turn_takes_too_long(visitor, transactional_db):
    turns = Round(minutes_ago=7.2)
    page, screen = turns.chair(visitor), turns.desk(visitor, "turn_screen")
    expect(page.locator("[data-clock-late]")).to_have_text("7 minutes late")
    press_and_see(page, "Start the first turn")  # kept on the server before its start is moved below
    expect(screen.locator("[data-clock-late]")).to_have_text("7 minutes late")
    TurnClock.objects.update(running_since_at=timezone.now() - dt.timedelta(minutes=3, seconds=30))
    expect(screen.locator(".clock--over [data-clock-left]")).to_have_text(re.compile("−[0-2]:[0-5][0-9]"))
    assert visitor.taken_faults() == []


@pytest.mark.parametrize("script", [True, False])
def test_pressed_button_keeps_the_focus_and_the_clock_stays_in_sight(visitor, turns, script):
    page = turns.chair(visitor, script=script, width=390)
    page.get_by_role("button", name="Start the first turn").focus()
    for name in ("Start the first turn", "Next speaker", "Pause", "Go on"):
        button = page.get_by_role("button", name=name, exact=True)
        if name == "Pause":
            button.focus()
        expect(button).to_be_focused()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(page.locator("[data-clock-who]")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_focused()


def test_two_chairs_at_once_move_the_clock_once_and_both_see_it(visitor, turns):
    first, second = turns.chair(visitor), turns.desk(visitor)
    press(first, "Start the first turn")
    expect(who(first)).to_contain_text(turns.names[0])
    expect(who(second)).to_contain_text(turns.names[0])  # the other page follows by itself
    pages = (first, second)
    for page in pages:  # neither asks the server meanwhile
        page.route("**/clock/", lambda route: route.abort())
    for page in pages:
        press(page, "Next speaker")
    expect(second.get_by_text("Somebody else has moved the clock since. Nothing was done; here it is now.")).to_be_visible()
    assert turns.speaker() == 2
    for page in pages:
        expect(who(page)).to_contain_text(turns.names[1])


def test_screen_of_the_room_follows_and_goes_on_counting_without_network(visitor, turns):
    page, screen = turns.chair(visitor), turns.desk(visitor, "turn_screen")
    press(page, "Start the first turn")
    expect(who(screen)).to_contain_text(turns.names[0])
    assert screen.get_by_role("button").count() == 0
    assert visitor.taken_faults() == []
    screen.context.set_offline(True)
    expect(screen.locator("[data-clock-lost]")).to_have_text("No connection: this clock goes on counting by itself.")
    before = screen.locator("[data-clock-left]").inner_text()
    expect(screen.locator("[data-clock-left]")).not_to_have_text(before)
    press(page, "Next speaker")
    expect(who(screen)).to_contain_text(turns.names[0])
    screen.context.set_offline(False)
    expect(who(screen)).to_contain_text(turns.names[1])
    expect(screen.locator("[data-clock-lost]")).to_be_hidden()


def test_chair_without_network_is_told_that_nothing_was_pressed_and_presses_again(visitor, turns):
    page = turns.chair(visitor)
    press(page, "Start the first turn")
    expect(who(page)).to_contain_text(turns.names[0])
    page.context.set_offline(True)
    key(page, "ArrowRight")
    expect(page.locator("[data-clock-unsent]")).to_have_text(
        "No answer from the server. Press again when the connection is back: pressing twice never moves the clock twice."
    )
    expect(who(page)).to_contain_text(turns.names[0])  # the page is still there
    assert turns.speaker() == 1
    page.context.set_offline(False)
    key(page, "ArrowRight")
    expect(who(page)).to_contain_text(turns.names[1])
    assert turns.speaker() == 2


@pytest.mark.parametrize("script", [True, False])
def test_chair_steers_without_script_too(visitor, turns, script):
    page = turns.chair(visitor, script=script)
    press(page, "Start the first turn")
    press(page, "Next speaker")
    expect(who(page)).to_contain_text(turns.names[1])
    assert visitor.taken_faults() == []


@pytest.mark.parametrize("width", [1440, 390])
def test_clock_is_accessible_and_never_wider_than_its_window(visitor, turns, width):
    page = turns.chair(visitor, width=width)
    press(page, "Start the first turn")
    screen = turns.desk(visitor, "turn_screen", width=width)
    for shown in (page, screen):
        expect(who(shown)).to_contain_text(turns.names[0])
        assert (axe_findings(shown), overflow(shown)) == ([], [])
