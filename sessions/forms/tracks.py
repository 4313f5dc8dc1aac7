"""The form of a track."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.forms.fields import TextInLanguages, in_every_language
from sessions.forms.seen import SeenForm
from sessions.models import Track


class TrackForm(TextInLanguages, SeenForm):
    """The names of a track and its place among the others. `shown` are the values of `track_values`."""

    TRANSLATED = ("name",)

    def __init__(self, *args, event, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields |= forms.fields_for_model(Track, fields=[*in_every_language("name"), "position"])
        self.fields["position"].help_text = _("Tracks are listed by this number, the lowest first.")
        self.fields["position"].initial = 0
        self.need("name", event.working_language)
        self.mark_languages()

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, as the actions take it."""
        return {name: self.cleaned_data[name] for name in [*in_every_language("name"), "position"]}
