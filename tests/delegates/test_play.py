"""Random focal points, delegates, officers and clocks play the real acts on the real database, beside a small model of the domain.

After every act the database says what the model says (`play.model`), and the rules hold by themselves: seats, limits and the capacity never
exceeded and their counts true, nobody passed over, every step one of the table, one message a reader, one entry an act, a whole chain.
`PLAY_EXAMPLES` plays more; each play starts from an empty event and is taken back. The controls break a rule each, and must be caught.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from delegates.actions import moves, registrations
from delegates.models.delegations import DelegationQuerySet
from events.admin import pages
from events.models.staff import StaffRoleQuerySet
from events.rules import ROLE_ACTS
from tests.delegates.play.machine import Play

pytestmark = pytest.mark.django_db

EXAMPLES, STEPS = int(os.environ.get("PLAY_EXAMPLES", "12")), 40


def play(*, examples: int, phases=(Phase.explicit, Phase.generate)):
    """Play a number of games, the same ones every time, until one goes wrong."""
    how = settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        derandomize=True,
        deadline=None,
        database=None,
        phases=phases,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Play, settings=how)


def test_everybody_at_random_and_the_rules_hold():
    play(examples=EXAMPLES, phases=tuple(Phase) if os.environ.get("PLAY_SHRINK") else (Phase.explicit, Phase.generate))


def _backwards(rows, key):
    rows = list(rows)
    rows.reverse()
    return sorted(rows, key=key)


# What is broken, where, by what, and where the game sees it: a seat taken that is not counted, the line turned round, nothing offered,
# a deadline that binds nobody, an act nobody is told of or that is not recorded, a decision any organiser takes, or one whose role
# has ended, and a page that opens to every focal point.
BROKEN = {
    "seats": (registrations, "take_place", lambda registration, quotas: True, "nothing_is_exceeded_and_nobody_passed_over"),
    "order": (moves, "sorted", _backwards, "database_says_what_the_model_says"),
    "offers": (moves, "may_take", lambda registration, quotas: False, "nothing_is_exceeded_and_nobody_passed_over"),
    "deadline": (registrations, "check_nominating", lambda *given, **how: None, "play"),
    "mail": (moves, "tell", lambda *given, **how: None, "everybody_is_told_once_and_every_act_recorded"),
    "record": (moves, "record", lambda *given, **how: None, "everybody_is_told_once_and_every_act_recorded"),
    "role": (pages, "acts_of", lambda roles, event: set().union(*ROLE_ACTS.values()), "review"),
    "ended": (StaffRoleQuerySet, "live", lambda rows, at: rows, "review"),
    "page": (DelegationQuerySet, "of_focal_point", lambda rows, viewer: rows, "look"),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_found(monkeypatch, rule):
    """The controls: the same games, with one rule of the program broken."""
    place, name, broken, seen_by = BROKEN[rule]
    monkeypatch.setattr(place, name, broken, raising=False)
    with pytest.raises(AssertionError) as found:
        play(examples=5 * EXAMPLES)
    assert seen_by in {frame.name for frame in found.traceback}
