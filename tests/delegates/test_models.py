"""What the tables of people refuse by themselves, each constraint with a row that breaks it, and what their querysets keep."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from delegates.choices import Answer, Category, Mode, Narrowing, RegistrationState, Standing
from delegates.models import Delegate, Delegation, FocalPoint, Invitation, PendingChange, Quota, Registration, RegistrationMove
from tests.factories import (
    DelegateFactory,
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    InvitationFactory,
    OrganisationFactory,
    RegistrationFactory,
    UserFactory,
    hours_from_now,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def refused(act, name):
    """Say whether the database refuses an act because of the constraint of this name (or, where SQLite does not name it, at all)."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
    said = str(error.value)
    return name in said or "UNIQUE constraint failed" in said


def changed(row, **values):
    return lambda: type(row).objects.filter(pk=row.pk).update(**values)


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("state", "registration_state_known"),
        ("category", "registration_category_known"),
        ("narrowing", "registration_narrowing_known"),
        ("mode", "registration_mode_known"),
    ],
)
def test_registration_takes_known_words_only(column, name):
    assert refused(changed(RegistrationFactory(), **{column: "something"}), name)


@pytest.mark.parametrize(("column", "name"), [("standing", "delegation_standing_known"), ("answer", "delegation_answer_known")])
def test_delegation_takes_known_words_only(column, name):
    assert refused(changed(DelegationFactory(), **{column: "something"}), name)


@pytest.mark.parametrize("state", [state for state in RegistrationState if state not in ("placeholder", "withdrawn")])
def test_registration_names_somebody(state):
    registration = RegistrationFactory(state="placeholder", delegate=None)
    assert refused(changed(registration, state=state), "registration_names_somebody")


def test_one_active_registration_of_a_delegate_per_event():
    first = RegistrationFactory(state="withdrawn")
    second = RegistrationFactory(delegation=first.delegation, delegate=first.delegate)
    assert refused(changed(first, state="nominated"), "registration_one_active_per_delegate")
    assert RegistrationFactory(delegate=second.delegate).pk  # at another event


def test_one_active_head_per_delegation():
    head = RegistrationFactory(category=Category.HEAD)
    other = RegistrationFactory(delegation=head.delegation)
    assert refused(changed(other, category=Category.HEAD), "registration_one_head_per_delegation")
    assert changed(head, state="withdrawn")() + changed(other, category=Category.HEAD)() == 2


def test_delegation_once_per_event():
    delegation = DelegationFactory()
    twin = {"event": delegation.event, "organisation": delegation.organisation}
    assert refused(lambda: Delegation.objects.create(**twin), "delegation_once_per_event")


def test_one_host_per_event():
    host = DelegationFactory(standing=Standing.HOST)
    assert refused(changed(DelegationFactory(event=host.event), standing=Standing.HOST), "delegation_one_host")
    assert DelegationFactory(standing=Standing.HOST).pk


def test_quota_is_never_exceeded():
    quota = Quota.objects.get(delegation=DelegationFactory(seats=2))
    assert changed(quota, taken=2)() == 1
    assert refused(changed(quota, taken=3), "quota_never_exceeded")
    assert refused(changed(quota, seats=1), "quota_never_exceeded")
    assert refused(changed(quota, taken=-1), "taken")


@pytest.mark.parametrize("of_delegation", [True, False])
def test_quota_once(of_delegation):
    delegation = DelegationFactory(event=EventFactory(capacity=3))
    same = {"event": delegation.event, "delegation": delegation if of_delegation else None, "seats": 1}
    assert refused(lambda: Quota.objects.create(**same), "quota_once_per_delegation" if of_delegation else "quota_once_per_event")
    assert Quota.objects.create(**same, category=Category.EXPERT).free == 1
    assert Quota.objects.create(**same, mode=Mode.REMOTE).free == 1


@pytest.mark.parametrize("names", [{"given_name": "", "family_name": ""}])
def test_delegate_has_a_name(names):
    delegate = DelegateFactory()
    assert refused(changed(delegate, **names), "delegate_has_a_name")
    assert changed(delegate, given_name="", family_name="Mononym")() == 1


def test_address_of_a_delegate_is_not_unique():
    DelegateFactory.create_batch(2, email="unit@example.org")
    assert Delegate.objects.filter(email="unit@example.org").count() == 2


def test_focal_point_once_at_a_time():
    focal = FocalPointFactory()
    twin = {"event": focal.event, "delegation": focal.delegation, "email": focal.email, "from_at": NOW}
    assert refused(lambda: FocalPoint.objects.create(**twin), "focal_point_once_at_a_time")
    assert changed(focal, until_at=hours_from_now(0))() == 1
    assert FocalPoint.objects.create(**twin).pk


def test_focal_point_ends_after_it_starts():
    focal = FocalPointFactory()
    assert refused(changed(focal, until_at=focal.from_at - dt.timedelta(seconds=1)), "focal_point_ends_after_it_starts")


@pytest.mark.parametrize("both", [True, False])
def test_invitation_is_for_one_thing(both):
    invitation = InvitationFactory()
    broken = {"registration": RegistrationFactory()} if both else {"focal_point": None}
    assert refused(changed(invitation, **broken), "invitation_is_for_one_thing")


def test_secret_of_an_invitation_is_nobody_elses():
    first, second = InvitationFactory(), InvitationFactory()
    assert refused(changed(second, secret_digest=first.secret_digest), "secret_digest")


def test_one_change_of_a_field_waits_at_a_time():
    registration = RegistrationFactory(state="approved")
    change = {"event": registration.event, "registration": registration, "field": "family_name", "value": "B", "asked_at": NOW}
    first = PendingChange.objects.create(**change)
    assert refused(lambda: PendingChange.objects.create(**change), "pending_change_one_per_field")
    changed(first, decided_at=NOW)()
    assert PendingChange.objects.create(**change).pk


@pytest.mark.parametrize("factory", [DelegationFactory, FocalPointFactory, DelegateFactory, RegistrationFactory, InvitationFactory])
def test_reference_is_never_a_name(factory):
    row = factory()
    assert str(row).split()[-1] == row.public_id
    assert len(row.public_id) == 10


def test_person_knows_of_a_registration_once_invited_or_after_their_own_act():
    user, event = UserFactory(), EventFactory()
    known = {}
    for state in RegistrationState:
        nobody = state == RegistrationState.PLACEHOLDER
        words = {"delegate": None} if nobody else {"user": user}
        known[state.value] = RegistrationFactory(event=event, state=state, invited_at=None, **words)
    found = set(Registration.objects.of_user(user).values_list("state", flat=True))
    assert found == {"requested", "submitted", "returned", "approved"}
    Registration.objects.update(invited_at=timezone.now())
    assert Registration.objects.of_user(user).count() == len(RegistrationState) - 1
    assert Registration.objects.of_user(UserFactory()).count() == 0


def test_focal_point_of_a_moment():
    user, now = UserFactory(), timezone.now()
    live = FocalPointFactory(user=user)
    FocalPointFactory(user=user, until_at=now)
    FocalPointFactory(user=user, from_at=hours_from_now(1))
    FocalPointFactory()
    assert list(Delegation.objects.for_focal_point(user, now)) == [live.delegation]
    assert Delegation.objects.for_focal_point(user, hours_from_now(2)).count() == 2


@pytest.mark.parametrize(
    ("given", "family", "full", "listed"),
    [("Jan", "de Vries", "Jan de Vries", "de Vries, Jan"), ("", "Sting", "Sting", "Sting"), ("Björk", "", "Björk", "Björk")],
)
def test_names_as_written(given, family, full, listed):
    delegate = Delegate(given_name=given, family_name=family)
    assert (delegate.full_name, delegate.listed_name) == (full, listed)


def test_lists_of_words_fit_their_columns():
    for choices, model, column in [
        (RegistrationState, RegistrationMove, "to_state"),
        (Category, Quota, "category"),
        (Answer, Delegation, "answer"),
        (Narrowing, RegistrationMove, "narrowing"),
    ]:
        assert max(map(len, choices.values)) <= model._meta.get_field(column).max_length


def test_usable_invitations():
    usable = InvitationFactory()
    InvitationFactory(expires_at=hours_from_now(-1))
    InvitationFactory(revoked_at=hours_from_now(-1))
    InvitationFactory(accepted_at=hours_from_now(-1))
    InvitationFactory(registration=RegistrationFactory(state="refused"))
    person = InvitationFactory(registration=RegistrationFactory())
    assert set(Invitation.objects.usable(timezone.now())) == {usable, person}


def test_organisation_with_people_cannot_be_deleted():
    delegation = DelegationFactory(organisation=OrganisationFactory())
    with pytest.raises(Exception, match="protected"):
        delegation.organisation.delete()
