"""Who could see a session at a moment: random changes are replayed and compared with what could be seen when it was now."""

import dataclasses
import datetime as dt
import io
import random

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conference.lib import clock
from conference.lib.viewer import SYSTEM
from delegates.actions import change_category, change_delegation, move_registration, narrow_registration
from delegates.choices import Category, Narrowing, RegistrationState, Standing
from delegates.models import Delegation, Registration
from delegates.rules import OFFICER, TRANSITIONS
from delegates.viewers import viewer_of
from events.actions import accept_roles, change_event_state, edit_event, end_role, grant_role
from events.choices import Audience, EventState, StaffRoleName
from events.models import Event, StaffRole
from events.rules import PUBLISHED_STATES, NotAllowed
from sessions.actions import mark_session, place_session, release_agenda, set_contributions, unplace_session
from sessions.choices import Label, Role, ShownAsClosed, Way
from sessions.history import Onlooker, what_could_see, who_could_see
from sessions.models import Session, Slot, Speaker
from sessions.rules import Sight
from tests.factories import (
    ContributionFactory,
    DelegationFactory,
    EventFactory,
    OrganisationFactory,
    RegistrationFactory,
    SessionFactory,
    SpeakerFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
BEGIN = dt.datetime(2019, 11, 4, 9, tzinfo=dt.UTC)
LEAVING = (dt.date(2020, 1, 31), dt.date(2020, 2, 1))  # the last day of the United Kingdom's membership, and the first without
NO_DEADLINES = dict.fromkeys(["answer_by_at", "nominate_by_at", "confirm_by_at", "travel_by_at", "freeze_at"])


@dataclasses.dataclass
class World:
    """An event on the day a state leaves the Union, with people of every kind of access, and sessions."""

    event: Event
    delegations: list
    registrations: list
    speakers: list
    sessions: list


def build() -> World:
    event = EventFactory(first_date=LEAVING[0], last_date=LEAVING[1], state=EventState.OPEN, **NO_DEADLINES)
    places = [("GB", Standing.MEMBER), ("FR", Standing.MEMBER), ("US", Standing.GUEST)]
    delegations = [
        DelegationFactory(event=event, organisation=OrganisationFactory(country=country), standing=standing, seats=5)
        for country, standing in places
    ]
    kinds = [(0, Category.DELEGATE), (1, Category.EXPERT), (1, Category.INTERPRETER), (2, Category.PROTECTION), (2, Category.DELEGATE)]
    registrations = [
        RegistrationFactory(delegation=delegations[of], category=category, state=RegistrationState.APPROVED, user=UserFactory())
        for of, category in kinds
    ]
    speakers = [SpeakerFactory(registration=registration) for registration in registrations[:3]]
    sessions = [SessionFactory(event=event, audience=audience) for audience in (Audience.EU, Audience.PUBLIC, Audience.ORGANISERS)]
    SessionFactory(event=event, audience=Audience.MEMBERS, released=True)
    StaffRoleFactory(event=event)
    return World(event, delegations, registrations, speakers, [*sessions, event.sessions.order_by("-pk")[0]])


# The changes. Each takes the world and numbers to choose by; what the rules refuse changes nothing.


def move(world, a, b, c):
    registration = Registration.objects.get(pk=_pick(world.registrations, a).pk)
    states = [to for (before, to), makers in TRANSITIONS.items() if before == registration.state and OFFICER in makers]
    if states:
        move_registration(registration, to=_pick(states, b), by=SYSTEM, made_by=OFFICER, reason="A reason.")


def approve(world, a, b, c):
    registration = Registration.objects.get(pk=_pick(world.registrations, a).pk)
    for to in (RegistrationState.NOMINATED, RegistrationState.SUBMITTED, RegistrationState.APPROVED):
        try:
            move_registration(registration, to=to, by=SYSTEM, made_by=OFFICER)
        except NotAllowed:
            continue


def narrow(world, a, b, c):
    narrow_registration(_pick(world.registrations, a), narrowing=_pick(list(Narrowing), b), by=SYSTEM)


def category(world, a, b, c):
    change_category(_pick(world.registrations, a), category=_pick([Category.DELEGATE, Category.PRESS, Category.DRIVER], b), by=SYSTEM)


def standing(world, a, b, c):
    delegation = Delegation.objects.get(pk=_pick(world.delegations, a).pk)
    facts = {"seats": 5, "responsible": None, "notes": "", "follow_up_date": None}
    change_delegation(delegation, standing=_pick(list(Standing), b), by=SYSTEM, **facts)


def mark(world, a, b, c):
    audience = _pick(list(Audience), b)
    mark_session(
        Session.objects.get(pk=_pick(world.sessions, a).pk),
        by=SYSTEM,
        audience=audience,
        label=Label.CLEAR if audience == Audience.PUBLIC else _pick(list(Label), c),
        chatham_house=bool(c % 2),
        shown_as_closed=_pick(list(ShownAsClosed), b + c),
        delegations=[delegation for n, delegation in enumerate(world.delegations) if c >> n & 1],
        confirmed=True,
    )


def place(world, a, b, c):
    session = _pick(world.sessions, a)
    if b % 4 == 0:
        unplace_session(session, by=SYSTEM)
        return
    start = clock.moment(LEAVING[1], dt.time(9 + world.sessions.index(session)), world.event.zone)
    place_session(session, room=None, start_at=start, end_at=start + dt.timedelta(minutes=30), by=SYSTEM)
    people = [(speaker, _pick(list(Role), b + n)) for n, speaker in enumerate(world.speakers) if c >> n & 1]
    set_contributions(session, people, by=SYSTEM)


def release(world, a, b, c):
    release_agenda(world.event, by=SYSTEM)


def day(world, a, b, c):
    edit_event(world.event, facts={"first_date": _pick(LEAVING, a)}, by=SYSTEM)


def state(world, a, b, c):
    event = Event.objects.get(pk=world.event.pk)
    change_event_state(event, to=_pick([EventState.DRAFT, EventState.ANNOUNCED, EventState.OPEN, EventState.OPEN], b), by=SYSTEM)


def organiser(world, a, b, c):
    if a % 2:
        end_role(_pick(list(StaffRole.objects.filter(event=world.event).order_by("pk")), b), by=SYSTEM)
    else:
        grant_role(world.event, email=UserFactory().email, role=_pick(list(StaffRoleName), b), by=SYSTEM)


CHANGES = [move, move, approve, narrow, category, standing, mark, mark, place, place, release, release, day, state, organiser]


def steps_of(seed: int) -> list:
    """Sixteen changes with the numbers they choose by; every kind is as likely, whatever the seed."""
    chance = random.Random(seed)
    return [(chance.choice(CHANGES), chance.randrange(60), chance.randrange(60), chance.randrange(8)) for _n in range(16)]


def _pick(things, number):
    return things[number % len(things)]


def seen_now(world: World) -> tuple[dict, set]:
    """What every registration sees at this moment by the querysets the pages use, and who holds a role."""
    event = Event.objects.get(pk=world.event.pk)
    found = {}
    for registration in Registration.objects.select_related("delegation__organisation").filter(event=event):
        viewer = viewer_of(registration, event)
        rows = Session.objects.filter(event=event).noticed_by(viewer) if event.state in PUBLISHED_STATES else []
        found[registration.pk] = {row.pk: row.sight for row in rows}
    return found, set(StaffRole.objects.live(timezone.now()).filter(event=event).values_list("pk", flat=True))


def compare(world: World, at: dt.datetime, seen: dict, organisers: set) -> None:
    """The replay of a moment, by person, equals what was seen then; and so does the replay by session until the next change."""
    for registration in world.registrations:
        assert {session.pk: how_much for session, how_much in what_could_see(registration, at)} == seen[registration.pk]
    for session in world.sessions:
        rows = who_could_see(session, at + dt.timedelta(seconds=59))
        people = {row.registration.pk: row.sight for row in rows if row.registration}
        assert people == {pk: sights[session.pk] for pk, sights in seen.items() if session.pk in sights}
        assert {row.staff_role.pk for row in rows if row.staff_role} == organisers


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_replay_equals_what_could_be_seen(seed):
    savepoint = transaction.savepoint()
    with time_machine.travel(BEGIN, tick=False) as travel:
        world, kept = build(), []
        for change, *numbers in steps_of(seed):
            travel.shift(60)
            try:
                with transaction.atomic():
                    change(world, *numbers)
            except NotAllowed:
                pass
            kept.append((timezone.now(), *seen_now(world)))
        travel.shift(3600)
        for at, seen, organisers in kept:
            compare(world, at, seen, organisers)
    transaction.savepoint_rollback(savepoint)


def test_replay_is_not_of_what_is_now():
    """The comparison fails when the past is read from the present: the change of a single marking is enough."""
    with time_machine.travel(BEGIN, tick=False) as travel:
        world = build()
        place(world, 0, 1, 0)
        release(world, 0, 0, 0)
        kept = (timezone.now(), *seen_now(world))
        travel.shift(60)
        mark(world, 0, list(Audience).index(Audience.ORGANISERS), 0)
        compare(world, *kept)
        Session.objects.get(pk=world.sessions[0].pk).markings.filter(until_at__isnull=False).update(audience=Audience.ORGANISERS)
        with pytest.raises(AssertionError):
            compare(world, *kept)


# By what, and for whom.


def test_ways_are_named():
    with time_machine.travel(BEGIN, tick=False):
        world = build()
        session = SessionFactory(event=world.event, audience=Audience.SELECTED, delegations=[world.delegations[1]], released=True)
        ContributionFactory(slot=session.slots.get(), speaker=world.speakers[0])
        at = timezone.now()
    rows = who_could_see(session, at)
    gb, fr, interpreter, _protection, _us = world.registrations
    assert [(row.registration, row.sight, row.way) for row in rows if row.registration] == [
        (gb, Sight.FULL, Way.ASSIGNED),
        (fr, Sight.FULL, Way.SELECTED),
    ]
    assert [(row.reference, row.way) for row in rows if row.staff_role] == [(str(StaffRole.objects.get()), Way.ORGANISER)]
    assert interpreter not in [row.registration for row in rows]


def test_public_session_was_seen_by_anyone_and_a_closed_line_too():
    session = SessionFactory(audience=Audience.PUBLIC, released=True)
    closed = SessionFactory(event=session.event, audience=Audience.EU, shown_as_closed=ShownAsClosed.TIME, released=True)
    at = timezone.now()
    assert who_could_see(session, at) == [Onlooker(sight=Sight.FULL, way=Way.PUBLIC)]
    assert who_could_see(closed, at) == [Onlooker(sight=Sight.SLOT, way=Way.CLOSED_LINE)]


def test_nobody_saw_a_session_before_it_was_made_or_after_the_event_was_archived():
    event = EventFactory(state=EventState.CLOSED)
    session = SessionFactory(event=event, audience=Audience.PUBLIC, released=True)
    assert who_could_see(session, timezone.now() - dt.timedelta(days=9)) == []
    before = timezone.now()
    change_event_state(event, to=EventState.ARCHIVED, by=SYSTEM)
    assert [row.reference for row in who_could_see(session, before)] == ["anyone"]
    assert who_could_see(Session.objects.get(), timezone.now()) == []


def test_role_given_to_an_address_counts_from_the_moment_it_was_taken():
    with time_machine.travel(BEGIN, tick=False) as travel:
        session = SessionFactory()
        role = grant_role(session.event, email="late@example.org", role=StaffRoleName.OBSERVER, by=SYSTEM)
        given = timezone.now()
        travel.shift(60)
        StaffRole.objects.filter(pk=role.pk).update(user=None)
        user = UserFactory(email="late2@example.org")
        StaffRole.objects.filter(pk=role.pk).update(email=user.email)
        assert accept_roles(user) == 1
        assert (who_could_see(session, given), [row.staff_role for row in who_could_see(session, timezone.now())]) == ([], [role])


def test_slots_of_an_older_release_do_not_count_later():
    with time_machine.travel(BEGIN, tick=False) as travel:
        world = build()
        place(world, 1, 1, 0)
        release(world, 0, 0, 0)
        then = timezone.now()
        travel.shift(60)
        unplace_session(world.sessions[1], by=SYSTEM)
        release(world, 0, 0, 0)
        now = timezone.now()
    assert "anyone" in [row.reference for row in who_could_see(world.sessions[1], then)]
    assert "anyone" not in [row.reference for row in who_could_see(world.sessions[1], now)]
    assert (Slot.objects.current().filter(session=world.sessions[1]).count(), Speaker.objects.count()) == (0, 3)


# The command.


def test_command_prints_references_and_no_names():
    with time_machine.travel(BEGIN, tick=False):
        world = build()
        session = world.sessions[3]
    out = io.StringIO()
    call_command("sight", world.event.slug, session.public_id, "--at", "2019-11-04T10:00", stdout=out)
    lines = out.getvalue().splitlines()
    gb, fr = world.registrations[:2]
    assert lines[0] == f"{session}, 2019-11-04 10:00 Europe/Brussels"
    assert lines[1:3] == [f"{gb}\tfull\taudience", f"{fr}\tfull\taudience"]
    assert lines[-1] == f"{StaffRole.objects.get()}\tfull\torganiser"
    for registration in world.registrations:
        assert registration.delegate.family_name not in out.getvalue()


def test_command_says_what_is_wrong():
    session = SessionFactory()
    for arguments in (
        ["nowhere", session.public_id],
        [session.event.slug, "abcdefghij"],
        [session.event.slug, session.public_id, "--at", "soon"],
    ):
        with pytest.raises(CommandError):
            call_command("sight", *arguments)
