"""`schedule.xml` and `schedule.json` of other conference tools: the same facts in two forms, told to be sessions in one place."""

import datetime as dt
import io
import json
import re
import xml.sax
import zoneinfo
from collections.abc import Callable, Iterator
from typing import Any
from xml.sax.handler import ContentHandler

import defusedxml.common
import defusedxml.sax
from django.utils.translation import gettext as _

from conference.lib import clock
from sessions.actions import IncomingPerson, IncomingSession
from sessions.exports import GENERATOR
from sessions.importers.html import to_markdown
from sessions.importers.reading import DEFAULT_LENGTH, Reading, Setting, Unreadable, end_of, key_of

_LENGTH = re.compile(r"(\d{1,3}):(\d{2})(?::(\d{2}))?$")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?$")
_DAYS_START = dt.time(4)  # a time before it, on a day without one in full, belongs to the night after
_LANGUAGE = re.compile(r"[a-z]{2}(?![a-z])", re.IGNORECASE)


class _Handler(ContentHandler):
    """Gathers the sessions of a schedule.xml as plain values, each with its line."""

    def __init__(self):
        super().__init__()
        self.facts: dict[str, str] = {}  # of the conference
        self.rows: list[dict[str, Any]] = []
        self._locator: Any = None
        self._path: list[str] = []
        self._text: list[str] = []
        self._day, self._room, self._key = "", "", ""
        self._is_schedule = False

    def setDocumentLocator(self, locator):
        self._locator = locator

    def startElement(self, name, attrs):
        self._path.append(name)
        self._text = []
        self._is_schedule = self._is_schedule or self._path == ["schedule"]
        if name == "day":
            self._day = attrs.get("date", "")
        elif name == "room" and self._path[-2:-1] == ["day"]:
            self._room = attrs.get("name", "")
        elif name == "event":
            place = _("line %(number)d") % {"number": self._locator.getLineNumber()}
            self.rows.append(
                {"place": place, "day": self._day, "room": self._room, "guid": attrs.get("guid", ""), "id": attrs.get("id", "")}
            )
            self.rows[-1]["persons"] = []
        elif name == "generator":
            self.facts["generator"] = attrs.get("name", "")
        elif name == "person":
            self._key = attrs.get("guid") or attrs.get("id", "")

    def characters(self, content):
        self._text.append(content)

    def endElement(self, name):
        text, self._text = "".join(self._text).strip(), []
        self._path.pop()
        parent = self._path[-1] if self._path else ""
        if parent == "conference":
            self.facts[name] = text
        elif name == "person" and self.rows:
            self.rows[-1]["persons"].append((text, self._key))
        elif parent == "event" and self.rows and name != "persons":
            self.rows[-1][name] = text

    @property
    def is_schedule(self) -> bool:
        """Say whether the outermost element is the one of this format."""
        return self._is_schedule


def read_xml(data: bytes, setting: Setting) -> Reading:
    """Read a schedule.xml; times without an offset are of the zone the file names, else of the event's. Raise `Unreadable`."""
    handler = _Handler()
    parser = defusedxml.sax.make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(handler)
    try:
        parser.parse(io.BytesIO(data))
    except xml.sax.SAXParseException as error:
        place = _("line %(number)d") % {"number": error.getLineNumber()}
        raise Unreadable(_("This is not well-formed XML: %(reason)s.") % {"reason": error.getMessage()}, place) from error
    except (defusedxml.common.DefusedXmlException, LookupError, ValueError) as error:
        raise Unreadable(_("This XML declares a document type or entities, or an encoding nobody knows; that is not read.")) from error
    if not handler.is_schedule:
        raise Unreadable(_("This XML is not a schedule: its outermost element must be “schedule”."))
    return _reading(handler.facts, handler.rows, setting.zone)


def read_json(data: bytes, setting: Setting) -> Reading:
    """Read a schedule.json, as `read_xml`."""
    try:
        whole = json.loads(data.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        place = _("line %(number)d") % {"number": error.lineno}
        raise Unreadable(_("This is not well-formed JSON: %(reason)s.") % {"reason": error.msg}, place) from error
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise Unreadable(_("This is not JSON in UTF-8, or it is nested too deeply.")) from error
    conference = _inside(_inside(whole, "schedule", dict, ""), "conference", dict, "schedule")
    facts = {name: value for name, value in conference.items() if isinstance(value, str)}
    generator = whole.get("generator")
    facts["generator"] = str(generator.get("name", "")) if isinstance(generator, dict) else ""
    return _reading(facts, list(_rows_of(conference)), setting.zone)


def _rows_of(conference: dict) -> Iterator[dict[str, Any]]:
    for index, day in enumerate(_inside(conference, "days", list, "schedule.conference")):
        path = f"schedule.conference.days[{index}]"
        for room, items in _inside(day, "rooms", dict, path).items():
            inside = f'{path}.rooms["{room}"]'
            for number, item in enumerate(_a(items, list, inside)):
                yield _row(_a(item, dict, f"{inside}[{number}]"), f"{inside}[{number}]", day, room)


def _row(item: dict, place: str, day: dict, room: str) -> dict[str, Any]:
    """One session as plain texts; whatever is no text counts as not given."""
    row: dict[str, Any] = {name: str(value) for name, value in item.items() if isinstance(value, str | int) and not isinstance(value, bool)}
    persons = item.get("persons") or []
    named = [person for person in _a(persons, list, f"{place}.persons") if isinstance(person, dict)]
    row["persons"] = [(str(one.get("name") or one.get("public_name") or ""), str(one.get("guid") or one.get("id") or "")) for one in named]
    return row | {"place": place, "day": str(day.get("date", "")), "room": row.get("room") or room}


def _inside(value: Any, name: str, kind: type[dict] | type[list], path: str) -> Any:
    where = f"{path}.{name}".lstrip(".")
    inside = _a(value, dict, path).get(name)
    if inside is None:
        raise Unreadable(_("This JSON is not a schedule: “%(path)s” is missing.") % {"path": where}, where)
    return _a(inside, kind, where)


def _a(value: Any, kind: type[dict] | type[list], path: str) -> Any:
    if not isinstance(value, kind):
        wanted = _("an object") if kind is dict else _("a list")
        raise Unreadable(_("“%(path)s” must be %(wanted)s.") % {"path": path or "/", "wanted": wanted}, path)
    return value


def _reading(facts: dict[str, str], rows: list[dict[str, Any]], zone: str) -> Reading:
    said = facts.get("time_zone_name", "")
    text = str.strip if facts.get("generator") == GENERATOR else to_markdown  # what we wrote ourselves is Markdown already
    reading = Reading(title=facts.get("title", ""), zone=said if clock.is_zone(said) else "")
    for row in rows:
        session = _session(row, reading.zone or zone, reading, text)
        if session:
            reading.add(session)
    reading.check_keys()
    return reading


def _session(row: dict[str, Any], zone: str, reading: Reading, text: Callable[[str], str]) -> IncomingSession | None:
    place = row["place"]
    start = _start(row, zone)
    if start is None:
        reading.refuse(place, _("When it starts cannot be read."))
        return None
    length = _length(row.get("duration", ""))
    if length is None:
        length = DEFAULT_LENGTH
        reading.warn(place, _("How long it lasts cannot be read; half an hour is taken."))
    key = row.get("guid") or row.get("id") or key_of(row.get("title", ""), start.isoformat(), row.get("room", ""))
    language = _LANGUAGE.match(row.get("language", ""))
    return IncomingSession(
        place=place,
        key=str(key),
        title=" ".join(text(row.get("title", "")).split()),
        start_at=start,
        end_at=end_of(start, length),
        abstract=_abstract(row, text),
        room=" ".join(row.get("room", "").split()),
        track=" ".join(row.get("track", "").split()),
        kind=row.get("type", ""),
        language=language.group().lower() if language else "",
        people=_people(row["persons"]),
    )


def _start(row: dict[str, Any], zone: str) -> dt.datetime | None:
    """The moment in full where the file has it, else the day with the time; a small hour belongs to the night after the day."""
    try:
        moment = dt.datetime.fromisoformat(row.get("date", ""))
    except ValueError:
        return _day_and_time(row, zone)
    if moment.tzinfo is None and "T" not in row["date"] and " " not in row["date"]:
        return _day_and_time(row, zone)
    return moment if moment.tzinfo else moment.replace(tzinfo=zoneinfo.ZoneInfo(zone))


def _day_and_time(row: dict[str, Any], zone: str) -> dt.datetime | None:
    found = _TIME.match(row.get("start", ""))
    try:
        day = dt.date.fromisoformat((row.get("date") or row.get("day") or "")[:10])
        time = dt.time(int(found[1]), int(found[2])) if found else None
        night = dt.timedelta(days=1) if time and time < _DAYS_START and row.get("day") else dt.timedelta()
        return dt.datetime.combine(day + night, time, zoneinfo.ZoneInfo(zone)) if time else None
    except (ValueError, OverflowError):
        return None


def _length(text: str) -> dt.timedelta | None:
    found = _LENGTH.match(text)
    if not found:
        return None
    hours, minutes = int(found[1]), int(found[2])
    return dt.timedelta(hours=hours, minutes=minutes) if hours or minutes else None


def _abstract(row: dict[str, Any], text: Callable[[str], str]) -> str:
    """Subtitle, abstract and description, each its own paragraph, none of them twice."""
    texts = [text(row.get(name, "")) for name in ("subtitle", "abstract", "description")]
    return "\n\n".join(dict.fromkeys(one for one in texts if one))


def _people(persons: list[tuple[str, str]]) -> tuple[IncomingPerson, ...]:
    """Who is named, each once: two of one name are two persons when their identities differ."""
    named = [IncomingPerson(" ".join(name.split()), key) for name, key in persons if name.strip()]
    return tuple(dict.fromkeys(named))
