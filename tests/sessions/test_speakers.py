"""The list of speakers, page by page, with its search; and what of an agenda is one's own."""

import pytest
from django.urls import reverse
from django.utils import timezone

from conference.lib import tokens
from delegates.choices import Category, RegistrationState
from events.choices import Audience
from sessions.choices import Label, PublicIdentity, Role
from sessions.models import CalendarFeed, Star
from sessions.views.speakers import PER_PAGE
from tests.factories import (
    ContributionFactory,
    DelegationFactory,
    EventFactory,
    InterventionFactory,
    OrganisationFactory,
    RegistrationFactory,
    SessionFactory,
    SpeakerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory()


def public_session(event, **facts):
    return SessionFactory(**{"event": event, "audience": Audience.PUBLIC, "label": Label.CLEAR, "released": True} | facts)


def speaks(session, name, identity=PublicIdentity.FULL, role=Role.SPEAKER, **facts):
    speaker = SpeakerFactory(event=session.event, name=name, public_identity=identity, **facts)
    ContributionFactory(slot=session.slots.get(), speaker=speaker, role=role)
    return speaker


def participant(client, event, **facts):
    delegation = DelegationFactory(event=event, organisation=OrganisationFactory(country="FR"))
    user = UserFactory()
    facts = {"state": RegistrationState.APPROVED, "invited_at": timezone.now()} | facts
    registration = RegistrationFactory(delegation=delegation, user=user, **facts)
    client.force_login(user)
    return registration


def ask(client, event, query="", status=200):
    response = client.get(reverse("sessions:speakers", args=[event.slug]) + query)
    assert response.status_code == status
    return response


def names(response):
    return [person.name for person in response.context["page"].object_list]


def test_people_stand_once_in_the_order_of_the_alphabet(client, event):
    one, two = public_session(event), public_session(event)
    zoe = speaks(one, "Zoë Ørsted", function_en="Judge", organisation="A court")
    ContributionFactory(slot=two.slots.get(), speaker=zoe, role=Role.CHAIR)
    for name in ("Émile B", "eda A", "Łukasz C", "Lars D"):
        speaks(two, name)
    response = ask(client, event)
    assert names(response) == ["eda A", "Émile B", "Lars D", "Łukasz C", "Zoë Ørsted"]
    body = response.content.decode()
    assert ("Judge, A court" in body, reverse("sessions:speaker", args=[event.slug, zoe.public_id]) in body) == (True, True)


def test_only_the_identity_chosen_is_listed(client, event):
    session = public_session(event)
    speaks(session, "Full Name")
    speaks(session, "Zqfunction Name", PublicIdentity.FUNCTION, function_en="Analyst")
    speaks(session, "Zqhidden Name", PublicIdentity.HIDDEN)
    speaks(session, "Zqinterpreter Name", role=Role.INTERPRETER)
    speaks(public_session(event, audience=Audience.EU), "Zqinner Name")
    speaks(public_session(event, audience=Audience.EU, label=Label.RED), "Zqred Name")
    assert names(ask(client, event)) == ["Full Name"]
    participant(client, event)
    assert names(ask(client, event)) == ["Full Name", "Zqinner Name"]


def test_search_finds_what_the_public_knows(client, event):
    """A participant who reads a name beside a session does not find it by words: that would tie it to a function."""
    inner = public_session(event, audience=Audience.EU)
    speaks(inner, "Zqanna Function", PublicIdentity.FUNCTION, function_en="Analyst")
    speaks(inner, "Zqbert Full", function_en="Minister of Justice")
    participant(client, event)
    assert names(ask(client, event)) == ["Zqanna Function", "Zqbert Full"]
    for words, found in {"zqbert": 1, "JUSTICE+minister": 1, "zqanna": 0, "analyst": 0, "nobody": 0}.items():
        assert len(names(ask(client, event, f"?q={words}"))) == found


def test_pages(client, event):
    session = public_session(event)
    for n in range(PER_PAGE + 1):
        speaks(session, f"Person {n:03}")
    first, second = ask(client, event), ask(client, event, "?page=2")
    assert (len(names(first)), names(second)) == (PER_PAGE, [f"Person {PER_PAGE:03}"])
    assert ("?page=2" in first.content.decode(), 'rel="prev"' in second.content.decode()) == (True, True)
    for query in ("?page=1", "?page=3", "?page=0", "?page=x", "?page=-1", "?page=99999999999"):
        ask(client, event, query, status=404)
    ask(client, event, "?x=1", status=302)


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_for_any_number_of_people(client, event, count, django_assert_num_queries):
    session = public_session(event)
    for n in range(count):
        speaks(session, f"Person {n}")
    with django_assert_num_queries(7):  # event, slots, rooms, tracks, two for people; the parts of the event
        ask(client, event)
    with django_assert_num_queries(1):  # the event's stamp
        ask(client, event)


# One's own agenda.


@pytest.fixture
def mine(client, event):
    """Sessions of which some are one's own: starred, with a part, with a turn, with a turn of one's delegation."""
    registration = participant(client, event)
    sessions = {name: public_session(event, title_en=f"Zq{name}") for name in ("starred", "part", "turn", "ours", "dropped", "other")}
    Star.objects.create(event=event, registration=registration, session=sessions["starred"])
    me = SpeakerFactory(event=event, registration=registration)
    ContributionFactory(slot=sessions["part"].slots.get(), speaker=me)
    InterventionFactory(slot=sessions["turn"].slots.get(), speaker=me, delegation=None)
    InterventionFactory(slot=sessions["ours"].slots.get(), delegation=registration.delegation)
    InterventionFactory(slot=sessions["dropped"].slots.get(), speaker=me, delegation=None, is_dropped=True)
    InterventionFactory(slot=sessions["other"].slots.get(), delegation=DelegationFactory(event=event))
    registration.expected = {"starred", "part", "turn", "ours"}
    registration.all = {*sessions}
    return registration


def found_in(text, registration):
    return {name for name in registration.all if f"Zq{name}" in text}


def test_own_agenda_holds_ones_own_parts_and_turns(client, event, mine):
    body = client.get(reverse("sessions:agenda", args=[event.slug]) + "?mine=1").content.decode()
    assert found_in(body, mine) == mine.expected


def test_private_calendar_of_ones_own(client, event, mine):
    secret = tokens.secret()
    CalendarFeed.objects.create(
        event=event, registration=mine, secret_digest=tokens.digest(secret), language="en", created_at=timezone.now()
    )
    url = reverse("private_calendar", args=[secret])
    assert found_in(client.get(url).content.decode(), mine) == mine.all
    assert found_in(client.get(f"{url}?starred").content.decode(), mine) == mine.expected


def test_own_part_opens_nothing(client, event):
    """A turn of one's delegation in a session that one may not see does not show it."""
    registration = participant(client, event, category=Category.PRESS)
    session = public_session(event, audience=Audience.EU, title_en="Zqhidden")
    InterventionFactory(slot=session.slots.get(), delegation=registration.delegation)
    assert "Zqhidden" not in client.get(reverse("sessions:agenda", args=[event.slug]) + "?mine=1").content.decode()
