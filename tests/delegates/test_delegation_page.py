"""The focal point's pages."""

import datetime as dt
import html
import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from conference.lib.viewer import ANYONE
from delegates.choices import Answer, Category, RegistrationState
from delegates.models import Registration
from events.choices import EventState
from events.models import Event, IdempotencyKey, OutboxMail
from tests.factories import (
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    LateRequestFactory,
    RegistrationFactory,
    UserFactory,
    hours_from_now,
)

pytestmark = pytest.mark.django_db

PAGES = ["delegation", "answer", "nominate", "several", "former", "keep_seat", "decline", "credential", "share", "send"]
PERSON_PAGES = ["name_seat", "replace_person", "accept", "withdraw_person", "undo_withdrawal", "name_head", "order", "remind_person"]
PERSON = {
    "given_name": "Ana María",
    "family_name": "d’Été–Ångström",
    "email": "ana@example.org",
    "function": "Analyst",
    "category": "expert",
    "language": "fr",
    "key": "a-key",
}


def address(name: str, delegation, *more) -> str:
    return reverse(f"delegates:{name}", args=[delegation.event.slug, delegation.public_id, *more])


@pytest.fixture
def delegation():
    return DelegationFactory(seats=2)


@pytest.fixture
def focal(client, delegation):
    """The focal point of the delegation, signed in."""
    focal = FocalPointFactory(delegation=delegation, event=delegation.event, user=UserFactory())
    client.force_login(focal.user)
    return focal


def send(client, name, delegation, *more, **data):
    return client.post(address(name, delegation, *more), {"hat": f"focal:{delegation.public_id}", **data}, follow=True)


def member(delegation, **fields):
    """Somebody of the delegation; nobody has written to them unless `invited_at` says."""
    return RegistrationFactory(delegation=delegation, event=delegation.event, **{"invited_at": None} | fields)


def test_page_shows_seats_head_answer_and_everyone_in_order(client, delegation, focal):
    member(delegation, category=Category.EXPERT, state=RegistrationState.APPROVED)
    member(delegation, category=Category.HEAD)
    member(delegation, state=RegistrationState.WAITLISTED)
    response = client.get(address("delegation", delegation))
    assert [row["person"].category for row in response.context["people"]] == [Category.HEAD, Category.EXPERT]
    assert [row["act"] for row in response.context["people"]] == ["send", ""]
    assert [row["person"].state for row in response.context["waiting"]] == [RegistrationState.WAITLISTED]
    assert response.context["head"].category == Category.HEAD
    assert response.context["needs"] == []
    body = response.content.decode()
    assert ("2 of 2" in body, "0 free" in body) == (True, True)
    assert "Send 1 invitation" in body
    assert "30 days left" in body


def test_page_says_on_top_what_needs_the_focal_point(client, delegation, focal):
    offered = member(delegation, state=RegistrationState.OFFERED, offer_expires_at=hours_from_now(20))
    asked = [member(delegation, state=RegistrationState.REQUESTED) for _number in range(2)]
    unnamed = member(delegation, state=RegistrationState.PLACEHOLDER, delegate=None)
    response = client.get(address("delegation", delegation))
    first = min(asked, key=lambda person: person.position)
    assert response.context["needs"] == [
        {"words": "1 seat is offered to you: take it", "url": f"#{offered.public_id}"},
        {"words": "2 people ask for a place", "url": f"#{first.public_id}"},
        {"words": "1 seat has no name yet", "url": f"#{unnamed.public_id}"},
        {"words": "No head of delegation is named", "url": "#people"},
    ]


def test_page_tells_seats_from_people_who_take_none(client, delegation, focal):
    member(delegation)
    member(delegation, category=Category.INTERPRETER)
    response = client.get(address("delegation", delegation))
    assert (response.context["held"], response.context["no_seat"]) == ([("Delegate", 1)], [("Interpreter", 1)])
    assert response.content.decode().count("takes no seat") == 1


def test_page_of_an_empty_delegation_says_what_to_do(client, delegation, focal):
    body = client.get(address("delegation", delegation)).content.decode()
    assert "Nobody is named yet" in body
    assert "Nominate a person" in body


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_for_any_number_of_people(client, django_assert_num_queries, count):
    delegation = DelegationFactory(seats=5)
    client.force_login(FocalPointFactory(delegation=delegation, event=delegation.event, user=UserFactory()).user)
    for _number in range(count):
        member(delegation)
        member(delegation, state=RegistrationState.WAITLISTED)
        member(delegation, state=RegistrationState.WITHDRAWN)
    with django_assert_num_queries(12):
        response = client.get(address("delegation", delegation))
    assert len(response.context["people"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_sending_page_costs_the_same_for_any_number_of_people(client, django_assert_num_queries, count):
    delegation = DelegationFactory(seats=5)
    client.force_login(FocalPointFactory(delegation=delegation, event=delegation.event, user=UserFactory()).user)
    for _number in range(count):
        member(delegation)
    with django_assert_num_queries(8):
        response = client.get(address("send", delegation))
    assert len(response.context["people"]) == count


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "delete"])
@pytest.mark.parametrize("name", PAGES + PERSON_PAGES)
def test_another_delegation_does_not_exist(client, delegation, name, method):
    other = FocalPointFactory(event=delegation.event, user=UserFactory())
    client.force_login(other.user)
    person = member(delegation)
    more = [person.public_id] if name in PERSON_PAGES else []
    response = getattr(client, method)(address(name, delegation, *more))
    assert response.status_code == 404
    assert Registration.objects.get().state == RegistrationState.NOMINATED


@pytest.mark.parametrize("name", PERSON_PAGES)
@pytest.mark.parametrize("method", ["post"])
def test_person_of_another_delegation_does_not_exist_in_ones_own(client, delegation, focal, name, method):
    stranger = RegistrationFactory(event=delegation.event)
    response = getattr(client, method)(address(name, delegation, stranger.public_id), {"hat": f"focal:{delegation.public_id}"})
    assert response.status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_delegate_of_the_delegation_gets_404(client, delegation, name):
    user = UserFactory()
    member(delegation, user=user, state=RegistrationState.APPROVED)
    client.force_login(user)
    assert client.get(address(name, delegation)).status_code == 404


def test_ended_right_closes_the_page_at_once(client, delegation, focal):
    focal.until_at = timezone.now()
    focal.save()
    assert client.get(address("delegation", delegation)).status_code == 404


def test_stranger_is_asked_to_sign_in(client, delegation):
    assert client.get(address("delegation", delegation)).status_code == 302


def test_address_names_the_hat_whatever_hat_is_kept(client, delegation, focal):
    registration = member(delegation, user=focal.user, state=RegistrationState.APPROVED)
    session = client.session
    session["hats"] = {str(delegation.event_id): f"registration:{registration.public_id}"}
    session.save()
    response = client.get(address("delegation", delegation))
    assert response.status_code == 200
    assert response.wsgi_request.viewer.hat == f"focal:{delegation.public_id}"
    assert response.wsgi_request.viewer.audiences == ANYONE.audiences


@pytest.mark.parametrize("said", [Answer.COMING, Answer.UNDECIDED, Answer.DECLINED])
def test_answer_is_kept_and_can_be_changed(client, delegation, focal, said):
    send(client, "answer", delegation, answer=Answer.UNDECIDED)
    send(client, "answer", delegation, answer=said)
    delegation.refresh_from_db()
    assert delegation.answer == said


def test_declining_with_people_named_asks_first_whom_it_concerns(client, delegation, focal):
    person = member(delegation)
    response = send(client, "answer", delegation, answer=Answer.DECLINED)
    assert response.redirect_chain[-1][0] == address("decline", delegation)
    assert person.delegate.full_name in response.content.decode()
    delegation.refresh_from_db()
    assert delegation.answer == Answer.INVITED


def test_nominating_takes_a_seat_and_writes_to_nobody(client, delegation, focal):
    body = send(client, "nominate", delegation, **PERSON).content.decode()
    registration = Registration.objects.select_related("delegate").get()
    assert (registration.state, registration.category) == (RegistrationState.NOMINATED, Category.EXPERT)
    assert registration.delegate.full_name == "Ana María d’Été–Ångström"
    assert (registration.delegate.email, registration.delegate.language) == ("ana@example.org", "fr")
    assert OutboxMail.objects.count() == 0
    assert "Nobody is written to until you send the list." in body


@pytest.mark.parametrize("empty", ["given_name", "family_name"])
def test_one_name_is_enough(client, delegation, focal, empty):
    send(client, "nominate", delegation, **PERSON | {empty: ""})
    assert Registration.objects.count() == 1


NAMES = [("Йоанна", "Ґалаґан"), ("李", "小龙"), ("محمد", "العلي"), ("Ana", "O’Brien-d'Été"), ("", "Sukarno"), ("Łukasz", "x" * 200)]


@pytest.mark.parametrize("names", NAMES)
def test_names_of_every_kind_are_taken_and_shown(client, delegation, focal, names):
    body = send(client, "nominate", delegation, **PERSON | {"given_name": names[0], "family_name": names[1]}).content.decode()
    person = Registration.objects.get().delegate
    assert (person.given_name, person.family_name) == names
    assert all(html.escape(name) in body for name in names)


def test_name_that_is_too_long_is_refused_beside_the_field_and_kept(client, delegation, focal):
    form = send(client, "nominate", delegation, **PERSON | {"family_name": "x" * 201}).context["form"]
    assert form.errors == {"family_name": ["Ensure this value has at most 200 characters (it has 201)."]}
    assert form["family_name"].value() == "x" * 201


def test_no_name_at_all_is_refused_beside_the_field_and_on_top(client, delegation, focal):
    response = send(client, "nominate", delegation, **PERSON | {"given_name": " ", "family_name": ""})
    assert response.context["form"].errors == {"given_name": ["Write a given name, a family name, or both."]}
    assert response.content.decode().count("Write a given name, a family name, or both.") == 2
    assert Registration.objects.count() == 0


def test_same_form_sent_twice_names_one_person(client, delegation, focal):
    send(client, "nominate", delegation, **PERSON)
    response = send(client, "nominate", delegation, **PERSON)
    assert response.redirect_chain[-1][0] == address("delegation", delegation)
    assert Registration.objects.count() == 1
    assert IdempotencyKey.objects.count() == 1


def test_same_key_with_other_words_is_shown_again_with_a_new_key(client, delegation, focal):
    send(client, "nominate", delegation, **PERSON)
    response = send(client, "nominate", delegation, **PERSON | {"given_name": "Other"})
    assert "This form has been sent before" in response.content.decode()
    assert response.context["form"]["given_name"].value() == "Other"
    key = response.context["form"]["key"].value()
    assert key != PERSON["key"]
    send(client, "nominate", delegation, **PERSON | {"given_name": "Other", "key": key})
    assert Registration.objects.count() == 2


def test_refused_form_leaves_its_key_unused(client, delegation, focal):
    member(delegation, category=Category.HEAD)
    response = send(client, "nominate", delegation, **PERSON | {"category": "head"})
    assert "This delegation already has a head." in response.content.decode()
    send(client, "nominate", delegation, **PERSON)
    assert Registration.objects.count() == 2


def test_above_the_seats_people_wait_in_order(client, delegation, focal):
    for number in range(4):
        body = send(client, "nominate", delegation, **PERSON | {"key": f"key{number}", "given_name": f"Person{number}"}).content.decode()
    assert "waiting list" in body
    response = client.get(address("delegation", delegation))
    assert len(response.context["people"]) == 2
    assert [row["person"].delegate.given_name for row in response.context["waiting"]] == ["Person2", "Person3"]


def test_seat_is_kept_and_named_later(client, delegation, focal):
    send(client, "keep_seat", delegation, category="delegate", key="a")
    kept = Registration.objects.get()
    assert (kept.state, kept.delegate) == (RegistrationState.PLACEHOLDER, None)
    assert "No name yet" in client.get(address("delegation", delegation)).content.decode()
    send(client, "name_seat", delegation, kept.public_id, **PERSON)
    kept.refresh_from_db()
    assert (kept.state, kept.delegate.given_name) == (RegistrationState.NOMINATED, "Ana María")


def test_keeping_twice_with_one_form_keeps_one_seat(client, delegation, focal):
    for _press in range(2):
        send(client, "keep_seat", delegation, category="delegate", key="a")
    assert Registration.objects.count() == 1


def test_list_is_sent_to_those_named_and_to_nobody_twice(client, delegation, focal):
    first = member(delegation)
    page = client.get(address("send", delegation)).content.decode()
    assert "Send 1 invitation" in page
    assert first.delegate.email in page
    assert OutboxMail.objects.count() == 0
    assert "One invitation is on its way." in send(client, "send", delegation).content.decode()
    assert OutboxMail.objects.count() == 1
    second = member(delegation)
    page = client.get(address("send", delegation)).content.decode()
    assert (first.delegate.email in page, second.delegate.email in page) == (False, True)
    send(client, "send", delegation)
    assert "Everybody on the list has been written to already." in send(client, "send", delegation).content.decode()
    assert OutboxMail.objects.count() == 2


def test_withdrawing_asks_first_and_frees_the_seat(client, delegation, focal):
    person = member(delegation)
    page = client.get(address("withdraw_person", delegation, person.public_id)).content.decode()
    assert "was never written to and hears nothing" in page
    person.refresh_from_db()
    assert person.state == RegistrationState.NOMINATED
    send(client, "withdraw_person", delegation, person.public_id)
    person.refresh_from_db()
    assert person.state == RegistrationState.WITHDRAWN
    assert delegation.quotas.get().taken == 0
    again = send(client, "withdraw_person", delegation, person.public_id).content.decode()
    assert "There is nothing to withdraw here any more." in again


def test_person_without_an_address_is_not_counted_among_the_invitations(client, delegation, focal):
    member(delegation, delegate__email="")
    response = client.get(address("delegation", delegation))
    assert (response.context["to_invite"], [row["act"] for row in response.context["people"]]) == (0, [""])
    assert client.get(address("send", delegation)).context["people"] == []


def test_reader_without_script_is_led_to_choose_their_clock_once(client, delegation, focal):
    link = reverse("my_settings")
    assert link in client.get(address("delegation", delegation)).content.decode()
    focal.user.choose(name="", language="en", time_zone=delegation.event.zone)
    assert link not in client.get(address("delegation", delegation)).content.decode()


def test_deadline_is_shown_on_the_readers_clock_too(client, delegation, focal):
    focal.user.choose(name="", language="en", time_zone="America/New_York")
    assert "America/New York" in client.get(address("delegation", delegation)).content.decode()


def test_offered_seat_is_taken(client, delegation, focal):
    waiting = member(delegation, state=RegistrationState.OFFERED, offer_expires_at=hours_from_now(20))
    assert "Take the seat" in client.get(address("delegation", delegation)).content.decode()
    assert "A seat is free and kept for this person until" in client.get(address("accept", delegation, waiting.public_id)).content.decode()
    send(client, "accept", delegation, waiting.public_id)
    waiting.refresh_from_db()
    assert waiting.state == RegistrationState.NOMINATED


@pytest.mark.parametrize("is_sent", [False, True])
def test_page_of_an_offer_says_when_the_person_is_written_to(client, delegation, focal, is_sent):
    waiting = member(delegation, state=RegistrationState.OFFERED, offer_expires_at=hours_from_now(20))
    delegation.list_sent_at = hours_from_now(-1) if is_sent else None
    delegation.save()
    body = client.get(address("accept", delegation, waiting.public_id)).content.decode()
    assert ("the invitation leaves at once" in body, "Nobody is written to until you send the list" in body) == (is_sent, not is_sent)
    send(client, "accept", delegation, waiting.public_id)
    waiting.refresh_from_db()
    assert (waiting.invited_at is not None) is is_sent


def test_after_the_deadline_the_page_says_whom_to_write_to(client, focal, delegation):
    event = delegation.event
    event.answer_by_at, event.nominate_by_at = hours_from_now(-2), hours_from_now(-1)
    event.save()
    body = client.get(address("delegation", delegation)).content.decode()
    assert "The time to nominate has ended." in body
    assert "organisers@example.org" in body
    assert "Nominate a person" not in body
    response = send(client, "nominate", delegation, **PERSON)
    assert response.context["form"].non_field_errors() == ["The time to nominate has ended."]
    assert response.context["form"]["given_name"].value() == "Ana María"
    assert Registration.objects.count() == 0


def test_at_a_closed_event_nothing_changes(client, focal, delegation):
    person = member(delegation)
    delegation.event.state = EventState.CLOSED
    delegation.event.save()
    body = send(client, "withdraw_person", delegation, person.public_id).content.decode()
    assert "This event is closed; nothing can be changed any more." in body
    person.refresh_from_db()
    assert person.state == RegistrationState.NOMINATED


@time_machine.travel(dt.datetime(2026, 3, 1, 22, 30, tzinfo=dt.UTC), tick=False)
def test_deadline_is_counted_on_the_clock_of_the_event(client):
    event = EventFactory(zone="Asia/Tokyo", answer_by_at=None, nominate_by_at=dt.datetime(2026, 3, 2, 14, 59, tzinfo=dt.UTC))
    delegation = DelegationFactory(event=event)
    client.force_login(FocalPointFactory(delegation=delegation, event=event, user=UserFactory()).user)
    body = client.get(address("delegation", delegation)).content.decode()
    assert "last day today" in body
    assert "2 March 2026, 23:59" in body


def test_a_cancelled_event_says_so_and_offers_nothing_that_it_refuses(client):
    event = EventFactory(freeze_at=hours_from_now(999), confirm_by_at=None, nominate_by_at=None, answer_by_at=None, travel_by_at=None)
    delegation = DelegationFactory(event=event, answer="coming", seats=5)
    focal = FocalPointFactory(delegation=delegation, user=UserFactory())
    RegistrationFactory(delegation=delegation, state="nominated", invited_at=hours_from_now(-5))
    client.force_login(focal.user)
    address = reverse("delegates:delegation", args=[event.slug, delegation.public_id])
    offers = ("/remind/", "/withdraw/", "/answer/", "/credential/", "Replace until")
    before = client.get(address).content.decode()
    assert [words for words in offers if words not in before] == []
    Event.objects.filter(pk=event.pk).update(state="cancelled")
    after = client.get(address).content.decode()
    assert [words for words in offers if words in after] == []
    assert "This conference is cancelled." in after
    assert "This conference is cancelled." in client.get(reverse("my")).content.decode()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (EventState.CLOSED, "This event is closed; nothing can be changed any more."),
        (EventState.CANCELLED, "This conference is cancelled."),
    ],
)
def test_page_of_an_event_that_ended_offers_no_act(client, state, words):
    delegation = DelegationFactory(event__state=state, answer=Answer.COMING, seats=2)
    RegistrationFactory(delegation=delegation)
    LateRequestFactory(delegation=delegation)
    focal = FocalPointFactory(delegation=delegation, user=UserFactory())
    client.force_login(focal.user)
    body = client.get(reverse("delegates:delegation", args=[delegation.event.slug, delegation.public_id])).content.decode()
    main = body[body.index("<main") : body.index("</main")]
    assert (words in main, "Not decided" in main, "is not open" in main, "data-print" in main) == (True, True, False, True)
    assert [link for link in re.findall(r'href="([^"]+)"', main) if f"/delegations/{delegation.public_id}/" in link] == []
