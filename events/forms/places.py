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
        ]
        widgets = {"address": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, event: Event, instance: Venue | None = None, **kwargs):
        super().__init__(*args, instance=copy.copy(instance) if instance else Venue(event=event), **kwargs)
        self._event = event
        self.mark_languages()

    def clean(self):
        """Ask for the name in the working language."""
        data = super().clean()
        self.require_in("name", self._event.working_language)
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
