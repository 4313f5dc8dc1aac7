"""What an import did or would do, line by line and in words, with what would then stand against the sessions it names."""

import bisect
import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from conference.lib import dates
from conference.lib.viewer import Actor
from events.models import Event, Room
from sessions.actions import Became, Imported, Taken
from sessions.choices import Role, SessionKind
from sessions.conflicts import conflicts_between, conflicts_for
from sessions.importers.reading import Problem
from sessions.models import Slot, Track, slots_of

NEW, CHANGED, UNCHANGED, LEFT_OUT = "new", "changed", "unchanged", "left_out"
_MOST_CONFLICTS = 2000  # pairs; beyond it nobody reads them, and finding them takes long
_LONGEST = 120  # characters of a text that is quoted


@dataclasses.dataclass
class Line:
    """What becomes of one session: where the file has it, its title, the outcome, sentences about it, and the conflicts it has."""

    place: str
    title: str
    outcome: str
    said: list[str]
    conflicts: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Report:
    """What an import would do or did: problems by place, the counts of the act (None when something stops it), and its lines."""

    problems: list[Problem]
    imported: Imported | None = None
    is_applied: bool = False
    more_problems: int = 0
    lines: list[Line] = dataclasses.field(default_factory=list)
    added: list[str] = dataclasses.field(default_factory=list)  # sentences: which rooms, tracks and persons
    left: list[str] = dataclasses.field(default_factory=list)  # titles of earlier imports the file does not name
    many_conflicts: bool = False

    @property
    def is_clean(self) -> bool:
        """Say whether nothing stops the import."""
        return self.imported is not None


def tell(report: Report, event: Event, taken: Taken, *, by: Actor) -> None:
    """Write into a report what was taken; call it inside the transaction, where the draft is as it became."""
    against, report.many_conflicts = _conflicts(event, taken, by)
    report.imported = taken.counts
    report.lines = [_line(event, one, taken, against.get(one.session.pk, [])) for one in taken.became]
    report.left = [str(session.title) for session in taken.left]
    for words, names in (
        (_("Rooms added: %(names)s."), taken.rooms),
        (_("Tracks added: %(names)s."), taken.tracks),
        (_("Persons added: %(names)s."), taken.people),
    ):
        if names:
            report.added.append(words % {"names": ", ".join(names)})


def _line(event: Event, one: Became, taken: Taken, conflicts: list[str]) -> Line:
    outcome = NEW if one.is_new else CHANGED if one.changes else UNCHANGED
    said = [sentence for name, (before, after) in one.changes.items() if (sentence := _sentence(event, name, before, after, taken.names))]
    if one.is_new and "time" not in one.changes:
        said.append(_("Without a time: it waits beside the board."))
    if kind := taken.unknown_kinds.get(one.place):
        said.append(_("“%(kind)s” is no kind we know; it counts as “%(ours)s”.") % {"kind": kind, "ours": one.session.get_kind_display()})
    return Line(one.place, str(one.session.title)[:_LONGEST], outcome, said, conflicts)


def _sentence(event: Event, name: str, before: Any, after: Any, names: dict[int, str]) -> str:
    """One fact that is new or other than before."""
    field = name.partition("_")[0]
    label = {
        "time": _("Time"),
        "room": _("Room"),
        "title": _("Title"),
        "abstract": _("Abstract"),
        "kind": _("Kind"),
        "track": _("Track"),
        "languages": _("Languages spoken"),
        "interpretation": _("Interpreted into"),
        "people": _("People"),
    }[field]
    old, new = (_written(event, field, value, names) for value in (before, after))
    if field == "abstract":
        return _("%(field)s: changed.") % {"field": label}
    if not old and not new:
        return ""
    if not old:
        return _("%(field)s: %(after)s.") % {"field": label, "after": new}
    return _("%(field)s: %(before)s → %(after)s.") % {"field": label, "before": old, "after": new or _("none")}


def _written(event: Event, field: str, value: Any, names: dict[int, str]) -> str:
    if not value:
        return ""
    if field == "time":
        return when(event, *value)
    if isinstance(value, Room | Track):
        value.event = event
        return str(value.name)
    if field == "kind":
        return str(SessionKind(value).label)
    if field == "people":
        return ", ".join(f"{names.get(key, '')} ({Role(role).label})" for key, role in value)
    return (", ".join(value) if isinstance(value, list) else str(value))[:_LONGEST]


def when(event: Event, start: dt.datetime, end: dt.datetime) -> str:
    """Write a day of the programme and times on the event's wall clock."""
    day = dates.short_day(event.day_of(start), get_language() or event.working_language)
    return f"{day}, {event.local(start):%H:%M}–{event.local(end):%H:%M}"


def _conflicts(event: Event, taken: Taken, by: Actor) -> tuple[dict[int, list[str]], bool]:
    """The conflicts of the sessions a file names, as whoever imports may read them; none are listed where there are far too many."""
    slots = slots_of(event, Slot.objects.draft())
    if _pairs(slots) > _MOST_CONFLICTS:
        return {}, True
    user = by.user
    found = conflicts_for(event, slots, user=user, at=timezone.now()) if user else conflicts_between(event, slots)
    named = {one.session.pk for one in taken.became}
    against: dict[int, list[str]] = {}
    for conflict in found:
        words = conflict.sentence
        if conflict.blocks:
            words = _("%(field)s: %(words)s") % {"field": pgettext("conflict", "Blocks the release"), "words": words}
        for session in conflict.sessions:
            if session.pk in named:
                against.setdefault(session.pk, []).append(words)
    return against, False


def _pairs(slots: Iterable[Slot]) -> int:
    """How many pairs of slots share a room, or a person, and a moment."""
    by_key: dict[tuple[str, int], list[Slot]] = {}
    for slot in slots:
        keys = {("person", one.speaker_id) for one in slot.contributions.all()} | ({("room", slot.room_id)} if slot.room_id else set())
        for key in keys:
            by_key.setdefault(key, []).append(slot)
    pairs = 0
    for inside in by_key.values():
        starts = sorted(slot.start_at for slot in inside)
        pairs += sum(bisect.bisect_left(starts, slot.end_at) for slot in inside) - len(inside) * (len(inside) + 1) // 2
    return pairs
