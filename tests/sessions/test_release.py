"""Releasing the agenda: numbers, copies, what blocks it, what changed, and two editors at once."""

import datetime as dt
import threading

import pytest
from django.db import connection

from conference.lib import clock
from conference.lib.viewer import Actor
from events.choices import Audience
from events.models import AuditEntry
from events.rules import NotAllowed
from sessions import actions, rules
from sessions.models import Contribution, Release, Slot
from tests.factories import (
    ContributionFactory,
    EventFactory,
    ReleaseFactory,
    RoomFactory,
    SessionFactory,
    SlotFactory,
    SpeakerFactory,
    UserFactory,
)

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def by(db):
    return Actor(user=UserFactory(), hat="organiser:programme")


def rows(slots):
    """Slots and their people as plain values."""
    return sorted(
        (slot.session_id, slot.room_id, slot.start_at, slot.end_at, sorted(slot.contributions.values_list("speaker", "role", "position")))
        for slot in slots
    )


def place(event, title="A session", hour=9, **slot):
    """Put a session into the draft of an event, at an hour of its first day."""
    draft, _made = Release.objects.get_or_create(event=event, number=None)
    start = clock.moment(event.first_date, dt.time(hour), event.zone)
    slot = {"room": None, "start_at": start, "end_at": start + HOUR} | slot
    return SlotFactory(session=SessionFactory(event=event, title_en=title), release=draft, **slot)


def test_release_copies_the_draft_and_keeps_it(by):
    event = EventFactory()
    slot = place(event, room=RoomFactory(event=event))
    ContributionFactory(slot=slot, position=1)
    release = actions.release_agenda(event, by=by, note={"en": "First", "fr": "Premier"}, note_audience=Audience.PARTICIPANTS)
    draft = Release.objects.get(event=event, number=None)
    assert (release.number, release.superseded_at, release.note_fr, release.note_audience) == (1, None, "Premier", "participants")
    assert rows(release.slots.all()) == rows(draft.slots.all())
    assert len(rows(release.slots.all())) == 1


def test_next_release_ends_the_one_before_at_the_same_moment(by):
    event = EventFactory()
    place(event)
    first = actions.release_agenda(event, by=by)
    second = actions.release_agenda(event, by=by)
    first.refresh_from_db()
    assert (first.number, second.number) == (1, 2)
    assert (first.superseded_at, second.superseded_at) == (second.released_at, None)


def test_release_does_not_change_when_the_draft_does(by):
    event = EventFactory()
    slot = place(event)
    ContributionFactory(slot=slot)
    release = actions.release_agenda(event, by=by)
    before = rows(release.slots.all())
    actions.place_session(slot.session, room=None, start_at=slot.start_at + HOUR, end_at=slot.end_at + HOUR, by=by)
    actions.set_contributions(slot.session, [(SpeakerFactory(event=event), "chair")], by=by)
    actions.unplace_session(slot.session, by=by)
    assert rows(release.slots.all()) == before


def test_release_of_a_draft_with_a_conflict_is_refused_and_says_which(by):
    event = EventFactory()
    room = RoomFactory(event=event)
    place(event, room=room)
    place(event, room=room)
    with pytest.raises(actions.AgendaConflicts) as refusal:
        actions.release_agenda(event, by=by)
    assert [conflict.blocks for conflict in refusal.value.conflicts] == [True]
    assert (Release.objects.numbered().count(), AuditEntry.objects.count()) == (0, 0)


def test_release_with_warnings_only_passes(by):
    event = EventFactory()
    place(event)  # without a room
    assert actions.release_agenda(event, by=by).number == 1


def test_release_of_an_empty_draft_is_refused(by):
    with pytest.raises(NotAllowed, match="draft is empty"):
        actions.release_agenda(EventFactory(), by=by)


def test_release_announced_with_a_number_that_is_taken_is_refused(by):
    event = EventFactory()
    place(event)
    actions.release_agenda(event, by=by, expected=1)
    with pytest.raises(NotAllowed, match="Version 1 was released meanwhile"):
        actions.release_agenda(event, by=by, expected=1)
    assert Release.objects.numbered().count() == 1


def test_release_of_one_event_numbers_apart_from_another(by):
    event, other = EventFactory(), EventFactory()
    place(event)
    place(other)
    actions.release_agenda(other, by=by)
    assert actions.release_agenda(event, by=by).number == 1


@pytest.mark.django_db(transaction=True)
def test_two_editors_releasing_at_once_get_one_number_each():
    event, by = EventFactory(), Actor(user=UserFactory())
    ContributionFactory(slot=place(event, room=RoomFactory(event=event)))
    start, numbers = threading.Barrier(4), []

    def release():
        try:
            start.wait()
            numbers.append(actions.release_agenda(event, by=by).number)
        finally:
            connection.close()

    threads = [threading.Thread(target=release) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [1, 2, 3, 4]
    assert Release.objects.filter(event=event, superseded_at=None).numbered().count() == 1
    assert Slot.objects.filter(release__number__isnull=False).count() == Contribution.objects.count() - 1 == 4


@pytest.mark.django_db(transaction=True)
def test_two_editors_releasing_the_same_announced_number_make_one_version():
    event, by = EventFactory(), Actor(user=UserFactory())
    place(event)
    start, answers = threading.Barrier(2), []

    def release():
        try:
            start.wait()
            answers.append(actions.release_agenda(event, by=by, expected=1).number)
        except NotAllowed:
            answers.append(0)
        finally:
            connection.close()

    threads = [threading.Thread(target=release) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [0, 1]


# What changed


def changes(before, after):
    """Kinds of change with the titles they are about."""
    found = rules.changes_between(*([slot.as_place for slot in slots] for slots in (before, after)))
    return [(str(change.kind), change.session.title_en) for change in found]


def two_releases(event, **slot):
    """One session in two releases, the same but for `slot` in the second; as loaded for a page."""
    old = SlotFactory(session=SessionFactory(event=event, title_en="A"), release=ReleaseFactory(event=event))
    person = ContributionFactory(slot=old).speaker
    same = {"room": old.room, "start_at": old.start_at, "end_at": old.end_at}
    new = SlotFactory(session=old.session, release=ReleaseFactory(event=event), **(same | slot))
    ContributionFactory(slot=new, speaker=person)
    return [list(Slot.objects.filter(pk=one.pk).for_page()) for one in (old, new)]


def test_same_agenda_has_no_changes(db):
    assert changes(*two_releases(EventFactory())) == []


def test_added_and_dropped_sessions(db):
    (old,), (new,) = two_releases(EventFactory())
    assert changes([], [new]) == [("added", "A")]
    assert changes([old], []) == [("dropped", "A")]


def test_moved_session(db):
    event = EventFactory()
    start = clock.moment(event.first_date, dt.time(15), event.zone)
    assert changes(*two_releases(event, start_at=start, end_at=start + HOUR)) == [("moved", "A")]


def test_session_that_lasts_longer_has_moved(db):
    event = EventFactory()
    end = clock.moment(event.first_date, dt.time(11), event.zone)
    assert changes(*two_releases(event, end_at=end)) == [("moved", "A")]


def test_changed_room(db):
    event = EventFactory()
    assert changes(*two_releases(event, room=RoomFactory(event=event))) == [("room", "A")]


@pytest.mark.parametrize("change", ["other person", "other role", "one more", "nobody"])
def test_changed_people(db, change):
    event = EventFactory()
    (old,), (new,) = two_releases(event)
    people = new.contributions.all()
    if change == "other person":
        people.update(speaker=SpeakerFactory(event=event))
    elif change == "other role":
        people.update(role="chair")
    elif change == "one more":
        ContributionFactory(slot=new)
    else:
        people.delete()
    assert changes([old], Slot.objects.filter(pk=new.pk).for_page()) == [("people", "A")]


def test_changes_come_in_the_order_of_time(db):
    event = EventFactory()
    old = [place(event, "Late", hour=17), place(event, "Early", hour=8)]
    assert changes(old, []) == [("dropped", "Early"), ("dropped", "Late")]


def test_changes_cost_six_queries_for_any_number_of_sessions(db, django_assert_num_queries):
    event = EventFactory()
    for hour in (9, 10, 11):
        ContributionFactory(slot=place(event, hour=hour, room=RoomFactory(event=event)))
    with django_assert_num_queries(6):
        draft = Slot.objects.draft()
        assert changes(draft.for_page().with_turns(), draft.for_page().with_turns()) == []


# What each viewer may know of it


def visible(before, after, *, then, now):
    """The changes a viewer may know of, who could see the sessions `then` and may see the sessions `now`."""
    sides = [[slot.as_place for slot in slots] for slots in (before, after)]
    found = rules.visible_changes(*sides, seen_then={s.pk for s in then}, seen_now={s.pk for s in now})
    return [(str(change.kind), change.before is not None, change.after is not None) for change in found]


def test_change_is_shown_to_a_viewer_who_saw_and_sees_the_session(db):
    event = EventFactory()
    before, after = two_releases(event, room=RoomFactory(event=event))
    session = before[0].session
    assert visible(before, after, then=[session], now=[session]) == [("room", True, True)]


def test_raised_session_vanishes_and_is_never_dropped(db):
    (old,), (new,) = two_releases(EventFactory())
    assert visible([old], [], then=[old.session], now=[]) == []
    assert visible([old], [new], then=[old.session], now=[]) == []


@pytest.mark.parametrize("moved", [False, True])
def test_session_hidden_then_is_new_now_whether_or_not_it_moved(db, moved):
    event = EventFactory()
    start = clock.moment(event.first_date, dt.time(15), event.zone)
    before, after = two_releases(event, **({"start_at": start, "end_at": start + HOUR} if moved else {}))
    assert visible(before, after, then=[], now=[after[0].session]) == [("added", False, True)]


def test_session_never_seen_leaves_no_trace(db):
    event = EventFactory()
    before, after = two_releases(event, room=RoomFactory(event=event))
    assert visible(before, after, then=[], now=[]) == []


# The event's time zone


def test_move_slots_to_zone_keeps_wall_clock_times_of_every_release(by):
    event = EventFactory(zone="Europe/Brussels")
    slot = place(event, hour=9)
    actions.release_agenda(event, by=by)
    assert actions.move_slots_to_zone(event, "Europe/Brussels", "Asia/Tokyo", by=by) == 2
    event.zone = "Asia/Tokyo"
    event.save()
    assert [event.local(one.start_at).time() for one in Slot.objects.all()] == [dt.time(9), dt.time(9)]
    slot.refresh_from_db()
    assert slot.start_at == clock.moment(event.first_date, dt.time(9), "Asia/Tokyo")
