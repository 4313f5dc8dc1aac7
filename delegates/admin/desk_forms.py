"""The organisers' forms about one delegation: what they keep of it, notes, and what they enter on its behalf."""

from django import forms
from django.utils.translation import gettext_lazy as _

from conference.lib import telephones
from conference.models import User
from delegates.forms.fields import OneLineField
from events.forms.fields import DateField


class DeskForm(forms.Form):
    """Who looks after a delegation, the number to call, and when to follow up."""

    responsible = forms.ModelChoiceField(User.objects.none(), label=_("Responsible colleague"), required=False)
    phone = OneLineField(
        label=_("Telephone"),
        required=False,
        max_length=40,
        help_text=_("With the country’s code, such as +36 1 234 5678; a number of the delegation’s own country also without it."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    follow_up_date = DateField(label=_("Follow up on"), required=False)

    def __init__(self, *args, colleagues, delegation, **kwargs):
        super().__init__(*args, **kwargs)
        self._country = delegation.organisation.country
        self.fields["responsible"].queryset = colleagues
        self.fields["responsible"].label_from_instance = lambda user: user.display_name
        if delegation.phone:
            self.initial["phone"] = telephones.shown(delegation.phone)

    def clean_phone(self) -> str:
        """Give the number in the international form."""
        written = self.cleaned_data["phone"]
        try:
            return telephones.normalised(written, self._country) if written else ""
        except telephones.NotATelephone as error:
            raise forms.ValidationError(
                _("This is not a telephone number. Write it with its country’s code, such as +36 1 234 5678.")
            ) from error


class NoteForm(forms.Form):
    """A dated note, with the day to follow up."""

    text = forms.CharField(
        label=_("Note"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the organisers alone. It is kept with your name and the time."),
    )
    follow_up_date = DateField(label=_("Follow up on"), required=False)
