"""The forms of papers: a new file, and the title, place and marking of one."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from events.choices import Audience
from events.forms.fields import TextInLanguages, in_every_language
from events.rules import NotAllowed
from sessions.forms.seen import SeenForm
from sessions.models import Paper
from sessions.rules import check_marking

_FIELDS = [*in_every_language("title"), "session", "audience", "label", "chatham_house", "position"]


class PaperForm(TextInLanguages, SeenForm):
    """Title, place and marking of a paper. `shown` are the values of `paper_values`."""

    TRANSLATED = ("title",)

    def __init__(self, *args, event, delegations, can_edit: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        self._event = event
        self._delegations = {delegation.public_id: delegation for delegation in delegations}
        self.fields |= forms.fields_for_model(Paper, fields=[*in_every_language("title"), "audience", "label", "chatham_house", "position"])
        self.fields["session"] = forms.ModelChoiceField(
            event.sessions.order_by("pk"), label=_("Session"), required=False, to_field_name="public_id", empty_label=_("The whole event")
        )
        self.fields["session"].label_from_instance = lambda session: session.title
        self.fields["delegations"] = forms.MultipleChoiceField(
            label=_("Selected delegations"),
            choices=[(key, delegation.organisation.name) for key, delegation in self._delegations.items()],
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("They count when the audience is “Selected delegations”."),
        )
        self.fields["audience"].help_text = _("A reader must also see the session the paper belongs to. A public paper must be TLP:CLEAR.")
        self.fields["label"].help_text = _("TLP:RED: kept here, and downloaded by nobody outside the organisers' site.")
        self.fields["position"].initial = 0
        self.need("title", event.working_language)
        self.mark_languages()
        for field in self.fields.values():
            field.disabled = not can_edit

    def clean(self):
        """Ask for CLEAR for a public paper, and somebody for a selected one."""
        data = super().clean()
        if data.get("audience") == Audience.SELECTED and "delegations" not in self.errors and not data.get("delegations"):
            self.add_error("delegations", _("Select at least one delegation, or choose another audience."))
        if "audience" in data and "label" in data:
            try:
                check_marking(data["audience"], data["label"])
            except NotAllowed:
                self.add_error("label", _("A public paper must be TLP:CLEAR."))
        return data

    def plain(self, name: str) -> Any:
        """As `SeenForm`; delegations in the order the record has them."""
        value = super().plain(name)
        if name == "delegations":
            return sorted(value or []) if self.cleaned_data.get("audience") == Audience.SELECTED else []
        return value

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, as the actions take it."""
        chosen = [self._delegations[key] for key in self.cleaned_data["delegations"]]
        return {name: self.cleaned_data[name] for name in _FIELDS} | {"delegations": chosen}


class NewPaperForm(PaperForm):
    """As `PaperForm`, with the file."""

    file = forms.FileField(label=_("File"), widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("PDF, PNG or JPEG, at most %(limit)s MB.") % {"limit": settings.MAX_UPLOAD_BYTES // 1024**2}
        self.order_fields(["file"])
