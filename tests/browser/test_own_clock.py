"""Times on the reader's own clock: beside the event's where the two differ, and nowhere else."""

import datetime as dt

import pytest
from django.urls import reverse

from conference.lib import clock
from events.choices import Audience
from tests.factories import EventFactory, SessionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def session(transactional_db):
    event = EventFactory(first_date=dt.date(2027, 3, 18), zone="Europe/Brussels")
    start = clock.moment(event.first_date, dt.time(1), event.zone)
    return SessionFactory(
        event=event,
        audience=Audience.PUBLIC,
        released=True,
        released__start_at=start,
        released__end_at=start + dt.timedelta(hours=1),
    )


@pytest.mark.parametrize(
    ("zone", "beside", "written"),
    [
        ("America/New_York", ["Wed 20:00–21:00"], "17 March 2027, 20:00, America/New York"),
        ("Europe/Paris", [], ""),  # the same clock under another name
    ],
)
def test_own_clock_where_it_differs(visitor, session, zone, beside, written):
    context = visitor.browser.new_context(base_url=visitor.address, timezone_id=zone)
    page = context.new_page()
    page.goto(reverse("sessions:agenda", args=[session.event.slug]))
    page.wait_for_load_state("networkidle")
    assert page.locator(".line__own").all_inner_texts() == beside
    assert page.locator("[data-own-note]").is_visible() is bool(beside)
    page.goto(session.get_absolute_url())
    page.wait_for_load_state("networkidle")
    assert page.locator("[data-own-clock]").text_content() == written
