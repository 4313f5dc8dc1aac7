"""Public text in several languages and the language a reader then gets."""

from types import SimpleNamespace

import pytest
from django.utils import translation

from conference.lib.words import filled, in_language, languages
from events.models import Event, Organisation

TEXTS = {"title_en": "Meeting", "title_fr": "Réunion", "title_nl": "", "title_de": ""}


@pytest.mark.parametrize(
    ("language", "working", "expected"),
    [
        ("fr", "en", ("Réunion", "fr")),
        ("nl", "fr", ("Réunion", "fr")),  # empty: the working language
        ("nl", "de", ("Meeting", "en")),  # that is empty too: any
        ("xx", "fr", ("Réunion", "fr")),  # a language we do not write
    ],
)
def test_language_a_reader_gets(language, working, expected):
    words = in_language(SimpleNamespace(**TEXTS), "title", language, working)
    assert (words, words.lang) == expected


def test_nothing_in_any_language():
    words = in_language(SimpleNamespace(), "title", "fr", "en")
    assert (words, words.lang, bool(words)) == ("", "fr", False)


def test_languages_that_are_filled():
    assert languages() == ["en", "fr", "nl", "de"]
    assert filled(SimpleNamespace(**TEXTS), "title") == ["en", "fr"]


@pytest.mark.parametrize(("language", "expected"), [("fr", "Réunion"), ("de", "Réunion"), ("en", "Meeting")])
def test_plain_name_of_a_model_falls_back_in_the_readers_language(language, expected):
    event = Event(title_en="Meeting", title_fr="Réunion", working_language="fr")
    with translation.override(language):
        assert event.title == expected


def test_name_of_an_organisation_in_a_language():
    organisation = Organisation(name_en="Service", name_nl="Dienst")
    assert [str(organisation.name_in(language)) for language in languages()] == ["Service", "Service", "Dienst", "Service"]
