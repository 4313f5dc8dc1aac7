"""The catalogues: every text in every language, complete, with its placeholders, and compiled."""

import re

import polib
import pytest

from conference.management.commands.catalogues import messages, paths, read, update

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")
LANGUAGES = sorted(paths())


def catalogue(language: str) -> polib.POFile:
    path = paths()[language]
    assert path.exists(), f"no catalogue for {language}: manage.py catalogues"
    return read(language, path)


def placeholders(text: str) -> list[str]:
    return sorted({match[0] for match in PLACEHOLDER.finditer(text)})


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_has_exactly_the_texts_of_the_source(language):
    found = {(entry.msgctxt or "", entry.msgid, entry.msgid_plural) for entry in catalogue(language) if not entry.obsolete}
    wanted = {(context, text, entry.msgid_plural) for (context, text), entry in messages().items()}
    assert sorted(wanted - found) == [], "missing: manage.py catalogues adds them"
    assert sorted(found - wanted) == [], "gone from the source: manage.py catalogues takes them out"


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_is_translated(language):
    assert [entry.msgid for entry in catalogue(language) if not entry.translated() and not entry.obsolete] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_keeps_placeholders(language):
    wrong = []
    for entry in catalogue(language).translated_entries():
        if entry.msgid_plural:
            known = {*placeholders(entry.msgid), *placeholders(entry.msgid_plural)}
            wrong += [entry.msgid for text in entry.msgstr_plural.values() if not set(placeholders(text)) <= known]
            wrong += [entry.msgid for text in [entry.msgstr_plural[1]] if placeholders(text) != placeholders(entry.msgid_plural)]
        elif placeholders(entry.msgid) != placeholders(entry.msgstr):
            wrong.append(entry.msgid)
        for text in (entry.msgstr, *entry.msgstr_plural.values()):
            if text and (entry.msgid[:1].isspace(), entry.msgid[-1:].isspace()) != (text[:1].isspace(), text[-1:].isspace()):
                wrong.append(entry.msgid)
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_has_every_plural_form(language):
    forms = int(re.search(r"nplurals=(\d+)", catalogue(language).metadata["Plural-Forms"])[1])
    plurals = [entry for entry in catalogue(language) if entry.msgid_plural]
    assert [entry.msgid for entry in plurals if len([text for text in entry.msgstr_plural.values() if text]) != forms] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogue_equals_its_source(language):
    path = paths()[language].with_suffix(".mo")
    assert path.exists(), "not compiled: manage.py catalogues"
    compiled = polib.mofile(str(path))
    said = {(entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural) for entry in compiled}
    source = {(entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural) for entry in catalogue(language).translated_entries()}
    assert said == source


def test_texts_are_found_in_python_and_in_templates(tmp_path):
    for package in ("conference", "events", "delegates", "sessions", "templates"):
        (tmp_path / package).mkdir()
    (tmp_path / "events" / "a.py").write_text('_("one" " text")\nngettext("%(n)s day", "%(n)s days", n)\npgettext_lazy("month", "May")\n')
    (tmp_path / "templates" / "a.html").write_text(
        "{% translate 'two' context \"page\" %} {% blocktranslate count n=x trimmed %}\n  {{ n }} it's\n"
        "{% plural %} {{ n }} those 5% {% endblocktranslate %} {{ x|default:_('three') }} {% include 'y' with a=_(\"four\") %}"
    )
    assert [(context, text, entry.msgid_plural) for (context, text), entry in messages(tmp_path).items()] == [
        ("", "one text", ""),
        ("", "%(n)s day", "%(n)s days"),
        ("month", "May", ""),
        ("page", "two", ""),
        ("", "%(n)s it's", "%(n)s those 5%%"),
        ("", "three", ""),
        ("", "four", ""),
    ]


def test_translations_survive_an_update():
    old = polib.POFile()
    old.append(polib.POEntry(msgid="kept", msgstr="gardé"))
    old.append(polib.POEntry(msgid="gone", msgstr="parti"))
    update(old, {("", "kept"): polib.POEntry(msgid="kept"), ("", "new"): polib.POEntry(msgid="new")})
    assert [(entry.msgid, entry.msgstr) for entry in old] == [("kept", "gardé"), ("new", "")]
