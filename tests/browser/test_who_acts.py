"""A mailbox several people read, in Chromium: the page that asks who acts, with and without script, on a telephone too."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests.browser.conftest import axe_findings, overflow
from tests.factories import RegistrationFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def office(visitor, **options):
    """A page of two people's mailbox, signed in."""
    user = UserFactory(is_shared=True)
    first = RegistrationFactory(user=user, delegate__given_name="Réka", delegate__family_name="Molnár")
    RegistrationFactory(user=user, delegation=first.delegation, delegate__given_name="Béla", delegate__family_name="Varga")
    client = Client()
    client.force_login(user)
    page = visitor.page(cookies=client.cookies, **options)
    page.goto("/en/my/")
    return page


@pytest.mark.parametrize("width", [1440, 390])
def test_page_that_asks_who_acts_is_accessible_and_fits(visitor, width):
    page = office(visitor, width=width)
    expect(page.get_by_role("heading", level=1)).to_have_text("Who acts?")
    assert (axe_findings(page), overflow(page)) == ([], [])
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Choose who acts.").first).to_be_visible()
    assert (axe_findings(page), overflow(page)) == ([], [])


@pytest.mark.parametrize("script", [True, False])
def test_who_said_so_goes_on_by_keyboard_and_is_named(visitor, script):
    page = office(visitor, script=script)
    page.get_by_label("Béla Varga").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("My page")
    expect(page.get_by_role("link", name="Béla Varga acts")).to_be_visible()
    assert visitor.taken_faults() == []
