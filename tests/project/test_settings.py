"""The program refuses to start without what it needs, and says which; and answers only to its own name."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from conference.lib.sealing import new_key

KEY = "a secret key that is long enough to be accepted by the settings"


def start(tmp_path, **changes: str) -> subprocess.CompletedProcess:
    """Start the program as in production, with `changes` to a complete environment (an empty value takes a variable out)."""
    keys = tmp_path / "data-keys"
    keys.write_text(new_key())
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "conference.settings",
        "SECRET_KEY": KEY,
        "DATA_KEYS_FILE": str(keys),
        "ALLOWED_HOSTS": "plenary.example.org",
        "SITE_URL": "https://plenary.example.org",
        "DATA_DIR": str(tmp_path),
    } | changes
    return subprocess.run(
        [sys.executable, "-W", "error", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in environment.items() if value},
        capture_output=True,
        text=True,
        check=False,
    )


def test_program_starts_with_a_complete_environment(tmp_path):
    result = start(tmp_path)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DATA_KEYS_FILE"])
def test_program_refuses_to_start_without(tmp_path, name):
    result = start(tmp_path, **{name: ""})
    assert result.returncode != 0
    assert f"does not start without {name}" in result.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "plenary.example.org,*"),
        ("DATA_KEYS_FILE", "/nowhere/keys"),
        ("DATABASE_URL", "mysql://root@localhost/plenary"),
    ],
)
def test_program_refuses_to_start_with_an_unsafe(tmp_path, name, value):
    result = start(tmp_path, **{name: value})
    assert result.returncode != 0
    assert name in result.stderr.splitlines()[-1]


def test_program_reads_secrets_from_files(tmp_path):
    (tmp_path / "secret").write_text(KEY)
    assert start(tmp_path, SECRET_KEY="", SECRET_KEY_FILE=str(tmp_path / "secret")).returncode == 0


@pytest.mark.parametrize("url", ["/en/", "/healthz", "/admin/"])
def test_unknown_host_is_refused(db, url):
    assert Client().get(url, headers={"host": "elsewhere.example.org"}).status_code == 400
