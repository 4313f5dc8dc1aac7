"""The step of the organisers' own questions."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _

from conference.lib.uploads import PersonalFileField
from delegates.choices import FileKind, Group, QuestionKind
from delegates.forms.groups import YES_NO
from delegates.forms.person import Kept, StepForm, as_stored
from events.forms.fields import DateField

MAX_NUMBER = 10**9


def field_name(question) -> str:
    """The name of the form field of a question."""
    return f"question_{question.public_id}"


def asked_questions(kept: Kept, phase: str) -> list:
    """List the questions of one form for a person of this category, in order, without those that follow a question they are not asked."""
    asked: dict[int, object] = {}
    for question in kept.questions:
        for_them = not question.categories or kept.registration.category in question.categories
        if question.phase == phase and for_them and (question.shown_if_id is None or question.shown_if_id in asked):
            asked[question.pk] = question
    return list(asked.values())


class QuestionsForm(StepForm):
    """Every question as its kind wants it; what follows another answer says so, and a small script hides it until then."""

    GROUP = Group.QUESTIONS

    @classmethod
    def is_asked(cls, kept: Kept, phase: str, *, is_shared: bool) -> bool:
        """Say whether there is anything to ask."""
        return bool(asked_questions(kept, phase))

    @classmethod
    def values_of(cls, kept: Kept) -> dict:
        """Give the answers, by field."""
        answers = {f"question_{public_id}": value for public_id, value in kept.answers.items()}
        return answers | {f"question_{public_id}": file.file_name for public_id, file in kept.files.items()}

    def prepare(self) -> None:
        """Make a field of each question."""
        self.questions = {field_name(question): question for question in asked_questions(self.kept, self.phase)}
        by_id = {question.pk: question for question in self.questions.values()}
        for name, question in self.questions.items():
            field = self.fields[name] = make_field(question)
            if question.kind == QuestionKind.FILE and (file := self.file_of(name)):
                kept = _("“%(file)s” is with us; a new file takes its place.") % {"file": file.file_name}
                field.help_text = f"{kept} {field.help_text}".strip()
            if question.shown_if_id:
                parent = by_id[question.shown_if_id]
                self.follows[name] = (field_name(parent), (question.shown_if_answer,))
                follows = _("Answer this only if you answered “%(answer)s” to “%(question)s”.") % {
                    "answer": answer_label(parent, question.shown_if_answer),
                    "question": parent.text,
                }
                field.help_text = f"{follows} {question.help}".strip()
                field.required = False
                if question.is_required:
                    self.needed.add(name)

    def answers(self) -> dict:
        """Give what the actions take: every question asked, one without an answer as an empty text. Files are kept with their step."""
        asked = {name: question for name, question in self.questions.items() if question.kind != QuestionKind.FILE}
        return {"questions": {question.public_id: stored(self.cleaned_data.get(name)) for name, question in asked.items()}}

    def uploads(self) -> dict:
        """Give the files that were just sent; the key of each is the public id of its question."""
        asked = {name: question for name, question in self.questions.items() if question.kind == QuestionKind.FILE}
        return {(FileKind.ANSWER, question.public_id): file for name, question in asked.items() if (file := self.cleaned_data.get(name))}

    def file_of(self, name: str):
        """Give the file that is the answer."""
        return self.kept.files.get(name.removeprefix("question_"))


def stored(value):
    """Write a cleaned answer so that JSON can hold it, empty as an empty text."""
    if value in (None, "", []):
        return ""
    return str(value.normalize()) if isinstance(value, Decimal) else as_stored(value)


def answer_label(question, answer: str) -> str:
    """What a person reads of one answer of a question with fixed answers."""
    if question.kind == QuestionKind.YES_NO:
        return str(dict(YES_NO)[answer])
    return next((choice.label for choice in question.choices.all() if choice.public_id == answer), "")


def make_field(question) -> forms.Field:
    """Make the form field of a question."""
    options = {"label": question.text, "help_text": question.help, "required": question.is_required}
    if question.kind in (QuestionKind.CHOICE, QuestionKind.SEVERAL):
        choices = [(choice.public_id, choice.label) for choice in question.choices.all()]
        if question.kind == QuestionKind.SEVERAL:
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **options)
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **options)
    if question.kind == QuestionKind.YES_NO:
        return forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, **options)
    if question.kind == QuestionKind.DATE:
        return DateField(**options)
    if question.kind == QuestionKind.FILE:
        return PersonalFileField(**options)
    if question.kind == QuestionKind.NUMBER:
        return forms.DecimalField(min_value=-MAX_NUMBER, max_value=MAX_NUMBER, decimal_places=3, **options)
    return forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), **options)
