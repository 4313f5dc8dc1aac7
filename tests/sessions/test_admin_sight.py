"""The organisers' page that says who could see a session, or another thing with an audience, at a moment."""

import pytest
from django.urls import reverse

from conference.lib.viewer import SYSTEM
from delegates.choices import RegistrationState
from events.choices import Audience, StaffRoleName
from sessions.actions import remove_paper, set_joining
from tests.factories import (
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    PaperFactory,
    PressReleaseFactory,
    RegistrationFactory,
    SessionFactory,
    StaffRoleFactory,
    UserFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory(zone="Europe/Brussels")


@pytest.fixture
def client(client, event):
    client.force_login(StaffRoleFactory(event=event).user)
    return client


def ask(client, event, **asked):
    return client.get(reverse("organise:sight", args=[event.slug]), asked)


def test_page_without_a_question_asks_it(client, event):
    session = SessionFactory(event=event)
    response = ask(client, event)
    assert (response.context["rows"], session.title_en in response.content.decode()) == (None, True)


@pytest.mark.parametrize("count", [1, 3])
def test_answer_names_participants_and_organisers_at_a_fixed_cost(client, event, count, django_assert_num_queries):
    session = SessionFactory(event=event, audience=Audience.PARTICIPANTS, released=True)
    delegation = DelegationFactory(event=event)
    RegistrationFactory.create_batch(count, delegation=delegation, state=RegistrationState.APPROVED)
    RegistrationFactory(delegation=delegation, state=RegistrationState.SUBMITTED)
    with django_assert_num_queries(26):
        response = ask(client, event, of=f"session:{session.public_id}", at="2099-01-01T10:00")
    rows = response.context["rows"]
    assert [bool(row["person"]) for row in rows] == [True] * count + [False]
    assert rows[-1]["role"].holder in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_answer_about_a_thing_names_focal_points_too_at_a_fixed_cost(client, count, django_assert_num_queries):
    event = EventFactory(delegations_audience=Audience.PUBLIC, delegations_shown="states")
    client.force_login(StaffRoleFactory(event=event).user)
    delegation = DelegationFactory(event=event)
    RegistrationFactory.create_batch(count, delegation=delegation, state=RegistrationState.APPROVED)
    focal_point = FocalPointFactory(delegation=delegation, user=UserFactory())
    PaperFactory.create_batch(count, event=event)
    with django_assert_num_queries(27):
        response = ask(client, event, of="delegations", at="2099-01-01T10:00")
    rows, text = response.context["rows"], response.content.decode()
    assert [(bool(row["person"]), row["focal_point"], row["shown"]) for row in rows] == [
        (False, None, "States"),
        *[(True, None, "States")] * count,
        (False, focal_point, "States"),
        (False, None, ""),
    ]
    assert (focal_point.name in text, response.context["asked"]) == (True, "The list of delegations")


def test_question_offers_every_thing_and_removed_papers_too(client, event):
    paper, gone = PaperFactory(event=event), PaperFactory(event=event)
    remove_paper(gone, by=SYSTEM)
    venue, release, session = VenueFactory(event=event), PressReleaseFactory(event=event), SessionFactory(event=event)
    set_joining(session, by=SYSTEM, link="https://meet.example.org/", words="", audience="", minutes_before=15)
    groups = {str(name): [label for _key, label in options] for name, options in ask(client, event).context["form"]["of"].field.choices}
    assert groups == {
        "Sessions": [session.title_en],
        "Event": ["The event’s page", "The host", "The list of delegations"],
        "Venues": [f"{venue.name_en}: {part}" for part in ("Country", "City", "Name and address")],
        "Papers": [paper.title_en, f"{gone} (removed)"],
        "Join details": [session.title_en],
        "Press releases": [release.title_en],
    }


@pytest.mark.parametrize("asked", [{"of": "nonsense", "at": "2099-01-01T10:00"}, {"of": "", "at": "soon"}])
def test_question_that_makes_no_sense_is_answered_beside_the_field(client, event, asked):
    SessionFactory(event=event)
    response = ask(client, event, **asked)
    assert (response.status_code, response.context["rows"], bool(response.context["form"].errors)) == (200, None, True)


def test_page_is_for_those_who_read_the_record(client, event):
    client.force_login(StaffRoleFactory(event=event, role=StaffRoleName.ACCREDITATION).user)
    assert ask(client, event).status_code == 403
