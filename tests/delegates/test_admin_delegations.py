"""The organisers' pages of delegations and focal points."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from delegates.choices import Answer, RegistrationState, Standing
from delegates.models import Delegation, DelegationNote, FocalPoint, Registration
from events.choices import OrganisationKind, StaffRoleName
from events.models import AuditEntry, Organisation, OutboxMail
from tests.factories import (
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    OrganisationFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory()


@pytest.fixture
def manager(event):
    return StaffRoleFactory(event=event).user


@pytest.fixture
def client(client, manager):
    client.force_login(manager)
    return client


def url(event, name, *args):
    return reverse(f"organise:{name}", args=[event.slug, *args])


def send(client, event, name, *args, **typed):
    return client.post(url(event, name, *args), typed)


def rows(client, event, **asked):
    return client.get(url(event, "delegations"), asked).context["rows"]


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_any_number(client, event, count, django_assert_num_queries):
    for delegation in DelegationFactory.create_batch(count, event=event, responsible=UserFactory()):
        FocalPointFactory.create_batch(count, delegation=delegation)
        RegistrationFactory.create_batch(count, delegation=delegation)
    with django_assert_num_queries(7):
        response = client.get(url(event, "delegations"))
    assert [(row.focal_count, row.focal_invited, row.seats_taken, row.seats) for row in response.context["rows"]] == [
        (count, 0, count, 6)
    ] * count


def test_list_stands_in_protocol_order(client, event):
    for country in ("US", "SE", "BE", "GR"):
        DelegationFactory(event=event, organisation=OrganisationFactory(country=country))
    DelegationFactory(event=event, organisation=OrganisationFactory(country="", kind=OrganisationKind.EU))
    assert [row.code for row in rows(client, event)] == ["BE", "EL", "SE", "", "US"]


def test_list_is_filtered_by_its_address(client, event, manager):
    today = timezone.now().date()
    mine = DelegationFactory(event=event, responsible=manager, follow_up_date=today - dt.timedelta(days=1))
    later = DelegationFactory(event=event, responsible=manager, follow_up_date=today + dt.timedelta(days=9), answer=Answer.COMING)
    DelegationFactory(event=event, standing=Standing.GUEST)
    DelegationFactory()
    assert {row.pk for row in rows(client, event, mine="on")} == {mine.pk, later.pk}
    assert rows(client, event, mine="on", due="on") == [mine]
    assert rows(client, event, answer="coming") == [later]
    assert len(rows(client, event, standing="guest")) == 1
    assert len(rows(client, event, answer="nonsense")) == 3


def test_delegation_is_added_with_its_focal_point(client, event):
    organisation = OrganisationFactory()
    typed = {"organisation": organisation.pk, "seats": 4, "standing": "guest", "focal_email": "f@example.org", "focal_language": "fr"}
    send(client, event, "delegation_add", **typed)
    delegation = event.delegations.get()
    assert (delegation.organisation, delegation.standing, delegation.quotas.get().seats) == (organisation, "guest", 4)
    assert [(focal.email, focal.language, focal.invited_at) for focal in delegation.focal_points.all()] == [("f@example.org", "fr", None)]
    assert OutboxMail.objects.count() == 0


def test_delegation_of_a_new_organisation_is_added(client, event):
    typed = {"seats": 2, "standing": "member", "focal_language": "en", "new-name_en": "A service", "new-kind": "state", "new-country": "FR"}
    send(client, event, "delegation_add", **typed)
    assert event.delegations.get().organisation.name_en == "A service"


def test_new_organisation_that_is_incomplete_keeps_what_was_typed(client, event):
    typed = {"seats": 2, "standing": "member", "focal_language": "en", "new-name_fr": "Un service", "new-kind": "state"}
    response = send(client, event, "delegation_add", **typed)
    assert (list(response.context["described"].errors), Organisation.objects.count()) == (["country"], 0)
    assert 'value="Un service"' in response.content.decode()


def test_delegation_listed_twice_is_refused_at_the_field(client, event):
    delegation = DelegationFactory(event=event)
    typed = {"organisation": delegation.organisation.pk, "seats": 4, "standing": "guest", "focal_language": "en"}
    response = send(client, event, "delegation_add", **typed)
    assert (list(response.context["form"].errors), Delegation.objects.count()) == (["organisation"], 1)


def test_second_host_is_refused_at_the_field(client, event):
    DelegationFactory(event=event, standing=Standing.HOST)
    other = DelegationFactory(event=event)
    added = send(client, event, "delegation_add", organisation=OrganisationFactory().pk, seats=1, standing="host", focal_language="en")
    changed = send(client, event, "delegation", other.public_id, seats=6, standing="host")
    assert (list(added.context["form"].errors), list(changed.context["forms"]["edit"].errors)) == (["standing"], ["standing"])


def test_seats_below_those_held_are_refused_at_the_field(client, event):
    delegation = DelegationFactory(event=event)
    RegistrationFactory.create_batch(3, delegation=delegation)
    response = send(client, event, "delegation", delegation.public_id, seats=2, standing="guest")
    delegation.refresh_from_db()
    assert response.context["forms"]["edit"].errors == {"seats": ["3 seats are in use; there cannot be fewer seats than that."]}
    assert delegation.standing == "member"
    # What stands above the form is what is kept, not what was typed.
    assert response.context["delegation"].standing == "member"


def test_delegation_is_changed_and_its_history_says_so(client, event, manager):
    delegation = DelegationFactory(event=event)
    send(client, event, "delegation", delegation.public_id, seats=9, standing="guest")
    delegation.refresh_from_db()
    assert (delegation.standing, delegation.quotas.get().seats) == ("guest", 9)
    history = client.get(url(event, "delegation", delegation.public_id)).context["history"]
    assert [(entry.verb, entry.who, entry.worn) for entry in history] == [("delegation.change", manager.name, "Event manager")]


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_a_delegation_costs_the_same_for_any_number_of_people(client, event, count, django_assert_num_queries):
    delegation = DelegationFactory(event=event)
    RegistrationFactory.create_batch(count, delegation=delegation)
    FocalPointFactory.create_batch(count, delegation=delegation)
    with django_assert_num_queries(14):
        response = client.get(url(event, "delegation", delegation.public_id))
    assert len(response.context["people"]) == count


def test_answer_on_paper_names_its_source(client, event):
    delegation = DelegationFactory(event=event)
    refused = send(client, event, "delegation_answer", delegation.public_id, **{"answer-answer": "coming"})
    assert list(refused.context["form"].errors) == ["source"]
    send(client, event, "delegation_answer", delegation.public_id, **{"answer-answer": "coming", "answer-source": "Note 12"})
    delegation.refresh_from_db()
    entry = AuditEntry.objects.get(verb="delegation.answer")
    assert (delegation.answer, entry.details["source"], entry.details["on_behalf_of"]) == ("coming", "Note 12", str(delegation))


def test_person_is_named_on_behalf_and_waits_above_the_seats(client, event):
    delegation = DelegationFactory(event=event, seats=1)
    typed = {"person-category": "delegate", "person-language": "en", "person-source": "Note 12"}
    refused = send(client, event, "delegation_nominate", delegation.public_id, **typed)
    assert list(refused.context["form"].errors) == ["family_name"]
    for name in ("First", "Second"):
        send(client, event, "delegation_nominate", delegation.public_id, **typed, **{"person-family_name": name})
    assert list(delegation.registrations.order_by("pk").values_list("state", flat=True)) == ["nominated", "waitlisted"]


def test_focal_point_is_added_once_and_ended(client, event):
    delegation = DelegationFactory(event=event)
    typed = {"focal-email": "f@example.org", "focal-language": "en"}
    send(client, event, "focal_point_add", delegation.public_id, **typed)
    twice = send(client, event, "focal_point_add", delegation.public_id, **typed)
    assert list(twice.context["forms"]["focal"].errors) == ["email"]
    focal_point = delegation.focal_points.get()
    asked = client.get(reverse("organise:focal_point_end", args=[event.slug, focal_point.public_id]))
    assert ("Nobody else may nominate" in asked.content.decode(), FocalPoint.objects.live(timezone.now()).count()) == (True, 1)
    send(client, event, "focal_point_end", focal_point.public_id)
    assert FocalPoint.objects.live(timezone.now()).count() == 0
    assert send(client, event, "focal_point_end", focal_point.public_id).status_code == 404


def test_invitations_go_to_those_shown_and_ticked_once(client, event):
    first, second = FocalPointFactory(delegation__event=event, event=event), FocalPointFactory(delegation__event=event, event=event)
    FocalPointFactory()  # of another event
    DelegationFactory(event=event)  # without a focal point
    shown = client.get(url(event, "invite"))
    assert ({row.pk for row in shown.context["rows"]}, len(shown.context["without"])) == ({first.pk, second.pk}, 1)
    assert "Send 2 invitations" in shown.content.decode()
    for _ in range(2):
        send(client, event, "invite", focal_point=[first.public_id])
    assert list(OutboxMail.objects.values_list("to", flat=True)) == [first.email]
    assert "Send 1 invitation<" in client.get(url(event, "invite")).content.decode()


def test_invitation_is_sent_again_with_a_new_link(client, event):
    focal_point = FocalPointFactory(delegation__event=event, event=event)
    for _ in range(2):
        send(client, event, "focal_point_resend", focal_point.public_id)
    assert OutboxMail.objects.count() == 2
    assert focal_point.invitations.usable(timezone.now()).count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_invitations_page_costs_the_same_for_any_number(client, event, count, django_assert_num_queries):
    for _ in range(count):
        FocalPointFactory(delegation__event=event, event=event)
        DelegationFactory(event=event)
    with django_assert_num_queries(7):
        client.get(url(event, "invite"))


def test_things_of_another_event_do_not_exist_here(client, event):
    delegation, focal_point = DelegationFactory(), FocalPointFactory()
    statuses = [
        client.get(url(event, "delegation", delegation.public_id)).status_code,
        send(client, event, "delegation", delegation.public_id, seats=1, standing="guest").status_code,
        send(client, event, "delegation_answer", delegation.public_id).status_code,
        send(client, event, "focal_point_end", focal_point.public_id).status_code,
        send(client, event, "focal_point_resend", focal_point.public_id).status_code,
        send(client, event, "invite", focal_point=[focal_point.public_id]).status_code,
    ]
    assert (statuses, OutboxMail.objects.count()) == ([404] * 5 + [302], 0)


@pytest.mark.parametrize("role", [StaffRoleName.OBSERVER, StaffRoleName.RECEPTION, StaffRoleName.SECURITY])
def test_those_who_only_read_see_no_address_no_note_and_no_form(client, event, role):
    delegation = DelegationFactory(event=event, phone="+3612345678")
    DelegationNote.objects.create(event=event, delegation=delegation, at=timezone.now(), text="Difficult")
    focal_point = FocalPointFactory(delegation=delegation)
    RegistrationFactory(delegation=delegation, state=RegistrationState.APPROVED)
    client.force_login(StaffRoleFactory(event=event, role=role).user)
    body = client.get(url(event, "delegation", delegation.public_id)).content.decode()
    words = ["Difficult", "+3612345678", focal_point.email, "Save these changes", Registration.objects.get().delegate.email]
    assert ([word for word in words if word in body], focal_point.name in body) == ([], True)
    assert send(client, event, "delegation", delegation.public_id, seats=1, standing="guest").status_code == 403
