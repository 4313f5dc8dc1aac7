"""Forms of imports: the file, the sheet that is read, and which rows are kept; for focal points with their hat."""

from django import forms
from django.utils.translation import gettext_lazy as _

from delegates.choices import ImportChoice
from delegates.forms.base import HatForm


class SpreadsheetField(forms.FileField):
    """A spreadsheet as people keep it."""

    def __init__(self, **options):
        always = {
            "label": _("Spreadsheet"),
            "help_text": _("XLSX or CSV, one row each, at most 10 MB."),
            "widget": forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
            "error_messages": {"required": _("Choose a file."), "empty": _("The file is empty.")},
        }
        super().__init__(**(always | options))


class ChoiceForm(forms.Form):
    """Which rows of a checked file are kept."""

    choice = forms.ChoiceField(
        label=_("Which rows are imported?"),
        widget=forms.RadioSelect,
        choices=ImportChoice.choices,
        error_messages={"required": _("Choose which rows are imported.")},
    )


class SheetForm(forms.Form):
    """Which sheet of a workbook is read."""

    sheet = forms.ChoiceField(label=_("Sheet"))

    def __init__(self, *args, sheets, **options):
        super().__init__(*args, **options)
        self.fields["sheet"].choices = [(sheet, sheet) for sheet in sheets]


class OwnSheetForm(HatForm):
    """A focal point's spreadsheet of the people of the delegation."""

    file = SpreadsheetField()


class OwnChoiceForm(HatForm, ChoiceForm):
    """Which rows of a focal point's own file are kept."""


class OwnSheetChoiceForm(HatForm, SheetForm):
    """Which sheet of a focal point's own file is read."""
