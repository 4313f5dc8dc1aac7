"""Forms of the project itself."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from conference.lib import clock


class SettingsForm(forms.Form):
    """What a signed-in person chooses for themselves."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        required=False,
        help_text=_("As the organisers and this site call you. It changes no registration."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("For mail about your account, and for pages whose address names no language."),
    )
    time_zone = forms.ChoiceField(
        label=_("Your time zone"),
        required=False,
        help_text=_("Deadlines are shown in it too, beside the time at the place of the event."),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["time_zone"].choices = [("", _("No second time")), *((name, name.replace("_", " ")) for name in clock.zone_names())]
