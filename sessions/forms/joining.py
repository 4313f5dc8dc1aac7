"""The form of how a session is joined from a distance."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sessions.choices import JoinAudience
from sessions.forms.seen import SeenForm
from sessions.rules import MOST_MINUTES_BEFORE

FIELDS = ("link", "words", "audience", "minutes_before")


class JoiningForm(SeenForm):
    """A link, some words, who is shown them and from when. `shown` are the values of `joining_values`."""

    link = forms.URLField(
        label=_("Link"),
        required=False,
        max_length=1000,
        assume_scheme="https",
        help_text=_("The address of the meeting, with https."),
    )
    words = forms.CharField(
        label=_("Joining instructions"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A number to dial, a code, whom to call when it does not work."),
    )
    audience = forms.ChoiceField(
        label=_("Shown to"),
        choices=JoinAudience.choices,
        required=False,
        help_text=_("Never to anybody who does not see the session. Interpreters and speakers of the session are always shown it."),
    )
    minutes_before = forms.IntegerField(
        label=_("Minutes before the start"),
        min_value=0,
        max_value=MOST_MINUTES_BEFORE,
        help_text=_("From then until the end of the session it stands on its page, and nowhere else."),
    )

    def clean_link(self) -> str:
        """Take https alone."""
        link = self.cleaned_data["link"]
        if link and not link.startswith("https://"):
            raise forms.ValidationError(_("The link must start with https://."))
        return link

    @property
    def typed(self) -> dict:
        """What was typed, as `set_joining` takes it."""
        return {name: self.cleaned_data[name] for name in FIELDS}
