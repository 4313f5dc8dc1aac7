"""The form of whoever holds a printed invitation letter."""

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from delegates.forms.fields import OneLineField


class LetterCodeForm(forms.Form):
    """The code of the letter, and who types it."""

    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        help_text=_("Twelve letters, as they stand in the letter. Capitals, spaces and hyphens do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "typed-code"}),
        error_messages={"required": _("Type the code of the letter.")},
    )
    name = OneLineField(
        label=_("Name"),
        max_length=200,
        help_text=_("Your own name: the organisers call your service and ask for you."),
        error_messages={"required": _("Write your name.")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("One at which you can read messages from outside. The invitation goes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Write your e-mail address.")},
    )
    language = forms.ChoiceField(label=_("Language for messages"), choices=settings.LANGUAGES)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["language"].initial = get_language
