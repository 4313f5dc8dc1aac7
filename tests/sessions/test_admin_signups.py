"""The organisers' pages of sign-ups, the export, and the focal point's list."""

import pytest
from django.urls import reverse

from conference.lib.viewer import SYSTEM
from delegates.choices import RegistrationState
from events.choices import Audience, StaffRoleName
from events.models import AuditEntry, OutboxMail
from sessions import actions
from sessions.choices import SessionKind
from sessions.models import SignUp, SignUpSheet
from tests.factories import (
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    RegistrationFactory,
    SessionFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory()


@pytest.fixture
def delegation(event):
    return DelegationFactory(event=event, seats=9)


def organiser(client, event, role=StaffRoleName.MANAGER):
    user = UserFactory()
    StaffRoleFactory(event=event, user=user, role=role)
    client.force_login(user)


def workshop(event, seats=None, **facts):
    facts = {"kind": SessionKind.WORKSHOP, "audience": Audience.PARTICIPANTS, "released": True, "title_en": "Workshop"} | facts
    session = SessionFactory(event=event, **facts)
    if seats:
        actions.keep_sheet(session, seats=seats, opens_at=None, closes_at=None, by=SYSTEM)
    return session


def people(delegation, count):
    return RegistrationFactory.create_batch(count, delegation=delegation, state=RegistrationState.APPROVED)


def url(session, name="session_sign_ups"):
    return reverse(f"organise:{name}", args=[session.event.slug, session.public_id])


def fields(page, form="form"):
    """What the page's form would send back as it is."""
    return {"seen": page.context[form]["seen"].value()}


def line(session):
    return [(one.registration, one.is_seated) for one in SignUp.objects.live().filter(session=session).in_line().for_list()]


def test_organiser_switches_sign_up_on_changes_and_switches_it_off(client, event):
    organiser(client, event)
    session = workshop(event)
    page = client.get(url(session))
    assert "This session takes no sign-ups" in page.content.decode()
    times = {"opens_at": "2026-01-05T09:00", "closes_at": "2026-01-06T18:30"}
    client.post(url(session), fields(page) | {"seats": "12"} | times)
    sheet = SignUpSheet.objects.get()
    assert (sheet.seats, event.local(sheet.opens_at).isoformat()[:16], event.local(sheet.closes_at).isoformat()[:16]) == (
        12,
        *times.values(),
    )
    page = client.get(url(session))
    assert "2026-01-06T18:30" in page.content.decode()
    client.post(url(session), {"act": "remove"})
    assert not SignUpSheet.objects.exists()
    assert list(AuditEntry.objects.filter(verb__startswith="signup").values_list("verb", flat=True)) == ["signup.set", "signup.remove"]


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"seats": ""}, "required"),
        ({"seats": "0"}, "greater than or equal to 1"),
        ({"seats": "1"}, "2 seats are in use"),
        ({"seats": "5", "opens_at": "2026-01-06T18:30", "closes_at": "2026-01-06T18:30"}, "must close after it opens"),
    ],
)
def test_mistake_stands_beside_the_field_and_keeps_what_was_typed(client, event, delegation, typed, error):
    organiser(client, event)
    session = workshop(event, seats=2)
    for one in people(delegation, 2):
        actions.sign_up(session, one, by=SYSTEM)
    page = client.post(url(session), fields(client.get(url(session))) | typed)
    body = page.content.decode()
    assert error in body
    assert f'value="{typed["seats"]}"' in body or not typed["seats"]
    assert SignUpSheet.objects.get().seats == 2


def test_stale_sheet_is_not_overwritten(client, event):
    organiser(client, event)
    session = workshop(event, seats=2)
    seen = fields(client.get(url(session)))
    actions.keep_sheet(session, seats=3, opens_at=None, closes_at=None, by=SYSTEM)
    page = client.post(url(session), seen | {"seats": "9"})
    assert "Somebody else has changed this" in page.content.decode()
    assert SignUpSheet.objects.get().seats == 3


def test_organiser_adds_takes_out_and_undoes(client, event, delegation):
    organiser(client, event)
    session, (first, second, third) = workshop(event, seats=1), people(delegation, 3)
    for one in (first, second, third):
        page = client.post(url(session, "sign_up_person"), {"act": "add", "person": one.public_id}, follow=True)
        assert page.status_code == 200
    assert line(session) == [(first, True), (second, False), (third, False)]
    page = client.post(url(session, "sign_up_person"), {"act": "out", "person": second.public_id}, follow=True).content.decode()
    assert "Undo this" in page
    assert line(session) == [(first, True), (third, False)]
    client.post(url(session, "sign_up_person"), {"act": "add", "person": second.public_id})
    assert line(session) == [(first, True), (second, False), (third, False)]
    assert OutboxMail.objects.filter(kind="sign_up_removed").count() == 1


def test_refusal_to_add_stands_beside_the_field(client, event, delegation):
    organiser(client, event)
    session, other, (one,) = workshop(event, seats=1, title_en="First"), workshop(event, seats=1), people(delegation, 1)
    slot, same = session.slots.get(), other.slots.get()
    same.start_at, same.end_at = slot.start_at, slot.end_at
    same.save()
    actions.sign_up(session, one, by=SYSTEM)
    page = client.post(url(other, "sign_up_person"), {"act": "add", "person": one.public_id}).content.decode()
    assert "This person is signed up for “First” at the same time." in page


@pytest.mark.parametrize(
    ("role", "sees", "edits"),
    [
        (StaffRoleName.MANAGER, True, True),
        (StaffRoleName.PROGRAMME, True, True),
        (StaffRoleName.RECEPTION, True, False),
        (StaffRoleName.OBSERVER, True, False),
        (StaffRoleName.PRESS, False, False),
    ],
)
def test_names_are_for_those_who_read_lists_of_people(client, event, delegation, role, sees, edits):
    organiser(client, event, role)
    session, (one,) = workshop(event, seats=1), people(delegation, 1)
    actions.sign_up(session, one, by=SYSTEM)
    body = client.get(url(session)).content.decode()
    assert (one.delegate.listed_name in body, "Sign this person up" in body) == (sees, edits)
    assert client.post(url(session, "sign_up_person"), {"act": "out", "person": one.public_id}).status_code == (302 if edits else 403)


def test_export_of_one_session_and_of_all(client, event, delegation):
    organiser(client, event)
    session, other, secret = (
        workshop(event, seats=1),
        workshop(event, seats=1, title_en="Other"),
        workshop(event, seats=1, chatham_house=True),
    )
    first, second, third = people(delegation, 3)
    for one, where in ((first, session), (second, session), (third, other), (third, secret)):
        actions.sign_up(where, one, by=SYSTEM)
    export = reverse("organise:export", args=[event.slug, "sign-ups"])

    def rows(query):
        answer = client.post(export + query, {"ending": "csv"})
        return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[1:]

    assert len(rows(f"?session={session.public_id}")) == 2
    assert len(rows("")) == 3  # nothing of the session under the Chatham House Rule
    (has_seat, waits) = rows(f"?session={session.public_id}&column=family_name&column=place&column=standing")
    assert "has a seat" in has_seat
    assert first.delegate.family_name in has_seat
    assert "waits" in waits
    assert second.delegate.family_name in waits
    assert client.post(export + "?session=abcdefghij", {"ending": "csv"}).status_code == 404
    assert AuditEntry.objects.filter(verb="list.export").count() == 3


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_sign_ups_costs_the_same_for_any_number_of_sessions(client, event, count, django_assert_num_queries):
    organiser(client, event)
    for number in range(count):
        workshop(event, seats=1 + number)
    client.get(reverse("organise:sign_ups", args=[event.slug]))
    with django_assert_num_queries(8):
        page = client.get(reverse("organise:sign_ups", args=[event.slug]))
    assert page.content.decode().count("Workshop") >= count


def test_focal_point_reads_the_sign_ups_of_the_delegation_for_sessions_they_see(client, event, delegation):
    public, closed = workshop(event, seats=1, audience=Audience.PUBLIC), workshop(event, seats=2, title_en="Zqhidden")
    (first, second), (other,) = people(delegation, 2), people(DelegationFactory(event=event, seats=2), 1)
    for one in (other, first):
        actions.sign_up(public, one, by=SYSTEM)
    actions.sign_up(closed, second, by=SYSTEM)
    focal = FocalPointFactory(delegation=delegation, user=UserFactory())
    client.force_login(focal.user)
    body = client.get(reverse("sessions:delegation_sign_ups", args=[event.slug, delegation.public_id])).content.decode()
    assert first.delegate.listed_name in body
    assert "number 1 on the waiting list" in body
    assert "Zqhidden" not in body
    assert second.delegate.listed_name not in body
    assert other.delegate.listed_name not in body
