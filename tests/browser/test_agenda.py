"""The agenda on a telephone: its choices fold without script, and the first session stands on the first screen."""

import datetime as dt

import pytest
from django.urls import reverse

from events.choices import Audience
from tests.browser.conftest import axe_findings, overflow
from tests.factories import EventFactory, RoomFactory, SessionFactory, TrackFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST_SCREEN = {"width": 390, "height": 844}


@pytest.fixture
def event(transactional_db):
    """Four days, six rooms and four tracks: as many choices as a large conference offers."""
    event = EventFactory(first_date=dt.date(2027, 3, 18), last_date=dt.date(2027, 3, 21))
    tracks = [TrackFactory(event=event, name_en=f"Track {n}") for n in range(4)]
    for n in range(6):
        room = RoomFactory(event=event, name_en=f"Room {n}")
        SessionFactory(
            event=event,
            audience=Audience.PUBLIC,
            title_en=f"Session {n}",
            track=tracks[n % 4],
            languages=["en", "fr"],
            released=True,
            released__room=room,
        )
    return event


@pytest.mark.parametrize("query", ["", "?language=fr"])
def test_first_session_stands_on_the_first_screen_of_a_telephone(visitor, event, query):
    page = visitor.page(script=False)
    page.set_viewport_size(FIRST_SCREEN)
    page.goto(reverse("sessions:agenda", args=[event.slug]) + query)
    line = page.locator(".line").first.bounding_box()
    assert line["y"] + line["height"] < FIRST_SCREEN["height"]
    assert overflow(page) == []


def test_choices_of_a_telephone_open_without_script_and_say_what_is_chosen(visitor, event):
    page = visitor.page(width=390, script=False)
    page.goto(reverse("sessions:agenda", args=[event.slug]))
    assert page.get_by_role("searchbox").count() == 0
    page.get_by_text("Choose sessions").click()
    page.get_by_text("All rooms", exact=True).first.click()
    page.get_by_role("link", name="Room 3").click()
    assert page.locator(".agenda-more > summary").inner_text() == "Choose sessions · Room 3"
    assert page.locator(".line").count() == 1
    page.get_by_text("Choose sessions").click()
    assert page.get_by_role("searchbox").is_visible()
    assert visitor.taken_faults() == []


def test_choices_stand_open_on_a_wide_screen(visitor, event):
    page = visitor.page()
    page.goto(reverse("sessions:agenda", args=[event.slug]))
    assert page.get_by_role("searchbox").is_visible()
    assert not page.get_by_text("Choose sessions").is_visible()
    assert axe_findings(page) + overflow(page) + visitor.taken_faults() == []
