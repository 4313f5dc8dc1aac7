"""Papers: adding, marking and removing the documents of the agenda."""

import contextlib
import functools
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from conference.lib import media
from conference.lib.viewer import Actor
from conference.lib.words import languages
from delegates.models import Delegation
from delegates.rules import check_editing
from events.actions import end_audiences, keep_audiences, lock_event, record
from events.choices import Audience
from events.models import Event
from events.rules import NotAllowed
from sessions import rules
from sessions.models import Paper, Session

_FIELDS = [*(f"title_{code}" for code in languages()), "session", "audience", "label", "chatham_house", "position"]
_MARKS = ["audience", "label", "chatham_house"]


def paper_values(paper: Paper) -> dict[str, Any]:
    """What a form shows of a paper, as plain values that can be compared."""
    chosen = sorted(paper.delegations.values_list("public_id", flat=True))
    session = paper.session.public_id if paper.session else ""
    values = {name: session if name == "session" else getattr(paper, name) for name in _FIELDS}
    return values | {"delegations": chosen}


def add_paper(event: Event, *, file: UploadedFile, by: Actor, delegations: Iterable[Delegation] = (), **fields: Any) -> Paper:
    """Keep a PDF, PNG or JPEG of at most `MAX_UPLOAD_BYTES` under a random name; what it is follows from its content alone."""
    media_type = check_file(file)
    given_name = _printable(file.name or "")
    paper = Paper(event=event, file_name=given_name[-200:], media_type=media_type, size=file.size or 0)
    paper.file.save(given_name, file, save=False)
    with contextlib.ExitStack() as undo:
        undo.callback(paper.file.storage.delete, str(paper.file.name))
        with transaction.atomic():
            locked = lock_event(event.pk)
            check_editing(locked)
            _put(paper, fields)
            paper.save()
            paper.delegations.set(_chosen(paper, delegations))
            keep_audiences(paper, event=locked, by=by)
            record(by, "paper.add", paper, event=locked, after=_marks(paper))
        undo.pop_all()  # committed: the file stays
    return paper


def check_file(file: UploadedFile) -> str:
    """Give the media type of a file that may be kept; raise `NotAllowed` for one that is too large or of another kind."""
    if file.size > settings.MAX_UPLOAD_BYTES:
        raise NotAllowed(_("This file is larger than %(limit)s MB.") % {"limit": settings.MAX_UPLOAD_BYTES // 1024**2})
    media_type = media.type_of(file)
    if not media_type:
        raise NotAllowed(_("This is not a whole PDF, PNG or JPEG file. Save the document as PDF."))
    return media_type


def change_paper(
    paper: Paper, *, by: Actor, delegations: Iterable[Delegation] = (), seen: Mapping[str, str] | None = None, **fields: Any
) -> Paper:
    """Change title, place and marking of a paper, at once; may raise `Stale`."""
    with transaction.atomic():
        event = lock_event(paper.event_id)
        check_editing(event)
        locked = Paper.objects.select_related("event", "session").get(pk=paper.pk)
        rules.check_fresh(seen, paper_values(locked))
        before = _marks(locked)
        _put(locked, fields)
        locked.save(update_fields=list(fields))
        locked.delegations.set(_chosen(locked, delegations))
        keep_audiences(locked, event=event, by=by)
        record(by, "paper.change", locked, event=event, before=before, after=_marks(locked))
    return locked


def remove_paper(paper: Paper, *, by: Actor) -> None:
    """Remove a paper and its file; what was recorded of it stays."""
    with transaction.atomic():
        event = lock_event(paper.event_id)
        check_editing(event)
        record(by, "paper.remove", paper, event=event, before=_marks(paper))
        end_audiences(paper, event=event)
        paper.delete()
        # A file cannot be brought back when the transaction fails, so it goes after the commit.
        transaction.on_commit(functools.partial(paper.file.storage.delete, str(paper.file.name)))


def _printable(name: str) -> str:
    """The sender's name for a file, without the characters nobody sees (PostgreSQL refuses NUL in a text)."""
    return "".join(character for character in name if character.isprintable())


def _put(paper: Paper, fields: Mapping[str, Any]) -> None:
    if unknown := fields.keys() - set(_FIELDS):
        raise TypeError(f"a paper has no fields {sorted(unknown)}")
    for name, value in fields.items():
        setattr(paper, name, value)
    session: Session | None = paper.session
    if session and session.event_id != paper.event_id:
        raise NotAllowed(_("This session is not one of this event."))
    rules.check_marking(paper.audience, paper.label)


def _chosen(paper: Paper, delegations: Iterable[Delegation]) -> list[Delegation]:
    chosen = list(delegations) if paper.audience == Audience.SELECTED else []
    if any(delegation.event_id != paper.event_id for delegation in chosen):
        raise NotAllowed(_("This delegation is not one of this event."))
    return chosen


def _marks(paper: Paper) -> dict[str, Any]:
    return {name: getattr(paper, name) for name in _MARKS} | {"delegations": paper_values(paper)["delegations"]}
