"""The screen at a door in Chromium: it counts by itself, follows the server, and says since when it could not look."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from conference.lib.viewer import SYSTEM
from events.actions import record
from events.choices import Audience
from sessions.models import Session
from tests.factories import EventFactory, ReleaseFactory, RoomFactory, SessionFactory, SlotFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def room():
    today = timezone.now().date()
    event = EventFactory(first_date=today, last_date=today + dt.timedelta(days=1), zone="UTC", languages=["en", "fr"])
    room, release, now = RoomFactory(event=event, name_en="Blue room"), ReleaseFactory(event=event), timezone.now()
    for title, start, end in (("Running", -30, 60), ("Coming", 60, 90)):
        session = SessionFactory(event=event, audience=Audience.PUBLIC, title_en=title, title_fr=f"{title} (fr)")
        minutes = [now + dt.timedelta(minutes=number) for number in (start, end)]
        SlotFactory(session=session, release=release, room=room, start_at=minutes[0], end_at=minutes[1])
    return room


def address(room, query=""):
    return reverse("sessions:door", args=[room.event.slug, room.public_id]) + query


def now_and_next(page):
    return [page.text_content(f".door__line--{name} .door__title") for name in ("now", "next")]


def let_pass(page, seconds):
    """Let time pass on the screen second by second, so that answers arrive in between and do not come too late."""
    for _second in range(seconds):
        page.clock.run_for(1000)
        page.wait_for_timeout(40)


def test_screen_counts_follows_and_survives_a_lost_network(visitor, room):
    page = visitor.page()
    page.clock.install()
    page.goto(address(room))
    assert now_and_next(page) == ["Running", "Coming"]
    Session.objects.filter(title_en="Coming").update(title_en="Changed")
    record(SYSTEM, "session.change", Session.objects.get(title_en="Changed"), event=room.event)
    let_pass(page, 22)
    page.wait_for_selector(".door__line--next .door__title:has-text('Changed')")
    assert page.is_hidden("[data-door-lost]")
    page.context.set_offline(True)
    let_pass(page, 21)
    page.wait_for_selector("[data-door-lost]:visible")
    assert "No connection since" in page.text_content("[data-door-lost]")
    page.clock.run_for(61 * 60_000)
    assert page.text_content(".door__line--now .door__title") == "Changed"  # it goes on counting
    page.context.set_offline(False)
    let_pass(page, 21)
    page.wait_for_selector("[data-door-lost]", state="hidden")
    visitor.taken_faults()  # the requests that were lost


def test_languages_come_in_turn(visitor, room):
    page = visitor.page()
    page.clock.install()
    page.goto(address(room, "?in=turn"))
    for language, title in (("fr", "Running (fr)"), ("en", "Running"), ("fr", "Running (fr)")):
        for _second in range(40):
            if page.evaluate("document.documentElement.lang") == language:
                break
            let_pass(page, 1)
        assert page.text_content(".door__line--now .door__title") == title
    assert visitor.taken_faults() == []
