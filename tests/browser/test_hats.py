"""Changing hats by keyboard alone, with JavaScript and without."""

import pytest
from django.test import Client

from delegates.choices import RegistrationState
from tests.factories import DelegationFactory, EventFactory, FocalPointFactory, OrganisationFactory, RegistrationFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_hat_is_changed_by_keyboard(visitor, transactional_db, script):
    user, event = UserFactory(), EventFactory()
    delegation = DelegationFactory(event=event, organisation=OrganisationFactory(name_en="Service of Hungary"), seats=2)
    FocalPointFactory(delegation=delegation, user=user)
    RegistrationFactory(delegation=delegation, user=user, state=RegistrationState.APPROVED)
    client = Client()
    client.force_login(user)
    page = visitor.page(script=script, cookies=client.cookies)
    page.goto(f"/en/events/{event.slug}/")
    choice = page.get_by_label("You see this event as")
    assert choice.evaluate("e => e.selectedOptions[0].text") == "Delegate, Service of Hungary"
    choice.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    chosen = page.get_by_label("You see this event as").evaluate("e => e.selectedOptions[0].text")
    assert (chosen, page.url.endswith(f"/en/events/{event.slug}/")) == ("Focal point, Service of Hungary", True)
    assert page.get_by_role("link", name="My delegation").is_visible()
    assert visitor.taken_faults() == []
