"""What a process has ready before its first visitor comes."""

import pytest
from django.template import engines
from django.urls import reverse

from conference.lib.warming import warm_up
from events.choices import Audience
from tests.factories import ContributionFactory, EventFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def compiled():
    """The templates that are compiled, by name: none yet."""
    loader = engines["django"].engine.template_loaders[0]
    loader.reset()
    return loader.get_template_cache


@pytest.fixture
def paths():
    event = EventFactory()
    session = SessionFactory(event=event, audience=Audience.PUBLIC, released=True)
    ContributionFactory(slot=session.slots.get())
    pages = [reverse(name, args=[event.slug]) for name in ("events:event", "sessions:agenda", "sessions:speakers", "sessions:versions")]
    return [reverse("home"), session.get_absolute_url(), *pages]


def test_first_visitor_waits_for_no_template(client, compiled, paths):
    warm_up()
    ready = set(compiled)
    assert {client.get(path).status_code for path in paths} == {200}
    assert set(compiled) - ready == set()


def test_without_warming_up_the_first_visitor_waits(client, compiled, paths):
    for path in paths:
        client.get(path)
    assert {"sessions/agenda.html", "sessions/partials/line.html", "layouts/base.html"} <= set(compiled)
