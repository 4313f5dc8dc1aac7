"""Who could see a session at a moment: random changes are replayed and compared with what could be seen when it was now."""

import datetime as dt
import io

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conference.lib.viewer import SYSTEM
from delegates.choices import RegistrationState
from delegates.models import FocalPoint
from events.actions import accept_roles, change_event_state, edit_event, grant_role
from events.choices import Audience, DelegationsShown, EventState, StaffRoleName
from events.models import AudienceSpan, OrganisationSpan, StaffRole
from events.rules import NotAllowed
from sessions.actions import change_paper, remove_paper, unplace_session
from sessions.choices import Label, ShownAsClosed, Way
from sessions.history import Onlooker, things_of, who_could_see, who_could_see_thing
from sessions.models import Paper, Session, Slot, Speaker
from sessions.rules import Sight
from tests.factories import (
    ContributionFactory,
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    RegistrationFactory,
    SessionFactory,
    UserFactory,
)
from tests.sessions.replay import BEGIN, build, compare, compare_things, focal, mark, place, release, seen_now, steps_of

pytestmark = pytest.mark.django_db


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
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
            kept.append((timezone.now(), seen_now(world)))
        travel.shift(3600)
        for at, seen in kept:
            compare(world, at, seen)
    transaction.savepoint_rollback(savepoint)


def test_replay_is_not_of_what_is_now():
    """The comparison fails when the past is read from the present: the change of a single marking is enough."""
    with time_machine.travel(BEGIN, tick=False) as travel:
        world = build()
        place(world, 0, 1, 0)
        release(world, 0, 0, 0)
        kept = (timezone.now(), seen_now(world))
        travel.shift(60)
        mark(world, 0, list(Audience).index(Audience.ORGANISERS), 0)
        compare(world, *kept)
        Session.objects.get(pk=world.sessions[0].pk).markings.filter(until_at__isnull=False).update(audience=Audience.ORGANISERS)
        with pytest.raises(AssertionError):
            compare(world, *kept)


def _spans(world, **wanted):
    return AudienceSpan.objects.filter(event=world.event, **wanted)


def _differs(world, kept) -> bool:
    try:
        compare_things(world, *kept)
    except AssertionError:
        return True
    return False


def test_replay_of_things_is_not_of_what_is_now():
    """The comparison of things fails for each fact that is kept, when its past is taken from elsewhere."""
    controls = {
        "audience of the event": lambda world: _spans(world, aspect="event").update(audience=Audience.ORGANISERS),
        "audience of a venue": lambda world: _spans(world, aspect="city").update(audience=Audience.ORGANISERS),
        "audience of the list": lambda world: _spans(world, aspect="delegations").update(shown="none"),
        "label of a paper": lambda world: _spans(world, aspect="paper").update(label=Label.RED),
        "session of a paper": lambda world: _spans(world, aspect="paper").update(within=str(world.sessions[2])),
        "chosen delegations": lambda world: _spans(world, aspect="paper", audience=Audience.SELECTED).update(delegation_ids=[]),
        "embargo": lambda world: _spans(world, aspect="press").update(opens_at=timezone.now() + dt.timedelta(hours=9)),
        "end of a paper": lambda world: _spans(world, target=str(world.papers[0]), until_at__isnull=False).delete(),
        "organisation": lambda world: OrganisationSpan.objects.update(kind="other"),
        "focal point": lambda world: FocalPoint.objects.update(from_at=timezone.now() + dt.timedelta(hours=9)),
    }
    with time_machine.travel(BEGIN, tick=False) as travel:
        world = build()
        edit_event(
            world.event,
            facts={"host_audience": Audience.EU, "delegations_audience": Audience.EU, "delegations_shown": DelegationsShown.STATES},
            by=SYSTEM,
        )
        change_paper(world.papers[2], audience=Audience.SELECTED, label=Label.GREEN, delegations=world.delegations[:2], by=SYSTEM)
        focal(world, 0, 0, 0)
        focal(world, 0, 0, 0)
        kept = (timezone.now(), seen_now(world))
        travel.shift(60)
        remove_paper(Paper.objects.get(pk=world.papers[0].pk), by=SYSTEM)
        travel.shift(3600)
        compare_things(world, *kept)
        for name, control in controls.items():
            savepoint = transaction.savepoint()
            control(world)
            assert _differs(world, kept), name
            transaction.savepoint_rollback(savepoint)


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


# Things: the answer outlives them.


def test_removed_paper_is_still_answered_for():
    with time_machine.travel(BEGIN, tick=False) as travel:
        world = build()
        paper = world.papers[0]
        there = timezone.now()
        travel.shift(60)
        remove_paper(Paper.objects.get(pk=paper.pk), by=SYSTEM)
        thing = next(one for one in things_of(world.event) if one.target == str(paper))
        then = [row.registration for row in who_could_see_thing(thing, there) if row.registration]
        assert (thing.row, thing.key, then) == (None, f"paper:{paper.public_id}", world.registrations[:2])
        assert who_could_see_thing(thing, timezone.now()) == []


def test_event_is_seen_by_those_who_have_a_part_in_it_and_a_list_by_its_audience():
    event = EventFactory(audience=Audience.ORGANISERS, delegations_audience=Audience.PARTICIPANTS, delegations_shown="number")
    delegation = DelegationFactory(event=event)
    approved = RegistrationFactory(delegation=delegation, state=RegistrationState.APPROVED)
    invited = RegistrationFactory(delegation=delegation)
    RegistrationFactory(delegation=delegation, invited_at=None)  # on a draft list: told of nothing
    RegistrationFactory(delegation=delegation, state=RegistrationState.WITHDRAWN)
    focal_point = FocalPointFactory(delegation=delegation, user=UserFactory())
    page, _host, listed = things_of(event)
    assert [(row.reference, row.way) for row in who_could_see_thing(page, timezone.now())] == [
        (str(approved), Way.PART),
        (str(invited), Way.PART),
        (str(focal_point), Way.PART),
    ]
    assert [(row.reference, row.way, row.shown) for row in who_could_see_thing(listed, timezone.now())] == [
        (str(approved), Way.AUDIENCE, "number")
    ]


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
        [session.event.slug, "paper:abcdefghij"],
    ):
        with pytest.raises(CommandError):
            call_command("sight", *arguments)


def test_command_answers_for_every_kind_of_thing():
    world = build()
    for thing in things_of(world.event):
        out = io.StringIO()
        call_command("sight", world.event.slug, thing.key, stdout=out)
        first, *rows = out.getvalue().splitlines()
        assert first.startswith(f"{thing.target}, {thing.aspect.value}, ")
        assert rows == [f"{row.reference}\t{row.shown or 'full'}\t{row.way.value}" for row in who_could_see_thing(thing, timezone.now())]
