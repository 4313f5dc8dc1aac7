"""Home, the event's page, languages, answers to browsers that ask again, health and errors."""

import datetime as dt

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conference.lib.viewer import SYSTEM
from delegates.choices import Answer, Standing
from events.actions import record
from events.choices import Audience, DelegationsShown, EventState, OrganisationKind, ProtocolOrder
from events.outbox import queue
from sessions.models import Release
from tests.factories import (
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    OrganisationFactory,
    PressReleaseFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
    VenueFactory,
    days_from_now,
    hours_from_now,
)

pytestmark = pytest.mark.django_db


def page(client, event, **headers):
    response = client.get(event.get_absolute_url(), headers=headers)
    return response, response.content.decode()


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


# Home


@pytest.mark.parametrize("count", [1, 3])
def test_home_costs_the_same_for_any_number_of_events(client, count, django_assert_num_queries):
    for event in EventFactory.create_batch(count):
        VenueFactory(event=event, city_audience=Audience.PUBLIC)
    with django_assert_num_queries(2):
        response = client.get(reverse("home"))
    assert len(response.context["coming"]) == count


def test_home_lists_the_soonest_first_and_the_latest_past_first(client):
    for days in (30, 10, -400, -30):
        EventFactory(slug=f"in-{days}", first_date=days_from_now(days))
    context = client.get(reverse("home")).context
    assert [item["event"].slug for item in context["coming"]] == ["in-10", "in-30"]
    assert [item["event"].slug for item in context["past"]] == ["in--30", "in--400"]


@pytest.mark.parametrize(
    ("state", "audience", "listed"),
    [
        (EventState.DRAFT, Audience.PUBLIC, False),
        (EventState.ANNOUNCED, Audience.PUBLIC, True),
        (EventState.OPEN, Audience.PUBLIC, True),
        (EventState.CLOSED, Audience.PUBLIC, True),
        (EventState.CANCELLED, Audience.PUBLIC, True),
        (EventState.ARCHIVED, Audience.PUBLIC, False),
        (EventState.OPEN, Audience.PARTICIPANTS, False),
        (EventState.OPEN, Audience.ORGANISERS, False),
    ],
)
def test_home_lists_what_anyone_may_see(client, state, audience, listed):
    EventFactory(state=state, audience=audience, title_en="Canary meeting")
    assert ("Canary meeting" in client.get(reverse("home")).content.decode()) == listed


def test_home_shows_nothing_more_to_one_who_takes_part():
    registration = RegistrationFactory(user=UserFactory(), state="approved", event=EventFactory(audience=Audience.PARTICIPANTS))
    html = signed_in(registration.delegate.user).get(reverse("home")).content.decode()
    assert registration.event.title not in html


def test_home_without_events_says_why(client):
    assert "No conference is announced" in client.get(reverse("home")).content.decode()


def test_home_names_the_town_only_to_its_audience(client):
    event = EventFactory()
    VenueFactory(event=event, city_en="Canaryville", country="HU", country_audience=Audience.PUBLIC)
    html = client.get(reverse("home")).content.decode()
    assert "Hungary" in html
    assert "Canaryville" not in html


# The event's page


@pytest.mark.parametrize("count", [1, 3])
def test_event_costs_the_same_for_any_number_of_delegations(client, count, django_assert_num_queries):
    event = EventFactory(delegations_audience=Audience.PUBLIC, delegations_shown=DelegationsShown.ORGANISATIONS)
    DelegationFactory.create_batch(count, event=event, answer=Answer.COMING)
    with django_assert_num_queries(6):
        response = client.get(event.get_absolute_url())
    assert len(response.context["delegations"]) == count


def test_event_that_is_not_public_does_not_exist(client):
    event = EventFactory(audience=Audience.PARTICIPANTS)
    assert page(client, event)[0].status_code == 404


@pytest.mark.parametrize("seen", ["country", "city", "address"])
def test_each_part_of_the_venue_waits_for_its_audience(client, seen):
    event = EventFactory()
    seen_by_all = {f"{seen}_audience": Audience.PUBLIC}
    VenueFactory(event=event, country="HU", city_en="Cityname", address="Streetname 1", name_en="Venuename", **seen_by_all)
    _response, html = page(client, event)
    shown = {part for part, word in (("country", "Hungary"), ("city", "Cityname"), ("address", "Streetname")) if word in html}
    assert shown == {seen}
    assert ("Venuename" in html) == (seen == "address")


def host_of(event, country="BE"):
    organisation = OrganisationFactory(name_en="Hostname", country=country)
    return DelegationFactory(event=event, organisation=organisation, standing=Standing.HOST)


def test_host_is_named_to_its_audience_only(client):
    event = EventFactory()
    host_of(event)
    assert "Hostname" not in page(client, event)[1]
    event.host_audience = Audience.PUBLIC
    event.save()
    assert "Hostname" in page(client, event)[1]


@pytest.mark.parametrize(
    ("country", "day", "said"),
    [
        ("BE", dt.date(2024, 4, 25), "Under the Belgian presidency of the Council of the European Union"),
        ("BE", dt.date(2024, 7, 1), ""),
        ("HU", dt.date(2024, 7, 1), "Under the Hungarian presidency of the Council of the European Union"),
        ("US", dt.date(2024, 4, 25), ""),
        ("BE", dt.date(2035, 1, 1), ""),
    ],
)
def test_presidency_is_said_only_when_the_host_holds_it_that_day(client, country, day, said):
    event = EventFactory(first_date=day, host_audience=Audience.PUBLIC)
    host_of(event, country)
    response, html = page(client, event)
    assert response.context["presidency"] == said
    assert ("presidency of the Council" in html) == bool(said)


def test_presidency_is_not_said_where_the_host_is_not(client):
    event = EventFactory(first_date=dt.date(2024, 4, 25), delegations_audience=Audience.PUBLIC, delegations_shown=DelegationsShown.NUMBER)
    host_of(event)
    assert "presidency of the Council" not in page(client, event)[1]


def three_delegations(event):
    for country, name in (("US", "Zulu"), ("HU", "Mike"), ("BE", "Alfa")):
        DelegationFactory(event=event, organisation=OrganisationFactory(name_en=name, country=country), answer=Answer.COMING)


@pytest.mark.parametrize(
    ("shown", "number", "states", "organisations"),
    [
        (DelegationsShown.NONE, False, False, False),
        (DelegationsShown.NUMBER, True, False, False),
        (DelegationsShown.STATES, False, True, False),
        (DelegationsShown.ORGANISATIONS, True, True, True),
    ],
)
def test_list_of_delegations_shows_no_more_than_chosen(client, shown, number, states, organisations):
    event = EventFactory(delegations_audience=Audience.PUBLIC, delegations_shown=shown)
    three_delegations(event)
    _response, html = page(client, event)
    assert ("3 delegations take part" in html, "Hungary" in html, "Mike" in html) == (number, states, organisations)


def test_list_of_delegations_waits_for_its_audience(client):
    event = EventFactory(delegations_audience=Audience.PARTICIPANTS, delegations_shown=DelegationsShown.ORGANISATIONS)
    three_delegations(event)
    assert "Mike" not in page(client, event)[1]


def test_list_of_delegations_names_only_those_who_come(client):
    event = EventFactory(delegations_audience=Audience.PUBLIC, delegations_shown=DelegationsShown.ORGANISATIONS)
    for answer in Answer:
        DelegationFactory(event=event, organisation=OrganisationFactory(name_en=f"Service {answer}"), answer=answer)
    names = [organisation.name for organisation in page(client, event)[0].context["delegations"]]
    assert names == ["Service coming"]


@pytest.mark.parametrize(
    ("order", "host_first", "host_audience", "names"),
    [
        (ProtocolOrder.EU_PROTOCOL, False, "public", ["Belgium", "Hostland", "Council", "America"]),
        (ProtocolOrder.EU_PROTOCOL, True, "public", ["Hostland", "Belgium", "Council", "America"]),
        (ProtocolOrder.EU_PROTOCOL, True, "organisers", ["Belgium", "Hostland", "Council", "America"]),
        (ProtocolOrder.ALPHABETICAL, False, "public", ["Belgium", "Council", "Hostland", "America"]),
    ],
)
def test_delegations_stand_in_the_order_of_the_event_and_a_hidden_host_not_first(client, order, host_first, host_audience, names):
    event = EventFactory(
        delegations_audience=Audience.PUBLIC,
        delegations_shown=DelegationsShown.ORGANISATIONS,
        protocol_order=order,
        host_first=host_first,
        host_audience=host_audience,
    )
    coming = {"event": event, "answer": Answer.COMING}
    DelegationFactory(organisation=OrganisationFactory(name_en="America", country="US"), **coming)
    DelegationFactory(organisation=OrganisationFactory(name_en="Hostland", country="HU"), standing=Standing.HOST, **coming)
    DelegationFactory(organisation=OrganisationFactory(name_en="Council", kind=OrganisationKind.EU, country="", treaty_rank=3), **coming)
    DelegationFactory(organisation=OrganisationFactory(name_en="Belgium", country="BE"), **coming)
    assert [organisation.name for organisation in page(client, event)[0].context["delegations"]] == names


def test_kosovo_carries_its_footnote(client):
    event = EventFactory(delegations_audience=Audience.PUBLIC, delegations_shown=DelegationsShown.STATES)
    assert "UNSCR 1244/1999" not in page(client, event)[1]
    DelegationFactory(event=event, organisation=OrganisationFactory(country="XK"), answer=Answer.COMING)
    assert "UNSCR 1244/1999" in page(client, event)[1]


def test_other_editions_are_linked_only_where_they_may_be_opened(client):
    before = EventFactory(title_en="Edition before", first_date=dt.date(2020, 1, 1), audience=Audience.PARTICIPANTS)
    event = EventFactory(previous=before)
    after = EventFactory(title_en="Edition after", previous=event, state=EventState.DRAFT)
    html = page(client, event)[1]
    assert "Edition before" not in html
    assert "Edition after" not in html
    before.audience, after.state = Audience.PUBLIC, EventState.ANNOUNCED
    before.save()
    after.save()
    html = page(client, event)[1]
    assert "Edition before" in html
    assert "Edition after" in html


def test_participant_of_one_edition_is_none_of_another():
    event = EventFactory()
    EventFactory(title_en="Edition after", previous=event, audience=Audience.PARTICIPANTS)
    registration = RegistrationFactory(event=event, user=UserFactory(), state="approved")
    assert "Edition after" not in page(signed_in(registration.delegate.user), event)[1]


def test_external_edition_shows_name_dates_host_and_link_only(client):
    event = EventFactory(
        is_external=True,
        link="https://example.org/edition",
        summary_en="Summaryword",
        practical_en="Practicalword",
        host_audience=Audience.PUBLIC,
        delegations_audience=Audience.PUBLIC,
        delegations_shown=DelegationsShown.ORGANISATIONS,
        languages=["fr"],
    )
    VenueFactory(event=event, address="Streetword", address_audience=Audience.PUBLIC)
    Release.objects.create(event=event, number=1, released_at=timezone.now())
    host_of(event)
    html = page(client, event)[1]
    assert [word in html for word in ("https://example.org/edition", "Hostname", event.title)] == [True] * 3
    hidden = ("Summaryword", "Practicalword", "Streetword", "Languages of the meeting", "Delegations", "Agenda")
    assert [word in html for word in hidden] == [False] * 6


def test_agenda_is_linked_once_it_is_released(client):
    event = EventFactory()
    address = f"/en/events/{event.slug}/agenda/"
    Release.objects.create(event=event)
    assert address not in page(client, event)[1]
    released = Release.objects.create(event=event, number=1, released_at=timezone.now())
    record(SYSTEM, "agenda.release", released, event=event)
    assert address in page(client, event)[1]


@pytest.mark.parametrize(
    ("state", "first", "freeze", "said"),
    [
        (EventState.ANNOUNCED, 60, 50, ""),
        (EventState.OPEN, 60, 50, "Registration is open to invited delegations"),
        (EventState.OPEN, 60, -1, "Registration is closed"),
        (EventState.OPEN, 0, -1, "Under way"),
        (EventState.OPEN, -60, -70, ""),
        (EventState.CLOSED, -60, -70, ""),
        (EventState.CANCELLED, 60, 50, "Cancelled"),
    ],
)
def test_event_says_where_it_stands(client, state, first, freeze, said):
    event = EventFactory(state=state, first_date=days_from_now(first), confirm_by_at=None, freeze_at=hours_from_now(24 * freeze))
    html = page(client, event)[1]
    words = ("Registration is open to invited delegations", "Registration is closed", "Under way", "Cancelled")
    assert [word for word in words if word in html] == ([said] if said else [])


# Languages


def test_language_switch_stays_on_the_page(client):
    event = EventFactory()
    html = client.get(event.get_absolute_url(), {"a": "b c"}).content.decode()
    for code in ("fr", "nl", "de"):
        assert f'<a href="/{code}/events/{event.slug}/?a=b+c" lang="{code}" hreflang="{code}">' in html


def test_search_engines_learn_only_of_languages_with_text(client):
    event = EventFactory(title_en="One", title_fr="Un")
    html = page(client, event)[1]
    assert [f'rel="alternate" hreflang="{code}"' in html for code in ("en", "fr", "nl", "de")] == [True, True, False, False]
    assert f'hreflang="x-default" href="http://testserver/events/{event.slug}/"' in html


def test_text_in_a_fallback_language_carries_it(client):
    event = EventFactory(title_en="", title_fr="Réunion de travail", working_language="fr")
    html = client.get(f"/de/events/{event.slug}/").content.decode()
    assert '<html lang="de"' in html
    assert '<span lang="fr">Réunion de travail</span>' in html


@pytest.mark.parametrize(("accepted", "prefix"), [("nl-BE,nl;q=0.9,en;q=0.5", "nl"), ("de", "de"), ("pt", "en"), ("", "en")])
def test_bare_address_goes_by_the_preference_of_the_browser(client, accepted, prefix):
    event = EventFactory()
    response = client.get(f"/events/{event.slug}/", headers={"accept-language": accepted})
    assert (response.status_code, response.url) == (302, f"/{prefix}/events/{event.slug}/")
    assert "Accept-Language" in response.headers["Vary"]


def test_language_is_kept_for_one_who_is_signed_in():
    user = UserFactory(language="en")
    response = signed_in(user).post(reverse("choose_language"), {"language": "nl", "next": "/admin/"})
    user.refresh_from_db()
    assert (response.url, user.language) == ("/admin/", "nl")


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org/", "javascript:alert(1)", "", "/\\example.org"])
def test_language_choice_leads_nowhere_else(target):
    response = signed_in(UserFactory()).post(reverse("choose_language"), {"language": "fr", "next": target})
    assert response.url == reverse("my")


def test_unknown_language_is_not_kept():
    user = UserFactory(language="en")
    signed_in(user).post(reverse("choose_language"), {"language": "xx"})
    user.refresh_from_db()
    assert user.language == "en"


# Answers to browsers that ask again


def test_stranger_may_keep_a_public_page_and_must_ask_again(client):
    event = EventFactory()
    response, _html = page(client, event)
    assert response.headers["Cache-Control"] == "no-cache"
    assert "Cookie" in response.headers["Vary"]
    again, _html = page(client, event, if_none_match=response.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_changed_page_is_sent_anew(client):
    event = EventFactory()
    etag = page(client, event)[0].headers["ETag"]
    event.title_en = "Another title"
    event.save()
    assert page(client, event, if_none_match=etag)[0].status_code == 200


def test_nothing_is_kept_of_a_page_for_one_who_is_signed_in():
    response, _html = page(signed_in(UserFactory()), EventFactory())
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def test_public_page_sets_no_cookie(client):
    assert not page(client, EventFactory())[0].cookies


# Who is signed in, and their hats


def test_header_offers_what_a_person_may_open(client):
    event = EventFactory()
    person, organiser = UserFactory(name="Name of person"), StaffRoleFactory(event=event).user
    assert "Sign in" in page(client, event)[1]
    html = page(signed_in(person), event)[1]
    assert ["Name of person" in html, "Sign out" in html, 'href="/admin/"' in html] == [True, True, False]
    assert 'href="/admin/"' in page(signed_in(organiser), event)[1]


def test_hat_is_chosen_only_by_one_who_has_several():
    user, event = UserFactory(), EventFactory()
    registration = RegistrationFactory(event=event, user=user, state="approved")
    assert 'name="hat"' not in page(signed_in(user), event)[1]
    FocalPointFactory(user=user, delegation=registration.delegation)
    assert 'name="hat"' in page(signed_in(user), event)[1]


# Health


def test_healthz_says_ok_without_a_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.content, response.headers["Content-Type"]) == (200, b"ok", "text/plain; charset=utf-8")


def test_readyz_says_ok(client):
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ok")


def mail(key):
    return queue(kind="test", to="someone@example.org", language="en", subject="Subject", text="Text", dedup_key=key)


def test_readyz_says_no_when_mail_waits_too_long(client):
    with time_machine.travel(timezone.now() - dt.timedelta(minutes=16), tick=False):
        waiting = mail("late")
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"not ready")
    waiting.state = "sent"
    waiting.save()
    assert client.get("/readyz").status_code == 200


def test_readyz_lets_young_mail_wait(client):
    mail("young")
    assert client.get("/readyz").status_code == 200


def test_readyz_says_no_when_a_migration_is_missing(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'events'")
    assert client.get("/readyz").status_code == 503


def test_readyz_says_no_when_the_cache_does_not_keep(client, monkeypatch):
    monkeypatch.setattr(type(cache._connections[cache._alias]), "get", lambda self, key, *rest, **options: None)
    assert client.get("/readyz").content == b"not ready"


# Errors


def test_address_that_is_nothing_offers_to_sign_in(client):
    strangers = client.get("/en/nothing/")
    assert strangers.status_code == 404
    assert "There is nothing for you at this address" in strangers.content.decode()
    assert f'href="{reverse("account_login")}"' in strangers.content.decode()


def test_hidden_event_answers_as_one_that_does_not_exist(client):
    EventFactory(slug="same-length-a", state=EventState.DRAFT)
    hidden = client.get("/en/events/same-length-a/").content.decode().replace("same-length-a", "x")
    absent = client.get("/en/events/same-length-b/").content.decode().replace("same-length-b", "x")
    assert hidden == absent


def test_form_without_its_token_gets_a_page_that_explains():
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory())
    response = client.post(reverse("choose_language"), {"language": "fr"})
    assert response.status_code == 403
    assert "The form was not accepted" in response.content.decode()


def test_failure_gets_a_plain_page(client, monkeypatch):
    EventFactory(slug="broken")
    monkeypatch.setattr("events.rules.phase", lambda event, at: 1 / 0)
    client.raise_request_exception = False
    response = client.get("/fr/events/broken/")
    assert response.status_code == 500
    assert '<html lang="fr">' in response.content.decode()
    assert "ZeroDivisionError" not in response.content.decode()


def test_event_links_its_press_releases(client):
    event = EventFactory()
    release = PressReleaseFactory(event=event)
    assert release.get_absolute_url() in page(client, event)[1]
