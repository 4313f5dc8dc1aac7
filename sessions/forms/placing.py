"""The form that places a session in the draft: a day of the event, a room, and wall-clock times in the event's zone."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from conference.lib import clock, dates
from sessions.forms.seen import SeenForm
from sessions.models import Slot


class TimeField(forms.TimeField):
    """A wall-clock time of 24 hours: typed, because the browser's own field follows the machine's language and may say AM and PM."""

    widget = forms.TimeInput(attrs={"size": 5, "autocomplete": "off", "inputmode": "numeric"}, format="%H:%M")
    input_formats = ["%H:%M", "%H.%M", "%H%M"]
    default_error_messages = {"invalid": _("Give a time such as 09:30.")}


class PlaceForm(SeenForm):
    """When and where a session takes place. Times before the event's `day_starts_at` belong to the evening of the day chosen."""

    day = forms.ChoiceField(label=_("Day"))
    room = forms.ChoiceField(label=_("Room"), required=False, error_messages={"invalid_choice": _("This room is not one of this event.")})
    start = TimeField(label=_("Starts"))
    end = TimeField(label=_("Ends"))

    def __init__(self, *args, event, slot: Slot | None, rooms, **kwargs):
        super().__init__(*args, initial=self._typed_as(event, slot), **kwargs)
        self._event = event
        self._rooms = {room.public_id: room for room in rooms}
        self.fields["day"].choices = self._days(slot)
        self.fields["room"].choices = [("", _("No room")), *((room.public_id, room.name) for room in rooms)]

    @staticmethod
    def _typed_as(event, slot: Slot | None) -> dict[str, Any]:
        if slot is None:
            return {}
        return {
            "day": event.day_of(slot.start_at).isoformat(),
            "start": event.local(slot.start_at).time(),
            "end": event.local(slot.end_at).time(),
            "room": slot.room.public_id if slot.room else "",
        }

    def _days(self, slot: Slot | None) -> list[tuple[str, str]]:
        """The days of the event, and the day the session is on when that is another one."""
        placed = {self._event.day_of(slot.start_at)} if slot else set()
        days = sorted({*self._event.days} | placed)
        return [(day.isoformat(), dates.weekday_and_date(day, get_language() or "en")) for day in days]

    def clean(self):
        """Turn day and times into moments: refuse an end before the start, and a time the clocks skip that night."""
        data = super().clean()
        if not all(data.get(name) is not None for name in ("day", "start", "end")):
            return data
        day = dt.date.fromisoformat(data["day"])
        for name in ("start", "end"):
            data[f"{name}_at"] = self._moment(name, day, data[name])
        if not self.errors and data["start_at"] >= data["end_at"]:
            self.add_error("end", _("The end is not after the start."))
        return data

    def _moment(self, name: str, day: dt.date, time: dt.time) -> dt.datetime:
        """The moment of a time of a day of the programme: its small hours are on the next date."""
        date = day + dt.timedelta(days=1) if time < self._event.day_starts_at else day
        if name == "end" and time == self._event.day_starts_at:
            date = day + dt.timedelta(days=1)  # ends when the next day of the programme starts
        moment = clock.moment(date, time, self._event.zone)
        if clock.local(moment, self._event.zone).time() != time:
            words = {"time": f"{time:%H:%M}", "day": dates.date_in_words(date, get_language() or "en"), "zone": self._event.zone}
            self.add_error(name, _("%(time)s does not exist on %(day)s in %(zone)s: the clocks go forward then.") % words)
        return moment

    @property
    def place(self) -> dict[str, Any]:
        """What was typed, as `place_session` takes it."""
        data = self.cleaned_data
        return {"room": self._rooms.get(data["room"]), "start_at": data["start_at"], "end_at": data["end_at"]}

    def after_others(self, changed, present) -> None:
        """Show the form again after somebody else placed the session: everything typed stays (a place is one thing, not three)."""
        super().after_others([], present)
