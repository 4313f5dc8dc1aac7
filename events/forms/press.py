"""The forms of press releases: text, publication, correction."""

import copy
import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from events.forms.fields import TextInLanguages, WallClockField, in_every_language, moment_in
from events.models import Event, PressCorrection, PressRelease


class PressReleaseForm(TextInLanguages, forms.ModelForm):
    """Title and text in each language, the contact, and who may read it."""

    TRANSLATED = ("title", "text")

    class Meta:
        model = PressRelease
        fields = [*in_every_language("title"), *in_every_language("text"), "contact", "audience"]
        widgets = {"contact": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, event: Event, instance: PressRelease | None = None, **kwargs):
        super().__init__(*args, instance=copy.copy(instance) if instance else PressRelease(event=event), **kwargs)
        self._event = event
        self.fields["contact"].help_text = _("Name, telephone and address for the press, shown below the text.")
        self.mark_languages()

    def clean(self):
        """Ask for title and text in the working language."""
        data = super().clean()
        self.require_in("title", self._event.working_language)
        self.require_in("text", self._event.working_language)
        return data


class PublishForm(forms.Form):
    """Publish now, or at a moment on the event's wall clock."""

    NOW, LATER = "now", "later"

    when = forms.ChoiceField(
        label=_("Publish"), choices=[(NOW, _("Now")), (LATER, _("At the moment below (embargo)"))], widget=forms.RadioSelect
    )
    embargo_at = WallClockField(label=_("Embargo until"), required=False)

    def __init__(self, *args, event: Event, at: dt.datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self._event, self._at = event, at
        self.fields["embargo_at"].help_text = _("In the event's time zone, %(zone)s.") % {"zone": event.zone}

    def clean(self):
        """Ask for a moment in the future where one is meant."""
        data = super().clean()
        if data.get("when") == self.LATER and "embargo_at" not in self.errors:
            moment = moment_in(data.get("embargo_at"), self._event.zone)
            if moment is None or moment <= self._at:
                self.add_error("embargo_at", _("Give a moment in the future."))
            data["embargo_at"] = moment
        return data

    @property
    def published_at(self) -> dt.datetime:
        """The moment of publication, in UTC."""
        return self._at if self.cleaned_data["when"] == self.NOW else self.cleaned_data["embargo_at"]


class CorrectionForm(TextInLanguages, forms.ModelForm):
    """The words of a correction; readers see them with their date."""

    TRANSLATED = ("text",)

    class Meta:
        model = PressCorrection
        fields = in_every_language("text")

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, **kwargs)
        self._event = event
        self.mark_languages()
        for name in self.fields:
            self.fields[name].widget.attrs["rows"] = 3

    def clean(self):
        """Ask for the words in the working language."""
        data = super().clean()
        self.require_in("text", self._event.working_language)
        return data
