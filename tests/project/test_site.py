"""The organisers' site: its index, an event's dashboard and facts, and a new event."""

import datetime as dt

import pytest
from django.contrib import admin
from django.urls import reverse

from delegates.choices import Answer, RegistrationState
from delegates.models import PendingChange, RegistrationDraft
from events.choices import EventState, MailState, StaffRoleName
from events.models import Event, OutboxMail
from events.outbox import queue
from sessions.models import Slot
from tests.factories import (
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    RegistrationFactory,
    ReleaseFactory,
    RoomFactory,
    SeriesFactory,
    SessionFactory,
    SlotFactory,
    StaffRoleFactory,
    UserFactory,
    hours_from_now,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory(
        zone="Europe/Brussels",
        first_date=dt.date(2040, 7, 2),
        last_date=dt.date(2040, 7, 3),
        **{name: dt.datetime(2040, 6, day, 10, tzinfo=dt.UTC) for name, day in DEADLINES.items()},
    )


DEADLINES = {"answer_by_at": 1, "nominate_by_at": 2, "confirm_by_at": 3, "travel_by_at": 4, "freeze_at": 5}


@pytest.fixture
def client(client, event):
    client.force_login(StaffRoleFactory(event=event).user)
    return client


def url(event, name="event"):
    return reverse(f"organise:{name}", args=[event.slug])


def typed(event, client, **changed):
    """Everything the form of the event holds, as the browser would send it back, with some of it changed."""
    form = client.get(url(event)).context["form"]
    data = {}
    for field in form:
        value = field.value()
        if field.name in DEADLINES and value:
            value = value.strftime("%Y-%m-%dT%H:%M")
        if value is not None and value is not False and value != "":  # a nought is sent too
            data[field.html_name] = value
    return {name: value for name, value in (data | changed).items() if value is not None}


def test_event_sent_back_unchanged_changes_nothing(client, event):
    before = Event.objects.values().get()
    assert client.post(url(event), typed(event, client)).status_code == 302
    assert Event.objects.values().get() == before


def test_event_is_changed_in_every_language(client, event):
    changes = {"title_fr": "Réunion", "summary_de": "Worte", "languages": ["fr", "en"], "host_first": "on", "capacity": "140"}
    client.post(url(event), typed(event, client, **changes))
    changed = Event.objects.get()
    assert (changed.title_fr, changed.summary_de, changed.host_first) == ("Réunion", "Worte", True)
    assert (sorted(changed.languages), changed.quotas.get(delegation=None).seats) == (["en", "fr"], 140)
    client.post(url(event), typed(event, client, capacity=None))
    assert changed.quotas.count() == 0


def test_zone_keeps_the_wall_clock_of_deadlines_and_sessions(client, event):
    slot = SlotFactory(session__event=event, event=event, start_at=dt.datetime(2040, 7, 2, 7, tzinfo=dt.UTC))
    client.post(url(event), typed(event, client, zone="Asia/Tokyo"))
    changed, slot = Event.objects.get(), Slot.objects.get(pk=slot.pk)
    assert changed.local(changed.freeze_at).replace(tzinfo=None) == dt.datetime(2040, 6, 5, 12)  # as it was in Brussels
    assert changed.local(slot.start_at).replace(tzinfo=None) == dt.datetime(2040, 7, 2, 9)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"zone": "Europe/Atlantis"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"first_date": "2040-07-09"}, "last_date"),
        ({"first_date": "soon"}, "first_date"),
        ({"answer_by_at": "2040-06-02T23:00"}, "answer_by_at"),
        ({"freeze_at": "2040-07-20T10:00"}, "freeze_at"),
        ({"title_en": ""}, "title_en"),
        ({"working_language": "fr"}, "title_fr"),
        ({"protocol_order": "presidency"}, "protocol_order"),
        ({"capacity": "0"}, "capacity"),
        ({"mailbox": "nobody"}, "mailbox"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(client, event, changes, field):
    Event.objects.update(state=EventState.DRAFT)
    before = Event.objects.values().get()
    data = typed(event, client, summary_en="Words typed at length", **changes)
    response = client.post(url(event), data)
    form = response.context["form"]
    assert field in form.errors
    assert "Words typed at length" in response.content.decode()
    assert {name: form[name].value() for name in changes} == changes
    assert Event.objects.values().get() == before


@pytest.mark.parametrize(("state", "day"), [(EventState.DRAFT, dt.date(2040, 7, 1)), (EventState.OPEN, dt.date(2040, 7, 2))])
def test_days_of_an_announced_event_change_by_an_act_alone(client, event, state, day):
    Event.objects.update(state=state, first_date=dt.date(2040, 7, 2))
    client.post(url(event), typed(event, client, first_date="2040-07-01", title_en="Other"))
    changed = Event.objects.get()
    assert (changed.title_en, changed.first_date) == ("Other", day)
    said = "Announced days change by postponing or moving the event" in client.get(url(event)).content.decode()
    assert said == (state == EventState.OPEN)


def test_capacity_below_use_changes_nothing_at_all(client, event):
    event.quotas.create(seats=10)
    RegistrationFactory.create_batch(3, delegation=DelegationFactory(event=event))
    response = client.post(url(event), typed(event, client, capacity="2", title_en="Other"))
    assert list(response.context["form"].errors) == ["capacity"]
    assert (Event.objects.get().title_en, event.quotas.get(delegation=None).seats) == (event.title_en, 10)


def test_event_is_read_and_not_changed_without_the_act(client, event):
    client.force_login(StaffRoleFactory(event=event, role=StaffRoleName.OBSERVER).user)
    response = client.get(url(event))
    assert all(field.field.disabled for field in response.context["form"])
    assert "Save these changes" not in response.content.decode()
    assert client.post(url(event), {"title_en": "Other"}).status_code == 403


def test_event_that_is_closed_is_only_read(client, event):
    data = typed(event, client, title_en="Other")
    Event.objects.update(state=EventState.CLOSED)
    assert (client.get(url(event)).status_code, client.post(url(event), data).status_code) == (200, 403)


def fill(event, count):
    """Rows of every kind the dashboard counts."""
    for n in range(count):
        delegation = DelegationFactory(event=event, answer=Answer.COMING if n else Answer.INVITED)
        FocalPointFactory(delegation=delegation)
        RegistrationFactory(delegation=delegation, state=RegistrationState.SUBMITTED)
        approved = RegistrationFactory(delegation=delegation, state=RegistrationState.APPROVED)
        late = {"phase": "second", "sealed": "x", "saved_at": hours_from_now(-1), "late_at": hours_from_now(-1)}
        RegistrationDraft.objects.create(event=event, registration=approved, **late)
        PendingChange.objects.create(event=event, registration=approved, field="family_name", value="X", asked_at=hours_from_now(-1))
        queue(kind="test", to="a@example.org", language="en", subject="S", text="T", dedup_key=f"d{n}", event=event)
    OutboxMail.objects.update(state=MailState.FAILED)
    release, draft, room = ReleaseFactory(event=event), ReleaseFactory(event=event, number=None), RoomFactory(event=event)
    at = dt.datetime(2040, 7, 2, 8, tzinfo=dt.UTC)
    for _ in range(count + 1):
        session = SessionFactory(event=event)
        SlotFactory(session=session, release=draft, room=room, start_at=at)
        if count > 1:
            SlotFactory(session=session, release=release, room=room, start_at=at + dt.timedelta(hours=4))


def test_dashboard_says_what_needs_whom(client, event):
    fill(event, 3)
    response = client.get(url(event, "dashboard"))
    words = {need["words"]: need["url"].partition("?")[2] for need in response.context["needs"]}
    assert {word: query for word, query in words.items() if "conflict" not in word} == {
        "3 registrations to decide": "",
        "3 people changed after approval": "",
        "3 forms sent late": "",
        "1 delegation has not answered": "answer=invited",
        "3 invitations to send": "",
        "3 messages failed or came back": "state=needs",
    }
    assert any("conflict" in word for word in words)
    assert response.context["agenda"]["changes"] == 4
    assert [(part["value"], part["count"]) for part in response.context["delegations"]["parts"]] == [("coming", 2), ("invited", 1)]
    assert sum(float(part["width"]) for part in response.context["people"]["parts"]) == pytest.approx(400, abs=1)


def test_dashboard_shows_each_role_its_part(client, event):
    fill(event, 1)
    shown = {}
    for role in StaffRoleName:
        client.force_login(StaffRoleFactory(event=event, role=role).user)
        context = client.get(url(event, "dashboard")).context
        shown[role.value] = [name for name in ("delegations", "people", "mail") if context[name]]
    everything, people = ["delegations", "people", "mail"], ["delegations", "people"]
    assert shown == {
        "manager": everything,
        "programme": [],
        "accreditation": everything,
        "security": people,
        "press": [],
        "reception": people,
        "observer": people,
    }


@pytest.mark.parametrize("count", [2, 4])
def test_dashboard_costs_the_same_for_any_number(client, event, count, django_assert_num_queries):
    fill(event, count)
    with django_assert_num_queries(31):
        client.get(url(event, "dashboard"))


def test_dashboard_of_an_empty_event_says_that_nothing_waits(client, event):
    body = client.get(url(event, "dashboard")).content.decode()
    assert ("Nothing waits for you." in body, "Nothing is released yet; the draft holds 0 sessions." in body) == (True, True)


@pytest.mark.parametrize("count", [1, 3])
def test_index_costs_the_same_for_any_number_of_events(client, event, count, django_assert_num_queries):
    user = event.staff_roles.get().user
    for _ in range(count - 1):
        StaffRoleFactory(user=user)
    EventFactory()  # somebody else's
    with django_assert_num_queries(10):
        response = client.get(reverse("admin:index"))
    assert len(response.context["rows"]) == count


def test_index_shows_what_waits_in_each_event(client, event):
    fill(event, 2)
    (row,) = client.get(reverse("admin:index")).context["rows"]
    assert (row["event"], row["roles"], row["to_decide"], row["failed"]) == (event, ["Event manager"], 2, 2)


def test_index_shows_each_role_what_is_theirs_to_decide(client, event):
    fill(event, 2)
    Event.objects.update(security_decides=True)
    names, shown = ("to_decide", "to_clear", "late", "failed"), {}
    for role in StaffRoleName:
        client.force_login(StaffRoleFactory(event=event, role=role).user)
        (row,) = client.get(reverse("admin:index")).context["rows"]
        shown[role] = tuple(row[name] for name in names)
    officer, nothing = (2, 0, 0, 2), (0, 0, 0, 0)
    assert shown == dict.fromkeys(StaffRoleName, nothing) | {
        StaffRoleName.MANAGER: officer,
        StaffRoleName.ACCREDITATION: officer,
        StaffRoleName.SECURITY: (0, 2, 0, 0),
    }


def test_event_is_made_by_superusers_only(client, event):
    address = reverse("admin:new_event")
    assert (client.get(address).status_code, client.post(address, {}).status_code) == (403, 403)
    user = UserFactory(is_superuser=True)
    client.force_login(user)
    data = {"series": SeriesFactory().pk, "title": "Meeting", "slug": event.slug, "zone": "Europe/Brussels", "working_language": "fr"}
    wrong = client.post(address, data | {"first_date": "2040-01-02", "last_date": "2040-01-01"})
    assert sorted(wrong.context["form"].errors) == ["last_date", "slug"]
    client.post(address, data | {"slug": "new", "first_date": "2040-01-01", "last_date": "2040-01-02"})
    made = Event.objects.get(slug="new")
    assert (made.title_fr, made.state, made.staff_roles.get().user) == ("Meeting", EventState.DRAFT, user)


def test_lists_of_the_site_are_our_own_only():
    assert {model._meta.label for model in admin.site._registry} == {"delegates.ReasonTemplate", "events.Organisation", "events.Series"}
