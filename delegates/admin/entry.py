"""A person's whole form as the organisers enter it from a document: every group the event asks for, on one page, and their source."""

import dataclasses

from delegates.admin.behalf_forms import SourceForm
from delegates.choices import FormPhase
from delegates.forms import STEPS, Step, kept_of
from delegates.forms.photos import BehalfPhotoForm, PhotoForm
from delegates.privacy import AskedGroup
from delegates.rules import owes_form

PREFIX = "entry"  # one for all: the names of the fields differ from group to group
ALWAYS_NEEDED = frozenset({"nationality_1"})


@dataclasses.dataclass(frozen=True)
class Part:
    """One group on the page, as the event asks for it, and its form; one that is sealed shows nothing of what is kept."""

    step: Step
    asked: AskedGroup
    form: object
    is_given: bool

    @property
    def template(self) -> str:
        """What shows its fields; a photo is sent here and cut in the middle, not on the page of the person."""
        return STEPS[0].template if isinstance(self.form, BehalfPhotoForm) else self.step.template

    @property
    def is_untouched(self) -> bool:
        """Say whether nothing was written into a sealed group: what is kept of it then stays."""
        return self.asked.group.is_sealed and not any(self.form.cleaned_data.get(name) for name in self.form.own_fields)


class Entry:
    """All forms of the page. Consent is in none of them: only the person or a signed form gives that.

    A document seldom says everything, so only a name and a nationality must be given; what is missing shows when it is decided on.
    """

    def __init__(self, registration, *, request, day):
        data, files = None, request.FILES or None
        if request.method == "POST":
            data = request.POST.copy()
            data[f"{PREFIX}-hat"] = request.viewer.hat  # the page has checked the role; the forms are those of the person
        self.source = SourceForm(data, files, prefix=PREFIX)
        self.parts = []
        kept = kept_of(registration, day)
        self.phases = phases = phases_for(registration)
        for step in STEPS:
            form_class = BehalfPhotoForm if step.form is PhotoForm else step.form
            for phase in phases:
                asked = kept.asked[step.form.GROUP]
                if step.form.is_asked(kept, phase, is_shared=False) and asked.group.acts & request.acts:
                    initial = {} if asked.group.is_sealed else form_class.values_of(kept)
                    form = form_class(
                        data,
                        files,
                        prefix=PREFIX,
                        initial=initial,
                        viewer=request.viewer,
                        kept=kept,
                        phase=phase,
                        use_required_attribute=False,
                    )
                    _relax(form)
                    if form.own_fields:
                        self.parts.append(Part(step, asked, form, is_given=_is_given(kept, step)))

    @property
    def forms(self) -> list:
        """Every form of the page in its order, the source last."""
        return [*(part.form for part in self.parts), self.source]

    def is_valid(self) -> bool:
        """Check every form, so that all mistakes show at once."""
        are_right = [form.is_valid() for form in self.forms]
        return all(are_right)

    @property
    def mistakes(self) -> list[dict]:
        """List what is wrong on the whole page: the words, and the field they stand beside, if any."""
        if not self.source.is_bound:
            return []
        general = {words: {"words": words, "field": None} for form in self.forms for words in form.non_field_errors()}
        beside = [{"words": words, "field": field} for form in self.forms for field in form.visible_fields() for words in field.errors]
        return [*general.values(), *beside]

    def answers(self) -> dict:
        """Put together what `submit_registration` takes; a sealed group nobody wrote into is left as it is."""
        answers: dict = {"groups": {}, "questions": {}}
        for part in self.parts:
            if part.is_untouched:
                continue
            given = part.form.answers()
            answers["groups"] |= {str(name): values for name, values in given.pop("groups", {}).items()}
            answers["questions"] |= given.pop("questions", {})
            answers |= given
        if not answers.get("language"):
            answers.pop("language", None)
        return answers

    def uploads(self) -> dict:
        """Give the files that were sent: (kind, key) -> file."""
        return {key: file for part in self.parts for key, file in part.form.uploads().items()}

    @property
    def has_details(self) -> bool:
        """Say whether anything of the second form was written: it then is no longer owed."""
        second = [part for part in self.parts if part.form.phase == FormPhase.SECOND]
        return any(part.form.cleaned_data.get(name) for part in second for name in part.form.own_fields)

    def warnings(self) -> list[str]:
        """List what is allowed but should be looked at."""
        return [words for part in self.parts if not part.is_untouched for _field, words in part.form.warnings()]


def phases_for(registration) -> list[FormPhase]:
    """The forms somebody may enter for a person: both while the first is owed, the second alone once they are approved."""
    return list(FormPhase) if owes_form(registration) else [FormPhase.SECOND]


def _is_given(kept, step: Step) -> bool:
    return step.form.GROUP in kept.given or (step.form is PhotoForm and kept.photo is not None)


def _relax(form) -> None:
    for name, field in form.fields.items():
        if name not in form.needed and name not in ALWAYS_NEEDED:
            field.required = False
