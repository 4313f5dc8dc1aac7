"""Public text in several languages: which language a reader gets, and which language the text then is in."""

import functools
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import get_language
from translated_fields import TranslatedField, to_attribute


class Words(str):
    """A text that knows its language, so that a page can mark text shown in a fallback language (WCAG 3.1.2)."""

    lang: str

    def __new__(cls, text: str, lang: str) -> "Words":
        """Make a text in a language."""
        words = super().__new__(cls, text)
        words.lang = lang
        return words


_column = functools.cache(to_attribute)


def label_of(choices: type[TextChoices], value: str, language: str | None = None) -> str:
    """Give the label of a value in the active language; `language` says which that is where the caller knows it.

    What `get_…_display` gives, at a thirtieth of its price: that one translates every label of the field each time it is asked.
    """
    return _label(choices, value, language or get_language())


@functools.lru_cache(maxsize=1024)
def _label(choices: type[TextChoices], value: str, language: str | None) -> str:
    return str(choices(value).label)  # in the active language, which is that of the key


def languages() -> list[str]:
    """List the languages of public text, as settings give them."""
    return [code for code, _name in settings.LANGUAGES]


def said(thing: Any, name: str, language: str) -> Words:
    """Give field `name` of something that says its working language, as a reader of `language` gets it.

    What reading the plain name gives, for loops over many things: asking for the active language costs more than the rest, and
    asking for the working language, which is the event's, is left until the text is missing.
    """
    if text := getattr(thing, _column(name, language), ""):
        return Words(text, language)
    return in_language(thing, name, language, thing.working_language)


def in_language(thing: object, name: str, language: str, working_language: str) -> Words:
    """Give field `name` in `language`; if empty in the working language; if empty in any; else an empty text."""
    if text := getattr(thing, _column(name, language), ""):
        return Words(text, language)
    for code in (working_language, *languages()):
        if text := getattr(thing, _column(name, code), ""):
            return Words(text, code)
    return Words("", language)


def filled(thing: object, name: str) -> list[str]:
    """List the languages in which field `name` has text."""
    return [code for code in languages() if getattr(thing, _column(name, code), "")]


def _getter(name, field):
    return lambda self: in_language(self, name, get_language() or settings.LANGUAGE_CODE, self.working_language)


def translated(field, **options) -> TranslatedField:
    """Make one column per language; reading the plain name falls back as `in_language` says.

    The model must say its `working_language`, as a field or a property.
    """
    return TranslatedField(field, attrgetter=_getter, **options)
