"""Spreadsheets of sessions: one a row, headings in four languages, columns in any order, days and times as people write them."""

import datetime as dt
import io
import re
from collections.abc import Iterator

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext as _

from conference.lib import clock, spreadsheets
from conference.lib.searching import folded
from conference.lib.spreadsheets import Row
from conference.lib.words import languages
from conference.lib.written_dates import read_day
from conference.lib.written_times import read_length, read_span, read_time, split_day
from sessions.actions import IncomingPerson, IncomingSession
from sessions.exports.columns import MARKS, PEOPLE, SESSIONS
from sessions.importers.html import to_markdown
from sessions.importers.reading import DEFAULT_LENGTH, TEXT, Reading, Setting, Unreadable, key_of

_TITLES = ("title", *(f"title_{code}" for code in languages()))
_NAMES_END = re.compile(r"\s*[;\n]\s*")
_WORDS_END = re.compile(r"\s*[;,/\n+&]\s*|\s+(?:and|et|en|und)\s+")


def read_spreadsheet(data: bytes, setting: Setting) -> Reading:
    """Read the first sheet of a CSV or XLSX file. Raise `Unreadable`.

    A row without a day is of the day above it, or of the event's only one; one without a time is not placed.
    """
    reading = Reading()
    try:
        table = spreadsheets.open_table(io.BytesIO(data), longest=TEXT)
        headings, rows = spreadsheets.find_headings(table.rows, SESSIONS | MARKS, ("|".join(_TITLES),))
        if headings.problems:
            raise Unreadable(" ".join(headings.problems), _("row %(number)d") % {"number": headings.row})
        rows_read = _Rows(reading, setting, headings.places)
        for row in rows:
            rows_read.read(row)
    except spreadsheets.Unreadable as error:
        raise Unreadable(str(error)) from error
    _say_what_was_not_read(reading, table, headings)
    reading.check_keys()
    return reading


def _say_what_was_not_read(reading: Reading, table: spreadsheets.Table, headings: spreadsheets.Headings) -> None:
    for note in table.notes:
        reading.warn("", note)
    if len(table.sheets) > 1:
        reading.warn("", _("Only the sheet “%(sheet)s” was read.") % {"sheet": table.sheet})
    if unread := ", ".join(f"“{heading[:60]}”" for heading in headings.unread[:20]):
        reading.warn("", _("Columns that were not read: %(headings)s.") % {"headings": unread})
    if marks := ", ".join(f"“{MARKS[name].label}”" for name in headings.places if name in MARKS):
        reading.warn("", _("Never taken from a file, but chosen by whoever imports it: %(headings)s.") % {"headings": marks})


class _Wrong(Exception):
    """A cell that cannot be taken; the message says why."""


class _Rows:
    """Reads rows one after the other: some are understood from those above."""

    def __init__(self, reading: Reading, setting: Setting, places: dict[str, int]):
        self._reading, self._setting, self._places = reading, setting, places
        self._day: dt.date | None = setting.days[0] if len(setting.days) == 1 else None
        self._met: dict[str, int] = {}  # titles, and how often each

    def read(self, row: Row) -> None:
        """Take a row up, or say why not."""
        cells = {name: row.cells[place] if place < len(row.cells) else "" for name, place in self._places.items()}
        place = _("row %(number)d") % {"number": row.number}
        faults = [(name, row.faults[column]) for name, column in self._places.items() if column in row.faults]
        for name, words in faults:
            self._reading.refuse(place, f"{(SESSIONS | MARKS)[name].label}: {words}")
        try:
            session = self._session(place, cells)
        except _Wrong as wrong:
            self._reading.refuse(place, str(wrong))
            return
        if not faults:
            self._reading.add(session)

    def _session(self, place: str, cells: dict[str, str]) -> IncomingSession:
        titles = {name: " ".join(to_markdown(cells[name]).split()) for name in _TITLES if cells.get(name)}
        title = titles.pop("title", "") or next(iter(titles.values()), "")
        start, end = self._times(place, cells)
        abstracts = {name: to_markdown(cells[name]) for name in cells if name.startswith("abstract_") and cells[name]}
        people = _people(cells)
        if people and start is None:
            self._reading.warn(place, _("It has no time, so nobody can be named for it yet."))
        return IncomingSession(
            place=place,
            key=cells.get("id") or self._key(title),
            title=title,
            start_at=start,
            end_at=end,
            abstract=to_markdown(cells["abstract"]) if cells.get("abstract") else None,
            room=_words(cells, "room"),
            track=_words(cells, "track"),
            kind=_words(cells, "kind"),
            people=people,
            texts=titles | abstracts,
            languages=_languages(cells, "languages"),
            interpretation=_languages(cells, "interpretation"),
        )

    def _key(self, title: str) -> str:
        """What has no reference is known by its title: the first “Lunch” of a list is the first of the next one too."""
        name = folded(title)
        self._met[name] = self._met.get(name, 0) + 1
        return key_of("row", name, str(self._met[name]))

    def _times(self, place: str, cells: dict[str, str]) -> tuple[dt.datetime | None, dt.datetime | None]:
        """Start and end; neither for a row without a time."""
        written, time = split_day(cells.get("start", ""))
        day = self._read_day(cells.get("day") or written)
        span = read_span(time)
        start = span[0] if span else _time(time)
        if start is None:
            if cells.get("end") or cells.get("length"):
                raise _Wrong(_("It has an end or a length, and no start."))
            if cells.get("day"):
                self._reading.warn(place, _("It has no time, and is not placed."))
            return None, None
        if day is None:
            raise _Wrong(_("On which day it is cannot be read: the cell is empty, and so are those above."))
        start_at = self._moment(day, start)
        return start_at, self._end(place, cells, day, start_at, span[1] if span else None)

    def _end(self, place: str, cells: dict[str, str], day: dt.date, start: dt.datetime, said: int | None) -> dt.datetime:
        """When it ends: as its own column says, else the span, else the length; half an hour when nothing does."""
        written, time = split_day(cells.get("end", ""))
        end = _time(time)
        if end is not None or said is not None:
            of = self._read_day(written) if written else day
            return self._moment(of or day, end if end is not None else said or 0)
        if cells.get("length"):
            length = read_length(cells["length"])
            if length is None:
                raise _Wrong(_("“%(text)s” is not a length: write minutes, or hours and minutes.") % {"text": cells["length"][:60]})
            return start + length
        self._reading.warn(place, _("How long it lasts cannot be read; half an hour is taken."))
        return start + DEFAULT_LENGTH

    def _read_day(self, text: str) -> dt.date | None:
        if not text:
            return self._day
        self._day = read_day(text, tuple(languages()), self._setting.days)
        if self._day is None:
            raise _Wrong(_("“%(text)s” is not a day: write day, month and year, or a day of the event.") % {"text": text[:60]})
        return self._day

    def _moment(self, day: dt.date, minutes: int) -> dt.datetime:
        """A small hour belongs to the night after its day of the programme."""
        starts = self._setting.day_starts_at
        try:
            night = dt.timedelta(days=1 if minutes == 24 * 60 or minutes < starts.hour * 60 + starts.minute else 0)
            return clock.moment(day + night, dt.time(minutes // 60 % 24, minutes % 60), self._setting.zone)
        except OverflowError as error:
            raise _Wrong(_("The year %(year)d is not one of a conference.") % {"year": day.year}) from error


def _time(text: str) -> int | None:
    if not text:
        return None
    minutes = read_time(text)
    if minutes is None:
        raise _Wrong(_("“%(text)s” is not a time of day: write it as 14:30.") % {"text": text[:60]})
    return minutes


def _words(cells: dict[str, str], name: str) -> str | None:
    """One line of text; None, which changes nothing, for an empty cell."""
    return " ".join(cells.get(name, "").split()) or None


def _people(cells: dict[str, str]) -> tuple[IncomingPerson, ...] | None:
    """Who does what: names apart by semicolons or lines, or by commas when each is of several words."""
    found = [IncomingPerson(name, role=role.value) for role in PEOPLE for name in _names(cells.get(role.value, ""))]
    return tuple(found) or None


def _names(text: str) -> Iterator[str]:
    parts = _NAMES_END.split(text.strip())
    commas = [part.strip() for part in text.split(",")]
    if len(parts) == 1 and len(commas) > 1 and all(" " in part for part in commas):
        parts = commas
    yield from (" ".join(part.split()) for part in parts if part.strip())


def _languages(cells: dict[str, str], name: str) -> tuple[str, ...] | None:
    """Languages by code or by name in any of ours; None for an empty cell."""
    written = cells.get(name, "")
    if not written:
        return None
    known = _language_names()
    words = folded(written).split()
    parts = words if all(word in known and len(word) == 2 for word in words) else _WORDS_END.split(folded(written))
    found = [known.get(part.strip(" .")) for part in parts if part]
    if None in found:
        raise _Wrong(_("“%(text)s”: a language is written by its name or its code of two letters.") % {"text": written[:60]})
    return tuple(dict.fromkeys(code for code in found if code))


def _language_names() -> dict[str, str]:
    """Every way to write a language: its code, its own name, and its names in ours."""
    codes = [code for code in LANG_INFO if len(code) == 2 and "name_local" in LANG_INFO[code]]
    known = {code: code for code in codes} | {folded(LANG_INFO[code]["name_local"]): code for code in codes}
    for language in languages():
        with override(language):
            known |= {folded(str(get_language_info(code)["name_translated"])): code for code in codes}
    return known
