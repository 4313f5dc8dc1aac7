"""The agenda as others would read it: who sees what before a release, and that nothing of it reaches them."""

import datetime as dt

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from conference.lib.viewer import SYSTEM
from delegates.choices import Standing
from events.choices import Audience, StaffRoleName
from events.models import ReadRecord
from sessions.actions import create_session, place_session, release_agenda
from sessions.choices import Label, ShownAsClosed
from tests.factories import DelegationFactory, EventFactory, OrganisationFactory, RegistrationFactory, StaffRoleFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory(first_date=dt.date(2027, 3, 27), stamp=0)


@pytest.fixture
def delegations(event):
    countries = {"FR": Standing.MEMBER, "US": Standing.MEMBER, "JP": Standing.GUEST}
    return {
        country: DelegationFactory(event=event, organisation=OrganisationFactory(country=country), standing=standing)
        for country, standing in countries.items()
    }


@pytest.fixture
def draft(event, delegations):
    """A session for each audience in the draft, one of them for the guest delegation alone; nothing released."""
    for hour, audience in enumerate(Audience, 8):
        chosen = [delegations["JP"]] if audience == Audience.SELECTED else []
        label = Label.CLEAR if audience == Audience.PUBLIC else Label.AMBER
        session = create_session(event, by=SYSTEM, audience=audience, label=label, title_en=f"Zq{audience}", delegations=chosen)
        start = dt.datetime(2027, 3, 27, hour, tzinfo=dt.UTC)
        place_session(session, room=None, start_at=start, end_at=start + dt.timedelta(minutes=50), by=SYSTEM)


@pytest.fixture
def desk(event):
    client = Client()
    client.force_login(StaffRoleFactory(event=event, role=StaffRoleName.PROGRAMME).user)
    return client


def words(body: bytes) -> set[str]:
    return {str(audience) for audience in Audience if f"Zq{audience}".encode() in body}


def shown(desk, event, reader: str, of: str = "draft") -> set[str]:
    response = desk.get(reverse("organise:agenda_preview", args=[event.slug]), {"as": reader, "of": of})
    assert response.status_code == 200
    return words(response.content)


def test_each_reader_sees_the_draft_as_they_would_read_it(desk, event, delegations, draft):
    assert {
        "public": shown(desk, event, "public"),
        "eu": shown(desk, event, "eu"),
        "others": shown(desk, event, "others"),
        "guest": shown(desk, event, delegations["JP"].public_id),
        "member": shown(desk, event, delegations["US"].public_id),
    } == {
        "public": {"public"},
        "eu": {"public", "participants", "members", "eu"},
        "others": {"public", "participants", "members"},
        "guest": {"public", "participants", "selected"},
        "member": {"public", "participants", "members"},
    }


def test_preview_is_what_the_reader_then_reads(desk, event, delegations, draft):
    """The preview before the release, against the page of a real person after it."""
    before = {country: shown(desk, event, one.public_id) for country, one in delegations.items()}
    release_agenda(event, by=SYSTEM)
    after = {}
    for country, one in delegations.items():
        client = Client()
        client.force_login(RegistrationFactory(delegation=one, user=UserFactory(), state="approved").delegate.user)
        after[country] = words(client.get(reverse("sessions:agenda", args=[event.slug])).content)
    assert after == before
    assert {country: shown(desk, event, one.public_id, "current") for country, one in delegations.items()} == after


def test_preview_leaves_nothing_for_readers(desk, event, draft):
    caches["pages"].clear()
    page = reverse("sessions:agenda", args=[event.slug])
    assert shown(desk, event, "public") == {"public"}
    assert b"The agenda has not been released yet" in Client().get(page).content
    release_agenda(event, by=SYSTEM)
    create_session(event, by=SYSTEM, audience=Audience.PUBLIC, label=Label.CLEAR, title_en="Zqlater")
    before = Client().get(page).content
    caches["pages"].clear()
    shown(desk, event, "eu")
    shown(desk, event, "public")
    assert Client().get(page).content == before


def test_preview_says_what_it_is_and_is_kept_by_nobody(desk, event, draft):
    response = desk.get(reverse("organise:agenda_preview", args=[event.slug]), {"as": "eu"})
    text = " ".join(response.content.decode().split())
    assert "<strong>Preview</strong> The draft, as it would be read by: A participant of an EU delegation." in text
    assert "no-store" in response["Cache-Control"]
    assert reverse("organise:session", args=[event.slug, event.sessions.first().public_id]) in text


def test_closed_line_is_previewed(desk, event, draft):
    session = create_session(
        event, by=SYSTEM, audience=Audience.EU, label=Label.GREEN, title_en="Zqclosed", shown_as_closed=ShownAsClosed.TIME
    )
    start = dt.datetime(2027, 3, 28, 8, tzinfo=dt.UTC)
    place_session(session, room=None, start_at=start, end_at=start + dt.timedelta(minutes=50), by=SYSTEM)
    page = reverse("organise:agenda_preview", args=[event.slug])
    public, eu = (desk.get(page, {"as": reader}).content for reader in ("public", "eu"))
    assert (b"Closed session" in public, b"Zqclosed" in public, b"Zqclosed" in eu) == (True, False, True)


def test_reading_what_is_above_clear_is_recorded(desk, event, draft):
    shown(desk, event, "public")
    assert ReadRecord.objects.count() == 0
    shown(desk, event, "eu")
    assert list(ReadRecord.objects.values_list("verb", "hat")) == [("read", "organiser:programme")]


@pytest.mark.parametrize("query", ["as=nobody", "of=7", "as=organisers"])
def test_unknown_reader_or_version_is_not_found(desk, event, draft, query):
    assert desk.get(reverse("organise:agenda_preview", args=[event.slug]) + f"?{query}").status_code == 404


def test_without_a_draft_nothing_is_shown(desk, event):
    response = desk.get(reverse("organise:agenda_preview", args=[event.slug]))
    assert b"The agenda has not been released yet" in response.content


def test_delegation_of_another_event_cannot_be_read_as(desk, event, draft):
    page = reverse("organise:agenda_preview", args=[event.slug])
    assert desk.get(page, {"as": DelegationFactory().public_id}).status_code == 404
