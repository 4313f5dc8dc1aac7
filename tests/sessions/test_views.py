"""The agenda, a session, a speaker and a paper, as readers find them."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from conference.lib import clock
from delegates.choices import Category, RegistrationState
from events.choices import Audience, EventState
from events.models import ReadRecord
from sessions.choices import Label, PublicIdentity, Role, SessionKind, ShownAsClosed
from tests.claims import say_who_acts
from tests.factories import (
    ContributionFactory,
    DelegationFactory,
    EventFactory,
    OrganisationFactory,
    PaperFactory,
    RegistrationFactory,
    ReleaseFactory,
    RoomFactory,
    SessionFactory,
    SlotFactory,
    SpeakerFactory,
    UserFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory(first_date=dt.date(2027, 3, 18))


@pytest.fixture
def room(event):
    return RoomFactory(venue=VenueFactory(event=event), name_en="Plenary room")


def participant(client, event, **facts):
    """Sign somebody in with an approved registration of an EU member's delegation."""
    delegation = facts.pop("delegation", None) or DelegationFactory(event=event, organisation=OrganisationFactory(country="FR"))
    user = facts.pop("user", None) or UserFactory()
    facts = {"state": RegistrationState.APPROVED, "invited_at": timezone.now()} | facts
    registration = RegistrationFactory(delegation=delegation, user=user, **facts)
    client.force_login(user)
    return registration


def at(event, day, hour, minute=0):
    """A moment on the event's clock, days counted from its first."""
    return clock.moment(event.first_date + dt.timedelta(days=day), dt.time(hour, minute), event.zone)


def page(client, name, *args, query="", status=200):
    """The text of a page of the agenda."""
    response = client.get(reverse(f"sessions:{name}", args=args) + query)
    assert response.status_code == status
    return response.content.decode()


def public_session(event, **facts):
    return SessionFactory(**{"event": event, "audience": Audience.PUBLIC, "released": True} | facts)


# The agenda.


@pytest.mark.parametrize("count", [1, 3])
def test_agenda_costs_the_same_for_any_number_of_sessions(client, event, room, count, django_assert_num_queries):
    for _n in range(count):
        for speaker in (SpeakerFactory(event=event), SpeakerFactory(registration=RegistrationFactory(delegation__event=event))):
            ContributionFactory(slot=public_session(event, released__room=room).slots.get(), speaker=speaker)
    with django_assert_num_queries(8):  # event, release; slots, rooms, tracks, people, speakers; the parts of the event
        body = page(client, "agenda", event.slug)
    assert body.count('class="line"') == 2 * count
    with django_assert_num_queries(1):  # the event's stamp
        page(client, "agenda", event.slug)


@pytest.mark.parametrize("count", [1, 3])
def test_agenda_of_a_participant_costs_the_same_for_any_number_of_sessions(client, event, room, count, django_assert_num_queries):
    participant(client, event)
    for _n in range(count):
        session = SessionFactory(event=event, audience=Audience.EU, label=Label.CLEAR, released=True, released__room=room)
        ContributionFactory(slot=session.slots.get())
    with django_assert_num_queries(16):  # who it is 5, what they are assigned to, their marks 2, the agenda 6, the frame 2
        page(client, "agenda", event.slug)
    with django_assert_num_queries(10):  # release, slots and people are kept
        page(client, "agenda", event.slug)


def test_agenda_shows_what_a_line_has(client, event, room):
    session = public_session(event, title_en="Opening words", languages=["fr", "en"], interpretation=["nl"], released__room=room)
    speaker = SpeakerFactory(event=event, name="Ada Example", function_en="Minister", organisation="A ministry")
    ContributionFactory(slot=session.slots.get(), speaker=speaker)
    body = page(client, "agenda", event.slug)
    for text in ("Opening words", "09:00", "09:30", "Plenary room", "French, English", "Dutch", "Ada Example, Minister, A ministry"):
        assert text in body
    for text in ("Thursday 18 March 2027", "Version 1, released on", "Europe/Brussels, UTC+1", "agenda.ics"):
        assert text in body
    assert body.count("Europe/Brussels,") == 1
    assert "TLP:CLEAR" not in body


def test_agenda_before_any_release_says_so(client, event):
    SlotFactory(session=SessionFactory(event=event, audience=Audience.PUBLIC), release=ReleaseFactory(event=event, number=None))
    body = page(client, "agenda", event.slug)
    assert "The agenda has not been released yet" in body
    assert 'class="line"' not in body


def test_agenda_with_nothing_for_the_reader_says_so(client, event):
    SessionFactory(event=event, audience=Audience.EU, released=True)
    assert "There is nothing on this agenda for you to read" in page(client, "agenda", event.slug)


def test_agenda_shows_the_current_release_only(client, event):
    old, new = ReleaseFactory(event=event), ReleaseFactory(event=event)
    dropped, kept, coming = (SessionFactory(event=event, audience=Audience.PUBLIC, title_en=name) for name in ("Dropped", "Kept", "Coming"))
    SlotFactory(session=dropped, release=old)
    SlotFactory(session=kept, release=old)
    SlotFactory(session=kept, release=new)
    SlotFactory(session=coming, release=ReleaseFactory(event=event, number=None))
    body = page(client, "agenda", event.slug)
    assert [name in body for name in ("Dropped", "Kept", "Coming")] == [False, True, False]
    for session, status in ((dropped, 404), (kept, 200), (coming, 404)):
        page(client, "session", event.slug, session.public_id, status=status)


def test_agenda_filters_by_day_and_room_together(client, event, room):
    other = RoomFactory(venue=room.venue, name_en="Library")
    for day, where, title in ((0, room, "First"), (0, other, "Second"), (1, room, "Third")):
        public_session(
            event, title_en=title, released__room=where, released__start_at=at(event, day, 9), released__end_at=at(event, day, 10)
        )

    def shown(query):
        body = page(client, "agenda", event.slug, query=query)
        return [title for title in ("First", "Second", "Third") if f">{title}</a>" in body]

    assert shown("") == ["First", "Second", "Third"]
    assert shown("?day=2027-03-18") == ["First", "Second"]
    assert shown(f"?room={room.public_id}") == ["First", "Third"]
    assert shown(f"?day=2027-03-18&room={other.public_id}") == ["Second"]
    assert "Nothing on the agenda fits this choice" in page(client, "agenda", event.slug, query=f"?day=2027-03-19&room={other.public_id}")


def test_agenda_gives_each_of_its_states_one_address(client, event, room):
    public_session(event, released__room=room)
    url = reverse("sessions:agenda", args=[event.slug])
    for query, clean in (
        ("?day=&room=", ""),
        ("?utm_source=x", ""),
        (f"?room={room.public_id}&day=2027-03-18", f"?day=2027-03-18&room={room.public_id}"),
    ):
        response = client.get(url + query)
        assert (response.status_code, response["Location"]) == (302, url + clean)


@pytest.mark.parametrize("query", ["?day=2027-03-30", "?day=tomorrow", "?room=abcdefghij", "?day=2027-03-18&room=%00"])
def test_agenda_of_a_day_or_room_not_in_it_does_not_exist(client, event, query):
    public_session(event)
    page(client, "agenda", event.slug, query=query, status=404)


def test_room_of_a_hidden_session_is_as_unknown_as_any(client, event, room):
    public_session(event)
    SessionFactory(event=event, audience=Audience.EU, released=True, released__room=room)
    page(client, "agenda", event.slug, query=f"?room={room.public_id}", status=404)


def test_session_past_midnight_belongs_to_the_evening_before(client, event):
    public_session(event, title_en="Night", released__start_at=at(event, 1, 1), released__end_at=at(event, 1, 2))
    public_session(event, title_en="Morning", released__start_at=at(event, 1, 4), released__end_at=at(event, 1, 5))
    first = page(client, "agenda", event.slug, query="?day=2027-03-18")
    second = page(client, "agenda", event.slug, query="?day=2027-03-19")
    assert ("Night" in first, "Morning" in first, "Night" in second, "Morning" in second) == (True, False, False, True)


def test_closed_line_says_time_and_if_allowed_room_and_no_other_word(client, event, room):
    facts = {"event": event, "audience": Audience.EU, "label": Label.AMBER, "title_en": "Zqtitle", "kind": SessionKind.WORKSHOP}
    for hour, shown in ((9, ShownAsClosed.TIME), (11, ShownAsClosed.TIME_AND_ROOM), (13, ShownAsClosed.NOTHING)):
        session = SessionFactory(
            **facts,
            shown_as_closed=shown,
            languages=["fi"],
            released=True,
            released__room=room,
            released__start_at=at(event, 0, hour),
            released__end_at=at(event, 0, hour + 1),
        )
        ContributionFactory(slot=session.slots.get(), speaker__name="Zqname")
    body = re.sub("Version .*?</time>", "", page(client, "agenda", event.slug), flags=re.DOTALL)  # the hour of the release is now
    lines = body.split('<li class="line line--closed">')[1:]
    assert [line.count("Closed session") for line in lines] == [1, 1]
    assert ["Plenary room" in line.split("</li>")[0] for line in lines] == [False, True]
    for word in ("Zqtitle", "Zqname", "Workshop", "Finnish", "AMBER", session.public_id, "T13:00", 'line__title"><a'):
        assert word not in body


def test_closed_sessions_side_by_side_are_one_line(client, event, room):
    release = ReleaseFactory(event=event)
    for shown, where in (("time", room), ("time", None), ("time_and_room", room), ("time_and_room", room)):
        session = SessionFactory(event=event, audience=Audience.EU, shown_as_closed=shown)
        SlotFactory(session=session, release=release, room=where, start_at=at(event, 0, 9), end_at=at(event, 0, 10))
    assert page(client, "agenda", event.slug).count("Closed session") == 1


def test_protection_sees_times_and_rooms_of_their_delegation(client, event, room):
    participant(client, event, category=Category.PROTECTION)
    session = SessionFactory(event=event, audience=Audience.EU, title_en="Zqtitle", released=True, released__room=room)
    body = page(client, "agenda", event.slug)
    assert ("Closed session" in body, "Plenary room" in body, "Zqtitle" in body) == (True, True, False)
    page(client, "session", event.slug, session.public_id, status=404)


def test_participant_reads_more_than_the_public_with_labels(client, event):
    session = SessionFactory(event=event, audience=Audience.PARTICIPANTS, label=Label.AMBER, chatham_house=True, released=True)
    assert session.title_en not in page(client, "agenda", event.slug)
    participant(client, event)
    body = page(client, "agenda", event.slug)
    for text in (session.title_en, "TLP:AMBER", "Chatham House Rule", "My private calendar"):
        assert text in body


def test_sessions_that_everybody_attends_are_marked_as_breaks(client, event):
    public_session(event, kind=SessionKind.BREAK, title_en="Lunch")
    assert 'class="line line--break"' in page(client, "agenda", event.slug)


def test_text_in_another_language_carries_its_own(client, event):
    public_session(event, title_en="Only English", title_fr="")
    response = client.get(f"/fr/events/{event.slug}/agenda/")
    assert '<span lang="en">Only English</span>' in response.content.decode()


def test_note_of_a_release_is_for_its_audience(client, event):
    public_session(event)
    release = event.releases.get()
    release.note_en, release.note_audience = "Zqnote", Audience.PARTICIPANTS
    release.save()
    assert "Zqnote" not in page(client, "agenda", event.slug)
    participant(client, event)
    assert "Zqnote" in page(client, "agenda", event.slug)


def test_session_of_another_event_is_not_found_here(client, event):
    elsewhere = public_session(EventFactory())
    page(client, "session", event.slug, elsewhere.public_id, status=404)


def test_participant_of_one_event_is_a_stranger_at_another(client, event):
    participant(client, EventFactory())
    session = SessionFactory(event=event, audience=Audience.PARTICIPANTS, released=True)
    assert session.title_en not in page(client, "agenda", event.slug)
    page(client, "session", event.slug, session.public_id, status=404)


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.ARCHIVED])
def test_event_without_a_page_has_no_agenda(client, state):
    session = public_session(EventFactory(state=state))
    for name, args in (("agenda", []), ("calendar", []), ("session", [session.public_id]), ("session_calendar", [session.public_id])):
        page(client, name, session.event.slug, *args, status=404)


# A session.


@pytest.mark.parametrize("count", [1, 3])
def test_session_costs_the_same_for_any_number_of_people_and_papers(client, event, room, count, django_assert_num_queries):
    session = public_session(event, released__room=room)
    for _n in range(count):
        ContributionFactory(slot=session.slots.get())
        PaperFactory(session=session, audience=Audience.PUBLIC)
    with django_assert_num_queries(6):  # event, slot, people, joining, papers, the parts of the event
        body = page(client, "session", event.slug, session.public_id)
    assert (body.count("/speakers/"), body.count("/papers/")) == (count, count)


@pytest.mark.parametrize("count", [1, 3])
def test_session_costs_a_participant_the_same_for_any_number_of_people(client, event, room, count, django_assert_num_queries):
    participant(client, event)
    session = SessionFactory(event=event, audience=Audience.EU, label=Label.CLEAR, released=True, released__room=room)
    for _n in range(count):
        ContributionFactory(slot=session.slots.get())
        PaperFactory(session=session, audience=Audience.EU)
    # Sign-in session, user, event, registrations, focal points; slot, people, turns, joining, papers, star; organiser?, parts of the event.
    with django_assert_num_queries(13):
        body = page(client, "session", event.slug, session.public_id)
    assert body.count("/papers/") == count


def test_session_shows_everything_to_its_audience(client, event, room):
    session = SessionFactory(
        event=event,
        audience=Audience.PARTICIPANTS,
        label=Label.AMBER,
        chatham_house=True,
        abstract_en="About *something*.",
        released=True,
        released__room=room,
    )
    ContributionFactory(slot=session.slots.get(), speaker__name="Ada Example", role=Role.CHAIR)
    page(client, "session", event.slug, session.public_id, status=404)
    participant(client, event)
    body = page(client, "session", event.slug, session.public_id)
    for text in (
        session.title_en,
        "<em>something</em>",
        "TLP:AMBER",
        "Chatham House Rule: what is said may be used",
        "Chair",
        "Ada Example",
    ):
        assert text in body


@pytest.mark.parametrize(
    ("identity", "outside", "inside"),
    [
        (PublicIdentity.FULL, (True, True), (True, True)),
        (PublicIdentity.FUNCTION, (False, True), (True, True)),
        (PublicIdentity.HIDDEN, (False, False), (True, True)),
    ],
)
def test_people_are_known_by_their_public_identity_in_public_and_by_name_inside(client, event, identity, outside, inside):
    facts = {"name": "Zqname", "function_en": "Zqfunction", "public_identity": identity}
    sessions = [public_session(event), SessionFactory(event=event, audience=Audience.EU, released=True)]
    for session in sessions:
        ContributionFactory(slot=session.slots.get(), speaker=SpeakerFactory(event=event, **facts))
    participant(client, event)
    for session, expected in zip(sessions, (outside, inside), strict=True):
        body = page(client, "session", event.slug, session.public_id)
        assert ("Zqname" in body, "Zqfunction" in body) == expected


def test_interpreters_are_named_nowhere(client, event):
    sessions = [public_session(event), SessionFactory(event=event, audience=Audience.EU, released=True)]
    speaker = SpeakerFactory(event=event, name="Zqinterpreter")
    for session in sessions:
        ContributionFactory(slot=session.slots.get(), speaker=speaker, role=Role.INTERPRETER)
    participant(client, event)
    for session in sessions:
        assert "Zqinterpreter" not in page(client, "session", event.slug, session.public_id)
    assert "Zqinterpreter" not in page(client, "agenda", event.slug)
    page(client, "speaker", event.slug, speaker.public_id, status=404)


def test_chatham_house_names_nobody_to_those_who_only_work_there(client, event):
    session = SessionFactory(event=event, audience=Audience.EU, chatham_house=True, released=True)
    guest = DelegationFactory(event=event, organisation=OrganisationFactory(country="US"))
    interpreter = participant(client, event, category=Category.INTERPRETER, delegation=guest)
    slot = session.slots.get()
    ContributionFactory(slot=slot, speaker=SpeakerFactory(registration=interpreter), role=Role.INTERPRETER)
    ContributionFactory(slot=slot, speaker=SpeakerFactory(event=event, name="Zqname", public_identity=PublicIdentity.FUNCTION))
    body = page(client, "session", event.slug, session.public_id)
    assert (session.title_en in body, "Zqname" in body, "Speaking function" in body) == (True, False, True)


def test_reading_above_clear_is_recorded(client, event):
    registration = participant(client, event)
    amber = SessionFactory(event=event, audience=Audience.EU, label=Label.AMBER, released=True)
    clear = public_session(event)
    for session in (amber, clear):
        page(client, "session", event.slug, session.public_id)
    page(client, "agenda", event.slug)
    user = registration.delegate.user
    rows = ReadRecord.objects.order_by("pk").values_list("user", "verb", "target", "hat")
    hat = f"registration:{registration.public_id}"
    assert list(rows) == [(user.pk, "read", str(amber), hat), (user.pk, "read", f"release {event.pk}/1", hat)]


def test_reading_what_is_clear_is_not_recorded(client, event):
    participant(client, event)
    page(client, "session", event.slug, public_session(event).public_id)
    page(client, "agenda", event.slug)
    assert ReadRecord.objects.count() == 0


# A speaker.


@pytest.mark.parametrize("count", [1, 3])
def test_speaker_costs_the_same_for_any_number_of_sessions(client, event, room, count, django_assert_num_queries):
    speaker = SpeakerFactory(event=event)
    for _n in range(count):
        ContributionFactory(slot=public_session(event, released__room=room).slots.get(), speaker=speaker)
    with django_assert_num_queries(4):  # event, slots, people; the parts of the event
        body = page(client, "speaker", event.slug, speaker.public_id)
    assert body.count('class="line"') == count


@pytest.mark.parametrize(("identity", "status"), [(PublicIdentity.FULL, 200), (PublicIdentity.FUNCTION, 404), (PublicIdentity.HIDDEN, 404)])
def test_speaker_exists_for_those_who_may_read_the_name(client, event, identity, status):
    speaker = SpeakerFactory(event=event, public_identity=identity)
    ContributionFactory(slot=public_session(event).slots.get(), speaker=speaker)
    page(client, "speaker", event.slug, speaker.public_id, status=status)


def test_speaker_lists_only_sessions_that_show_the_name_to_the_reader(client, event):
    speaker = SpeakerFactory(event=event, name="Zqname", biography_en="Zqlife", public_identity=PublicIdentity.FUNCTION)
    public = public_session(event, title_en="Zqpublic")
    closed = SessionFactory(event=event, audience=Audience.EU, title_en="Zqclosed", released=True)
    beyond = SessionFactory(event=event, audience=Audience.SELECTED, title_en="Zqbeyond", released=True)
    for session in (public, closed, beyond):
        ContributionFactory(slot=session.slots.get(), speaker=speaker)
    page(client, "speaker", event.slug, speaker.public_id, status=404)
    participant(client, event)
    body = page(client, "speaker", event.slug, speaker.public_id)
    words = ("Zqname", "Zqlife", "Zqclosed", "Zqpublic", "Zqbeyond")
    assert [word in body for word in words] == [True, True, True, False, False]
    assert speaker.public_id not in page(client, "session", event.slug, public.public_id)


def test_speaker_without_a_visible_session_does_not_exist(client, event):
    speaker = SpeakerFactory(event=event)
    ContributionFactory(slot=SessionFactory(event=event, audience=Audience.EU, released=True).slots.get(), speaker=speaker)
    page(client, "speaker", event.slug, speaker.public_id, status=404)
    page(client, "speaker", event.slug, "abcdefghij", status=404)


# A paper.


def test_paper_is_saved_and_never_shown(client, event):
    paper = PaperFactory(session=public_session(event), audience=Audience.PUBLIC, file_name="Résumé.pdf")
    response = client.get(reverse("sessions:paper", args=[event.slug, paper.public_id]))
    assert b"".join(response.streaming_content) == b"%PDF-1.4 a paper"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''R%C3%A9sum%C3%A9.pdf"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (response["X-Content-Type-Options"], response["Cache-Control"]) == ("nosniff", "no-store")
    assert ReadRecord.objects.count() == 0


def test_download_above_clear_is_recorded(client, event):
    registration = participant(client, event)
    paper = PaperFactory(event=event, audience=Audience.PARTICIPANTS, label=Label.GREEN)
    response = client.get(reverse("sessions:paper", args=[event.slug, paper.public_id]))
    assert b"".join(response.streaming_content) == b"%PDF-1.4 a paper"
    rows = ReadRecord.objects.values_list("user", "verb", "target")
    assert list(rows) == [(registration.delegate.user_id, "download", str(paper))]


@pytest.mark.parametrize("label", [Label.RED, Label.AMBER, Label.GREEN])
def test_shared_mailbox_gets_no_paper_above_green(client, event, label):
    participant(client, event, user=UserFactory(is_shared=True))
    say_who_acts(client)
    paper = PaperFactory(event=event, audience=Audience.PARTICIPANTS, label=label)
    response = client.get(reverse("sessions:paper", args=[event.slug, paper.public_id]))
    response.close()
    assert response.status_code == (200 if label == Label.GREEN else 404)


def test_paper_of_a_session_one_may_not_see_does_not_exist(client, event):
    hidden = SessionFactory(event=event, audience=Audience.EU, released=True)
    paper = PaperFactory(session=hidden, audience=Audience.PUBLIC)
    page(client, "paper", event.slug, paper.public_id, status=404)
