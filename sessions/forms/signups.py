"""The forms of sign-ups: the sheet of a session, and one person to sign up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from delegates.models import Registration
from events.forms.fields import WallClockField, moment_in, wall_in
from sessions.forms.people import registration_choices
from sessions.forms.seen import SeenForm
from sessions.models import SignUpSheet

MOST_SEATS = 100_000
_CLOCKS = ("opens_at", "closes_at")


class SheetForm(SeenForm):
    """How many seats a session has for sign-up, and from when until when, on the wall clock of the event."""

    seats = forms.IntegerField(
        label=_("Seats"), min_value=1, max_value=MOST_SEATS, help_text=_("Not fewer than are taken. Seats you add go to those who wait.")
    )
    opens_at = WallClockField(label=_("Sign-up opens"), required=False, help_text=_("Left empty: as soon as the session is released."))
    closes_at = WallClockField(label=_("Sign-up closes"), required=False, help_text=_("Left empty: when the session begins."))

    def __init__(self, *args, event, sheet: SignUpSheet | None, can_edit: bool = True, **kwargs):
        walls = {name: wall_in(getattr(sheet, name), event.zone) for name in _CLOCKS} if sheet else {}
        super().__init__(*args, initial=walls, **kwargs)
        self._event = event
        for field in self.fields.values():
            field.disabled = not can_edit

    def clean(self):
        """Refuse a sign-up that closes before it opens."""
        data = super().clean()
        if data.get("opens_at") and data.get("closes_at") and data["opens_at"] >= data["closes_at"]:
            self.add_error("closes_at", _("Sign-up must close after it opens."))
        return data

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, as `keep_sheet` takes it."""
        return {"seats": self.cleaned_data["seats"]} | {name: moment_in(self.cleaned_data[name], self._event.zone) for name in _CLOCKS}

    def after_others(self, changed, present) -> None:
        """Show the form again after somebody else changed the sheet: everything typed stays."""
        super().after_others([], present)
        self.add_error(None, _("Somebody else has changed this since you opened the page. Look at the seats above, and save again."))


class SignUpForm(forms.Form):
    """One approved person to sign up."""

    person = forms.ChoiceField(label=_("Approved person"), error_messages={"required": _("Choose somebody.")})

    def __init__(self, *args, registrations, **kwargs):
        super().__init__(*args, **kwargs)
        self._registrations: dict[str, Registration] = {one.public_id: one for one in registrations}
        self.fields["person"].choices = [("", "—"), *registration_choices(registrations)]

    @property
    def registration(self) -> Registration:
        """The person chosen."""
        return self._registrations[self.cleaned_data["person"]]
