"""The question who could see a session at a moment."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from conference.lib.words import in_language
from events.forms.fields import WallClockField, moment_in, wall_in


class SightForm(forms.Form):
    """A session, and a moment on the event's wall clock; asked by the address."""

    session = forms.ChoiceField(label=_("Session"))
    at = WallClockField(label=_("At"))

    def __init__(self, *args, event, sessions, at: dt.datetime, **kwargs):
        super().__init__(*args, initial={"at": wall_in(at, event.zone)}, **kwargs)
        self._zone = event.zone
        language = event.working_language
        self.fields["session"].choices = [
            (row.public_id, in_language(row, "title", language, language) or row.public_id) for row in sessions
        ]

    @property
    def moment(self) -> dt.datetime:
        """The moment asked for, in UTC."""
        return moment_in(self.cleaned_data["at"], self._zone)
