"""Several hats, each case: two organisations, two events, two delegations to nominate for, roles that differ by event."""

import pytest
from django.urls import reverse

from delegates.choices import RegistrationState
from events.choices import Audience, StaffRoleName
from sessions.models import CalendarFeed
from tests.factories import (
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    OrganisationFactory,
    RegistrationFactory,
    SessionFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client):
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def event():
    return EventFactory()


def part(event, user, name, **fields):
    """An approved registration of a user for an organisation of its own."""
    delegation = DelegationFactory(event=event, organisation=OrganisationFactory(name_en=name, country="FR"), seats=3)
    return RegistrationFactory(delegation=delegation, user=user, state=RegistrationState.APPROVED, **fields)


def wear(client, event, hat):
    page = reverse("events:event", args=[event.slug])
    return client.post(reverse("choose_hat"), {"event": event.slug, "hat": hat, "next": page}, follow=True)


def chosen(response) -> list[str]:
    """The hats a page offers, the one worn marked."""
    return [f"{hat['label']}{' *' if hat['is_current'] else ''}" for hat in response.context["hats"]]


def sees(client, session) -> bool:
    return client.get(session.get_absolute_url()).status_code == 200


def test_person_of_two_organisations_reads_as_one_of_them_at_a_time(client, user, event):
    first, second = part(event, user, "Service A"), part(event, user, "Ministry B")
    session_a, session_b = (
        SessionFactory(event=event, audience=Audience.SELECTED, delegations=[one.delegation], released=True) for one in (first, second)
    )
    page = client.get(reverse("events:event", args=[event.slug]))
    assert chosen(page) == ["Delegate, Service A *", "Delegate, Ministry B", "Any visitor"]
    assert (sees(client, session_a), sees(client, session_b)) == (True, False)
    page = wear(client, event, f"registration:{second.public_id}")
    assert chosen(page) == ["Delegate, Service A", "Delegate, Ministry B *", "Any visitor"]
    assert (sees(client, session_a), sees(client, session_b)) == (False, True)


def test_page_of_one_part_is_opened_as_that_part_whatever_is_worn_elsewhere(client, user, event):
    first, second = part(event, user, "Service A"), part(event, user, "Ministry B")
    wear(client, event, f"registration:{second.public_id}")
    page = client.get(reverse("delegates:registration", args=[event.slug, first.public_id]))
    assert (page.status_code, page.wsgi_request.viewer.hat) == (200, f"registration:{first.public_id}")
    assert "Service A" in page.content.decode()


def test_person_at_two_events_wears_a_hat_at_each(client, user, event):
    other = EventFactory()
    here, _other_part, there = part(event, user, "Service A"), part(event, user, "Ministry B"), part(other, user, "Service C")
    wear(client, event, "public")
    at_other = client.get(reverse("events:event", args=[other.slug])).wsgi_request.viewer
    assert at_other.hat == f"registration:{there.public_id}"
    assert client.get(reverse("events:event", args=[event.slug])).wsgi_request.viewer.hat == "public"
    mine = client.get(reverse("my")).content.decode()
    assert all(reverse("delegates:registration", args=[one.event.slug, one.public_id]) in mine for one in (here, there))


def test_focal_point_of_two_organisations_acts_for_the_one_of_the_address(client, user, event):
    delegations = [DelegationFactory(event=event, organisation=OrganisationFactory(name_en=name), seats=2) for name in ("One", "Two")]
    for delegation in delegations:
        FocalPointFactory(delegation=delegation, user=user)
    page = client.get(reverse("events:event", args=[event.slug]))
    assert chosen(page) == ["Focal point, One *", "Focal point, Two", "Any visitor"]
    for delegation in delegations:
        address = reverse("delegates:nominate", args=[event.slug, delegation.public_id])
        form = client.get(address).context["form"]
        typed = {field.html_name: field.value() or "" for field in form}
        typed |= {"given_name": "Anna", "family_name": str(delegation.organisation.name), "email": "a@example.org"}
        assert client.post(address, typed).status_code == 302
    assert [delegation.registrations.get().delegate.family_name for delegation in delegations] == ["One", "Two"]


def test_form_made_for_one_delegation_is_refused_at_the_other_with_what_was_typed(client, user, event):
    first, second = (DelegationFactory(event=event, seats=2) for _n in range(2))
    for delegation in (first, second):
        FocalPointFactory(delegation=delegation, user=user)
    form = client.get(reverse("delegates:nominate", args=[event.slug, first.public_id])).context["form"]
    typed = {field.html_name: field.value() or "" for field in form} | {
        "given_name": "Anna",
        "family_name": "Kovács",
        "email": "a@example.org",
    }
    shown = client.post(reverse("delegates:nominate", args=[event.slug, second.public_id]), typed)
    assert (shown.status_code, shown.context["form"]["family_name"].value(), event.registrations.count()) == (200, "Kovács", 0)
    assert "You now act in another capacity" in shown.content.decode()


def test_private_calendar_is_made_only_for_the_hat_the_page_was_opened_with(client, user, event):
    first, second = part(event, user, "Service A"), part(event, user, "Ministry B")
    address = reverse("sessions:my_calendar", args=[event.slug])
    hat = client.get(address).context["hat"]
    wear(client, event, f"registration:{second.public_id}")
    client.post(address, {"hat": hat, "act": "make"})
    assert (hat, CalendarFeed.objects.count()) == (f"registration:{first.public_id}", 0)
    client.post(address, {"hat": f"registration:{second.public_id}", "act": "make"})
    assert CalendarFeed.objects.get().registration == second


def test_organiser_sees_the_roles_held_at_this_event_and_may_what_they_allow(client, user):
    here, there = EventFactory(), EventFactory()
    for event, role in ((here, StaffRoleName.MANAGER), (here, StaffRoleName.SECURITY), (there, StaffRoleName.PRESS)):
        StaffRoleFactory(event=event, user=user, role=role)
    pages = {event: client.get(reverse("organise:dashboard", args=[event.slug])) for event in (here, there)}
    assert [pages[event].context["roles_held"] for event in (here, there)] == [["Event manager", "Security officer"], ["Press officer"]]
    assert "Press officer" in pages[there].content.decode()
    staff = [client.get(reverse("organise:staff", args=[event.slug])).status_code for event in (here, there)]
    assert staff == [200, 403]
    index = client.get(reverse("admin:index")).context["rows"]
    assert {row["event"]: row["roles"] for row in index} == {here: ["Event manager", "Security officer"], there: ["Press officer"]}


def test_organiser_who_also_comes_reads_the_public_pages_as_the_person(client, user, event):
    StaffRoleFactory(event=event, user=user)
    registration = part(event, user, "Service A")
    hidden = SessionFactory(event=event, audience=Audience.ORGANISERS, released=True)
    shown = SessionFactory(event=event, audience=Audience.PARTICIPANTS, released=True)
    assert (sees(client, hidden), sees(client, shown)) == (False, True)
    mine = client.get(reverse("my")).content.decode()
    assert reverse("organise:dashboard", args=[event.slug]) in mine
    assert reverse("delegates:registration", args=[event.slug, registration.public_id]) in mine
