"""The forms of people: one person of the agenda, and who does what in a session."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference.lib.collation import sort_key
from conference.lib.fingerprints import fingerprints
from events.forms.fields import TextInLanguages, in_every_language
from sessions.choices import Role
from sessions.forms.seen import SeenForm
from sessions.models import Contribution, Speaker

_TEXTS = [*in_every_language("function"), *in_every_language("biography"), "public_identity"]


def registration_choices(registrations) -> list[tuple[str, str]]:
    """List registered people by name, with their delegation (both loaded)."""
    named = [registration for registration in registrations if registration.delegate]
    named.sort(key=lambda registration: sort_key(registration.delegate.listed_name))
    return [(one.public_id, f"{one.delegate.listed_name} ({one.delegation.organisation.name})") for one in named]


class SpeakerForm(TextInLanguages, SeenForm):
    """A person of the agenda as readers see them. A new one is a registered person or an outside one; that never changes later."""

    TRANSLATED = ("function", "biography")

    def __init__(self, *args, event, speaker: Speaker | None = None, registrations=(), can_edit: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        self._speaker = speaker
        self._registrations = {registration.public_id: registration for registration in registrations}
        if speaker is None:
            self.fields["registration"] = forms.ChoiceField(
                label=_("Registered person"),
                choices=[("", _("An outside person, named below")), *registration_choices(registrations)],
                required=False,
            )
        if speaker is None or speaker.registration is None:
            self.fields |= forms.fields_for_model(Speaker, fields=["name", "organisation"])
            self.fields["name"].label = _("Name of an outside person")
            self.fields["organisation"].label = _("Organisation of an outside person")
        self.fields |= forms.fields_for_model(
            Speaker, fields=_TEXTS, widgets={name: forms.Textarea(attrs={"rows": 5}) for name in in_every_language("biography")}
        )
        self.fields["public_identity"].help_text = _("It acts at once, on every page and feed.")
        self.mark_languages()
        for field in self.fields.values():
            field.disabled = not can_edit

    def clean(self):
        """Ask for one origin: a registered person, or the name of an outside one."""
        data = super().clean()
        if self._speaker is None and bool(data.get("registration")) == bool(data.get("name")):
            self.add_error("name", _("Choose a registered person or give the name of an outside person, not both."))
        elif self._speaker is not None and "name" in self.fields and not data.get("name"):
            self.add_error("name", _("An outside person needs a name."))
        return data

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, as the actions take it."""
        data = {name: value for name, value in self.cleaned_data.items() if name not in ("seen", "registration")}
        if self._speaker is None:
            data["registration"] = self._registrations.get(self.cleaned_data["registration"])
        if data.get("registration"):
            data["organisation"] = ""
        return data


def line_prefix(contribution: Contribution) -> str:
    """The prefix of the fields of one line; it says who and in which role, so that it stays the same when others change the table."""
    return f"{contribution.speaker.public_id}-{contribution.role}"


class ContributionForm(forms.Form):
    """One line of the people of a session: the role, the place in the order, and whether to take the person out."""

    role = forms.ChoiceField(label=pgettext_lazy("in a session", "Role"), choices=Role.choices)
    position = forms.IntegerField(label=_("Order"), min_value=0, max_value=1000)
    out = forms.BooleanField(label=_("Take out"), required=False)

    def __init__(self, *args, contribution: Contribution, **kwargs):
        super().__init__(*args, **kwargs)
        self.contribution = contribution


class PeopleForm(SeenForm):
    """Who does what in a session: one line per person, and one more person to add. `shown` are the values of `people_values`."""

    OUTSIDE = "outside"

    person = forms.ChoiceField(label=_("Add a person"), required=False)
    name = forms.CharField(label=_("Name of an outside person"), max_length=200, required=False)
    organisation = forms.CharField(label=_("Organisation of an outside person"), max_length=200, required=False)
    role = forms.ChoiceField(label=pgettext_lazy("in a session", "Role"), choices=Role.choices, initial=Role.SPEAKER)

    def __init__(self, *args, contributions, speakers, registrations, **kwargs):
        super().__init__(*args, **kwargs)
        self._speakers = {speaker.public_id: speaker for speaker in speakers}
        self._registrations = {registration.public_id: registration for registration in registrations}
        known = sorted(((one.public_id, one.full_name) for one in speakers), key=lambda choice: sort_key(choice[1]))
        self.fields["person"].choices = [
            ("", _("Nobody")),
            (self.OUTSIDE, _("An outside person, named here")),
            (_("In the agenda already"), [(f"s:{key}", label) for key, label in known]),
            (_("Registered"), [(f"r:{key}", label) for key, label in registration_choices(registrations)]),
        ]
        data = self.data if self.is_bound else None
        self.lines = [
            ContributionForm(
                data,
                prefix=line_prefix(one),
                contribution=one,
                initial={"role": one.role, "position": number},
            )
            for number, one in enumerate(contributions, start=1)
        ]

    def plain(self, name: str) -> Any:
        """The people as they were shown: what is compared is the whole table."""
        return [[line.contribution.speaker.public_id, line.contribution.role] for line in self.lines]

    def is_valid(self) -> bool:
        """Say whether the lines and the person to add are in order."""
        return all([super().is_valid(), *(line.is_valid() for line in self.lines)])

    def clean(self):
        """Ask for a name with an outside person, and for nobody else's name."""
        data = super().clean()
        if data.get("person") == self.OUTSIDE and not data.get("name"):
            self.add_error("name", _("An outside person needs a name."))
        if data.get("person") != self.OUTSIDE and data.get("name"):
            self.add_error("person", _("A name is given below: choose “An outside person”, or empty the name."))
        return data

    @property
    def people(self) -> list[tuple[Speaker, str]]:
        """The people that stay, in their new order, and the one who is in the agenda already and joins them."""
        stay = [line for line in self.lines if not line.cleaned_data["out"]]
        stay.sort(key=lambda line: line.cleaned_data["position"])
        people = [(line.contribution.speaker, line.cleaned_data["role"]) for line in stay]
        kind, _colon, key = self.cleaned_data["person"].partition(":")
        if kind == "s":
            people.append((self._speakers[key], self.cleaned_data["role"]))
        return people

    @property
    def newcomer(self) -> dict[str, Any] | None:
        """Who is not in the agenda yet, as `make_speaker` takes them; None when nobody new was named."""
        kind, _colon, key = self.cleaned_data["person"].partition(":")
        if kind == "r":
            return {"registration": self._registrations[key]}
        if kind == self.OUTSIDE:
            return {"name": self.cleaned_data["name"], "organisation": self.cleaned_data["organisation"]}
        return None

    @classmethod
    def after_others(cls, data, contributions, shown: dict[str, Any], **options) -> "PeopleForm":
        """Make the form again after somebody else changed the people: what was typed stays, lines that are new are as they saved them."""
        data = data.copy()
        data["seen"] = json.dumps(fingerprints(shown))
        for number, one in enumerate(contributions, start=1):
            prefix = line_prefix(one)
            data.setdefault(f"{prefix}-role", one.role)
            data.setdefault(f"{prefix}-position", str(number))
        return cls(data, contributions=contributions, shown=shown, **options)
