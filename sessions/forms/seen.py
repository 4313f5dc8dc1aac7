"""Forms that remember what they showed, so that two editors do not overwrite each other unseen."""

import dataclasses
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from translated_fields import to_attribute

from conference.lib.fingerprints import fingerprints, marks_in


@dataclasses.dataclass(frozen=True)
class Told:
    """What somebody else saved meanwhile in one field, and whether this editor's own text stands in the form instead."""

    label: str
    now: str
    kept_mine: bool


class SeenForm(forms.Form):
    """A form over plain values (`shown`, also its initial values): it carries their fingerprints and brings them back."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, shown: Mapping[str, Any] | None = None, **kwargs):
        initial = dict(shown or {}) | (kwargs.pop("initial", None) or {})
        super().__init__(*args, initial=initial | {"seen": json.dumps(fingerprints(shown or {}))}, **kwargs)
        self.told: list[Told] = []

    def need(self, text: str, language: str) -> None:
        """Require a translated text in one language, the event's working one."""
        field = self.fields[to_attribute(text, language)]
        field.required = True
        field.error_messages["required"] = _("Needed in the working language; the other languages fall back to it.")

    @property
    def marks(self) -> dict[str, str]:
        """The fingerprints that came back; none of them when they cannot be read, which makes everything look changed."""
        return marks_in(self.data.get(self.add_prefix("seen"), ""))

    def plain(self, name: str) -> Any:
        """Give what was typed in a field as the plain value that `shown` has for it."""
        value = self.cleaned_data.get(name)
        if isinstance(value, Model):
            return value.public_id
        return "" if value is None else value

    def after_others(self, changed: Iterable[str], present: Mapping[str, Any]) -> None:
        """Show the form again after somebody else changed these fields: what was typed stays, what was not touched follows them."""
        seen, typed = self.marks, fingerprints({name: self.plain(name) for name in present})
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = json.dumps(fingerprints(present))
        for name in changed:
            if name not in present or name not in self.fields:
                continue
            touched = name in self.errors or seen.get(name) != typed[name]
            if not touched:
                self._show(name, present[name])
            if typed[name] != fingerprints(present)[name]:
                self.told.append(Told(str(self[name].label), self.in_words(name, present[name]), kept_mine=touched))

    def _show(self, name: str, value: Any) -> None:
        values = value if isinstance(value, list) else ["on"] if value is True else [] if value is False else [value]
        self.data.setlist(self.add_prefix(name), [str(one) for one in values])

    def in_words(self, name: str, value: Any) -> str:
        """Give a plain value as a reader knows it: the words of its choices, yes or no, or the text itself."""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        words = {str(key): str(label) for key, label in getattr(self.fields[name], "choices", [])}
        values = value if isinstance(value, list) else [value]
        text = ", ".join(words.get(str(one), str(one)) for one in values if one != "")
        return text or pgettext("value of a field", "empty")
