"""Calendars: what stands in them, who may have them, and when a private address dies."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from conference.lib import tokens
from conference.lib.logs import scrubbed
from conference.lib.viewer import Actor
from delegates.choices import RegistrationState
from events.choices import Audience, EventState
from events.models import AuditEntry, ReadRecord
from events.rules import NotAllowed
from sessions.actions import make_calendar_feed, revoke_calendar_feed
from sessions.choices import Label, ShownAsClosed
from sessions.models import CalendarFeed
from tests.factories import (
    ContributionFactory,
    DelegationFactory,
    EventFactory,
    OrganisationFactory,
    RegistrationFactory,
    ReleaseFactory,
    RoomFactory,
    SessionFactory,
    SlotFactory,
    UserFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db
RELEASED = dt.datetime(2027, 1, 10, 8, 30, 15, 123456, tzinfo=dt.UTC)


@pytest.fixture
def event():
    return EventFactory(first_date=dt.date(2027, 3, 27), title_en="The conference", title_fr="La conférence")


@pytest.fixture
def release(event):
    return ReleaseFactory(event=event, number=3, released_at=RELEASED)


@pytest.fixture
def registration(event):
    """An approved person of an EU member's delegation."""
    delegation = DelegationFactory(event=event, organisation=OrganisationFactory(country="FR"))
    state, now = RegistrationState.APPROVED, timezone.now()
    return RegistrationFactory(delegation=delegation, user=UserFactory(), state=state, invited_at=now)


def by(registration):
    return Actor(user=registration.delegate.user, hat=f"registration:{registration.public_id}")


def entries(body: bytes) -> list:
    return list(Calendar.from_ical(body).walk("VEVENT"))


def fetch(client, secret, status=200) -> bytes:
    response = client.get(reverse("private_calendar", args=[secret]))
    assert response.status_code == status
    return response.content


# The public calendar.


def test_public_calendar_is_what_the_agenda_says(client, event, release):
    room = RoomFactory(venue=VenueFactory(event=event), name_en="Great hall, left; right")
    session = SessionFactory(event=event, audience=Audience.PUBLIC, title_en="Opening; a, b", abstract_en="One\n\nTwo")
    SlotFactory(session=session, release=release, room=room)
    response = client.get(reverse("sessions:calendar", args=[event.slug]))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(response.content)
    assert (calendar["X-WR-CALNAME"], calendar["VERSION"], "METHOD" in calendar) == ("The conference", "2.0", False)
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in response.content
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Brussels"]
    [entry] = calendar.walk("VEVENT")
    assert entry["UID"] == f"{session.public_id}@testserver"
    assert (entry["SUMMARY"], entry["DESCRIPTION"], entry["LOCATION"]) == ("Opening; a, b", "One\n\nTwo", "Great hall, left; right")
    assert (entry["SEQUENCE"], entry["STATUS"]) == (3, "CONFIRMED")
    assert entry["DTSTAMP"].dt == RELEASED.replace(microsecond=0)
    assert (entry["DTSTART"].to_ical(), entry["DTSTART"].params["TZID"]) == (b"20270327T090000", "Europe/Brussels")
    assert entry["URL"] == f"http://testserver/en/events/{event.slug}/agenda/{session.public_id}/"


def test_public_calendar_has_the_same_bytes_at_any_time_and_for_anyone(client, event, release, registration):
    SlotFactory(session=SessionFactory(event=event, audience=Audience.PUBLIC), release=release)
    SlotFactory(session=SessionFactory(event=event, audience=Audience.PARTICIPANTS), release=release)
    url = reverse("sessions:calendar", args=[event.slug])
    bodies = {client.get(url).content}
    with time_machine.travel(timezone.now() + dt.timedelta(days=3)):
        bodies.add(client.get(url).content)
        client.force_login(registration.delegate.user)
        bodies.add(client.get(url).content)
    assert len(bodies) == 1
    assert len(entries(bodies.pop())) == 1


def test_public_calendar_before_a_release_is_empty(client, event):
    assert entries(client.get(reverse("sessions:calendar", args=[event.slug])).content) == []


def test_calendar_keeps_wall_clock_times_across_the_change_of_clocks(client, event, release):
    for day, utc_hour in ((27, 8), (28, 7)):  # clocks go forward in the night between
        start = dt.datetime(2027, 3, day, utc_hour, tzinfo=dt.UTC)
        session = SessionFactory(event=event, audience=Audience.PUBLIC)
        SlotFactory(session=session, release=release, start_at=start, end_at=start + dt.timedelta(hours=1))
    found = entries(client.get(reverse("sessions:calendar", args=[event.slug])).content)
    assert [entry["DTSTART"].to_ical() for entry in found] == [b"20270327T090000", b"20270328T090000"]
    assert [entry["DTSTART"].dt.astimezone(dt.UTC).hour for entry in found] == [8, 7]


def test_calendar_of_a_cancelled_event_says_so(client):
    event = EventFactory(state=EventState.CANCELLED)
    SessionFactory(event=event, audience=Audience.PUBLIC, released=True)
    [entry] = entries(client.get(reverse("sessions:calendar", args=[event.slug])).content)
    assert entry["STATUS"] == "CANCELLED"


def test_closed_lines_stand_in_no_calendar(client, event):
    for shown in ShownAsClosed:
        SessionFactory(event=event, audience=Audience.EU, shown_as_closed=shown, released=True)
    assert entries(client.get(reverse("sessions:calendar", args=[event.slug])).content) == []


def test_calendar_of_one_session_is_for_those_who_see_it(client, event, release, registration):
    session = SessionFactory(event=event, audience=Audience.EU, label=Label.GREEN)
    red = SessionFactory(event=event, audience=Audience.EU, label=Label.RED)
    for one in (session, red):
        SlotFactory(session=one, release=release)
    urls = [reverse("sessions:session_calendar", args=[event.slug, one.public_id]) for one in (session, red)]
    assert [client.get(url).status_code for url in urls] == [404, 404]
    client.force_login(registration.delegate.user)
    [entry] = entries(client.get(urls[0]).content)
    assert (entry["SUMMARY"], client.get(urls[1]).status_code) == (session.title_en, 404)
    assert list(ReadRecord.objects.values_list("verb", "target")) == [("export", str(session))]


# The private calendar.


def test_private_calendar_holds_what_the_owner_may_see_and_no_word_above_green(client, event, release, registration):
    for label in Label:
        session = SessionFactory(event=event, audience=Audience.EU, label=label, title_en=f"Zq{label[4:]}", abstract_en=f"Abstract {label}")
        slot = SlotFactory(session=session, release=release, room=RoomFactory(venue__event=event, name_en=f"Room {label}"))
        ContributionFactory(slot=slot, speaker__name="Zqname")
    body = fetch(client, make_calendar_feed(registration, language="en", by=by(registration)))
    found = entries(body)
    assert [entry["SUMMARY"] for entry in found] == ["ZqCLEAR", "ZqGREEN", "Session", "Session"]
    assert [set(entry) & {"DESCRIPTION", "LOCATION"} for entry in found] == [{"DESCRIPTION", "LOCATION"}] * 2 + [set()] * 2
    for word in (b"ZqAMBER", b"ZqRED", b"Abstract TLP:AMBER", b"Room TLP:AMBER", b"Zqname"):
        assert word not in body
    assert list(ReadRecord.objects.values_list("verb", "user", "target")) == [("feed", registration.delegate.user_id, str(registration))]


def test_private_calendar_is_written_in_its_own_language(client, event, release, registration):
    SlotFactory(session=SessionFactory(event=event, audience=Audience.EU, label=Label.AMBER), release=release)
    body = fetch(client, make_calendar_feed(registration, language="fr", by=by(registration)))
    calendar = Calendar.from_ical(body)
    assert (calendar["X-WR-CALNAME"], "/fr/events/" in str(calendar.walk("VEVENT")[0]["URL"])) == ("La conférence", True)


def test_private_calendar_follows_the_present_access(client, event, release, registration):
    session = SessionFactory(event=event, audience=Audience.MEMBERS)
    SlotFactory(session=session, release=release)
    secret = make_calendar_feed(registration, language="en", by=by(registration))
    assert len(entries(fetch(client, secret))) == 1
    registration.narrowing = "participant"
    registration.save()
    assert entries(fetch(client, secret)) == []
    registration.narrowing = "none"
    registration.save()
    session.audience = Audience.ORGANISERS
    session.save()
    assert entries(fetch(client, secret)) == []


@pytest.mark.parametrize("state", ["withdrawn", "revoked", "replaced"])
def test_private_calendar_dies_with_the_registration(client, registration, state):
    secret = make_calendar_feed(registration, language="en", by=by(registration))
    fetch(client, secret)
    registration.state = state
    registration.save()
    fetch(client, secret, status=404)


def test_private_calendar_dies_with_the_account_and_the_event(client, event, registration):
    secret, user = make_calendar_feed(registration, language="en", by=by(registration)), registration.delegate.user
    user.is_active = False
    user.save()
    fetch(client, secret, status=404)
    user.is_active = True
    user.save()
    fetch(client, secret)
    event.state = EventState.ARCHIVED
    event.save()
    fetch(client, secret, status=404)


def test_private_calendar_dies_when_revoked_and_when_another_is_made(client, registration):
    first = make_calendar_feed(registration, language="en", by=by(registration))
    second = make_calendar_feed(registration, language="en", by=by(registration))
    fetch(client, first, status=404)
    fetch(client, second)
    revoke_calendar_feed(registration, by=by(registration))
    fetch(client, second, status=404)
    assert [row.revoked_at is None for row in CalendarFeed.objects.all()] == [False, False]
    assert list(AuditEntry.objects.order_by("number").values_list("verb", flat=True)) == [
        "calendar.make",
        "calendar.make",
        "calendar.revoke",
    ]


def test_private_calendar_keeps_only_a_digest_and_is_scrubbed_from_logs(registration):
    secret = make_calendar_feed(registration, language="en", by=by(registration))
    assert CalendarFeed.objects.get().secret_digest == tokens.digest(secret)
    assert secret not in scrubbed(f"GET {reverse('private_calendar', args=[secret])} HTTP/1.1")


def test_unknown_address_is_not_found(client):
    fetch(client, tokens.secret(), status=404)


def test_private_calendar_is_for_approved_participants(registration):
    registration.state = RegistrationState.SUBMITTED
    registration.save()
    with pytest.raises(NotAllowed):
        make_calendar_feed(registration, language="en", by=by(registration))


@pytest.mark.parametrize("state", [EventState.CLOSED, EventState.CANCELLED])
def test_no_private_calendar_is_made_once_the_event_is_over(client, event, registration, state):
    event.state = state
    event.save()
    client.force_login(registration.delegate.user)
    page = client.post(reverse("sessions:my_calendar", args=[event.slug]), {"hat": f"registration:{registration.public_id}"}, follow=True)
    assert "This event is closed; nothing can be changed any more." in page.content.decode()
    assert 'value="make"' not in page.content.decode()
    assert not CalendarFeed.objects.exists()


# The page that makes the private address.


def test_page_makes_an_address_shown_once_and_revokes_it(client, event, registration):
    client.force_login(registration.delegate.user)
    url = reverse("sessions:my_calendar", args=[event.slug])
    assert "You have no address at the moment." in client.get(url).content.decode()
    hat = f"registration:{registration.public_id}"
    made = client.post(url, {"act": "make", "hat": hat}).content.decode()
    address = made.split('<code class="secret">')[1].split("</code>")[0]
    assert (address.startswith("http://testserver/calendar/"), client.get(address).status_code) == (True, 200)
    again = client.get(url).content.decode()
    assert ("You made an address on" in again, address in again) == (True, False)
    assert client.post(url, {"act": "revoke", "hat": hat}).status_code == 302
    assert client.get(address).status_code == 404


def test_page_opened_under_another_hat_acts_for_nobody(client, event, registration):
    client.force_login(registration.delegate.user)
    url = reverse("sessions:my_calendar", args=[event.slug])
    response = client.post(url, {"act": "make", "hat": "registration:abcdefghij"}, follow=True)
    assert "You are now acting in another capacity at this event." in response.content.decode()
    assert CalendarFeed.objects.count() == 0


def test_page_of_the_private_address_is_for_approved_participants(client, event, registration):
    url = reverse("sessions:my_calendar", args=[event.slug])
    assert client.get(url).status_code == 302
    registration.state = RegistrationState.SUBMITTED
    registration.save()
    client.force_login(registration.delegate.user)
    assert (client.get(url).status_code, client.post(url, {"act": "make"}).status_code) == (404, 404)
    assert CalendarFeed.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_private_calendar_costs_the_same_for_any_number_of_sessions(client, event, release, registration, count, django_assert_num_queries):
    for _n in range(count):
        SlotFactory(session=SessionFactory(event=event, audience=Audience.EU, label=Label.CLEAR), release=release)
    secret = make_calendar_feed(registration, language="en", by=by(registration))
    with django_assert_num_queries(7):  # address; slots, rooms, tracks, people (nobody); dropped sessions, release
        body = fetch(client, secret)
    assert len(entries(body)) == count
