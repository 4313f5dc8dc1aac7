"""Templates: none unused, none with script, style or handlers inside, none that trusts text, and every static file is used."""

import ast
import pathlib
import re

import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import get_template

from tests.matrix import ROWS, body
from tests.personas import World

TEMPLATES = settings.BASE_DIR / "templates"
PACKAGES = ("conference", "events", "delegates", "sessions")
FILES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*") if path.is_file())
PAGES = [name for name in FILES if name.endswith(".html") and "/emails/" not in name and not name.startswith("emails/")]

INLINE = {
    "script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "address with script": re.compile(r"javascript:", re.IGNORECASE),
}
# Names other programs ask for by convention: Django's error pages and forms, the accounts library, the organisers' site.
BY_CONVENTION = re.compile(r"^(400|403|403_csrf|404|500)\.html$|^(account|mfa|usersessions|allauth|admin|django|registration)/")


def source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def python_files():
    for package in PACKAGES:
        yield from (path for path in sorted((settings.BASE_DIR / package).rglob("*.py")) if "migrations" not in path.parts)


def said_in_python() -> set[str]:
    """Every text of the code; a template or static file is named by one of them, whole or as the start or end of one put together."""
    texts = set()
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [re.escape(part.value) if isinstance(part, ast.Constant) else r"[\w./-]+" for part in node.values]
                texts.add("~" + "".join(parts))
    return texts


def is_named(name: str, texts: set[str]) -> bool:
    return any(re.fullmatch(text[1:], name) for text in texts if text.startswith("~")) or name in texts


def is_mail(name: str, texts: set[str]) -> bool:
    """Messages are composed by their name without the ending: `delegates/emails/invitation`."""
    stem = re.sub(r"\.(subject\.txt|txt|html)$", "", name)
    return "emails/" in name and (is_named(stem, texts) or is_named(stem.split("emails/")[1], texts))


def test_every_template_is_used():
    texts = said_in_python()
    everything = {name: source(name) for name in FILES}
    unused = [
        name
        for name in FILES
        if not BY_CONVENTION.match(name)
        and not is_named(name, texts)
        and not is_mail(name, texts)
        and not any(f'"{name}"' in text or f"'{name}'" in text for other, text in everything.items() if other != name)
    ]
    assert unused == []


@pytest.mark.parametrize("name", FILES)
def test_template_can_be_read(name):
    assert get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_template_has_nothing_inline(name):
    assert [what for what, pattern in INLINE.items() if pattern.search(source(name))] == []


@pytest.mark.parametrize("name", FILES)
def test_template_trusts_no_text(name):
    text = source(name)
    assert re.findall(r"\|\s*(?:safe|safeseq)\b", text) == []
    # Mail in plain text is not HTML; everything else escapes.
    if not name.endswith(".txt"):
        assert re.findall(r"{%\s*autoescape\s+off", text) == []


# Where text is declared safe, and why it is.
MARKED_SAFE = {
    "conference/lib/markdown.py": 1,  # cleaned against the allow-list in the line above
    "conference/lib/places.py": 1,  # the cleaned HTML of the line above, each value put in escaped
    "conference/templatetags/ui.py": 2,  # parts escaped one by one, and a time of digits alone
    "sessions/views/marks.py": 1,  # a page templates wrote, and marks without a word of anybody's
}


def test_code_trusts_no_text():
    found = {}
    for path in python_files():
        calls = [
            node
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call)
            and getattr(node.func, "id", getattr(node.func, "attr", "")) in ("mark_safe", "SafeString")
            and node.args != []
            and getattr(node.args[0], "value", None) != ""
        ]
        if calls:
            found[path.relative_to(settings.BASE_DIR).as_posix()] = len(calls)
    assert found == MARKED_SAFE


def test_every_static_file_is_used():
    folder = settings.BASE_DIR / "conference" / "static"
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    texts = said_in_python()
    readers = [source(name) for name in FILES] + [
        path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.suffix in (".css", ".js", ".webmanifest")
    ]
    unused = [
        name
        for name in files
        if pathlib.Path(name).name.upper() not in ("OFL.TXT", "LICENSE", "LICENSE.TXT", "README.MD")
        and not is_named(name, texts)
        and not any(pathlib.Path(name).name in text for text in readers)
    ]
    assert unused == []


def test_unknown_variables_are_found():
    template = engines["django"].from_string("{{ nobody.gave.this }}")
    with pytest.raises(AssertionError, match=r"unknown variable nobody\.gave\.this"):
        template.render({})


def test_an_absent_variable_is_false_in_a_condition():
    assert engines["django"].from_string("{% if nobody.gave.this %}yes{% else %}no{% endif %}").render({}) == "no"


@pytest.mark.django_db
@pytest.mark.parametrize("persona", ["anonymous", "nominated", "EU", "focal", "manager"])
def test_pages_have_nothing_inline(world: World, persona):
    wrong = {}
    for name, row in ROWS.items():
        response = world.client(persona).get(row.url(name, world))
        text = body(response).decode(errors="replace")
        if "html" in response.headers.get("Content-Type", ""):
            found = [what for what, pattern in INLINE.items() if pattern.search(text)]
            if found:
                wrong[name] = found
    assert wrong == {}
