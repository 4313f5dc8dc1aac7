"""The form of a message to many: whom it is for, and its words in every language of the site."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delegates.admin.forms import organisation_label
from delegates.choices import Answer, Category, CircularTo, Missing, Mode, RegistrationState, Standing
from delegates.models import Circular
from delegates.models.circulars import FILTERS, OF_DELEGATIONS, OF_PERSONS
from events.emails.table import MESSAGES
from events.forms import TextForm

# A seat without a name has nobody to write to, and a list that was not sent nobody who knows of it.
STATES = [(state.value, state.label) for state in RegistrationState if state != RegistrationState.PLACEHOLDER]
WAITED_FOR = [(what.value, what.label) for what in (Missing.CONFIRMATION, Missing.SECURITY, Missing.CONSENT)]


class Several(forms.MultipleChoiceField):
    """Any number of values; none asks for nothing."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, label, choices=(), **options):
        super().__init__(label=label, choices=choices, required=False, **options)


class CircularForm(forms.Form):
    """Whom a message is for. Its words are one `WordsForm` a language; those of the working language are needed."""

    to = forms.ChoiceField(label=gettext_lazy("To"), choices=CircularTo.choices, widget=forms.RadioSelect)
    answer = Several(gettext_lazy("Answer of the delegation"), Answer.choices)
    standing = Several(gettext_lazy("Standing of the delegation"), Standing.choices)
    delegation = Several(gettext_lazy("Delegations"))
    state = Several(gettext_lazy("State of the registration"), STATES, help_text=gettext_lazy("None ticked: all that have not ended."))
    category = Several(gettext_lazy("Category"), Category.choices)
    mode = Several(gettext_lazy("Attendance"), Mode.choices)
    missing = Several(gettext_lazy("Missing"), WAITED_FOR)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, circular: Circular, event, delegations):
        super().__init__(data, initial=circular.asked | {"to": circular.to, "seen": circular.mark})
        self.circular, self.event = circular, event
        self.fields["delegation"].choices = [(row.public_id, organisation_label(row.organisation)) for row in delegations]
        known = MESSAGES["circular"].places
        self.texts = {
            code: WordsForm(data, prefix=code, initial=circular.words.get(code, {}), known=known, language=code)
            for code, _name in settings.LANGUAGES
        }
        for code, form in self.texts.items():
            form.is_needed = code == event.working_language
            for field in form.fields.values():
                field.required = form.is_needed

    @property
    def of_delegations(self):
        """The fields that ask something of the delegation, the list of delegations left to itself."""
        return [self[name] for name in OF_DELEGATIONS if name != "delegation"]

    @property
    def of_persons(self):
        """The fields that ask something of persons only."""
        return [self[name] for name in OF_PERSONS]

    def is_valid(self) -> bool:
        """Check every part, so that all errors show at once."""
        return all([super().is_valid(), *(form.is_valid() for form in self.texts.values())])

    def filled(self) -> Circular:
        """Put what was typed on the message in hand."""
        circular, data = self.circular, self.cleaned_data
        circular.to = data["to"]
        circular.asked = {
            name: data[name] for name in FILTERS if data[name] and (name in OF_DELEGATIONS or data["to"] == CircularTo.PERSONS)
        }
        words = {code: {name: form.cleaned_data[name] for name in ("subject", "body")} for code, form in self.texts.items()}
        circular.words = {code: said for code, said in words.items() if said["subject"]}
        return circular

    def in_words(self) -> list[tuple[str, list[str]]]:
        """What the message in hand asks of its readers: each label with the values chosen."""
        rows = []
        for name in FILTERS:
            chosen = [str(label) for value, label in self.fields[name].choices if value in self.circular.asked.get(name, ())]
            if chosen:
                rows.append((str(self.fields[name].label), chosen))
        return rows


class WordsForm(TextForm):
    """The words of one language; a language that is not needed may be left out altogether."""

    is_needed = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False

    def clean(self):
        """Ask for both parts or, where the language is not needed, for none."""
        data = super().clean()
        given = [name for name in ("subject", "body") if data.get(name) or name in self.errors]
        for name in ("subject", "body"):
            if name not in given and (given or self.is_needed):
                self.add_error(name, _("Needed: a message has a subject and a text."))
        return data
