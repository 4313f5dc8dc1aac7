"""Limits for one category or way of attending: exact when made late, never below use, and what they free is offered at once."""

import io
import itertools

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from conference.lib.viewer import SYSTEM
from conference.management.commands.worker import check_places
from delegates.actions import change_category, change_mode, keep_quota, nominate, remove_quota
from delegates.choices import Category, Mode, RegistrationState
from delegates.models import Quota, Registration
from delegates.rules import FOCAL, HOLDING, SeatsBelowUse, counts
from events.choices import EventState, StaffRoleName
from events.models import AuditEntry
from events.rules import NotAllowed
from tests.factories import DelegationFactory, EventFactory, RegistrationFactory, StaffRoleFactory

pytestmark = pytest.mark.django_db


def name(delegation, n, category="delegate", **options):
    person = {"given_name": "Given", "family_name": f"Family{n}", "email": f"p{n}@example.org"}
    return nominate(delegation, **person, category=category, by=SYSTEM, made_by=FOCAL, **options)


def limit(thing, seats, category="", mode=""):
    event = getattr(thing, "event", thing)
    delegation = thing if event is not thing else None
    return keep_quota(event, delegation=delegation, seats=seats, category=category, mode=mode, by=SYSTEM)


def states(*registrations):
    return [Registration.objects.get(pk=registration.pk).state for registration in registrations]


def ledger(event):
    """Each quota as (category, mode, taken)."""
    return sorted(Quota.objects.filter(event=event).values_list("category", "mode", "taken"))


@pytest.fixture
def delegation():
    return DelegationFactory(seats=6)


@pytest.fixture
def signed_in(client, delegation):
    client.force_login(StaffRoleFactory(event=delegation.event).user)
    return client


def test_category_and_mode_are_limited_beside_the_seats(delegation):
    limit(delegation, 1, category="expert")
    limit(delegation.event, 1, mode="remote")
    people = [
        name(delegation, 1, "expert"),
        name(delegation, 2, "expert"),
        name(delegation, 3, mode="remote"),
        name(delegation, 4, mode="remote"),
        name(delegation, 5),
    ]
    assert states(*people) == ["nominated", "waitlisted", "nominated", "waitlisted", "nominated"]
    assert ledger(delegation.event) == [("", "", 3), ("", "remote", 1), ("expert", "", 1)]


def test_limit_made_late_counts_those_who_hold_a_place(delegation):
    for n, (category, state) in enumerate(
        [("expert", "approved"), ("expert", "withdrawn"), ("delegate", "nominated"), ("driver", "submitted")]
    ):
        RegistrationFactory(delegation=delegation, category=category, state=state, mode="remote" if n else "in_person")
    elsewhere = DelegationFactory(event=delegation.event)
    RegistrationFactory(delegation=elsewhere, category="expert", mode="remote")
    made = [limit(delegation, 5, "expert"), limit(delegation, 5, mode="remote"), limit(delegation.event, 5, "expert", "remote")]
    made += [limit(delegation.event, 5, mode="remote"), limit(delegation.event, 5, "driver")]
    assert [quota.taken for quota in made] == [1, 1, 1, 2, 1]
    assert not Quota.objects.out_of_step().exists()


def test_limit_below_use_is_refused_with_the_number(delegation):
    RegistrationFactory.create_batch(3, delegation=delegation, category="expert")
    for _ in range(2):  # when it is made, and when it is lowered
        with pytest.raises(SeatsBelowUse, match="3 seats are in use"):
            limit(delegation, 2, "expert")
        limit(delegation, 3, "expert")
    assert Quota.objects.get(category="expert").seats == 3


def test_raising_and_removing_offer_what_is_free_at_once(delegation):
    limit(delegation, 0, "expert")
    first, second, third = (name(delegation, n, "expert") for n in range(3))
    limit(delegation, 1, "expert")
    assert states(first, second, third) == ["offered", "waitlisted", "waitlisted"]
    remove_quota(delegation.event, delegation=delegation, category="expert", mode="", by=SYSTEM)
    assert states(first, second, third) == ["offered", "offered", "offered"]
    remove_quota(delegation.event, delegation=delegation, category="expert", mode="", by=SYSTEM)
    verbs = AuditEntry.objects.filter(verb__startswith="quota").order_by("number").values_list("verb", "details")
    assert [(verb, details.get("before"), details.get("seats")) for verb, details in verbs] == [
        ("quota.set", None, 0),
        ("quota.set", 0, 1),
        ("quota.remove", None, None),
    ]


def test_limit_for_everybody_is_not_set_or_removed_here(delegation):
    for act in (lambda: limit(delegation, 9), lambda: remove_quota(delegation.event, category="", mode="", by=SYSTEM)):
        with pytest.raises(NotAllowed, match="Choose a category"):
            act()
    delegation.event.state = EventState.CLOSED
    delegation.event.save()
    with pytest.raises(NotAllowed, match="closed"):
        limit(delegation, 9, "expert")


def test_another_category_or_mode_needs_its_place_and_frees_the_former(delegation):
    limit(delegation, 1, "expert")
    limit(delegation.event, 1, mode="remote")
    expert, delegate = name(delegation, 1, "expert"), name(delegation, 2)
    waiting = name(delegation, 3, "expert")
    with pytest.raises(NotAllowed, match="No seat is free"):
        change_category(delegate, category="expert", by=SYSTEM)
    change_category(expert, category="deputy", by=SYSTEM)
    change_mode(delegate, mode="remote", by=SYSTEM)
    with pytest.raises(NotAllowed, match="No seat is free"):
        change_mode(expert, mode="remote", by=SYSTEM)
    assert states(waiting) == ["offered"]
    assert ledger(delegation.event) == [("", "", 3), ("", "remote", 1), ("expert", "", 1)]


def test_use_is_the_same_for_a_row_and_for_the_database():
    event = EventFactory(capacity=500)
    delegations = DelegationFactory.create_batch(2, event=event, seats=200)
    for category, mode in itertools.product(["", *Category.values], ["", *Mode.values]):
        for delegation in (None, delegations[0]):
            if category or mode:
                Quota.objects.create(event=event, delegation=delegation, category=category, mode=mode, seats=500)
    for delegation, category, mode, state in itertools.product(delegations, Category.values, Mode.values, ("approved", "withdrawn")):
        if category != "head":
            RegistrationFactory(delegation=delegation, category=category, mode=mode, state=state)
    holders = list(Registration.objects.filter(state__in=HOLDING))
    for quota in Quota.objects.with_use():
        mine = [row for row in holders if quota.delegation_id in (None, row.delegation_id)]
        wanted = sum(counts(quota, category=row.category, mode=row.mode) for row in mine)
        assert (quota.used, quota.taken) == (wanted, wanted), (quota.category, quota.mode, quota.delegation_id)
    assert Quota.objects.wrong_at(event) == []
    for quota in Quota.objects.filter(event=event)[::7]:
        Quota.objects.filter(pk=quota.pk).update(taken=quota.taken + 1)
    assert {row.pk for row in Quota.objects.wrong_at(event)} == {row.pk for row in Quota.objects.out_of_step()} != set()


def test_quota_of_an_unknown_category_or_mode_is_refused_by_the_table(delegation):
    for wrong in ({"category": "nobody"}, {"mode": "nowhere"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Quota.objects.create(event=delegation.event, delegation=delegation, seats=1, **wrong)


def test_wrong_count_is_found_logged_shown_and_repaired(signed_in, delegation, caplog):
    event = delegation.event
    RegistrationFactory.create_batch(2, delegation=delegation)
    dashboard = reverse("organise:dashboard", args=[event.slug])
    assert "wrong count" not in signed_in.get(dashboard).content.decode()
    Quota.objects.update(taken=1)
    check_places()
    quota = Quota.objects.get()
    assert caplog.messages == [f"{quota} says 1, 2 hold a place"]
    assert "1 quota with a wrong count" in signed_in.get(dashboard).content.decode()
    out = io.StringIO()
    with pytest.raises(CommandError, match="wrong: 1"):
        call_command("check_places", stdout=out)
    assert f"{event.slug}: says 1, 2 hold a place of 6" in out.getvalue()
    call_command("check_places", repair=True, stdout=out)
    assert (Quota.objects.get().taken, AuditEntry.objects.get(verb="quota.repair").details) == (2, {"before": 1, "to": 2})
    call_command("check_places", stdout=out)


def test_count_above_the_seats_cannot_be_repaired_and_stays_an_error(delegation):
    RegistrationFactory.create_batch(2, delegation=delegation)
    Quota.objects.update(taken=0, seats=1)
    with pytest.raises(CommandError, match="wrong: 1"):
        call_command("check_places", repair=True, stdout=io.StringIO())
    assert Quota.objects.get().taken == 0


def page(delegation=None, event=None, act=""):
    if delegation:
        return reverse(f"organise:delegation_quota{act or 's'}", args=[delegation.event.slug, delegation.public_id])
    return reverse(f"organise:quota{act or 's'}", args=[event.slug])


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_for_any_number(signed_in, delegation, count, django_assert_num_queries):
    for category in ("expert", "driver", "press")[:count]:
        limit(delegation, 3, category)
        limit(delegation.event, 3, category)
    with django_assert_num_queries(6):
        signed_in.get(page(event=delegation.event))
    with django_assert_num_queries(7):
        response = signed_in.get(page(delegation))
    assert [row.category for row in response.context["rows"]] == ["", *("expert", "driver", "press")[:count]]


def test_page_sets_changes_and_removes_a_limit(signed_in, delegation):
    RegistrationFactory.create_batch(2, delegation=delegation, category="expert")
    signed_in.post(page(delegation), {"category": "expert", "mode": "", "seats": 4})
    shown = signed_in.get(reverse("organise:delegation", args=[delegation.event.slug, delegation.public_id])).context["quotas"]
    assert [(quota.category, quota.taken, quota.seats) for quota in shown] == [("", 2, 6), ("expert", 2, 4)]
    refused = signed_in.post(page(delegation), {"category": "expert", "mode": "", "seats": 1})
    assert "2 seats are in use" in refused.content.decode()
    assert refused.context["form"].data["seats"] == "1"
    nothing = signed_in.post(page(delegation), {"category": "", "mode": "", "seats": 1})
    assert list(nothing.context["form"].errors) == ["category"]
    signed_in.post(page(delegation, act="_remove"), {"category": "expert", "mode": ""})
    signed_in.post(page(delegation, act="_remove"), {"category": "", "mode": ""})
    assert list(Quota.objects.values_list("category", "seats")) == [("", 6)]
    signed_in.post(page(event=delegation.event), {"category": "", "mode": "remote", "seats": 7})
    assert Quota.objects.get(delegation=None).mode == "remote"
    signed_in.post(page(event=delegation.event, act="_remove"), {"category": "", "mode": "remote"})
    assert Quota.objects.count() == 1


def test_those_who_only_read_see_the_limits_and_change_none(client, delegation):
    limit(delegation, 3, "expert")
    client.force_login(StaffRoleFactory(event=delegation.event, role=StaffRoleName.OBSERVER).user)
    body = client.get(page(delegation)).content.decode()
    assert ("Expert" in body, "Set this limit" in body) == (True, False)
    assert client.post(page(delegation), {"category": "expert", "mode": "", "seats": 9}).status_code == 403


def test_person_page_changes_category_and_attendance_or_neither(signed_in, delegation):
    limit(delegation, 0, mode="remote")
    registration = RegistrationFactory(delegation=delegation, state=RegistrationState.SUBMITTED)
    address = reverse("organise:person_place", args=[delegation.event.slug, registration.public_id])
    refused = signed_in.post(address, {"category": "expert", "mode": "remote"})
    assert "No seat is free." in refused.content.decode()
    registration.refresh_from_db()
    assert (registration.category, registration.mode) == ("delegate", "in_person")
    signed_in.post(address, {"category": "expert", "mode": "in_person"})
    registration.refresh_from_db()
    assert registration.category == "expert"
