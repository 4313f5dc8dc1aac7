"""Going back to an earlier version: what it changes, what it leaves alone, and how it is undone."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from conference.lib.fingerprints import fingerprints
from conference.lib.viewer import SYSTEM
from events.choices import Audience, StaffRoleName
from events.models import AuditEntry
from events.rules import NotAllowed
from sessions.actions import (
    change_session,
    create_session,
    draft_values,
    place_session,
    release_agenda,
    return_to_release,
    set_contributions,
    unplace_session,
)
from sessions.choices import Label, Role
from sessions.models import Release, Slot
from sessions.rules import Stale
from tests.factories import DelegationFactory, EventFactory, RoomFactory, SpeakerFactory, StaffRoleFactory
from tests.together import together

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2027, 1, 11, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def event():
    return EventFactory(first_date=dt.date(2027, 3, 27), title_en="The conference", stamp=0)


def at(minutes: int):
    return time_machine.travel(NOW + dt.timedelta(minutes=minutes), tick=False)


def put(session, hour: int, room=None):
    start = dt.datetime(2027, 3, 27, hour, tzinfo=dt.UTC)
    place_session(session, room=room, start_at=start, end_at=start + HOUR, by=SYSTEM)


def make(event, title: str, hour: int):
    session = create_session(event, by=SYSTEM, audience=Audience.PUBLIC, label=Label.CLEAR, title_en=title)
    put(session, hour)
    return session


def rows(release) -> list:
    """What a release holds, as plain values."""
    slots = Slot.objects.filter(release=release).order_by("session")
    return [
        (
            slot.session_id,
            slot.room_id,
            slot.start_at,
            list(slot.contributions.order_by("position").values_list("speaker", "role", "position")),
            list(slot.interventions.order_by("position").values_list("delegation", "minutes", "is_dropped")),
        )
        for slot in slots
    ]


@pytest.fixture
def first(event):
    """Version 1 with room, people and turns; version 2 with everything otherwise."""
    with at(0):
        one, two = make(event, "One", 8), make(event, "Two", 9)
        put(one, 8, RoomFactory(event=event))
        set_contributions(one, [(SpeakerFactory(event=event), Role.CHAIR)], by=SYSTEM)
        slot = Slot.objects.draft().get(session=two)
        slot.interventions.create(event=event, delegation=DelegationFactory(event=event), minutes=5, position=1)
        release = release_agenda(event, by=SYSTEM)
    with at(10):
        put(one, 14)
        set_contributions(one, [], by=SYSTEM)
        unplace_session(two, by=SYSTEM)
        make(event, "Three", 16)
        release_agenda(event, by=SYSTEM)
    return release


def test_draft_becomes_what_the_version_was(event, first):
    with at(20):
        assert return_to_release(event, first, by=SYSTEM) == 5  # moved, room, people, dropped, added
    assert rows(Release.objects.get(event=event, number=None)) == rows(first)
    assert [one[3:] for one in rows(first)] != [([], []), ([], [])]
    entry = AuditEntry.objects.order_by("number").last()
    assert (entry.verb, entry.details) == ("agenda.revert", {"number": 1, "changes": 5})


def test_what_is_released_stays_until_the_next_release(event, first):
    before = rows(Release.objects.get(event=event, number=2))
    with at(20):
        return_to_release(event, first, by=SYSTEM)
        assert rows(Release.objects.filter(event=event).current().get()) == before
        made = release_agenda(event, by=SYSTEM)
    assert (made.number, rows(made)) == (3, rows(first))


def test_going_forward_again_undoes_it(event, first):
    second = Release.objects.get(event=event, number=2)
    with at(20):
        return_to_release(event, first, by=SYSTEM)
        return_to_release(event, second, by=SYSTEM)
    assert rows(Release.objects.get(event=event, number=None)) == rows(second)


def test_texts_stay_as_they_are(event, first):
    session = Slot.objects.filter(release=first).order_by("pk").first().session
    with at(20):
        change_session(session, by=SYSTEM, title_en="Called otherwise")
        return_to_release(event, first, by=SYSTEM)
    session.refresh_from_db()
    assert session.title_en == "Called otherwise"


def test_calendars_keep_their_identities_and_count_on(event, first):
    def entries():
        body = Client().get(reverse("sessions:calendar", args=[event.slug])).content
        return {
            str(one["summary"]): (str(one["uid"]), int(one["sequence"]), str(one["status"]))
            for one in Calendar.from_ical(body).walk("VEVENT")
        }

    before = entries()
    with at(20):
        return_to_release(event, first, by=SYSTEM)
        release_agenda(event, by=SYSTEM)
    after = entries()
    assert {title: entry[0] for title, entry in after.items()} == {title: entry[0] for title, entry in before.items()}
    assert {title: entry[1:] for title, entry in after.items()} == {
        "One": (3, "CONFIRMED"),
        "Two": (3, "CONFIRMED"),
        "Three": (3, "CANCELLED"),
    }


def test_same_draft_another_event_and_the_draft_itself_are_refused(event, first):
    second = Release.objects.get(event=event, number=2)
    draft, other = Release.objects.get(event=event, number=None), EventFactory()
    for release, place in ((second, event), (draft, event), (first, other)):
        with pytest.raises(NotAllowed):
            return_to_release(place, release, by=SYSTEM)


def test_draft_changed_since_the_page_is_kept(event, first):
    seen = fingerprints(draft_values(event))
    put(make(event, "Late", 18), 18)
    before = rows(Release.objects.get(event=event, number=None))
    with pytest.raises(Stale):
        return_to_release(event, first, by=SYSTEM, seen=seen)
    assert rows(Release.objects.get(event=event, number=None)) == before
    return_to_release(event, first, by=SYSTEM, seen=fingerprints(draft_values(event)))


@pytest.mark.django_db(transaction=True)
def test_two_organisers_at_once_go_back_once(event, first):
    seen = fingerprints(draft_values(event))
    errors = together([lambda: return_to_release(event, first, by=SYSTEM, seen=seen)] * 2)
    assert errors == {"Stale": 1}
    assert rows(Release.objects.get(event=event, number=None)) == rows(first)


# The page


@pytest.fixture
def desk(event):
    client = Client()
    client.force_login(StaffRoleFactory(event=event, role=StaffRoleName.PROGRAMME).user)
    return client


def test_page_shows_what_changes_and_goes_back(desk, event, first):
    page = reverse("organise:agenda_return", args=[event.slug, 1])
    response = desk.get(page)
    kinds = [(str(row.kind), row.session.title_en) for row in response.context["changes"]]
    assert kinds == [("moved", "One"), ("room", "One"), ("people", "One"), ("added", "Two"), ("dropped", "Three")]
    assert "To undo, go to version 2 again." in response.content.decode()
    assert desk.post(page, {"seen": response.context["seen"]}).status_code == 302
    assert rows(Release.objects.get(event=event, number=None)) == rows(first)


def test_page_says_what_is_lost_and_shows_conflicts(desk, event, first):
    make(event, "Never released", 18)
    Slot.objects.filter(release=first).update(room=RoomFactory(event=event), start_at=NOW, end_at=NOW + HOUR)
    response = desk.get(reverse("organise:agenda_return", args=[event.slug, 1]))
    assert [row.session.title_en for row in response.context["unreleased"]] == ["Never released"]
    assert "The draft has 1 change that no version holds; it will be lost." in response.content.decode()
    assert response.context["blocking"] != []


def test_page_on_a_draft_that_changed_does_nothing_and_shows_it_again(desk, event, first):
    page = reverse("organise:agenda_return", args=[event.slug, 1])
    seen = desk.get(page).context["seen"]
    make(event, "Late", 18)
    response = desk.post(page, {"seen": seen})
    assert (response.status_code, "Somebody else has changed this" in response.content.decode()) == (200, True)
    assert "Late" in [row.session.title_en for row in response.context["unreleased"]]


def test_page_of_no_version_is_not_found(desk, event, first):
    assert desk.get(reverse("organise:agenda_return", args=[event.slug, 9])).status_code == 404
