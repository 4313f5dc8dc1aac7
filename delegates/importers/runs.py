"""One import from the file to the report: kept, read row by row, tried and taken back, chosen, and done; here or by the worker.

Reading and cleaning the rows takes the time and no lock; what they ask is then done in one transaction (decision 0029), or in one for each
part of the file when the good rows are kept without the others.
"""

import datetime as dt
import functools
import itertools
import json
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from conference.lib import spreadsheets
from conference.lib.sealing import Sealer
from conference.lib.viewer import SYSTEM, Actor
from delegates.choices import ImportChoice, ImportKind, ImportState, Outcome
from delegates.importers import files
from delegates.importers.delegations import DELEGATIONS_KIND
from delegates.importers.kinds import Became, Kind, Problem, Read, Run
from delegates.importers.nominations import NOMINATIONS_KIND
from delegates.importers.organisations import ORGANISATIONS_KIND
from delegates.importers.steps import KEPT_FOR, Changed, end, lease, move, progress
from delegates.models import Delegation, FocalPoint, Import, ImportRow
from delegates.rules import FOCAL, may_ask_late, party_of
from events.actions import lock_event, record
from events.models import Event, StaffRole
from events.rules import NotAllowed, acts_of

KINDS = {
    ImportKind.ORGANISATIONS: ORGANISATIONS_KIND,
    ImportKind.DELEGATIONS: DELEGATIONS_KIND,
    ImportKind.NOMINATIONS: NOMINATIONS_KIND,
}
SMALL_BYTES, SMALL_ROWS = 256 * 1024, 200  # what is done while the sender waits
PART = 500  # rows done together


def keep_upload(
    event: Event, kind: str, upload: UploadedFile, *, by: Actor, delegation: Delegation | None = None, sheet: str = ""
) -> Import:
    """Keep a spreadsheet and check it, at once if it is small, else by the worker; raise `NotAllowed` for one too large.

    With `delegation` people can be named for that delegation only. Nothing is changed before `choose`.
    """
    if (upload.size or 0) > spreadsheets.MAX_BYTES:
        raise NotAllowed(_("The file is too large: at most %(size)d MB can be read.") % {"size": spreadsheets.MAX_BYTES // 1024**2})
    now = timezone.now()
    kept = Import(
        event=event,
        delegation=delegation,
        kind=kind,
        file_name="".join(sign for sign in upload.name or "" if sign.isprintable())[-200:],
        sheet=sheet,
        language=get_language() or settings.LANGUAGE_CODE,
        uploaded_by=by.user,
        hat=by.hat,
        source=by.source[:200],
        uploaded_at=now,
        expires_at=now + KEPT_FOR,
    )
    files.keep(kept, upload)
    with transaction.atomic():
        kept.save()
        record(by, "import.send", kept, event=event, kind=kind)
    if _is_small(kept):
        check(kept)
    return kept


def read_sheet(kept: Import, sheet: str) -> Import:
    """Read another sheet of the same file."""
    move(kept, (ImportState.CHECKED, ImportState.FAILED), ImportState.WAITING, sheet=sheet, notes=[], problems=[], counts={})
    if _is_small(kept):
        check(kept)
    return kept


def choose(kept: Import, choice: str, *, by: Actor) -> Import:
    """Have an import that was checked done for good, at once if it is small; raise `Changed` if it is not there to be done."""
    acting = {"uploaded_by": by.user, "hat": by.hat, "language": get_language() or settings.LANGUAGE_CODE}
    move(kept, (ImportState.CHECKED,), ImportState.QUEUED, choice=choice, done=0, **acting)
    if _is_small(kept):
        apply(kept)
    return kept


def give_up(kept: Import, *, by: Actor) -> Import:
    """Remove the file and what was said of its rows, without importing anything."""
    with transaction.atomic():
        move(kept, (ImportState.CHECKED, ImportState.FAILED, ImportState.WAITING), ImportState.REMOVED, sealed_key="", file_name="")
        kept.rows.all().delete()
        record(by, "import.remove", kept, event=kept.event)
        transaction.on_commit(functools.partial(files.remove, kept))
    return kept


def work(at: dt.datetime) -> bool:
    """Do the next part that waits for a worker, and say whether there was one."""
    for kept in Import.objects.to_work_on(at).select_related("event", "delegation", "uploaded_by")[:5]:
        step = apply if kept.state in (ImportState.QUEUED, ImportState.WRITING) else check
        try:
            step(kept)
        except Changed:
            continue  # another worker was first
        return True
    return False


def tidy(at: dt.datetime) -> None:
    """Remove the file and the words of every import whose time is over; the counts stay."""
    for kept in Import.objects.over(at).exclude(file_name="", sealed_key=""):
        files.remove(kept)
        kept.rows.all().delete()
        kept.state = kept.state if kept.state in (ImportState.DONE, ImportState.FAILED) else ImportState.REMOVED
        kept.sealed_key, kept.file_name = "", ""
        kept.save(update_fields=["state", "sealed_key", "file_name"])


def check(kept: Import) -> Import:
    """Read the file and try all of it, take everything back, and keep what became of each row."""
    lease(kept, (ImportState.WAITING, ImportState.READING), ImportState.READING)
    return _go(kept, _try)


def apply(kept: Import) -> Import:
    """Do for good what was chosen: all rows in one transaction, or the good ones part by part.

    What would now be done otherwise than the check said is checked again instead.
    """
    lease(kept, (ImportState.QUEUED, ImportState.WRITING), ImportState.WRITING)
    if kept.is_late != _is_late(kept):  # the deadline passed meanwhile: say anew what would become of each row
        return _go(kept, _try)
    return _go(kept, _do_all if kept.choice == ImportChoice.ALL else _do_good)


def _go(kept: Import, step) -> Import:
    with override(kept.language), tempfile.TemporaryFile("w+", encoding="utf-8") as rows:
        if not _is_still_allowed(kept):
            return _end(kept, ImportState.FAILED, problems=[_("Whoever sent this file may not import it any more.")])
        try:
            _read(kept, KINDS[ImportKind(kept.kind)], rows)
        except spreadsheets.Unreadable as error:
            kept.problems = [str(error)]
        if kept.problems:
            return _end(kept, ImportState.FAILED, problems=kept.problems)
        step(kept, rows)
    return kept


def _end(kept: Import, state: str, **values: Any) -> Import:
    """Write the state an import comes to, and whatever else is said of it."""
    end(kept, state, "sheet", "sheets", "notes", "unread", "is_late", **values)
    return kept


def _is_small(kept: Import) -> bool:
    """Say whether the file can be done while its sender waits; one that cannot be read says so at once."""
    with files.opened(kept) as file:
        if file.seek(0, 2) > SMALL_BYTES:
            return False
        try:
            found = itertools.islice(spreadsheets.open_table(file, kept.sheet).rows, SMALL_ROWS + 2)
            return len(list(found)) <= SMALL_ROWS + 1  # the headings are one
        except spreadsheets.Unreadable:
            return True


def actor_of(kept: Import) -> Actor:
    """Who acts in an import: who sent it, or had it done, under the hat they wore."""
    behalf = str(kept.delegation) if kept.delegation and kept.hat.startswith("organiser") else ""
    return Actor(user=kept.uploaded_by, hat=kept.hat, source=kept.source or f"{kept}", on_behalf_of=behalf)


def _is_late(kept: Import) -> bool:
    """Say whether whoever sent the file can only ask the organisers for its people now."""
    return party_of(kept.hat) == FOCAL and may_ask_late(Event.objects.get(pk=kept.event_id), timezone.now())


def _is_still_allowed(kept: Import) -> bool:
    """Ask again who acts, for a worker may come to it much later: an organiser's role, or a focal point's right."""
    user, at = kept.uploaded_by, timezone.now()
    if user is None:
        return kept.hat == SYSTEM.hat
    if kept.hat.startswith("focal"):
        return FocalPoint.objects.live(at).filter(user=user, delegation=kept.delegation).exists()
    roles = StaffRole.objects.live(at).held_by(user).filter(event=kept.event).values_list("role", flat=True)
    return (user.is_superuser and user.is_active) or "delegations" in acts_of(list(roles), kept.event)


# Reading: rows become what a form makes of them, kept in a file without a name until they are done.


def _read(kept: Import, kind: Kind, out: IO[str]) -> None:
    with files.opened(kept) as file:
        table = spreadsheets.open_table(file, kept.sheet)
        kept.sheet, kept.sheets = table.sheet[:100], table.sheets[:50]
        headings, rows = spreadsheets.find_headings(table.rows, kind.columns, kind.required)
        kept.unread, kept.problems = headings.unread, headings.problems
        number = 0
        if not kept.problems:
            for number, line in enumerate(_cleaned(kind, headings.places, rows), start=1):
                out.write(json.dumps(line, cls=DjangoJSONEncoder) + "\n")
                if number % PART == 0:
                    progress(kept, number, table.expected)
                if number > kind.most:
                    raise spreadsheets.Unreadable(_("The file has too many rows: at most %(rows)d can be read.") % {"rows": kind.most})
            if not number:
                kept.problems = [_("The file has headings and no rows.")]
        kept.notes, kept.total = table.notes, number


def _cleaned(kind: Kind, places: dict[str, int], rows: Iterator[spreadsheets.Row]) -> Iterator[list]:
    """Give of each row its number, its name, what the form made of it (None if it refused), and the problems."""
    form = kind.form()
    form.is_bound = True  # one form for all rows: making one takes longer than cleaning a row
    for row in rows:
        cells = {name: row.cells[place] if place < len(row.cells) else "" for name, place in places.items()}
        form.data = cells
        form.full_clean()
        problems = _problems(kind, form, cells)
        faulty = [(name, row.faults[place]) for name, place in places.items() if place in row.faults]
        problems += [(str(kind.columns[name].label), cells[name], words) for name, words in faulty]
        yield [row.number, kind.name(cells)[:200], None if problems else form.cleaned_data, problems]


def _problems(kind: Kind, form, cells: dict[str, str]) -> list[Problem]:
    return [
        (str(kind.columns[name].label) if name in kind.columns else "", cells.get(name, "")[:200], str(error))
        for name, errors in form.errors.items()
        for error in errors
    ]


def _parts(rows: IO[str]) -> Iterator[list[list]]:
    """Give lines of JSON in parts."""
    rows.seek(0)
    part: list[list] = []
    for line in rows:
        part.append(json.loads(line))
        if len(part) == PART:
            yield part
            part = []
    if part:
        yield part


# Doing.


def _run(kept: Import, event: Event) -> Run:
    by = actor_of(kept)
    return Run(event=event, by=by, made_by=party_of(by.hat), delegation=kept.delegation, is_late=kept.is_late)


def _act(kept: Import, run: Run, part: list[list]) -> list[ImportRow]:
    """Do what a part of the file asks, and say in sealed words what became of each row."""
    kind = KINDS[ImportKind(kept.kind)]
    good = [Read(number, name, _with_dates(data)) for number, name, data, _problems_ in part if data is not None]
    became = dict(zip([row.number for row in good], kind.act(run, good), strict=True))
    seal = Sealer(settings.DATA_KEYS).seal
    rows = []
    for number, name, _data, problems in part:
        one = became.get(number) or Became(Outcome.PROBLEM, problems=problems)
        words = {"name": name, "done": one.done, "problems": one.problems}
        rows.append(ImportRow(of=kept, number=number, outcome=one.outcome, sealed=seal(json.dumps(words))))
    return rows


def _with_dates(data: dict) -> dict:
    """Undo what writing as JSON did to days."""
    if data.get("birth_date"):
        data["birth_date"] = dt.date.fromisoformat(data["birth_date"])
    return data


def _counted(counts: dict, rows: list[ImportRow]) -> dict:
    for row in rows:
        counts[row.outcome] = counts.get(row.outcome, 0) + 1
    return counts


def _try(kept: Import, rows: IO[str]) -> None:
    """Do everything in one transaction and take it back; then keep what was said."""
    kept.is_late = _is_late(kept)
    _all_at_once(kept, rows, is_real=False)


def _do_all(kept: Import, rows: IO[str]) -> None:
    """Do everything in one transaction, and take it back if a row has a problem."""
    _all_at_once(kept, rows, is_real=True)


def _all_at_once(kept: Import, rows: IO[str], *, is_real: bool) -> None:
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        counts: dict[str, int] = {}
        with transaction.atomic():
            run = _run(kept, lock_event(kept.event_id))
            progress(kept, kept.total, kept.total)
            for part in _parts(rows):
                became = _act(kept, run, part)
                _counted(counts, became)
                for row in became:
                    said.write(json.dumps([row.number, row.outcome, row.sealed]) + "\n")
            is_kept = is_real and not counts.get(Outcome.PROBLEM)
            if is_kept:
                _finish(kept, run, counts, said)
            else:
                transaction.set_rollback(True)
        if not is_kept:
            with transaction.atomic():
                _keep_rows(kept, said)
                _end(kept, ImportState.CHECKED, counts=counts, choice="")


def _keep_rows(kept: Import, said: IO[str]) -> None:
    kept.rows.all().delete()
    for part in _parts(said):
        ImportRow.objects.bulk_create(
            [ImportRow(of=kept, number=number, outcome=outcome, sealed=sealed) for number, outcome, sealed in part], batch_size=PART
        )


def _finish(kept: Import, run: Run, counts: dict, said: IO[str] | None) -> None:
    """End an import in the transaction of its (last) rows: the file goes, its words stay until they expire."""
    if said:
        _keep_rows(kept, said)
    _end(kept, ImportState.DONE, counts=counts, done=kept.total, finished_at=timezone.now(), sealed_key="")
    record(run.by, "import.done", kept, event=run.event, kind=kept.kind, choice=kept.choice, rows=counts)
    transaction.on_commit(functools.partial(files.remove, kept))


def _do_good(kept: Import, rows: IO[str]) -> None:
    """Do the good rows part by part, each for good at once: a worker that dies leaves whole parts, and the next finds them unchanged."""
    run, total = None, kept.total
    counts: dict[str, int] = {}
    for part in _parts(rows):
        with transaction.atomic():
            event = lock_event(kept.event_id)
            run = run or _run(kept, event)
            run.event = event
            became = _act(kept, run, part)
            _counted(counts, became)
            kept.rows.filter(number__in=[row.number for row in became]).delete()
            ImportRow.objects.bulk_create(became, batch_size=PART)
            kept.done = sum(counts.values())
            if kept.done < total:
                progress(kept, kept.done, total)
            else:
                _finish(kept, run, counts, None)
