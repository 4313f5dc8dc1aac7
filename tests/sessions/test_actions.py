"""Acts on sessions, their markings, tracks and people."""

import contextlib
import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conference.lib.fingerprints import fingerprints
from conference.lib.viewer import Actor
from events.choices import Audience, EventState
from events.models import AuditEntry
from events.rules import NotAllowed
from sessions import actions, rules
from sessions.choices import Label, PublicIdentity, Role, SessionKind, ShownAsClosed
from sessions.models import Session, Speaker
from tests.factories import (
    ContributionFactory,
    DelegationFactory,
    EventFactory,
    RegistrationFactory,
    ReleaseFactory,
    RoomFactory,
    SessionFactory,
    SlotFactory,
    SpeakerFactory,
    TrackFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return Actor(user=UserFactory(), hat="organiser:programme")


def mark(session, by, **changes):
    """Mark a session as it is, but for the changes."""
    values = {name: getattr(session, name) for name in ("audience", "label", "chatham_house", "shown_as_closed")}
    confirmed = changes.pop("confirmed", False)
    return actions.mark_session(session, by=by, confirmed=confirmed, **(values | {"delegations": session.delegations.all()} | changes))


def open_marking(session):
    """The values of the open row of the history; fails when there is not exactly one."""
    row = session.markings.get(until_at=None)
    return (row.audience, row.label, row.chatham_house, row.shown_as_closed, row.delegation_ids)


def present_marking(session):
    """The same values as they are on the session."""
    session.refresh_from_db()
    delegations = sorted(delegation.pk for delegation in session.delegations.all())
    return (session.audience, session.label, session.chatham_house, session.shown_as_closed, delegations)


def test_create_session_starts_with_the_narrowest_marking(by):
    session = actions.create_session(EventFactory(), by=by, title_en="Opening", kind=SessionKind.OPENING)
    assert present_marking(session) == ("organisers", "TLP:RED", False, "nothing", [])
    assert open_marking(session) == present_marking(session)
    assert session.markings.get().actor == f"user {by.user_id}"


def test_create_session_folds_what_is_searched(by):
    session = actions.create_session(EventFactory(), by=by, title_en="Łódź", title_fr="Été", abstract_de="Größe")
    assert session.search_text == "lodz ete grosse"


def test_create_session_public_but_not_clear_is_refused(by):
    event = EventFactory()
    with pytest.raises(NotAllowed):
        actions.create_session(event, by=by, title_en="Opening", audience=Audience.PUBLIC, label=Label.GREEN)
    assert event.sessions.count() == 0


def test_create_session_with_a_track_of_another_event_is_refused(by):
    with pytest.raises(NotAllowed):
        actions.create_session(EventFactory(), by=by, title_en="Opening", track=TrackFactory())


def test_create_session_with_an_unknown_field_is_a_mistake(by):
    with pytest.raises(TypeError):
        actions.create_session(EventFactory(), by=by, public_id="chosen")


@pytest.mark.parametrize("state", [EventState.CLOSED, EventState.ARCHIVED, EventState.CANCELLED])
def test_nothing_is_changed_at_an_event_that_is_over(by, state):
    event = EventFactory(state=state)
    session, speaker, track = SessionFactory(event=event), SpeakerFactory(event=event), TrackFactory(event=event)
    for act in (
        lambda: actions.create_session(event, by=by, title_en="Late"),
        lambda: actions.change_session(session, by=by, title_en="Late"),
        lambda: mark(session, by, label=Label.RED),
        lambda: actions.place_session(session, room=None, start_at=event.answer_by_at, end_at=event.nominate_by_at, by=by),
        lambda: actions.unplace_session(session, by=by),
        lambda: actions.set_contributions(session, [], by=by),
        lambda: actions.make_speaker(event, by=by, name="Late"),
        lambda: actions.change_speaker(speaker, by=by, name="Late"),
        lambda: actions.make_track(event, by=by, name_en="Late"),
        lambda: actions.change_track(track, by=by, name_en="Late"),
        lambda: actions.remove_track(track, by=by),
        lambda: actions.release_agenda(event, by=by),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert AuditEntry.objects.count() == 0


def test_change_session_changes_what_is_searched(by):
    session = SessionFactory(title_en="Old", abstract_en="")
    actions.change_session(session, by=by, title_en="New")
    session.refresh_from_db()
    assert (session.title_en, session.search_text) == ("New", "new")


def test_change_session_without_a_difference_records_nothing(by):
    session = actions.create_session(EventFactory(), by=by, title_en="Same")
    actions.change_session(session, by=by, title_en="Same")
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["session.create"]


def test_change_session_after_somebody_else_names_what_they_changed(by):
    session = SessionFactory(title_en="Old")
    seen = fingerprints(actions.session_values(session))
    actions.change_session(session, by=by, title_en="First", title_fr="Premier")
    with pytest.raises(rules.Stale) as refusal:
        actions.change_session(session, by=by, seen=seen, title_en="Second")
    session.refresh_from_db()
    assert (refusal.value.fields, session.title_en) == (["title_en", "title_fr"], "First")


def test_change_session_seen_as_it_is_passes(by):
    session = SessionFactory(title_en="Old", languages=["en", "fr"])
    actions.change_session(session, by=by, seen=fingerprints(actions.session_values(session)), title_en="New")
    session.refresh_from_db()
    assert session.title_en == "New"


def test_record_holds_no_title_and_no_name(by):
    session = actions.create_session(EventFactory(), by=by, title_en="Canary")
    speaker = actions.make_speaker(session.event, by=by, name="Canary")
    actions.change_speaker(speaker, by=by, name="Canary again")
    actions.change_session(session, by=by, title_en="Canary again")
    assert "Canary" not in str(list(AuditEntry.objects.values()))


# Markings


def test_raising_a_released_session_acts_at_once(by):
    session = SessionFactory(audience=Audience.PUBLIC, released=True)
    mark(session, by, audience=Audience.ORGANISERS, label=Label.RED)
    assert open_marking(session) == present_marking(session) == ("organisers", "TLP:RED", False, "nothing", [])


def test_widening_a_released_session_asks_first(by):
    session = SessionFactory(audience=Audience.PARTICIPANTS, released=True)
    before = present_marking(session)
    with pytest.raises(rules.NeedsConfirmation) as refusal:
        mark(session, by, audience=Audience.PUBLIC, label=Label.CLEAR)
    assert refusal.value.reasons == [
        "The audience goes from “Participants” to “Public”.",
        "The label goes down from TLP:GREEN to TLP:CLEAR.",
    ]
    assert present_marking(session) == open_marking(session) == before


def test_widening_confirmed_is_done_and_recorded(by):
    session = SessionFactory(audience=Audience.PARTICIPANTS, released=True)
    mark(session, by, audience=Audience.PUBLIC, label=Label.CLEAR, confirmed=True)
    details = AuditEntry.objects.get(verb="session.mark").details
    assert (details["before"]["audience"], details["after"]["audience"], details["released"]) == ("participants", "public", True)
    assert open_marking(session) == present_marking(session)


def test_widening_what_is_not_released_asks_nothing(by):
    session = SessionFactory(audience=Audience.ORGANISERS)
    mark(session, by, audience=Audience.PUBLIC, label=Label.CLEAR)
    assert present_marking(session)[:2] == ("public", "TLP:CLEAR")


def test_widening_what_only_an_older_release_held_asks_nothing(by):
    session = SessionFactory(audience=Audience.ORGANISERS, released=True)
    ReleaseFactory(event=session.event)
    mark(session, by, audience=Audience.EU)
    assert present_marking(session)[0] == "eu"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Audience.EU, Audience.MEMBERS),
        (Audience.MEMBERS, Audience.EU),
        (Audience.EU, Audience.SELECTED),  # a named delegation may lie outside the Union
        (Audience.MEMBERS, Audience.SELECTED),
        (Audience.SELECTED, Audience.PARTICIPANTS),
        (Audience.ORGANISERS, Audience.SELECTED),
    ],
)
def test_audience_that_may_admit_somebody_new_asks_first(by, before, after):
    event = EventFactory()
    delegations = [DelegationFactory(event=event)]
    session = SessionFactory(event=event, audience=before, delegations=delegations, released=True)
    with pytest.raises(rules.NeedsConfirmation):
        mark(session, by, audience=after, delegations=delegations)


def test_selecting_one_more_delegation_asks_first_and_one_less_does_not(by):
    event = EventFactory()
    one, two = DelegationFactory(event=event), DelegationFactory(event=event)
    session = SessionFactory(event=event, audience=Audience.SELECTED, delegations=[one], released=True)
    with pytest.raises(rules.NeedsConfirmation) as refusal:
        mark(session, by, delegations=[one, two])
    assert refusal.value.reasons == ["Delegations that did not see it are selected."]
    mark(session, by, delegations=[])
    assert present_marking(session)[-1] == open_marking(session)[-1] == []


def test_showing_the_closed_line_of_a_released_session_asks_first(by):
    session = SessionFactory(released=True)
    with pytest.raises(rules.NeedsConfirmation):
        mark(session, by, shown_as_closed=ShownAsClosed.TIME)


def test_delegations_are_kept_for_selected_sessions_only(by):
    event = EventFactory()
    session = SessionFactory(event=event, audience=Audience.ORGANISERS)
    mark(session, by, audience=Audience.EU, delegations=[DelegationFactory(event=event)])
    assert present_marking(session)[-1] == []


def test_delegation_of_another_event_cannot_be_selected(by):
    session = SessionFactory()
    with pytest.raises(NotAllowed):
        mark(session, by, audience=Audience.SELECTED, delegations=[DelegationFactory()])


def test_marking_without_a_difference_writes_no_history(by):
    session = SessionFactory()
    mark(session, by)
    assert (session.markings.count(), AuditEntry.objects.count()) == (1, 0)


_MARKS = st.tuples(
    st.sampled_from(Audience.values),
    st.sampled_from(Label.values),
    st.booleans(),
    st.sampled_from(ShownAsClosed.values),
    st.sets(st.sampled_from([0, 1, 2])),
    st.booleans(),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(_MARKS, min_size=1, max_size=6), released=st.booleans())
def test_history_has_one_open_row_that_equals_the_present_after_any_sequence(by, steps, released):
    event = EventFactory()
    delegations = DelegationFactory.create_batch(3, event=event)
    session = SessionFactory(event=event, released=released)
    for audience, label, chatham_house, shown_as_closed, chosen, confirmed in steps:
        with contextlib.suppress(NotAllowed):
            actions.mark_session(
                session,
                by=by,
                audience=audience,
                label=label,
                chatham_house=chatham_house,
                shown_as_closed=shown_as_closed,
                delegations=[delegations[index] for index in chosen],
                confirmed=confirmed,
            )
        assert open_marking(session) == present_marking(session)
    rows = list(session.markings.order_by("from_at", "pk"))
    assert [row.until_at for row in rows[:-1]] == [row.from_at for row in rows[1:]]


def test_edit_session_that_needs_confirmation_changes_no_text_either(by):
    session = SessionFactory(audience=Audience.EU, title_en="Old", released=True)
    marking = {"audience": "public", "label": "TLP:CLEAR", "chatham_house": False, "shown_as_closed": "nothing", "delegations": []}
    with pytest.raises(rules.NeedsConfirmation):
        actions.edit_session(session, by=by, texts={"title_en": "New"}, marking=marking)
    session.refresh_from_db()
    assert (session.title_en, session.audience) == ("Old", "eu")


# People


def test_make_speaker_is_a_registration_or_a_name(by):
    event = EventFactory()
    registration = RegistrationFactory(event=event)
    assert actions.make_speaker(event, by=by, registration=registration).full_name == registration.delegate.full_name
    assert actions.make_speaker(event, by=by, name="Ada Example").full_name == "Ada Example"
    for origin in ({}, {"registration": registration, "name": "Ada Example"}):
        with pytest.raises(NotAllowed):
            actions.make_speaker(event, by=by, **origin)


def test_make_speaker_hides_the_person_unless_told(by):
    assert actions.make_speaker(EventFactory(), by=by, name="Ada Example").public_identity == PublicIdentity.HIDDEN


def test_make_speaker_twice_of_one_registration_gives_the_same_person(by):
    registration = RegistrationFactory()
    first = actions.make_speaker(registration.event, by=by, registration=registration)
    assert actions.make_speaker(registration.event, by=by, registration=registration) == first
    assert Speaker.objects.count() == 1


def test_make_speaker_of_a_registration_of_another_event_is_refused(by):
    with pytest.raises(NotAllowed):
        actions.make_speaker(EventFactory(), by=by, registration=RegistrationFactory())


def test_change_speaker_acts_at_once_and_is_recorded(by):
    speaker = SpeakerFactory(public_identity=PublicIdentity.FULL)
    actions.change_speaker(speaker, by=by, public_identity=PublicIdentity.FUNCTION)
    speaker.refresh_from_db()
    assert speaker.public_identity == "function"
    assert AuditEntry.objects.get().details["public_identity"] == {"before": "full", "after": "function"}


def test_change_speaker_cannot_give_a_registered_person_a_name(by):
    speaker = SpeakerFactory(registration=RegistrationFactory())
    with pytest.raises(NotAllowed):
        actions.change_speaker(speaker, by=by, name="Another")


def test_change_speaker_after_somebody_else_is_refused(by):
    speaker = SpeakerFactory(organisation="Old")
    seen = fingerprints(actions.speaker_values(speaker))
    actions.change_speaker(speaker, by=by, organisation="First")
    with pytest.raises(rules.Stale) as refusal:
        actions.change_speaker(speaker, by=by, seen=seen, organisation="Second")
    assert refusal.value.fields == ["organisation"]


def test_set_contributions_keeps_the_order_given(by):
    slot = SlotFactory(release__number=None)
    people = [(SpeakerFactory(event=slot.event), role) for role in (Role.SPEAKER, Role.CHAIR)]
    actions.set_contributions(slot.session, people, by=by)
    assert list(slot.contributions.order_by("position").values_list("speaker", "role")) == [(speaker.pk, role) for speaker, role in people]


def test_set_contributions_of_the_draft_leaves_the_release_alone(by):
    session = SessionFactory(released=True)
    released = session.slots.get()
    ContributionFactory(slot=released)
    SlotFactory(session=session, release=ReleaseFactory(event=session.event, number=None))
    actions.set_contributions(session, [], by=by)
    assert released.contributions.count() == 1


def test_set_contributions_of_an_unplaced_session_is_refused(by):
    session = SessionFactory(released=True)
    with pytest.raises(NotAllowed, match="Place this session first"):
        actions.set_contributions(session, [], by=by)


def test_set_contributions_with_a_person_of_another_event_is_refused(by):
    slot = SlotFactory(release__number=None)
    with pytest.raises(NotAllowed):
        actions.set_contributions(slot.session, [(SpeakerFactory(), Role.SPEAKER)], by=by)


def test_set_contributions_with_the_same_role_twice_is_refused(by):
    slot = SlotFactory(release__number=None)
    speaker = SpeakerFactory(event=slot.event)
    with pytest.raises(NotAllowed, match="same role twice"):
        actions.set_contributions(slot.session, [(speaker, Role.CHAIR), (speaker, Role.CHAIR)], by=by)


def test_edit_people_makes_the_newcomer_and_the_role_together_or_not_at_all(by):
    session = SessionFactory()
    with pytest.raises(NotAllowed):
        actions.edit_people(session, [], by=by, newcomer={"name": "Ada Example"}, role=Role.SPEAKER)
    assert Speaker.objects.count() == 0
    slot = SlotFactory(session=session, release__number=None)
    actions.edit_people(session, [], by=by, newcomer={"name": "Ada Example"}, role=Role.SPEAKER)
    assert slot.contributions.get().speaker.name == "Ada Example"


# Tracks


def test_remove_track_keeps_its_sessions(by):
    track = TrackFactory()
    session = SessionFactory(event=track.event, track=track)
    actions.remove_track(track, by=by)
    session.refresh_from_db()
    assert (session.track, Session.objects.count()) == (None, 1)


def test_change_track_after_somebody_else_is_refused(by):
    track = TrackFactory(name_en="Old")
    seen = fingerprints(actions.track_values(track))
    actions.change_track(track, by=by, name_en="First")
    with pytest.raises(rules.Stale):
        actions.change_track(track, by=by, seen=seen, name_en="Second")


# Placing


def test_place_session_makes_the_draft_and_moves_within_it(by):
    event = EventFactory()
    session, room = SessionFactory(event=event), RoomFactory(event=event)
    start = event.answer_by_at
    actions.place_session(session, room=room, start_at=start, end_at=start + dt.timedelta(hours=1), by=by)
    slot = actions.place_session(session, room=None, start_at=start, end_at=start + dt.timedelta(hours=2), by=by)
    assert (session.slots.get(), slot.release.number, slot.room) == (slot, None, None)


def test_place_session_without_a_draft_starts_from_the_current_release(by):
    session = SessionFactory(released=True)
    ContributionFactory(slot=session.slots.get())
    other = SessionFactory(event=session.event)
    start = session.event.answer_by_at
    draft = actions.place_session(other, room=None, start_at=start, end_at=start + dt.timedelta(hours=1), by=by).release
    assert {slot.session for slot in draft.slots.all()} == {session, other}
    assert draft.slots.get(session=session).contributions.count() == 1


def test_place_session_that_ends_before_it_starts_is_refused(by):
    session = SessionFactory()
    at = session.event.answer_by_at
    with pytest.raises(NotAllowed, match="must end after it starts"):
        actions.place_session(session, room=None, start_at=at, end_at=at, by=by)


def test_place_session_in_a_room_of_another_event_is_refused(by):
    session = SessionFactory()
    at = session.event.answer_by_at
    with pytest.raises(NotAllowed, match="room is not one of this event"):
        actions.place_session(session, room=RoomFactory(), start_at=at, end_at=at + dt.timedelta(hours=1), by=by)


def test_place_session_after_somebody_else_placed_it_is_refused(by):
    session = SessionFactory()
    at = session.event.answer_by_at
    seen = fingerprints(actions.place_values(None))
    actions.place_session(session, room=None, start_at=at, end_at=at + dt.timedelta(hours=1), by=by, seen=seen)
    with pytest.raises(rules.Stale):
        actions.place_session(session, room=None, start_at=at, end_at=at + dt.timedelta(hours=2), by=by, seen=seen)


def test_unplace_session_leaves_the_release_alone(by):
    session = SessionFactory(released=True)
    SlotFactory(session=session, release=ReleaseFactory(event=session.event, number=None))
    actions.unplace_session(session, by=by)
    assert [slot.release.number for slot in session.slots.all()] == [1]
