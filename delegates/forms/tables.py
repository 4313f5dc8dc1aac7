"""Forms of several people at once: a table one fills in, and former delegates one ticks."""

import hashlib
import json

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from delegates.forms.base import OnceForm
from delegates.forms.delegations import CategoryField
from delegates.forms.fields import OneLineField

ROWS, MORE, MOST = 5, 5, 100
_TYPED = ("given_name", "family_name", "email", "function")


class PersonRow(forms.Form):
    """One row of the table; one in which nothing is typed does not count."""

    family_name = OneLineField(label=_("Family name"), max_length=200, required=False)
    given_name = OneLineField(label=_("Given name"), max_length=200, required=False)
    category = CategoryField()
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, error_messages={"required": _("Write the address the person’s invitation goes to.")}
    )
    function = OneLineField(label=_("Function"), max_length=200, required=False)
    language = forms.ChoiceField(label=_("Language for messages"), choices=settings.LANGUAGES)

    def __init__(self, *args, **options):
        super().__init__(*args, empty_permitted=True, use_required_attribute=False, **options)
        self.fields["language"].initial = get_language
        self.problem = ""  # why the action refused the row

    def has_changed(self) -> bool:
        """Say whether anything is typed; the two choices alone are nothing."""
        return any(self[name].value() for name in _TYPED)

    def clean(self):
        """Ask for at least one of the two names."""
        cleaned = super().clean()
        if not {"given_name", "family_name"} & self.errors.keys() and not (cleaned.get("given_name") or cleaned.get("family_name")):
            self.add_error("family_name", _("Write a given name, a family name, or both."))
        return cleaned

    @property
    def is_wrong(self) -> bool:
        """Say whether something in the row is to be corrected."""
        return bool(self.problem or (self.is_bound and self.errors))


class _RowsForm(OnceForm):
    """Rows below one another, each a form of its own; sent as one."""

    rows: list

    def is_valid(self) -> bool:
        """Check the form and each of its rows."""
        rows = [row.is_valid() for row in self.rows]
        return super().is_valid() and all(rows)

    def people(self) -> dict[int, dict]:
        """Give what `actions.nominate_many` takes: the people by the number of their row."""
        raise NotImplementedError

    def digest(self) -> str:
        """Give the digest of everything written in the rows."""
        return hashlib.sha256(json.dumps(self.people(), sort_keys=True).encode()).hexdigest()

    def show_problems(self, problems: dict[int, str]) -> None:
        """Put beside each row why it cannot be taken."""
        for number, problem in problems.items():
            self.rows[number].problem = problem

    @property
    def wrong(self) -> list:
        """The rows to correct, with their numbers from 1."""
        return [(number, row) for number, row in enumerate(self.rows, start=1) if row.is_wrong]


class SeveralForm(_RowsForm):
    """A table of people. `people` fills it beforehand, `size` says how many rows it has at least."""

    count = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST)

    def __init__(self, *args, people: list[dict] | None = None, size: int = ROWS, **options):
        super().__init__(*args, **options)
        people = people or []
        count = counted(self.data) if self.is_bound else min(max(len(people), size), MOST)
        self.fields["count"].initial = count
        data = self.data if self.is_bound else None
        self.rows = [PersonRow(data, prefix=str(number), initial=dict(enumerate(people)).get(number)) for number in range(count)]

    def clean(self):
        """Ask for one person at least."""
        cleaned = super().clean()
        if not any(row.has_changed() for row in self.rows):
            self.add_error(None, _("Write at least one person."))
        return cleaned

    def people(self) -> dict[int, dict]:
        """Give the people written, by the number of their row."""
        return {number: dict(row.cleaned_data) for number, row in enumerate(self.rows) if row.has_changed()}


def counted(data) -> int:
    """How many rows a table that was posted has, within the limits."""
    written = data.get("count", "")
    return min(max(int(written), 1), MOST) if written.isdecimal() and len(written) < 6 else ROWS


def typed_rows(data) -> list[dict]:
    """Give what was typed into a table, unchecked, to be shown again."""
    return [{name: data[f"{n}-{name}"] for name in PersonRow.base_fields if f"{n}-{name}" in data} for n in range(counted(data))]


class FormerRow(forms.Form):
    """A former delegate one may tick. The address is asked for only where none is kept; where one is, it is not shown."""

    chosen = forms.BooleanField(required=False)
    category = CategoryField()
    email = forms.EmailField(label=_("E-mail address"), max_length=254, required=False)

    def __init__(self, *args, delegate, **options):
        super().__init__(*args, prefix=delegate.public_id, use_required_attribute=False, **options)
        self.delegate, self.problem = delegate, ""
        if delegate.email:
            del self.fields["email"]

    def clean(self):
        """Ask for an address where none is kept."""
        cleaned = super().clean()
        if cleaned.get("chosen") and "email" in self.fields and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", _("Write the address the person’s invitation goes to."))
        return cleaned

    @property
    def is_wrong(self) -> bool:
        """Say whether something in the row is to be corrected."""
        return bool(self.problem or (self.is_bound and self.errors))

    def person(self) -> dict:
        """Give names, function and address, and nothing else of what is known."""
        delegate = self.delegate
        return {
            "given_name": delegate.given_name,
            "family_name": delegate.family_name,
            "email": delegate.email or self.cleaned_data["email"],
            "function": delegate.function,
            "language": delegate.language,
            "category": self.cleaned_data["category"],
        }


class FormerForm(_RowsForm):
    """Former delegates to tick. `typed` is what was posted before and waits to be shown again."""

    def __init__(self, *args, delegates, typed=None, **options):
        super().__init__(*args, **options)
        data = self.data if self.is_bound else None
        self.rows = [FormerRow(data, delegate=delegate, initial=_ticked(typed, delegate)) for delegate in delegates]

    def clean(self):
        """Ask for one tick at least."""
        cleaned = super().clean()
        if not any(row["chosen"].value() for row in self.rows):
            self.add_error(None, _("Tick at least one person."))
        return cleaned

    def people(self) -> dict[int, dict]:
        """Give the people ticked, by the number of their row."""
        return {number: row.person() for number, row in enumerate(self.rows) if row.cleaned_data["chosen"]}


def _ticked(typed, delegate) -> dict | None:
    prefix = f"{delegate.public_id}-"
    return {name.removeprefix(prefix): value for name, value in typed.items() if name.startswith(prefix)} if typed else None
