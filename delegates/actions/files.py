"""Files of persons and delegations: keeping and removing them, so that no sealed file outlives its row."""

import contextlib
import datetime as dt
import functools
import hashlib

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from conference.lib.sealing import Sealer, new_file_key, seal_file
from conference.lib.uploads import Checked, Unwanted, check
from conference.lib.viewer import Actor
from delegates.actions.moves import lock_delegation, lock_registration
from delegates.choices import FileKind
from delegates.models import Delegation, PersonalFile, Registration
from delegates.models.files import FOLDER
from delegates.rules import check_editing
from events.actions import record, reference_of
from events.models import Event
from events.rules import NotAllowed

# The sender's names for these say more than they should ("passport X1234567.pdf").
_NAMELESS = (FileKind.PHOTO, FileKind.IDENTITY_DOCUMENT)
_GRACE = dt.timedelta(hours=1)  # a file without a row may be one whose transaction is still open


def keep_file(
    upload: UploadedFile | Checked,
    *,
    event: Event,
    kind: str,
    by: Actor,
    registration: Registration | None = None,
    delegation: Delegation | None = None,
    key: str = "",
) -> PersonalFile:
    """Keep a file of a person or a delegation, sealed, in place of the earlier one of its kind and key (correspondence only adds).

    `upload` is what was sent, or what a `PersonalFileField` made of it. Raise `NotAllowed`, in words, for a file that is too large,
    broken or of another kind, and at a closed event.
    """
    row = PersonalFile(event=event, registration=registration, delegation=delegation, kind=kind, key=key, uploaded_by=reference_of(by))
    with contextlib.ExitStack() as undo:
        _seal(_checked(upload, kind), row)  # before anything is locked
        undo.callback(default_storage.delete, row.storage_name)
        with transaction.atomic():
            owner = _owner(row)
            if owner.event != event:
                raise ValueError("the file and its owner are of two events")
            check_editing(owner.event)
            for earlier in PersonalFile.objects.replaced_by(row):
                discard(earlier)
            row.save()
            record(by, "file.keep", owner, event=owner.event, file=str(row), kind=kind, media_type=row.media_type, size=row.size)
        undo.pop_all()
    return row


def remove_file(file: PersonalFile, *, by: Actor) -> None:
    """Remove a file of a person or a delegation, its row and what is on disk; raise `NotAllowed` at a closed event."""
    with transaction.atomic():
        owner = _owner(file)
        check_editing(owner.event)
        discard(file)
        record(by, "file.remove", owner, event=owner.event, file=str(file), kind=file.kind)


def sweep_files(at: dt.datetime) -> int:
    """Delete sealed files without a row, left behind by a transaction that failed or a process that was killed; say how many."""
    if not default_storage.exists(FOLDER):
        return 0
    _folders, names = default_storage.listdir(FOLDER)
    known = set(PersonalFile.objects.values_list("storage_name", flat=True))
    orphans = [name for name in (f"{FOLDER}/{found}" for found in names) if name not in known]
    old = [name for name in orphans if default_storage.get_modified_time(name) < at - _GRACE]
    for name in old:
        default_storage.delete(name)
    return len(old)


def _checked(upload: UploadedFile | Checked, kind: str) -> Checked:
    if isinstance(upload, Checked):
        return upload
    try:
        return check(upload, pictures_only=kind == FileKind.PHOTO)
    except Unwanted as refusal:
        raise NotAllowed(str(refusal)) from refusal


def _owner(file: PersonalFile) -> Registration | Delegation:
    """Lock whom a file is of."""
    if file.registration is not None:
        return lock_registration(file.registration)
    if file.delegation is None:
        raise ValueError("a file is of a registration or of a delegation")
    return lock_delegation(file.delegation)


def _seal(checked: Checked, row: PersonalFile) -> None:
    """Write the file to disk, sealed with a key of its own, and fill in the row."""
    key = new_file_key()
    row.sealed_key = Sealer(settings.DATA_KEYS).seal(key)
    suffix = checked.name.rpartition(".")[2]
    row.file_name = f"{row.kind.replace('_', '-')}.{suffix}" if row.kind in _NAMELESS else checked.name
    row.media_type, row.size = checked.media_type, len(checked.content)
    row.sha256 = hashlib.sha256(checked.content).hexdigest()
    row.uploaded_at = timezone.now()
    row.storage_name = default_storage.save(row.storage_name, ContentFile(b"".join(seal_file(checked.content, key))))


def discard(file: PersonalFile) -> None:
    """Delete the row inside the caller's transaction; the file, which cannot be brought back when that fails, goes after the commit."""
    transaction.on_commit(functools.partial(default_storage.delete, file.storage_name))
    file.delete()
