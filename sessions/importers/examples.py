"""An example of a spreadsheet of sessions, in the reader's language."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conference.lib import dates
from events.models import Event
from sessions.choices import SessionKind
from sessions.exports.columns import SESSIONS

_LEFT_OUT = ("id", "length")  # the reference is an export's, the length another way to say the end


def example_rows(event: Event) -> list[list[object]]:
    """Give the headings an import reads and two invented sessions on the first day of the event."""
    names = [name for name in SESSIONS if name not in _LEFT_OUT and not name.startswith(("title_", "abstract_"))]
    day = dates.weekday_and_date(event.first_date, get_language() or event.working_language)
    sessions: list[dict[str, object]] = [
        {
            "day": day,
            "start": "09:00",
            "end": "09:30",
            "room": _("Plenary room"),
            "title": SessionKind.OPENING.label,
            "kind": SessionKind.OPENING.label,
            "languages": "fr; en",
            "interpretation": "nl; de",
            "chair": "Marie Claes",
        },
        {
            "start": "09:30",
            "end": "11:00",
            "room": _("Plenary room"),
            "title": _("Where we stand"),
            "kind": SessionKind.PANEL.label,
            "moderator": "Marie Claes",
            "panellist": "John Example; Ágnes Példa",
        },
    ]
    return [[SESSIONS[name].label for name in names], *([one.get(name, "") for name in names] for one in sessions)]
