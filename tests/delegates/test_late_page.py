"""The page of late requests: what is asked beside the seat it is about, accepted or refused with a reason."""

import pytest
from django.urls import reverse

from delegates.choices import LateKind
from delegates.models import LateRequest, Registration, RegistrationDraft
from events.models import OutboxMail
from tests.factories import (
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    LateRequestFactory,
    RegistrationFactory,
    StaffRoleFactory,
    hours_from_now,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory()


@pytest.fixture
def delegation(event):
    delegation = DelegationFactory(event=event, seats=2)
    FocalPointFactory(delegation=delegation)
    return delegation


@pytest.fixture
def client(client, event):
    client.force_login(StaffRoleFactory(event=event, is_duty_organiser=True).user)
    return client


def url(event, name, *args):
    return reverse(f"organise:{name}", args=[event.slug, *args])


def send(client, request, **typed):
    shown = client.get(url(request.event, "late")).context["rows"]
    typed.setdefault("seen", next((row.marks for row in shown if row.pk == request.pk), "{}"))
    return client.post(url(request.event, "late_decide", request.public_id), typed)


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_for_any_number(client, event, count, django_assert_num_queries):
    for delegation in DelegationFactory.create_batch(count, event=event):
        LateRequestFactory(delegation=delegation, kind=LateKind.REPLACE, registration=RegistrationFactory(delegation=delegation))
    with django_assert_num_queries(11):
        assert len(client.get(url(event, "late")).context["rows"]) == count


def test_request_is_accepted_and_the_focal_points_are_told(client, event, delegation):
    request = LateRequestFactory(delegation=delegation)
    body = client.get(url(event, "late")).content.decode()
    assert [words in body for words in ("Late Comer", "late@example.org", "0 of 2 seats held", "On duty:")] == [True] * 4
    assert send(client, request, accept="yes").status_code == 302
    registration = Registration.objects.get()
    assert (registration.delegate.full_name, registration.state) == ("Late Comer", "nominated")
    assert (
        OutboxMail.objects.filter(kind="late_request_decided").count() + OutboxMail.objects.filter(kind="late_request_accepted").count()
        == 1
    )
    (decided,) = client.get(url(event, "late")).context["decided"]
    assert decided == request


def test_refusal_needs_its_reason_and_keeps_what_was_typed(client, event, delegation):
    request = LateRequestFactory(delegation=delegation)
    other = LateRequestFactory(delegation=DelegationFactory(event=event))
    response = send(client, request, refuse="yes", reason=" ")
    forms = {row.pk: row.form for row in response.context["rows"]}
    assert (forms[request.pk].errors.get("__all__"), forms[other.pk].errors) == (["Give a reason; it is sent to the focal point."], {})
    send(client, request, refuse="yes", reason="The badge office has closed.")
    request.refresh_from_db()
    assert (request.accepted, request.reason) == (False, "The badge office has closed.")
    body = client.get(url(event, "late")).content.decode().partition('id="decided"')[2]
    assert ("The badge office has closed." in body, "<td>Late Comer</td>" in body, "late@example.org" in body) == (True, True, False)


def test_request_decided_or_changed_meanwhile_is_told_in_words(client, event, delegation):
    registration = RegistrationFactory(delegation=delegation)
    request = LateRequestFactory(delegation=delegation, kind=LateKind.REPLACE, registration=registration)
    (row,) = client.get(url(event, "late")).context["rows"]
    Registration.objects.filter(pk=registration.pk).update(category="expert")
    assert "changed while you looked" in send(client, request, accept="yes", seen=row.marks).content.decode()
    assert "changed while you looked" in send(client, request, accept="yes", seen="").content.decode()
    send(client, request, accept="yes")
    assert "no longer waits" in send(client, request, refuse="yes", reason="Late", seen=row.marks).content.decode()
    assert LateRequest.objects.get().accepted is True


def test_request_of_another_event_does_not_exist_here(client, event):
    request = LateRequestFactory()
    assert client.post(url(event, "late_decide", request.public_id), {"accept": "yes"}).status_code == 404


def test_forms_sent_late_stand_on_the_page_with_their_way_to_the_person(client, event, delegation):
    person, other = RegistrationFactory.create_batch(2, delegation=delegation)
    late = {"event": event, "sealed": "x", "saved_at": hours_from_now(-1)}
    RegistrationDraft.objects.create(registration=person, phase="first", late_at=hours_from_now(-1), **late)
    RegistrationDraft.objects.create(registration=other, phase="first", **late)
    body = client.get(url(event, "late")).content.decode()
    assert [url(event, "person", row.public_id) + "#late" in body for row in (person, other)] == [True, False]
