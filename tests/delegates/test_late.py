"""Replacing a person up to the freeze, and what becomes a request to the organisers when it is too late."""

import pytest
from django.urls import reverse
from django.utils import timezone

from conference.lib.viewer import Actor
from delegates import rules
from delegates.actions import ask_late, decide_late, replace_person, take_back_late
from delegates.choices import Category, LateKind, RegistrationState
from delegates.emails import person_places
from delegates.models import Invitation, LateRequest, Registration
from events.choices import EventState
from events.emails import moment_in_words
from events.models import OutboxMail
from events.rules import NotAllowed
from tests.delegates.test_emails import opened
from tests.delegates.test_models import changed, refused
from tests.factories import (
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    LateRequestFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
    hours_from_now,
)

pytestmark = pytest.mark.django_db

PERSON = {"given_name": "Zoë", "family_name": "Ó Briain", "email": "zoe@example.org", "function": "Analyst", "language": "fr"}
OFFICER = Actor(hat="organiser:accreditation")
STAGES = {"open": (24, 48, 72), "nominations over": (-24, 48, 72), "confirming over": (-48, -24, 72), "frozen": (-72, -48, -24)}


def at_stage(stage, **fields):
    """A delegation whose event stands at a stage: the hours until nominations end, until confirming ends and until the freeze."""
    nominate, confirm, freeze = (hours_from_now(hours) for hours in STAGES[stage])
    event = EventFactory(answer_by_at=None, nominate_by_at=nominate, confirm_by_at=confirm, travel_by_at=None, freeze_at=freeze)
    return DelegationFactory(event=event, **{"seats": 2} | fields)


def focal_of(client, delegation):
    focal = FocalPointFactory(delegation=delegation, user=UserFactory())
    client.force_login(focal.user)
    return focal


def address(name, delegation, *more):
    return reverse(f"delegates:{name}", args=[delegation.event.slug, delegation.public_id, *more])


def send(client, page, delegation, /, *more, **data):
    said = {"hat": f"focal:{delegation.public_id}", "key": "a-key", **data}
    return client.post(address(page, delegation, *more), said, follow=True)


def member(delegation, **fields):
    return RegistrationFactory(delegation=delegation, **fields)


# Replacing


@pytest.mark.parametrize("stage", ["open", "nominations over", "confirming over"])
def test_replacing_keeps_seat_category_and_place_and_tells_both_once(client, stage):
    delegation = at_stage(stage, seats=1)
    focal_of(client, delegation)
    person = member(delegation, category=Category.HEAD, state=RegistrationState.APPROVED, position=3)
    page = client.get(address("replace_person", delegation, person.public_id)).content.decode()
    assert "The seat is kept" in page
    assert f"the access of {person.delegate.full_name} end at once" in page
    body = send(client, "replace_person", delegation, person.public_id, **PERSON).content.decode()
    person.refresh_from_db()
    new = Registration.objects.active().get()
    assert (person.state, new.state, new.category, new.position) == ("replaced", "nominated", "head", 3)
    assert new.delegate.full_name == "Zoë Ó Briain"
    assert delegation.quotas.get().taken == 1
    mails = OutboxMail.objects.order_by("pk").values_list("kind", "to")
    assert list(mails) == [("replaced", person.delegate.email), ("person_invited", "zoe@example.org")]
    assert "the invitation is on its way" in body
    send(client, "replace_person", delegation, person.public_id, **PERSON)
    assert (Registration.objects.count(), OutboxMail.objects.count()) == (2, 2)


def test_replacing_before_the_list_is_sent_writes_to_nobody(client):
    delegation = at_stage("open")
    focal_of(client, delegation)
    person = member(delegation, invited_at=None)
    page = client.get(address("replace_person", delegation, person.public_id)).content.decode()
    assert "was never written to and hears nothing" in page
    assert "You cannot undo this." not in page
    send(client, "replace_person", delegation, person.public_id, **PERSON)
    assert Registration.objects.active().get().invited_at is None
    assert OutboxMail.objects.count() == 0


def test_replacing_ends_the_open_link_of_the_first():
    delegation = at_stage("open")
    person = member(delegation)
    invitation = Invitation.objects.create(
        event=delegation.event,
        registration=person,
        email=person.delegate.email,
        secret_digest="x",
        created_at=timezone.now(),
        expires_at=hours_from_now(99),
    )
    replace_person(person, **PERSON, by=OFFICER, made_by=rules.FOCAL)
    invitation.refresh_from_db()
    assert invitation.revoked_at is not None


def test_person_on_the_list_already_replaces_nobody(client):
    delegation = at_stage("open")
    focal_of(client, delegation)
    person, other = member(delegation), member(delegation)
    said = {name: getattr(other.delegate, name) for name in ("given_name", "family_name", "email", "language")}
    response = send(client, "replace_person", delegation, person.public_id, **said)
    assert response.context["form"].non_field_errors() == ["This person is already on the list."]
    person.refresh_from_db()
    assert person.state == "nominated"


@pytest.mark.parametrize("state", ["withdrawn", "replaced", "waitlisted", "refused"])
def test_nobody_is_replaced_where_there_is_no_seat(client, state):
    delegation = at_stage("open")
    focal_of(client, delegation)
    person = member(delegation, state=state)
    assert "Nobody can be replaced here any more." in client.get(address("replace_person", delegation, person.public_id)).content.decode()
    send(client, "replace_person", delegation, person.public_id, **PERSON)
    assert Registration.objects.count() == 1


@pytest.mark.parametrize(
    ("invited", "state", "limit"),
    [
        (-96, "nominated", "confirm_by_at"),
        (-36, "nominated", "freeze_at"),
        (-1, "nominated", None),
        (-96, "returned", "freeze_at"),
        (-1, "returned", None),
    ],
)
def test_whoever_is_invited_after_a_deadline_is_bound_by_the_next(invited, state, limit):
    event = at_stage("frozen").event
    person = RegistrationFactory(event=event, state=state, invited_at=hours_from_now(invited))
    assert rules.confirm_limit(person, event) == (getattr(event, limit) if limit else None)


@pytest.mark.parametrize(("stage", "said"), [("open", "confirm_by_at"), ("confirming over", "freeze_at"), ("frozen", None)])
def test_an_invitation_names_the_deadline_that_binds_and_none_that_has_passed(stage, said):
    delegation = at_stage(stage)
    person = RegistrationFactory(event=delegation.event, delegation=delegation, state="nominated", invited_at=timezone.now())
    limit = getattr(delegation.event, said) if said else None
    assert person_places(person)["confirm_by"] == moment_in_words(delegation.event, limit, person.delegate.language)
    assert bool(person_places(person)["confirm_by"]) == bool(said)


# Too late


@pytest.mark.parametrize(("stage", "name"), [("nominations over", "nominate"), ("frozen", "nominate"), ("frozen", "replace_person")])
def test_too_late_is_a_request_that_changes_nothing_and_tells_the_duty_organiser(client, stage, name):
    delegation = at_stage(stage)
    focal = focal_of(client, delegation)
    duty = StaffRoleFactory(event=delegation.event, is_duty_organiser=True)
    StaffRoleFactory(event=delegation.event)
    StaffRoleFactory(is_duty_organiser=True)  # of another event
    person = member(delegation)
    more = [person.public_id] if name == "replace_person" else []
    page = client.get(address(name, delegation, *more)).content.decode()
    assert "Ask the organisers" in page
    body = send(client, name, delegation, *more, **PERSON, category="expert", late="1").content.decode()
    asked = LateRequest.objects.get()
    assert (asked.asked_by, asked.name, asked.decided_at) == (focal.user, "Zoë Ó Briain", None)
    assert asked.registration == (person if more else None)
    assert asked.payload == PERSON | {"category": "delegate" if more else "expert"}
    assert list(OutboxMail.objects.values_list("kind", "to")) == [("late_request_asked", duty.user.email)]
    assert reverse("organise:late", args=[delegation.event.slug]) in opened(OutboxMail.objects.get())[0]
    assert Registration.objects.count() == 1
    assert "Waits for the organisers" in body
    assert "Nothing has changed yet" in body
    send(client, name, delegation, *more, **PERSON, category="expert", late="1")
    assert LateRequest.objects.count() == 1


def test_without_anybody_on_duty_the_mailbox_is_told():
    delegation = at_stage("frozen")
    ask_late(delegation, kind="nominate", person=PERSON, category="delegate", by=OFFICER)
    assert OutboxMail.objects.get().to == delegation.event.mailbox


@pytest.mark.parametrize("name", ["nominate", "replace_person"])
def test_deadline_passing_while_the_form_is_open_keeps_what_was_typed_and_offers_the_request(client, name):
    delegation = at_stage("frozen")
    focal_of(client, delegation)
    person = member(delegation)
    more = [person.public_id] if name == "replace_person" else []
    response = send(client, name, delegation, *more, **PERSON, category="expert")
    assert response.context["form"]["family_name"].value() == "Ó Briain"
    assert len(response.context["form"].non_field_errors()) == 1
    assert 'name="late" value="1"' in response.content.decode()
    assert (LateRequest.objects.count(), Registration.objects.count()) == (0, 1)
    send(client, name, delegation, *more, **PERSON, category="expert", late="1")
    assert LateRequest.objects.count() == 1


def test_deadline_moved_while_the_form_is_open_makes_the_request_an_act(client):
    delegation = at_stage("open")
    focal_of(client, delegation)
    send(client, "nominate", delegation, **PERSON, category="expert", late="1")
    assert (LateRequest.objects.count(), Registration.objects.count()) == (0, 1)


@pytest.mark.parametrize("state", [EventState.CLOSED, EventState.CANCELLED, EventState.ANNOUNCED])
def test_at_an_event_that_takes_nobody_nothing_can_be_asked(client, state):
    delegation = at_stage("frozen")
    focal_of(client, delegation)
    delegation.event.state = state
    delegation.event.save()
    body = send(client, "nominate", delegation, **PERSON, category="expert", late="1").content.decode()
    assert "Registration for this event is not open." in body
    assert LateRequest.objects.count() == 0


def test_one_request_for_a_seat_and_one_for_a_person():
    delegation = at_stage("frozen")
    seat = member(delegation)
    ask_late(delegation, kind="replace", person=PERSON, category="delegate", registration=seat, by=OFFICER)
    with pytest.raises(NotAllowed, match="about this seat"):
        ask_late(delegation, kind="replace", person=PERSON | {"email": "x@example.org"}, category="delegate", registration=seat, by=OFFICER)
    with pytest.raises(NotAllowed, match="for this person"):
        ask_late(delegation, kind="nominate", person=PERSON | {"family_name": "ó briain"}, category="expert", by=OFFICER)


@pytest.mark.parametrize("category", ["organiser", "press"])
def test_category_of_the_organisers_cannot_be_asked_for(category):
    with pytest.raises(NotAllowed, match="Only the organisers"):
        ask_late(at_stage("frozen"), kind="nominate", person=PERSON, category=category, by=OFFICER)


# What is decided


def test_accepted_replacement_is_done_the_person_is_invited_and_the_words_are_blanked(client):
    delegation = at_stage("frozen", seats=1)
    focal = focal_of(client, delegation)
    seat = member(delegation, state="approved")
    asked = ask_late(delegation, kind="replace", person=PERSON, category="delegate", registration=seat, by=OFFICER)
    OutboxMail.objects.all().delete()
    decide_late(asked, accept=True, by=OFFICER)
    seat.refresh_from_db()
    asked.refresh_from_db()
    new = Registration.objects.active().get()
    assert (seat.state, new.state, new.delegate.full_name) == ("replaced", "nominated", "Zoë Ó Briain")
    assert (asked.payload, asked.accepted, asked.result, asked.name) == ({}, True, new, "Zoë Ó Briain")
    told = [
        ("replaced", seat.delegate.email),
        ("person_left", focal.email),
        ("person_invited", "zoe@example.org"),
        ("late_request_accepted", focal.email),
    ]
    assert list(OutboxMail.objects.order_by("pk").values_list("kind", "to")) == told
    assert rules.why_not(rules.check_confirming, new, delegation.event, timezone.now(), made_by=rules.PERSON) == ""
    assert "Accepted" in client.get(address("delegation", delegation)).content.decode()


def test_accepted_nomination_above_the_seats_waits_and_is_not_invited():
    delegation = at_stage("frozen", seats=0)
    asked = decide_late(ask_late(delegation, kind="nominate", person=PERSON, category="delegate", by=OFFICER), accept=True, by=OFFICER)
    assert (asked.result.state, asked.result.invited_at) == ("waitlisted", None)


def test_accepted_name_for_a_kept_seat():
    delegation = at_stage("frozen")
    seat = member(delegation, state="placeholder", delegate=None)
    asked = ask_late(delegation, kind="nominate", person=PERSON, category="delegate", registration=seat, by=OFFICER)
    decide_late(asked, accept=True, by=OFFICER)
    seat.refresh_from_db()
    assert (seat.state, seat.delegate.full_name) == ("nominated", "Zoë Ó Briain")
    assert seat.invited_at is not None


def test_refusal_needs_a_reason_which_the_focal_point_reads(client):
    delegation = at_stage("frozen")
    focal = focal_of(client, delegation)
    asked = ask_late(delegation, kind="nominate", person=PERSON, category="delegate", by=OFFICER)
    with pytest.raises(NotAllowed, match="Give a reason"):
        decide_late(asked, accept=False, reason=" ", by=OFFICER)
    decide_late(asked, accept=False, reason="The badges are printed.", by=OFFICER)
    asked.refresh_from_db()
    assert (asked.payload, asked.accepted) == ({"given_name": "Zoë", "family_name": "Ó Briain"}, False)
    assert OutboxMail.objects.filter(kind="late_request_refused", to=focal.email).count() == 1
    page = client.get(address("delegation", delegation)).content.decode()
    assert ("The badges are printed." in page, "<bdi>Zoë Ó Briain</bdi>" in page, "zoe@example.org" in page) == (True, True, False)
    with pytest.raises(NotAllowed, match="no longer waits"):
        decide_late(asked, accept=True, by=OFFICER)


def test_request_that_can_no_longer_be_done_stays_open():
    delegation = at_stage("frozen")
    seat = member(delegation)
    asked = ask_late(delegation, kind="replace", person=PERSON, category="delegate", registration=seat, by=OFFICER)
    replace_person(seat, **PERSON | {"given_name": "Other"}, by=OFFICER, made_by=rules.OFFICER)
    with pytest.raises(NotAllowed):
        decide_late(asked, accept=True, by=OFFICER)
    asked.refresh_from_db()
    assert (asked.decided_at, asked.payload["given_name"]) == (None, "Zoë")


def test_request_is_taken_back_after_asking(client):
    delegation = at_stage("frozen")
    focal_of(client, delegation)
    asked = LateRequestFactory(delegation=delegation)
    assert "Late Comer" in client.get(address("take_back_late", delegation, asked.public_id)).content.decode()
    assert "Taken back" in send(client, "take_back_late", delegation, asked.public_id).content.decode()
    asked.refresh_from_db()
    assert (asked.is_taken_back, asked.accepted, asked.payload) == (True, False, {})
    again = send(client, "take_back_late", delegation, asked.public_id).content.decode()
    assert "no longer waits" in again
    with pytest.raises(NotAllowed):
        take_back_late(asked, by=OFFICER)


def test_request_of_another_delegation_does_not_exist(client):
    delegation = at_stage("frozen")
    focal_of(client, delegation)
    other = LateRequestFactory(event=delegation.event)
    assert client.get(address("take_back_late", delegation, other.public_id)).status_code == 404


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"kind": "other"}, "late_request_kind_known"),
        ({"kind": LateKind.REPLACE}, "late_request_replaces_somebody"),
        ({"accepted": True}, "late_request_decided_with_its_moment"),
        ({"decided_at": timezone.now()}, "late_request_decided_with_its_moment"),
        ({"is_taken_back": True}, "late_request_decided_with_its_moment"),
        ({"is_taken_back": True, "accepted": True, "decided_at": timezone.now()}, "late_request_taken_back_is_not_accepted"),
    ],
)
def test_table_refuses_what_cannot_be(values, name):
    assert refused(changed(LateRequestFactory(), **values), name)


def test_table_refuses_a_second_open_request_for_a_seat():
    seat = RegistrationFactory()
    LateRequestFactory(delegation=seat.delegation, registration=seat, kind="replace")
    assert refused(
        lambda: LateRequestFactory(delegation=seat.delegation, registration=seat, kind="replace"), "late_request_one_open_per_seat"
    )


# The right that ends


def test_right_that_ends_while_the_form_is_open_is_said_with_what_was_typed(client):
    delegation = at_stage("open")
    focal = focal_of(client, delegation)
    focal.until_at = timezone.now()
    focal.save()
    response = client.post(address("nominate", delegation), PERSON | {"hat": f"focal:{delegation.public_id}", "key": "k"})
    body = response.content.decode()
    assert response.status_code == 403
    assert "You are no longer the focal point" in body
    assert "Ó Briain" in body
    assert Registration.objects.count() == 0
    assert client.get(address("nominate", delegation)).status_code == 404
    focal.until_at = None
    focal.save()
    assert client.get(address("nominate", delegation)).context["form"]["family_name"].value() == "Ó Briain"


def test_right_that_ends_over_the_table_shows_a_line_for_each_row(client):
    delegation = at_stage("open")
    focal = focal_of(client, delegation)
    focal.until_at = timezone.now()
    focal.save()
    rows = {f"{row}-{name}": value for row in range(3) for name, value in (("category", "delegate"), ("language", "en"))}
    typed = rows | {"0-family_name": "Szabó", "0-given_name": "Éva", "2-family_name": "Kiss", "2-email": "k@example.org", "count": "3"}
    response = client.post(address("several", delegation), typed | {"hat": f"focal:{delegation.public_id}", "key": "k"})
    assert (response.status_code, response.context["typed"]) == (403, ["Szabó, Éva", "Kiss, k@example.org"])
