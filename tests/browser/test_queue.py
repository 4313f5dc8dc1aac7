"""The keys of the queue: they move on and to the buttons, never while typing, and not once switched off."""

import pytest
from django.urls import reverse

from delegates.models import ReasonTemplate, Registration
from tests import factories as f

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def waiting(event, name, hours):
    delegation = event.delegations.first()
    delegate = f.DelegateFactory(organisation=delegation.organisation, family_name=name, language="fr")
    return f.RegistrationFactory(delegation=delegation, delegate=delegate, state="submitted", submitted_at=f.hours_from_now(-hours))


def test_keys_walk_and_reach_the_buttons_and_can_be_switched_off(visitor, own_world):
    event = own_world.event
    first, second = waiting(event, "ZqFirst", 9), waiting(event, "ZqSecond", 8)
    ReasonTemplate.objects.create(event=event, kind="returned", text_en="Photo missing", text_fr="Photo absente")
    page = visitor.page(cookies=own_world.sign_ins["accreditation officer"])
    page.goto(reverse("organise:queue_one", args=[event.slug, first.public_id]))
    page.keyboard.press("j")
    page.wait_for_url(f"**/{second.public_id}/")
    page.keyboard.press("k")
    page.wait_for_url(f"**/{first.public_id}/")
    page.get_by_label("Written reason").select_option(label="Photo missing")
    assert page.get_by_label("Reason", exact=False).last.input_value() == "Photo absente"
    page.keyboard.type(" jk")
    assert page.url.endswith(f"{first.public_id}/")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.value") == "returned"
    page.keyboard.press("a")
    assert page.evaluate("document.activeElement.value") == "approved"
    page.keyboard.press("r")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{second.public_id}/")
    assert Registration.objects.get(pk=first.pk).reason == "Photo absente jk"
    page.get_by_role("button", name="Switch the keys off").click()
    page.wait_for_load_state()
    page.keyboard.press("a")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    assert visitor.taken_faults() == []


def test_one_box_ticks_the_whole_list(visitor, own_world):
    event = own_world.event
    waiting(event, "ZqFirst", 9), waiting(event, "ZqSecond", 8)
    page = visitor.page(cookies=own_world.sign_ins["accreditation officer"])
    page.goto(reverse("organise:queue", args=[event.slug]))
    every, boxes = page.get_by_label("All", exact=True), page.locator("td.tick input")
    every.check()
    assert page.locator("td.tick input:checked").count() == boxes.count() >= 2
    boxes.first.uncheck()
    assert (every.is_checked(), every.evaluate("box => box.indeterminate")) == (False, True)
    page.get_by_role("button", name="Refuse").click()
    assert page.get_by_role("button", name="Refuse:").is_visible()
    assert visitor.taken_faults() == []


def test_queue_works_without_script(visitor, own_world):
    event = own_world.event
    first, second = waiting(event, "ZqFirst", 9), waiting(event, "ZqSecond", 8)
    page = visitor.page(cookies=own_world.sign_ins["accreditation officer"], script=False)
    page.goto(reverse("organise:queue_one", args=[event.slug, first.public_id]))
    assert not page.get_by_role("heading", name="Keys").is_visible()
    page.get_by_role("button", name="Approve").click()
    page.wait_for_url(f"**/{second.public_id}/")
    assert Registration.objects.get(pk=first.pk).state == "approved"
