"""The organisers' form of a printed invitation letter: what stands in it besides the event's facts."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from conference.lib import telephones, tokens
from delegates.forms.fields import OneLineField


class LetterForm(forms.Form):
    """Language, addressee, salutation, whom to call and who signs; nothing of it is kept but the moment."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    language = forms.ChoiceField(label=_("Language of the letter"), choices=settings.LANGUAGES)
    place = OneLineField(
        label=_("Place"), max_length=100, required=False, help_text=_("Where the letter is written; it stands before the date.")
    )
    addressee = OneLineField(
        label=_("Addressee"),
        max_length=200,
        required=False,
        help_text=_("A person or an office; the name of the service follows by itself."),
    )
    salutation = OneLineField(
        label=_("Salutation"), max_length=100, required=False, help_text=_("Left empty, the usual one of the language is written.")
    )
    call_name = OneLineField(label=_("Whom to call"), max_length=200, error_messages={"required": _("Write whom the reader may call.")})
    call_phone = OneLineField(
        label=_("Telephone"),
        max_length=40,
        help_text=_("With the country’s code, such as +32 2 123 45 67."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        error_messages={"required": _("Write the number the reader may call.")},
    )
    signed_by = OneLineField(label=_("Signed by"), max_length=200, required=False)
    signed_as = OneLineField(label=_("In the function of"), max_length=200, required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["key"].initial = tokens.public_id

    def clean_call_phone(self) -> str:
        """Give the number as people dial it from abroad."""
        try:
            return telephones.shown(telephones.normalised(self.cleaned_data["call_phone"], ""))
        except telephones.NotATelephone as error:
            raise forms.ValidationError(
                _("This is not a telephone number. Write it with its country’s code, such as +36 1 234 5678.")
            ) from error
