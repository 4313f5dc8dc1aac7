"""A list of 10,000 people: seconds, peak memory and statements a row, for the dry run, the import and the same list again."""

import gc
import random
import time
import tracemalloc

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from conference.lib.spreadsheets import csv_lines, write_xlsx
from conference.lib.viewer import SYSTEM
from delegates import importers
from delegates.choices import ImportChoice
from delegates.importers import runs
from delegates.models import Delegation, Quota, Registration
from tests.factories import DelegationFactory, EventFactory

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]
ROWS, DELEGATIONS, SEATS = 10_000, 40, 200
MOST_QUERIES_A_ROW, MOST_MEMORY, MOST_SECONDS_LOCKED = 0.5, 60, 20  # as long as others wait on SQLite


def people(event, count):
    names = list(Delegation.objects.filter(event=event).values_list("organisation__name_en", flat=True))
    pick = random.Random(1)
    yield ["Organisation", "Family name", "Given name", "Category", "Function", "E-mail", "Language", "Nationality", "Date of birth"]
    for number in range(count):
        born = f"{pick.randint(1, 28):02}/{pick.randint(1, 12):02}/{pick.randint(1950, 2000)}"
        address = f"person{number}@example.org"
        yield [names[number % len(names)], f"Family {number}", f"Given {number}", "Delegate", "Analyst", address, "fr", "Hungary", born]


def upload(event, count, ending):
    import io

    file = io.BytesIO()
    if ending == "csv":
        file.writelines(csv_lines(people(event, count)))
    else:
        write_xlsx(people(event, count), file, title="People")
    return SimpleUploadedFile(f"people.{ending}", file.getvalue())


class Statements:
    """Counts what is asked of the database."""

    count = 0

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        return execute(sql, params, many, context)


def measured(act, *, memory=False):
    """Seconds of the processor, statements and (in a run of its own, for it slows everything) the peak of memory in MB."""
    gc.collect()
    statements = Statements()
    if memory:
        tracemalloc.start()
    start = time.process_time()
    with connection.execute_wrapper(statements):
        act()
    seconds = time.process_time() - start
    peak = tracemalloc.get_traced_memory()[1] / 1024**2 if memory else 0.0
    tracemalloc.stop()
    return seconds, statements.count, peak


def event_with_delegations():
    event = EventFactory()
    for number in range(DELEGATIONS):
        DelegationFactory(event=event, organisation__name_en=f"Service {number}", seats=SEATS)
    return event


def work():
    assert importers.work(timezone.now())


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_ten_thousand_people(write, figure, monkeypatch, ending):
    event = event_with_delegations()
    lines, locked = [], []
    act = runs._all_at_once
    monkeypatch.setattr(runs, "_all_at_once", lambda *given, **how: locked.append(measured(lambda: act(*given, **how))[0]))

    def say(what, found):
        seconds, statements, _peak = found
        lines.append(f"{ending:5} {what:22} {seconds:6.1f} s {ROWS / seconds:7.0f} rows/s {statements / ROWS:6.3f} statements/row")
        figure(f"{what}: 10,000 people ({ending})", seconds, "s")
        figure(f"{what}: 10,000 people ({ending})", statements / ROWS, "queries a row", most=MOST_QUERIES_A_ROW)
        assert statements / ROWS < MOST_QUERIES_A_ROW

    for turn in ("first", "again"):
        kept = importers.keep_upload(event, "nominations", upload(event, ROWS, ending), by=SYSTEM)
        say(f"dry run, {turn}", measured(work))
        kept.refresh_from_db()
        importers.choose(kept, ImportChoice.ALL, by=SYSTEM)
        say(f"import, {turn}", measured(work))
        kept.refresh_from_db()
        assert kept.state == "done"
    lines.append(f"{ending:5} seconds under the lock      " + ", ".join(f"{seconds:.1f}" for seconds in locked))
    figure(f"import of 10,000 people ({ending}) while others wait", max(locked), "s", most=MOST_SECONDS_LOCKED)
    assert max(locked) < MOST_SECONDS_LOCKED
    assert kept.counts == {"unchanged": ROWS}
    assert Registration.objects.filter(event=event).count() == ROWS
    assert Quota.objects.filter(event=event, taken=SEATS).count() == DELEGATIONS
    write(lines)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_memory_does_not_grow_with_the_list(write, figure, ending):
    peaks = []
    for count in (2_500, ROWS):
        event = event_with_delegations()
        kept = importers.keep_upload(event, "nominations", upload(event, count, ending), by=SYSTEM)
        work()
        kept.refresh_from_db()
        importers.choose(kept, ImportChoice.GOOD, by=SYSTEM)
        peaks.append(measured(work, memory=True)[2])
    write([f"{ending:5} peak of memory {peaks[0]:.1f} MB for 2,500 rows, {peaks[1]:.1f} MB for {ROWS:,}"])
    figure(f"peak of memory, 10,000 people ({ending})", peaks[1], "MB", most=MOST_MEMORY)
    assert peaks[1] < MOST_MEMORY
