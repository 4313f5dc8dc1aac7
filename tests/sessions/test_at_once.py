"""Many who ask for the same page at once, as after a release: one has it made, the others wait for it."""

import contextlib
import functools
import importlib
import time

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conference.lib import kept, memory
from delegates.choices import RegistrationState
from events.choices import Audience
from sessions.choices import Label
from sessions.models import reading
from tests.factories import DelegationFactory, EventFactory, OrganisationFactory, RegistrationFactory, SessionFactory, UserFactory
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)
READERS = 5
AGENDA = importlib.import_module("sessions.views.agenda")  # of the same name as its view
MAKERS = [kept, reading, AGENDA]  # where threads wait for each other
READ = 'ORDER BY "agenda_slot"."start_at"'  # of the agenda, by whoever makes it


@pytest.fixture
def event():
    event = EventFactory()
    for audience in (Audience.PUBLIC, Audience.EU):
        SessionFactory(event=event, audience=audience, label=Label.CLEAR, released=True)
    return event


@pytest.fixture
def url(event):
    return reverse("sessions:agenda", args=[event.slug])


def asked(visits):
    """Ask at once, each client for a path; give the statements of all together, and the different answers.

    The agenda is read slowly, so that all others are there before it is.
    """
    statements, answers = [], []

    def note(execute, sql, params, many, context):
        statements.append(sql)
        if READ in sql:
            time.sleep(0.5)
        return execute(sql, params, many, context)

    def ask(client, path):
        with connection.execute_wrapper(note):
            answers.append(client.get(path))

    assert together([functools.partial(ask, *visit) for visit in visits]) == {}
    assert {answer.status_code for answer in answers} == {200}
    return statements, {answer.content for answer in answers}


def signed_in(delegation):
    client, user = Client(), UserFactory()
    state = RegistrationState.APPROVED
    RegistrationFactory(delegation=delegation, user=user, state=state, invited_at=timezone.now())
    client.force_login(user)
    return client


def reads(statements):
    return len([sql for sql in statements if READ in sql])


def test_strangers_have_a_page_made_once(event, url):
    alone, body = asked([(Client(), url)])
    caches["pages"].clear()
    statements, bodies = asked([(Client(), url) for _n in range(READERS)])
    assert (bodies, reads(statements)) == (body, 1)
    assert len(statements) == len(alone) + READERS - 1  # the others ask for the event, or whether its page is still true


def test_different_pages_read_what_anyone_sees_once(event):
    names = ("agenda", "schedule_xml", "schedule_json", "calendar", "speakers")
    statements, bodies = asked([(Client(), reverse(f"sessions:{name}", args=[event.slug])) for name in names])
    assert (len(bodies), reads(statements)) == (len(names), 1)


def test_participants_who_see_the_same_have_the_agenda_made_once(event, url):
    delegation = DelegationFactory(event=event, organisation=OrganisationFactory(country="FR"))
    statements, _bodies = asked([(signed_in(delegation), url) for _n in range(READERS)])
    assert reads(statements) == 1


def test_each_would_make_it_without_waiting(event, url, monkeypatch):
    for place in MAKERS:
        monkeypatch.setattr(place, "alone", lambda key: contextlib.nullcontext())
    statements, _bodies = asked([(Client(), url) for _n in range(READERS)])
    assert reads(statements) > 1


def test_who_fails_to_make_a_page_keeps_nobody_waiting(url, monkeypatch):
    client = Client(raise_request_exception=False)

    def broken(*_given):
        raise ValueError("no agenda today")

    with monkeypatch.context() as patch:
        patch.setattr(AGENDA, "agenda_for", broken)
        assert client.get(url).status_code == 500
    began = time.monotonic()
    assert client.get(url).status_code == 200
    assert time.monotonic() - began < memory.LONGEST_WAIT


def test_nobody_is_waited_for_too_long(monkeypatch):
    monkeypatch.setattr(memory, "LONGEST_WAIT", 0.1)
    with memory.alone("a page"), memory.alone("another page"):
        began = time.monotonic()
        with memory.alone("a page"):
            assert time.monotonic() - began >= 0.1
    assert "a page" not in memory._locks
