"""The record of processing activities: whole, as each event keeps it, the same as the privacy page, and recorded when taken."""

import csv
import io

import pytest
from django.urls import reverse

from conference.privacy.inventory import BY_KIND, FIRST_TO_END, PERSONAL
from conference.privacy.processing import OTHERS, held_in, processings
from delegates.models import EventFieldGroup
from events.models import ReadRecord
from tests.factories import EventFactory, StaffRoleFactory

pytestmark = pytest.mark.django_db


def rows(client, event):
    response = client.get(reverse("organise:processing_record", args=[event.slug]))
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"), newline="")))


def test_every_group_of_the_inventory_is_told_of():
    held = {group for columns in PERSONAL.values() for group in columns.values()} - {BY_KIND, FIRST_TO_END}
    told = {one.name for one in processings()}
    assert held - told == set()
    assert [name for name in sorted(told) if not held_in(name)] == []


def test_record_says_the_terms_of_the_event(client):
    event = EventFactory()
    EventFieldGroup.objects.create(event=event, group="hotel", is_on=True, days=21)
    client.force_login(StaffRoleFactory(event=event).user)
    found = {row[0]: row for row in rows(client, event) if len(row) > 8}
    assert len(found) == len(processings()) + 1
    assert (found["Hotel"][4], found["Hotel"][6], found["Hotel"][7]) == ("21 days after the last day of the event", "Yes", "No")
    assert (found["Travel"][4], found["Travel"][6]) == ("14 days after the last day of the event", "No")
    assert (found["Identity document"][7], found["Who you are"][6]) == ("Yes", "always")
    assert found["Contacts of delegations"][4].startswith("730 days")
    assert ReadRecord.objects.filter(event=event, verb="export").count() == 1


def test_privacy_page_lists_the_same(client):
    page = client.get(reverse("privacy")).content.decode()
    missing = [one.name for one in processings() for words in (one.title, one.purpose) if str(words) not in page]
    assert missing == []
    assert all(one.term in page for one in OTHERS)


@pytest.mark.parametrize(("role", "status"), [("manager", 200), ("programme", 403), ("press", 403)])
def test_record_is_for_those_who_answer_for_it(client, role, status):
    event = EventFactory()
    client.force_login(StaffRoleFactory(event=event, role=role).user)
    assert client.get(reverse("organise:processing_record", args=[event.slug])).status_code == status
