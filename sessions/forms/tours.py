"""The forms of a tour de table: how to build its turns, the turns themselves, and one more."""

import json
from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference.lib.fingerprints import fingerprints
from sessions.choices import HostPlace, TimeSharing
from sessions.models import Intervention
from sessions.rules import MOST_MINUTES

_LENGTH = {"min_value": 1, "max_value": MOST_MINUTES}


class TourForm(forms.Form):
    """How to build the turns: minutes in all or for each, and where the host speaks."""

    minutes = forms.IntegerField(label=_("Minutes"), **_LENGTH)
    sharing = forms.ChoiceField(label=_("These minutes are"), choices=TimeSharing.choices, widget=forms.RadioSelect)
    host = forms.ChoiceField(label=_("The host speaks"), choices=HostPlace.choices, widget=forms.RadioSelect)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class TurnForm(forms.Form):
    """A turn to add: a delegation that is not called by itself, or a person of the agenda."""

    who = forms.ChoiceField(label=_("Who speaks"))
    minutes = forms.IntegerField(label=_("Minutes"), **_LENGTH)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, delegations, speakers, **kwargs):
        super().__init__(*args, **kwargs)
        self._known = {str(one): one for one in (*delegations, *speakers)}
        self.fields["who"].choices = [
            ("", _("Choose")),
            (pgettext_lazy("who speaks", "Delegations"), [(str(one), one.organisation.name) for one in delegations]),
            (pgettext_lazy("who speaks", "People of the agenda"), [(str(one), one.full_name) for one in speakers]),
        ]

    @property
    def typed(self) -> dict:
        """Who was chosen and for how long, as the action takes it."""
        name = self.cleaned_data["who"].partition(" ")[0]
        return {name: self._known[self.cleaned_data["who"]], "minutes": self.cleaned_data["minutes"]}


class TurnsForm(forms.Form):
    """The turns in the order in which the page sent them (`order`), with the minutes of each, and the button that was pressed.

    `act` is `save`, or `up`, `down`, `drop` or `back` with the turn it is for: `up:k3v…`.
    """

    STEPS = {"up": -1, "down": 1}

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, turns: Iterable[Intervention], shown, **kwargs):
        super().__init__(*args, initial={"seen": json.dumps(fingerprints(shown))}, **kwargs)
        self.turns = {one.public_id: one for one in turns}
        for public_id, one in self.turns.items():
            if not one.is_dropped:
                self.fields[f"minutes-{public_id}"] = forms.IntegerField(
                    label=_("Minutes"), initial=one.minutes, widget=forms.NumberInput(attrs={"class": "turn__minutes"}), **_LENGTH
                )

    def minutes_of(self, one: Intervention):
        """The field of the minutes of a turn."""
        return self[f"minutes-{one.public_id}"]

    @property
    def rows(self) -> list[tuple[str, int]]:
        """The turns that speak with their minutes, in the order sent, the pressed button taken into account."""
        known = [public_id for public_id, one in self.turns.items() if not one.is_dropped]
        sent = [public_id for public_id in dict.fromkeys(self.data.getlist("order")) if public_id in known]
        order = sent + [public_id for public_id in known if public_id not in sent]
        verb, _colon, which = self.data.get("act", "").partition(":")
        if verb in self.STEPS and which in order:
            here = order.index(which)
            there = min(max(here + self.STEPS[verb], 0), len(order) - 1)
            order.insert(there, order.pop(here))
        return [(public_id, self.cleaned_data[f"minutes-{public_id}"]) for public_id in order]

    @property
    def dropped(self) -> dict[str, bool]:
        """Which turn the button leaves out or takes back in."""
        verb, _colon, which = self.data.get("act", "").partition(":")
        return {which: verb == "drop"} if verb in ("drop", "back") and which in self.turns else {}
