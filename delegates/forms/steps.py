"""The steps of a person's two forms in their order, and a form as a whole with what is typed, kept and stored of it."""

import dataclasses
import datetime as dt

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from conference.lib import countries, dates
from conference.lib.viewer import Viewer
from conference.lib.words import languages
from delegates.choices import FileKind, FormPhase, Group, PhotoKey, QuestionKind
from delegates.forms.base import refilled
from delegates.forms.fields import CountryField
from delegates.forms.groups import DocumentForm, EmergencyForm, HotelForm, TravelForm, VehicleForm, WeaponForm
from delegates.forms.person import IdentityForm, Kept, LanguagesForm, ListsForm, NeedsForm, StepForm
from delegates.forms.photos import PhotoForm
from delegates.forms.questions import QuestionsForm
from delegates.privacy import asked_groups
from events.forms.fields import DateField, WallClockField

NOT_TYPED = ("hat", "notice_version")


@dataclasses.dataclass(frozen=True)
class Step:
    """One screen of a form: `name` stands in its address, `form` asks for one group, `template` shows its fields."""

    name: str
    form: type[StepForm]
    template: str = "delegates/partials/step_fields.html"

    @property
    def title(self) -> str:
        """What the step is called: as its group."""
        return Group(self.form.GROUP).label


# Add a step here, and its group to `privacy.FIELD_GROUPS`; in which of the two forms it stands, the event says.
STEPS = (
    Step("identity", IdentityForm),
    Step("document", DocumentForm),
    Step("photo", PhotoForm, "delegates/partials/step_photo.html"),
    Step("languages", LanguagesForm),
    Step("travel", TravelForm),
    Step("hotel", HotelForm),
    Step("vehicle", VehicleForm),
    Step("needs", NeedsForm),
    Step("emergency", EmergencyForm),
    Step("weapon", WeaponForm),
    Step("questions", QuestionsForm),
)
# What the last screen of the first form asks besides sending it.
LAST = Step("lists", ListsForm)


def kept_of(registration, day: dt.date) -> Kept:
    """Load what is kept of a person for an event, and what the event asks; with the event, the delegate and the delegation in hand."""
    questions = list(registration.event.questions.in_order())
    for question in questions:
        question.event = registration.event
        for choice in question.choices.all():
            choice.question = question
    asked = asked_groups(registration.event)
    return Kept(
        registration=registration,
        asked=asked,
        questions=questions,
        given={row.group: row.given() for row in registration.given_groups.all()} if registration.pk else {},
        answers=dict(registration.question_answers.values_list("question__public_id", "value")) if registration.pk else {},
        day=day,
        files=_files(registration, questions),
        copy=_held(registration, FileKind.IDENTITY_DOCUMENT) if asked[Group.IDENTITY_DOCUMENT].with_copy else None,
        photo=_held(registration, FileKind.PHOTO) if asked[Group.PHOTO].is_on else None,
    )


def _files(registration, questions) -> dict:
    if registration.pk is None or all(question.kind != QuestionKind.FILE for question in questions):
        return {}
    return {file.key: file for file in registration.files.filter(kind=FileKind.ANSWER)}


def _held(registration, kind: str):
    """The photo, or the copy of the document, that holds, else the first one, which waits for an officer."""
    found = registration.files.filter(kind=kind, key__in=[PhotoKey.CURRENT, PhotoKey.WAITING]) if registration.pk else []
    held = {file.key: file for file in found}
    file = held.get(PhotoKey.CURRENT) or held.get(PhotoKey.WAITING)
    if file:
        file.event, file.registration = registration.event, registration
    return file


class PersonForm:
    """One of a person's two forms. `typed` is what its draft holds: step -> field -> the values posted.

    `given_last` is `kept` with what waits for an officer in its place: what the fields are filled with.
    """

    def __init__(self, kept: Kept, *, phase: str, viewer, draft=None, given_last: Kept | None = None):
        self.kept, self.phase, self.viewer = kept, phase, viewer
        self.given_last = given_last or kept
        self.typed: dict[str, dict[str, list[str]]] = {}
        self.late_at: dt.datetime | None = None
        if draft:
            self.take_up(draft)
        self.steps = [step for step in STEPS if step.form.is_asked(kept, phase, is_shared=viewer.is_shared)]

    def take_up(self, draft) -> None:
        """Go on with what a draft holds."""
        self.typed, self.late_at = draft.typed, draft.late_at

    def step(self, name: str) -> Step | None:
        """Find a step of this form by its name."""
        return next((step for step in self.steps if step.name == name), None)

    def is_kept(self, step: Step) -> bool:
        """Say whether something of a step was typed and kept."""
        return step.name in self.typed

    def is_wrong(self, step: Step) -> bool:
        """Say whether what was kept of a step needs another look before the form can be sent."""
        return self.is_kept(step) and not self.as_it_stands(step).is_valid()

    def where_left_off(self) -> Step | None:
        """Give the first step that was not kept yet, None when all were."""
        return next((step for step in self.steps if not self.is_kept(step)), None)

    def withheld(self) -> list[str]:
        """List the titles of what is asked of this person, but not of an account that several people use."""
        kept, phase = self.kept, self.phase
        return [step.title for step in STEPS if step not in self.steps and step.form.is_asked(kept, phase, is_shared=False)]

    def missing(self) -> list[tuple[Step, list[str]]]:
        """List the labels of what must be given and is neither typed nor stored yet, by the step that asks for it."""
        steps = [*self.steps, LAST] if self.phase == FormPhase.FIRST else self.steps
        found = []
        for step in steps:
            form = self.fresh(step)
            asked = [field for field in form.visible_fields() if field.field.required and field.name not in form.follows]
            found.append((step, [str(field.label) for field in asked if not field.value()]))
        return [(step, labels) for step, labels in found if labels]

    def fresh(self, step: Step, *, draft=None) -> StepForm:
        """A form to fill in: with `draft` (what was kept in the sign-in session), else with what is typed, else with what is stored."""
        values = step.form.values_of(self.given_last)
        form = step.form(initial=values, **self._options())
        if (typed := self.typed.get(step.name)) is not None:
            form = refilled(step.form, MultiValueDict(typed), initial=values, **self._options())
            form.is_draft = False
        return form if draft is None else refilled(step.form, draft, initial=form.initial, **self._options())

    def posted(self, step: Step, data, files=None) -> StepForm:
        """A form with what was just sent."""
        return step.form(data, files, initial=step.form.values_of(self.given_last), **self._options())

    def as_it_stands(self, step: Step) -> StepForm:
        """A form bound to what is typed, else to what is stored, as if that had been sent."""
        typed = self.typed.get(step.name)
        if typed is None:
            fields = step.form(initial=step.form.values_of(self.given_last), **self._options())
            typed = {name: listed(fields[name].value()) for name in fields.own_fields}
        data = MultiValueDict({name: values for name, values in typed.items() if values})
        data["hat"] = self.viewer.hat
        return self.posted(step, data)

    def answers(self, forms_: list[StepForm]) -> dict:
        """Put together what the actions take of forms found right."""
        answers: dict = {"groups": {}, "questions": {}}
        for form in forms_:
            given = form.answers()
            answers["groups"] |= {str(name): values for name, values in given.pop("groups", {}).items()}
            answers["questions"] |= given.pop("questions", {})
            answers |= given
        return answers

    def _options(self) -> dict:
        return {"viewer": self.viewer, "kept": self.kept, "phase": self.phase}


def listed(value) -> list:
    """Write a value as a form posts it."""
    if value in (None, "", False):
        return []
    if value is True:
        return ["on"]
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def typed_values(form: StepForm) -> dict[str, list[str]]:
    """Give what was posted into the fields of a form, as a draft keeps it; files are kept elsewhere."""
    data = form.data
    is_file = {name for name, field in form.fields.items() if isinstance(field, forms.FileField)}
    names = [name for name in form.fields if name not in NOT_TYPED and name not in is_file]
    return {name: data.getlist(name) for name in names if name in data}


def in_words(form: StepForm) -> list[dict]:
    """List what a form holds as a reader wants it: name, label and words of every field that holds something."""
    rows = []
    for name in form.own_fields:
        bound = form[name]
        if words := value_in_words(bound.field, bound.value()):
            file = form.file_of(name) if isinstance(bound.field, forms.FileField) else None
            rows.append({"name": name, "label": bound.label, "words": words, "file": file})
    return rows


def value_in_words(field, value) -> str:
    """Write one value as a reader wants it, in their language."""
    if value in (None, "", [], False):
        return ""
    if value is True:
        return str(_("Yes"))
    if isinstance(field, forms.ChoiceField):
        labels = {str(key): str(label) for key, label in field.choices}
        chosen = value if isinstance(value, list | tuple) else [value]
        return ", ".join(labels.get(str(one), str(one)) for one in chosen)
    if isinstance(field, CountryField):
        code = countries.find(str(value)[:100], tuple(languages()))
        return countries.name(code, get_language() or "en") if code else str(value)
    if isinstance(field, DateField):
        return _day_in_words(str(value)[:10], str(value))
    if isinstance(field, WallClockField):
        return f"{_day_in_words(str(value)[:10], str(value))}, {str(value)[11:16]}"
    return str(value)


def _day_in_words(written: str, otherwise: str) -> str:
    try:
        return dates.date_in_words(dt.date.fromisoformat(written), get_language() or "en")
    except ValueError:
        return otherwise


def shown_groups(kept: Kept, viewer) -> list[dict]:
    """List what a person gave, group by group: the group as the event asks for it, and its rows. What was never given is left out."""
    groups = []
    for step in (*STEPS, LAST):
        asked = kept.asked[step.form.GROUP]
        if asked.group.is_sealed and viewer.is_shared:
            continue
        rows = []
        for phase in FormPhase:
            if step.form is not QuestionsForm and phase != FormPhase.FIRST:
                continue
            form = step.form(initial=step.form.values_of(kept), viewer=viewer, kept=kept, phase=phase)
            rows += in_words(form)
        if rows:
            groups.append({"asked": asked, "step": step, "rows": rows})
    return groups


def warnings_of(step: Step, kept: Kept) -> list[str]:
    """List what should be looked at in what is stored of a step."""
    person = PersonForm(kept, phase=kept.asked[step.form.GROUP].phase, viewer=Viewer())
    form = person.as_it_stands(step)
    return [words for _field, words in form.warnings()] if form.is_valid() else []
