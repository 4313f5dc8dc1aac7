"""The organisers' pages of sessions, people, tracks, placing and releases."""

import datetime as dt
import json
import re
from types import SimpleNamespace

import pytest
from django.urls import reverse

from conference.lib import clock
from conference.lib.viewer import Actor
from delegates.choices import RegistrationState
from events.choices import Audience, EventState, StaffRoleName
from events.models import AuditEntry, ReadRecord
from sessions import actions
from sessions.choices import Label, PublicIdentity, Role, SessionKind
from sessions.forms import PlaceForm
from sessions.models import Release, Session, Slot, Speaker
from tests.factories import (
    ContributionFactory,
    DelegationFactory,
    EventFactory,
    InterventionFactory,
    RegistrationFactory,
    RoomFactory,
    SessionFactory,
    SlotFactory,
    SpeakerFactory,
    StaffRoleFactory,
    TrackFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory(
        slug="conference", first_date=dt.date(2030, 4, 25), last_date=dt.date(2030, 4, 26), zone="Europe/Brussels", languages=["en", "fr"]
    )


@pytest.fixture
def editor(event):
    return StaffRoleFactory(event=event, role=StaffRoleName.PROGRAMME).user


@pytest.fixture
def desk(client, editor):
    """The client of a programme editor."""
    client.force_login(editor)
    return client


def at(name, event, *args):
    return reverse(f"organise:{name}", args=[event.slug, *args])


def words(response):
    """The words of a desk, without markup and runs of spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


def filled(form, **changes):
    """What a browser would send of a form as the page shows it, with changes."""
    data = {}
    for field in form:
        value = field.value()
        if value is True:
            data[field.html_name] = "on"
        elif value is not False and value not in (None, ""):
            data[field.html_name] = value
    return data | changes


def place(event, title="A session", hour=9, **options):
    """Put a session into the draft of an event, at an hour of its first day."""
    draft, _made = Release.objects.get_or_create(event=event, number=None)
    start = clock.moment(event.first_date, dt.time(hour), event.zone)
    slot = {"start_at": start, "end_at": start + dt.timedelta(hours=1)} | options.pop("slot", {})
    return SlotFactory(session=SessionFactory(event=event, title_en=title, **options), release=draft, **slot)


def pages_of(event):
    """Every page an organiser who may read opens with GET."""
    session, speaker = place(event).session, SpeakerFactory(event=event)
    return [
        *(at(name, event) for name in ("sessions", "speakers", "tracks", "placing", "release", "papers")),
        at("session", event, session.public_id),
        at("speaker", event, speaker.public_id),
    ]


# Who may come in


def test_pages_open_to_every_role_and_only_the_programme_changes_them(client, event):
    addresses = pages_of(event)
    for role in StaffRoleName:
        client.force_login(StaffRoleFactory(event=event, role=role).user)
        writes = {role in (StaffRoleName.MANAGER, StaffRoleName.PROGRAMME)}
        for address in addresses:
            assert client.get(address).status_code == 200
        assert {client.get(at("session_add", event)).status_code == 200} == writes
        assert {client.post(at("release", event)).status_code == 200} == writes


def test_pages_do_not_exist_for_somebody_with_a_role_at_another_event(client, event):
    client.force_login(StaffRoleFactory(event=EventFactory()).user)
    for address in pages_of(event):
        assert client.get(address).status_code == 404


def test_session_of_another_event_does_not_exist(desk, event):
    other = SessionFactory()
    for name in ("session", "session_people", "place", "unplace"):
        address = at(name, event, other.public_id)
        assert desk.get(address).status_code in (404, 405)
        assert desk.post(address).status_code == 404


def test_closed_event_is_read_only(desk, event):
    event.state = EventState.CLOSED
    event.save()
    session = place(event).session
    assert desk.get(at("session", event, session.public_id)).context["can_edit"] is False
    assert desk.post(at("session", event, session.public_id)).status_code == 403
    assert b"<button" not in desk.get(at("placing", event)).content.partition(b"<main")[2].partition(b"</main")[0]


def test_reader_without_the_act_sees_no_form_that_writes(client, event):
    client.force_login(StaffRoleFactory(event=event, role=StaffRoleName.OBSERVER).user)
    for address in pages_of(event):
        main = client.get(address).content.partition(b"<main")[2].partition(b"</main")[0]
        assert b'method="post"' not in main


# The list of sessions


def titles(response):
    return [row.title_en for row in response.context["page"].object_list]


def test_sessions_list_has_the_draft_in_order_of_time_then_what_is_not_placed(desk, event):
    SessionFactory(event=event, title_en="Waiting")
    place(event, "Late", hour=15)
    place(event, "Early", hour=8)
    assert titles(desk.get(at("sessions", event))) == ["Early", "Late", "Waiting"]


def test_sessions_list_is_narrowed_by_its_address(desk, event):
    place(event, "Ópening", kind=SessionKind.OPENING, audience=Audience.PUBLIC)
    SessionFactory(event=event, title_en="Panel", kind=SessionKind.PANEL, label=Label.RED)
    for session in event.sessions.all():
        actions.change_session(session, by=Actor(), title_en=session.title_en + " item")
    found = {
        query: titles(desk.get(at("sessions", event) + query))
        for query in ("?q=opening", "?kind=panel", "?audience=public", "?label=TLP:RED", "?placed=no", "?placed=yes", "?kind=nonsense")
    }
    assert found == {
        "?q=opening": ["Ópening item"],
        "?kind=panel": ["Panel item"],
        "?audience=public": ["Ópening item"],
        "?label=TLP:RED": ["Panel item"],
        "?placed=no": ["Panel item"],
        "?placed=yes": ["Ópening item"],
        "?kind=nonsense": ["Ópening item", "Panel item"],
    }


def test_sessions_list_of_nothing_says_what_to_do(desk, event):
    assert "No session yet" in words(desk.get(at("sessions", event)))
    assert "No session fits the filter" in words(desk.get(at("sessions", event) + "?q=x"))


@pytest.mark.parametrize("count", [1, 3])
def test_sessions_list_costs_the_same_for_any_number(desk, event, count, django_assert_num_queries):
    for hour in range(9, 9 + count):
        place(event, hour=hour, track=TrackFactory(event=event), slot={"room": RoomFactory(event=event)})
    with django_assert_num_queries(7):
        response = desk.get(at("sessions", event))
    assert len(titles(response)) == count


# One session


def new_session(desk, place, **changes):
    form = desk.get(at("session_add", place)).context["form"]
    return desk.post(at("session_add", place), filled(form) | {"title_en": "Opening"} | changes)


def test_session_is_added_with_texts_and_marking(desk, event):
    track, delegation = TrackFactory(event=event), DelegationFactory(event=event)
    response = new_session(
        desk,
        event,
        title_fr="Ouverture",
        abstract_en="Words",
        kind="opening",
        track=track.public_id,
        languages=["en", "fr"],
        audience="selected",
        delegations=[delegation.public_id],
        label="TLP:AMBER+STRICT",
        chatham_house="on",
        shown_as_closed="time",
    )
    session = Session.objects.get()
    assert response.status_code == 302
    assert (session.title_en, session.title_fr, session.kind, session.track) == ("Opening", "Ouverture", "opening", track)
    assert (session.languages, session.audience, session.label) == (["en", "fr"], "selected", "TLP:AMBER+STRICT")
    assert (session.chatham_house, session.shown_as_closed, list(session.delegations.all())) == (True, "time", [delegation])
    assert session.markings.get().delegation_ids == [delegation.pk]


def test_session_is_added_for_organisers_only_unless_chosen(desk, event):
    new_session(desk, event)
    session = Session.objects.get()
    assert (session.audience, session.label, session.shown_as_closed) == ("organisers", "TLP:RED", "nothing")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title_en": ""}, "title_en"),
        ({"audience": "public", "label": "TLP:GREEN"}, "label"),
        ({"audience": "selected"}, "delegations"),
        ({"kind": "party"}, "kind"),
        ({"track": "nonsense"}, "track"),
        ({"title_en": "x" * 201}, "title_en"),
    ],
)
def test_session_with_a_mistake_is_not_added_and_nothing_typed_is_lost(desk, event, changes, field):
    response = new_session(desk, event, **({"abstract_de": "Ein langer Text", "title_nl": "Opening"} | changes))
    assert list(response.context["form"].errors) == [field]
    assert b"Ein langer Text" in response.content
    assert Session.objects.count() == 0


def test_session_takes_no_delegation_and_no_track_of_another_event(desk, event):
    response = new_session(desk, event, audience="selected", delegations=[DelegationFactory().public_id], track=TrackFactory().public_id)
    assert sorted(response.context["form"].errors) == ["delegations", "track"]


def test_session_ignores_fields_it_does_not_offer(desk, event):
    other = EventFactory()
    new_session(desk, event, **{"event": other.pk, "event_id": other.pk, "public_id": "chosenname", "search_text": "chosen", "pk": 999})
    session = Session.objects.get()
    assert (session.event, session.search_text) == (event, "opening")
    assert session.public_id != "chosenname"


def save(desk, session, **changes):
    """Open the page of a session and send its form back with changes."""
    address = at("session", session.event, session.public_id)
    return desk.post(address, filled(desk.get(address).context["form"], **changes))


def test_session_saved_without_a_change_changes_nothing(desk, event):
    session = place(event, languages=["en"], audience=Audience.EU).session
    before = Session.objects.values().get()
    assert save(desk, session).status_code == 302
    assert (Session.objects.values().get(), AuditEntry.objects.count()) == (before | {"search_text": before["search_text"]}, 0)


def test_session_is_changed(desk, event):
    session = place(event).session
    save(desk, session, title_nl="Nieuw", audience="participants")
    session.refresh_from_db()
    assert (session.title_nl, session.audience, session.markings.count()) == ("Nieuw", "participants", 2)


def test_widening_a_released_session_asks_and_then_saves(desk, event):
    session = SessionFactory(event=event, audience=Audience.PARTICIPANTS, released=True)
    changes = {"audience": "public", "label": "TLP:CLEAR", "title_fr": "Ouverture"}
    asked = save(desk, session, **changes)
    session.refresh_from_db()
    assert asked.context["reasons"] == [
        "The audience goes from “Participants” to “Public”.",
        "The label goes down from TLP:GREEN to TLP:CLEAR.",
    ]
    assert (session.audience, session.title_fr) == ("participants", "")
    assert b'value="Ouverture"' in asked.content
    saved = save(desk, session, **changes, confirmed=asked.context["form"].confirmation)
    session.refresh_from_db()
    assert (saved.status_code, session.audience, session.title_fr) == (302, "public", "Ouverture")


def test_confirmation_is_for_the_marking_it_was_given_for(desk, event):
    session = SessionFactory(event=event, audience=Audience.EU, released=True)
    confirmation = save(desk, session, audience="participants").context["form"].confirmation
    response = save(desk, session, audience="public", label="TLP:CLEAR", confirmed=confirmation)
    session.refresh_from_db()
    assert (len(response.context["reasons"]), session.audience) == (2, "eu")


def test_second_editor_is_told_what_changed_and_keeps_what_they_typed(desk, event):
    session = SessionFactory(event=event, title_en="Old", title_fr="Vieux", abstract_en="Old words", audience=Audience.EU)
    address = at("session", event, session.public_id)
    mine = filled(desk.get(address).context["form"], title_en="Mine", abstract_en="My words")
    actions.change_session(session, by=Actor(), title_en="Theirs", title_fr="À eux")
    actions.mark_session(session, by=Actor(), audience="members", label="TLP:GREEN", chatham_house=True, shown_as_closed="nothing")
    response = desk.post(address, mine)
    form = response.context["form"]
    session.refresh_from_db()
    assert session.title_en == "Theirs"
    assert [(told.label, told.now, told.kept_mine) for told in form.told] == [
        ("Title (English)", "Theirs", True),
        ("Title (French)", "À eux", False),
        ("Audience", "Members", False),
        ("Chatham House Rule", "yes", False),
    ]
    desk.post(address, filled(form))
    session.refresh_from_db()
    assert (session.title_en, session.title_fr, session.abstract_en) == ("Mine", "À eux", "My words")
    assert (session.audience, session.chatham_house) == ("members", True)


@pytest.mark.parametrize("seen", ["", "nonsense", "[]", "{}", '{"title_en": 3}'])
def test_form_whose_memory_is_broken_is_never_taken_as_fresh(desk, event, seen):
    session = SessionFactory(event=event, title_en="Old")
    response = save(desk, session, title_en="New", seen=seen)
    session.refresh_from_db()
    assert (response.status_code, session.title_en) == (200, "Old")


def test_reading_a_session_above_clear_is_recorded(desk, event):
    clear, green = SessionFactory(event=event, label=Label.CLEAR), SessionFactory(event=event, label=Label.GREEN)
    for session in (clear, green):
        desk.get(at("session", event, session.public_id))
    assert list(ReadRecord.objects.values_list("verb", "target")) == [("read", f"session {green.public_id}")]


def test_session_page_shows_its_conflicts(desk, event):
    room = RoomFactory(event=event, name_en="Plenary room")
    one, other = place(event, "One", slot={"room": room}), place(event, "Other", slot={"room": room})
    for slot in (one, other):
        assert "Plenary room is used twice" in words(desk.get(at("session", event, slot.session.public_id)))


@pytest.mark.parametrize("count", [1, 3])
def test_session_page_costs_the_same_for_any_number_of_people(desk, event, count, django_assert_num_queries):
    slot = place(event, label=Label.CLEAR, audience=Audience.PUBLIC, slot={"room": RoomFactory(event=event)})
    for _number in range(count):
        ContributionFactory(slot=slot, speaker=SpeakerFactory(registration=RegistrationFactory(event=event)))
        RegistrationFactory(event=event)
        TrackFactory(event=event)
    with django_assert_num_queries(17):
        response = desk.get(at("session", event, slot.session.public_id))
    assert len(response.context["people"].lines) == count


# People of a session


def people_form(desk, session):
    form = desk.get(at("session", session.event, session.public_id)).context["people"]
    data = filled(form)
    for line in form.lines:
        data |= filled(line)
    return data


def send_people(desk, session, data):
    return desk.post(at("session_people", session.event, session.public_id), data)


def people_of(slot):
    return list(slot.contributions.order_by("position").values_list("speaker__name", "role"))


def test_people_are_ordered_changed_and_taken_out(desk, event):
    slot = place(event)
    ada, bea, cleo = (ContributionFactory(slot=slot, speaker__name=name, position=n) for n, name in enumerate(("Ada", "Bea", "Cleo"), 1))
    prefixes = [f"{one.speaker.public_id}-speaker" for one in (ada, bea, cleo)]
    changes = {f"{prefixes[0]}-position": 9, f"{prefixes[1]}-out": "on", f"{prefixes[2]}-role": "chair"}
    assert send_people(desk, slot.session, people_form(desk, slot.session) | changes).status_code == 302
    assert people_of(slot) == [("Cleo", "chair"), ("Ada", "speaker")]


def test_person_of_the_agenda_is_added(desk, event):
    slot, speaker = place(event), SpeakerFactory(event=event, name="Ada")
    send_people(desk, slot.session, people_form(desk, slot.session) | {"person": f"s:{speaker.public_id}", "role": "chair"})
    assert people_of(slot) == [("Ada", "chair")]


def test_registered_person_is_added_and_hidden_from_readers_at_first(desk, event):
    slot, registration = place(event), RegistrationFactory(event=event, state=RegistrationState.APPROVED)
    send_people(desk, slot.session, people_form(desk, slot.session) | {"person": f"r:{registration.public_id}", "role": "speaker"})
    speaker = slot.contributions.get().speaker
    assert (speaker.registration, speaker.public_identity) == (registration, PublicIdentity.HIDDEN)


def test_outside_person_is_added(desk, event):
    slot = place(event)
    given = {"person": "outside", "name": "Ada Example", "organisation": "Institute", "role": "panellist"}
    send_people(desk, slot.session, people_form(desk, slot.session) | given)
    assert [(one.speaker.name, one.speaker.organisation, one.role) for one in slot.contributions.all()] == [
        ("Ada Example", "Institute", "panellist")
    ]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"person": "outside"}, "name"),
        ({"person": "", "name": "Ada"}, "person"),
        ({"person": "s:nonsense"}, "person"),
        ({"role": "juggler"}, "role"),
    ],
)
def test_person_with_a_mistake_is_not_added_and_nothing_typed_is_lost(desk, event, given, field):
    slot = place(event)
    response = send_people(desk, slot.session, people_form(desk, slot.session) | {"organisation": "Institute"} | given)
    assert list(response.context["people"].errors) == [field]
    assert b'value="Institute"' in response.content
    assert (people_of(slot), Speaker.objects.count()) == ([], 0)


def test_person_of_another_event_cannot_be_added(desk, event):
    slot = place(event)
    for person in (f"s:{SpeakerFactory().public_id}", f"r:{RegistrationFactory().public_id}"):
        response = send_people(desk, slot.session, people_form(desk, slot.session) | {"person": person})
        assert list(response.context["people"].errors) == ["person"]


def test_second_editor_of_the_people_is_told_and_keeps_what_they_typed(desk, event):
    slot = place(event)
    ada = ContributionFactory(slot=slot, speaker__name="Ada", position=1)
    mine = people_form(desk, slot.session) | {"person": "outside", "name": "Mine", f"{ada.speaker.public_id}-speaker-role": "chair"}
    theirs = SpeakerFactory(event=event, name="Theirs")
    actions.set_contributions(slot.session, [(ada.speaker, Role.SPEAKER), (theirs, Role.SPEAKER)], by=Actor())
    response = send_people(desk, slot.session, mine)
    form = response.context["people"]
    assert people_of(slot) == [("Ada", "speaker"), ("Theirs", "speaker")]
    assert "Somebody else has changed these people" in words(response)
    data = filled(form)
    for line in form.lines:
        data |= filled(line)
    assert send_people(desk, slot.session, data).status_code == 302
    assert people_of(slot) == [("Ada", "chair"), ("Theirs", "speaker"), ("Mine", "speaker")]


def test_people_of_an_unplaced_session_wait_for_its_place(desk, event):
    session = SessionFactory(event=event)
    assert "Place this session first" in words(desk.get(at("session", event, session.public_id)))
    response = send_people(desk, session, {"person": "outside", "name": "Ada", "role": "speaker", "seen": json.dumps({})})
    assert (response.status_code, Speaker.objects.count()) == (200, 0)


# People of the agenda


@pytest.mark.parametrize("count", [1, 3])
def test_speakers_list_costs_the_same_for_any_number(desk, event, count, django_assert_num_queries):
    slot = place(event)
    for _number in range(count):
        ContributionFactory(slot=slot, speaker=SpeakerFactory(registration=RegistrationFactory(event=event)))
    with django_assert_num_queries(6):
        response = desk.get(at("speakers", event))
    assert [row.appearances for row in response.context["rows"]] == [1] * count


def test_speakers_list_counts_sessions_of_the_draft_only(desk, event):
    slot = place(event)
    speaker = SpeakerFactory(event=event)
    ContributionFactory(slot=slot, speaker=speaker)
    ContributionFactory(slot=slot, speaker=speaker, role=Role.CHAIR)
    actions.release_agenda(event, by=Actor())
    assert [row.appearances for row in desk.get(at("speakers", event)).context["rows"]] == [1]


def test_speaker_is_added_from_a_registration(desk, event):
    registration = RegistrationFactory(event=event)
    desk.post(at("speaker_add", event), {"registration": registration.public_id, "public_identity": "function", "function_en": "Analyst"})
    speaker = Speaker.objects.get()
    assert (speaker.registration, speaker.name, speaker.public_identity, speaker.function_en) == (registration, "", "function", "Analyst")


@pytest.mark.parametrize("given", [{}, {"name": "Ada", "registration": "the registration"}])
def test_speaker_needs_one_origin(desk, event, given):
    registration = RegistrationFactory(event=event)
    given = {key: registration.public_id if value == "the registration" else value for key, value in given.items()}
    response = desk.post(at("speaker_add", event), {"public_identity": "hidden", "function_en": "Analyst", **given})
    assert (list(response.context["form"].errors), Speaker.objects.count()) == (["name"], 0)
    assert b'value="Analyst"' in response.content


def test_speaker_is_changed_and_the_second_editor_told(desk, event):
    speaker = SpeakerFactory(event=event, name="Ada", organisation="Old")
    address = at("speaker", event, speaker.public_id)
    mine = filled(desk.get(address).context["form"], public_identity="hidden")
    actions.change_speaker(speaker, by=Actor(), organisation="Theirs")
    response = desk.post(address, mine)
    assert [(told.label, told.now) for told in response.context["form"].told] == [("Organisation of an outside person", "Theirs")]
    desk.post(address, filled(response.context["form"]))
    speaker.refresh_from_db()
    assert (speaker.organisation, speaker.public_identity) == ("Theirs", "hidden")


# Tracks


@pytest.mark.parametrize("count", [1, 3])
def test_tracks_cost_the_same_for_any_number(desk, event, count, django_assert_num_queries):
    TrackFactory.create_batch(count, event=event)
    with django_assert_num_queries(6):
        response = desk.get(at("tracks", event))
    assert len(response.context["rows"]) == count


def test_track_is_added_renamed_and_removed(desk, event):
    desk.post(at("tracks", event), {"name_en": "Threats", "position": 1})
    track = event.tracks.get()
    address = at("track", event, track.public_id)
    desk.post(address, filled(desk.get(address).context["form"], name_fr="Menaces"))
    track.refresh_from_db()
    assert (track.name_en, track.name_fr, track.position) == ("Threats", "Menaces", 1)
    desk.post(at("track_remove", event, track.public_id))
    assert event.tracks.count() == 0


# Placing


def place_it(desk, session, **typed):
    """Send the form of a session on the placing desk, as shown, with what is typed."""
    response = desk.get(at("placing", session.event))
    rows = [*response.context["waiting"], *(row for _day, rows in response.context["days"] for row in rows)]
    form = next(row.form for row in rows if row.session == session)
    prefixed = {f"{session.public_id}-{name}": value for name, value in typed.items()}
    return desk.post(at("place", session.event, session.public_id), filled(form, **prefixed))


def form_of(response, session):
    rows = [*response.context["waiting"], *(row for _day, rows in response.context["days"] for row in rows)]
    return next(row.form for row in rows if row.session == session)


def test_session_is_placed_in_the_zone_of_the_event(desk, event):
    session, room = SessionFactory(event=event), RoomFactory(event=event)
    response = place_it(desk, session, day="2030-04-26", room=room.public_id, start="09:30", end="10:15")
    slot = session.slots.get()
    assert response["Location"] == at("placing", event) + f"#session-{session.public_id}"
    assert (slot.release.number, slot.room) == (None, room)
    assert [slot.start_at, slot.end_at] == [dt.datetime(2030, 4, 26, hour, minute, tzinfo=dt.UTC) for hour, minute in ((7, 30), (8, 15))]


def test_break_is_placed_without_a_room(desk, event):
    session = SessionFactory(event=event, kind=SessionKind.BREAK)
    place_it(desk, session, day="2030-04-25", room="", start="10:00", end="10:30")
    assert session.slots.get().room is None
    assert desk.get(at("placing", event)).context["days"][0][1][0].conflicts == []


def belongs_to_its_evening(desk, event, start, end, first, last):
    """The check: times of a day of the programme give moments on its date or, in its small hours, on the next one."""
    session = SessionFactory(event=event, kind=SessionKind.SOCIAL)
    answer = place_it(desk, session, day="2030-04-25", start=start, end=end)
    assert answer.status_code == 302, "refused"
    slot = session.slots.get()
    found = [f"{event.local(moment):%d %H:%M}" for moment in (slot.start_at, slot.end_at)]
    assert found == [first, last], "the date"
    days = [day for day, _rows in desk.get(at("placing", event)).context["days"]]
    assert days == [dt.date(2030, 4, 25)], "the day"


NIGHTS = {"dinner": ("22:00", "01:00", "25 22:00", "26 01:00"), "night": ("01:00", "04:00", "26 01:00", "26 04:00")}


@pytest.mark.parametrize("night", NIGHTS)
def test_what_is_placed_across_or_after_midnight_belongs_to_its_evening(desk, event, night):
    belongs_to_its_evening(desk, event, *NIGHTS[night])


@pytest.mark.parametrize(("night", "what"), [("dinner", "refused"), ("night", "the date")])
def test_without_the_start_of_days_what_is_placed_after_midnight_is_wrong(desk, event, monkeypatch, night, what):
    """The negative control: a form that takes every time for one of the date chosen."""
    monkeypatch.setattr(PlaceForm, "_moment", lambda form, name, day, time: clock.moment(day, time, event.zone))
    with pytest.raises(AssertionError, match=f"^{what}"):
        belongs_to_its_evening(desk, event, *NIGHTS[night])


def test_without_the_start_of_days_what_is_placed_after_midnight_is_listed_on_the_next(desk, event, monkeypatch):
    """The negative control: days of the calendar, which is not where the evening is looked for."""
    monkeypatch.setattr(clock, "programme_day", lambda moment, zone, day_starts_at: clock.local(moment, zone).date())
    with pytest.raises(AssertionError, match=r"^the day"):
        belongs_to_its_evening(desk, event, *NIGHTS["night"])


@pytest.mark.parametrize(
    ("typed", "field", "problem"),
    [
        ({"end": "08:00"}, "end", "The end is not after the start."),
        ({"end": "09:00"}, "end", "The end is not after the start."),
        ({"room": "nonsense"}, "room", "This room is not one of this event."),
        ({"start": "25:00"}, "start", "Give a time such as 09:30."),
        ({"day": "2031-01-01"}, "day", "Select a valid choice. 2031-01-01 is not one of the available choices."),
    ],
)
def test_wrong_place_is_said_in_clear_words_and_nothing_typed_is_lost(desk, event, typed, field, problem):
    session = SessionFactory(event=event)
    given = {"day": "2030-04-26", "room": "", "start": "09:00", "end": "10:00"} | typed
    response = place_it(desk, session, **given)
    form = form_of(response, session)
    assert (response.status_code, form.errors) == (200, {field: [problem]})
    assert {name: form[name].value() for name in given} == given
    assert Slot.objects.count() == 0


def is_refused_when_the_clocks_skip_it(client):
    """The check: a time that is not on the clock that night is no time."""
    event = EventFactory(first_date=dt.date(2030, 3, 30), last_date=dt.date(2030, 3, 31), zone="Europe/Brussels", day_starts_at=dt.time(0))
    client.force_login(StaffRoleFactory(event=event).user)
    session = SessionFactory(event=event)
    response = place_it(client, session, day="2030-03-31", start="02:30", end="04:00")
    assert response.status_code == 200, "placed"
    problem = "02:30 does not exist on 31 March 2030 in Europe/Brussels: the clocks go forward then."
    assert form_of(response, session).errors == {"start": [problem]}


def test_time_the_clocks_skip_is_refused(client):
    is_refused_when_the_clocks_skip_it(client)


def test_without_its_guard_a_time_the_clocks_skip_is_placed(client, monkeypatch):
    """The negative control: a clock that does not know of the change has every time."""
    winter = dt.timezone(dt.timedelta(hours=1))
    naive = SimpleNamespace(
        moment=lambda day, time, zone: dt.datetime.combine(day, time, winter), local=lambda moment, zone: moment.astimezone(winter)
    )
    monkeypatch.setattr("sessions.forms.placing.clock", naive)
    with pytest.raises(AssertionError, match=r"^placed"):
        is_refused_when_the_clocks_skip_it(client)


def test_room_of_another_event_cannot_be_chosen(desk, event):
    session = SessionFactory(event=event)
    response = place_it(desk, session, day="2030-04-25", room=RoomFactory().public_id, start="09:00", end="10:00")
    assert list(form_of(response, session).errors) == ["room"]


def test_conflicts_stand_beside_both_sessions(desk, event):
    room = RoomFactory(event=event, name_en="Plenary room")
    one = place(event, "One", slot={"room": room})
    other = SessionFactory(event=event, title_en="Other")
    place_it(desk, other, day="2030-04-25", room=room.public_id, start="09:30", end="10:30")
    response = desk.get(at("placing", event))
    beside = {row.session: [conflict.blocks for conflict in row.conflicts] for row in response.context["days"][0][1]}
    assert beside == {one.session: [True], other: [True]}
    assert "1 conflict blocks the release" in words(response)


def test_second_editor_who_places_the_same_session_is_told(desk, event):
    session = SessionFactory(event=event)
    form = form_of(desk.get(at("placing", event)), session)
    start = clock.moment(event.first_date, dt.time(9), event.zone)
    actions.place_session(session, room=None, start_at=start, end_at=start + dt.timedelta(hours=1), by=Actor())
    typed = {"day": "2030-04-26", "start": "11:00", "end": "12:00"}
    mine = filled(form, **{f"{session.public_id}-{name}": value for name, value in typed.items()})
    address = at("place", event, session.public_id)
    form = form_of(desk.post(address, mine), session)
    assert form.non_field_errors() == [
        "Somebody else placed it meanwhile: 2030-04-25, 09:00–10:00, no room. What you typed is kept; save again if it stands."
    ]
    desk.post(address, filled(form))
    assert event.day_of(session.slots.get().start_at) == dt.date(2030, 4, 26)


def test_session_is_taken_out_of_the_draft(desk, event):
    session = place(event).session
    desk.post(at("unplace", event, session.public_id))
    assert session.slots.count() == 0


def undone(desk, event):
    """Press the button on the page of all sessions; give the page it leads to."""
    undo = desk.get(at("placing", event)).context["undo"]
    return desk.post(at("board_act", event), {"act": "undo", "step": undo, "from": "list"}, follow=True)


def test_session_taken_out_by_form_comes_back_with_its_people_and_turns(desk, event):
    slot = place(event, slot={"room": RoomFactory(event=event)})
    ContributionFactory(slot=slot)
    InterventionFactory(slot=slot)
    before = (slot.start_at, slot.room_id)
    desk.post(at("unplace", event, slot.session.public_id))
    answer = undone(desk, event)
    assert answer.redirect_chain[-1][0] == at("placing", event)
    assert "The last move is undone." in answer.content.decode()
    again = slot.session.slots.get()
    assert ((again.start_at, again.room_id), again.contributions.count(), again.interventions.count()) == (before, 1, 1)
    assert answer.context["undo"] == ""


def test_session_placed_by_form_is_taken_out_again(desk, event):
    session = SessionFactory(event=event)
    form = form_of(desk.get(at("placing", event)), session)
    typed = {"day": "2030-04-26", "start": "11:00", "end": "12:00"}
    desk.post(
        at("place", event, session.public_id), filled(form, **{f"{session.public_id}-{name}": value for name, value in typed.items()})
    )
    assert session.slots.count() == 1
    undone(desk, event)
    assert session.slots.count() == 0


def test_session_placed_outside_the_days_keeps_its_day_in_the_form(desk, event):
    start = clock.moment(dt.date(2030, 5, 1), dt.time(9), event.zone)
    session = place(event, slot={"start_at": start, "end_at": start + dt.timedelta(hours=1)}).session
    assert form_of(desk.get(at("placing", event)), session)["day"].value() == "2030-05-01"


@pytest.mark.parametrize("count", [1, 3])
def test_placing_costs_the_same_for_any_number(desk, event, count, django_assert_num_queries):
    for hour in range(9, 9 + count):
        slot = place(event, hour=hour, slot={"room": RoomFactory(event=event)})
        ContributionFactory(slot=slot, speaker=SpeakerFactory(registration=RegistrationFactory(event=event)))
        SessionFactory(event=event)
    with django_assert_num_queries(10):
        response = desk.get(at("placing", event))
    assert len(response.context["waiting"]) == count


# Releasing


def release_it(desk, event, **typed):
    form = desk.get(at("release", event)).context["form"]
    return desk.post(at("release", event), filled(form, **typed))


def test_release_page_releases_with_a_note(desk, event):
    place(event)
    assert release_it(desk, event, note_en="First", note_fr="Premier", note_audience="participants").status_code == 302
    release = Release.objects.numbered().get()
    assert (release.number, release.note_fr, release.note_audience) == (1, "Premier", "participants")
    response = desk.get(at("release", event))
    assert (response.context["changes"], response.context["can_release"]) == ([], False)


def test_release_page_lists_what_changed_since_the_last_version(desk, event):
    room = RoomFactory(event=event, name_en="Plenary room")
    kept, moved, dropped = (place(event, title, hour=hour) for title, hour in (("Kept", 9), ("Moved", 10), ("Dropped", 11)))
    actions.release_agenda(event, by=Actor())
    hour = dt.timedelta(hours=1)
    actions.place_session(moved.session, room=room, start_at=moved.start_at + 4 * hour, end_at=moved.end_at + 4 * hour, by=Actor())
    actions.unplace_session(dropped.session, by=Actor())
    actions.set_contributions(kept.session, [(SpeakerFactory(event=event, name="Ada"), Role.CHAIR)], by=Actor())
    place(event, "Added", hour=17)
    response = desk.get(at("release", event))
    assert [(str(change.kind), change.session.title_en) for change in response.context["changes"]] == [
        ("people", "Kept"),
        ("dropped", "Dropped"),
        ("moved", "Moved"),
        ("room", "Moved"),
        ("added", "Added"),
    ]
    text = words(response)
    assert "nobody → Ada (Chair)" in text
    assert "no room → Plenary room" in text
    assert "25 April 2030, 10:00 – 11:00 → 25 April 2030, 14:00 – 15:00" in text
    assert "Release version 2" in text


def test_release_page_with_a_blocking_conflict_has_no_button(desk, event):
    room = RoomFactory(event=event)
    place(event, slot={"room": room})
    place(event, slot={"room": room})
    response = desk.get(at("release", event))
    assert (len(response.context["blocking"]), response.context["can_release"]) == (1, False)
    assert desk.post(at("release", event), {"number": 1, "note_audience": "organisers"}).status_code == 200
    assert Release.objects.numbered().count() == 0


def test_second_editor_who_releases_is_told_and_keeps_the_note(desk, event):
    slot = place(event)
    mine = filled(desk.get(at("release", event)).context["form"], note_en="My note", note_audience="public")
    actions.release_agenda(event, by=Actor())
    actions.place_session(slot.session, room=None, start_at=slot.start_at, end_at=slot.end_at + dt.timedelta(hours=1), by=Actor())
    response = desk.post(at("release", event), mine)
    assert response.context["form"].non_field_errors() == ["Version 1 was released meanwhile. Look at what changed since then."]
    assert (response.context["form"]["number"].value(), response.context["next_number"]) == ("2", 2)
    assert b"My note" in response.content
    assert Release.objects.numbered().count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_release_page_costs_the_same_for_any_number(desk, event, count, django_assert_num_queries):
    for hour in range(9, 10 + count):
        slot = place(event, hour=hour, slot={"room": RoomFactory(event=event)})
        ContributionFactory(slot=slot, speaker=SpeakerFactory(registration=RegistrationFactory(event=event)))
    for _number in range(count):
        actions.release_agenda(event, by=Actor())
    actions.unplace_session(slot.session, by=Actor())
    with django_assert_num_queries(31):
        response = desk.get(at("release", event))
    assert len(response.context["past"]) == count


def test_pages_answer_in_the_language_of_the_organiser(client, event):
    user = UserFactory(language="de")
    StaffRoleFactory(event=event, user=user)
    session = place(event, "Only in English").session
    client.force_login(user)
    for name in ("sessions", "placing", "release"):
        assert '<span lang="en">Only in English</span>' in client.get(at(name, event)).content.decode()
    assert client.get(at("session", event, session.public_id)).status_code == 200
