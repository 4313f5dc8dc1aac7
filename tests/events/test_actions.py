"""Acts on an event, its places, its team, its press and its mail."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from conference.lib.viewer import Actor
from conference.models import User
from events import actions
from events.choices import EventState, MailState, StaffRoleName
from events.models import AuditEntry, Event, OutboxMail, PressRelease, Room, StaffRole, Venue
from events.outbox import queue
from events.rules import ROLE_ACTS, NotAllowed
from tests.factories import (
    EventFactory,
    OrganisationFactory,
    PressReleaseFactory,
    ReleaseFactory,
    RoomFactory,
    SeriesFactory,
    SlotFactory,
    StaffRoleFactory,
    UserFactory,
    VenueFactory,
    hours_from_now,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory()


@pytest.fixture
def by(event):
    return Actor(user=StaffRoleFactory(event=event).user, hat="organiser:manager")


def verbs(event=None):
    return list(AuditEntry.objects.filter(event=event).order_by("number").values_list("verb", flat=True))


def test_create_event_makes_a_draft_with_its_manager():
    user = UserFactory()
    facts = {"title_en": "Meeting", "first_date": dt.date(2027, 4, 1), "last_date": dt.date(2027, 4, 2)}
    event = actions.create_event(series=SeriesFactory(), slug="meeting", facts=facts, by=Actor(user=user))
    assert event.state == EventState.DRAFT
    assert [(role.user, role.role) for role in event.staff_roles.all()] == [(user, StaffRoleName.MANAGER)]
    assert verbs(event) == ["event.create"]


def test_create_event_with_an_address_in_use_changes_nothing(event, by):
    facts = {"first_date": event.first_date, "last_date": event.last_date}
    with pytest.raises(NotAllowed):
        actions.create_event(series=event.series, slug=event.slug, facts=facts, by=by)
    assert (Event.objects.count(), StaffRole.objects.count()) == (1, 1)


def test_edit_event_records_the_names_of_what_changed_and_the_days(event, by):
    first = event.first_date
    actions.edit_event(event, facts={"title_en": "Other", "zone": event.zone, "first_date": first - dt.timedelta(days=1)}, by=by)
    entry = AuditEntry.objects.get(event=event, verb="event.edit")
    assert entry.details == {
        "fields": ["first_date", "title_en"],
        "first_date": {"before": first.isoformat(), "after": (first - dt.timedelta(days=1)).isoformat()},
    }


def test_edit_event_with_nothing_new_records_nothing(event, by):
    actions.edit_event(event, facts={"title_en": event.title_en}, by=by)
    assert verbs(event) == []


def test_edit_event_that_is_closed_is_refused(by, event):
    Event.objects.update(state=EventState.CLOSED)
    with pytest.raises(NotAllowed):
        actions.edit_event(event, facts={"title_en": "Other"}, by=by)
    assert Event.objects.get().title_en == event.title_en


def test_new_places_come_last_and_change_places(event, by):
    first, second = (actions.save_venue(event, Venue(name_en=name), by=by) for name in ("One", "Two"))
    for name in ("A", "B", "C"):
        actions.save_room(event, Room(venue=first, name_en=name), by=by)
    actions.move_venue(second, up=True, by=by)
    actions.move_room(first.rooms.get(name_en="A"), up=False, by=by)
    actions.move_room(first.rooms.get(name_en="C"), up=False, by=by)  # the last stays
    assert list(event.venues.order_by("position").values_list("name_en", flat=True)) == ["Two", "One"]
    assert list(first.rooms.order_by("position").values_list("name_en", flat=True)) == ["B", "A", "C"]


def test_delete_room_that_the_agenda_uses_is_refused(event, by):
    room = RoomFactory(event=event)
    SlotFactory(release=ReleaseFactory(event=event), event=event, room=room)
    with pytest.raises(NotAllowed):
        actions.delete_room(room, by=by)
    assert (Room.objects.count(), verbs(event)) == (1, [])


def test_delete_venue_with_rooms_is_refused_and_without_them_done(event, by):
    room = RoomFactory(event=event)
    venue = room.venue
    with pytest.raises(NotAllowed):
        actions.delete_venue(venue, by=by)
    actions.delete_room(room, by=by)
    actions.delete_venue(venue, by=by)
    assert (Venue.objects.count(), verbs(event)) == (0, ["room.delete", "venue.delete"])


def test_grant_role_to_a_verified_address_is_held_at_once(event, by):
    user = UserFactory(email="jane@example.org")
    role = actions.grant_role(event, email="Jane@Example.org", role=StaffRoleName.PRESS, by=by)
    mail = OutboxMail.objects.get()
    assert (role.user, mail.to, mail.kind) == (user, "Jane@Example.org", "staff.role")


def test_grant_role_to_an_unknown_address_waits_for_its_owner(event, by):
    role = actions.grant_role(event, email="new@example.org", role=StaffRoleName.PRESS, by=by)
    user = User.objects.get(email="new@example.org")
    assert (role.user, actions.accept_roles(user)) == (None, 0)
    EmailAddress.objects.filter(user=user).update(verified=True)
    assert actions.accept_roles(user) == 1
    role.refresh_from_db()
    assert (role.user, actions.accept_roles(user)) == (user, 0)
    assert verbs(event) == ["staff.grant", "staff.accept"]


def test_grant_role_held_already_is_refused(event, by):
    held = StaffRoleFactory(event=event, role=StaffRoleName.PRESS)
    actions.grant_role(event, email="new@example.org", role=StaffRoleName.PRESS, by=by)
    for email in (held.user.email, "NEW@example.org"):
        with pytest.raises(NotAllowed):
            actions.grant_role(event, email=email, role=StaffRoleName.PRESS, by=by)
    assert StaffRole.objects.filter(role=StaffRoleName.PRESS).count() == 2


def test_role_that_waits_can_be_ended_before_it_is_accepted(event, by):
    role = actions.grant_role(event, email="new@example.org", role=StaffRoleName.PRESS, by=by)
    actions.end_role(role, by=by)
    user = User.objects.get(email="new@example.org")
    EmailAddress.objects.filter(user=user).update(verified=True)
    assert actions.accept_roles(user) == 0


def test_last_manager_stays(event, by):
    (role,) = event.staff_roles.all()
    actions.grant_role(event, email="waiting@example.org", role=StaffRoleName.MANAGER, by=by)
    with pytest.raises(NotAllowed):
        actions.end_role(role, by=by)
    StaffRoleFactory(event=event)
    actions.end_role(role, by=by)
    with pytest.raises(NotAllowed):  # ended already
        actions.end_role(role, by=by)
    assert StaffRole.objects.live(timezone.now()).count() == 1


def test_duty_organiser_is_named_and_released(event, by):
    (role,) = event.staff_roles.all()
    assert actions.set_duty(role, on=True, by=by).is_duty_organiser is True
    assert actions.set_duty(role, on=False, by=by).is_duty_organiser is False
    assert verbs(event) == ["staff.duty", "staff.duty"]


@pytest.mark.parametrize("name", list(StaffRoleName))
def test_only_roles_that_decide_go_on_duty(event, by, name):
    role = StaffRoleFactory(event=event, role=name)
    if "registrations" in ROLE_ACTS[name]:
        assert actions.set_duty(role, on=True, by=by).is_duty_organiser is True
    else:
        with pytest.raises(NotAllowed):
            actions.set_duty(role, on=True, by=by)


def test_press_releases_number_themselves_per_event(event, by):
    PressReleaseFactory(number=7)
    numbers = [actions.save_press_release(event, PressRelease(title_en="News", text_en="Text"), by=by).number for _ in range(2)]
    assert numbers == [1, 2]


def test_press_release_that_is_out_is_corrected_and_not_rewritten(event, by):
    release = PressReleaseFactory(event=event)
    release.title_en = "Other"
    for act in (
        lambda: actions.save_press_release(event, release, by=by),
        lambda: actions.publish_press_release(release, published_at=hours_from_now(1), by=by),
        lambda: actions.withhold_press_release(release, by=by),
    ):
        with pytest.raises(NotAllowed):
            act()
    actions.correct_press_release(release, texts={"text_en": "Erratum"}, by=by)
    release.refresh_from_db()
    assert (release.title_en != "Other", release.corrections.get().text_en, verbs(event)) == (True, "Erratum", ["press.correct"])


def test_press_release_under_embargo_can_be_withheld_and_not_corrected(event, by):
    release = PressReleaseFactory(event=event, published_at=None)
    actions.publish_press_release(release, published_at=hours_from_now(2), by=by)
    with pytest.raises(NotAllowed):
        actions.correct_press_release(release, texts={"text_en": "Erratum"}, by=by)
    assert actions.withhold_press_release(release, by=by).published_at is None


def test_press_release_without_a_title_in_the_working_language_is_not_published(event, by):
    release = PressReleaseFactory(event=event, published_at=None, title_en="", title_fr="Titre")
    with pytest.raises(NotAllowed):
        actions.publish_press_release(release, published_at=timezone.now(), by=by)
    release.refresh_from_db()
    assert release.published_at is None


def a_mail(event, **values):
    mail = queue(kind="test", to="a@example.org", language="en", subject="S", text="T", dedup_key="one", event=event)
    OutboxMail.objects.update(**{"state": MailState.FAILED, "attempts": 9, "last_error": "no"} | values)
    mail.refresh_from_db()
    return mail


def test_failed_message_is_queued_again_under_its_id(event, by):
    mail = a_mail(event)
    again = actions.retry_mail(mail, by=by)
    assert (again.state, again.attempts, again.last_error, again.message_id) == (MailState.QUEUED, 0, "", mail.message_id)
    assert verbs(event) == ["mail.retry"]


@pytest.mark.parametrize("values", [{"state": MailState.SENT}, {"expires_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}])
def test_message_that_is_not_failed_or_is_useless_stays(event, by, values):
    mail = a_mail(event, **values)
    with pytest.raises(NotAllowed):
        actions.retry_mail(mail, by=by)
    assert (OutboxMail.objects.get().state, verbs(event)) == (mail.state, [])


def test_organisations_and_series_stand_in_the_chain_of_the_instance(by):
    actions.save_organisation(OrganisationFactory.build(), by=by)
    actions.save_series(SeriesFactory(), by=by)
    assert verbs() == ["organisation.create", "series.edit"]


def test_names_behind_references_are_opened_together(event, by, django_assert_num_queries):
    actions.edit_event(event, facts={"title_en": "Other"}, by=by)
    reference = f"user {by.user.pk}"
    with django_assert_num_queries(1):
        assert actions.names_behind([reference, "system", "user 999999"]) == {reference: by.user.name}


def test_place_of_another_event_is_not_moved(event, by):
    here, there = VenueFactory(event=event), VenueFactory()
    actions.move_venue(here, up=True, by=by)
    there.refresh_from_db()
    assert there.position == 0
