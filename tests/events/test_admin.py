"""The organisers' pages of the ground floor: places, team, mail, press, the record, the state of the event."""

import datetime as dt

import pytest
from django.urls import reverse

from conference.lib.viewer import Actor
from events import actions
from events.choices import EventState, MailState, StaffRoleName
from events.models import AuditEntry, Event, OutboxMail, PressRelease, Room, StaffRole, Venue
from events.outbox import queue
from tests.factories import EventFactory, PressReleaseFactory, RoomFactory, StaffRoleFactory, VenueFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory(zone="Europe/Brussels")


@pytest.fixture
def client(client, event):
    client.force_login(StaffRoleFactory(event=event).user)
    return client


def url(event, name, *args):
    return reverse(f"organise:{name}", args=[event.slug, *args])


def page(client, event, name, *args, **asked):
    return client.get(url(event, name, *args), asked).content.decode()


def send(client, event, name, *args, **typed):
    return client.post(url(event, name, *args), typed)


def told(response):
    return [str(message) for message in response.wsgi_request._messages]


@pytest.mark.parametrize("count", [1, 3])
def test_places_cost_the_same_for_any_number(client, event, count, django_assert_num_queries):
    for _ in range(count):
        RoomFactory.create_batch(count, venue=VenueFactory(event=event))
    with django_assert_num_queries(7):
        response = client.get(url(event, "places"))
    assert len(response.context["rows"]) == count


def test_venue_without_a_name_keeps_what_was_typed(client, event):
    response = send(client, event, "venue_add", address="Rue de la Loi 16", country="BE", name_fr="Palais")
    form = response.context["form"]
    assert (set(form.errors), Venue.objects.count()) == ({"name_en", "country_audience", "city_audience", "address_audience"}, 0)
    assert 'value="Palais"' in response.content.decode()
    assert "Rue de la Loi 16" in response.content.decode()


def test_venue_and_room_are_added_and_changed(client, event):
    audiences = dict.fromkeys(["country_audience", "city_audience", "address_audience"], "public")
    send(client, event, "venue_add", name_en="Palace", country="BE", **audiences)
    venue = event.venues.get()
    send(client, event, "room_add", venue.public_id, name_en="Blue room", capacity="40", booths="2")
    room = event.rooms.get()
    send(client, event, "room", room.public_id, name_en="Green room", capacity="", booths="0")
    send(client, event, "venue", venue.public_id, name_en="Old palace", country="BE", **audiences)
    room.refresh_from_db(), venue.refresh_from_db()
    assert (room.name_en, room.capacity, venue.name_en, venue.city_audience) == ("Green room", None, "Old palace", "public")


def test_places_are_ordered_and_deleted_from_the_list(client, event):
    first, second = VenueFactory(event=event, position=1), VenueFactory(event=event, position=2)
    send(client, event, "place_move", "venue", second.public_id, up="yes")
    send(client, event, "place_delete", "venue", first.public_id)
    assert list(event.venues.all()) == [second]


def test_place_of_another_event_does_not_exist_here(client, event):
    venue, room = VenueFactory(), RoomFactory()
    answers = [
        client.get(url(event, "venue", venue.public_id)).status_code,
        client.get(url(event, "room", room.public_id)).status_code,
        send(client, event, "place_delete", "venue", venue.public_id).status_code,
        send(client, event, "place_delete", "room", room.public_id).status_code,
        send(client, event, "place_move", "event", venue.public_id).status_code,
    ]
    assert (answers, Venue.objects.count(), Room.objects.count()) == ([404] * 5, 2, 1)


@pytest.mark.parametrize("count", [1, 3])
def test_team_costs_the_same_for_any_number(client, event, count, django_assert_num_queries):
    StaffRoleFactory.create_batch(count - 1, event=event, role=StaffRoleName.PRESS)
    with django_assert_num_queries(6):
        response = client.get(url(event, "staff"))
    assert len(response.context["rows"]) == count


def test_role_is_given_and_ended_on_the_page(client, event):
    refused = send(client, event, "staff", email="new@example.org", role="press", is_duty_organiser="on")
    assert "Only roles that decide on registrations go on duty." in refused.content.decode()
    assert not StaffRole.objects.filter(email="new@example.org").exists()
    send(client, event, "staff", email="new@example.org", role="accreditation", is_duty_organiser="on")
    role = StaffRole.objects.get(email="new@example.org")
    assert role.is_duty_organiser
    assert "waits for sign-in" in page(client, event, "staff")
    send(client, event, "staff_duty", role.public_id, off="yes")
    send(client, event, "staff_end", role.public_id)
    role.refresh_from_db()
    assert (role.is_duty_organiser, role.until_at is None) == (False, False)
    assert "new@example.org" not in page(client, event, "staff")


@pytest.mark.parametrize(("is_own", "said"), [(True, "This is your own role."), (False, "This person is on duty")])
def test_ending_a_role_asks_first_and_changes_nothing_until_then(client, event, is_own, said):
    other = StaffRoleFactory(event=event, role="accreditation", is_duty_organiser=True)
    role = event.staff_roles.get(role="manager") if is_own else other
    assert url(event, "staff_end", role.public_id) in page(client, event, "staff")
    asked = page(client, event, "staff_end", role.public_id)
    role.refresh_from_db()
    assert (f"<bdi>{role.holder}</bdi>" in asked, said in asked, "This is your own" in asked, role.until_at) == (True, True, is_own, None)


def test_role_that_has_ended_is_asked_about_no_more(client, event):
    role = StaffRoleFactory(event=event, role="press")
    send(client, event, "staff_end", role.public_id)
    assert client.get(url(event, "staff_end", role.public_id)).status_code == 404
    assert told(send(client, event, "staff_end", role.public_id)) == ["This role has ended already."]


def test_role_given_twice_says_so_at_the_address(client, event):
    send(client, event, "staff", email="new@example.org", role="press")
    response = send(client, event, "staff", email="new@example.org", role="press")
    assert list(response.context["form"].errors) == ["email"]
    assert 'value="new@example.org"' in response.content.decode()


def test_last_manager_is_told_why_the_role_stays(client, event):
    role = event.staff_roles.get()
    response = send(client, event, "staff_end", role.public_id)
    assert told(response) == ["An event keeps at least one manager. Give the role to somebody else first."]


def mails(event, count, **values):
    for n in range(count):
        queue(kind="test", to=f"to{n}@example.org", language="en", subject="S", text="Secret", dedup_key=f"{event.pk}-{n}", event=event)
    OutboxMail.objects.filter(event=event).update(**values)


@pytest.mark.parametrize("count", [1, 3])
def test_mails_cost_the_same_for_any_number(client, event, count, django_assert_num_queries):
    mails(event, count, state=MailState.FAILED)
    with django_assert_num_queries(9):
        response = client.get(url(event, "mails"))
    assert len(response.context["page"]) == count
    assert "Secret" not in response.content.decode()


def test_mails_are_filtered_by_state_and_failed_ones_sent_again(client, event):
    mails(EventFactory(), 1, state=MailState.FAILED)
    mails(event, 2, state=MailState.FAILED)
    first = event.mails.order_by("pk").first()
    send(client, event, "mail_retry", first.public_id)
    assert [mail.to for mail in client.get(url(event, "mails"), {"state": "failed"}).context["page"]] == ["to1@example.org"]
    assert "No message fits the filter" in page(client, event, "mails", state="sent")
    assert len(client.get(url(event, "mails"), {"state": "nonsense"}).context["page"]) == 2


def test_mail_is_stopped_and_released(client, event):
    mails(event, 2)
    assert "Stop the mail of this event" in page(client, event, "mails")
    assert told(send(client, event, "mail_stop")) == [
        "Stopped. Messages of this event wait until you release them; codes to sign in leave all the same."
    ]
    assert "The mail of this event is stopped." in page(client, event, "mails")
    assert told(send(client, event, "mail_release")) == ["Released. 2 messages may leave."]
    assert told(send(client, event, "mail_release"))[-1] == "The mail is not stopped."


def test_mail_comes_back_by_hand_and_is_dealt_with(client, event):
    mails(event, 1, state=MailState.SENT)
    mail = event.mails.get()
    back = url(event, "mails") + "?state=sent"
    assert client.post(url(event, "mail_returned", mail.public_id), {"back": back}).headers["Location"] == back
    assert "1 message failed or came back" in page(client, event, "mails")
    elsewhere = client.post(url(event, "mail_settle", mail.public_id), {"back": "https://evil.example/"})
    assert elsewhere.headers["Location"] == url(event, "mails")
    assert "1 message failed or came back" not in page(client, event, "mails")
    assert [row.to for row in client.get(url(event, "mails"), {"to": "TO0@"}).context["page"]] == ["to0@example.org"]
    assert list(client.get(url(event, "mails"), {"to": "nobody"}).context["page"]) == []


def test_mail_of_another_event_is_not_sent_again_from_here(client, event):
    mails(EventFactory(), 1, state=MailState.FAILED)
    assert send(client, event, "mail_retry", OutboxMail.objects.get().public_id).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_press_costs_the_same_for_any_number(client, event, count, django_assert_num_queries):
    PressReleaseFactory.create_batch(count, event=event)
    with django_assert_num_queries(6):
        response = client.get(url(event, "press"))
    assert len(response.context["rows"]) == count


def test_press_release_is_previewed_without_being_kept(client, event):
    typed = {"title_en": "News", "text_en": "**Bold** <script>alert(1)</script>", "audience": "public", "preview": "yes"}
    response = send(client, event, "press_add", **typed)
    body = response.content.decode()
    assert ("<strong>Bold</strong>" in body, "<script>alert" in body, PressRelease.objects.count()) == (True, False, 0)
    assert response.context["form"]["title_en"].value() == "News"


def test_press_release_is_written_embargoed_and_corrected(client, event):
    send(client, event, "press_add", title_en="News", text_en="Text", audience="public")
    release = event.press_releases.get()
    wrong = send(client, event, "press_publish", release.public_id, when="later", embargo_at="2020-01-01T10:00")
    assert list(wrong.context["publish"].errors) == ["embargo_at"]
    send(client, event, "press_publish", release.public_id, when="later", embargo_at="2040-07-01T10:00")
    release.refresh_from_db()
    assert release.published_at == dt.datetime(2040, 7, 1, 8, tzinfo=dt.UTC)  # 10:00 in Brussels
    send(client, event, "press_publish", release.public_id, withhold="yes")
    send(client, event, "press_publish", release.public_id, when="now")
    refused = send(client, event, "press_correct", release.public_id, **{"correction-text_fr": "Erratum"})
    assert list(refused.context["correction"].errors) == ["text_en"]
    assert "Erratum" in refused.content.decode()
    send(client, event, "press_correct", release.public_id, **{"correction-text_en": "Erratum"})
    assert release.corrections.get().text_en == "Erratum"


def test_press_release_that_came_out_meanwhile_keeps_what_was_typed(client, event):
    release = PressReleaseFactory(event=event)
    response = send(client, event, "press_release", release.public_id, title_en="Late change", text_en="Text", audience="public")
    release.refresh_from_db()
    assert release.title_en != "Late change"
    assert response.context["form"].non_field_errors() == [
        "This press release has been published. Add a correction instead; readers see it with its date."
    ]
    assert "Late change" in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_record_costs_the_same_for_any_number(client, event, count, django_assert_num_queries):
    by = Actor(user=event.staff_roles.get().user, hat="organiser:manager")
    for n in range(count):
        actions.record(by, "test.act", event=event, n=n)
    with django_assert_num_queries(10):
        response = client.get(url(event, "audit"))
    assert [row.who for row in response.context["rows"]] == [by.user.name] * count
    assert "The chain is whole" in response.content.decode()


def test_record_says_where_the_chain_is_broken(client, event):
    for n in range(3):
        actions.record(Actor(), "test.act", event=event, n=n)
    AuditEntry.objects.filter(event=event, number=2).update(verb="other.act")
    assert "The chain is broken at act 2." in page(client, event, "audit")


def test_state_changes_after_a_second_question(client, event):
    asked = send(client, event, "event_state", to="announced")
    assert (Event.objects.get().state, "Nobody can nominate" in asked.content.decode()) == (EventState.OPEN, True)
    send(client, event, "event_state", to="announced", confirm="yes", seen="open")
    assert Event.objects.get().state == EventState.ANNOUNCED


@pytest.mark.parametrize(
    "typed", [{"to": "open", "seen": "draft"}, {"to": "archived", "seen": "open"}, {"to": ""}, {"to": "draft", "seen": "open"}]
)
def test_state_that_is_no_step_or_changed_meanwhile_stays(client, event, typed):
    response = send(client, event, "event_state", confirm="yes", **typed)
    assert (Event.objects.get().state, len(told(response))) == (EventState.OPEN, 1)


def test_organisations_are_kept_by_managers_and_recorded(client, event):
    answer = client.post(reverse("admin:events_organisation_add"), {"name_en": "A service", "kind": "state", "country": ""})
    assert list(answer.context["adminform"].form.errors) == ["country"]
    client.post(reverse("admin:events_organisation_add"), {"name_en": "A service", "kind": "state", "country": "FR"})
    assert AuditEntry.objects.get(event=None).verb == "organisation.create"
    assert client.get(reverse("admin:events_organisation_changelist")).status_code == 200
    assert client.get(reverse("admin:events_series_add")).status_code == 403


def test_lists_of_what_events_share_are_closed_to_other_roles(client, event):
    client.force_login(StaffRoleFactory(event=event, role=StaffRoleName.PROGRAMME).user)
    names = ["organisation_changelist", "organisation_add", "series_changelist"]
    assert [client.get(reverse(f"admin:events_{name}")).status_code for name in names] == [403, 403, 403]
