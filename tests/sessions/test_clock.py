"""The clock of turns: who speaks, how much is left, how late it is, who may steer it."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from conference.lib.fingerprints import fingerprints
from conference.lib.viewer import Actor
from delegates.choices import Narrowing, RegistrationState
from delegates.models import Registration
from events.choices import Audience, StaffRoleName
from events.rules import NotAllowed
from sessions import actions, rules
from sessions.choices import Label, Role
from sessions.exports.clock import late_in_words, minutes_and_seconds
from sessions.models import Intervention, Slot, TurnClock, live_turns
from tests.factories import (
    ContributionFactory,
    EventFactory,
    InterventionFactory,
    RegistrationFactory,
    SessionFactory,
    SpeakerFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    """A released session of participants with three turns of 5, 4 and 3 minutes."""
    one = SessionFactory(event=EventFactory(slug="event"), audience=Audience.PARTICIPANTS, title_en="Round", released=True)
    for minutes in (5, 4, 3):
        InterventionFactory(slot=Slot.objects.get(session=one), minutes=minutes)
    return one


@pytest.fixture
def steer(session):
    """Steer the clock some seconds after the planned start: `steer("start", 0)`."""
    by = Actor(user=UserFactory(), hat="organiser:programme")

    def steered(act, seconds, **options):
        with time_machine.travel(start(session) + dt.timedelta(seconds=seconds), tick=False):
            return actions.steer_clock(session, act, by=by, **options)

    return steered


def start(session):
    return Slot.objects.current().get(session=session).start_at


def read(session, seconds):
    """Number of the turn, seconds left and late, some seconds after the planned start."""
    slot, turns = live_turns(session)
    clock = TurnClock.objects.filter(session=session).first()
    reading = rules.read_clock(slot.start_at, turns, clock, start(session) + dt.timedelta(seconds=seconds))
    return reading.number, reading.left, reading.late


def test_before_the_start_lateness_counts_from_the_planned_one(session):
    assert (read(session, -60), read(session, 0), read(session, 90)) == ((0, 0, 0), (0, 0, 0), (0, 0, 90))


def test_time_left_goes_below_nothing_and_the_session_runs_late_by_it(session, steer):
    steer("start", 0)
    assert (read(session, 60), read(session, 300), read(session, 330)) == ((1, 240, 0), (1, 0, 0), (1, -30, 30))


def test_late_start_stays_late_and_a_short_turn_makes_it_up(session, steer):
    steer("start", 120)
    assert read(session, 150) == (1, 270, 120)
    steer("next", 150)  # after half a minute: four and a half minutes saved
    assert read(session, 150) == (2, 240, -150)


def test_pause_stops_the_turn_and_not_the_lateness(session, steer):
    steer("start", 0)
    steer("pause", 60)
    assert read(session, 160) == (1, 240, 100)
    steer("go", 160)
    assert read(session, 200) == (1, 200, 100)


def test_next_goes_through_all_and_back_returns(session, steer):
    steer("start", 0)
    for seconds in (300, 540, 780):
        steer("next", seconds)
    clock = TurnClock.objects.get()
    assert (clock.who, clock.running_since_at, read(session, 9999)) == ("", None, (3, 0, 60))
    steer("back", 800)
    assert read(session, 800) == (3, 180, 260)
    steer("back", 810)
    steer("back", 810)
    steer("back", 810)
    assert read(session, 810)[0] == 1


@pytest.mark.parametrize("act", ["next", "back", "pause", "go", "", "stop"])
def test_act_without_sense_is_refused(session, steer, act):
    with pytest.raises(NotAllowed, match="cannot do that"):
        steer(act, 0)


def test_session_without_turns_has_no_clock(session, steer):
    Intervention.objects.update(is_dropped=True)
    with pytest.raises(NotAllowed, match="no turns"):
        steer("start", 0)


def test_button_pressed_twice_moves_the_clock_once(session, steer):
    steer("start", 0)
    seen = fingerprints(rules.clock_values(TurnClock.objects.get()))
    steer("next", 10, seen=seen)
    with pytest.raises(rules.Stale):
        steer("next", 10, seen=seen)
    assert read(session, 10)[0] == 2


def test_release_meanwhile_leaves_the_clock_at_who_speaks(session, steer):
    steer("start", 0)
    steer("next", 300)
    event = session.event
    actions.place_session(session, room=None, start_at=start(session), end_at=start(session) + dt.timedelta(hours=1), by=Actor())
    actions.release_agenda(event, by=Actor())
    assert read(session, 300) == (2, 240, 0)


@pytest.mark.parametrize("wrong", [{"running_since_at": "2030-01-01T00:00Z"}, {"who": "delegation x", "ended_at": "2030-01-01T00:00Z"}])
def test_clock_that_cannot_be_is_refused_by_the_database(session, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        TurnClock.objects.create(event=session.event, session=session, **wrong)


def test_words_of_the_clock():
    assert [minutes_and_seconds(one) for one in (125, 0, -12, 3600)] == ["2:05", "0:00", "−0:12", "60:00"]
    words = [late_in_words(one) for one in (0, 59, 60, 150, -59, -60, -150, 43_200, -90_000)]
    near = ["On time", "On time", "1 minute late", "2 minutes late", "On time", "1 minute early", "2 minutes early"]
    assert words == [*near, "Not at the planned time", "Not at the planned time"]


# The pages


def chair_of(session, role=Role.CHAIR):
    """Somebody who comes, in a role in the session."""
    user = UserFactory()
    registration = RegistrationFactory(event=session.event, delegate__user=user, state=RegistrationState.APPROVED)
    ContributionFactory(slot=Slot.objects.current().get(session=session), speaker=SpeakerFactory(registration=registration), role=role)
    return user


def at(space, name, session):
    return reverse(f"{space}:{name}", args=[session.event.slug, session.public_id])


def test_chair_steers_and_the_screen_follows(client, session):
    client.force_login(chair_of(session))
    page = client.get(at("sessions", "chair", session))
    press = {"hat": page.context["hat"], "seen": page.context["state"]["mark"], "act": "start"}
    assert client.post(at("sessions", "chair", session), press).status_code == 302
    state = client.get(at("sessions", "turn_state", session)).json()
    first = live_turns(session)[1][0].delegation.organisation.name_en
    assert (state["is_running"], state["number"], state["count"], first in state["who"]) == (True, 1, 3, True)
    assert first in client.get(at("sessions", "turn_screen", session)).content.decode()
    again = client.post(at("sessions", "chair", session), press, follow=True)
    assert "Somebody else has moved the clock" in again.content.decode()


def test_press_under_a_stale_hat_does_nothing(client, session):
    client.force_login(chair_of(session))
    mark = client.get(at("sessions", "chair", session)).context["state"]["mark"]
    client.post(at("sessions", "chair", session), {"hat": "public", "seen": mark, "act": "start"})
    assert TurnClock.objects.count() == 0


@pytest.mark.parametrize("name", ["chair", "turn_screen", "turn_state"])
def test_only_the_chair_and_organisers_have_the_pages(client, session, name):
    for user, status in ((chair_of(session), 200), (chair_of(session, Role.SPEAKER), 404), (UserFactory(), 404)):
        client.force_login(user)
        assert client.get(at("sessions", name, session)).status_code == status
    client.force_login(StaffRoleFactory(event=session.event, role=StaffRoleName.OBSERVER).user)
    assert client.get(at("organise", name, session)).status_code == 200
    assert client.post(at("organise", name, session)).status_code in (403, 405)


def test_chair_who_lost_sight_of_the_session_has_no_page(client, session):
    client.force_login(chair_of(session))
    session.audience = Audience.ORGANISERS
    session.save()
    assert client.get(at("sessions", "chair", session)).status_code == 404


@pytest.mark.parametrize(
    "now",
    [{"state": RegistrationState.NOMINATED}, {"narrowing": Narrowing.PUBLIC}],
    ids=["asked to confirm again", "narrowed to the public"],
)
def test_chair_who_is_no_participant_any_more_has_no_page_even_of_a_public_session(client, session, now):
    session.audience, session.label = Audience.PUBLIC, Label.CLEAR
    session.save()
    client.force_login(chair_of(session))
    page = reverse("sessions:session", args=[session.event.slug, session.public_id])
    assert client.get(page).context["is_chair"]
    Registration.objects.update(**now, invited_at=timezone.now())
    assert not client.get(page).context["is_chair"]
    assert client.get(at("sessions", "chair", session)).status_code == 404
    assert client.get(at("sessions", "turn_state", session)).status_code == 404
    assert client.post(at("sessions", "chair", session), {"act": "start"}).status_code == 404
    assert TurnClock.objects.count() == 0


def test_organiser_steers(client, session):
    client.force_login(StaffRoleFactory(event=session.event, role=StaffRoleName.PROGRAMME).user)
    for act in ("start", "pause", "go", "next"):
        mark = client.get(at("organise", "chair", session)).context["state"]["mark"]
        client.post(at("organise", "chair", session), {"seen": mark, "act": act})
    assert TurnClock.objects.get().who == live_turns(session)[1][1].who


def test_state_costs_few_queries_whatever_the_number_of_turns(client, session, django_assert_num_queries):
    client.force_login(chair_of(session))
    client.get(at("sessions", "turn_state", session))
    with django_assert_num_queries(9):
        client.get(at("sessions", "turn_state", session))
    for _number in range(5):
        InterventionFactory(slot=Slot.objects.current().get(session=session))
    with django_assert_num_queries(9):
        client.get(at("sessions", "turn_state", session))
