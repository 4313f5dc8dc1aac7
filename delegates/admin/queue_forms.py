"""The forms of the queue: which registrations it shows, a decision with its reason, and the reasons written once."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from translated_fields import to_attribute

from delegates.admin.forms import ANY, organisation_label
from delegates.choices import Category, ReasonKind, SecurityDecision
from delegates.models import ReasonTemplate
from delegates.rules import NEEDS_REASON
from events.forms.fields import TextInLanguages, in_every_language


class QueueFilter(forms.Form):
    """Which registrations the queue walks through; the address carries it."""

    delegation = forms.ChoiceField(label=_("Delegation"), required=False)
    category = forms.ChoiceField(label=_("Category"), choices=[ANY, *Category.choices], required=False)
    security = forms.ChoiceField(label=_("Security decision"), choices=[ANY, *SecurityDecision.choices], required=False)

    def __init__(self, *args, event, delegations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["delegation"].choices = [ANY, *((row.public_id, organisation_label(row.organisation)) for row in delegations)]
        if not event.security_decides:
            del self.fields["security"]

    def narrow(self, registrations):
        """Keep what was asked for; what makes no sense is not asked."""
        self.is_valid()
        asked = getattr(self, "cleaned_data", {})
        if asked.get("delegation"):
            registrations = registrations.filter(delegation__public_id=asked["delegation"])
        if asked.get("category"):
            registrations = registrations.of_category(asked["category"])
        return registrations.with_security(asked["security"]) if asked.get("security") else registrations


class ReasonSelect(forms.Select):
    """A choice of written reasons that carries their words in the person's language, for the script that copies them."""

    def __init__(self, **options):
        super().__init__(**options)
        self.texts: dict[str, str] = {}

    def create_option(self, name, value, *args, **options):
        """Add the words to the option."""
        option = super().create_option(name, value, *args, **options)
        if text := self.texts.get(str(value)):
            option["attrs"]["data-text"] = text
        return option


class DecisionForm(forms.Form):
    """One decision about one or many people, with the reason it owes: written once, typed here, or both."""

    to = forms.ChoiceField(label=_("Decision"))
    template = forms.ChoiceField(
        label=_("Written reason"),
        required=False,
        widget=ReasonSelect(attrs={"data-fills": "reason"}),
        help_text=_("Sent in the language of the person, before what you type below."),
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("The person reads it.")
    )

    def __init__(self, *args, moves, reasons=(), language="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = moves
        self._reasons = {reason.public_id: reason for reason in reasons}
        asked_for = {kind: [reason for reason in reasons if reason.kind == kind] for kind in dict(moves) if kind in NEEDS_REASON}
        groups = [(ReasonKind(kind).label, [(row.public_id, _short(row)) for row in rows]) for kind, rows in asked_for.items() if rows]
        self.fields["template"].choices = [("", "—"), *groups]
        if language:
            self.fields["template"].widget.texts = {row.public_id: row.text_in(language) for row in reasons}
        if not groups:
            del self.fields["template"]

    def clean_template(self):
        """Give the written reason itself."""
        return self._reasons.get(self.cleaned_data["template"])

    def clean(self):
        """Ask for the reason of a return, a refusal or a revocation, and for one that is meant for it."""
        data = super().clean()
        template, to = data.get("template"), data.get("to")
        if to in NEEDS_REASON and not (data.get("reason") or "").strip() and not template and "template" not in self.errors:
            self.add_error("reason", _("Give a reason; it is sent to the person."))
        if template and to and template.kind != to:
            self.add_error("template", _("This reason is for another decision: %(kind)s.") % {"kind": template.get_kind_display()})
        return data


def _short(reason) -> str:
    text = str(reason.text)
    return text if len(text) <= 90 else text[:89] + "…"


class DoubleForm(forms.Form):
    """The words with which the other registration of a person named twice is withdrawn."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The person and the focal points of the other delegation read it; it must not name the delegation that stays."),
    )


class LateForm(forms.Form):
    """The reason of the decision about a late request; a refusal needs one."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The focal points read it; needed for a refusal."),
    )


class ReasonForm(TextInLanguages, forms.ModelForm):
    """A reason written once, in the languages of the people who read it."""

    TRANSLATED = ("text",)

    class Meta:
        model = ReasonTemplate
        fields = ["kind", *in_every_language("text")]

    def __init__(self, *args, event, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = ReasonKind.choices
        for name in in_every_language("text"):
            self.fields[name].widget.attrs["rows"] = 3
        field = self.fields[to_attribute("text", event.working_language)]
        field.required = True
        field.error_messages["required"] = _("Needed in the working language; the other languages fall back to it.")
        self.mark_languages()


SECURITY_DECISIONS = {
    SecurityDecision.CLEARED.value: pgettext_lazy("security", "Clear"),
    SecurityDecision.REFUSED.value: pgettext_lazy("security", "Refuse"),
}
