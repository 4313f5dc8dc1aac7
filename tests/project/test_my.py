"""What a signed-in person finds on their own page."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from delegates.choices import Answer, RegistrationState
from delegates.models import Delegation, Registration
from events.choices import EventState, StaffRoleName
from tests.factories import (
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    QuestionFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
    days_from_now,
    hours_from_now,
)

pytestmark = pytest.mark.django_db

LIMITS = {"answer_by_at": 3, "nominate_by_at": 5, "confirm_by_at": 7, "travel_by_at": 9, "freeze_at": 11}  # days of a month


@pytest.fixture
def user(client):
    user = UserFactory(name="Ana")
    client.force_login(user)
    return user


def page(client) -> str:
    return client.get(reverse("my")).content.decode()


def test_empty_page_says_that_nothing_waits_and_what_to_do(client, user):
    body = page(client)
    assert "Nothing is waiting for you" in body
    assert "See the events" in body


def test_stranger_is_asked_to_sign_in(client):
    assert client.get(reverse("my")).status_code == 302


def test_page_lists_registration_delegation_and_role_by_event(client, user):
    delegation = DelegationFactory(answer=Answer.COMING)
    event = delegation.event
    FocalPointFactory(delegation=delegation, event=event, user=user)
    RegistrationFactory(delegation=delegation, event=event, invited_at=None)
    registration = RegistrationFactory(delegation=delegation, event=event, user=user, invited_at=hours_from_now(-1))
    StaffRoleFactory(event=event, user=user, role=StaffRoleName.PRESS)
    body = page(client)
    assert body.count('<section class="mine"') == 1
    assert reverse("delegates:register", args=[event.slug, registration.public_id]) in body
    assert reverse("delegates:send", args=[event.slug, delegation.public_id]) in body
    assert "Send 1 invitation" in body
    assert reverse("organise:dashboard", args=[event.slug]) in body
    assert "Press officer" in body


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (RegistrationState.NOMINATED, "Fill in the form"),
        (RegistrationState.RETURNED, "Look at the form again"),
        (RegistrationState.APPROVED, "Read the agenda"),
        (RegistrationState.REFUSED, "Refused"),
    ],
)
def test_registration_shows_its_state_and_next_step(client, user, state, words):
    RegistrationFactory(user=user, state=state, invited_at=hours_from_now(-1))
    assert words in page(client)


def test_silent_delegation_is_asked_for_its_answer(client, user):
    delegation = FocalPointFactory(user=user).delegation
    assert reverse("delegates:answer", args=[delegation.event.slug, delegation.public_id]) in page(client)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (RegistrationState.REQUESTED, "Decide on 1 person"),
        (RegistrationState.OFFERED, "Decide on 1 person"),
        (RegistrationState.PLACEHOLDER, "Name 1 person"),
    ],
)
def test_delegation_says_what_waits_for_its_focal_point(client, user, state, words):
    delegation = DelegationFactory(answer=Answer.COMING)
    FocalPointFactory(delegation=delegation, event=delegation.event, user=user)
    RegistrationFactory(delegation=delegation, event=delegation.event, state=state, invited_at=None, offer_expires_at=hours_from_now(20))
    assert words in page(client)


@time_machine.travel(dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC), tick=False)
def test_each_hat_names_its_next_deadline(client, user):
    limits = {name: dt.datetime(2026, 3, day, 12, tzinfo=dt.UTC) for name, day in LIMITS.items()}
    event = EventFactory(zone="UTC", first_date=dt.date(2026, 3, 20), last_date=dt.date(2026, 3, 21), **limits)
    client.force_login(user)
    delegation = DelegationFactory(event=event, answer=Answer.INVITED)
    FocalPointFactory(delegation=delegation, event=event, user=user)
    assert 'Next deadline: <time datetime="2026-03-03T12:00' in page(client)
    Delegation.objects.update(answer=Answer.COMING)
    assert 'Next deadline: <time datetime="2026-03-05T12:00' in page(client)
    Delegation.objects.update(answer=Answer.DECLINED)
    assert "Next deadline" not in page(client)
    RegistrationFactory(delegation=delegation, event=event, user=user, invited_at=hours_from_now(-1))
    assert 'Next deadline: <time datetime="2026-03-07T12:00' in page(client)
    Registration.objects.update(state=RegistrationState.APPROVED)
    assert "Next deadline" not in page(client)
    QuestionFactory(event=event, phase="second")
    assert 'Next deadline: <time datetime="2026-03-09T12:00' in page(client)


def test_events_to_come_stand_first_and_past_ones_last(client, user):
    past = EventFactory(first_date=days_from_now(-30), title_en="Past one")
    later, sooner = (EventFactory(first_date=days_from_now(days), title_en=title) for days, title in ((90, "Later"), (30, "Sooner")))
    for event in (past, later, sooner):
        RegistrationFactory(event=event, user=user, state=RegistrationState.APPROVED)
    response = client.get(reverse("my"))
    assert [item["event"].title for item in response.context["mine"]] == ["Sooner", "Later", "Past one"]


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.ARCHIVED])
def test_event_whose_pages_are_not_open_is_not_listed(client, user, state):
    RegistrationFactory(event=EventFactory(state=state), user=user, state=RegistrationState.APPROVED)
    FocalPointFactory(event=EventFactory(state=state), user=user)
    assert client.get(reverse("my")).context["mine"] == []


def test_nothing_of_others_is_listed(client, user):
    RegistrationFactory(user=UserFactory(), state=RegistrationState.APPROVED)
    FocalPointFactory(user=UserFactory())
    FocalPointFactory(user=user, until_at=hours_from_now(-1))
    RegistrationFactory(user=user, invited_at=None)
    assert client.get(reverse("my")).context["mine"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_for_any_number_of_events(client, user, count, django_assert_num_queries):
    for _number in range(count):
        FocalPointFactory(user=user)
        RegistrationFactory(user=user, state=RegistrationState.APPROVED)
        StaffRoleFactory(user=user)
    with django_assert_num_queries(7):
        response = client.get(reverse("my"))
    assert len(response.context["mine"]) == 3 * count


def test_settings_are_kept(client, user):
    typed = {"name": "Ana María", "language": "fr", "time_zone": "America/New_York"}
    assert client.post(reverse("my_settings"), typed).url == reverse("my")
    user.refresh_from_db()
    assert (user.name, user.language, user.time_zone) == ("Ana María", "fr", "America/New_York")


def test_wrong_settings_come_back_with_what_was_typed(client, user):
    response = client.post(reverse("my_settings"), {"name": "Ana María", "language": "tlh", "time_zone": "Mars/Olympus"})
    assert response.context["form"].errors.keys() == {"language", "time_zone"}
    assert response.context["form"]["name"].value() == "Ana María"
    user.refresh_from_db()
    assert user.name == "Ana"


def test_page_links_to_every_part_of_the_account(client, user):
    body = page(client)
    for name in ("my_settings", "mfa_index", "account_change_password", "usersessions_list"):
        assert reverse(name) in body


def test_page_leads_an_approved_person_to_the_second_form_they_owe(client, user):
    registration = RegistrationFactory(user=user, state=RegistrationState.APPROVED)
    details = reverse("delegates:details", args=[registration.event.slug, registration.public_id])
    assert details not in page(client)
    QuestionFactory(event=registration.event, phase="second")
    assert details in page(client)
    registration.details_at = hours_from_now(-1)
    registration.save(update_fields=["details_at"])
    assert details not in page(client)
