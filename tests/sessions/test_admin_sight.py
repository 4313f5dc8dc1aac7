"""The organisers' page that says who could see a session at a moment."""

import pytest
from django.urls import reverse

from delegates.choices import RegistrationState
from events.choices import Audience, StaffRoleName
from tests.factories import DelegationFactory, EventFactory, RegistrationFactory, SessionFactory, StaffRoleFactory

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
    with django_assert_num_queries(17):
        response = ask(client, event, session=session.public_id, at="2099-01-01T10:00")
    rows = response.context["rows"]
    assert [bool(row["person"]) for row in rows] == [True] * count + [False]
    assert rows[-1]["role"].holder in response.content.decode()


@pytest.mark.parametrize("asked", [{"session": "nonsense", "at": "2099-01-01T10:00"}, {"session": "", "at": "soon"}])
def test_question_that_makes_no_sense_is_answered_beside_the_field(client, event, asked):
    SessionFactory(event=event)
    response = ask(client, event, **asked)
    assert (response.status_code, response.context["rows"], bool(response.context["form"].errors)) == (200, None, True)


def test_page_is_for_those_who_read_the_record(client, event):
    client.force_login(StaffRoleFactory(event=event, role=StaffRoleName.ACCREDITATION).user)
    assert ask(client, event).status_code == 403
