"""The layers of the house hold, and a module without a place fails the build."""

import pathlib
import shutil
import subprocess
import sys

import pytest
from django.conf import settings

PACKAGES = ("conference", "sessions", "delegates", "events")


def lint(folder: pathlib.Path) -> subprocess.CompletedProcess:
    command = [str(pathlib.Path(sys.executable).with_name("lint-imports")), "--no-cache", "--config", "pyproject.toml"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(folder), "PATH": ""})


@pytest.fixture
def copy(tmp_path):
    """The packages in a folder of their own, to break."""
    for package in PACKAGES:
        shutil.copytree(settings.BASE_DIR / package, tmp_path / package, ignore=shutil.ignore_patterns("static", "locale", "__pycache__"))
    shutil.copy(settings.BASE_DIR / "pyproject.toml", tmp_path)
    return tmp_path


def test_layers_are_kept():
    result = lint(settings.BASE_DIR)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("name", ["events/utils.py", "sessions/helpers.py", "conference/services.py"])
def test_layers_name_every_module(copy, name):
    (copy / name).write_text('"""Nowhere."""\n')
    result = lint(copy)
    assert result.returncode == 1
    assert name.removesuffix(".py").replace("/", ".") in result.stdout


@pytest.mark.parametrize(
    ("lower", "upper"),
    [
        ("events/rules.py", "delegates.rules"),
        ("delegates/rules/moves.py", "delegates.models"),
        ("conference/lib/clock.py", "events.models"),
    ],
)
def test_layers_refuse_an_import_upwards(copy, lower, upper):
    with (copy / lower).open("a") as file:
        file.write(f"\nimport {upper}\n")
    result = lint(copy)
    assert result.returncode == 1
    assert upper in result.stdout
