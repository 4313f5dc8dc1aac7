"""The forms of sessions: the filter of their list, and everything about one but its place and its people."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference.lib.fingerprints import fingerprints
from events.choices import Audience
from events.forms.fields import TextInLanguages, in_every_language, language_choices
from events.rules import NotAllowed
from sessions.choices import Label, SessionKind
from sessions.forms.seen import SeenForm
from sessions.models import Session
from sessions.rules import check_marking

ANY = ("", pgettext_lazy("filter", "All"))
TEXTS = ["kind", "track", *in_every_language("title"), *in_every_language("abstract"), "languages", "interpretation"]
MARKING = ["audience", "delegations", "label", "chatham_house", "shown_as_closed"]


class SessionFilter(forms.Form):
    """Which sessions a list shows; the address carries it."""

    q = forms.CharField(label=_("Words"), max_length=200, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    kind = forms.ChoiceField(label=_("Kind"), choices=[ANY, *SessionKind.choices], required=False)
    audience = forms.ChoiceField(label=_("Audience"), choices=[ANY, *Audience.choices], required=False)
    label = forms.ChoiceField(label=_("TLP label"), choices=[ANY, *Label.choices], required=False)
    placed = forms.ChoiceField(
        label=_("In the draft"),
        choices=[ANY, ("yes", pgettext_lazy("session", "Placed")), ("no", pgettext_lazy("session", "Not placed"))],
        required=False,
    )

    def narrow(self, sessions) -> list[Session]:
        """Keep what was asked for (of sessions `with_draft`); what makes no sense is not asked."""
        asked = self.cleaned_data if self.is_valid() else {}
        rows = list(sessions.matching(asked.get("q", "")))
        for name in ("kind", "audience", "label"):
            if asked.get(name):
                rows = [row for row in rows if getattr(row, name) == asked[name]]
        if asked.get("placed"):
            rows = [row for row in rows if bool(row.drafts) == (asked["placed"] == "yes")]
        return rows


class SessionForm(TextInLanguages, SeenForm):
    """What a session says and who may see it. `shown` are the values of `session_values` and `marking_values`."""

    TRANSLATED = ("title", "abstract")

    def __init__(self, *args, event, delegations, can_edit: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        self._event = event
        self._delegations = {delegation.public_id: delegation for delegation in delegations}
        self.fields |= forms.fields_for_model(
            Session, fields=[*TEXTS, *MARKING], widgets={name: forms.Textarea(attrs={"rows": 6}) for name in in_every_language("abstract")}
        )
        self.fields["track"] = forms.ModelChoiceField(
            event.tracks.order_by("position", "pk"), label=_("Track"), required=False, to_field_name="public_id", empty_label=_("None")
        )
        self.fields["track"].label_from_instance = lambda track: track.name
        for name, label in (("languages", _("Languages spoken")), ("interpretation", _("Interpreted into"))):
            self.fields[name] = forms.MultipleChoiceField(
                label=label, choices=self._language_choices(name), required=False, widget=forms.CheckboxSelectMultiple
            )
        self.fields["delegations"] = forms.MultipleChoiceField(
            label=_("Selected delegations"),
            choices=[(key, delegation.organisation.name) for key, delegation in self._delegations.items()],
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("They count when the audience is “Selected delegations”."),
        )
        self._explain()
        self.need("title", event.working_language)
        self.mark_languages()
        for field in self.fields.values():
            field.disabled = not can_edit

    def _language_choices(self, name: str) -> list[tuple[str, str]]:
        """The languages of the event, and any other the session has already; every language when the event names none."""
        wanted = {*self._event.languages, *self.initial.get(name, [])}
        return [choice for choice in language_choices() if choice[0] in wanted or not self._event.languages]

    def _explain(self) -> None:
        self.fields["audience"].help_text = _("Who sees this session once it is released. A public session must be TLP:CLEAR.")
        self.fields["label"].help_text = _(
            "TLP:RED: in no feed, search or export, and no papers. Above TLP:GREEN, mail and calendars give no title, only the time."
        )
        self.fields["chatham_house"].help_text = _("No names of speakers beyond its audience, no attendance list, no attribution.")
        self.fields["shown_as_closed"].help_text = _("What is left of it for those who may not see it.")
        self.fields["shown_as_closed"].label = _("Others see")

    @property
    def facts(self) -> list:
        """The bound fields of kind, track and languages."""
        return [self[name] for name in ("kind", "track", "languages", "interpretation")]

    @property
    def marking_fields(self) -> list:
        """The bound fields that decide who may see the session, the delegations aside."""
        return [self[name] for name in MARKING if name != "delegations"]

    def clean(self):
        """Ask for CLEAR for a public session, and somebody for a selected one."""
        data = super().clean()
        if data.get("audience") == Audience.SELECTED and "delegations" not in self.errors and not data.get("delegations"):
            self.add_error("delegations", _("Select at least one delegation, or choose another audience."))
        if "audience" in data and "label" in data:
            try:
                check_marking(data["audience"], data["label"])
            except NotAllowed as error:
                self.add_error("label", str(error))
        return data

    def plain(self, name: str) -> Any:
        """As `SeenForm`; delegations in the order the record has them."""
        value = super().plain(name)
        if name == "delegations":
            return sorted(value or []) if self.cleaned_data.get("audience") == Audience.SELECTED else []
        return value

    @property
    def texts_typed(self) -> dict[str, Any]:
        """What was typed, as `change_session` takes it."""
        return {name: self.cleaned_data[name] for name in TEXTS}

    @property
    def marking_typed(self) -> dict[str, Any]:
        """What was chosen, as `mark_session` takes it."""
        chosen = [self._delegations[key] for key in self.cleaned_data["delegations"]]
        return {name: self.cleaned_data[name] for name in MARKING if name != "delegations"} | {"delegations": chosen}

    @property
    def confirmation(self) -> str:
        """What a tick must carry to confirm exactly this marking and no other."""
        marks: Mapping[str, str] = fingerprints({"marking": [self.plain(name) for name in MARKING]})
        return marks["marking"]
