"""Conflicts of a draft: planted, near misses, and what they cost to find."""

import datetime as dt

import pytest

from conference.lib import clock
from delegates.choices import RegistrationState
from events.choices import Audience
from sessions.choices import ConflictLevel, Label, Role, SessionKind
from sessions.conflicts import by_session, conflicts_between
from sessions.models import Slot
from tests.factories import (
    ContributionFactory,
    EventFactory,
    RegistrationFactory,
    ReleaseFactory,
    RoomFactory,
    SessionFactory,
    SlotFactory,
    SpeakerFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory(first_date=dt.date(2030, 4, 25), last_date=dt.date(2030, 4, 26), zone="Europe/Brussels")


@pytest.fixture
def draft(event):
    return ReleaseFactory(event=event, number=None)


@pytest.fixture
def room(event):
    return RoomFactory(event=event, name_en="Plenary room")


@pytest.fixture
def place(event, draft):
    """Place a session of the draft: `place("09:00", "10:00", room=...)`, days counted from the first."""

    def placed(start, end, *, room=None, day=0, end_day=None, title="A session", **session):
        def moment(text, which):
            return clock.moment(event.first_date + dt.timedelta(days=which), dt.time.fromisoformat(text), event.zone)

        return SlotFactory(
            release=draft,
            session=SessionFactory(event=event, title_en=title, **session),
            room=room,
            start_at=moment(start, day),
            end_at=moment(end, day if end_day is None else end_day),
        )

    return placed


def found(event):
    """The levels and sentences of the conflicts of the draft."""
    conflicts = conflicts_between(event, Slot.objects.draft().filter(event=event).for_page())
    return [(str(conflict.level), conflict.sentence) for conflict in conflicts]


def test_room_used_twice_blocks(event, place, room):
    place("09:00", "10:00", room=room, title="First")
    place("09:30", "11:00", room=room, title="Second")
    assert found(event) == [
        (
            "blocks",
            "Plenary room is used twice on Thursday 25 April 2030: “First” (09:00–10:00) and “Second” (09:30–11:00).",
        )
    ]


def test_overlap_of_one_minute_blocks(event, place, room):
    place("09:00", "10:00", room=room)
    place("09:59", "11:00", room=room)
    assert [level for level, _sentence in found(event)] == ["blocks"]


def test_back_to_back_is_no_conflict(event, place, room):
    slot, other = place("09:00", "10:00", room=room), place("10:00", "11:00", room=room)
    person = SpeakerFactory(event=event)
    ContributionFactory(slot=slot, speaker=person)
    ContributionFactory(slot=other, speaker=person)
    assert found(event) == []


def test_overlap_across_midnight_blocks(event, place, room):
    place("23:00", "01:00", end_day=1, room=room, kind=SessionKind.SOCIAL, title="Dinner")
    place("00:30", "02:00", day=1, room=room, title="Night session")
    assert [sentence for _level, sentence in found(event)] == [
        "Plenary room is used twice on Thursday 25 April 2030: “Dinner” (23:00–01:00) and “Night session” (00:30–02:00)."
    ]


def test_one_long_session_conflicts_with_each_it_covers(event, place, room):
    place("09:00", "17:00", room=room, title="Long")
    place("10:00", "11:00", room=room)
    place("12:00", "13:00", room=room)
    assert [level for level, _sentence in found(event)] == ["blocks", "blocks"]


def test_other_side_hidden_from_everyone_else_is_found_and_named(event, place, room):
    place("09:00", "10:00", room=room, title="Open", audience=Audience.PUBLIC)
    place("09:00", "10:00", room=room, title="Hidden", audience=Audience.ORGANISERS, label=Label.RED)
    (conflict,) = conflicts_between(event, Slot.objects.draft().for_page())
    assert "Hidden" in conflict.sentence
    assert {session.title_en for session in conflict.sessions} == {"Open", "Hidden"}


def test_two_rooms_at_once_are_no_conflict(event, place, room):
    place("09:00", "10:00", room=room)
    place("09:00", "10:00", room=RoomFactory(event=event))
    assert found(event) == []


def test_sessions_without_a_room_do_not_share_one(event, place):
    place("09:00", "10:00", kind=SessionKind.BREAK)
    place("09:00", "10:00", kind=SessionKind.SOCIAL)
    assert found(event) == []


def test_session_without_a_room_warns_unless_it_is_a_break(event, place):
    place("09:00", "10:00", title="Panel", kind=SessionKind.PANEL)
    place("11:00", "11:30", kind=SessionKind.BREAK)
    assert found(event) == [("warns", "“Panel” has no room yet.")]


def test_person_in_two_sessions_at_once_blocks_whatever_the_roles(event, place, room):
    slot, other = place("09:00", "10:00", room=room, title="First"), place("09:30", "10:30", room=RoomFactory(event=event), title="Second")
    person = SpeakerFactory(event=event, name="Ada Example")
    ContributionFactory(slot=slot, speaker=person, role=Role.CHAIR)
    ContributionFactory(slot=other, speaker=person, role=Role.INTERPRETER)
    assert found(event) == [
        (
            "blocks",
            "Ada Example is in two sessions at once on Thursday 25 April 2030: “First” (09:00–10:00) and “Second” (09:30–10:30).",
        )
    ]


def test_one_person_in_two_roles_of_one_session_is_no_conflict(event, place, room):
    slot, person = place("09:00", "10:00", room=room), SpeakerFactory(event=event)
    ContributionFactory(slot=slot, speaker=person, role=Role.CHAIR)
    ContributionFactory(slot=slot, speaker=person, role=Role.SPEAKER)
    assert found(event) == []


def test_one_delegate_under_two_registrations_is_one_person(event, place, room):
    ended = RegistrationFactory(event=event, state=RegistrationState.WITHDRAWN)
    live = RegistrationFactory(event=event, delegate=ended.delegate, state=RegistrationState.APPROVED)
    for registration, hall in ((ended, room), (live, RoomFactory(event=event))):
        ContributionFactory(slot=place("09:00", "10:00", room=hall), speaker=SpeakerFactory(event=event, registration=registration))
    assert [level for level, _sentence in found(event)] == ["blocks", "warns"]


@pytest.mark.parametrize(
    ("start", "end", "day", "end_day", "level"),
    [
        ("23:00", "02:00", 1, 2, []),  # the night of the last day still belongs to it
        ("23:00", "04:00", 1, 2, []),
        ("23:00", "04:01", 1, 2, ["blocks"]),
        ("03:59", "05:00", 0, 0, ["blocks"]),  # before 04:00 it is the evening before
        ("04:00", "05:00", 0, 0, []),
        ("09:00", "10:00", 2, 2, ["blocks"]),
        ("09:00", "10:00", -1, -1, ["blocks"]),
    ],
)
def test_session_outside_the_days_of_the_event_blocks(event, place, room, start, end, day, end_day, level):
    place(start, end, day=day, end_day=end_day, room=room)
    assert [found_level for found_level, _sentence in found(event)] == level


@pytest.mark.parametrize("state", [state for state in RegistrationState if state != RegistrationState.PLACEHOLDER])
def test_speaker_who_is_not_approved_warns(event, place, room, state):
    speaker = SpeakerFactory(event=event, registration=RegistrationFactory(event=event, state=state))
    slot = place("09:00", "10:00", room=room)
    ContributionFactory(slot=slot, speaker=speaker, role=Role.CHAIR)
    ContributionFactory(slot=slot, speaker=speaker, role=Role.SPEAKER)
    assert [level for level, _sentence in found(event)] == ([] if state == RegistrationState.APPROVED else ["warns"])


def test_blocking_conflicts_come_first(event, place, room):
    place("08:00", "08:30", title="No room")
    place("09:00", "10:00", room=room)
    place("09:00", "10:00", room=room)
    assert [level for level, _sentence in found(event)] == ["blocks", "warns"]


def test_conflicts_stand_beside_each_session_they_are_about(event, place, room):
    first, second = place("09:00", "10:00", room=room), place("09:00", "10:00", room=room)
    conflicts = conflicts_between(event, Slot.objects.draft().for_page())
    assert by_session(conflicts) == {first.session_id: conflicts, second.session_id: conflicts}
    assert conflicts[0].level == ConflictLevel.BLOCKS


@pytest.mark.parametrize("count", [1, 3])
def test_check_costs_two_queries_for_any_number_of_sessions(event, place, room, count, django_assert_num_queries):
    speaker = SpeakerFactory(registration=RegistrationFactory(event=event))
    for _number in range(count):
        ContributionFactory(slot=place("09:00", "10:00", room=room), speaker=speaker)
    with django_assert_num_queries(2):
        assert len(found(event)) == {1: 1, 3: 9}[count]
