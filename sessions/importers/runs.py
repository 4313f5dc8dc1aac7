"""One agenda from the file to the draft: kept sealed, tried and taken back, read by whoever sent it, and taken; here or by the worker.

What is taken must be what was shown: an agenda that somebody changed in between is tried again instead.
"""

import dataclasses
import datetime as dt
import functools
import hashlib
import json
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from conference.lib.sealing import Sealer, Unsealable
from conference.lib.viewer import SYSTEM, Actor
from delegates.choices import ImportState
from delegates.importers import files
from delegates.importers.steps import KEPT_FOR, Changed, end, lease, move, progress
from events.actions import record
from events.models import Event, StaffRole
from events.rules import NotAllowed, acts_of
from sessions.importers import MAX_BYTES, Problem, Report, import_agenda, read_agenda
from sessions.models import AgendaImport

SMALL_BYTES = 128 * 1024  # what is done while the sender waits
_OPEN = (ImportState.CHECKED, ImportState.FAILED)


def keep_upload(event: Event, upload: UploadedFile, *, audience: str, label: str, texts_in: str, by: Actor) -> AgendaImport:
    """Keep an agenda and try it, at once if it is small, else by the worker; raise `NotAllowed` for one too large.

    Nothing is changed before `take`.
    """
    if (upload.size or 0) > MAX_BYTES:
        words = {"size": (upload.size or 0) >> 20, "limit": MAX_BYTES >> 20}
        raise NotAllowed(_("The file has %(size)d MB, and at most %(limit)d are read.") % words)
    now = timezone.now()
    kept = AgendaImport(
        event=event,
        audience=audience,
        label=label,
        texts_in=texts_in,
        file_name="".join(sign for sign in upload.name or "" if sign.isprintable())[-200:],
        language=get_language() or settings.LANGUAGE_CODE,
        uploaded_by=by.user,
        hat=by.hat,
        uploaded_at=now,
        expires_at=now + KEPT_FOR,
    )
    files.keep(kept, upload)
    with transaction.atomic():
        kept.save()
        record(by, "agenda.send", kept, event=event)
    if _is_small(kept):
        check(kept)
    return kept


def choose(kept: AgendaImport, *, audience: str, label: str, texts_in: str) -> None:
    """Try the same file with other choices; raise `Changed` when it is not there to be tried."""
    language = get_language() or settings.LANGUAGE_CODE
    move(kept, _OPEN, ImportState.WAITING, audience=audience, label=label, texts_in=texts_in, language=language, done=0)
    if _is_small(kept):
        check(kept)


def take(kept: AgendaImport, *, by: Actor) -> None:
    """Have what was shown done for good; raise `Changed` when it is not there to be done."""
    move(kept, (ImportState.CHECKED,), ImportState.QUEUED, uploaded_by=by.user, hat=by.hat, done=0)
    if _is_small(kept):
        apply(kept)


def give_up(kept: AgendaImport, *, by: Actor) -> None:
    """Remove the file and what was said of it, without importing anything."""
    with transaction.atomic():
        move(kept, (*_OPEN, ImportState.WAITING), ImportState.REMOVED, sealed_key="", file_name="", sealed_report="")
        record(by, "agenda.drop", kept, event=kept.event)
        transaction.on_commit(functools.partial(files.remove, kept))


def work(at: dt.datetime) -> bool:
    """Do the next part that waits for a worker, and say whether there was one."""
    for kept in AgendaImport.objects.to_work_on(at).select_related("event", "uploaded_by")[:5]:
        step = apply if kept.state in (ImportState.QUEUED, ImportState.WRITING) else check
        try:
            step(kept)
        except Changed:
            continue  # another worker was first
        return True
    return False


def tidy(at: dt.datetime) -> None:
    """Remove the file and the words of every import whose time is over; the counts stay."""
    for kept in AgendaImport.objects.over(at).exclude(file_name="", sealed_key="", sealed_report=""):
        files.remove(kept)
        kept.state = kept.state if kept.state in (ImportState.DONE, ImportState.FAILED) else ImportState.REMOVED
        kept.sealed_key, kept.file_name, kept.sealed_report = "", "", ""
        kept.save(update_fields=["state", "sealed_key", "file_name", "sealed_report"])


def check(kept: AgendaImport) -> None:
    """Read the file and try all of it, take everything back, and keep what was said."""
    lease(kept, (ImportState.WAITING, ImportState.READING), ImportState.READING)
    with override(kept.language):
        _keep_report(kept, _run(kept, is_real=False))


def apply(kept: AgendaImport) -> None:
    """Do for good what was shown; what would now become otherwise is shown again instead."""
    lease(kept, (ImportState.QUEUED, ImportState.WRITING), ImportState.WRITING)
    with override(kept.language):
        with transaction.atomic():
            report = _run(kept, is_real=True)
            is_same = report.is_applied and _digest(report) == kept.digest
            if is_same:
                _finish(kept, report)
            else:
                transaction.set_rollback(True)
        if not is_same:
            if report.is_clean:
                words = _("The agenda was changed meanwhile: read again what would be done.")
                report.problems.insert(0, Problem("", words, is_fatal=False))
            _keep_report(kept, report)


def _run(kept: AgendaImport, *, is_real: bool) -> Report:
    """Read the file and import it, or try to; nobody may who has lost the right meanwhile, for a worker may come to it much later."""
    if not _is_still_allowed(kept):
        return Report([Problem("", _("Whoever sent this file may not import it any more."))])
    event = Event.objects.get(pk=kept.event_id)
    try:
        with files.opened(kept) as file:
            data = file.read()
    except (OSError, Unsealable):
        return Report([Problem("", _("The file is not there any more. Send it again."))])
    reading = read_agenda(data, zone=event.zone, days=event.days, day_starts_at=event.day_starts_at)
    kept.total = len(reading.sessions)
    if not is_real:
        progress(kept, 0, kept.total)
    by = Actor(user=kept.uploaded_by, hat=kept.hat, source=f"{kept}")
    return import_agenda(event, reading, by=by, audience=kept.audience, label=kept.label, language=kept.texts_in, apply=is_real)


def _keep_report(kept: AgendaImport, report: Report) -> None:
    state = ImportState.CHECKED if report.is_clean else ImportState.FAILED
    end(kept, state, **_said(report), digest=_digest(report) if report.is_clean else "")


def _finish(kept: AgendaImport, report: Report) -> None:
    """End an import in the transaction of its sessions: the file goes, what was said stays until it expires."""
    kept.done = kept.total
    end(kept, ImportState.DONE, **_said(report), digest="", finished_at=timezone.now(), sealed_key="")
    transaction.on_commit(functools.partial(files.remove, kept))


def _said(report: Report) -> dict[str, Any]:
    """The columns that say what was, or would be, done."""
    counts = dataclasses.asdict(report.imported) if report.imported else {}
    counts |= {"problems": sum(1 for problem in report.problems if problem.is_fatal) + report.more_problems}
    counts |= {"conflicts": sum(1 for line in report.lines if line.conflicts)}
    whole = dataclasses.asdict(report)
    words = {name: whole[name] for name in ("problems", "more_problems", "lines", "added", "left", "many_conflicts")}
    return {"counts": counts, "sealed_report": Sealer(settings.DATA_KEYS).seal(json.dumps(words))}


def _digest(report: Report) -> str:
    """What would be done, in short: the same agenda and file give the same."""
    told = [[line.place, line.title, line.outcome, line.said] for line in report.lines]
    return hashlib.sha256(json.dumps([told, report.added, report.left]).encode()).hexdigest()


def _is_small(kept: AgendaImport) -> bool:
    """Say whether the file can be done while its sender waits; one that is gone says so at once."""
    try:
        with files.opened(kept) as file:
            return file.seek(0, 2) <= SMALL_BYTES
    except (OSError, Unsealable):
        return True


def _is_still_allowed(kept: AgendaImport) -> bool:
    user = kept.uploaded_by
    if user is None:
        return kept.hat == SYSTEM.hat
    roles = StaffRole.objects.live(timezone.now()).held_by(user).filter(event=kept.event).values_list("role", flat=True)
    return (user.is_superuser and user.is_active) or "programme" in acts_of(list(roles), kept.event)
