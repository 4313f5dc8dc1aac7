"""The form of an event's own text of a message."""

import unicodedata

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.lib import places

MAX_BODY = 20_000


class TextForm(forms.Form):
    """Subject and body with names in braces; names that the message does not know, or lacks, are refused beside the field."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=MAX_BODY,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=gettext_lazy("An empty line begins a new paragraph. **Bold**, *italics* and lists with hyphens are shown as such."),
    )

    def __init__(self, *args, known, needed=(), language: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.known, self.needed = known, needed
        for field in self.fields.values():
            field.widget.attrs["lang"] = language

    def clean_subject(self) -> str:
        """Refuse more than one line: it becomes a header of the message."""
        subject = self.cleaned_data["subject"]
        if any(unicodedata.category(letter) in ("Cc", "Zl", "Zp") for letter in subject):
            raise forms.ValidationError(_("The subject is one line."))
        self._check_names(subject)
        return subject

    def clean_body(self) -> str:
        """Check the names, and that each can be shown where it stands."""
        body = self.cleaned_data["body"].replace("\r\n", "\n")
        self._check_names(body)
        if missing := [name for name in self.needed if name not in places.names_in(body)]:
            raise forms.ValidationError(_("This message is of no use without %(names)s.") % {"names": _braced(missing)})
        if lost := [name for name in sorted(places.names_in(body)) if places.is_lost_in_html(body, name)]:
            raise forms.ValidationError(_("Write %(names)s in the text itself, not as the target of a link.") % {"names": _braced(lost)})
        return body

    def _check_names(self, text: str) -> None:
        if strangers := places.strangers(text, self.known):
            words = {"unknown": ", ".join(strangers), "known": _braced(self.known)}
            raise forms.ValidationError(_("Not known here: %(unknown)s. This message may name %(known)s.") % words)


def _braced(names) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
