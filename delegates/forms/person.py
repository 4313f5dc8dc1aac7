"""The steps of a person's form: what they have in common, and those about the person."""

import dataclasses
import datetime as dt

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from conference.lib.words import languages as site_languages
from delegates.choices import Category, Consent, Group
from delegates.forms.base import HatForm
from delegates.forms.fields import CountryField, OneLineField, country_names, language_names
from delegates.models import Question
from delegates.privacy import AskedGroup
from delegates.rules import NOTICE_VERSION
from events.forms.fields import DateField

NATIONALITIES = ("nationality_1", "nationality_2", "nationality_3")
EARLIEST_BIRTH = dt.date(1900, 1, 1)


@dataclasses.dataclass(frozen=True)
class Kept:
    """What is kept of a person for an event. `given` maps groups to values, `answers` public ids of questions to answers."""

    registration: object
    asked: dict[str, AskedGroup]
    questions: list[Question]
    given: dict[str, dict]
    answers: dict[str, object]
    day: dt.date  # today, in the zone of the event
    files: dict[str, object] = dataclasses.field(default_factory=dict)  # answers that are files, by the public id of their question
    copy: object = None  # of the identity document, in the same way as the photo
    photo: object = None  # the photo that holds, or the first one, which waits for an officer


class StepForm(HatForm):
    """One step: the fields of one group, as an event asks for it.

    `CORE` are the fields without which the group says nothing: needed if the group is required, or if anything else in it is given.
    `FOLLOWS` names, for a field asked only after some answers, the field that is answered and those answers; what is `NEEDED` among
    them must then be given. What is asked after another answer than the one given is taken as empty.
    """

    GROUP: str
    CORE: tuple[str, ...] = ()
    FOLLOWS: dict[str, tuple[str, tuple[str, ...]]] = {}
    NEEDED: tuple[str, ...] = ()
    phase = ""

    def __init__(self, *args, kept: Kept, phase: str, **options):
        self.kept, self.phase = kept, phase
        super().__init__(*args, **options)
        self.follows, self.needed = dict(self.FOLLOWS), set(self.NEEDED)
        self.prepare()
        for name in self.needed:
            self.fields[name].required = True  # so it says; what is not asked is taken as empty whatever it says
            self.fields[name].error_messages["required"] = _("This is needed after your answer above.")

    @classmethod
    def is_asked(cls, kept: Kept, phase: str, *, is_shared: bool) -> bool:
        """Say whether this step stands in one of a person's forms."""
        asked = kept.asked[cls.GROUP]
        return asked.phase == phase and asked.is_asked_of(kept.registration.category, is_shared=is_shared)

    @classmethod
    def values_of(cls, kept: Kept) -> dict:
        """Give what is stored as the form shows it."""
        return kept.given.get(cls.GROUP, {})

    def prepare(self) -> None:
        """Fit the fields to the event and the person."""
        for name in self.CORE:
            self.fields[name].required = self.kept.asked[self.GROUP].is_required

    @property
    def own_fields(self) -> list[str]:
        """The fields that hold what a person gives."""
        return [name for name, field in self.fields.items() if not field.widget.is_hidden]

    @property
    def laid_out(self) -> list[dict]:
        """List the visible fields in order, each with the field and the answers it follows."""
        rows = []
        for field in self.visible_fields():
            parent, answers = self.follows.get(field.name, ("", ()))
            rows.append({"field": field, "follows": self.add_prefix(parent) if parent else "", "answers": " ".join(answers)})
        return rows

    def clean(self):
        """Take as empty what is not asked after the answers given; ask for what the others need."""
        cleaned = super().clean()
        for name in self.fields:
            if name in self.follows and not self.is_answered(cleaned, *self.follows[name]):
                self.errors.pop(name, None)
                cleaned[name] = None
        if any(cleaned.get(name) for name in self.own_fields):
            for name in self.CORE:
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, _("This is needed as well, or leave the whole step empty."))
        return cleaned

    @staticmethod
    def is_answered(cleaned: dict, name: str, answers: tuple[str, ...]) -> bool:
        """Say whether a field was given one of some answers."""
        given = cleaned.get(name) or []
        return bool(set(given if isinstance(given, list) else [given]) & set(answers))

    def values(self) -> dict:
        """Give what is stored of the group: what was given, moments and days as ISO writes them."""
        return {name: as_stored(self.cleaned_data[name]) for name in self.own_fields if self.cleaned_data.get(name) not in (None, "", [])}

    def answers(self) -> dict:
        """Give what the actions take."""
        return {"groups": {self.GROUP: self.values()}}

    def uploads(self) -> dict:
        """Give the files that were just sent and are kept with their step: (kind, key) -> file."""
        return {}

    def file_of(self, name: str):
        """Give the file kept for a field that takes one, None without."""
        return None

    def warnings(self) -> list[tuple[str, str]]:
        """List what is allowed but should be looked at: field, words. Only of a form found right."""
        return []


def as_stored(value):
    """Write a cleaned value so that JSON can hold it."""
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, dt.date) else value


class IdentityForm(StepForm):
    """Names, nationalities, function; the birth date where the event asks who somebody is."""

    GROUP = Group.IDENTITY
    ON_DELEGATE = ("given_name", "family_name", "native_name", "badge_name", "birth_date")

    given_name = OneLineField(
        label=_("Given name"),
        max_length=200,
        required=False,
        help_text=_("As in your passport. If you have one name only, fill in one of the two."),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    family_name = OneLineField(
        label=_("Family name"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    native_name = OneLineField(
        label=_("Name in its own script"), max_length=200, required=False, help_text=_("For example Γιώργος Παπαδόπουλος or Ганна Коваль.")
    )
    badge_name = OneLineField(
        label=_("Name on the badge"), max_length=200, required=False, help_text=_("Leave it empty for given and family name.")
    )
    birth_date = DateField(label=_("Birth date"), error_messages={"required": _("Write your birth date.")})
    nationality_1 = CountryField(
        label=_("Nationality"),
        help_text=_("Write the country, or choose it from the list that opens as you type."),
        error_messages={"required": _("Write your nationality.")},
    )
    nationality_2 = CountryField(label=_("Second nationality"), required=False)
    nationality_3 = CountryField(label=_("Third nationality"), required=False)
    function = OneLineField(
        label=_("Function"),
        max_length=200,
        help_text=_("As it should appear beside your name."),
        error_messages={"required": _("Write your function.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )

    def prepare(self) -> None:
        """Ask for the birth date only where somebody checks it, for a function of all but who merely accompanies."""
        registration = self.kept.registration
        asks_document = self.kept.asked[Group.IDENTITY_DOCUMENT].is_asked_of(registration.category)
        if not (registration.event.security_decides or asks_document or registration.delegate.birth_date):
            del self.fields["birth_date"]
        else:
            self.fields["birth_date"].widget.attrs["autocomplete"] = "bday"
        self.fields["function"].required = registration.category != Category.ACCOMPANYING
        suggest_countries(self, NATIONALITIES)

    @classmethod
    def values_of(cls, kept: Kept) -> dict:
        """Give what is stored of the person."""
        delegate = kept.registration.delegate
        values = {name: getattr(delegate, name) for name in cls.ON_DELEGATE}
        values |= dict(zip(NATIONALITIES, country_names(delegate.nationalities), strict=False))
        return values | {"function": kept.registration.function or delegate.function}

    def clean_birth_date(self):
        """Refuse a day to come, and one nobody alive was born on."""
        born = self.cleaned_data["birth_date"]
        if born and born >= self.kept.day:
            raise forms.ValidationError(_("This day is still to come. Write the day you were born."))
        if born and born < EARLIEST_BIRTH:
            raise forms.ValidationError(_("This is before 1900. Look at the year."))
        return born

    def clean(self):
        """Ask for a name, and for each nationality once."""
        cleaned = super().clean()
        if not {"given_name", "family_name"} & self.errors.keys() and not (cleaned.get("given_name") or cleaned.get("family_name")):
            self.add_error("given_name", _("Write a given name, a family name, or both."))
        for name in NATIONALITIES[1:]:
            earlier = [cleaned.get(other) for other in NATIONALITIES[: NATIONALITIES.index(name)]]
            if cleaned.get(name) and cleaned[name] in earlier:
                self.add_error(name, _("This nationality is already written above."))
        return cleaned

    def answers(self) -> dict:
        """Give what the actions take: the nationalities as one list, in the order written."""
        cleaned = self.cleaned_data
        answers = {name: as_stored(cleaned[name]) for name in (*self.ON_DELEGATE, "function") if name in self.fields}
        return answers | {"nationalities": [code for name in NATIONALITIES if (code := cleaned[name])]}


class LanguagesForm(StepForm):
    """The languages a person follows, needs and reads."""

    GROUP = Group.LANGUAGES

    languages = forms.MultipleChoiceField(
        label=_("Languages you can follow in the room"), required=False, widget=forms.CheckboxSelectMultiple
    )
    interpretation = forms.MultipleChoiceField(
        label=_("Languages you need interpretation into"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave it empty if you follow the meeting without."),
    )
    language = forms.ChoiceField(label=_("Language for messages"), choices=settings.LANGUAGES)

    def prepare(self) -> None:
        """Offer the languages of the meeting first."""
        registration, chosen = self.kept.registration, self.kept.given.get(self.GROUP, {}).get("interpretation", [])
        self.fields["languages"].choices = language_names([*registration.event.languages, *site_languages(), *registration.languages])
        self.fields["interpretation"].choices = language_names([*registration.event.languages, *chosen])
        if not self.fields["interpretation"].choices:
            del self.fields["interpretation"]

    @classmethod
    def values_of(cls, kept: Kept) -> dict:
        """Give what is stored of the person."""
        registration = kept.registration
        return {"languages": registration.languages, "language": registration.delegate.language} | super().values_of(kept)

    def answers(self) -> dict:
        """Give what the actions take."""
        cleaned = self.cleaned_data
        answers = {"languages": cleaned["languages"], "language": cleaned["language"]}
        if "interpretation" not in self.fields:
            return answers
        needed = {"interpretation": cleaned["interpretation"]} if cleaned["interpretation"] else {}
        return answers | {"groups": {self.GROUP: needed}}


class NeedsForm(StepForm):
    """What somebody can eat, and what makes the rooms usable for them."""

    GROUP = Group.NEEDS

    needs = forms.CharField(
        label=_("Dietary and accessibility needs"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    @classmethod
    def values_of(cls, kept: Kept) -> dict:
        """Give what is stored of the person."""
        return {"needs": kept.registration.needs}

    def answers(self) -> dict:
        """Give what the actions take."""
        return {"needs": self.cleaned_data["needs"]}


class ListsForm(StepForm):
    """The end of the first form: where the name may appear, and the notice in force."""

    GROUP = Group.LISTS

    consent = forms.ChoiceField(
        label=_("List of participants"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three; nobody else chooses for you.")},
        choices=[
            (Consent.HIDDEN.value, _("My name is in no list")),
            (Consent.PARTICIPANTS.value, _("Other participants of this event may see my name, function and organisation")),
            (Consent.PUBLIC.value, _("Anybody may see my name, function and organisation")),
        ],
    )
    may_be_invited_again = forms.BooleanField(
        label=_("My service may find my name and function for later events"),
        required=False,
        help_text=_("If you leave this empty, your name is removed with the rest."),
    )
    notice_version = forms.CharField(widget=forms.HiddenInput, initial=NOTICE_VERSION, required=False)

    @classmethod
    def values_of(cls, kept: Kept) -> dict:
        """Give what is stored; a consent nobody gave is shown as no choice."""
        registration = kept.registration
        consent = "" if registration.consent == Consent.NOT_GIVEN else registration.consent
        return {"consent": consent, "may_be_invited_again": registration.delegate.may_be_invited_again}

    def clean(self):
        """Ask for the notice in force."""
        cleaned = super().clean()
        if cleaned.get("notice_version") != NOTICE_VERSION:
            self.add_error(None, _("The privacy notice has changed since you opened this page. Read it and send the form again."))
            self._show_again("notice_version", NOTICE_VERSION)
        return cleaned

    def answers(self) -> dict:
        """Give what the actions take."""
        return {name: self.cleaned_data[name] for name in ("consent", "may_be_invited_again", "notice_version")}


def suggest_countries(form, names) -> None:
    """Let fields offer the countries as one types; the page holds their list under the id `countries`."""
    for name in names:
        form.fields[name].widget.attrs |= {"list": "countries", "autocomplete": "off"}
