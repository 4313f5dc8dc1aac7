"""The question who could see a session, or another thing with an audience, at a moment."""

import datetime as dt

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from conference.lib.words import in_language
from events.choices import Aspect
from events.forms.fields import WallClockField, moment_in, wall_in

OF_SESSION = "session"
OF_VENUE = (Aspect.COUNTRY, Aspect.CITY, Aspect.ADDRESS)
GROUPS = {
    OF_SESSION: gettext_lazy("Sessions"),
    **dict.fromkeys((Aspect.EVENT, Aspect.HOST, Aspect.DELEGATIONS), gettext_lazy("Event")),
    **dict.fromkeys(OF_VENUE, gettext_lazy("Venues")),
    Aspect.PAPER: gettext_lazy("Papers"),
    Aspect.JOINING: gettext_lazy("Join details"),
    Aspect.PRESS: gettext_lazy("Press releases"),
}


class SightForm(forms.Form):
    """A thing, and a moment on the event's wall clock; asked by the address. `asked` is what was chosen: a session or a `Thing`."""

    of = forms.ChoiceField(label=pgettext_lazy("question", "What"))
    at = WallClockField(label=gettext_lazy("At"))

    def __init__(self, *args, event, sessions, things, at: dt.datetime, **kwargs):
        super().__init__(*args, initial={"at": wall_in(at, event.zone)}, **kwargs)
        self._event = event
        self._found = {f"{OF_SESSION}:{row.public_id}": row for row in sessions} | {thing.key: thing for thing in things}
        self.fields["of"].choices = self._grouped()

    def _grouped(self) -> list:
        groups: dict[str, list] = {}
        for key, one in self._found.items():
            groups.setdefault(str(GROUPS[key.partition(":")[0]]), []).append((key, self.named(one)))
        return list(groups.items())

    def named(self, one) -> str:
        """What a page calls a session or a thing, in the working language; one that was removed is known by its reference."""
        row, aspect = (one.row, one.aspect) if hasattr(one, "aspect") else (one, OF_SESSION)
        if row is None:
            return _("%(reference)s (removed)") % {"reference": one.target}
        if row == self._event:
            return str(aspect.label)
        language = self._event.working_language
        name = in_language(row, "name" if aspect in OF_VENUE else "title", language, language) or row.public_id
        return f"{name}: {aspect.label}" if aspect in OF_VENUE else name

    @property
    def asked(self):
        """The session or the thing asked for."""
        return self._found[self.cleaned_data["of"]]

    @property
    def moment(self) -> dt.datetime:
        """The moment asked for, in UTC."""
        return moment_in(self.cleaned_data["at"], self._event.zone)
