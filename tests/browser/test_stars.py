"""Stars without an account: in the browser's own storage, a button only where script runs."""

import pytest
from django.urls import reverse

from events.choices import Audience
from tests.browser.conftest import axe_findings, overflow
from tests.factories import EventFactory, SessionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_stars_are_kept_in_the_browser_alone(visitor, transactional_db):
    event = EventFactory()
    one, other = (SessionFactory(event=event, audience=Audience.PUBLIC, title_en=title, released=True) for title in ("One", "Other"))
    agenda = reverse("sessions:agenda", args=[event.slug])
    page = visitor.page(width=390)
    page.goto(one.get_absolute_url())
    page.get_by_role("button", name="Star this session in this browser").click()
    assert page.get_by_role("button", name="Remove the star").is_visible()
    assert page.evaluate("localStorage.getItem('plenary-stars')") == f'["{one.public_id}"]'
    page.goto(agenda)
    assert page.locator(".line__star").count() == 1
    page.get_by_role("button", name="Only the sessions I starred in this browser").click()
    assert [line.is_visible() for line in page.locator(".line").all()].count(True) == 1
    assert (axe_findings(page), overflow(page)) == ([], [])
    assert visitor.taken_faults() == []
    plain = visitor.page(script=False)
    plain.goto(other.get_absolute_url())
    assert plain.get_by_role("button", name="Star this session in this browser").count() == 0
