"""Conflicts of a draft: planted, near misses, and what they cost to find."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from conference.lib import clock
from delegates.choices import RegistrationState
from events.choices import Audience, EventState, StaffRoleName
from events.models import Event, Venue
from sessions.choices import ConflictLevel, Label, Role, SessionKind
from sessions.conflicts import by_session, conflicts_between, conflicts_for, sign_ups_that_end
from sessions.models import SignUp, SignUpSheet, Slot, slots_of
from tests.factories import (
    ContributionFactory,
    DelegateFactory,
    DelegationFactory,
    EventFactory,
    InterventionFactory,
    OrganisationFactory,
    RegistrationFactory,
    ReleaseFactory,
    RoomFactory,
    SessionFactory,
    SlotFactory,
    SpeakerFactory,
    StaffRoleFactory,
    UserFactory,
    VenueFactory,
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


def test_session_shorter_than_its_turns_blocks(event, place, room):
    slot = place("09:00", "09:10", room=room, title="Tour de table")
    for minutes in (5, 6):
        InterventionFactory(slot=slot, minutes=minutes)
    assert found(event) == [("blocks", "“Tour de table” lasts 10 minutes, and its turns take 11.")]
    slot.interventions.filter(minutes=6).update(minutes=5)
    assert found(event) == []  # they fill it exactly
    InterventionFactory(slot=slot, minutes=5, is_dropped=True)
    assert found(event) == []


def _sign_up(session, seats, *people, waiting=()):
    SignUpSheet.objects.create(event=session.event, session=session, seats=seats, taken=len(people))
    at = timezone.now()
    for one in (*people, *waiting):
        seated_at = at if one in people else None
        SignUp.objects.create(event=session.event, session=session, registration=one, joined_at=at, seated_at=seated_at)


def test_more_sign_ups_than_the_room_holds_block_and_more_seats_warn(event, place, room):
    slot = place("09:00", "10:00", room=room, title="Workshop")
    _sign_up(slot.session, 4, *RegistrationFactory.create_batch(3, event=event))
    room.capacity = 2
    room.save()
    assert found(event) == [("blocks", "3 people are signed up for “Workshop”, and Plenary room holds 2.")]
    room.capacity = 3
    room.save()
    assert found(event) == [("warns", "“Workshop” takes sign-ups for 4 seats, and Plenary room holds 3.")]
    room.capacity = 4
    room.save()
    assert found(event) == []


@pytest.mark.parametrize(
    ("waiting", "sentence"),
    [
        (1, ["1 person waits for a seat in “Workshop”: all of its 1 are taken."]),
        (2, ["2 people wait for a seat in “Workshop”: all of its 1 are taken."]),
        (0, []),
    ],
)
def test_more_sign_ups_than_seats_warn(event, place, room, waiting, sentence):
    slot = place("09:00", "10:00", room=room, title="Workshop")
    people = RegistrationFactory.create_batch(1 + waiting, event=event)
    _sign_up(slot.session, 1, people[0], waiting=people[1:])
    assert found(event) == [("warns", one) for one in sentence]


def test_person_signed_up_for_two_sessions_at_once_warns(event, place, room, django_assert_num_queries):
    one, two, three = RegistrationFactory.create_batch(3, event=event)
    first = place("09:00", "10:00", room=room, title="First")
    second = place("09:30", "10:30", room=RoomFactory(event=event), title="Second")
    after = place("10:00", "11:00", room=room, title="After")
    _sign_up(first.session, 3, one, two)
    _sign_up(second.session, 3, two, three)
    _sign_up(after.session, 3, one)
    assert read_by(event) == [
        (
            "warns",
            "1 person is signed up for two sessions at once on Thursday 25 April 2030: “First” (09:00–10:00) and “Second” (09:30–10:30).",
        )
    ]
    SignUp.objects.filter(session=second.session, registration=two).update(ended_at=timezone.now(), ending="left")
    user = UserFactory()
    with django_assert_num_queries(2):  # nobody is, so nothing more is asked
        slots = slots_of(event, Slot.objects.draft())
        assert conflicts_for(event, slots, user=user, at=timezone.now()) == []


def test_sign_ups_of_a_session_that_left_the_draft_are_told(event, place, room):
    slot = place("09:00", "10:00", room=room, title="Kept")
    dropped = SessionFactory(event=event, title_en="Dropped", released=True)
    _sign_up(dropped, 3, *RegistrationFactory.create_batch(2, event=event))
    _sign_up(SessionFactory(event=event, title_en="Nobody", released=True), 3)
    _sign_up(slot.session, 3, *RegistrationFactory.create_batch(1, event=event))
    (conflict,) = sign_ups_that_end(event, [slot])
    assert conflict.sentence == "“Dropped” is not in the draft, and 2 people are signed up for it: with this release their sign-ups end."
    assert (conflict.blocks, conflict.sessions) == (False, (dropped,))
    dropped_slot = SlotFactory(session=dropped, release=slot.release)
    assert sign_ups_that_end(event, [slot, dropped_slot]) == []


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


@pytest.mark.parametrize(
    ("opens", "closes", "start", "end", "end_day", "level"),
    [
        ("08:00", "18:00", "08:00", "18:00", 0, []),
        ("08:00", "18:00", "07:59", "09:00", 0, ["blocks"]),
        ("08:00", "18:00", "17:00", "18:01", 0, ["blocks"]),
        ("08:00", "01:00", "23:00", "01:00", 1, []),  # closes in the night after
        ("08:00", "01:00", "23:00", "01:01", 1, ["blocks"]),
        ("08:00", "08:00", "23:00", "03:00", 1, []),  # open day and night
        (None, None, "05:00", "06:00", 0, []),
    ],
)
def test_session_outside_the_hours_of_the_venue_blocks(event, place, room, opens, closes, start, end, end_day, level):
    Venue.objects.filter(pk=room.venue_id).update(opens_at=opens, closes_at=closes)
    place(start, end, end_day=end_day, room=room)
    assert [found_level for found_level, _sentence in found(event)] == level


def test_hours_of_the_venue_stand_in_the_sentence(event, place, room):
    Venue.objects.filter(pk=room.venue_id).update(name_en="The palace", opens_at="08:00", closes_at="18:00")
    place("17:00", "18:30", room=room, title="Late")
    assert found(event) == [
        ("blocks", "“Late” (Thursday 25 April 2030, 17:00–18:30) is outside the hours of The palace: open from 08:00 to 18:00.")
    ]


def test_database_refuses_half_of_the_hours_and_endless_walks(event, room):
    with pytest.raises(IntegrityError, match="venue_opens_and_closes"), transaction.atomic():
        Venue.objects.update(opens_at=dt.time(8))
    for name in ("room_minutes", "venue_minutes"):
        with pytest.raises(IntegrityError, match="event_walks_possible"), transaction.atomic():
            Event.objects.update(**{name: 241})


def test_interpretation_in_a_room_without_booths_warns(event, place, room):
    slot = place("09:00", "10:00", room=room, title="Panel", interpretation=["fr"])
    assert found(event) == [("warns", "“Panel” is interpreted, and Plenary room has no booths.")]
    room.booths = 1
    room.save()
    assert found(event) == []
    slot.session.interpretation, room.booths = [], 0
    slot.session.save()
    room.save()
    assert found(event) == []


def _two_in_a_row(event, place, room, other, gap):
    person = SpeakerFactory(event=event, name="Ada Example")
    ContributionFactory(slot=place("09:00", "10:00", room=room, title="First"), speaker=person)
    ContributionFactory(slot=place(f"10:{gap:02}", "11:00", room=other, title="Second"), speaker=person)


@pytest.mark.parametrize(("gap", "level"), [(0, ["warns"]), (14, ["warns"]), (15, []), (20, [])])
def test_too_little_time_between_two_venues_warns(event, place, room, gap, level):
    other = RoomFactory(venue=VenueFactory(event=event))
    _two_in_a_row(event, place, room, other, gap)
    assert [found_level for found_level, _sentence in found(event)] == level


def test_time_between_two_rooms_of_a_venue_is_asked_only_where_the_event_does(event, place, room):
    _two_in_a_row(event, place, room, RoomFactory(venue=room.venue, name_en="Room B"), 5)
    assert found(event) == []
    event.room_minutes = 10
    assert found(event) == [
        (
            "warns",
            "Ada Example has 5 minutes on Thursday 25 April 2030 to come from Plenary room (“First”, 09:00–10:00)"
            " to Room B (“Second”, 10:05–11:00).",
        )
    ]


def test_staying_in_the_room_needs_no_time(event, place, room):
    event.room_minutes = event.venue_minutes = 30
    _two_in_a_row(event, place, room, room, 0)
    assert found(event) == []


@pytest.mark.parametrize("state", [RegistrationState.WITHDRAWN, RegistrationState.REPLACED])
def test_speaker_who_withdrew_is_told_apart_from_one_not_approved_yet(event, place, room, state):
    registration = RegistrationFactory(event=event, state=state)
    ContributionFactory(slot=place("09:00", "10:00", room=room, title="Panel"), speaker=SpeakerFactory(registration=registration))
    name, words = registration.delegate.full_name, registration.get_state_display()
    assert found(event) == [("warns", f"{name} is still in “Panel”, and does not come: the registration is “{words}”.")]


def read_by(event, user=None):
    """The levels and sentences an organiser reads."""
    slots = slots_of(event, Slot.objects.draft())
    conflicts = conflicts_for(event, slots, user=user or UserFactory(), at=timezone.now())
    return [(str(conflict.level), conflict.sentence) for conflict in conflicts]


def test_session_of_the_union_beside_one_for_everyone_warns(event, place, room):
    place("09:00", "10:00", room=room, title="Coordination", kind=SessionKind.PANEL, audience=Audience.EU)
    place("09:30", "11:00", room=RoomFactory(event=event), title="Plenary", audience=Audience.PARTICIPANTS)
    place("09:30", "11:00", room=RoomFactory(event=event), title="Workshop", kind=SessionKind.WORKSHOP, audience=Audience.PARTICIPANTS)
    place("09:30", "11:00", room=RoomFactory(event=event), title="Staff", audience=Audience.ORGANISERS)
    place("10:00", "11:00", room=RoomFactory(event=event), title="Later", audience=Audience.PARTICIPANTS)
    assert read_by(event) == [
        (
            "warns",
            "The EU delegations are expected in both on Thursday 25 April 2030: “Coordination” (09:00–10:00) and “Plenary” (09:30–11:00).",
        )
    ]


@pytest.mark.parametrize(("country", "level"), [("FR", ["warns"]), ("JP", [])])
def test_session_of_the_union_beside_one_of_selected_delegations(event, place, room, country, level):
    delegation = DelegationFactory(event=event, organisation=OrganisationFactory(kind="state", country=country))
    place("09:00", "10:00", room=room, kind=SessionKind.PANEL, audience=Audience.EU)
    place("09:00", "10:00", room=RoomFactory(event=event), audience=Audience.SELECTED, delegations=[delegation])
    assert [found_level for found_level, _sentence in read_by(event)] == level


@pytest.fixture
def elsewhere(event):
    """The same person in a session of another event, from 09:30 to 10:30; gives that event and the registration here."""

    def planted(*, same="delegate", state=EventState.OPEN, shared=False, there=RegistrationState.APPROVED, **release):
        other = EventFactory(title_en="Secret summit", state=state, zone=event.zone, first_date=event.first_date, last_date=event.last_date)
        user = UserFactory(is_shared=shared)
        delegate = DelegateFactory(user=user, given_name="Ada", family_name="Example")
        twin = delegate if same == "delegate" else DelegateFactory(user=user)
        slot = SlotFactory(
            session=SessionFactory(event=other, title_en="Hidden talks"),
            release=ReleaseFactory(event=other, **({"number": None} | release)),
            start_at=clock.moment(event.first_date, dt.time(9, 30), event.zone),
            end_at=clock.moment(event.first_date, dt.time(10, 30), event.zone),
        )
        registration = RegistrationFactory(event=other, delegate=twin, state=there)
        ContributionFactory(slot=slot, speaker=SpeakerFactory(registration=registration), role=Role.INTERPRETER)
        return other, RegistrationFactory(event=event, delegate=delegate, state=RegistrationState.APPROVED)

    return planted


NOT_AVAILABLE = ("warns", "Ada Example is not available on Thursday 25 April 2030, 09:00–10:00 (“Here”).")


@pytest.mark.parametrize("facts", [{"same": "delegate"}, {"same": "user"}, {"number": 1}], ids=["delegate", "user", "released"])
def test_person_busy_at_another_event_is_not_available_and_no_more(event, place, room, elsewhere, facts):
    _other, registration = elsewhere(**facts)
    ContributionFactory(slot=place("09:00", "10:00", room=room, title="Here"), speaker=SpeakerFactory(registration=registration))
    assert read_by(event) == [NOT_AVAILABLE]


def test_organiser_of_both_events_reads_where_the_person_is(event, place, room, elsewhere):
    other, registration = elsewhere()
    ContributionFactory(slot=place("09:00", "10:00", room=room, title="Here"), speaker=SpeakerFactory(registration=registration))
    organiser = StaffRoleFactory(event=other, role=StaffRoleName.PROGRAMME).user
    expected = "Ada Example is in “Here” on Thursday 25 April 2030, 09:00–10:00, and then in “Hidden talks” of “Secret summit” too."
    assert read_by(event, organiser) == [("warns", expected)]


@pytest.mark.parametrize(
    "facts",
    [{"same": "user", "shared": True}, {"state": EventState.CANCELLED}, {"there": RegistrationState.WITHDRAWN}],
    ids=["shared account", "cancelled", "withdrawn there"],
)
def test_person_is_available_when_nothing_keeps_them_elsewhere(event, place, room, elsewhere, facts):
    _other, registration = elsewhere(**facts)
    ContributionFactory(slot=place("09:00", "10:00", room=room), speaker=SpeakerFactory(registration=registration))
    assert read_by(event) == []


def test_back_to_back_at_another_event_is_no_conflict(event, place, room, elsewhere):
    _other, registration = elsewhere()
    ContributionFactory(slot=place("10:30", "11:00", room=room), speaker=SpeakerFactory(registration=registration))
    assert read_by(event) == []


@pytest.mark.parametrize("count", [1, 3])
def test_whole_check_costs_four_queries_for_any_number_of_sessions(event, place, room, elsewhere, count, django_assert_num_queries):
    _other, registration = elsewhere()
    speaker, delegation = SpeakerFactory(registration=registration), DelegationFactory(event=event)
    for number in range(count):
        ContributionFactory(slot=place("09:00", "10:00", day=number % 2, room=room), speaker=speaker)
        place("11:00", "12:00", room=RoomFactory(event=event), audience=Audience.EU)
        place("12:00", "13:00", room=RoomFactory(event=event), audience=Audience.SELECTED, delegations=[delegation])
    for _session in range(2):  # and somebody is signed up for both
        _sign_up(place("14:00", "15:00", room=RoomFactory(event=event)).session, 3, registration)
    organiser = UserFactory()
    with django_assert_num_queries(4):
        assert NOT_AVAILABLE[0] in [level for level, _sentence in read_by(event, organiser)]


def test_letters_that_cannot_be_printed_are_named_with_the_person(event, place, room):
    """Whoever writes them hears of it before the programme is printed; letters of guests' names are no matter."""
    first = place("09:00", "10:00", room=room, title="Opening 🎉 高橋")
    second = place("10:00", "11:00", room=room, title="A session", title_nl="Zitting 𓀀")
    for slot in (first, second):
        ContributionFactory(slot=slot, speaker=event.speakers.first() or SpeakerFactory(event=event, name="Ada 🎈", organisation="髙橋"))
    ContributionFactory(slot=second, speaker=SpeakerFactory(event=event, name="김민준"))
    assert found(event) == [
        ("warns", "“Opening 🎉 高橋” has characters that print as an empty box in the programme: 🎉"),
        ("warns", "“A session” has characters that print as an empty box in the programme: 𓀀"),
        ("warns", "The name of Ada 🎈 (“Opening 🎉 高橋”) has characters that print as an empty box in the programme: 🎈"),
    ]
