"""The organisers' page that imports delegations."""

import base64
import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conference.lib.spreadsheets import MAX_BYTES
from delegates.models import Delegation
from tests.factories import EventFactory, StaffRoleFactory

pytestmark = pytest.mark.django_db

GOOD = b"Organisation;Country;Seats;Colour\nPartner <b>service</b>;Hungary;4;blue"
BAD = b"Organisation;Country;Seats\nPartner service;Atlantis;4"


@pytest.fixture
def event(client):
    role = StaffRoleFactory(event=EventFactory())
    client.force_login(role.user)
    return role.event


def send(client, event, data=None, **words):
    if data is not None:
        words["file"] = SimpleUploadedFile("list.csv", data)
    return client.post(reverse("organise:delegations_import", args=[event.slug]), words)


def test_file_is_shown_first_and_imported_by_the_button(client, event):
    shown = send(client, event, GOOD)
    page = shown.content.decode()
    assert (shown.status_code, Delegation.objects.count()) == (200, 0)
    assert "New delegation: seats 4, standing “Member”" in page
    assert "Partner &lt;b&gt;service&lt;/b&gt;" in page
    assert "<q>Colour</q>" in page
    assert "Import this row" in page
    kept = re.search(r'name="kept" value="([^"]+)"', page).group(1)
    done = send(client, event, kept=kept, apply="yes")
    assert (done.status_code, done.url) == (302, reverse("organise:delegations", args=[event.slug]))
    assert Delegation.objects.get().organisation.name_en == "Partner <b>service</b>"


def test_file_with_a_problem_offers_no_button(client, event):
    page = send(client, event, BAD, apply="yes").content.decode()
    assert "We do not know a country “Atlantis”" in page
    assert 'name="apply"' not in page
    assert Delegation.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "words", "said"),
    [
        (None, {}, "Choose a file."),
        (None, {"kept": "not base64!"}, "Choose the file again."),
        (b"", {}, "The submitted file is empty."),
        (b"a" * (MAX_BYTES + 1), {}, "at most 1 MB"),
        (b"PK broken", {}, "The file cannot be read."),
    ],
)
def test_file_that_cannot_be_taken_says_why(client, event, data, words, said):
    response = send(client, event, data, **words)
    assert (response.status_code, said in response.content.decode()) == (200, True)


def test_largest_file_survives_the_way_through_the_page():
    assert len(base64.b64encode(b"a" * MAX_BYTES)) + 10_000 < settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def test_example_to_fill_in(client, event):
    response = client.get(reverse("organise:delegations_import_example", args=[event.slug]))
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.decode("utf-8-sig").startswith('"Organisation","Abbreviation"')
