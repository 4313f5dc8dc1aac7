"""The demonstration loaded twice from nothing: in a module of its own, for the other one keeps it loaded."""

import io

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction

from sessions.models import Session
from tests.project.test_demo import TODAY

pytestmark = pytest.mark.django_db


def ids() -> list[tuple[str, str]]:
    """The sessions of a demonstration loaded now, and taken back."""
    with transaction.atomic(), time_machine.travel(TODAY, tick=False):
        call_command("demo", stdout=io.StringIO())
        found = sorted(Session.objects.values_list("public_id", "title_en"))
        transaction.set_rollback(True)
    return found


def test_demo_is_the_same_every_time():
    assert ids() == ids() != []
