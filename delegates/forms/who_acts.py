"""The form that asks, at a mailbox several people read, who acts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from conference.lib.claims import Claim, typed_claim
from delegates.forms.fields import OneLineField

SOMEBODY_ELSE = "else"


class WhoActsForm(forms.Form):
    """One of the people known at the address, or a name."""

    who = forms.ChoiceField(label=_("Who acts"), widget=forms.RadioSelect, error_messages={"required": _("Choose who acts.")})
    name = OneLineField(label=_("Name of somebody else"), max_length=200, required=False, help_text=_("Given and family name."))

    def __init__(self, *args, known: list[Claim], **options):
        super().__init__(*args, **options)
        self._known = {claim.reference: claim for claim in known}
        choices = [(claim.reference, claim.name) for claim in known]
        self.fields["who"].choices = [*choices, (SOMEBODY_ELSE, _("Somebody else"))]
        if not known:
            self.fields["who"].initial = SOMEBODY_ELSE

    def clean(self):
        """Ask for the name of whoever is not on the list."""
        data = super().clean()
        if data.get("who") == SOMEBODY_ELSE and not data.get("name") and "name" not in self.errors:
            self.add_error("name", _("Write your name."))
        return data

    def claim(self) -> Claim:
        """Give who was said to act."""
        return self._known.get(self.cleaned_data["who"]) or typed_claim(self.cleaned_data["name"])
