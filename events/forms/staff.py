"""The form that gives somebody a role at an event."""

from django import forms
from django.utils.translation import gettext_lazy as _

from events.models import StaffRole
from events.rules import may_be_on_duty


class StaffForm(forms.ModelForm):
    """A role for an address; its owner holds the role once signed in with that address."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))

    class Meta:
        model = StaffRole
        fields = ["email", "role", "is_duty_organiser"]
        labels = {"is_duty_organiser": _("Duty organiser: decides late requests")}

    def clean(self):
        """Keep roles that decide on nothing off duty."""
        cleaned = super().clean()
        if cleaned.get("is_duty_organiser") and "role" in cleaned and not may_be_on_duty(cleaned["role"]):
            self.add_error("is_duty_organiser", _("Only roles that decide on registrations go on duty."))
        return cleaned
