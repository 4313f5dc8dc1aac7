"""What a clock of turns shows, in words and numbers: for the chair, and for the screen of the room."""

import datetime as dt
import json
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from conference.lib import countries
from conference.lib.fingerprints import fingerprints
from sessions.models import Intervention, Slot, TurnClock
from sessions.rules import Reading, clock_values, read_clock

REHEARSAL = 12 * 60  # minutes


def clock_state(slot: Slot | None, turns: list[Intervention], clock: TurnClock | None, at: dt.datetime) -> dict[str, Any]:
    """Give the state of a clock at a moment, as a page shows it and its script reads it, in the reader's language.

    `mark` changes when somebody steers the clock.
    """
    reading = read_clock(slot.start_at if slot else at, turns, clock, at)
    return {
        "who": name_of(reading.current) if reading.current else _stage(reading, turns),
        "next": name_of(reading.following) if reading.following else "",
        "left": reading.left,
        "left_words": minutes_and_seconds(reading.left),
        "is_speaking": reading.current is not None,
        "is_running": reading.is_running,
        "is_over": reading.is_over,
        "is_overtime": reading.current is not None and reading.left < 0,
        "late": late_in_words(reading.late),
        "number": reading.number,
        "count": len(turns),
        "mark": json.dumps(fingerprints(clock_values(clock))),
    }


def _stage(reading: Reading, turns: list[Intervention]) -> str:
    if reading.is_over:
        return _("Everybody has spoken")
    return _("Not started yet") if turns else _("No turns in the released agenda")


def name_of(turn: Intervention) -> str:
    """Name who speaks, for those in the room: the state and its organisation, or the person."""
    if not turn.delegation:
        return turn.speaker.full_name
    organisation, language = turn.delegation.organisation, get_language() or settings.LANGUAGE_CODE
    name = str(organisation.name_in(language))
    return f"{countries.name(organisation.country, language)} · {name}" if organisation.country else name


def minutes_and_seconds(seconds: int) -> str:
    """Write a length as 2:05, one below nothing as −0:12."""
    minutes, rest = divmod(abs(seconds), 60)
    return f"{'−' if seconds < 0 else ''}{minutes}:{rest:02}"


def late_in_words(seconds: int) -> str:
    """Say by how many whole minutes a session runs late or early; half a day off it is a rehearsal."""
    minutes = abs(seconds) // 60
    if minutes >= REHEARSAL:
        return _("Not at the planned time")
    if not minutes:
        return _("On time")
    if seconds > 0:
        return ngettext("%(count)s minute late", "%(count)s minutes late", minutes) % {"count": minutes}
    return ngettext("%(count)s minute early", "%(count)s minutes early", minutes) % {"count": minutes}


_BUTTONS = {"start": "next", "next": "next", "pause": "pause", "go": "pause", "back": "back"}


def button_of(act: str) -> str:
    """Give the fragment of the button that goes on where this act was pressed: browsers focus what an address names; else empty."""
    return f"#clock-{_BUTTONS[act]}" if act in _BUTTONS else ""
