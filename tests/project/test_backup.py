"""A backup is a restore: into an empty database, with the same rows and the same files, and never over anything."""

import io
import json
import os
import subprocess
import sys
import uuid

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from conference.lib.sealing import new_key
from events.choices import Urgency
from events.outbox import queue
from tests.factories import EventFactory, PaperFactory, UserFactory


@pytest.fixture
def empty_database(tmp_path):
    """The address of an empty database of the kind in use."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'restored.sqlite3'}"
        return
    name = f"plenary_restored_{uuid.uuid4().hex[:8]}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    given = settings.DATABASES["default"]
    try:
        yield f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT'] or 5432}/{name}"
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def restore(tmp_path, database: str) -> subprocess.CompletedProcess:
    return manage(tmp_path, database, "restore", str(tmp_path / "backup"))


def manage(tmp_path, database: str, *command: str) -> subprocess.CompletedProcess:
    keys = tmp_path / "keys"
    keys.write_text(new_key())
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "conference.settings",
        "SECRET_KEY": "a secret key that is long enough to be accepted by the settings",
        "DATA_KEYS_FILE": str(keys),
        "ALLOWED_HOSTS": "localhost",
        "SITE_URL": "https://localhost",
        "DATABASE_URL": database,
        "MEDIA_ROOT": str(tmp_path / "restored-files"),
        "DATA_DIR": str(tmp_path),
    }
    return subprocess.run(
        [sys.executable, "manage.py", *command], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def backed_up(transactional_db, tmp_path, settings):
    """A folder with a backup of some rows and one file."""
    settings.MEDIA_ROOT = tmp_path / "files"
    UserFactory.create_batch(3)
    PaperFactory(event=EventFactory())
    queue(kind="login_code", to="a@example.org", language="en", subject="S", text="T", dedup_key="b", urgency=Urgency.CODE)
    call_command("backup", tmp_path / "backup", stdout=io.StringIO())
    return tmp_path / "backup"


def test_restore_gives_the_same_rows_and_files(backed_up, tmp_path, empty_database):
    result = restore(tmp_path, empty_database)
    assert (result.returncode, result.stderr) == (0, "")
    assert "; all equal\nAll mail waits: " in result.stdout
    contents = json.loads((backed_up / "contents.json").read_text())
    assert contents["rows"]["conference_user"] == 3
    assert len(contents["files"]) == 1
    state = manage(tmp_path, empty_database, "mail", "state")
    assert state.stdout.startswith("stopped after a restore: the whole site, since ")
    assert "1 waiting, 1 of them held back, 0 due now" in state.stdout
    assert manage(tmp_path, empty_database, "mail", "release").stdout == "1 waiting, 0 of them held back, 1 due now\n"


def test_restore_refuses_a_database_with_something_in_it(backed_up, tmp_path, empty_database):
    assert restore(tmp_path, empty_database).returncode == 0
    again = restore(tmp_path, empty_database)
    assert again.returncode == 1
    assert "The database is not empty" in again.stderr


def test_restore_tells_what_differs(backed_up, tmp_path, empty_database):
    contents = json.loads((backed_up / "contents.json").read_text())
    contents["rows"]["conference_user"] = 4
    (backed_up / "contents.json").write_text(json.dumps(contents))
    result = restore(tmp_path, empty_database)
    assert result.returncode == 1
    assert "conference_user: 4 became 3" in result.stderr


def test_restore_tells_a_file_that_was_changed(backed_up, tmp_path, empty_database):
    next(path for path in (backed_up / "files").rglob("*") if path.is_file()).write_bytes(b"altered")
    result = restore(tmp_path, empty_database)
    assert result.returncode == 1
    assert "differ from the backup" in result.stderr


def test_backup_refuses_a_folder_with_something_in_it(backed_up):
    with pytest.raises(CommandError, match="not empty"):
        call_command("backup", backed_up)
