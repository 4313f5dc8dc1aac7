"""The forms of venues and rooms."""

import copy

from django import forms
from django.utils.translation import gettext_lazy as _

from events.forms.fields import TextInLanguages, country_choices, in_every_language
from events.models import Event, Room, Venue


class VenueForm(TextInLanguages, forms.ModelForm):
    """A venue; country, city and address each say who may see them."""

    TRANSLATED = ("name", "city")

    country = forms.ChoiceField(label=_("Country"), choices=country_choices, required=False)

    class Meta:
        model = Venue
        fields = [
            *in_every_language("name"),
            *in_every_language("city"),
            *("country", "address", "country_audience", "city_audience", "address_audience"),
            *("opens_at", "closes_at"),
        ]
        widgets = {
            "address": forms.Textarea(attrs={"rows": 3}),
            "opens_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "closes_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args, event: Event, instance: Venue | None = None, **kwargs):
        super().__init__(*args, instance=copy.copy(instance) if instance else Venue(event=event), **kwargs)
        self._event = event
        self.fields["opens_at"].help_text = _("Leave both empty when it is open at all hours.")
        self.fields["closes_at"].help_text = _("A closing time before the opening time falls in the following night.")
        self.mark_languages()

    def clean(self):
        """Ask for the name in the working language, and for both hours or none."""
        data = super().clean()
        self.require_in("name", self._event.working_language)
        hours = {"opens_at": data.get("opens_at"), "closes_at": data.get("closes_at")}
        missing = [name for name, hour in hours.items() if hour is None and name not in self.errors]
        if len(missing) == 1:
            self.add_error(missing[0], _("Give both hours, or none."))
        return data


class RoomForm(TextInLanguages, forms.ModelForm):
    """A room of a venue."""

    TRANSLATED = ("name",)

    class Meta:
        model = Room
        fields = [*in_every_language("name"), "capacity", "booths"]

    def __init__(self, *args, venue: Venue, instance: Room | None = None, **kwargs):
        super().__init__(*args, instance=copy.copy(instance) if instance else Room(event=venue.event, venue=venue), **kwargs)
        self._event = venue.event
        self.fields["capacity"].help_text = _("Leave empty when it does not matter.")
        self.mark_languages()

    def clean(self):
        """Ask for the name in the working language."""
        data = super().clean()
        self.require_in("name", self._event.working_language)
        return data
