"""Forms of the organisers' pages of imports."""

from django import forms
from django.utils.translation import gettext_lazy as _

from delegates.choices import ImportKind
from delegates.forms import SpreadsheetField


class ImportForm(forms.Form):
    """A spreadsheet and what it lists."""

    kind = forms.ChoiceField(
        label=_("What does it list?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the spreadsheet lists.")},
        choices=[
            (ImportKind.NOMINATIONS.value, _("People, named for their delegations")),
            (ImportKind.DELEGATIONS.value, _("Delegations, with seats and focal points")),
            (ImportKind.ORGANISATIONS.value, _("Organisations only")),
        ],
    )
    file = SpreadsheetField()
