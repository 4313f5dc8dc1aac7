"""Forms of focal points and delegates: they parse and clean; the actions act."""

import functools
import hashlib
import json
import unicodedata

from django import forms
from django.conf import settings
from django.utils.translation import get_language, get_language_info, override
from django.utils.translation import gettext_lazy as _

from conference.lib import countries, tokens
from conference.lib.searching import folded
from conference.lib.words import languages as site_languages
from delegates.choices import Answer, Category, Consent, Standing
from delegates.privacy import FIELD_GROUPS
from delegates.rules import NOMINABLE, NOTICE_VERSION
from events.choices import OrganisationKind

NATIONALITIES = ("nationality_1", "nationality_2", "nationality_3")


class OneLineField(forms.CharField):
    """A text of one line: any script, composed (Unicode NFC), with runs of white space and line breaks made one space."""

    def to_python(self, value) -> str:
        """Tidy what was typed; letters are never re-cased."""
        return " ".join(unicodedata.normalize("NFC", super().to_python(value)).split())


class CountryField(OneLineField):
    """A country, typed as its name in any of our languages, as people there call it, or as its code; gives the ISO code."""

    def to_python(self, value) -> str:
        """Find the code."""
        written = super().to_python(value)
        if not written:
            return ""
        code = countries.find(written, tuple(site_languages())) if len(written) <= 100 else None
        if code is None:
            raise forms.ValidationError(
                _("We do not know a country “%(written)s”. Write its name, such as Belgium, or its two-letter code, such as BE."),
                params={"written": written[:100]},
            )
        return code


class HatForm(forms.Form):
    """A form that names the hat its page was opened under, and refuses to act under another."""

    is_draft = False  # shows what was kept of an earlier try
    hat = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, viewer, **options):
        super().__init__(*args, **options)
        self.viewer = viewer
        self.fields["hat"].initial = viewer.hat

    def clean(self):
        """Refuse a stale hat; the form shown again carries the present one."""
        cleaned = super().clean()
        if self.cleaned_data.get("hat") != self.viewer.hat:
            self.add_error(
                None, _("You now act in another capacity than when you opened this page. Check what is written and send it again.")
            )
            self._show_again("hat", self.viewer.hat)
        return cleaned

    def _show_again(self, name: str, value: str) -> None:
        self.data = self.data.copy()
        self.data[self.add_prefix(name)] = value


class OnceForm(HatForm):
    """A form that acts once however often it is sent: it carries a key made by the page."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["key"].initial = tokens.public_id

    def digest(self) -> str:
        """Give the digest of what is said, to tell a repetition from another message under the same key."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("key", "hat")}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def renew_key(self, error: str) -> None:
        """Show the form again with what was typed, an error, and a new key."""
        self._show_again("key", tokens.public_id())
        self.add_error(None, error)


class AnswerForm(HatForm):
    """A delegation's answer to the invitation."""

    answer = forms.ChoiceField(
        label=_("Does the delegation come?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
        choices=[(answer.value, answer.label) for answer in (Answer.COMING, Answer.UNDECIDED, Answer.DECLINED)],
    )


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


def language_names(codes) -> list[tuple[str, str]]:
    """Pair language codes with their names in the reader's language, each once."""
    return [(code, get_language_info(code)["name_translated"]) for code in dict.fromkeys(codes)]


def country_names(codes) -> list[str]:
    """Name countries in the reader's language."""
    return [countries.name(code, get_language() or settings.LANGUAGE_CODE) for code in codes]


@functools.lru_cache(maxsize=8)
def countries_to_choose(language: str) -> list[str]:
    """Name every country in a language, in its order."""
    return [name for _code, name in countries.choices(language)]


class RegistrationForm(HatForm):
    """What a person gives for one event; the groups say what each part is for, who reads it and until when."""

    given_name = OneLineField(
        label=_("Given name"),
        max_length=200,
        required=False,
        help_text=_("As in your passport. If you have one name only, fill in one of the two."),
    )
    family_name = OneLineField(label=_("Family name"), max_length=200, required=False)
    native_name = OneLineField(
        label=_("Name in its own script"), max_length=200, required=False, help_text=_("For example Γιώργος Παπαδόπουλος or Ганна Коваль.")
    )
    badge_name = OneLineField(
        label=_("Name on the badge"), max_length=200, required=False, help_text=_("Leave it empty for given and family name.")
    )
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
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages you can follow in the room"), required=False, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(label=_("Language for messages"), choices=settings.LANGUAGES)
    needs = forms.CharField(
        label=_("Dietary and accessibility needs"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
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

    def __init__(self, *args, registration, **options):
        super().__init__(*args, **options)
        self.fields["languages"].choices = language_names([*registration.event.languages, *site_languages(), *registration.languages])
        self.fields["function"].required = registration.category != Category.ACCOMPANYING
        for name in NATIONALITIES:
            self.fields[name].widget.attrs |= {"list": "countries", "autocomplete": "off"}

    @staticmethod
    def values_of(registration) -> dict:
        """Give what is stored of a registration as the form shows it; a consent nobody gave is shown as no choice."""
        delegate = registration.delegate
        values = {
            name: getattr(delegate, name)
            for name in ("given_name", "family_name", "native_name", "badge_name", "language", "may_be_invited_again")
        }
        values |= dict(zip(NATIONALITIES, country_names(delegate.nationalities), strict=False))
        values |= {"function": registration.function or delegate.function, "languages": registration.languages, "needs": registration.needs}
        return values | {"consent": "" if registration.consent == Consent.NOT_GIVEN else registration.consent}

    def clean(self):
        """Ask for a name, for each nationality once, and for the notice in force."""
        cleaned = super().clean()
        if not {"given_name", "family_name"} & self.errors.keys() and not (cleaned.get("given_name") or cleaned.get("family_name")):
            self.add_error("given_name", _("Write a given name, a family name, or both."))
        for name in NATIONALITIES[1:]:
            earlier = [cleaned.get(other) for other in NATIONALITIES[: NATIONALITIES.index(name)]]
            if cleaned.get(name) and cleaned[name] in earlier:
                self.add_error(name, _("This nationality is already written above."))
        if cleaned.get("notice_version") != NOTICE_VERSION:
            self.add_error(None, _("The privacy notice has changed since you opened this page. Read it and send the form again."))
            self._show_again("notice_version", NOTICE_VERSION)
        return cleaned

    def answers(self) -> dict:
        """Give what the actions take: the nationalities as one list, in the order written."""
        outside = ("hat", "notice_version", *NATIONALITIES)
        answers = {name: value for name, value in self.cleaned_data.items() if name not in outside}
        return answers | {"nationalities": [code for name in NATIONALITIES if (code := self.cleaned_data[name])]}

    def missing(self) -> list[str]:
        """List the labels of what must be given and is not stored yet."""
        return [field.label for field in self.visible_fields() if field.field.required and not field.value()]

    def groups(self) -> list[dict]:
        """List the groups of fields in the order of the page, each with its words."""
        return [{"group": group, "fields": [self[name] for name in group.fields]} for group in FIELD_GROUPS]


def refilled(form_class, draft, **options):
    """Make a form that shows what was kept of an earlier try, unchecked; without a draft a fresh one.

    `draft` is what was posted, or None.
    """
    form = form_class(**options)
    if draft is not None:
        form.is_draft = True
        form.initial = form.initial | {
            name: field.widget.value_from_datadict(draft, {}, form.add_prefix(name))
            for name, field in form.fields.items()
            if name not in ("hat", "notice_version")
        }
    return form


class WordChoiceField(OneLineField):
    """One of a fixed list, typed as its value or as its word in any language of the site; gives the value."""

    def __init__(self, *, words, synonyms=None, **options):
        super().__init__(**options)
        self._words, self._synonyms = words, synonyms or {}

    def to_python(self, value) -> str:
        """Find the value."""
        written = super().to_python(value)
        found = self._known().get(folded(written[:100]), "")
        if written and not found:
            words = ", ".join(str(label) for _value, label in self._words)
            message = _("“%(written)s” is none of: %(words)s.")
            raise forms.ValidationError(message, params={"written": written[:100], "words": words})
        return found

    def _known(self) -> dict[str, str]:
        known = {folded(value): value for value, _label in self._words}
        for language in site_languages():
            with override(language):
                known |= {folded(str(label)): value for value, label in self._words}
        return known | {folded(word): value for word, value in self._synonyms.items()}


def language_words() -> dict[str, str]:
    """Give the names of the site's languages, in each of them: "français", "French", "Frans" and "Französisch" are `fr`."""
    words = {}
    for code in site_languages():
        words[get_language_info(code)["name_local"]] = code
        for reader in site_languages():
            with override(reader):
                words[str(get_language_info(code)["name_translated"])] = code
    return words


class DelegationRowForm(forms.Form):
    """One row of a spreadsheet of delegations, as people write them."""

    organisation = OneLineField(max_length=200)
    abbreviation = OneLineField(max_length=40, required=False)
    kind = WordChoiceField(words=OrganisationKind.choices, required=False)
    country = CountryField(required=False)
    seats = forms.IntegerField(min_value=0, max_value=1000, required=False)
    standing = WordChoiceField(words=Standing.choices, required=False)
    focal_name = OneLineField(max_length=200, required=False)
    focal_email = forms.EmailField(max_length=254, required=False)
    focal_language = OneLineField(required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["focal_language"] = WordChoiceField(words=settings.LANGUAGES, synonyms=language_words(), required=False)

    def clean(self):
        """Take the kind “state” for granted where a country is given; refuse a focal point without an address."""
        data = super().clean()
        if data.get("country") and not data.get("kind") and "kind" not in self.errors:
            data["kind"] = OrganisationKind.STATE
        if data.get("kind") == OrganisationKind.STATE and not data.get("country") and "country" not in self.errors:
            self.add_error("country", _("Choose the state this organisation belongs to."))
        if data.get("focal_name") and not data.get("focal_email") and "focal_email" not in self.errors:
            self.add_error("focal_email", _("Give the address of the focal point."))
        return data
