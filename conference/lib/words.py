"""Public text in several languages: which language a reader gets, and which language the text then is in."""

from django.conf import settings
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


def languages() -> list[str]:
    """List the languages of public text, as settings give them."""
    return [code for code, _name in settings.LANGUAGES]


def in_language(thing: object, name: str, language: str, working_language: str) -> Words:
    """Give field `name` in `language`; if empty in the working language; if empty in any; else an empty text."""
    for code in dict.fromkeys([language, working_language, *languages()]):
        if text := getattr(thing, to_attribute(name, code), ""):
            return Words(text, code)
    return Words("", language)


def filled(thing: object, name: str) -> list[str]:
    """List the languages in which field `name` has text."""
    return [code for code in languages() if getattr(thing, to_attribute(name, code), "")]


def _getter(name, field):
    return lambda self: in_language(self, name, get_language() or settings.LANGUAGE_CODE, self.working_language)


def translated(field, **options) -> TranslatedField:
    """Make one column per language; reading the plain name falls back as `in_language` says.

    The model must say its `working_language`, as a field or a property.
    """
    return TranslatedField(field, attrgetter=_getter, **options)
