"""The organisers' forms of what they enter on behalf of a delegation or a person; each names the document it rests on."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from conference.lib.uploads import PersonalFileField
from delegates.choices import Answer, Category, Consent
from delegates.forms import OneLineField


class SourceForm(forms.Form):
    """What an organiser enters on behalf of a delegation names the document it rests on."""

    source = OneLineField(
        label=_("Source"), max_length=200, help_text=_("The document this rests on, such as a note verbale and its date.")
    )

    document = PersonalFileField(label=_("The document itself"), required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        last = ("source", "document")
        self.order_fields([*(name for name in self.fields if name not in last), *last])


class AnswerForm(SourceForm):
    """The answer of a delegation, entered on its behalf."""

    answer = forms.ChoiceField(
        label=_("Answer"),
        widget=forms.RadioSelect,
        choices=[(answer.value, answer.label) for answer in (Answer.COMING, Answer.UNDECIDED, Answer.DECLINED)],
    )


class PersonForm(SourceForm):
    """A person the organisers name; without an address they are entered on behalf."""

    given_name = OneLineField(label=_("Given name"), max_length=200, required=False)
    family_name = OneLineField(label=_("Family name"), max_length=200, required=False)
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        required=False,
        help_text=_("Leave it empty for somebody without one, such as a minister or a driver; you then enter their form."),
    )
    function = OneLineField(label=_("Function"), max_length=200, required=False)
    language = forms.ChoiceField(label=_("Language for messages"), choices=settings.LANGUAGES)

    def clean(self):
        """Ask for one name at least."""
        data = super().clean()
        if not {"given_name", "family_name"} & self.errors.keys() and not (data.get("given_name") or data.get("family_name")):
            self.add_error("family_name", _("Give at least one of the two names."))
        return data

    def person(self) -> dict[str, str]:
        """Give what the actions take about the person."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("source", "document")}


class NominationForm(PersonForm):
    """A person named by the organisers, and the category they come in."""

    category = forms.ChoiceField(label=_("Category"), choices=Category.choices, initial=Category.DELEGATE)


class ConsentForm(SourceForm):
    """What a form signed by the person says of the list of participants."""

    consent = forms.ChoiceField(
        label=_("The signed form says"),
        widget=forms.RadioSelect,
        choices=[(consent.value, consent.label) for consent in (Consent.HIDDEN, Consent.PARTICIPANTS, Consent.PUBLIC)],
    )
