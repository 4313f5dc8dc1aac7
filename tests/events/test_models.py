"""What the tables of the ground floor refuse by themselves, each constraint with a row that breaks it."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from conference.models import User
from events.choices import Audience, OrganisationKind
from events.models import AuditEntry, IdempotencyKey, Organisation, PressRelease, StaffRole
from events.outbox import queue
from tests.factories import (
    EventFactory,
    OrganisationFactory,
    PressReleaseFactory,
    ReleaseFactory,
    RoomFactory,
    StaffRoleFactory,
    UserFactory,
    VenueFactory,
    hours_from_now,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def refused(act, name):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
    said = str(error.value)
    return name in said or "UNIQUE constraint failed" in said


def changed(row, **values):
    return lambda: type(row).objects.filter(pk=row.pk).update(**values)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"state": "something"}, "event_state_known"),
        ({"audience": "everybody"}, "event_audience_known"),
        ({"audience": Audience.SELECTED}, "event_audience_known"),
        ({"host_audience": "everybody"}, "event_host_audience_known"),
        ({"delegations_audience": Audience.SELECTED}, "event_delegations_audience_known"),
        ({"delegations_shown": "half"}, "event_delegations_shown_known"),
        ({"first_date": dt.date(2026, 5, 2), "last_date": dt.date(2026, 5, 1)}, "event_ends_after_it_starts"),
        ({"answer_by_at": NOW, "nominate_by_at": NOW - dt.timedelta(hours=1)}, "event_answers_before_nominations_close"),
        ({"confirm_by_at": NOW, "freeze_at": NOW - dt.timedelta(hours=1)}, "event_confirmations_before_freeze"),
    ],
)
def test_event_refuses(values, name):
    assert refused(changed(EventFactory(), **values), name)


def test_event_may_leave_its_deadlines_open():
    event = EventFactory()
    for column in ("answer_by_at", "nominate_by_at", "confirm_by_at", "travel_by_at", "freeze_at"):
        assert changed(event, **{column: None})() == 1


@pytest.mark.parametrize("part", ["country", "city", "address"])
def test_venue_refuses_an_audience_it_cannot_have(part):
    for audience in ("everybody", Audience.SELECTED):
        assert refused(changed(VenueFactory(), **{f"{part}_audience": audience}), f"venue_{part}_audience_known")


def test_press_release_refuses_an_audience_it_cannot_have():
    assert refused(changed(PressReleaseFactory(), audience=Audience.SELECTED), "press_release_audience_known")


def test_note_of_a_release_refuses_an_audience_it_cannot_have():
    assert refused(changed(ReleaseFactory(), note_audience=Audience.SELECTED), "release_note_audience_known")


def test_address_of_an_event_is_its_own():
    first, second = EventFactory(), EventFactory()
    assert refused(changed(second, slug=first.slug), "slug")


def test_event_follows_one_other():
    first = EventFactory()
    EventFactory(previous=first)
    assert refused(lambda: EventFactory(previous=first), "previous")


def test_organisation_of_a_state_names_its_state():
    organisation = OrganisationFactory()
    assert refused(changed(organisation, country=""), "organisation_of_state_has_country")
    assert refused(changed(organisation, kind="club"), "organisation_kind_known")
    assert changed(organisation, country="", kind="eu")() == 1


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"role": "king"}, "staff_role_known"),
        ({"user": None, "email": ""}, "staff_role_has_a_holder"),
        ({"until_at": NOW - dt.timedelta(days=9999)}, "staff_role_ends_after_it_starts"),
    ],
)
def test_staff_role_refuses(values, name):
    assert refused(changed(StaffRoleFactory(), **values), name)


def test_role_is_held_once_at_a_time():
    role = StaffRoleFactory()
    twin = {"event": role.event, "user": role.user, "role": role.role}
    assert refused(lambda: StaffRoleFactory(**twin), "staff_role_once_at_a_time")
    changed(role, until_at=hours_from_now(0))()
    assert StaffRoleFactory(**twin).pk


def test_live_roles_have_a_user_and_their_time():
    live = StaffRoleFactory()
    StaffRoleFactory(user=None, email="later@example.org")
    StaffRoleFactory(until_at=timezone.now())
    StaffRoleFactory(from_at=hours_from_now(1))
    assert list(StaffRole.objects.live(timezone.now())) == [live]


def test_number_of_a_press_release_once_per_event():
    first = PressReleaseFactory(number=1)
    assert refused(lambda: PressReleaseFactory(event=first.event, number=1), "press_release_number_once")
    assert PressReleaseFactory(number=1).pk


def test_numbers_of_the_chain_once():
    event = EventFactory()
    for chain in (event, None):
        entry = {"event": chain, "number": 1, "at": NOW, "actor": "system", "verb": "x", "hash": "0" * 64}
        AuditEntry.objects.create(**entry)
        assert refused(lambda entry=entry: AuditEntry.objects.create(**entry), "audit_one_chain")


def test_key_of_a_form_once_per_actor():
    key = {"key": "k", "digest": "d", "at": NOW}
    IdempotencyKey.objects.create(actor="user 1", **key)
    assert refused(lambda: IdempotencyKey.objects.create(actor="user 1", **key), "idempotency_key_once")
    assert IdempotencyKey.objects.create(actor="user 2", **key).pk


def test_message_is_in_a_known_state():
    mail = queue(kind="plain", to="a@example.org", language="en", subject="S", text="T", dedup_key="once")
    assert refused(changed(mail, state="lost"), "mail_state_known")


@pytest.mark.parametrize("twin", ["person@example.org", "Person@Example.ORG"])
def test_address_of_a_user_is_theirs_whatever_its_capitals(twin):
    UserFactory(email="person@example.org")
    assert refused(lambda: User.objects.create_user(twin), "email")


def test_user_is_found_by_address_whatever_its_capitals():
    user = UserFactory(email="Person@example.org")
    assert User.objects.get_by_natural_key("pERSON@example.org") == user


def test_forgetting_an_audience_hides():
    venue, release = VenueFactory(), PressRelease(number=1)
    assert {venue.country_audience, venue.city_audience, venue.address_audience, release.audience} == {Audience.ORGANISERS}
    event = EventFactory._meta.model()
    assert {event.audience, event.host_audience, event.delegations_audience, event.delegations_shown} == {"organisers", "none"}


@pytest.mark.parametrize(
    "factory", [VenueFactory, RoomFactory, OrganisationFactory, PressReleaseFactory, StaffRoleFactory, EventFactory, UserFactory]
)
def test_reference_is_never_a_name(factory):
    row = factory()
    assert str(row).split()[-1] in {getattr(row, "public_id", ""), getattr(row, "slug", ""), str(row.pk)}


@pytest.mark.parametrize("day", ["2019-12-31", "2020-01-31", "2020-02-01", "2030-01-01"])
def test_organisations_of_the_union_are_the_same_for_the_database_and_for_one_in_hand(day):
    on = dt.date.fromisoformat(day)
    for kind in OrganisationKind:
        for country in ("FR", "GB", "US"):
            OrganisationFactory(kind=kind, country=country)
    assert set(Organisation.objects.eu_on(on)) == {one for one in Organisation.objects.all() if one.is_eu_on(on)}
    assert Organisation.objects.eu_on(on).filter(country="GB", kind=OrganisationKind.STATE).exists() == (on <= dt.date(2020, 1, 31))
