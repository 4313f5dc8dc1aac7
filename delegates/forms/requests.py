"""The form of somebody who asks for a place."""

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from delegates.forms.base import HatForm
from delegates.forms.fields import OneLineField


class PlaceRequestForm(forms.Form):
    """Who asks for a place, and with which organisation, in their own words."""

    organisation = OneLineField(
        label=_("Organisation"),
        max_length=200,
        help_text=_("The service you come from, as it calls itself."),
        error_messages={"required": _("Write the organisation you come from.")},
    )
    given_name = OneLineField(
        label=_("Given name"),
        max_length=200,
        required=False,
        help_text=_("As in your passport. If you have one name only, fill in one of the two."),
    )
    family_name = OneLineField(label=_("Family name"), max_length=200, required=False)
    function = OneLineField(label=_("Function"), max_length=200, error_messages={"required": _("Write your function.")})
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("A link goes to this address; without it nobody sees your request."),
        error_messages={"required": _("Write your e-mail address.")},
    )
    language = forms.ChoiceField(label=_("Language for messages"), choices=settings.LANGUAGES)

    def __init__(self, *args, suggestions=(), **options):
        super().__init__(*args, **options)
        self.fields["language"].initial = get_language
        if suggestions:
            self.fields["organisation"].widget.attrs |= {"list": "organisations", "autocomplete": "off"}

    def clean(self):
        """Ask for at least one of the two names."""
        cleaned = super().clean()
        if not {"given_name", "family_name"} & self.errors.keys() and not (cleaned.get("given_name") or cleaned.get("family_name")):
            self.add_error("given_name", _("Write a given name, a family name, or both."))
        return cleaned


class RefusalForm(HatForm):
    """Why a focal point refuses somebody who asked for a place."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person reads it."),
        error_messages={"required": _("Give a reason; it is sent to the person.")},
    )
