"""The form that releases the agenda."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conference.lib.words import languages
from events.choices import PLAIN_AUDIENCES, Audience
from events.forms.fields import TextInLanguages, in_every_language
from sessions.models import Release


class ReleaseForm(TextInLanguages, forms.Form):
    """A note to the readers in each language, and who may read it; `number` is the version the page announced."""

    TRANSLATED = ("note",)

    number = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields |= forms.fields_for_model(
            Release,
            fields=in_every_language("note"),
            widgets={name: forms.Textarea(attrs={"rows": 3}) for name in in_every_language("note")},
        )
        self.fields["note_audience"] = forms.ChoiceField(
            label=_("Who may read the note"), choices=PLAIN_AUDIENCES, initial=Audience.ORGANISERS
        )
        self.mark_languages()

    @property
    def note(self) -> dict[str, Any]:
        """The note per language."""
        return {code: self.cleaned_data[name] for code, name in zip(languages(), in_every_language("note"), strict=True)}
