"""What the forms of focal points and delegates have in common: the hat they name, the key that makes them act once."""

import hashlib
import json

from django import forms
from django.utils.translation import gettext_lazy as _

from conference.lib import tokens


class HatForm(forms.Form):
    """A form that names the hat its page was opened under, and refuses to act under another."""

    is_draft = False  # shows what was kept of an earlier try
    hat = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, viewer, **options):
        super().__init__(*args, **options)
        self.viewer = viewer
        self.fields["hat"].initial = viewer.hat

    def clean(self):
        """Refuse a stale hat; the form shown again carries the present one."""
        cleaned = super().clean()
        if self.cleaned_data.get("hat") != self.viewer.hat:
            self.add_error(
                None, _("You now act in another capacity than when you opened this page. Check what is written and send it again.")
            )
            self._show_again("hat", self.viewer.hat)
        return cleaned

    def _show_again(self, name: str, value: str) -> None:
        self.data = self.data.copy()
        self.data[self.add_prefix(name)] = value


class OnceForm(HatForm):
    """A form that acts once however often it is sent: it carries a key made by the page."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["key"].initial = tokens.public_id

    def digest(self) -> str:
        """Give the digest of what is said, to tell a repetition from another message under the same key."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("key", "hat")}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def renew_key(self, error: str) -> None:
        """Show the form again with what was typed, an error, and a new key."""
        self._show_again("key", tokens.public_id())
        self.add_error(None, error)


def refilled(form_class, draft, **options):
    """Make a form that shows what was kept of an earlier try, unchecked; without a draft a fresh one.

    `draft` is what was posted, or None.
    """
    form = form_class(**options)
    if draft is not None:
        form.is_draft = True
        form.initial = form.initial | {
            name: field.widget.value_from_datadict(draft, {}, form.add_prefix(name))
            for name, field in form.fields.items()
            if name not in ("hat", "notice_version") and not field.disabled
        }
    return form
