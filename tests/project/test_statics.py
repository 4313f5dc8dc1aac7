"""Modules are kept by browsers for a year, so each must import its siblings by the names their contents have today."""

import pathlib
import re

import pytest
from django.core.management import call_command

PLAIN = "whitenoise.storage.CompressedManifestStaticFilesStorage"
IMPORT = re.compile(r"""(?:^|[;}\s])(?:import|export)\b[^;"'()]*\(?\s*["']([./][^"']*)["']""")
HASHED = re.compile(r"\.[0-9a-f]{12}\.js$")


def imports_of(folder: pathlib.Path, settings, backend: str) -> list[tuple[str, str]]:
    """Collect our modules and give what each hashed one imports: the name in it, and the file that is meant ("" if none is there)."""
    settings.STATIC_ROOT = folder
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": backend}}
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["admin", "ninja", "django_htmx", "*.css", "*.woff2"])
    found = []
    for module in sorted(folder.glob("conference/js/*.js")):
        if not HASHED.search(module.name):
            continue
        for name in IMPORT.findall(module.read_text()):
            meant = module.parent / name
            found.append((name, meant.name if meant.is_file() else ""))
    return found


def test_every_import_names_a_file_that_holds_a_digest(tmp_path, settings):
    found = imports_of(tmp_path, settings, "conference.lib.statics.StaticFiles")
    assert len(found) >= 2  # the board has two siblings
    assert [name for name, meant in found if not HASHED.search(meant)] == []


def test_without_our_storage_the_imports_would_be_plain(tmp_path, settings):
    assert [name for name, meant in imports_of(tmp_path, settings, PLAIN) if not HASHED.search(meant)] != []


@pytest.mark.parametrize("text", ['import { a } from "./x.js";', 'import"./x.js"', 'await import("./x.js")', 'export * from "./x.js"'])
def test_every_way_to_import_is_seen(text):
    assert IMPORT.findall(text) == ["./x.js"]
