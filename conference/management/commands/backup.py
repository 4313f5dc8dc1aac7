"""Backs up the database and the files into a folder, with a list by which the restore is checked."""

import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

LIST = "contents.json"
SQLITE_COPY = "database.sqlite3"
POSTGRESQL_COPY = "database.dump"
FILES = "files"


class Command(BaseCommand):
    """Copies one moment of the database and every file; the keys file is not part of it and is kept elsewhere."""

    help = "Back up the database and the files into an empty folder."

    def add_arguments(self, parser):
        """The folder."""
        parser.add_argument("folder", type=pathlib.Path)

    def handle(self, *args, **options):
        """Write database, files and list; refuse a folder with something in it."""
        folder = options["folder"]
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if any(folder.iterdir()):
            raise CommandError(f"{folder} is not empty")
        rows = {"sqlite": copy_sqlite, "postgresql": copy_postgresql}[connection.vendor](folder)
        files = copy_files(pathlib.Path(settings.MEDIA_ROOT), folder / FILES)
        contents = {"made_at": timezone.now().isoformat(), "vendor": connection.vendor, "rows": rows, "files": files}
        (folder / LIST).write_text(json.dumps(contents, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        self.stdout.write(f"Backed up {sum(rows.values())} rows of {len(rows)} tables and {len(files)} files into {folder}")


def copy_sqlite(folder: pathlib.Path) -> dict[str, int]:
    """Write one moment of the database (never a plain copy of the file: that misses the write-ahead log); give rows by table."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(folder / SQLITE_COPY)])
    return rows_of_sqlite(folder / SQLITE_COPY)


def rows_of_sqlite(path: pathlib.Path) -> dict[str, int]:
    """Count the rows of each table of a database file after checking that it is whole."""
    database = sqlite3.connect(path)
    try:
        if (verdict := database.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise CommandError(f"{path}: {verdict}")
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
        return {table: database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables}  # noqa: S608 -- names from the catalogue
    finally:
        database.close()


def copy_postgresql(folder: pathlib.Path) -> dict[str, int]:
    """Dump the database with `pg_dump`; give rows by table as they are in the very snapshot that is dumped."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            cursor.execute("SELECT pg_export_snapshot()")
            run("pg_dump", "--format=custom", "--no-owner", f"--snapshot={cursor.fetchone()[0]}", f"--file={folder / POSTGRESQL_COPY}")
            return rows_of_postgresql()
        finally:
            cursor.execute("ROLLBACK")


def rows_of_postgresql() -> dict[str, int]:
    """Count the rows of each table."""
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 -- names from the catalogue
            counts[table] = cursor.fetchone()[0]
        return counts


def run(tool: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the database of the settings; the password goes through the environment."""
    path = shutil.which(tool)
    if not path:
        raise CommandError(f"{tool} was not found; it comes with PostgreSQL's client programs")
    database = settings.DATABASES["default"] | {"NAME": connection.settings_dict["NAME"]}
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    given = {variable: str(database[name]) for variable, name in names.items() if database.get(name)}
    result = subprocess.run([path, *arguments], env=os.environ | given, capture_output=True, text=True, check=False)  # noqa: S603 -- a fixed program
    if result.returncode:
        raise CommandError(f"{tool}: {result.stderr.strip()}")


def copy_files(source: pathlib.Path, target: pathlib.Path) -> dict[str, str]:
    """Copy every file of a folder; give the SHA-256 of each by its path."""
    target.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    return digests(target)


def digests(folder: pathlib.Path) -> dict[str, str]:
    """The SHA-256 of each file of a folder by its path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
