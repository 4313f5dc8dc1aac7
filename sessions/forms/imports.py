"""Forms of agendas sent as files."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from events.choices import PLAIN_AUDIENCES, Audience
from events.models import Event
from events.rules import NotAllowed
from sessions.choices import Label
from sessions.rules import check_marking


class AgendaChoicesForm(forms.Form):
    """For whom new sessions are, with which label, and in which language the file is written."""

    audience = forms.ChoiceField(
        label=_("Who may see the new sessions, once they are released?"),
        choices=PLAIN_AUDIENCES,
        initial=Audience.ORGANISERS,
        help_text=_("Sessions that are here already keep their audience and label."),
    )
    label = forms.ChoiceField(
        label=_("TLP label of the new sessions"),
        choices=[("", _("TLP:RED; of a public agenda TLP:CLEAR")), *Label.choices],
        required=False,
    )
    texts_in = forms.ChoiceField(label=_("Titles and abstracts of the file are in"), choices=settings.LANGUAGES)

    def __init__(self, *args, event: Event, **options):
        super().__init__(*args, **options)
        self.fields["texts_in"].initial = event.working_language

    def clean(self):
        """Give every agenda a label, and ask for CLEAR for a public one."""
        data = super().clean()
        if "audience" not in data or "label" not in data:
            return data
        data["label"] = data["label"] or (Label.CLEAR if data["audience"] == Audience.PUBLIC else Label.RED)
        try:
            check_marking(data["audience"], data["label"])
        except NotAllowed as refusal:
            self.add_error("label", str(refusal))
        return data

    @property
    def choices(self) -> dict[str, str]:
        """What was chosen, as the importers take it."""
        return {name: self.cleaned_data[name] for name in ("audience", "label", "texts_in")}


class AgendaFileForm(AgendaChoicesForm):
    """A file with an agenda, and what is chosen for it."""

    file = forms.FileField(
        label=_("Agenda"),
        help_text=_("schedule.xml, schedule.json, iCalendar, or a spreadsheet (XLSX or CSV) with one session a row; at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".xml,.json,.ics,.xlsx,.csv,.txt", "data-most": "20"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )
    field_order = ["file", "audience", "label", "texts_in"]
