"""Keeps the translations: gathers every text of the project into each `.po` and compiles its `.mo`, in Python, without gettext tools."""

import ast
import pathlib
import re
from collections.abc import Iterator

import polib
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation.template import templatize

PACKAGES = ("conference", "events", "delegates", "sessions")
# How many of the first arguments are texts, and which is which: context, text, plural.
CALLS = {
    "_": ("msgid",),
    "gettext": ("msgid",),
    "gettext_lazy": ("msgid",),
    "gettext_noop": ("msgid",),
    "ngettext": ("msgid", "msgid_plural"),
    "ngettext_lazy": ("msgid", "msgid_plural"),
    "pgettext": ("msgctxt", "msgid"),
    "pgettext_lazy": ("msgctxt", "msgid"),
    "npgettext": ("msgctxt", "msgid", "msgid_plural"),
    "npgettext_lazy": ("msgctxt", "msgid", "msgid_plural"),
}
PLURALS = {"fr": "nplurals=2; plural=(n > 1);"}
OTHER_PLURALS = "nplurals=2; plural=(n != 1);"
_TEXT = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_IN_TEMPLATE = re.compile(rf"\b(n?p?gettext|_)\(\s*{_TEXT}(?:\s*,\s*{_TEXT})?(?:\s*,\s*{_TEXT})?", re.DOTALL)

Key = tuple[str, str]  # context (empty when there is none) and text


class Command(BaseCommand):
    """Adds what is new to every `django.po`, takes out what is gone, and writes `django.mo` beside it."""

    help = "Gather every text of the project into its catalogues and compile them."

    def add_arguments(self, parser):
        """`--compile-only` leaves the texts as they are."""
        parser.add_argument("--compile-only", action="store_true")

    def handle(self, *args, **options):
        """Write and say how much of each language is translated."""
        for language, path in paths().items():
            catalogue = read(language, path)
            if not options["compile_only"]:
                update(catalogue, messages())
                path.parent.mkdir(parents=True, exist_ok=True)
                catalogue.save(str(path))
            catalogue.save_as_mofile(str(path.with_suffix(".mo")))
            left = len(catalogue.untranslated_entries()) + len(catalogue.fuzzy_entries())
            self.stdout.write(f"{language}: {len(catalogue)} texts, {left} to translate")


def paths() -> dict[str, pathlib.Path]:
    """Where the catalogue of each language stands; English is the source and has none."""
    folder = pathlib.Path(settings.LOCALE_PATHS[0])
    return {code: folder / code / "LC_MESSAGES" / "django.po" for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE}


def read(language: str, path: pathlib.Path) -> polib.POFile:
    """Open a catalogue, or begin one."""
    if path.exists():
        return polib.pofile(str(path), wrapwidth=120)
    catalogue = polib.POFile(wrapwidth=120)
    catalogue.metadata = {
        "Project-Id-Version": "Plenary",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS.get(language, OTHER_PLURALS),
    }
    return catalogue


def update(catalogue: polib.POFile, wanted: dict[Key, polib.POEntry]) -> None:
    """Give the catalogue exactly the wanted texts, in their order, keeping the translations it has."""
    kept = {(entry.msgctxt or "", entry.msgid): entry for entry in catalogue if not entry.obsolete}
    catalogue.clear()
    for key, entry in wanted.items():
        old = kept.get(key)
        if old and bool(old.msgid_plural) == bool(entry.msgid_plural):
            entry.msgstr, entry.msgstr_plural, entry.flags, entry.tcomment = old.msgstr, old.msgstr_plural, old.flags, old.tcomment
        catalogue.append(entry)


def messages(root: pathlib.Path | None = None) -> dict[Key, polib.POEntry]:
    """Gather every text of the project marked for translation, with the files it stands in."""
    root = root or settings.BASE_DIR
    found: dict[Key, polib.POEntry] = {}
    for path, texts in _by_file(root):
        for text in texts:
            key = (text.get("msgctxt", ""), text["msgid"])
            entry = found.setdefault(key, polib.POEntry(**text))
            entry.msgid_plural = entry.msgid_plural or text.get("msgid_plural", "")
            entry.msgstr_plural = {0: "", 1: ""} if entry.msgid_plural else {}
            if (path, "") not in entry.occurrences:
                entry.occurrences.append((path, ""))
            if "%(" in entry.msgid and "python-format" not in entry.flags:
                entry.flags.append("python-format")
    return found


def _by_file(root: pathlib.Path) -> Iterator[tuple[str, Iterator[dict[str, str]]]]:
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(root).as_posix(), _in_python(path.read_text(encoding="utf-8"))
    for path in sorted(path for path in (root / "templates").rglob("*") if path.is_file()):
        yield path.relative_to(root).as_posix(), _in_template(path.read_text(encoding="utf-8"))


def _in_python(source: str) -> Iterator[dict[str, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant) and isinstance(argument.value, str)]
            if name in CALLS and len(texts) >= len(CALLS[name]):
                yield dict(zip(CALLS[name], texts, strict=False))


def _in_template(source: str) -> Iterator[dict[str, str]]:
    for match in _IN_TEMPLATE.finditer(templatize(source)):
        texts = [ast.literal_eval(text) for text in match.groups()[1:] if text]
        yield dict(zip(CALLS[match[1]], texts, strict=False))
