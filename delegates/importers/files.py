"""The files of imports: sealed on disk under random names from the moment they come until their rows are written or given up."""

import contextlib
import tempfile
from collections.abc import Iterator
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from conference.lib.sealing import Sealer, new_file_key, open_file, seal_file
from delegates.models import SentFile


def keep(record: SentFile, upload: UploadedFile) -> None:
    """Seal a file on disk with a key of its own; the caller saves the row, without which nobody can read it."""
    key = new_file_key()
    content = ContentFile(b"".join(seal_file(upload.read(), key)))
    record.storage_name = default_storage.save(record.storage_name, content)
    record.sealed_key = Sealer(settings.DATA_KEYS).seal(key)


@contextlib.contextmanager
def opened(record: SentFile) -> Iterator[IO[bytes]]:
    """Open the file of an import in a temporary file that has no name and ends with the block."""
    key = Sealer(settings.DATA_KEYS).open(record.sealed_key)
    with tempfile.TemporaryFile() as plain, default_storage.open(record.storage_name) as sealed:
        for chunk in open_file(sealed, key):
            plain.write(chunk)
        plain.seek(0)
        yield plain


def remove(record: SentFile) -> None:
    """Take the file from the disk, if it is still there."""
    default_storage.delete(record.storage_name)
