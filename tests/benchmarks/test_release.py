"""Releasing an agenda of 1,000 sessions after some have changed, and reading what changed: seconds and queries."""

import datetime as dt
import time

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conference.lib.viewer import Actor
from events.choices import StaffRoleName
from events.models import OutboxMail
from sessions import actions
from sessions.models import Contribution, Release, Slot, Speaker, Star
from tests.benchmarks.data import make_agenda
from tests.factories import RegistrationFactory, StaffRoleFactory, UserFactory

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db]
COUNT, PEOPLE, CHANGED, READERS = 1000, 1200, 50, 50
GOAL_SECONDS, GOAL_QUERIES = 0.8, 36  # of the processor; mails are written in batches


def make_draft():
    """A draft of 1,000 sessions in 37 rooms without a conflict that blocks, two of 1,200 speakers in each."""
    event = make_agenda(COUNT)
    Contribution.objects.all().delete()
    speakers = Speaker.objects.bulk_create(Speaker(event=event, name=f"Speaker {n}", function_en="Head of unit") for n in range(PEOPLE))
    Contribution.objects.bulk_create(
        Contribution(event=event, slot=slot, speaker=speakers[(2 * n + k) % PEOPLE], position=k)
        for n, slot in enumerate(Slot.objects.order_by("start_at"))
        for k in range(2)
    )
    Release.objects.filter(event=event, number=None).delete()
    Release.objects.filter(event=event).update(number=None, released_at=None)
    return event


def timed(act) -> tuple[float, float, int]:
    """Seconds on the clock and of the processor an act takes, and its queries."""
    with CaptureQueriesContext(connection) as queries:
        clock, processor = time.perf_counter(), time.process_time()
        act()
        return time.perf_counter() - clock, time.process_time() - processor, len([one for one in queries if "SAVEPOINT" not in one["sql"]])


def test_release_of_a_thousand_sessions_with_its_changes(client, write, figure):
    event, by = make_draft(), Actor(user=UserFactory(), hat="organiser:programme")
    actions.release_agenda(event, by=by)
    keys = list(Slot.objects.draft().order_by("pk").values_list("pk", flat=True)[:CHANGED])
    for slot in Slot.objects.filter(pk__in=keys):
        slot.end_at -= dt.timedelta(minutes=5)
        slot.save()
    for key in keys[:READERS]:
        registration = RegistrationFactory(event=event, user=UserFactory(), state="approved")
        Star.objects.create(event=event, registration=registration, session_id=Slot.objects.get(pk=key).session_id)
    organiser = StaffRoleFactory(event=event, role=StaffRoleName.PROGRAMME).user
    public, organise = reverse("sessions:versions", args=[event.slug]), reverse("organise:release", args=[event.slug])
    release = timed(lambda: actions.release_agenda(event, by=by))
    client.get(public)
    caches["pages"].clear()
    reading = timed(lambda: client.get(public))
    client.force_login(organiser)
    client.get(organise)
    page = timed(lambda: client.get(organise))
    rows = {"release": release, "readers' list of changes": reading, "organisers' page": page}
    write(
        [
            f"{connection.vendor}; {COUNT} sessions, {CHANGED} of them changed, {READERS} people told: seconds (of the processor), queries",
            *(f"{name:26} {clock:6.3f} ({processor:.3f}) {queries:4}" for name, (clock, processor, queries) in rows.items()),
        ]
    )
    figure("release of 1,000 sessions with its list of changes", release[1], "s", most=GOAL_SECONDS)
    figure("release of 1,000 sessions with its list of changes", release[2], "queries", most=GOAL_QUERIES)
    figure("organisers' page of a release, 1,000 sessions", page[1], "s")
    assert OutboxMail.objects.filter(kind="agenda_digest").count() == READERS
    assert (release[1] < GOAL_SECONDS, release[2] <= GOAL_QUERIES) == (True, True)
