"""A sign-in ends after half an hour without use and after eight hours in all; what was being typed is not lost."""

import datetime as dt

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conference.lib import drafts, signin
from delegates.models import Registration
from events.choices import Audience
from events.models import PressRelease, StaffRole
from tests.factories import DelegationFactory, EventFactory, FocalPointFactory, StaffRoleFactory, UserFactory

pytestmark = pytest.mark.django_db
BEGIN = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
SECRET = "a long sentence for tests"


@pytest.fixture
def clock():
    with time_machine.travel(BEGIN, tick=False) as travel:
        yield travel


@pytest.fixture
def user(clock, client):
    user = UserFactory(password=SECRET)
    client.force_login(user)
    return user


def my(client) -> int:
    return client.get(reverse("my")).status_code


def sign_in(client, user, page: str):
    """Sign in through the real page."""
    token = client.get(reverse("account_login")).context["csrf_token"]
    data = {"login": user.email, "password": SECRET, "next": page, "csrfmiddlewaretoken": str(token)}
    return client.post(reverse("account_login"), data, headers={"origin": "http://testserver"})


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (30, 302)])
def test_sign_in_ends_half_an_hour_after_its_last_use(clock, client, user, minutes, status):
    assert my(client) == 200
    clock.shift(dt.timedelta(minutes=minutes))
    assert (my(client), SESSION_KEY in client.session) == (status, status == 200)


def test_sign_in_in_use_goes_on_until_eight_hours_are_over(clock, client, user):
    for _half_hour in range(19):
        clock.shift(dt.timedelta(minutes=25))
        assert my(client) == 200
    clock.shift(dt.timedelta(minutes=6))
    assert my(client) == 302


def test_use_is_written_down_at_most_every_two_minutes(clock, client, user):
    def written() -> int:
        with CaptureQueriesContext(
            connection,
        ) as context:
            my(client)
        return sum("UPDATE" in query["sql"] for query in context.captured_queries)

    seconds = [0, 60, 59, 1, 60, 60]
    found = []
    for pause in seconds:
        clock.shift(pause)
        found.append(written())
    assert found == [0, 0, 0, 1, 0, 1]


def test_real_sign_in_notes_its_moment(clock):
    client, user = Client(), UserFactory(password=SECRET)
    assert sign_in(client, user, reverse("my")).status_code == 302
    assert (client.session["signed_in_at"], client.session["used_at"]) == (int(BEGIN.timestamp()),) * 2


def test_sign_in_from_before_begins_when_it_is_next_used(clock, client, user):
    session = client.session
    del session["signed_in_at"], session["used_at"]
    session.save()
    clock.shift(dt.timedelta(hours=5))
    assert (my(client), client.session["signed_in_at"]) == (200, int(BEGIN.timestamp()) + 5 * 3600)


def test_strangers_with_a_cookie_are_not_signed_out_and_cost_no_write(clock, client):
    client.get(reverse("account_login"))
    session = client.session
    session["language"] = "fr"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    clock.shift(dt.timedelta(hours=1))
    assert (signin.has_ended(client.session, BEGIN), client.get(reverse("home")).status_code) == (False, 200)
    assert "used_at" not in client.session


def test_reader_is_told_why_they_are_signed_out(clock, client, user):
    clock.shift(dt.timedelta(minutes=31))
    page = client.get(reverse("my"), follow=True).content.decode()
    assert "You were signed out because nothing was done here for a while." in page


def test_list_typed_for_forty_minutes_comes_back_after_signing_in_again(clock, client, user):
    delegation = DelegationFactory(event=EventFactory(), seats=5)
    FocalPointFactory(delegation=delegation, user=user)
    page = reverse("delegates:nominate", args=[delegation.event.slug, delegation.public_id])
    shown = client.get(page).context["form"]
    typed = {field.html_name: field.value() or "" for field in shown}
    typed |= {"given_name": "Ágnes", "family_name": "Tóth-Nagy", "email": "agnes@example.org", "function": "x" * 150}
    clock.shift(dt.timedelta(minutes=40))
    response = client.post(page, typed)
    assert response.url == f"{reverse('account_login')}?next={page}"
    assert sign_in(client, user, page).url == page
    again = client.get(page).context["form"]
    assert {name: again[name].value() for name in ("given_name", "family_name", "email", "function")} == {
        name: typed[name] for name in ("given_name", "family_name", "email", "function")
    }
    assert client.post(page, {field.html_name: field.value() or "" for field in again}).status_code == 302
    assert Registration.objects.get().delegate.family_name == "Tóth-Nagy"


@pytest.fixture
def press(user):
    """The page on which a press officer writes a release, and what they typed: long, in every language."""
    role = StaffRoleFactory(user=user, role="press")
    typed = {f"title_{code}": f"Titre é {code}" for code in ("en", "fr", "nl", "de")}
    typed |= {f"text_{code}": "é" * 7_000 for code in ("en", "fr", "nl", "de")}
    return reverse("organise:press_add", args=[role.event.slug]), typed | {"audience": Audience.PUBLIC, "contact": ""}


def test_organisers_form_sent_after_the_sign_in_ended_is_offered_again(clock, client, user, press):
    page, typed = press
    clock.shift(dt.timedelta(minutes=31))
    assert client.post(page, typed).url == f"{reverse('account_login')}?next={page}"
    sign_in(client, user, page)
    offer = client.get(page)
    assert dict(offer.context["pairs"]) == typed
    assert PressRelease.objects.count() == 0
    assert client.post(page, dict(offer.context["pairs"])).status_code == 302
    assert (PressRelease.objects.get().text_fr, client.session[drafts._KEY]) == (typed["text_fr"], {})
    assert "pairs" not in client.get(page).context


def test_offer_may_be_dropped(clock, client, user, press):
    page, typed = press
    clock.shift(dt.timedelta(minutes=31))
    client.post(page, typed)
    sign_in(client, user, page)
    response = client.post(page, typed | {"drop_typed": ""})
    assert (response.status_code, PressRelease.objects.count(), client.session[drafts._KEY]) == (302, 0, {})


def test_button_of_an_organiser_sent_too_late_is_offered_again_too(clock, client, user):
    role = StaffRoleFactory(user=user)
    other = StaffRoleFactory(event=role.event, role="press")
    button = reverse("organise:staff_end", args=[role.event.slug, other.public_id])
    clock.shift(dt.timedelta(minutes=31))
    client.post(button, {"really": "yes"})
    assert sign_in(client, user, button).url == button
    assert client.get(button).context["pairs"] == [("really", "yes")]
    client.post(button, {"really": "yes"})
    assert StaffRole.objects.get(pk=other.pk).until_at == BEGIN + dt.timedelta(minutes=31)


def test_what_one_typed_is_offered_to_nobody_else_at_the_same_browser(clock, client, user, press):
    page, typed = press
    clock.shift(dt.timedelta(minutes=31))
    client.post(page, typed)
    other = UserFactory(password=SECRET)
    StaffRoleFactory(event=StaffRole.objects.get().event, user=other, role="press")
    sign_in(client, other, page)
    assert "pairs" not in client.get(page).context


def test_earlier_drafts_of_the_same_person_outlive_the_end_of_their_sign_in(clock, client, user, press):
    page, typed = press
    session = client.session
    session[drafts._KEY] = {"/elsewhere/": {"sealed": "x", "owner": None}}
    session.save()
    clock.shift(dt.timedelta(minutes=31))
    client.post(page, typed)
    assert {path: draft["owner"] for path, draft in client.session[drafts._KEY].items()} == {"/elsewhere/": user.pk, page: user.pk}


def test_button_without_a_form_to_keep_leads_back_to_its_page(clock, client, user):
    clock.shift(dt.timedelta(minutes=31))
    response = client.post(reverse("choose_hat"), {"event": "x"}, headers={"referer": "http://testserver/en/my/?a=1"})
    assert response.url == f"{reverse('account_login')}?next=/en/my/%3Fa%3D1"
    elsewhere = client.post(reverse("choose_hat"), {"event": "x"}, headers={"referer": "http://elsewhere.example/x"})
    assert elsewhere.url == f"{reverse('account_login')}?next={reverse('choose_hat')}"
