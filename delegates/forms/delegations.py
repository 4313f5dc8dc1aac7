"""Forms of focal points: the answer, the people they name, and the seats they keep."""

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from conference.lib.uploads import PersonalFileField
from delegates.choices import Answer, Category
from delegates.forms.base import HatForm, OnceForm
from delegates.forms.fields import OneLineField
from delegates.rules import NOMINABLE


class AnswerForm(HatForm):
    """A delegation's answer to the invitation."""

    answer = forms.ChoiceField(
        label=_("Does the delegation come?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
        choices=[(answer.value, answer.label) for answer in (Answer.COMING, Answer.UNDECIDED, Answer.DECLINED)],
    )


class CategoryForm(HatForm):
    """In what capacity an approved person asks to come."""

    category = forms.ChoiceField(
        label=_("I ask to come as"), widget=forms.RadioSelect, error_messages={"required": _("Choose in what capacity you come.")}
    )

    def __init__(self, *args, categories, **options):
        super().__init__(*args, **options)
        self.fields["category"].choices = [(category.value, category.label) for category in categories]


class NameSeatForm(OnceForm):
    """A person a focal point names; of the two names one may be empty."""

    given_name = OneLineField(
        label=_("Given name"),
        max_length=200,
        required=False,
        help_text=_("As in the passport. People with one name only: fill in one of the two."),
    )
    family_name = OneLineField(label=_("Family name"), max_length=200, required=False)
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        error_messages={"required": _("Write the address the person’s invitation goes to.")},
        help_text=_("The person's own invitation goes to this address. Several people may share one."),
    )
    function = OneLineField(label=_("Function"), max_length=200, required=False, help_text=_("What the person does in your service."))
    language = forms.ChoiceField(label=_("Language for messages"), choices=settings.LANGUAGES)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["language"].initial = get_language

    def clean(self):
        """Ask for at least one of the two names."""
        cleaned = super().clean()
        if not {"given_name", "family_name"} & self.errors.keys() and not (cleaned.get("given_name") or cleaned.get("family_name")):
            self.add_error("given_name", _("Write a given name, a family name, or both."))
        return cleaned

    def person(self) -> dict[str, str]:
        """Give what the actions take about the person."""
        return {name: self.cleaned_data[name] for name in ("given_name", "family_name", "email", "function", "language")}


class CategoryField(forms.ChoiceField):
    """One of the categories a focal point may choose."""

    def __init__(self, **options):
        choices = [(category.value, category.label) for category in NOMINABLE]
        super().__init__(**({"label": _("Category"), "choices": choices, "initial": Category.DELEGATE} | options))


class NominateForm(NameSeatForm):
    """A person and the category they come in."""

    category = CategoryField()
    field_order = ("hat", "key", "category")


class KeepSeatForm(OnceForm):
    """A seat kept for somebody who will be named later."""

    category = CategoryField(help_text=_("You name the person later, until the end of nominations."))


class ShareForm(OnceForm):
    """A colleague to share the role of focal point with."""

    name = OneLineField(label=_("Name"), max_length=200)
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, help_text=_("The invitation goes to this address, and only its holder can accept it.")
    )
    language = forms.ChoiceField(label=_("Language for messages"), choices=settings.LANGUAGES)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["language"].initial = get_language


class CredentialForm(HatForm):
    """The credential paper of the delegation."""

    paper = PersonalFileField(label=_("Credential paper"))
