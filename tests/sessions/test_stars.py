"""Stars: under one's registration on the server, for one's own eyes; a star opens nothing and leaves with the registration's data."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from delegates.choices import RegistrationState
from events.choices import Audience
from events.models import AuditEntry, Event
from sessions import actions
from sessions.choices import Label
from sessions.models import Star
from tests.factories import DelegationFactory, EventFactory, OrganisationFactory, RegistrationFactory, SessionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory()


@pytest.fixture
def session(event):
    return SessionFactory(event=event, audience=Audience.PARTICIPANTS, title_en="Starred", released=True)


def participant(client, event, **facts):
    delegation = DelegationFactory(event=event, organisation=OrganisationFactory(country="FR"))
    user = UserFactory()
    facts = {"state": RegistrationState.APPROVED, "invited_at": timezone.now()} | facts
    registration = RegistrationFactory(delegation=delegation, user=user, **facts)
    client.force_login(user)
    return registration


def send(client, session, registration, act="star", hat=None):
    url = reverse("sessions:star", args=[session.event.slug, session.public_id])
    return client.post(url, {"hat": hat or f"registration:{registration.public_id}", "act": act})


def agenda(client, event, query=""):
    return client.get(reverse("sessions:agenda", args=[event.slug]) + query)


def test_star_and_take_it_away_without_script(client, event, session):
    registration = participant(client, event)
    assert "Star this session" in client.get(session.get_absolute_url()).content.decode()
    assert send(client, session, registration)["Location"] == session.get_absolute_url()
    send(client, session, registration)
    assert list(Star.objects.values_list("registration", "session")) == [(registration.pk, session.pk)]
    assert "You starred this session." in client.get(session.get_absolute_url()).content.decode()
    send(client, session, registration, "unstar")
    assert Star.objects.count() == 0


def test_own_agenda_holds_what_one_starred(client, event, session):
    SessionFactory(event=event, audience=Audience.PARTICIPANTS, title_en="Other", released=True)
    registration = participant(client, event)
    assert "You have starred no session yet" in agenda(client, event, "?mine=1").content.decode()
    send(client, session, registration)
    body = agenda(client, event, "?mine=1").content.decode()
    assert (">Starred</a>" in body, ">Other</a>" in body) == (True, False)
    other = participant(client, event)
    assert "You have starred no session yet" in agenda(client, event, "?mine=1").content.decode()
    assert other != registration


def test_who_has_no_registration_has_no_own_agenda(client, event, session):
    assert agenda(client, event, "?mine=1").status_code == 404
    client.force_login(UserFactory())
    assert agenda(client, event, "?mine=1").status_code == 404
    assert "Star this session</button>" not in client.get(agenda(client, event).request["PATH_INFO"]).content.decode()


def test_star_opens_nothing(client, event, session):
    registration = participant(client, event)
    send(client, session, registration)
    session.audience = Audience.ORGANISERS
    session.save()
    Event.objects.filter(pk=event.pk).update(stamp=event.stamp + 1)
    assert "Starred" not in agenda(client, event, "?mine=1").content.decode()
    assert send(client, session, registration).status_code == 404


def test_stale_hat_stars_nothing(client, event, session):
    registration = participant(client, event)
    send(client, session, registration, hat="registration:abcdefghij")
    assert Star.objects.count() == 0


def test_star_is_no_act_and_moves_no_stamp(client, event, session):
    registration = participant(client, event)
    stamp = Event.objects.get(pk=event.pk).stamp
    send(client, session, registration)
    assert (Event.objects.get(pk=event.pk).stamp, AuditEntry.objects.count()) == (stamp, 0)


def test_session_is_starred_once(event, session):
    registration = RegistrationFactory(delegation__event=event)
    actions.star_session(session, registration)
    with pytest.raises(IntegrityError), transaction.atomic():
        Star.objects.create(event=event, registration=registration, session=session)


@pytest.mark.parametrize("count", [1, 3])
def test_own_agenda_costs_the_same_for_any_number_of_stars(client, event, count, django_assert_num_queries):
    registration = participant(client, event)
    for _n in range(count):
        session = SessionFactory(event=event, audience=Audience.PARTICIPANTS, label=Label.CLEAR, released=True)
        actions.star_session(session, registration)
    with django_assert_num_queries(18):  # own parts 1, those of the agenda, the stars and the sign-ups
        agenda(client, event, "?mine=1")
