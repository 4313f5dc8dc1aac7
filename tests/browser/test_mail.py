"""Organisers write to many, stop the mail and bring two records together, in Chromium: what is shown is what is done."""

import pytest
from django.urls import reverse

from delegates.models import Delegate
from events import outbox
from events.models import MailStop, OutboxMail
from tests import factories as f
from tests.browser.conftest import axe_findings, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def address(event, name, *args):
    return reverse(f"organise:{name}", args=[event.slug, *args])


def person(event, name, category, **fields):
    delegation = event.delegations.first()
    delegate = f.DelegateFactory(organisation=delegation.organisation, given_name="", family_name=name, language="fr")
    return f.RegistrationFactory(delegation=delegation, delegate=delegate, category=category, state="approved", **fields)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_message_to_many_is_written_looked_at_changed_sent_and_taken_back(visitor, own_world, script):
    event = own_world.event
    people = [person(event, "ZqDriver", "driver"), person(event, "ZqLiaison", "liaison")]
    page = visitor.page(script=script, cookies=own_world.sign_ins["manager"])
    page.goto(address(event, "people") + "?category=driver")
    page.get_by_role("link", name="Write to these people").click()
    assert page.get_by_label("Driver").is_checked()
    page.get_by_role("button", name="Keep, and see whom it reaches").click()
    assert "Subject: This field is required." in page.locator(".errors").inner_text()
    page.get_by_label("Subject").first.fill("Cars for {name}")
    page.get_by_label("Text").first.fill("{greeting}\n\nThe cars wait at the *north* gate.")
    page.get_by_role("button", name="Keep, and see whom it reaches").click()
    assert page.get_by_role("heading", name="It reaches 1 person").is_visible()
    assert (axe_findings(page) if script else []) + overflow(page) == []
    page.get_by_role("link", name="Back to the draft").click()
    page.get_by_label("Liaison officer").check()
    page.get_by_role("button", name="Keep, and see whom it reaches").click()
    assert page.get_by_role("heading", name="It reaches 2 people").is_visible()
    page.get_by_label("Show it as this reader gets it").select_option(people[1].public_id)
    page.get_by_role("button", name="Show").click()
    assert page.locator(".letter__subject").inner_text() == "Cars for ZqLiaison"
    assert page.locator(".letter em").inner_text() == "north"
    assert not OutboxMail.objects.filter(kind="circular").exists()
    page.get_by_role("button", name="Send 2 messages").click()
    assert "2 messages are on their way." in page.locator("main").inner_text()
    subjects = OutboxMail.objects.filter(kind="circular").order_by("pk").values_list("subject", "state")
    assert list(subjects) == [("Cars for ZqDriver", "queued"), ("Cars for ZqLiaison", "queued")]
    assert (axe_findings(page) if script else []) + overflow(page) == []
    page.get_by_role("button", name="Take back what has not left").click()
    assert OutboxMail.objects.filter(kind="circular", state="dropped").count() == 2
    assert visitor.taken_faults() == []


def test_mail_is_stopped_looked_at_and_released(visitor, own_world):
    event = own_world.event
    OutboxMail.objects.all().delete()
    for number, kind in enumerate(["circular", "approved", "approved"]):
        outbox.queue(kind=kind, to="zq@example.org", language="en", subject="ZqMail", text="T", dedup_key=f"zq:{number}", event=event)
    page = visitor.page(width=390, cookies=own_world.sign_ins["accreditation officer"])
    page.goto(address(event, "mails"))
    page.get_by_role("button", name="Stop the mail of this event").click()
    assert MailStop.objects.get().event == event
    waiting = page.get_by_role("region", name="What waits, and leaves with the release")
    assert waiting.get_by_role("row").count() == 3
    assert axe_findings(page) + overflow(page) == []
    waiting.get_by_role("row", name="Registration approved").get_by_role("link", name="Do not send these").click()
    assert OutboxMail.objects.in_state("queued").count() == 3
    page.get_by_role("button", name="Take out 2 messages").click()
    assert list(OutboxMail.objects.in_state("queued").values_list("kind", flat=True)) == ["circular"]
    page.get_by_role("button", name="Release the mail of this event").click()
    assert "Released. 1 message may leave." in page.locator("main").inner_text()
    assert not MailStop.objects.exists()
    assert visitor.taken_faults() == []


def test_two_records_are_compared_turned_round_and_brought_together(visitor, own_world):
    event = own_world.event
    here = person(event, "Zqmüller", "expert")
    double = f.DelegateFactory(
        organisation=here.delegate.organisation,
        given_name="",
        family_name="ZQMULLER",
        email="zq.other@example.org",
        may_be_invited_again=True,
    )
    f.RegistrationFactory(delegation=f.DelegationFactory(organisation=double.organisation), delegate=double)
    page = visitor.page(cookies=own_world.sign_ins["accreditation officer"])
    page.goto(address(event, "duplicates"))
    page.get_by_role("region", name="Zqmüller").get_by_role("link", name="Compare with the first").click()
    family = page.get_by_role("row", name="Family name")
    assert family.locator("td").all_inner_texts() == ["Zqmüller", "ZQMULLER dropped", "Zqmüller"]
    page.get_by_role("link", name="Keep the other record instead").click()
    assert family.locator("td").all_inner_texts() == ["ZQMULLER", "Zqmüller dropped", "ZQMULLER"]
    assert page.get_by_text("— dropped").count() == 0
    assert axe_findings(page) + overflow(page) == []
    page.get_by_role("link", name="Keep the other record instead").click()
    page.get_by_role("button", name="Merge the two records").click()
    assert "The two records are one now." in page.locator("main").inner_text()
    assert not Delegate.objects.filter(pk=double.pk).exists()
    assert here.delegate.registrations.count() == 2
    assert visitor.taken_faults() == []
