"""The filter of the list of messages."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.choices import MailState


class MailFilter(forms.Form):
    """Which messages a list shows; the address carries it."""

    state = forms.ChoiceField(label=_("State"), choices=[("", pgettext_lazy("filter", "All")), *MailState.choices], required=False)

    def narrow(self, mails):
        """Keep what was asked for; what makes no sense is not asked."""
        state = self.cleaned_data.get("state") if self.is_valid() else ""
        return mails.in_state(state) if state else mails
