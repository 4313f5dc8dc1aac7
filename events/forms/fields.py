"""Form fields that several forms share: wall-clock moments, time zones, states, and public text in every language."""

import datetime as dt

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _
from translated_fields import to_attribute

from conference.lib import clock, countries
from conference.lib.words import languages

# The official languages of the European Union that this program can name in every language of the site.
MEETING_LANGUAGES = [
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr"),
    *("hu", "it", "lt", "lv", "nl", "pl", "pt", "ro", "sk", "sl", "sv"),
]


def in_every_language(name: str) -> list[str]:
    """Give the form fields of one translated text, in the order of the site's languages."""
    return [to_attribute(name, code) for code in languages()]


class DateField(forms.DateField):
    """A day, chosen with the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class WallClockField(forms.DateTimeField):
    """A day and time on the wall clock of the event; it gives a naive datetime, and `moment_in` the moment."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value):
        """Give what was typed, belonging to no zone yet."""
        moment = super().to_python(value)
        return timezone.make_naive(moment) if moment else None

    def prepare_value(self, value):
        """Show a naive value as it is."""
        return value


def moment_in(wall: dt.datetime | None, zone: str) -> dt.datetime | None:
    """Give the UTC moment of a wall-clock value in a zone."""
    return clock.moment(wall.date(), wall.time(), zone) if wall else None


def wall_in(moment: dt.datetime | None, zone: str) -> dt.datetime | None:
    """Give the naive wall-clock value of a moment in a zone."""
    return clock.local(moment, zone).replace(tzinfo=None) if moment else None


class ZoneField(forms.CharField):
    """An IANA time zone, typed with suggestions; the page holds their list under the id `zones`."""

    default_error_messages = {"unknown": _("This is not a time zone. Choose one of the list, such as Europe/Brussels.")}

    def __init__(self, **options):
        super().__init__(max_length=64, **options)
        self.widget.attrs |= {"list": "zones", "autocomplete": "off", "spellcheck": "false"}

    def clean(self, value):
        """Give the name of a zone this machine knows."""
        zone = super().clean(value)
        if zone and not clock.is_zone(zone):
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        return zone


def country_choices() -> list[tuple[str, str]]:
    """List every state in the reader's language, with an empty choice first."""
    return [("", "—"), *countries.choices(get_language() or "en")]


def language_choices() -> list[tuple[str, str]]:
    """List the languages of a meeting, named in the reader's language."""
    return [(code, str(get_language_info(code)["name_translated"])) for code in MEETING_LANGUAGES]


class TextInLanguages:
    """Lays out public text by language: `texts` gives, per text, its bound fields side by side. Needs `TRANSLATED` on the form."""

    TRANSLATED: tuple[str, ...] = ()

    @property
    def texts(self) -> list[list]:
        """The bound fields of each translated text, one list a text, each field marked with its language."""
        return [[self[name] for name in in_every_language(text)] for text in self.TRANSLATED]

    @property
    def others(self) -> list:
        """The visible bound fields that are not translated text."""
        translated = {name for text in self.TRANSLATED for name in in_every_language(text)}
        return [field for field in self.visible_fields() if field.name not in translated]

    def mark_languages(self) -> None:
        """Say in each field in which language it is typed (WCAG 3.1.2), and in its label."""
        named = dict(settings.LANGUAGES)
        for text in self.TRANSLATED:
            for code, name in zip(languages(), in_every_language(text), strict=True):
                field = self.fields[name]
                field.widget.attrs["lang"] = code
                field.label = _("%(text)s (%(language)s)") % {"text": field.label, "language": named[code]}

    def require_in(self, text: str, language: str) -> None:
        """Add an error beside the text of a language that may not stay empty."""
        name = to_attribute(text, language)
        if name in self.fields and name not in self.errors and not self.cleaned_data.get(name):
            self.add_error(name, _("Needed in the working language; the other languages fall back to it."))
