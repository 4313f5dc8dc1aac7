"""Who was shown how to join a session: random changes on the day itself, replayed; and by what each was shown it."""

import datetime as dt
import io

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conference.lib.viewer import SYSTEM
from events.choices import Audience
from events.models import AudienceSpan
from events.rules import NotAllowed
from sessions.actions import mark_session, set_joining
from sessions.choices import JoinAudience, Label, ShownAsClosed, Way
from sessions.history import things_of, who_could_see_thing
from sessions.models import Session, Slot
from tests.factories import ContributionFactory
from tests.sessions.replay import JOINING_CHANGES, build, compare_things, place, release, seen_now, steps_of

pytestmark = pytest.mark.django_db
MORNING = dt.datetime(2020, 2, 1, 7, 30, tzinfo=dt.UTC)  # half an hour before the first session of the world's last day
QUARTER = dt.timedelta(minutes=15)


def open_session(world, *, audience=JoinAudience.EU, minutes=60):
    """The first session, of all participants, released and to be joined."""
    session = world.sessions[0]
    remark(session, Audience.PARTICIPANTS, Label.GREEN)
    place(world, 0, 1, 0)
    release(world, 0, 0, 0)
    join(session, audience, minutes)
    return session


def remark(session, audience, label):
    facts = {"chatham_house": False, "shown_as_closed": ShownAsClosed.NOTHING, "confirmed": True}
    mark_session(Session.objects.get(pk=session.pk), by=SYSTEM, audience=audience, label=label, **facts)


def join(session, audience, minutes=60, link="https://meet.example.org/"):
    set_joining(session, by=SYSTEM, link=link, words="", audience=audience, minutes_before=minutes)


def thing_of(world, session):
    return next(thing for thing in things_of(world.event) if thing.key == f"joining:{session.public_id}")


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_replay_equals_who_was_shown_it(seed):
    savepoint = transaction.savepoint()
    with time_machine.travel(MORNING, tick=False) as travel:
        world, kept = build(), []
        open_session(world)
        for change, *numbers in steps_of(seed, JOINING_CHANGES):
            travel.shift(QUARTER)
            try:
                with transaction.atomic():
                    change(world, *numbers)
            except NotAllowed:
                pass
            kept.append((timezone.now(), seen_now(world)))
        travel.shift(3600)
        for at, seen in kept:
            compare_things(world, at, seen)
    transaction.savepoint_rollback(savepoint)


def differs_at(world, kept) -> str:
    """The thing at which the comparison fails."""
    with pytest.raises(AssertionError) as failure:
        compare_things(world, *kept)
    return str(failure.value).partition("\n")[0]


def test_replay_is_not_of_what_is_now():
    """The comparison fails for each fact that is kept, when its past is taken from elsewhere."""
    controls = {
        "audience": lambda spans: spans.update(audience=Audience.PARTICIPANTS),
        "that of the session": lambda spans: spans.update(audience=""),
        "minutes": lambda spans: spans.update(minutes_before=0),
        "session": lambda spans: spans.update(within="session abcdefghij"),
        "end": lambda spans: spans.update(until_at=F("from_at")),
        "times": lambda spans: Slot.objects.update(start_at=MORNING + dt.timedelta(hours=9), end_at=MORNING + dt.timedelta(hours=10)),
    }
    with time_machine.travel(MORNING, tick=False) as travel:
        world = build()
        session = open_session(world)
        kept = timezone.now(), seen_now(world)
        assert f"joining:{session.public_id}" in set().union(*kept[1].things.values())
        travel.shift(QUARTER)
        join(session, JoinAudience.MEMBERS, link="")
        travel.shift(QUARTER)
        compare_things(world, *kept)
        for name, control in controls.items():
            savepoint = transaction.savepoint()
            control(AudienceSpan.objects.filter(aspect="joining"))
            assert differs_at(world, kept) == f"joining:{session.public_id}", name
            transaction.savepoint_rollback(savepoint)


@pytest.mark.parametrize(
    ("audience", "ways"),
    [
        (JoinAudience.SESSION, [Way.AUDIENCE, Way.AUDIENCE, Way.ASSIGNED, Way.AUDIENCE]),
        (JoinAudience.EU, [Way.AUDIENCE, Way.AUDIENCE, Way.ASSIGNED, None]),
    ],
)
def test_ways_are_named(audience, ways):
    """Of the United Kingdom (in the Union on the first day), France, its interpreter and the United States; not of protection."""
    with time_machine.travel(MORNING, tick=False):
        world = build()
        session = open_session(world, audience=audience)
        ContributionFactory(slot=Slot.objects.current().get(session=session), speaker=world.speakers[2])
        rows = {row.registration: row.way for row in who_could_see_thing(thing_of(world, session), timezone.now()) if not row.staff_role}
    gb, fr, interpreter, protection, us = world.registrations
    assert [rows.get(one) for one in (gb, fr, interpreter, us)] == ways
    assert protection not in rows


def test_public_session_was_joined_by_anyone_only_where_its_own_audience_was_enough():
    with time_machine.travel(MORNING, tick=False):
        world = build()
        session = open_session(world, audience=JoinAudience.SESSION)
        remark(session, Audience.PUBLIC, Label.CLEAR)
        rows = who_could_see_thing(thing_of(world, session), timezone.now())
        assert [(row.reference, row.way) for row in rows][:1] == [("anyone", Way.PUBLIC)]
        join(session, JoinAudience.PARTICIPANTS)
        assert "anyone" not in [row.reference for row in who_could_see_thing(thing_of(world, session), timezone.now())]


def test_command_answers_for_join_details_that_were_removed():
    with time_machine.travel(MORNING, tick=False) as travel:
        world = build()
        session = open_session(world)
        travel.shift(QUARTER)
        join(session, "", link="")
    out = io.StringIO()
    call_command("sight", world.event.slug, f"joining:{session.public_id}", "--at", "2020-02-01T08:40", stdout=out)
    first, *rows = out.getvalue().splitlines()
    assert first == f"joining {session.public_id}, joining, 2020-02-01 08:40 Europe/Brussels"
    assert rows[:2] == [f"{registration}\tfull\taudience" for registration in world.registrations[:2]]
    assert thing_of(world, session).row is None
