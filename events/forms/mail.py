"""The filter of the list of messages."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.choices import MailState

NEEDS = "needs"


class MailFilter(forms.Form):
    """Which messages a list shows; the address carries it."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", pgettext_lazy("filter", "All")), (NEEDS, _("Failed or came back, not dealt with")), *MailState.choices],
        required=False,
    )
    to = forms.CharField(label=_("Address"), max_length=254, required=False)

    def narrow(self, mails):
        """Keep what was asked for; what makes no sense is not asked."""
        self.is_valid()
        state, to = self.cleaned_data.get("state"), self.cleaned_data.get("to")
        if to:
            mails = mails.filter(to__icontains=to)
        if state == NEEDS:
            return mails.needing_somebody()
        return mails.in_state(state) if state else mails
