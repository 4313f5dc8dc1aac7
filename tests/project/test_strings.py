"""Every visible text can be translated: a crawl in a pseudo-language finds no text that is neither marked nor data."""

import functools
import gc
import html.parser
import pathlib
import re

import allauth
import django
import django_countries
import polib
import pytest
from django.conf import settings
from django.template import engines
from django.test import override_settings
from django.utils import translation
from django.utils.translation import get_language_info

from conference.lib import countries
from conference.management.commands.catalogues import messages
from conference.models import User
from conference.templatetags.ui import forget_pieces
from tests.matrix import ROWS, body
from tests.personas import PERSONAS, World

pytestmark = pytest.mark.django_db
LANGUAGE = "nl"  # stands in for the pseudo-language: it has columns, addresses and plural forms like any other
OURS = ("conference", "events", "delegates", "sessions", "django_countries")
SHOWN = {"title", "alt", "aria-label", "aria-description", "placeholder", "label"}
# What stays as it is in every language: data of the world (it starts with Zq), names, labels, zones, addresses, codes and ids.
DATA = re.compile(
    "|".join(
        [
            r"\b(?:[A-Z][\w -]+/)+[\w +-]+|\bUTC\b",
            *(rf"\b{re.escape(name)}" for _code, name in sorted(countries.choices(LANGUAGE), key=lambda country: -len(country[1]))),
            *(get_language_info(code)["name_local"] for code, _name in settings.LANGUAGES),
            r"\b(?:organisation|series) [\w-]+",  # references, as `__str__` gives them
            r"[\w.@+-]*zq[\w.@+-]*",
            r"TLP:[A-Z+]+",
            r"\bPlenary\b",
            r"\biCalendar\b|\bschedule\.(?:xml|json)\b",
            r"https?://\S+|\S+@example\.org",
            r"(?-i:\b[a-z]{2}(?:; [a-z]{2})+\b)",  # codes of languages, as files list them
            r"\b(?-i:[A-Z]{2})\b|\b(?-i:[a-z2-7]{10})\b",
        ]
    ),
    re.IGNORECASE,
)
LETTER = re.compile(r"[^\W\d_]{2,}")


def wrapped(text: str) -> str:
    """A text in the pseudo-language; lists of words that are taken apart are marked word by word."""
    return ",".join(f"⟦{part}⟧" for part in text.split(",")) if text == "yes,no,maybe" else f"⟦{text}⟧"


def pseudo_catalogue(folder: pathlib.Path) -> None:
    """Write a catalogue in which every text of ours and of the libraries stands between ⟦ and ⟧."""
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=2; plural=(n != 1);"}
    libraries = [pathlib.Path(module.__file__).parent for module in (django, allauth, django_countries)]
    compiled = [path for library in libraries for path in library.rglob(f"{LANGUAGE}/LC_MESSAGES/django.mo")]
    entries = {(entry.msgctxt or "", entry.msgid): entry for path in compiled for entry in polib.mofile(str(path))} | messages()
    for (context, text), entry in entries.items():
        said = {"msgstr_plural": {0: wrapped(text), 1: wrapped(entry.msgid_plural)}} if entry.msgid_plural else {"msgstr": wrapped(text)}
        catalogue.append(polib.POEntry(msgid=text, msgid_plural=entry.msgid_plural, msgctxt=context or None, **said))
    target = folder / LANGUAGE / "LC_MESSAGES"
    target.mkdir(parents=True)
    catalogue.save_as_mofile(str(target / "django.mo"))


def forget_what_was_read() -> None:
    """Empty the memories of our functions that keep texts by language."""
    forget_pieces()
    for thing in gc.get_objects():
        if type(thing) is functools._lru_cache_wrapper and getattr(thing, "__module__", "").startswith(OURS):
            thing.cache_clear()


@pytest.fixture(scope="module", autouse=True)
def pseudo_language(tmp_path_factory):
    """The site in the pseudo-language."""
    folder = tmp_path_factory.mktemp("pseudo")
    pseudo_catalogue(folder)
    with override_settings(LOCALE_PATHS=[folder]):
        forget_what_was_read()
        yield
    forget_what_was_read()


class Reader(html.parser.HTMLParser):
    """Reads a page as its readers do, and keeps what is neither between ⟦ and ⟧ nor data nor said to be in another language."""

    hidden = {"script", "style", "code"}  # code reads the same in every language
    void = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

    def __init__(self):
        super().__init__()
        self.open: list[tuple[str, bool]] = []  # element, and whether its text is not ours to translate
        self.depth = 0
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        foreign = given.get("lang", LANGUAGE) != LANGUAGE or tag in self.hidden or (tag == "time" and "datetime" in given)
        shown = [value for name, value in given.items() if name in SHOWN and value]
        if tag == "input" and given.get("type") in ("submit", "button", "reset"):
            shown.append(given.get("value", ""))
        if tag == "meta" and given.get("name") == "description":
            shown.append(given.get("content", ""))
        if not (foreign or self._is_foreign()):
            self.found += [text for text in shown if self._left(text)]
        if tag not in self.void:
            self.open.append((tag, foreign))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self._is_foreign():
            return
        outside = ""
        for letter in data:
            self.depth += (letter == "⟦") - (letter == "⟧")
            outside += letter if self.depth == 0 and letter != "⟧" else " "
        if LETTER.search(DATA.sub("", outside)):
            self.found.append(" ".join(data.split())[:100])

    def _is_foreign(self) -> bool:
        return any(foreign for _tag, foreign in self.open)

    @staticmethod
    def _left(text: str) -> bool:
        while text != (inner := re.sub(r"⟦[^⟦⟧]*⟧", "", text)):
            text = inner
        return bool(LETTER.search(DATA.sub("", text)))


def unmarked(page: str) -> list[str]:
    """The texts of a page nobody marked for translation."""
    reader = Reader()
    reader.feed(page)
    return sorted(set(reader.found)) + (["⟦ and ⟧ do not pair"] if reader.depth else [])


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.opens and row.in_browser and not row.only_post])
def test_every_text_is_marked(world: World, name):
    User.objects.update(language=LANGUAGE)
    row = ROWS[name]
    found = {}
    for persona in PERSONAS:
        if persona in row.opens and (persona in world.users or persona == "anonymous"):
            text = body(world.client(persona).get(row.url(name, world, LANGUAGE))).decode()
            assert "⟦" in text
            for left in unmarked(text):
                found.setdefault(left, persona)
    assert found == {}


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.posts and row.in_browser])
def test_every_complaint_is_marked(world: World, name):
    """Forms sent empty come back with words of ours."""
    User.objects.update(language=LANGUAGE)
    row = ROWS[name]
    persona = sorted(row.posts, key=PERSONAS.index)[-1]
    response = world.client(persona).post(row.url(name, world, LANGUAGE), row.data)
    assert unmarked(body(response).decode()) == []


@pytest.mark.parametrize("url", ["/nl/nowhere/", "/nl/events/zq-hidden/", "/nl/invitation/wrong/", "/admin/at/zq-event/audit/"])
def test_every_error_is_marked(world: World, url):
    User.objects.update(language=LANGUAGE)
    response = world.client("press officer").get(url)
    assert response.status_code >= 400
    assert unmarked(body(response).decode()) == []


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("<p>Plain words</p>", ["Plain words"]),
        ("<p>{% translate 'Sign in' %}</p>", []),
        ("<p>{% translate 'Sign in' %} now</p>", ["⟦Sign in⟧ now"]),
        ('<img alt="Picture">', ["Picture"]),
        ('<p lang="en">Plain words</p><p>Zqsomething, TLP:RED, 12:30</p>', []),
    ],
)
def test_unmarked_text_is_found(source, left):
    with translation.override(LANGUAGE):
        assert unmarked(engines["django"].from_string(source).render()) == left
