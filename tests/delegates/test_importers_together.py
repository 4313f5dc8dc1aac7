"""A large list brought all or nothing while others write: they wait for it and lose nothing."""

import itertools
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone

from conference.db.sqlite3 import base as gate
from conference.lib.viewer import SYSTEM
from delegates import importers
from delegates.actions import nominate
from delegates.choices import ImportChoice, ImportState
from delegates.models import Import, Quota, Registration
from delegates.rules import FOCAL
from events.actions import broken_link
from tests.factories import DelegationFactory
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)
ROWS, WRITERS = 600, 6


def list_of(delegation, count) -> Import:
    """A list of people for one delegation, kept and not yet read."""
    lines = [f"{delegation.organisation.name_en};Family{n};Given{n};Interpreter;i{n}@example.org" for n in range(count)]
    content = "\n".join(["Organisation;Family name;Given name;Category;E-mail", *lines]).encode()
    return importers.keep_upload(delegation.event, "nominations", SimpleUploadedFile("people.csv", content), by=SYSTEM)


def importing_while_others_write(*, patience: float | None = None):
    """Bring a list while a focal point of the event and five elsewhere name people all the time; give the import, how many were named
    and the errors. `patience` says how many seconds a writer waits, else as long as the program lets it.
    """
    delegation = DelegationFactory(seats=1000)
    others = [delegation, *(DelegationFactory(seats=1000) for _ in range(WRITERS - 1))]
    kept, done, named = list_of(delegation, ROWS), threading.Event(), itertools.count()

    def bring():
        try:
            importers.work(timezone.now())
            importers.choose(Import.objects.get(pk=kept.pk), ImportChoice.ALL, by=SYSTEM)
            importers.work(timezone.now())
        finally:
            done.set()

    def write(to, writer):
        for number in itertools.count():
            if done.is_set():
                return
            with transaction.atomic():
                if patience and connection.vendor == "postgresql":
                    connection.cursor().execute(f"SET LOCAL lock_timeout = '{int(patience * 1000)}ms'")
                person = {"given_name": "Given", "family_name": f"Other{writer}-{number}", "email": f"o{writer}-{number}@example.org"}
                nominate(to, **person, category="driver", by=SYSTEM, made_by=FOCAL)
            next(named)

    errors = together([bring, *(lambda to=to, n=n: write(to, n) for n, to in enumerate(others))])
    kept.refresh_from_db()
    return kept, next(named), errors


def test_others_wait_for_a_large_list_and_all_of_it_is_there():
    kept, named, errors = importing_while_others_write()
    assert (errors, kept.state, kept.counts) == ({}, ImportState.DONE, {"new": ROWS})
    assert named > 0
    assert Registration.objects.count() == ROWS + named
    assert list(Quota.objects.out_of_step()) == []
    assert broken_link(kept.event) is None


def test_others_without_patience_are_refused(monkeypatch):
    """The control: writers who wait a hundredth of a second, and not for as long as the list takes."""
    monkeypatch.setattr(gate, "_WAIT_SECONDS", 0.01)
    _kept, _named, errors = importing_while_others_write(patience=0.01)
    assert errors["OperationalError"] > 0
