"""The board of the organisers: what it shows, and its acts by program and by plain form."""

import datetime as dt
import importlib
import json
import zoneinfo
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from conference.lib import clock
from conference.lib.fingerprints import fingerprints
from conference.lib.searching import folded
from events.choices import StaffRoleName
from events.models import AuditEntry
from sessions import actions, rules
from sessions.admin import board_layout
from sessions.choices import Role, SessionKind
from sessions.models import Slot, Tour
from tests.factories import (
    ContributionFactory,
    EventFactory,
    InterventionFactory,
    ReleaseFactory,
    RoomFactory,
    SessionFactory,
    SlotFactory,
    SpeakerFactory,
    StaffRoleFactory,
)

pytestmark = pytest.mark.django_db
STALE, REFUSED = 409, 422


@pytest.fixture
def event():
    return EventFactory(first_date=dt.date(2030, 4, 25), last_date=dt.date(2030, 4, 26), zone="Europe/Brussels")


@pytest.fixture
def draft(event):
    return ReleaseFactory(event=event, number=None)


@pytest.fixture
def room(event):
    return RoomFactory(event=event, name_en="Plenary room")


def editor_of(event, client, role=StaffRoleName.PROGRAMME):
    client.force_login(StaffRoleFactory(event=event, role=role).user)
    return client


@pytest.fixture
def desk(event, client):
    return editor_of(event, client)


def at(event, text, day=0):
    return clock.moment(event.first_date + dt.timedelta(days=day), dt.time.fromisoformat(text), event.zone)


def placed(draft, start, end, *, room=None, title="A session", **session):
    event = draft.event
    return SlotFactory(release=draft, session=SessionFactory(event=event, title_en=title, **session), room=room, start_at=start, end_at=end)


def seen(slot):
    return json.dumps(fingerprints(actions.place_values(slot)))


def act(client, event, program=True, **fields):
    """Send one act of the board as its script does, or as a plain form does."""
    headers = {"Accept": "application/json" if program else "text/html"}
    return client.post(reverse("organise:board_act", args=[event.slug]), fields, headers=headers)


def place(client, slot, start, end, room, *, marks=None):
    fields = {"session": slot.session.public_id, "start": start.isoformat(), "end": end.isoformat()}
    return act(client, slot.event, act="place", room=room.public_id if room else "", seen=marks or seen(slot), **fields)


def where(session):
    """The place of a session in the draft: UTC times and room, or None."""
    slot = Slot.objects.draft().filter(session=session).first()
    return slot and (slot.start_at, slot.end_at, slot.room)


def test_move_answers_with_the_new_board_and_says_where(desk, event, draft, room):
    slot = placed(draft, at(event, "09:00"), at(event, "10:00"), room=room, title="Opening")
    other = RoomFactory(event=event, name_en="Room B")
    answer = place(desk, slot, at(event, "10:30"), at(event, "11:45"), other)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer.json()["said"] == "“Opening” is at: 25/04, 10:30–11:45, Room B. No conflict."
    assert where(slot.session) == (at(event, "10:30"), at(event, "11:45"), other)
    assert f'id="session-{slot.session.public_id}"' in answer.json()["html"]
    assert AuditEntry.objects.filter(event=event, verb="session.place").count() == 1


def test_move_says_its_conflicts_in_words(desk, event, draft, room):
    placed(draft, at(event, "09:00"), at(event, "10:00"), room=room, title="First")
    slot = placed(draft, at(event, "11:00"), at(event, "12:00"), room=room, title="Second")
    said = place(desk, slot, at(event, "09:30"), at(event, "10:30"), room).json()["said"]
    assert "1 conflict: Plenary room is used twice on Thursday 25 April 2030: “First” (09:00–10:00) and “Second” (09:30–10:30)." in said


def test_second_editor_sees_where_the_first_put_it_and_overwrites_nothing(desk, event, draft, room):
    slot = placed(draft, at(event, "09:00"), at(event, "10:00"), room=room, title="Opening")
    marks = seen(slot)
    place(desk, slot, at(event, "11:00"), at(event, "12:00"), room)
    answer = place(desk, slot, at(event, "14:00"), at(event, "15:00"), None, marks=marks)
    assert answer.status_code == STALE
    assert answer.json()["said"] == "Somebody else placed “Opening” meanwhile: 25/04, 11:00–12:00, Plenary room. Your move was not made."
    assert "11:00" in answer.json()["html"]
    assert where(slot.session) == (at(event, "11:00"), at(event, "12:00"), room)


def test_same_move_sent_twice_because_its_answer_was_lost_is_made_once(desk, event, draft, room):
    slot = placed(draft, at(event, "09:00"), at(event, "10:00"), room=room)
    marks = seen(slot)
    answers = [place(desk, slot, at(event, "11:00"), at(event, "12:00"), room, marks=marks) for _again in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert AuditEntry.objects.filter(event=event, verb="session.place").count() == 1


@pytest.mark.parametrize("marks", ["", "{", "[]", "7", '{"room": 1}'])
def test_marks_that_cannot_be_read_overwrite_nothing(desk, event, draft, room, marks):
    slot = placed(draft, at(event, "09:00"), at(event, "10:00"), room=room)
    answer = act(desk, event, act="place", session=slot.session.public_id, seen=marks, start="2030-04-25T10:00Z", end="2030-04-25T11:00Z")
    assert answer.status_code == STALE
    assert where(slot.session) == (slot.start_at, slot.end_at, room)


@pytest.mark.parametrize(
    ("start", "end"),
    [("2030-04-25T10:00Z", "2030-04-25T10:00Z"), ("2030-04-25T10:00", "2030-04-25T11:00"), ("", ""), ("2030-13-45T99:00Z", "x")],
    ids=["no length", "no zone", "nothing", "no time"],
)
def test_time_that_is_none_is_refused_with_words(desk, event, draft, room, start, end):
    slot = placed(draft, at(event, "09:00"), at(event, "10:00"), room=room)
    answer = act(desk, event, act="place", session=slot.session.public_id, seen=seen(slot), start=start, end=end)
    assert answer.status_code == REFUSED
    assert answer.json()["said"]
    assert where(slot.session) == (slot.start_at, slot.end_at, room)


def test_room_or_session_of_another_event_does_not_exist(desk, event, draft, room):
    slot = placed(draft, at(event, "09:00"), at(event, "10:00"), room=room)
    assert place(desk, slot, slot.start_at, slot.end_at, RoomFactory()).status_code == 404
    assert act(desk, event, act="out", session=SessionFactory().public_id).status_code == 404


@pytest.mark.parametrize("role", [StaffRoleName.OBSERVER, StaffRoleName.RECEPTION, StaffRoleName.PRESS])
def test_who_may_not_edit_reads_the_board_and_moves_nothing(client, event, draft, room, role):
    slot = placed(draft, at(event, "09:00"), at(event, "10:00"), room=room, title="Opening")
    reader = editor_of(event, client, role)
    page = reader.get(reverse("organise:board", args=[event.slug])).content.decode()
    assert "Opening" in page
    assert "data-board" not in page
    assert place(reader, slot, at(event, "10:00"), at(event, "11:00"), room).status_code == 403
    assert where(slot.session) == (slot.start_at, slot.end_at, room)


def test_swap_changes_rooms_and_starts_and_each_keeps_its_length(desk, event, draft, room):
    other = RoomFactory(event=event)
    first = placed(draft, at(event, "09:00"), at(event, "10:00"), room=room, title="Long")
    second = placed(draft, at(event, "14:00"), at(event, "14:30"), room=other, title="Short")
    fields = {"session": first.session.public_id, "seen": seen(first), "other": second.session.public_id}
    assert (
        act(desk, event, act="swap", other_seen=seen(second), **fields).json()["said"].startswith("“Long” and “Short” have changed places.")
    )
    assert where(first.session) == (at(event, "14:00"), at(event, "15:00"), other)
    assert where(second.session) == (at(event, "09:00"), at(event, "09:30"), room)
    act(desk, event, act="undo")
    assert where(first.session) == (first.start_at, first.end_at, room)
    assert where(second.session) == (second.start_at, second.end_at, other)


def test_swap_with_a_session_moved_meanwhile_changes_neither(desk, event, draft, room):
    first = placed(draft, at(event, "09:00"), at(event, "10:00"), room=room)
    second = placed(draft, at(event, "14:00"), at(event, "15:00"), room=room)
    marks = seen(second)
    Slot.objects.filter(pk=second.pk).update(start_at=at(event, "13:00"))
    fields = {"session": first.session.public_id, "seen": seen(first), "other": second.session.public_id}
    assert act(desk, event, act="swap", other_seen=marks, **fields).status_code == STALE
    assert where(first.session) == (first.start_at, first.end_at, room)


def test_taking_out_and_undoing_brings_place_and_people_back(desk, event, draft, room):
    slot = placed(draft, at(event, "09:00"), at(event, "10:00"), room=room)
    chair, speaker = SpeakerFactory(event=event), SpeakerFactory(event=event)
    ContributionFactory(slot=slot, speaker=chair, role=Role.CHAIR, position=1)
    ContributionFactory(slot=slot, speaker=speaker, role=Role.SPEAKER, position=2)
    before = actions.people_values(slot)
    act(desk, event, act="out", session=slot.session.public_id, seen=seen(slot))
    assert where(slot.session) is None
    answer = act(desk, event, act="undo")
    assert answer.json()["said"] == "The last move is undone."
    assert where(slot.session) == (slot.start_at, slot.end_at, room)
    assert actions.people_values(Slot.objects.draft().get(session=slot.session)) == before


def turns_of(session):
    """All there is of the turns of a session in the draft."""
    slot = Slot.objects.draft().get(session=session)
    turns = slot.interventions.in_order().values_list("public_id", "delegation", "speaker", "minutes", "is_added", "is_dropped")
    return list(turns), Tour.objects.filter(slot=slot).values_list("sharing", "minutes", "ordered_by_hand").first()


def test_taking_out_a_tour_de_table_and_undoing_brings_its_turns_back_as_changed_by_hand(desk, event, draft, room):
    slot = placed(draft, at(event, "09:00"), at(event, "10:00"), room=room)
    Tour.objects.create(event=event, slot=slot, minutes=30, ordered_by_hand=True)
    InterventionFactory(slot=slot, minutes=7, is_dropped=True)
    InterventionFactory(slot=slot, delegation=None, speaker=SpeakerFactory(event=event), minutes=4, is_added=True)
    before = turns_of(slot.session)
    assert act(desk, event, act="out", session=slot.session.public_id, seen=seen(slot)).status_code == 200
    assert where(slot.session) is None
    assert act(desk, event, act="undo").json()["said"] == "The last move is undone."
    assert turns_of(slot.session) == before
    assert (len(before[0]), before[1]) == (2, ("shared", 30, True))


def test_delegation_gone_meanwhile_is_left_out_of_the_turns_that_come_back(desk, event, draft, room):
    slot = placed(draft, at(event, "09:00"), at(event, "10:00"), room=room)
    gone, kept = InterventionFactory(slot=slot), InterventionFactory(slot=slot)
    act(desk, event, act="out", session=slot.session.public_id, seen=seen(slot))
    gone.delegation.delete()
    act(desk, event, act="undo")
    assert [row[0] for row in turns_of(slot.session)[0]] == [kept.public_id]


def test_undoing_a_placing_never_loses_turns_built_since_and_says_the_way_on(desk, event, draft, room):
    session = SessionFactory(event=event, title_en="Round")
    fields = {"start": at(event, "09:00").isoformat(), "end": at(event, "10:00").isoformat(), "room": room.public_id}
    act(desk, event, act="place", session=session.public_id, seen=json.dumps(fingerprints(actions.place_values(None))), **fields)
    slot = Slot.objects.draft().get(session=session)
    InterventionFactory(slot=slot)
    answer = act(desk, event, act="undo")
    assert (answer.status_code, slot.interventions.count()) == (REFUSED, 1)
    assert answer.json()["said"].startswith("“Round” has got turns since it was placed, and undoing would lose them. Take it out")
    act(desk, event, act="out", session=session.public_id, seen=seen(slot))
    act(desk, event, act="undo")
    assert len(turns_of(session)[0]) == 1


def test_unplaced_sessions_are_searched_by_title_and_subject_in_any_language(desk, event, draft, room):
    for title, abstract in (("Ouverture élargie", ""), ("Forecasts", "The great LIGHTHOUSE"), *((f"Other {n}", "") for n in range(5))):
        SessionFactory(event=event, title_fr=title, abstract_en=abstract, search_text=folded(f"{title} {abstract}"))
    for find, found in (("elargie OUVERTURE", 1), ("lighthouse", 1), ("other", 5), ("ouverture other", 0), ("", 7)):
        answer = desk.get(reverse("organise:board", args=[event.slug]), {"find": find})
        assert (len(answer.context["waiting"]), answer.context["waiting_in_all"]) == (found, 7)
    page = desk.get(reverse("organise:board", args=[event.slug]), {"find": "ouverture other"}).content.decode()
    assert "None of those without a place fits these words." in page
    assert "0 of 7" in page
    assert "&amp;find=ouverture%20other" in page  # the days keep it


def test_what_is_searched_stays_searched_after_a_move(desk, event, draft, room):
    slot = placed(draft, at(event, "09:00"), at(event, "10:00"), room=room)
    SessionFactory(event=event, title_en="Forecasts", search_text="forecasts")
    answer = act(desk, event, act="out", session=slot.session.public_id, seen=seen(slot), find="forecasts")
    assert answer.json()["html"].count("data-session=") == 1


def test_undo_goes_back_move_by_move_and_then_says_there_is_none(desk, event, draft, room):
    slot = placed(draft, at(event, "09:00"), at(event, "10:00"), room=room)
    for start, end in (("10:00", "11:00"), ("12:00", "13:00")):
        place(desk, Slot.objects.select_related("room").get(pk=slot.pk), at(event, start), at(event, end), room)
    starts = []
    for _step in range(2):
        act(desk, event, act="undo")
        starts.append(where(slot.session)[0])
    assert starts == [at(event, "10:00"), at(event, "09:00")]
    assert act(desk, event, act="undo").json()["said"].startswith("There is nothing to undo.")


def test_undo_never_takes_back_what_somebody_else_did_since(desk, event, draft, room):
    slot = placed(draft, at(event, "09:00"), at(event, "10:00"), room=room)
    place(desk, slot, at(event, "10:00"), at(event, "11:00"), room)
    Slot.objects.filter(pk=slot.pk).update(start_at=at(event, "10:15"))
    assert act(desk, event, act="undo").status_code == STALE
    assert where(slot.session)[0] == at(event, "10:15")


def test_undo_belongs_to_one_editor(desk, event, draft, room):
    slot = placed(draft, at(event, "09:00"), at(event, "10:00"), room=room)
    place(desk, slot, at(event, "10:00"), at(event, "11:00"), room)
    assert act(editor_of(event, Client()), event, act="undo").json()["said"].startswith("There is nothing to undo.")


def test_plain_form_moves_swaps_takes_out_and_undoes(desk, event, draft, room):
    slot = placed(draft, at(event, "09:00"), at(event, "10:00"), room=room, title="Opening")
    url = reverse("organise:board_session", args=[event.slug, slot.session.public_id])
    form = desk.get(url).context["form"]
    typed = {"seen": form["seen"].value(), "day": "2030-04-26", "room": room.public_id, "start": "11:00", "end": "12:00"}
    answer = desk.post(url, typed)
    assert answer["Location"] == reverse("organise:board", args=[event.slug]) + f"?day=2030-04-26#session-{slot.session.public_id}"
    assert where(slot.session) == (at(event, "11:00", 1), at(event, "12:00", 1), room)
    answer = act(desk, event, program=False, act="undo", day="2030-04-25")
    assert (answer.status_code, answer["Location"]) == (302, reverse("organise:board", args=[event.slug]) + "?day=2030-04-25")
    assert where(slot.session) == (slot.start_at, slot.end_at, room)


def test_plain_form_swaps_with_the_marks_in_its_choice(desk, event, draft, room):
    first = placed(draft, at(event, "09:00"), at(event, "10:00"), room=room, title="First")
    second = placed(draft, at(event, "14:00"), at(event, "15:00"), room=room, title="Second")
    page = desk.get(reverse("organise:board_session", args=[event.slug, first.session.public_id]))
    assert [item.session for item in page.context["others"]] == [second.session]
    choice = f"{second.session.public_id} {page.context['others'][0].seen}"
    act(desk, event, program=False, act="swap", session=first.session.public_id, seen=page.context["item"].seen, other=choice)
    assert [where(slot.session)[0] for slot in (first, second)] == [at(event, "14:00"), at(event, "09:00")]


def test_plain_form_sent_late_keeps_what_was_typed_and_says_where_it_is(desk, event, draft, room):
    slot = placed(draft, at(event, "09:00"), at(event, "10:00"), room=room)
    url = reverse("organise:board_session", args=[event.slug, slot.session.public_id])
    typed = {"seen": desk.get(url).context["form"]["seen"].value(), "day": "2030-04-26", "room": "", "start": "11:11", "end": "12:12"}
    Slot.objects.filter(pk=slot.pk).update(start_at=at(event, "08:00"))
    answer = desk.post(url, typed)
    assert answer.status_code == 200
    assert answer.context["form"]["start"].value() == "11:11"
    assert "Somebody else placed it meanwhile: 2030-04-25, 08:00–10:00, Plenary room." in answer.content.decode()


def items_of(page):
    """Row and rows of every session shown, by title."""
    layout = page.context["layout"]
    items = [*layout.bands, *(item for column in layout.columns for item in column.items)]
    return {item.session.title: (item.row, item.rows) for item in items}


SUMMER_TIME = pytest.mark.parametrize(
    ("day", "hours", "rows_between", "clock_after"),
    [
        ("2030-03-30", 23, 42, "03:00"),  # the clocks go forward at 02:00
        ("2030-10-26", 25, 66, "02:00"),  # and back at 03:00
    ],
)


def is_true_over_a_change_of_summer_time(client, day, hours, rows_between, clock_after):
    """The check: the board of a night in which the clocks change counts the time that elapses, and so does a move."""
    first = dt.date.fromisoformat(day)
    event = EventFactory(first_date=first, last_date=first, zone="Europe/Brussels")
    draft, room = ReleaseFactory(event=event, number=None), RoomFactory(event=event)
    half = dt.timedelta(minutes=30)
    starts = {"Before": at(event, "23:00"), "After": at(event, "03:30", 1)}
    slots = {title: placed(draft, start, start + half, room=room, title=title) for title, start in starts.items()}
    desk = editor_of(event, client)
    page = desk.get(reverse("organise:board", args=[event.slug]) + "?hours=all")
    assert page.context["layout"].rows == hours * 12, "the height of the day"
    rows = items_of(page)
    between = (starts["After"] - starts["Before"]) // dt.timedelta(minutes=5)
    assert rows["After"][0] - rows["Before"][0] == between == rows_between, "the distance"
    # Three hours later in time that elapses is what the clock says, whatever it skips or repeats.
    start = starts["Before"] + dt.timedelta(hours=3)
    assert place(desk, slots["Before"], start, start + half, room).status_code == 200
    assert f"{event.local(where(slots['Before'].session)[0]):%H:%M}" == clock_after, "the move"


@SUMMER_TIME
def test_heights_and_moves_are_true_over_a_change_of_summer_time(client, day, hours, rows_between, clock_after):
    is_true_over_a_change_of_summer_time(client, day, hours, rows_between, clock_after)


def belongs_to_its_evening(desk, event, draft, room):
    """The check: what goes on over midnight, and what starts after it, stand in the day of the programme that began before."""
    placed(draft, at(event, "22:00"), at(event, "01:00", 1), room=room, title="Dinner")
    placed(draft, at(event, "01:30", 1), at(event, "02:30", 1), room=room, title="Drinks")
    first, second = (items_of(desk.get(reverse("organise:board", args=[event.slug]) + f"?day=2030-04-{day}")) for day in (25, 26))
    assert (sorted(first), sorted(second)) == (["Dinner", "Drinks"], []), "the day"
    assert first == {"Dinner": (14 * 12 + 1, 36), "Drinks": (17 * 12 + 7, 12)}, "the height"


def test_session_across_midnight_belongs_to_the_evening(desk, event, draft, room):
    belongs_to_its_evening(desk, event, draft, room)


def is_true_in_a_half_hour_zone(client):
    """The check: the hours shown are those of the place, and what is moved is stored at its moment."""
    event = EventFactory(first_date=dt.date(2030, 4, 25), last_date=dt.date(2030, 4, 25), zone="Asia/Kolkata")
    draft, room = ReleaseFactory(event=event, number=None), RoomFactory(event=event)
    slot = placed(draft, at(event, "09:00"), at(event, "10:00"), room=room, title="Opening")
    page = editor_of(event, client).get(reverse("organise:board", args=[event.slug]))
    assert f"{event.local(page.context['layout'].hours[0][1]):%H:%M}" == "08:00", "the hours"
    assert items_of(page) == {"Opening": (13, 12)}, "the row"
    assert place(client, slot, at(event, "09:30"), at(event, "10:30"), room).status_code == 200
    assert where(slot.session)[0] == dt.datetime(2030, 4, 25, 4, 0, tzinfo=dt.UTC), "the move"


def test_rows_are_true_in_a_half_hour_zone(client):
    is_true_in_a_half_hour_zone(client)


# The negative controls of the three: each takes one guard out, and the same check fails at what the guard is for.


ACTS = importlib.import_module("sessions.admin.board")  # whose name in its package is that of its page


def fails_at(what):
    return pytest.raises(AssertionError, match=f"^{what}")


def wall_clock_rows(pieces, start, end):
    """Rows of the wall clock of Brussels, as if every hour on it elapsed once."""

    def wall(moment):
        return clock.local(moment, "Europe/Brussels").replace(tzinfo=None)

    for piece in pieces:
        piece.row = (wall(piece.start_at) - wall(start)) // rules.ROW + 1
        piece.rows = (wall(piece.end_at) - wall(piece.start_at)) // rules.ROW


def same_offset(day, time, zone):
    """A moment with the offset of the month before, as if the clocks never changed."""
    then = dt.datetime.combine(day - dt.timedelta(days=30), time, zoneinfo.ZoneInfo(zone))
    return dt.datetime.combine(day, time, dt.timezone(then.utcoffset())).astimezone(dt.UTC)


def digits_read_in(zone):
    """A reader of moments that takes their digits for those of the wall clock of a zone, whatever offset they say."""
    return lambda text: parse_datetime(text).replace(tzinfo=zoneinfo.ZoneInfo(zone))


@SUMMER_TIME
@pytest.mark.parametrize(
    ("module", "name", "naive", "what"),
    [
        (board_layout, "set_rows", wall_clock_rows, "the distance"),
        (board_layout, "clock", SimpleNamespace(moment=same_offset, local=clock.local), "the height of the day"),
        (ACTS, "parse_datetime", digits_read_in("Europe/Brussels"), "the move"),
    ],
    ids=["rows of the wall clock", "offset that never changes", "digits of the wall clock"],
)
def test_without_its_guard_a_change_of_summer_time_is_seen(
    client, monkeypatch, day, hours, rows_between, clock_after, module, name, naive, what
):
    monkeypatch.setattr(module, name, naive)
    with fails_at(what):
        is_true_over_a_change_of_summer_time(client, day, hours, rows_between, clock_after)


def calendar_day(moment, zone, day_starts_at):
    return clock.local(moment, zone).date()


def moment_of_days_from_midnight(day, time, zone):
    return clock.moment(day, dt.time(0) if time == dt.time(4) else time, zone)


@pytest.mark.parametrize(
    ("module", "name", "naive", "what"),
    [
        (clock, "programme_day", calendar_day, "the day"),
        (board_layout, "clock", SimpleNamespace(moment=moment_of_days_from_midnight, local=clock.local), "the height"),
    ],
    ids=["days of the calendar", "board that ends at midnight"],
)
def test_without_its_guard_midnight_is_seen(desk, event, draft, room, monkeypatch, module, name, naive, what):
    monkeypatch.setattr(module, name, naive)
    with fails_at(what):
        belongs_to_its_evening(desk, event, draft, room)


def window_of_utc_hours(starts, ends, **limits):
    return rules.window([start.astimezone(dt.UTC) for start in starts], ends, **limits)


def rows_of_whole_hours(pieces, start, end):
    rules.set_rows(pieces, start.replace(minute=0), end)


@pytest.mark.parametrize(
    ("module", "name", "naive", "what"),
    [
        (board_layout, "window", window_of_utc_hours, "the hours"),
        (board_layout, "set_rows", rows_of_whole_hours, "the row"),
        (ACTS, "parse_datetime", digits_read_in("Asia/Kolkata"), "the move"),
    ],
    ids=["full hours of UTC", "rows from the full hour of UTC", "digits of the wall clock"],
)
def test_without_its_guard_a_half_hour_zone_is_seen(client, monkeypatch, module, name, naive, what):
    monkeypatch.setattr(module, name, naive)
    with fails_at(what):
        is_true_in_a_half_hour_zone(client)


def test_break_without_a_room_goes_across_and_others_wait_for_one(desk, event, draft, room):
    placed(draft, at(event, "12:00"), at(event, "13:00"), title="Lunch", kind=SessionKind.BREAK)
    placed(draft, at(event, "14:00"), at(event, "15:00"), title="Homeless")
    layout = desk.get(reverse("organise:board", args=[event.slug])).context["layout"]
    assert [item.session.title for item in layout.bands] == ["Lunch"]
    assert [(column.room, [item.session.title for item in column.items]) for column in layout.columns] == [(None, ["Homeless"]), (room, [])]


def test_sessions_that_overlap_stand_beside_each_other(desk, event, draft, room):
    for title, start, end in (("A", "09:00", "11:00"), ("B", "10:00", "12:00"), ("C", "11:00", "12:00"), ("D", "12:00", "13:00")):
        placed(draft, at(event, start), at(event, end), room=room, title=title)
    (column,) = desk.get(reverse("organise:board", args=[event.slug])).context["layout"].columns
    assert [(item.session.title, item.lane, item.lanes) for item in column.items] == [("A", 1, 2), ("B", 2, 2), ("C", 1, 2), ("D", 1, 1)]


@pytest.mark.parametrize("query", ["?day=nonsense", "?day=2030-13-45", "?day=2031-01-01", ""])
def test_day_that_is_none_shows_the_first(desk, event, draft, query):
    page = desk.get(reverse("organise:board", args=[event.slug]) + query)
    assert page.context["layout"].day == event.first_date


@pytest.mark.parametrize("count", [1, 3])
def test_board_costs_the_same_for_any_number(desk, event, draft, room, count, django_assert_num_queries):
    for number in range(count):
        slot = placed(draft, at(event, "09:00"), at(event, "10:00"), room=room, title=f"S{number}")
        ContributionFactory(slot=slot, speaker=SpeakerFactory(event=event))
        SessionFactory(event=event)
    with django_assert_num_queries(10):
        page = desk.get(reverse("organise:board", args=[event.slug]))
    assert (len(items_of(page)), len(page.context["waiting"])) == (count, count)


def test_without_the_guard_the_second_editor_overwrites_the_first(desk, event, draft, room, monkeypatch):
    """The negative control of what two editors may not do to each other."""
    slot = placed(draft, at(event, "09:00"), at(event, "10:00"), room=room)
    marks = seen(slot)
    place(desk, slot, at(event, "11:00"), at(event, "12:00"), room)
    monkeypatch.setattr(rules, "check_fresh", lambda seen, values: None)
    assert place(desk, slot, at(event, "14:00"), at(event, "15:00"), None, marks=marks).status_code == 200
    assert where(slot.session) == (at(event, "14:00"), at(event, "15:00"), None)
