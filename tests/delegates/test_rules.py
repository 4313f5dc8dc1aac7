"""The rules about people against oracles written apart: what a registration opens, for every combination."""

import itertools
from types import SimpleNamespace

import pytest

from delegates.choices import Category, Mode, Narrowing, RegistrationState, Standing
from delegates.rules import (
    ACTIVE,
    CATEGORIES,
    ENDED,
    FOCAL,
    HOLDING,
    NOMINABLE,
    OFFICER,
    PERSON,
    Access,
    SeatsBelowUse,
    access_of,
    counts,
    delegation_audiences,
    may_move,
    party_of,
)

PEOPLE_OF_CLOSED_SESSIONS = ["head", "deputy", "delegate", "expert"]
FOLLOW_THEIR_DELEGATION = ["protection", "driver", "liaison"]


def expected_access(state, category, narrowing, standing, is_eu):
    """What the words of the field say, one audience after another: (full, times and rooms, selected, selected times, assigned)."""
    full, slots = {"public"}, set()
    if state != "approved":
        return Access()
    is_admitted, follows = category in PEOPLE_OF_CLOSED_SESSIONS, category in FOLLOW_THEIR_DELEGATION
    reached = full if is_admitted else slots if follows else set()
    if narrowing != "public":
        reached.add("participants")
    if narrowing in ("none", "not_eu") and standing in ("host", "member"):
        reached.add("members")
    if narrowing == "none" and is_eu:
        reached.add("eu")
    is_named = narrowing in ("none", "not_eu")
    return Access(
        audiences=frozenset(full),
        slot_audiences=frozenset(slots),
        selected=is_admitted and is_named,
        slot_selected=follows and is_named,
        assigned=narrowing != "public",
    )


def test_access_equals_the_oracle_on_every_combination():
    combinations = list(itertools.product(RegistrationState, Category, Narrowing, Standing, [True, False]))
    assert len(combinations) == 12 * 13 * 4 * 4 * 2
    for state, category, narrowing, standing, is_eu in combinations:
        found = access_of(state=state, category=category, narrowing=narrowing, standing=standing, is_eu=is_eu)
        assert found == expected_access(state, category, narrowing, standing, is_eu), (state, category, narrowing, standing, is_eu)


def test_access_is_never_wider_than_the_delegations_and_narrowing_never_widens():
    for state, category, standing, is_eu in itertools.product(RegistrationState, Category, Standing, [True, False]):
        given = {"state": state, "category": category, "standing": standing, "is_eu": is_eu}
        whole = access_of(**given, narrowing="none")
        assert whole.audiences | whole.slot_audiences <= delegation_audiences(standing, is_eu=is_eu)
        for narrowing in Narrowing:
            less = access_of(**given, narrowing=narrowing)
            assert less.audiences <= whole.audiences
            assert less.slot_audiences <= whole.slot_audiences
            assert (less.selected, less.slot_selected, less.assigned) <= (whole.selected, whole.slot_selected, whole.assigned)
            assert not {"organisers", "selected"} & (less.audiences | less.slot_audiences)


@pytest.mark.parametrize(
    ("standing", "is_eu", "audiences"),
    [
        ("host", True, {"public", "participants", "members", "eu"}),
        ("host", False, {"public", "participants", "members"}),
        ("member", True, {"public", "participants", "members", "eu"}),
        ("member", False, {"public", "participants", "members"}),
        ("guest", True, {"public", "participants", "eu"}),
        ("guest", False, {"public", "participants"}),
        ("observer", True, {"public", "participants", "eu"}),
        ("observer", False, {"public", "participants"}),
    ],
)
def test_audiences_of_a_delegation(standing, is_eu, audiences):
    assert delegation_audiences(standing, is_eu=is_eu) == audiences


def test_every_category_says_what_it_takes_and_who_is_admitted():
    assert set(CATEGORIES) == set(Category)
    assert [category for category in Category if CATEGORIES[category].admitted] == PEOPLE_OF_CLOSED_SESSIONS
    assert sorted(category for category in Category if CATEGORIES[category].slots_only) == sorted(FOLLOW_THEIR_DELEGATION)
    assert set(Category) - set(NOMINABLE) == {"speaker", "press", "organiser", "guest"}


def test_states_that_hold_a_seat_and_states_that_end():
    assert set(HOLDING) == {"placeholder", "offered", "nominated", "submitted", "returned", "approved"}
    assert set(ENDED) == {"refused", "revoked", "withdrawn", "replaced"}
    assert set(ACTIVE) == set(RegistrationState) - set(ENDED)


@pytest.mark.parametrize("category", Category)
@pytest.mark.parametrize("mode", Mode)
def test_which_registrations_a_quota_counts(category, mode):
    takes = CATEGORIES[category]
    for delegation_id, row_category, row_mode in itertools.product([None, 1], ["", *Category.values], ["", *Mode.values]):
        quota = SimpleNamespace(delegation_id=delegation_id, category=row_category, mode=row_mode)
        whole = takes.seat if delegation_id else takes.capacity
        expected = (row_category == category or (row_category == "" and whole)) and row_mode in ("", mode)
        assert counts(quota, category=category, mode=mode) is expected


@pytest.mark.parametrize(
    ("hat", "party"),
    [
        ("organiser:manager", OFFICER),
        ("system", OFFICER),
        ("focal:abcdefghij", FOCAL),
        ("registration:abcdefghij", PERSON),
        ("public", PERSON),
        ("", PERSON),
    ],
)
def test_party_of_a_hat(hat, party):
    assert party_of(hat) == party


def test_move_a_page_may_offer():
    registration = SimpleNamespace(state="submitted")
    assert may_move(registration, RegistrationState.APPROVED, made_by=OFFICER) is True
    assert may_move(registration, RegistrationState.APPROVED, made_by=PERSON) is False
    assert may_move(registration, RegistrationState.OFFERED, made_by=OFFICER) is False


@pytest.mark.parametrize(("taken", "words"), [(1, "One seat is in use"), (7, "7 seats are in use")])
def test_refusal_of_too_few_seats_says_how_many_are_in_use(taken, words):
    assert words in str(SeatsBelowUse(taken))
