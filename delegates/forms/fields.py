"""Fields that several forms about people share, and the lists their choices come from."""

import datetime as dt
import functools
import unicodedata

import phonenumbers
from django import forms
from django.conf import settings
from django.utils.translation import get_language, get_language_info, override
from django.utils.translation import gettext_lazy as _

from conference.lib import countries
from conference.lib.searching import folded
from conference.lib.words import languages as site_languages
from conference.lib.written_dates import read_date


class OneLineField(forms.CharField):
    """A text of one line: any script, composed (Unicode NFC), with runs of white space and line breaks made one space."""

    def to_python(self, value) -> str:
        """Tidy what was typed; letters are never re-cased."""
        return " ".join(unicodedata.normalize("NFC", super().to_python(value)).split())


class CountryField(OneLineField):
    """A country, typed as its name in any of our languages, as people there call it, or as its code; gives the ISO code."""

    def to_python(self, value) -> str:
        """Find the code."""
        written = super().to_python(value)
        if not written:
            return ""
        code = countries.find(written, tuple(site_languages())) if len(written) <= 100 else None
        if code is None:
            raise forms.ValidationError(
                _("We do not know a country “%(written)s”. Write its name, such as Belgium, or its two-letter code, such as BE."),
                params={"written": written[:100]},
            )
        return code


class PhoneField(OneLineField):
    """A telephone number; one without country code is read as a number of `region` (an ISO code, or empty). Gives it as people dial it."""

    region = ""

    def __init__(self, **options):
        super().__init__(max_length=40, widget=forms.TextInput(attrs={"type": "tel"}), **options)

    def to_python(self, value) -> str:
        """Check and write the number in its international form."""
        written = super().to_python(value)
        if not written:
            return ""
        try:
            number = phonenumbers.parse(written[:40], self.region or None)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
            raise forms.ValidationError(_("This is no telephone number we can dial. Begin with the country code, such as +32."))
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


class WordChoiceField(OneLineField):
    """One of a fixed list, typed as its value or as its word in any language of the site; gives the value."""

    def __init__(self, *, words, synonyms=None, **options):
        super().__init__(**options)
        self._words, self._synonyms = words, synonyms or {}

    def to_python(self, value) -> str:
        """Find the value."""
        written = super().to_python(value)
        found = self._known.get(folded(written[:100]), "")
        if written and not found:
            words = ", ".join(str(label) for _value, label in self._words)
            message = _("“%(written)s” is none of: %(words)s.")
            raise forms.ValidationError(message, params={"written": written[:100], "words": words})
        return found

    @functools.cached_property
    def _known(self) -> dict[str, str]:
        known = {folded(value): value for value, _label in self._words}
        for language in site_languages():
            with override(language):
                known |= {folded(str(label)): value for value, label in self._words}
        return known | {folded(word): value for word, value in self._synonyms.items()}


class WrittenDateField(OneLineField):
    """A day as people write it: 25/04/1980, 25.4.1980, 1980-04-25, 25 avril 1980, or the number a spreadsheet program keeps."""

    def to_python(self, value) -> dt.date | None:
        """Read the day."""
        written = super().to_python(value)
        if not written:
            return None
        day = read_date(written, tuple(site_languages()))
        if day is None:
            raise forms.ValidationError(
                _("“%(written)s” is not a day we can read. Write day, month and the whole year, such as 25/04/1980."),
                params={"written": written[:60]},
            )
        return day


def language_names(codes) -> list[tuple[str, str]]:
    """Pair language codes with their names in the reader's language, each once."""
    return [(code, get_language_info(code)["name_translated"]) for code in dict.fromkeys(codes)]


def country_names(codes) -> list[str]:
    """Name countries in the reader's language."""
    return [countries.name(code, get_language() or settings.LANGUAGE_CODE) for code in codes]


@functools.lru_cache(maxsize=8)
def countries_to_choose(language: str) -> list[str]:
    """Name every country in a language, in its order."""
    return [name for _code, name in countries.choices(language)]


def language_words() -> dict[str, str]:
    """Give the names of the site's languages, in each of them: "français", "French", "Frans" and "Französisch" are `fr`."""
    words = {}
    for code in site_languages():
        words[get_language_info(code)["name_local"]] = code
        for reader in site_languages():
            with override(reader):
                words[str(get_language_info(code)["name_translated"])] = code
    return words
