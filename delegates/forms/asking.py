"""The organisers' forms of what an event asks: groups with their terms, and questions with their choices."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from translated_fields import to_attribute

from delegates.choices import WITH_CHOICES, Category, FormPhase, Group, QuestionKind
from delegates.forms.questions import YES_NO
from delegates.models import Question, QuestionChoice
from delegates.models.questions import MAX_DAYS
from events.forms.fields import TextInLanguages, in_every_language

PHASES = [
    (FormPhase.FIRST.value, pgettext_lazy("form", "First, to be approved")),
    (FormPhase.SECOND.value, pgettext_lazy("form", "Second, once approved")),
]


class GroupForm(forms.Form):
    """How an event asks for one group; what is always asked has its days alone."""

    is_on = forms.BooleanField(label=_("Asked for"), required=False)
    phase = forms.ChoiceField(label=_("Form"), choices=PHASES)
    is_required = forms.BooleanField(label=_("Required"), required=False)
    with_copy = forms.BooleanField(label=_("A copy of it too (scan or photograph)"), required=False)
    days = forms.IntegerField(label=_("Days kept after the event"), min_value=0, max_value=MAX_DAYS)

    def __init__(self, *args, asked, **options):
        self.asked = asked
        initial = {"is_on": asked.is_on, "phase": asked.phase, "is_required": asked.is_required, "days": asked.days}
        initial |= {"with_copy": asked.with_copy}
        super().__init__(*args, prefix=asked.group.name, initial=initial, **options)
        if asked.group.is_always:
            for name in ("is_on", "phase", "is_required"):
                del self.fields[name]
        if asked.group.name != Group.IDENTITY_DOCUMENT:
            del self.fields["with_copy"]
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{asked.group.title}: {self.fields[name].label}"


class QuestionForm(TextInLanguages, forms.ModelForm):
    """A question, whom it is asked, and the answer it follows."""

    TRANSLATED = ("text", "help")

    categories = forms.MultipleChoiceField(
        label=_("Only for these categories"),
        required=False,
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none to ask everybody."),
    )
    follows = forms.ChoiceField(
        label=_("Asked only after this answer"), required=False, help_text=_("Of a question that comes before it in the same form.")
    )

    class Meta:
        model = Question
        fields = [*in_every_language("text"), *in_every_language("help"), "kind", "phase", "is_required", "categories"]

    field_order = [*in_every_language("text"), *in_every_language("help"), "kind", "phase", "is_required", "categories", "follows"]

    def __init__(self, *args, event, earlier, is_answered=False, **options):
        super().__init__(*args, **options)
        self.fields["phase"].choices = PHASES
        for name in ("kind", "phase"):
            self.fields[name].disabled = is_answered
        if is_answered:
            self.fields["kind"].help_text = _("People have answered this question; its kind of answer can no longer change.")
        self._answers = {f"{question.public_id}:{answer}": (question, answer) for question, answer, _words in _followed(earlier)}
        named = [(f"{question.public_id}:{answer}", f"{question.text} — {words}") for question, answer, words in _followed(earlier)]
        self.fields["follows"].choices = [("", _("Always")), *named]
        if self.instance.shown_if_id:
            self.fields["follows"].initial = f"{self.instance.shown_if.public_id}:{self.instance.shown_if_answer}"
        self.fields[to_attribute("text", event.working_language)].required = True
        self.mark_languages()

    def _post_clean(self):
        super()._post_clean()
        parent, answer = self._answers.get(self.cleaned_data.get("follows") or "", (None, ""))
        self.instance.shown_if, self.instance.shown_if_answer = parent, answer


def _followed(questions) -> list[tuple]:
    """List what a question may follow: question, answer, its words."""
    found = []
    for question in questions:
        if question.kind == QuestionKind.YES_NO:
            found += [(question, answer, words) for answer, words in YES_NO]
        elif question.kind in WITH_CHOICES:
            found += [(question, choice.public_id, choice.label) for choice in question.choices.all()]
    return found


class ChoiceForm(TextInLanguages, forms.ModelForm):
    """One choice in every language; left empty in all of them it is none."""

    TRANSLATED = ("label",)

    class Meta:
        model = QuestionChoice
        fields = in_every_language("label")

    def __init__(self, *args, event, number, **options):
        super().__init__(*args, **options)
        self._event = event
        for name in self.fields:
            self.fields[name].label = _("Choice %(number)s") % {"number": number}
        self.mark_languages()

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is written in any language."""
        return not any(self.cleaned_data.get(name) for name in self.fields)

    def clean(self):
        """Ask for the working language, once anything is written."""
        cleaned = super().clean()
        if not self.is_empty:
            self.require_in("label", self._event.working_language)
        return cleaned


MORE = 3  # empty rows for choices still to be written


def choice_forms(data, question: Question, event) -> list[ChoiceForm]:
    """Make a form for every choice of a question, and some for new ones."""
    known = list(question.choices.all()) if question.pk else []
    posted = [key for key in (data or {}) if key.startswith("choice-new-") and key.endswith(f"-label_{event.working_language}")]
    rows = [(f"choice-{choice.public_id}", choice) for choice in known]
    rows += [(f"choice-new-{number}", QuestionChoice(question=question)) for number in range(max(MORE, min(len(posted), 50)))]
    return [
        ChoiceForm(data, prefix=prefix, instance=choice, event=event, number=number)
        for number, (prefix, choice) in enumerate(rows, start=1)
    ]
