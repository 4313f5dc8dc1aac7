"""A fifth language is one line of the settings, one migration per app, and a catalogue; `docs/languages.md` says how."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from django.apps import apps
from django.conf import settings
from django.utils.translation import to_locale

from conference.lib.sealing import new_key

APPS = ("conference", "events", "delegates", "agenda")


def translated_columns(language: str) -> set[str]:
    """The columns of our tables that hold text in a language."""
    suffix = "_" + to_locale(language).lower()
    return {
        f"{model._meta.label}.{field.name}"
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.local_fields
        if field.name.endswith(suffix) and hasattr(model, field.name.removesuffix(suffix))
    }


@pytest.fixture
def copy(tmp_path):
    """The project in a folder of its own, with Spanish as the documentation says."""
    for part in ("conference", "events", "delegates", "sessions", "templates"):
        shutil.copytree(settings.BASE_DIR / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(settings.BASE_DIR / "manage.py", tmp_path)
    path = tmp_path / "conference" / "settings.py"
    old = '("de", _("German"))]'
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, '("de", _("German")), ("es", _("Spanish"))]'))
    return tmp_path


def manage(folder, *arguments: str) -> str:
    keys = folder / "keys"
    if not keys.exists():
        keys.write_text(new_key())
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "a secret key that is long enough to be accepted by the settings",
        "DATA_KEYS_FILE": str(keys),
        "ALLOWED_HOSTS": "localhost",
        "SITE_URL": "https://localhost",
        "DATA_DIR": str(folder / "var"),
    }
    (folder / "var").mkdir(exist_ok=True)
    command = [sys.executable, "manage.py", *arguments]
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_a_fifth_language_gets_a_column_beside_every_other(copy):
    made = manage(copy, "makemigrations", *APPS, "-n", "add_spanish")
    added = set(re.findall(r"\+ Add field (\w+_es) to (\w+)", made))
    assert len(added) == len(translated_columns("de")) >= 20
    assert "Remove" not in made
    manage(copy, "migrate", "--verbosity", "0")
    assert "No changes detected" in manage(copy, "makemigrations", "--check", "--dry-run")
    asked = "from events.models import Event; print(Event(title_es='Conferencia', working_language='en').title)"
    told = manage(copy, "shell", "--no-imports", "-c", f"from django.utils.translation import activate; activate('es'); {asked}")
    assert told.strip() == "Conferencia"


def test_every_language_has_the_same_columns():
    columns = {code: {name.removesuffix(f"_{code}") for name in translated_columns(code)} for code, _name in settings.LANGUAGES}
    assert len({frozenset(found) for found in columns.values()}) == 1
