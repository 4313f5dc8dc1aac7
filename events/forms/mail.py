"""The filter of the list of messages."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from conference.lib.collation import sort_key
from events.choices import MailState
from events.emails.table import MESSAGES

NEEDS = "needs"


class MailFilter(forms.Form):
    """Which messages a list shows; the address carries it."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", pgettext_lazy("filter", "All")), (NEEDS, _("Failed or came back, not dealt with")), *MailState.choices],
        required=False,
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    to = forms.CharField(label=_("Address"), max_length=254, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = sorted(((kind, str(row.label)) for kind, row in MESSAGES.items() if row.places), key=lambda pair: sort_key(pair[1]))
        self.fields["kind"].choices = [("", pgettext("filter", "All")), *kinds]

    def narrow(self, mails):
        """Keep what was asked for; what makes no sense is not asked."""
        self.is_valid()
        if kind := self.cleaned_data.get("kind"):
            mails = mails.filter(kind=kind)
        state, to = self.cleaned_data.get("state"), self.cleaned_data.get("to")
        if to:
            mails = mails.filter(to__icontains=to)
        if state == NEEDS:
            return mails.needing_somebody()
        return mails.in_state(state) if state else mails
