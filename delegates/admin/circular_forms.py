"""The form of a message to many: whom it is for, and its words in every language of the site."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from delegates.choices import Answer, Category, CircularTo, RegistrationState, Standing
from delegates.models import Circular
from events.emails.table import MESSAGES
from events.forms import TextForm

ANY = ("", pgettext_lazy("filter", "All"))


class CircularForm(forms.Form):
    """Whom a message is for. Its words are one `TextForm` a language; those of the working language are needed."""

    to = forms.ChoiceField(label=gettext_lazy("To"), choices=CircularTo.choices)
    delegation = forms.ChoiceField(label=gettext_lazy("Delegation"), required=False)
    answer = forms.ChoiceField(label=gettext_lazy("Answer of the delegation"), choices=[ANY, *Answer.choices], required=False)
    standing = forms.ChoiceField(label=gettext_lazy("Standing of the delegation"), choices=[ANY, *Standing.choices], required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State of the registration"),
        choices=[("", pgettext_lazy("filter by state", "All that have not ended")), *RegistrationState.choices],
        required=False,
        help_text=gettext_lazy("For persons only. Nobody on a draft list is written to."),
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Category"), choices=[ANY, *Category.choices], required=False, help_text=gettext_lazy("For persons only.")
    )

    def __init__(self, data=None, *, circular: Circular, event, delegations):
        filters = ("to", "answer", "standing", "state", "category")
        chosen = circular.delegation.public_id if circular.delegation else ""
        super().__init__(data, initial={name: getattr(circular, name) for name in filters} | {"delegation": chosen})
        self.circular, self.event, self.delegations = circular, event, {row.public_id: row for row in delegations}
        self.fields["delegation"].choices = [ANY, *((key, row.organisation.name) for key, row in self.delegations.items())]
        known = MESSAGES["circular"].places
        self.texts = {
            code: WordsForm(data, prefix=code, initial=circular.words.get(code, {}), known=known, language=code)
            for code, _name in settings.LANGUAGES
        }
        for code, form in self.texts.items():
            form.is_needed = code == event.working_language
            for field in form.fields.values():
                field.required = form.is_needed

    def is_valid(self) -> bool:
        """Check every part, so that all errors show at once."""
        return all([super().is_valid(), *(form.is_valid() for form in self.texts.values())])

    def filled(self) -> Circular:
        """Put what was typed on the message in hand."""
        circular, data = self.circular, self.cleaned_data
        for name in ("to", "answer", "standing", "state", "category"):
            setattr(circular, name, data[name])
        circular.delegation = self.delegations.get(data["delegation"])
        words = {code: {name: form.cleaned_data[name] for name in ("subject", "body")} for code, form in self.texts.items()}
        circular.words = {code: said for code, said in words.items() if said["subject"]}
        return circular


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
