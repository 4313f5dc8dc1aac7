"""The press pages: what is published, under which number and date, with its corrections; an embargo leaves no trace."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from events.choices import Audience
from events.models import PressCorrection
from tests.factories import EventFactory, PressReleaseFactory, hours_from_now

pytestmark = pytest.mark.django_db


def list_of(client, event):
    return client.get(reverse("events:press", args=[event.slug]))


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_any_number_of_releases(client, count, django_assert_num_queries):
    event = EventFactory()
    PressReleaseFactory.create_batch(count, event=event)
    with django_assert_num_queries(3):
        response = list_of(client, event)
    assert len(response.context["releases"]) == count


def test_list_shows_the_latest_first(client):
    event = EventFactory()
    for hours in (-3, -1, -2):
        PressReleaseFactory(event=event, title_en=f"Hours {hours}", published_at=hours_from_now(hours))
    assert [release.title for release in list_of(client, event).context["releases"]] == ["Hours -1", "Hours -2", "Hours -3"]


def test_list_without_releases_says_why(client):
    assert "No press release yet" in list_of(client, EventFactory()).content.decode()


@pytest.mark.parametrize(
    "hidden",
    [
        {"published_at": None},
        {"published_at": timezone.now() + dt.timedelta(hours=1)},
        {"audience": Audience.PARTICIPANTS},
        {"audience": Audience.ORGANISERS},
    ],
)
def test_release_under_embargo_or_not_for_the_public_leaves_no_trace(client, hidden):
    event, other = EventFactory(title_en="Same", slug="event-a"), EventFactory(title_en="Same", slug="event-b")
    release = PressReleaseFactory(event=event, **hidden)
    other.series.name_en = event.series.name_en
    other.series.save()
    assert client.get(release.get_absolute_url()).status_code == 404
    for name in ("events:event", "events:press"):
        with_it = client.get(reverse(name, args=["event-a"])).content.replace(b"event-a", b"event-b")
        without = client.get(reverse(name, args=["event-b"])).content
        assert with_it == without


def test_release_of_another_event_does_not_exist(client):
    release = PressReleaseFactory()
    assert client.get(reverse("events:press_release", args=[EventFactory().slug, release.public_id])).status_code == 404


def test_release_shows_number_date_text_and_contact(client):
    event = EventFactory(zone="Europe/Brussels")
    release = PressReleaseFactory(
        event=event,
        number=4,
        text_en="It was **agreed**.",
        contact="Press desk\n+32 2 000 00 00",
        published_at=dt.datetime(2024, 4, 30, 8, 0, tzinfo=dt.UTC),
    )
    html = client.get(release.get_absolute_url()).content.decode()
    parts = ["Press release no. 4", "30 April 2024, 10:00", "<strong>agreed</strong>", "Press desk<br>+32 2 000 00 00"]
    assert [part in html for part in parts] == [True] * 4


def test_corrections_stand_on_top_in_order_and_dated(client):
    release = PressReleaseFactory(text_en="The text itself.", published_at=dt.datetime(2024, 4, 30, 8, 0, tzinfo=dt.UTC))
    for day, text in ((3, "Second correction."), (2, "First correction.")):
        at = dt.datetime(2024, 5, day, 8, 0, tzinfo=dt.UTC)
        PressCorrection.objects.create(event=release.event, press_release=release, at=at, text_en=text)
    PressCorrection.objects.create(event=release.event, press_release=release, at=hours_from_now(1), text_en="Not yet.")
    html = client.get(release.get_absolute_url()).content.decode()
    shown = ["2 May 2024, 10:00", "First correction.", "3 May 2024, 10:00", "Second correction.", "The text itself."]
    places = [html.index(part) for part in shown]
    assert places == sorted(places)
    assert "Not yet." not in html


def test_languages_of_a_release_are_those_with_a_title(client):
    release = PressReleaseFactory(title_en="One", title_nl="Een")
    html = client.get(release.get_absolute_url()).content.decode()
    assert [f'rel="alternate" hreflang="{code}"' in html for code in ("en", "fr", "nl", "de")] == [True, False, True, False]


def test_release_is_kept_by_strangers_until_it_changes(client):
    release = PressReleaseFactory()
    etag = client.get(release.get_absolute_url()).headers["ETag"]
    assert client.get(release.get_absolute_url(), headers={"if-none-match": etag}).status_code == 304
    PressCorrection.objects.create(event=release.event, press_release=release, at=hours_from_now(-1), text_en="Corrected.")
    assert client.get(release.get_absolute_url(), headers={"if-none-match": etag}).status_code == 200
