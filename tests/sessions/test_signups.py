"""Signing up for sessions: who may and when, the waiting list, what frees a seat, and what readers see of it."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from conference.lib.viewer import SYSTEM
from conference.management.commands.worker import check_places
from conference.privacy.erasure import erase
from conference.privacy.export import held_on
from conference.privacy.purge import purge
from delegates.actions import change_category, moves, narrow_registration
from delegates.choices import Category, Narrowing, RegistrationState, Standing
from delegates.rules import OFFICER, SeatsBelowUse
from events.choices import Audience, EventState
from events.models import AuditEntry, OutboxMail
from events.outbox import letter
from events.rules import NotAllowed
from sessions import actions
from sessions.choices import Label, SessionKind, SignUpEnd, SignUpPhase
from sessions.models import SignUp, SignUpSheet, Slot
from sessions.rules import SignedUpElsewhere, sign_up_phase
from tests.factories import (
    ContributionFactory,
    DelegationFactory,
    EventFactory,
    OrganisationFactory,
    RegistrationFactory,
    ReleaseFactory,
    SessionFactory,
    SlotFactory,
    SpeakerFactory,
    UserFactory,
    hours_from_now,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory()


def workshop(event, seats=2, **facts):
    facts = {"kind": SessionKind.WORKSHOP, "audience": Audience.PARTICIPANTS, "released": True, "title_en": "Workshop"} | facts
    session = SessionFactory(event=event, **facts)
    actions.keep_sheet(session, seats=seats, opens_at=None, closes_at=None, by=SYSTEM)
    return session


def person(event, **facts):
    facts = {"state": RegistrationState.APPROVED, "delegate__user": UserFactory()} | facts
    return RegistrationFactory(delegation=facts.pop("delegation", None) or DelegationFactory(event=event, seats=9), **facts)


def join(session, *people):
    return [actions.sign_up(session, one, by=SYSTEM) for one in people]


def places(session):
    """Each live sign-up in line: whose, and whether it has a seat."""
    return [(one.registration, one.is_seated) for one in SignUp.objects.live().filter(session=session).in_line().for_list()]


def taken(session):
    assert list(SignUpSheet.objects.out_of_step()) == []
    return SignUpSheet.objects.get(session=session).taken


def test_seats_then_the_waiting_list_in_order(event):
    session, people = workshop(event, seats=2), [person(event) for _ in range(4)]
    join(session, *people)
    assert places(session) == list(zip(people, [True, True, False, False], strict=True))
    assert [one.ahead for one in SignUp.objects.waiting().in_line().with_place()] == [0, 1]
    assert taken(session) == 2


def test_signing_up_twice_is_once(event):
    session, one = workshop(event), person(event)
    assert join(session, one) == join(session, one)
    assert AuditEntry.objects.filter(verb="signup.join").count() == 1


def test_seat_left_goes_to_the_first_in_line_who_is_told(event):
    session, (first, second, third) = workshop(event, seats=1), [person(event) for _ in range(3)]
    join(session, first, second, third)
    assert actions.leave(session, first, by=SYSTEM)
    assert places(session) == [(second, True), (third, False)]
    (mail,) = OutboxMail.objects.filter(kind="sign_up_seat")
    assert (mail.to, mail.must_see, mail.reader) == (second.delegate.email, [session.public_id], second.public_id)
    assert "You have a seat: Workshop" in mail.subject
    assert session.public_id in letter(mail).text
    assert [entry.verb for entry in AuditEntry.objects.order_by("number")][-2:] == ["signup.leave", "signup.promote"]


def test_message_about_a_session_above_green_names_only_its_time(event):
    session = workshop(event, seats=1, label=Label.AMBER, title_en="Zqsecret", abstract_en="Zqsecret")
    first, second = person(event), person(event)
    join(session, first, second)
    actions.leave(session, first, by=SYSTEM)
    mail = OutboxMail.objects.get(kind="sign_up_seat")
    said = mail.subject + letter(mail).text + letter(mail).html
    assert "Zqsecret" not in said
    assert "Session" in mail.subject


def test_who_left_a_moment_ago_takes_up_the_old_place(event):
    session, (first, second, third) = workshop(event, seats=1), [person(event) for _ in range(3)]
    join(session, first, second, third)
    actions.leave(session, second, by=SYSTEM)
    assert places(session) == [(first, True), (third, False)]
    join(session, second)
    assert places(session) == [(first, True), (second, False), (third, False)]
    actions.leave(session, second, by=SYSTEM)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        join(session, second)
    assert places(session) == [(first, True), (third, False), (second, False)]


def test_who_was_taken_out_comes_back_at_the_end(event):
    session, (first, second, third) = workshop(event, seats=1), [person(event) for _ in range(3)]
    join(session, first, second, third)
    actions.leave(session, second, by=SYSTEM, by_organiser=True)
    join(session, second)
    assert places(session) == [(first, True), (third, False), (second, False)]


def test_more_seats_go_to_those_who_wait_and_fewer_than_are_held_are_refused(event):
    session, people = workshop(event, seats=1), [person(event) for _ in range(4)]
    join(session, *people)
    actions.keep_sheet(session, seats=3, opens_at=None, closes_at=None, by=SYSTEM)
    assert [seated for _one, seated in places(session)] == [True, True, True, False]
    with pytest.raises(SeatsBelowUse):
        actions.keep_sheet(session, seats=2, opens_at=None, closes_at=None, by=SYSTEM)
    assert taken(session) == 3
    actions.leave(session, people[3], by=SYSTEM)
    actions.leave(session, people[2], by=SYSTEM)
    actions.keep_sheet(session, seats=2, opens_at=None, closes_at=None, by=SYSTEM)
    assert taken(session) == 2


def test_sign_up_cannot_be_switched_off_under_people(event):
    session, one = workshop(event), person(event)
    join(session, one)
    with pytest.raises(NotAllowed, match="signed up"):
        actions.remove_sheet(session, by=SYSTEM)
    actions.leave(session, one, by=SYSTEM)
    actions.remove_sheet(session, by=SYSTEM)
    assert not SignUpSheet.objects.exists()
    with pytest.raises(NotAllowed, match="no sign-up"):
        join(session, one)


NOW = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("opens", "closes", "starts", "phase"),
    [
        (None, None, NOW + HOUR, SignUpPhase.OPEN),
        (None, None, NOW, SignUpPhase.CLOSED),
        (NOW, NOW + HOUR, NOW + 2 * HOUR, SignUpPhase.OPEN),
        (NOW + HOUR, None, NOW + 2 * HOUR, SignUpPhase.COMING),
        (None, NOW, NOW + 2 * HOUR, SignUpPhase.CLOSED),
        (NOW + HOUR, None, NOW - HOUR, SignUpPhase.CLOSED),
    ],
)
def test_sheet_is_open_from_and_until_and_never_once_the_session_began(opens, closes, starts, phase):
    assert sign_up_phase(SignUpSheet(seats=1, opens_at=opens, closes_at=closes), starts, NOW) == phase


def test_sign_up_outside_the_window_is_refused_to_persons_and_not_to_organisers(event):
    session, one = workshop(event), person(event)
    for opens, closes in ((hours_from_now(1), None), (None, hours_from_now(-1))):
        actions.keep_sheet(session, seats=2, opens_at=opens, closes_at=closes, by=SYSTEM)
        with pytest.raises(NotAllowed):
            join(session, one)
    actions.sign_up(session, one, by=SYSTEM, by_organiser=True)
    assert places(session) == [(one, True)]
    assert OutboxMail.objects.filter(kind="sign_up_added").count() == 1


def test_nobody_leaves_or_moves_up_once_the_session_has_begun(event):
    session, (first, second) = workshop(event, seats=1), [person(event) for _ in range(2)]
    join(session, first, second)
    Slot.objects.update(start_at=hours_from_now(-1), end_at=hours_from_now(1))
    with pytest.raises(NotAllowed, match="begun"):
        actions.leave(session, first, by=SYSTEM)
    actions.leave(session, first, by=SYSTEM, by_organiser=True)
    assert places(session) == [(second, False)]


@pytest.mark.parametrize(
    ("facts", "audience"),
    [
        ({"state": RegistrationState.SUBMITTED}, Audience.PUBLIC),
        ({"category": Category.PRESS}, Audience.PUBLIC),
        ({"category": Category.PROTECTION}, Audience.PARTICIPANTS),
        ({"narrowing": Narrowing.NOT_EU}, Audience.EU),
    ],
)
def test_only_approved_participants_who_see_the_session_sign_up(event, facts, audience):
    session, one = workshop(event, audience=audience), person(event, **facts)
    with pytest.raises(NotAllowed):
        join(session, one)
    assert not SignUp.objects.exists()


def test_session_that_is_not_released_takes_nobody(event):
    session = workshop(event, released=False)
    with pytest.raises(NotAllowed):
        join(session, person(event))


def test_two_sessions_at_the_same_time_are_refused_and_back_to_back_are_not(event):
    first, second, third = workshop(event), workshop(event), workshop(event)
    slot, after, same = (one.slots.get() for one in (first, second, third))
    assert slot.end_at == after.start_at
    same.start_at, same.end_at = slot.start_at + dt.timedelta(minutes=29), slot.end_at
    same.save()
    one = person(event)
    join(first, one)
    join(second, one)
    with pytest.raises(SignedUpElsewhere) as refusal:
        join(third, one)
    assert refusal.value.session == first


@pytest.mark.parametrize("to", [RegistrationState.WITHDRAWN, RegistrationState.REVOKED, RegistrationState.REPLACED])
def test_registration_that_ends_frees_the_seat(event, to):
    session, (first, second) = workshop(event, seats=1), [person(event) for _ in range(2)]
    join(session, first, second)
    moves.move_registration(first, to=to, by=SYSTEM, made_by=OFFICER, reason="Why.")
    assert places(session) == [(second, True)]
    assert SignUp.objects.get(registration=first).ending == SignUpEnd.LOST
    assert taken(session) == 1


def test_who_is_asked_to_confirm_again_keeps_the_seat(event):
    session, one = workshop(event), person(event)
    join(session, one)
    moves.move_registration(one, to=RegistrationState.NOMINATED, by=SYSTEM, made_by=OFFICER)
    assert places(session) == [(one, True)]
    moves.move_registration(one, to=RegistrationState.WITHDRAWN, by=SYSTEM, made_by=OFFICER)
    assert places(session) == []


def _eu_workshop(event):
    return workshop(event, seats=1, audience=Audience.EU)


def _of_union(event):
    delegation = DelegationFactory(event=event, organisation=OrganisationFactory(country="FR"), standing=Standing.MEMBER, seats=9)
    return person(event, delegation=delegation)


def test_narrowing_and_a_category_that_is_not_admitted_free_the_seat(event):
    session, (first, second, third) = _eu_workshop(event), [_of_union(event) for _ in range(3)]
    join(session, first, second, third)
    narrow_registration(first, narrowing=Narrowing.NOT_EU, by=SYSTEM)
    assert places(session) == [(second, True), (third, False)]
    change_category(second, category=Category.GUEST, by=SYSTEM)
    assert places(session) == [(third, True)]


def test_raised_marking_frees_the_seats_of_who_sees_it_no_more(event):
    session, guest, member = workshop(event, seats=1), person(event, delegation=None), _of_union(event)
    guest.delegation.organisation.country = "US"
    guest.delegation.organisation.save()
    join(session, guest, member)
    marking = {"label": Label.AMBER, "chatham_house": False, "shown_as_closed": "nothing"}
    actions.mark_session(session, by=SYSTEM, audience=Audience.EU, **marking)
    assert places(session) == [(member, True)]


def test_session_dropped_from_the_agenda_ends_its_sign_ups(event):
    session, one = workshop(event), person(event)
    other = SessionFactory(event=event, audience=Audience.PARTICIPANTS)
    SlotFactory(session=other, release=ReleaseFactory(event=event, number=None))
    join(session, one)
    actions.release_agenda(event, by=SYSTEM)
    assert (places(session), taken(session)) == ([], 0)


def test_interpreter_who_works_there_no_more_loses_the_seat(event):
    session, one = workshop(event, audience=Audience.EU), person(event, category=Category.INTERPRETER)
    part = ContributionFactory(slot=session.slots.get(), speaker=SpeakerFactory(registration=one))
    actions.sign_up(session, one, by=SYSTEM, by_organiser=True)
    with transaction.atomic():
        assert actions.free_lost_seats(event) == 0
    part.delete()
    with transaction.atomic():
        assert actions.free_lost_seats(event) == 1


def test_worker_frees_what_no_act_of_the_event_tells(event):
    session, one = _eu_workshop(event), _of_union(event)
    join(session, one)
    assert actions.tidy_sign_ups() == 0
    one.delegation.organisation.country = "US"
    one.delegation.organisation.save()
    assert actions.tidy_sign_ups() == 1
    assert places(session) == []


def test_nothing_is_signed_up_at_a_closed_event(event):
    session, one = workshop(event), person(event)
    event.state = EventState.CLOSED
    event.save()
    with pytest.raises(NotAllowed):
        join(session, one)


def test_erasure_forgets_the_sign_up_and_its_seat(event):
    session, (first, second) = workshop(event, seats=1), [person(event) for _ in range(2)]
    join(session, first, second)
    erase(first, by=SYSTEM)
    assert not SignUp.objects.filter(registration=first).exists()
    assert (places(session), taken(session)) == ([(second, True)], 1)


def test_sign_ups_go_when_their_term_is_over(event):
    session, one = workshop(event), person(event)
    join(session, one)
    purge(timezone.now() + dt.timedelta(days=4000))
    assert (SignUp.objects.count(), taken(session)) == (0, 0)


def test_person_is_given_their_sign_ups(event):
    session, one = workshop(event), person(event)
    join(session, one)
    (held,) = held_on(one.delegate.user, [one])["registrations"]
    (row,) = held["agenda.SignUp"]
    assert (row["session__public_id"], row["ended_at"]) == (session.public_id, None)


def test_worker_logs_a_count_that_is_not_what_the_sign_ups_say(event, caplog):
    session, one = workshop(event), person(event)
    join(session, one)
    check_places()
    assert caplog.messages == []
    SignUpSheet.objects.update(taken=2)
    check_places()
    assert caplog.messages == [f"{SignUpSheet.objects.get()} says 2, 1 have a seat"]


def test_sessions_somebody_signed_up_for(event):
    session, later, (first, second) = workshop(event, seats=1), workshop(event), [person(event) for _ in range(2)]
    join(session, first, second)
    join(later, first)
    actions.leave(later, first, by=SYSTEM)
    assert SignUp.objects.sessions_of([first.pk, second.pk]) == {first.pk: {session.pk}, second.pk: {session.pk}}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("sign_up_sheet_never_exceeded", {"taken": 3}),
        ("sign_up_sheet_has_seats", {"seats": 0}),
        ("sign_up_sheet_closes_after_it_opens", {"opens_at": NOW, "closes_at": NOW}),
    ],
)
def test_database_refuses_impossible_sheets(event, name, values):
    session = workshop(event, seats=2)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        SignUpSheet.objects.filter(session=session).update(**values)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("sign_up_seated_after_joining", {"seated_at": NOW}),
        ("sign_up_ends_after_it_starts", {"ended_at": NOW, "ending": SignUpEnd.LEFT}),
        ("sign_up_says_how_it_ended", {"ending": SignUpEnd.LEFT}),
        ("sign_up_ending_known", {"ended_at": dt.datetime(2090, 1, 1, tzinfo=dt.UTC), "ending": "x"}),
    ],
)
def test_database_refuses_impossible_sign_ups(event, name, values):
    session, one = workshop(event), person(event)
    with time_machine.travel(NOW + HOUR):
        row = SignUp.objects.create(event=event, session=session, registration=one, joined_at=NOW + HOUR)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        SignUp.objects.filter(pk=row.pk).update(**values)


def test_database_refuses_a_second_live_sign_up(event):
    session, one = workshop(event), person(event)
    join(session, one)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignUp.objects.create(event=event, session=session, registration=one, joined_at=NOW)


# Pages.


def send(client, session, registration, act="join", **fields):
    data = {"act": act, "hat": f"registration:{registration.public_id}"} | fields
    return client.post(reverse("sessions:sign_up", args=[session.event.slug, session.public_id]), data)


def page(client, session):
    return client.get(reverse("sessions:session", args=[session.event.slug, session.public_id])).content.decode()


def test_participant_signs_up_and_leaves_on_the_page(client, event):
    session, one = workshop(event, seats=1), person(event)
    client.force_login(one.delegate.user)
    assert "0 of 1 seat taken" in page(client, session)
    assert send(client, session, one).url.endswith(f"/agenda/{session.public_id}/#sign-up")
    shown = page(client, session)
    assert "You have a seat." in shown
    assert "Give up my seat" in shown
    send(client, session, one, "leave")
    assert places(session) == []
    assert "within 10 minutes" in page(client, session)


def test_who_waits_reads_the_place_and_who_has_a_seat_what_leaving_means(client, event):
    session, (first, second, third) = workshop(event, seats=1), [person(event) for _ in range(3)]
    join(session, first, second, third)
    client.force_login(third.delegate.user)
    assert "You are number 2 on the waiting list." in page(client, session)
    client.force_login(first.delegate.user)
    assert "goes to the next in line at once" in page(client, session)


def test_counts_name_nobody(client, event):
    session, one = workshop(event, audience=Audience.PUBLIC), person(event)
    join(session, one)
    shown = page(client, session)
    assert "1 of 2 seats taken" in shown
    assert one.delegate.family_name not in shown
    assert "Approved participants sign up here." in shown


def test_my_agenda_shows_sign_ups_with_their_button(client, event):
    session, other, one = workshop(event), workshop(event, title_en="Starred workshop"), person(event)
    actions.star_session(other, one)
    join(session, one)
    client.force_login(one.delegate.user)
    mine = client.get(reverse("sessions:agenda", args=[event.slug]) + "?mine=1").content.decode()
    assert mine.count("Give up my seat") == 1
    assert mine.count("Sign up for this session") == 1
    assert send(client, session, one, "leave", back="mine").url.endswith("/agenda/?mine=1#sign-up")
    assert places(session) == []


def test_stale_hat_signs_nobody_up(client, event):
    session, one = workshop(event), person(event)
    client.force_login(one.delegate.user)
    send(client, session, one, hat="registration:abcdefghij")
    assert places(session) == []


def test_refusal_names_the_other_session(client, event):
    session, other, one = workshop(event, title_en="First workshop"), workshop(event), person(event)
    slot, same = session.slots.get(), other.slots.get()
    same.start_at, same.end_at = slot.start_at, slot.end_at
    same.save()
    join(session, one)
    client.force_login(one.delegate.user)
    send(client, other, one)
    assert "You are signed up for “First workshop” at the same time." in page(client, other)


def test_hidden_session_takes_no_sign_up_and_says_nothing(client, event):
    session, one = workshop(event, audience=Audience.ORGANISERS), person(event)
    client.force_login(one.delegate.user)
    assert send(client, session, one).status_code == 404


def test_seats_stand_on_the_agenda(client, event):
    session, one = workshop(event, seats=1, audience=Audience.PUBLIC), person(event)
    agenda = reverse("sessions:agenda", args=[event.slug])
    assert "Sign-up: 1 of 1 seats free" in client.get(agenda).content.decode()
    join(session, one)
    assert "all seats taken" in client.get(agenda).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_my_agenda_costs_the_same_for_any_number_of_sign_ups(client, event, count, django_assert_num_queries):
    one = person(event)
    for _n in range(count):
        join(workshop(event), one)
    client.force_login(one.delegate.user)
    with django_assert_num_queries(22):  # those of the own agenda, four for the sign-ups, and the record of the read
        client.get(reverse("sessions:agenda", args=[event.slug]) + "?mine=1")


def test_agenda_marks_what_one_starred_and_signed_up_for_and_nobody_elses(client, event):
    session, full, starred = workshop(event, seats=1), workshop(event, seats=1), workshop(event)
    one, other = person(event), person(event)
    join(session, one)
    join(full, other, one)
    actions.star_session(starred, one)
    agenda = reverse("sessions:agenda", args=[event.slug])
    client.force_login(one.delegate.user)
    body = client.get(agenda).content.decode()
    assert (body.count("you have a seat"), body.count("you are on the waiting list"), body.count("★")) == (1, 1, 1)
    client.force_login(other.delegate.user)
    body = client.get(agenda).content.decode()
    assert (body.count("you have a seat"), body.count("you are on the waiting list"), body.count("★")) == (1, 0, 0)
    client.logout()
    body = client.get(agenda).content.decode()
    assert ("you have a seat" in body, "<!--mark" in body) == (False, False)


@pytest.mark.parametrize("count", [1, 3])
def test_agenda_costs_the_same_for_any_number_of_marks(client, event, count, django_assert_num_queries):
    one = person(event)
    for _n in range(count):
        session = workshop(event, label=Label.CLEAR)
        join(session, one)
        actions.star_session(session, one)
    client.force_login(one.delegate.user)
    with django_assert_num_queries(15):  # two of them for the marks
        assert client.get(reverse("sessions:agenda", args=[event.slug])).content.decode().count("★") == count
