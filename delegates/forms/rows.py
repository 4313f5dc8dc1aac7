"""Rows of spreadsheets, as people write them."""

import datetime as dt
import re

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.lib import countries
from conference.lib.words import languages as site_languages
from delegates.choices import Category, Standing
from delegates.forms.fields import CountryField, OneLineField, WordChoiceField, WrittenDateField, language_words
from events.choices import OrganisationKind


def _language_field() -> WordChoiceField:
    return WordChoiceField(words=settings.LANGUAGES, synonyms=language_words(), required=False)


def _check_country(form: forms.Form, data: dict) -> None:
    """Take the kind “state” for granted where a country is given, and ask a state for its country."""
    if data.get("country") and not data.get("kind") and "kind" not in form.errors:
        data["kind"] = OrganisationKind.STATE
    if data.get("kind") == OrganisationKind.STATE and not data.get("country") and "country" not in form.errors:
        form.add_error("country", _("Choose the state this organisation belongs to."))


class OrganisationRowForm(forms.Form):
    """One row of a spreadsheet of organisations."""

    id = OneLineField(max_length=20, required=False)
    organisation = OneLineField(max_length=200, required=False)
    abbreviation = OneLineField(max_length=40, required=False)
    kind = WordChoiceField(words=OrganisationKind.choices, required=False)
    country = CountryField(required=False)
    email = forms.EmailField(max_length=254, required=False)
    name_en = OneLineField(max_length=200, required=False)
    name_fr = OneLineField(max_length=200, required=False)
    name_nl = OneLineField(max_length=200, required=False)
    name_de = OneLineField(max_length=200, required=False)

    def clean(self):
        """Ask for a name in some language, or for the reference of a known organisation."""
        data = super().clean()
        if not data.get("id"):
            _check_country(self, data)
            names = ("organisation", "name_en", "name_fr", "name_nl", "name_de")
            if not any(data.get(name) for name in names) and not set(names) & self.errors.keys():
                self.add_error("organisation", _("Write the name of the organisation."))
        return data


class NominationRowForm(forms.Form):
    """One row of a spreadsheet of people. A name in one cell is taken apart where that is sure: “Kovács, Anna” and “Anna KOVÁCS”."""

    id = OneLineField(max_length=20, required=False)
    delegation = OneLineField(max_length=200, required=False)
    country = CountryField(required=False)
    family_name = OneLineField(max_length=200, required=False)
    given_name = OneLineField(max_length=200, required=False)
    name = OneLineField(max_length=200, required=False)
    category = WordChoiceField(words=Category.choices, required=False)
    function = OneLineField(max_length=200, required=False)
    email = forms.EmailField(max_length=254, required=False)
    language = OneLineField(required=False)
    nationality = OneLineField(max_length=200, required=False)
    birth_date = WrittenDateField(required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["language"] = _language_field()

    def clean_birth_date(self):
        """Refuse a day to come, and one nobody alive was born on."""
        day = self.cleaned_data["birth_date"]
        if day and not timezone.localdate() - dt.timedelta(days=120 * 365) < day <= timezone.localdate():
            raise forms.ValidationError(_("This is not a date of birth."))
        return day

    def clean_nationality(self):
        """Read one nationality, or several separated by a comma, a semicolon or a stroke."""
        written = self.cleaned_data["nationality"]
        whole = countries.find(written, tuple(site_languages())) if written else None
        if whole:
            return [whole]
        return list(dict.fromkeys(code for part in re.split(r"[,;/]", written) if (code := CountryField().to_python(part))))

    def clean(self):
        """Ask for a name."""
        data = super().clean()
        if data.get("name") and not data.get("family_name") and not data.get("given_name"):
            data["family_name"], data["given_name"] = apart(data["name"])
        if not {"name", "family_name", "given_name"} & self.errors.keys() and not (data.get("family_name") or data.get("given_name")):
            self.add_error("family_name", _("Write a given name, a family name, or both."))
        data["nationalities"] = data.pop("nationality", [])
        return data


def apart(name: str) -> tuple[str, str]:
    """Take family and given name of one text apart where the writer marked them, by a comma or by capitals; else all is family name."""
    family, comma, given = name.partition(",")
    if comma:
        return family.strip(), given.strip()
    words = name.split()
    capitals = [word for word in words if len(word) > 1 and word == word.upper() != word.lower()]
    others = [word for word in words if word not in capitals]
    if capitals and others and (words == capitals + others or words == others + capitals):
        return " ".join(capitals), " ".join(others)
    return name, ""


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
        self.fields["focal_language"] = _language_field()

    def clean(self):
        """Take the kind “state” for granted where a country is given; refuse a focal point without an address."""
        data = super().clean()
        _check_country(self, data)
        if data.get("focal_name") and not data.get("focal_email") and "focal_email" not in self.errors:
            self.add_error("focal_email", _("Give the address of the focal point."))
        return data
