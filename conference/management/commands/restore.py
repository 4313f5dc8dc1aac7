"""Restores a backup into an empty database and an empty folder of files, and compares every count and file with its list."""

import json
import pathlib
import sqlite3

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from conference.management.commands import backup
from conference.privacy.erasure import replay_ledger
from events.actions import stop_mail_after_restore


class Command(BaseCommand):
    """Puts back what `backup` wrote. It never writes over anything."""

    help = "Restore a backup into an empty database and compare rows and files."

    def add_arguments(self, parser):
        """The folder."""
        parser.add_argument("folder", type=pathlib.Path)

    def handle(self, *args, **options):
        """Restore, compare, and check the migrations; any difference is an error."""
        folder = options["folder"]
        if not (folder / backup.LIST).is_file():
            raise CommandError(f"{folder} holds no backup: {backup.LIST} is missing")
        contents = json.loads((folder / backup.LIST).read_text(encoding="utf-8"))
        check_target(contents)
        rows = {"sqlite": put_sqlite, "postgresql": put_postgresql}[connection.vendor](folder)
        files = backup.copy_files(folder / backup.FILES, pathlib.Path(settings.MEDIA_ROOT))
        wrong = differences(contents["rows"], rows) + differences(contents["files"], files)
        if wrong:
            raise CommandError("The restored data differ from the backup: " + "; ".join(wrong))
        call_command("migrate", check=True, verbosity=0)
        erased = replay_ledger()
        stop_mail_after_restore(timezone.now())
        self.stdout.write(
            f"Restored {sum(rows.values())} rows of {len(rows)} tables and {len(files)} files of {contents['made_at']}; all equal"
        )
        if erased:
            self.stdout.write(f"Erased again what {erased} persons had asked to have erased since")
        self.stdout.write("All mail waits: look at what is in the outbox, then release it with `manage.py mail release`")


def check_target(contents: dict) -> None:
    """Refuse another kind of database, and one (or a folder of files) that already holds something."""
    if contents["vendor"] != connection.vendor:
        raise CommandError(f"This is a backup of {contents['vendor']}; the database here is {connection.vendor}")
    if tables := connection.introspection.table_names():
        raise CommandError(f"The database is not empty: it has {len(tables)} tables")
    media = pathlib.Path(settings.MEDIA_ROOT)
    if media.is_dir() and any(media.iterdir()):
        raise CommandError(f"{media} is not empty")


def put_sqlite(folder: pathlib.Path) -> dict[str, int]:
    """Copy the database page by page; give rows by table as found afterwards."""
    connection.close()
    path = pathlib.Path(connection.settings_dict["NAME"])
    source, target = sqlite3.connect(folder / backup.SQLITE_COPY), sqlite3.connect(path)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
    return backup.rows_of_sqlite(path)


def put_postgresql(folder: pathlib.Path) -> dict[str, int]:
    """Let `pg_restore` fill the database in one transaction; give rows by table as found afterwards."""
    dbname = f"--dbname={connection.settings_dict['NAME']}"
    backup.run("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", dbname, str(folder / backup.POSTGRESQL_COPY))
    return backup.rows_of_postgresql()


def differences(wanted: dict, found: dict) -> list[str]:
    """Say what is missing, too much or different."""
    return [
        f"{name}: {wanted.get(name)} became {found.get(name)}" for name in sorted({*wanted, *found}) if wanted.get(name) != found.get(name)
    ]
