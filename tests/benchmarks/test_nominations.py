"""Nominations per second when many come at once: all to one delegation, whose seats they fight for, or spread over twenty."""

import itertools
import time

import pytest
from django.db import connection

from conference.lib.viewer import SYSTEM
from delegates.actions import nominate
from delegates.models import Delegation, Registration
from delegates.rules import FOCAL, HOLDING
from tests.factories import DelegationFactory, EventFactory
from tests.together import together

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]
COUNT, SEATS = 200, 100
CASES = [(1, 1), (1, 8), (1, 40), (20, 8), (20, 40)]  # delegations, connections
numbers = itertools.count()


def naming(delegation: Delegation):
    """The act of naming somebody new."""
    n = next(numbers)
    person = {"given_name": f"Given{n}", "family_name": f"Family{n}", "email": f"p{n}@example.org"}
    return lambda: nominate(delegation, **person, category="delegate", by=SYSTEM, made_by=FOCAL)


def per_second(delegations: int, connections: int) -> float:
    """Nominate `COUNT` people for half as many seats at once; give how many were taken in a second, each of them exactly."""
    event = EventFactory()
    rows = DelegationFactory.create_batch(delegations, event=event, seats=SEATS // delegations)
    acts = [naming(rows[n % delegations]) for n in range(COUNT)]
    began = time.perf_counter()
    errors = together(acts, connections_at_once=connections)
    took = time.perf_counter() - began
    found = Registration.objects.filter(event=event)
    assert (errors, found.count(), found.filter(state__in=HOLDING).count()) == ({}, COUNT, SEATS)
    return COUNT / took


def test_nominations_at_once(write, figure):
    found = {case: per_second(*case) for case in CASES}
    for (delegations, connections), rate in found.items():
        figure(f"nominations, {delegations} delegations, {connections} at once, by the clock", rate, "a second")
    write(
        [
            f"{connection.vendor}; {COUNT} nominations for {SEATS} seats: delegations, connections, nominations per second",
            *(f"{delegations:4} {connections:4} {rate:8.0f}" for (delegations, connections), rate in found.items()),
        ]
    )
