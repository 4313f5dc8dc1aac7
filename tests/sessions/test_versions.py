"""What changed between any two versions of the agenda, as each reader may know it, and as organisers compare them."""

import datetime as dt
import html
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from conference.lib.viewer import SYSTEM
from delegates.choices import RegistrationState
from events.choices import Audience, StaffRoleName
from events.models import ReadRecord
from sessions.actions import (
    change_session,
    create_session,
    mark_session,
    place_session,
    release_agenda,
    set_contributions,
    unplace_session,
)
from sessions.choices import Label, PublicIdentity, Role, ShownAsClosed
from sessions.models import Release, Slot
from tests.factories import (
    DelegationFactory,
    EventFactory,
    OrganisationFactory,
    RegistrationFactory,
    ReleaseFactory,
    RoomFactory,
    SessionFactory,
    SlotFactory,
    SpeakerFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2027, 1, 11, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
MARKS = {"label": Label.CLEAR, "chatham_house": False, "shown_as_closed": ShownAsClosed.NOTHING, "confirmed": True}


@pytest.fixture
def event():
    return EventFactory(first_date=dt.date(2027, 3, 27), title_en="The conference", stamp=0)


@pytest.fixture
def eu(event):
    """An approved person of an EU member's delegation, since long."""
    return person(event, "FR")


def person(event, country, *, at=NOW - dt.timedelta(days=9), **options):
    with time_machine.travel(at, tick=False):
        organisation = OrganisationFactory(country=country)
        options = {"state": RegistrationState.APPROVED, "invited_at": at, "queued_at": at} | options
        return RegistrationFactory(delegation=DelegationFactory(event=event, organisation=organisation), user=UserFactory(), **options)


def at(minutes: int):
    return time_machine.travel(NOW + dt.timedelta(minutes=minutes), tick=False)


def put(session, hour: int, room=None):
    start = dt.datetime(2027, 3, 27, hour, tzinfo=dt.UTC)
    place_session(session, room=room, start_at=start, end_at=start + HOUR, by=SYSTEM)


def make(event, title: str, hour: int, audience=Audience.PUBLIC, **options):
    session = create_session(event, by=SYSTEM, audience=audience, label=options.pop("label", Label.CLEAR), title_en=title, **options)
    put(session, hour)
    return session


def mark(session, audience):
    mark_session(session, by=SYSTEM, audience=audience, **MARKS)


def release(event):
    return release_agenda(event, by=SYSTEM)


def read(event, registration=None, **query) -> str:
    """The page as text, of a stranger or of the owner of a registration; spaces in one."""
    client = Client()
    if registration:
        client.force_login(registration.delegate.user)
    response = client.get(reverse("sessions:versions", args=[event.slug]), {key.strip("_"): value for key, value in query.items()})
    assert response.status_code == 200
    main = re.search(r"<main.*?</main>", response.content.decode(), re.S)[0].partition("all-versions")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())


def told(event, registration=None, **query) -> list[tuple[str, str]]:
    """Each change the page tells: (title, kind)."""
    client = Client()
    if registration:
        client.force_login(registration.delegate.user)
    response = client.get(reverse("sessions:versions", args=[event.slug]), {key.strip("_"): value for key, value in query.items()})
    return [(str(entry.title), str(row.kind)) for _day, entries in response.context["days"] for entry in entries for row in entry.rows]


# What is told


def test_every_kind_of_change_is_told(event):
    room = RoomFactory(event=event, name_en="Great hall")
    with at(0):
        sessions = {
            name: make(event, name, hour) for hour, name in enumerate(("Kept", "Moved", "Roomed", "Dropped", "Spoken", "Called"), 6)
        }
        release(event)
    with at(10):
        put(sessions["Moved"], 15)
        put(sessions["Roomed"], 8, room)
        unplace_session(sessions["Dropped"], by=SYSTEM)
        set_contributions(sessions["Spoken"], [(SpeakerFactory(event=event, name="Ada Ek"), Role.SPEAKER)], by=SYSTEM)
        change_session(sessions["Called"], by=SYSTEM, title_en="Renamed")
        make(event, "New", 17)
        release(event)
    changes = [("Roomed", "room"), ("Dropped", "dropped"), ("Spoken", "people"), ("Renamed", "title"), ("Moved", "moved"), ("New", "added")]
    assert told(event) == changes
    text = read(event)
    assert "Since version 1, 6 sessions differ." in text
    for words in (
        "Moved : 27 March 2027, 08:00 – 09:00 → now 27 March 2027, 16:00 – 17:00",
        "Room changed : no room → now Great hall",
        "People changed : Ada Ek",
        "Renamed Title changed",
        "18:00 – 19:00 New Added",
    ):
        assert words in text
    assert "Kept" not in text


def test_any_two_versions_compare(event):
    with at(0):
        one, two = make(event, "One", 8), make(event, "Two", 9)
        release(event)
    with at(10):
        put(one, 12)
        release(event)
    with at(20):
        unplace_session(two, by=SYSTEM)
        put(one, 8)
        release(event)
    assert told(event) == told(event, from_=2, to=3) == [("One", "moved"), ("Two", "dropped")]
    assert told(event, to=2) == [("One", "moved")]
    assert told(event, from_=1, to=3) == [("Two", "dropped")]
    assert "This is the first version" in read(event, to=1)


def test_addresses_of_versions_are_plain(client, event):
    for minutes in (0, 10, 20):
        with at(minutes):
            make(event, f"Session {minutes}", 8 + minutes // 10)
            release(event)
    page = reverse("sessions:versions", args=[event.slug])
    assert client.get(f"{page}?from=3&to=1")["Location"] == f"{page}?from=1&to=3"
    assert client.get(f"{page}?to=2&from=1&x=y")["Location"] == f"{page}?from=1&to=2"
    assert client.get(f"{page}?x=y")["Location"] == page
    wrong = ("to=4", "to=0", "to=x", "from=3", "from=2&to=2", "from=0&to=2", "from=%C2%B2&to=2", "from=1&to=draft")
    assert {query: client.get(f"{page}?{query}").status_code for query in wrong} == dict.fromkeys(wrong, 404)


def test_without_a_release_there_is_nothing(client, event):
    assert "The agenda has not been released yet" in read(event)
    make(event, "Planned", 8)
    assert "The agenda has not been released yet" in read(event)
    assert client.get(reverse("sessions:versions", args=[event.slug]) + "?to=1").status_code == 404


def test_title_of_an_ended_version_is_the_one_it_had(event):
    """A session that was dropped is called what its readers knew: what its texts say since is nobody's to read."""
    with at(0):
        session = make(event, "As it was", 8)
        make(event, "Kept", 9)
        release(event)
    with at(10):
        unplace_session(session, by=SYSTEM)
        release(event)
    with at(20):
        change_session(session, by=SYSTEM, title_en="Zqlater")
    assert told(event) == [("As it was", "dropped")]
    assert "Zqlater" not in read(event)
    assert b"Zqlater" not in Client().get(reverse("sessions:version_feed", args=[event.slug])).content


def test_title_from_before_a_session_was_opened_is_nobodys_to_read(event, eu):
    """Released closed under one title, opened under another, dropped: its readers never knew the first."""
    with at(0):
        session = make(event, "Zqsecret", 8, Audience.EU)
        make(event, "Kept", 9)
        release(event)
    with at(5):
        change_session(session, by=SYSTEM, title_en="Open to all")
        mark(session, Audience.PUBLIC)
    with at(10):
        unplace_session(session, by=SYSTEM)
        release(event)
    assert (told(event), told(event, eu)) == ([("", "dropped")], [("Zqsecret", "dropped")])
    assert "Plenary Dropped" in read(event)
    assert b"Zqsecret" not in Client().get(reverse("sessions:version_feed", args=[event.slug])).content
    assert b"Zqsecret" not in Client().get(reverse("api:versions", args=[event.slug])).content


def test_speakers_who_left_are_not_named(event):
    with at(0):
        session = make(event, "Panel", 8)
        set_contributions(session, [(SpeakerFactory(event=event, name="Zqleft"), Role.SPEAKER)], by=SYSTEM)
        release(event)
    with at(10):
        people = [
            (SpeakerFactory(event=event, name="Zqcame"), Role.SPEAKER),
            (SpeakerFactory(event=event, name="Zqhidden", public_identity=PublicIdentity.HIDDEN), Role.SPEAKER),
            (SpeakerFactory(event=event, name="Zqname", function_en="Analyst", public_identity=PublicIdentity.FUNCTION), Role.CHAIR),
        ]
        set_contributions(session, people, by=SYSTEM)
        release(event)
    text = read(event)
    assert "People changed : Zqcame; Analyst" in text
    assert {word for word in ("Zqleft", "Zqhidden", "Zqname") if word in text} == set()


def test_change_of_the_title_in_another_language_is_none(event):
    with at(0):
        session = make(event, "Opening", 8, title_fr="Ouverture")
        release(event)
    with at(10):
        change_session(session, by=SYSTEM, title_fr="Séance d'ouverture")
        release(event)
    assert told(event) == []
    page = reverse("sessions:versions", args=[event.slug]).replace("/en/", "/fr/")
    entries = Client().get(page).context["days"][0][1]
    assert [(entry.title, [str(row.kind) for row in entry.rows]) for entry in entries] == [("Séance d'ouverture", ["title"])]


# As far as the reader may see both sides


def test_each_reader_is_told_of_what_they_see(event, eu):
    outside = person(event, "US")
    with at(-9):
        sessions = {audience: make(event, f"For {audience}", 8 + n, audience) for n, audience in enumerate(Audience)}
    with at(0):
        mark_session(sessions["selected"], by=SYSTEM, audience="selected", delegations=[outside.delegation], **MARKS)
        make(event, "Kept", 18)
    with at(5):
        release(event)
    with at(10):
        for session in sessions.values():
            unplace_session(session, by=SYSTEM)
        release(event)
    assert {title for title, _kind in told(event)} == {"For public"}
    assert {title for title, _kind in told(event, eu)} == {"For public", "For participants", "For members", "For eu"}
    assert {title for title, _kind in told(event, outside)} == {"For public", "For participants", "For members", "For selected"}
    assert "Since version 1, 1 session differs." in read(event)


def test_raised_session_vanishes_and_is_never_dropped(event, eu):
    with at(0):
        session = make(event, "Raised", 8)
        make(event, "Kept", 9)
        release(event)
    with at(10):
        mark(session, Audience.EU)
        put(session, 12)
        release(event)
    assert (told(event), told(event, eu)) == ([], [("Raised", "moved")])


def test_session_opened_later_is_new_whether_or_not_it_moved(event):
    with at(0):
        session = make(event, "Opened", 8, Audience.EU)
        make(event, "Kept", 9)
        release(event)
    with at(10):
        put(session, 12)
        release(event)
    with at(20):
        mark(session, Audience.PUBLIC)
        put(session, 14)
        release(event)
    # Between 2 and 3 it moved, and between 1 and 2 it moved as well: a stranger knows of neither.
    assert (told(event), told(event, to=2), told(event, from_=1, to=3)) == ([("Opened", "added")], [], [("Opened", "added")])


def test_session_of_an_ended_version_is_told_only_if_it_was_seen_in_both(event):
    """Seen in 1, hidden in 2, open again in 3: of version 2 a stranger knows that it held nothing of it."""
    with at(0):
        session = make(event, "Now and then", 8)
        make(event, "Kept", 9)
        release(event)
    with at(10):
        release(event)
    with at(15):
        mark(session, Audience.EU)
    with at(20):
        release(event)
    with at(30):
        mark(session, Audience.PUBLIC)
    assert told(event, from_=2, to=3) == [("Now and then", "added")]
    assert told(event, from_=1, to=3) == []


def test_who_was_approved_since_knows_of_the_past_what_was_public(event, eu):
    with at(0):
        session, open_one = make(event, "Inside", 8, Audience.EU), make(event, "Open", 9)
        make(event, "Kept", 18)
        release(event)
    with at(10):
        put(session, 12)
        put(open_one, 13)
        release(event)
    new = person(event, "BE", at=NOW + dt.timedelta(minutes=20))
    assert told(event, eu) == [("Inside", "moved"), ("Open", "moved")]
    assert told(event, new) == [("Inside", "added"), ("Open", "moved")]


def test_who_works_in_a_session_is_told_of_it_until_they_leave(event):
    speaking = person(event, "US", category="press")
    speaker = SpeakerFactory(registration=speaking)
    with at(0):
        session, other = make(event, "Mine", 8, Audience.EU), make(event, "Theirs", 9, Audience.EU)
        for one in (session, other):
            set_contributions(one, [(speaker, Role.SPEAKER)], by=SYSTEM)
        make(event, "Kept", 18)
        release(event)
    with at(10):
        unplace_session(session, by=SYSTEM)
        set_contributions(other, [], by=SYSTEM)
        release(event)
    assert told(event, speaking) == [("Mine", "dropped")]  # the other stands, and is above them now: it vanishes
    assert told(event) == []


def test_note_is_for_its_audience(event, eu):
    with at(0):
        make(event, "Opening", 8)
        release_agenda(event, by=SYSTEM, note={"en": "Zqnote"}, note_audience=Audience.PARTICIPANTS)
    assert ("Zqnote" in read(event, eu), "Zqnote" in read(event)) == (True, False)


def test_reading_what_is_above_clear_is_recorded(event, eu):
    with at(0):
        session = make(event, "Kept", 8)
        release(event)
    with at(10):
        make(event, "Amber", 9, Audience.EU, label=Label.AMBER)
        put(session, 7)
        last = release(event)
    read(event)
    assert ReadRecord.objects.count() == 0
    read(event, eu)
    assert list(ReadRecord.objects.values_list("verb", "target", "user")) == [("read", str(last), eu.delegate.user_id)]


def test_turns_are_told_only_where_the_list_of_delegations_is(event, eu):
    with at(0):
        session = make(event, "Tour", 8)
        release(event)
    with at(10):
        slot = Slot.objects.draft().get(session=session)
        slot.interventions.create(event=event, delegation=eu.delegation, minutes=3)
        release(event)
    event.delegations_shown, event.delegations_audience = "organisations", "participants"
    event.save()
    assert (told(event, eu), told(event)) == ([("Tour", "turns")], [])


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_for_any_number(client, event, count, django_assert_num_queries):
    first, last = (
        ReleaseFactory(event=event, released_at=NOW, superseded_at=NOW + HOUR),
        ReleaseFactory(event=event, released_at=NOW + HOUR),
    )
    with at(0):
        for n in range(count):
            session = SessionFactory(event=event, audience=Audience.PUBLIC)
            for one, hour in ((first, 8), (last, 9)):
                start = dt.datetime(2027, 3, 27, hour + n, tzinfo=dt.UTC)
                slot = SlotFactory(session=session, release=one, room=RoomFactory(event=event), start_at=start, end_at=start + HOUR)
                slot.contributions.create(event=event, speaker=SpeakerFactory(event=event), role=Role.SPEAKER)
    with at(90), django_assert_num_queries(11):  # event, releases, six of two versions, rooms, people, the parts of the event
        response = client.get(reverse("sessions:versions", args=[event.slug]))
    assert response.context["count"] == count


def test_strangers_page_is_kept_and_made_anew_after_a_release(client, event, django_assert_num_queries):
    with at(0):
        make(event, "One", 8)
        release(event)
        page = reverse("sessions:versions", args=[event.slug])
        client.get(page)
        with django_assert_num_queries(1):
            first = client.get(page)
        make(event, "Two", 9)
        release(event)
        second = client.get(page)
    assert (first.content == second.content, b"Two" in second.content, first["ETag"] == second["ETag"]) == (False, True, False)


def test_agenda_leads_to_what_changed(client, event):
    with at(0):
        make(event, "One", 8)
        release(event)
        page = reverse("sessions:agenda", args=[event.slug])
        assert reverse("sessions:versions", args=[event.slug]) in client.get(page).content.decode()


# The organisers' page


@pytest.fixture
def desk(event):
    client = Client()
    client.force_login(StaffRoleFactory(event=event, role=StaffRoleName.PROGRAMME).user)
    return client


def compared(desk, event, **query) -> list[tuple[str, str]]:
    response = desk.get(reverse("organise:agenda_changes", args=[event.slug]), {key.strip("_"): value for key, value in query.items()})
    return [(row.session.title_en, str(row.kind)) for row in response.context["changes"]]


def test_organisers_compare_any_two_versions_and_the_draft_in_full(desk, event):
    with at(0):
        session = make(event, "Closed", 8, Audience.ORGANISERS, label=Label.RED)
        make(event, "Kept", 9)
        release(event)
    with at(10):
        put(session, 12)
        release(event)
        unplace_session(session, by=SYSTEM)
    assert compared(desk, event) == compared(desk, event, from_=2, to="draft") == [("Closed", "dropped")]
    assert compared(desk, event, to=2) == compared(desk, event, from_=1, to=2) == [("Closed", "moved")]
    assert compared(desk, event, from_=1, to="draft") == [("Closed", "dropped")]
    assert compared(desk, event, from_="draft", to=1) == [("Closed", "added")]


@pytest.mark.parametrize("query", ["to=3", "from=x", "to=-1"])
def test_versions_that_are_none_are_not_found(desk, event, query):
    make(event, "One", 8)
    release(event)
    assert desk.get(reverse("organise:agenda_changes", args=[event.slug]) + f"?{query}").status_code == 404


def test_organisers_without_versions_read_why(desk, event):
    assert "There is nothing to compare yet" in desk.get(reverse("organise:agenda_changes", args=[event.slug])).content.decode()
    make(event, "One", 8)
    assert "There is nothing to compare yet" in desk.get(reverse("organise:agenda_changes", args=[event.slug])).content.decode()
    release(event)
    assert "They are the same" in desk.get(reverse("organise:agenda_changes", args=[event.slug])).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_organisers_page_costs_the_same_for_any_number(desk, event, count, django_assert_num_queries):
    room, speaker = RoomFactory(event=event), SpeakerFactory(event=event)
    make(event, "Kept", 18)
    release(event)
    for n in range(count):
        session = make(event, f"New {n}", 8 + n)
        put(session, 8 + n, room)
        set_contributions(session, [(speaker, Role.SPEAKER)], by=SYSTEM)
    with django_assert_num_queries(12):
        assert len(compared(desk, event)) == count


# Copies


def test_release_keeps_titles_and_the_draft_does_not(event):
    with at(0):
        session = make(event, "Called", 8)
        set_contributions(session, [(SpeakerFactory(event=event), Role.CHAIR), (SpeakerFactory(event=event), Role.SPEAKER)], by=SYSTEM)
        first = release(event)
    with at(10):
        change_session(session, by=SYSTEM, title_en="Now called")
        second = release(event)
    titles = dict(Slot.objects.values_list("release__number", "title_en"))
    assert titles == {1: "Called", 2: "Now called", None: ""}
    parts = [list(one.slots.get().contributions.in_order().values_list("speaker", "role", "position")) for one in (first, second)]
    assert (parts[0], len(parts[0])) == (parts[1], 2)
    assert Release.objects.filter(event=event).count() == 3
