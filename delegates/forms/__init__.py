"""Forms of focal points and delegates: they parse and clean; the actions act."""

from delegates.forms.base import HatForm, OnceForm, refilled
from delegates.forms.delegations import (
    AnswerForm,
    CategoryField,
    CategoryForm,
    CredentialForm,
    KeepSeatForm,
    NameSeatForm,
    NominateForm,
    ShareForm,
)
from delegates.forms.fields import (
    CountryField,
    OneLineField,
    WordChoiceField,
    countries_to_choose,
    country_names,
    language_names,
    language_words,
)
from delegates.forms.letters import LetterCodeForm
from delegates.forms.person import IdentityForm, Kept
from delegates.forms.requests import PlaceRequestForm, RefusalForm
from delegates.forms.rows import DelegationRowForm, NominationRowForm, OrganisationRowForm
from delegates.forms.sheets import ChoiceForm, OwnChoiceForm, OwnSheetChoiceForm, OwnSheetForm, SheetForm, SpreadsheetField
from delegates.forms.steps import LAST, STEPS, PersonForm, Step, in_words, kept_of, shown_groups, typed_values, value_in_words, warnings_of
from delegates.forms.tables import FormerForm, SeveralForm, typed_rows
from delegates.forms.who_acts import WhoActsForm

__all__ = [
    "LAST",
    "STEPS",
    "AnswerForm",
    "CategoryField",
    "CategoryForm",
    "ChoiceForm",
    "CountryField",
    "CredentialForm",
    "DelegationRowForm",
    "FormerForm",
    "HatForm",
    "IdentityForm",
    "KeepSeatForm",
    "Kept",
    "LetterCodeForm",
    "NameSeatForm",
    "NominateForm",
    "NominationRowForm",
    "OnceForm",
    "OneLineField",
    "OrganisationRowForm",
    "OwnChoiceForm",
    "OwnSheetChoiceForm",
    "OwnSheetForm",
    "PersonForm",
    "PlaceRequestForm",
    "RefusalForm",
    "SeveralForm",
    "ShareForm",
    "SheetForm",
    "SpreadsheetField",
    "Step",
    "WhoActsForm",
    "WordChoiceField",
    "countries_to_choose",
    "country_names",
    "in_words",
    "kept_of",
    "language_names",
    "language_words",
    "refilled",
    "shown_groups",
    "typed_rows",
    "typed_values",
    "value_in_words",
    "warnings_of",
]
