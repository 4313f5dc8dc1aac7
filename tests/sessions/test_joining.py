"""How a session is joined from a distance: for those who may, when its time comes, and nowhere else."""

import datetime as dt
import itertools
import re

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.db.utils import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conference.lib.viewer import ANYONE, SYSTEM, Viewer
from delegates.choices import Category, RegistrationState
from events.choices import Audience, StaffRoleName
from events.models import AuditEntry
from sessions import actions, rules
from sessions.choices import JoinAudience, Label, Role
from sessions.models import Joining
from tests.factories import (
    ContributionFactory,
    DelegationFactory,
    EventFactory,
    OrganisationFactory,
    RegistrationFactory,
    SessionFactory,
    SpeakerFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
START = dt.datetime(2027, 3, 18, 8, tzinfo=dt.UTC)
LINK = "https://meet.example.org/zqlink"
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
FORM = {"link": LINK, "words": "Dial zqwords", "audience": "participants", "minutes_before": "15"}


@pytest.fixture
def event():
    return EventFactory(first_date=dt.date(2027, 3, 18))


@pytest.fixture
def session(event):
    times = {"released__start_at": START, "released__end_at": START + dt.timedelta(hours=1)}
    return SessionFactory(event=event, audience=Audience.PUBLIC, label=Label.CLEAR, released=True, title_en="Opening", **times)


def joined(session, audience=JoinAudience.PARTICIPANTS, minutes=15):
    actions.set_joining(session, by=SYSTEM, link=LINK, words="Dial zqwords", audience=audience, minutes_before=minutes)


def participant(event, country="FR", **facts):
    client, user = Client(), UserFactory()
    delegation = DelegationFactory(event=event, organisation=OrganisationFactory(country=country))
    facts = {"state": RegistrationState.APPROVED, "invited_at": timezone.now()} | facts
    client.registration = RegistrationFactory(delegation=delegation, user=user, **facts)
    return client


def sign_in(client):
    """A sign-in of long ago would have ended."""
    if hasattr(client, "registration"):
        client.force_login(client.registration.delegate.user)


def reads(client, session, minutes=0):
    """Whether somebody finds the link on the page of the session, minutes after it starts."""
    with time_machine.travel(START + dt.timedelta(minutes=minutes), tick=False):
        sign_in(client)
        body = client.get(session.get_absolute_url()).content.decode()
    assert (LINK in body) == ("Dial zqwords" in body)
    return LINK in body


@pytest.mark.parametrize(("minutes", "shown"), [(-16, False), (-15, True), (0, True), (59, True), (60, False), (24 * 60, False)])
def test_it_is_shown_from_shortly_before_until_the_end(event, session, minutes, shown):
    joined(session)
    assert reads(participant(event), session, minutes) is shown


def test_each_audience(event, session):
    people = {
        "stranger": Client(),
        "EU": participant(event),
        "non-EU": participant(event, "US"),
        "not approved": participant(event, "DE", state=RegistrationState.NOMINATED),
        "press": participant(event, "IT", category=Category.PRESS),
    }
    expected = {
        JoinAudience.SESSION: {*people},
        JoinAudience.PARTICIPANTS: {"EU", "non-EU"},
        JoinAudience.MEMBERS: {"EU", "non-EU"},
        JoinAudience.EU: {"EU"},
    }
    for audience, who in expected.items():
        joined(session, audience)
        assert {name for name, client in people.items() if reads(client, session)} == who


@pytest.mark.parametrize(("audience", "label"), [(Audience.PUBLIC, Label.CLEAR), (Audience.EU, Label.AMBER)])
def test_who_works_in_a_session_may_join_it(event, session, audience, label):
    session.audience, session.label = audience, label
    session.save()
    joined(session, JoinAudience.EU)
    interpreter = participant(event, "US", category=Category.INTERPRETER)
    speaker = SpeakerFactory(event=event, registration=interpreter.registration)
    ContributionFactory(slot=session.slots.get(), speaker=speaker, role=Role.INTERPRETER)
    assert reads(interpreter, session)
    if audience == Audience.PUBLIC:
        assert not reads(participant(event, "CA", category=Category.INTERPRETER), session)


def test_rule_lets_nobody_in_whom_the_audience_leaves_out():
    viewers = [ANYONE, *(Viewer(audiences=frozenset(who)) for n in (1, 2) for who in itertools.combinations(["participants", "eu"], n))]
    for audience, viewer in itertools.product(JoinAudience.values, viewers):
        assert rules.may_join(audience, viewer, works_in_it=False) is (audience == "" or audience in viewer.audiences)


def test_before_its_time_it_leaves_no_trace(event, session):
    """With and without join details: the same bytes and the same questions to the database, at every address that names the session."""
    client = participant(event)
    slug = [event.slug]
    urls = [session.get_absolute_url(), *(reverse(f"sessions:{name}", args=slug) for name in ("agenda", "calendar", "schedule_xml"))]
    urls += [reverse("sessions:programme", args=slug), reverse("sessions:session_calendar", args=[*slug, session.public_id])]

    def seen(minutes):
        with time_machine.travel(START + dt.timedelta(minutes=minutes), tick=False):
            found = []
            caches["pages"].clear()
            sign_in(client)
            for url in urls:
                connection.force_debug_cursor = True
                connection.queries_log.clear()
                body = client.get(url).content
                found.append((len(connection.queries_log), TOKEN.sub(b"", body)))
            return found

    without = seen(-60), seen(0)
    row = Joining(event=event, session=session)
    row.put(link=LINK, words="Dial zqwords")
    row.save()  # without an act: the stamp of the event stays
    assert seen(-60) == without[0]
    during = seen(0)
    assert [one == other for one, other in zip(during, without[1], strict=True)] == [False, *[True] * (len(urls) - 1)]


def test_link_is_sealed_and_the_record_does_not_keep_it(event, session):
    joined(session)
    row = Joining.objects.get()
    assert (LINK in row.sealed, row.details) == (False, {"link": LINK, "words": "Dial zqwords"})
    entry = AuditEntry.objects.filter(verb="session.join").get()
    assert "zqlink" not in str(vars(entry))
    joined(session)
    assert AuditEntry.objects.filter(verb="session.join").count() == 1
    actions.set_joining(session, by=SYSTEM, link="", words="", audience="", minutes_before=0)
    assert (Joining.objects.count(), AuditEntry.objects.filter(verb="session.join").count()) == (0, 2)


@pytest.mark.parametrize("facts", [{"audience": "nobody"}, {"minutes_before": 1441}])
def test_database_refuses_what_cannot_be(event, session, facts):
    with pytest.raises(IntegrityError):
        Joining.objects.create(event=event, session=session, sealed="x", **facts)


# The organisers' page.


@pytest.fixture
def desk(event, client):
    client.force_login(StaffRoleFactory(event=event, role=StaffRoleName.PROGRAMME).user)
    return client


@pytest.fixture
def url(event, session):
    return reverse("organise:joining", args=[event.slug, session.public_id])


def test_editor_sets_changes_and_takes_it_away(desk, url, session):
    shown = desk.get(url).context["form"]["seen"].value()
    assert desk.post(url, FORM | {"seen": shown}).status_code == 302
    assert Joining.objects.get().details == {"link": LINK, "words": "Dial zqwords"}
    page = desk.get(url)
    assert LINK in page.content.decode()
    desk.post(url, FORM | {"seen": page.context["form"]["seen"].value(), "link": "", "words": ""})
    assert Joining.objects.count() == 0


@pytest.mark.parametrize(
    "wrong", [{"link": "http://meet.example.org/"}, {"link": "javascript:alert(1)"}, {"minutes_before": "1441"}, {"audience": "organisers"}]
)
def test_what_makes_no_sense_comes_back(desk, url, wrong):
    response = desk.post(url, FORM | {"seen": desk.get(url).context["form"]["seen"].value()} | wrong)
    assert (response.status_code, Joining.objects.count()) == (200, 0)
    assert response.context["form"].errors.keys() == wrong.keys()


def test_two_editors_do_not_overwrite_each_other(desk, url, session):
    shown = desk.get(url).context["form"]["seen"].value()
    joined(session)
    response = desk.post(url, FORM | {"link": "https://other.example.org/", "seen": shown})
    assert (response.status_code, Joining.objects.get().details["link"]) == (200, LINK)
    assert "https://other.example.org/" in response.content.decode()
