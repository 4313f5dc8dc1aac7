"""The agenda as `schedule.xml` and `schedule.json`, the formats conference apps and other conference tools read.

Both follow the schemas which the community of these tools publishes (c3voc, "schedule" validator): one `day` per day of the
programme, its rooms by name, and in each the sessions in their order. Elements a session has nothing for are empty, since the
schemas require them.
"""

import dataclasses
import datetime as dt
import json
import re
import zoneinfo
from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings

from events.models import Event
from sessions.exports.items import Item, rooms_of

GENERATOR = "plenary"
_ACRONYM = re.compile(r"[^a-z0-9_]")
_ZONE = re.compile(r"[A-Z][a-z]+/[A-Z][a-z]+|UTC$")  # what the schema of schedule.json takes for a zone
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2


@dataclasses.dataclass(frozen=True)
class Day:
    """One day of the programme: it starts when the event says so, and its sessions stand under the names of their rooms."""

    index: int  # from 1
    date: dt.date
    start_at: dt.datetime
    end_at: dt.datetime
    rooms: dict[str, list[Item]]


def schedule_xml(event: Event, items: Iterable[Item], *, version: str, url: str) -> bytes:
    """Write items as schedule.xml in the active language; `version` names the release, `url` is the page of the event."""
    days = _days(event, items)
    conference = [_element(name, str(value)) for name, value in _conference(event, days, url).items()]
    parts = [f"<generator name={quoteattr(GENERATOR)} />", _element("version", version), _holding("conference", conference)]
    whole = _holding("schedule", parts + [_day_element(event, day) for day in days])
    return f"<?xml version='1.0' encoding='utf-8'?>\n{cleaned(whole)}".encode()


def _day_element(event: Event, day: Day) -> str:
    bounds = f'date="{day.date.isoformat()}" start="{day.start_at.isoformat()}" end="{day.end_at.isoformat()}" index="{day.index}"'
    rooms = [
        _holding("room", [_item_element(event, item) for item in inside], f"name={quoteattr(name)}") for name, inside in day.rooms.items()
    ]
    return _holding("day", rooms, bounds)


def _item_element(event: Event, item: Item) -> str:
    facts = [_element(name, value) for name, value in _facts(event, item).items()]
    persons = [_element("person", somebody.name, f'id="{somebody.number}"') for somebody in item.people]
    return _holding("event", [*facts, _holding("persons", persons), "<links />"], f'id="{item.number}" guid="{item.guid}"')


def _element(name: str, text: str, attributes: str = "") -> str:
    """An element with a text. Written out here: a tree of twenty thousand elements takes three times as long."""
    opening = f"<{name} {attributes}" if attributes else f"<{name}"
    return f"{opening}>{escape(text)}</{name}>" if text else f"{opening} />"


def _holding(name: str, parts: list[str], attributes: str = "") -> str:
    """An element with what it holds, already XML."""
    opening = f"<{name} {attributes}" if attributes else f"<{name}"
    return f"{opening}>{''.join(parts)}</{name}>" if parts else f"{opening} />"


def schedule_json(event: Event, items: Iterable[Item], *, version: str, url: str) -> bytes:
    """Write items as schedule.json; the arguments are those of `schedule_xml`."""
    days = _days(event, items)
    facts = _conference(event, days, url)
    conference = {
        "acronym": facts["acronym"],
        "title": facts["title"],
        "start": facts["start"],
        "end": facts["end"],
        "daysCount": facts["days"],
        "timeslot_duration": facts["timeslot_duration"],
        "url": url,
        "days": [_day(event, day) for day in days],
    }
    if _ZONE.match(event.zone):
        conference["time_zone_name"] = event.zone
    schedule = {"version": version, "base_url": settings.SITE_URL + "/", "conference": conference}
    whole = {"$schema": "https://c3voc.de/schedule/schema.json", "generator": {"name": GENERATOR}, "schedule": schedule}
    return json.dumps(whole, ensure_ascii=False).encode()


def _days(event: Event, items: Iterable[Item]) -> list[Day]:
    """Every day of the event, and any other on which something stands."""
    by_day: dict[dt.date, list[Item]] = {day: [] for day in event.days}
    for item in items:
        by_day.setdefault(item.day, []).append(item)
    return [
        Day(index, date, _starts(event, date), _starts(event, date + dt.timedelta(days=1)), rooms_of(by_day[date]))
        for index, date in enumerate(sorted(by_day), start=1)
    ]


def _starts(event: Event, date: dt.date) -> dt.datetime:
    return dt.datetime.combine(date, event.day_starts_at, zoneinfo.ZoneInfo(event.zone))


def _conference(event: Event, days: list[Day], url: str) -> dict[str, Any]:
    return {
        "title": str(event.title),
        "acronym": _ACRONYM.sub("_", event.slug).ljust(4, "_"),
        "start": days[0].date.isoformat(),
        "end": days[-1].date.isoformat(),
        "days": len(days),
        "timeslot_duration": "00:05",
        "base_url": url,
        "time_zone_name": event.zone,
    }


def _facts(event: Event, item: Item) -> dict[str, str]:
    """What both formats say of an item, all of it text."""
    start = item.start_at.astimezone(zoneinfo.ZoneInfo(event.zone))
    return {
        "room": item.room,
        "title": item.title,
        "subtitle": "",
        "type": item.kind,
        "date": start.isoformat(),
        "start": f"{start:%H:%M}",
        "duration": _duration(item.end_at - item.start_at),
        "abstract": item.abstract,
        "slug": f"{event.slug}-{item.public_id}",
        "track": item.track,
        "language": item.language,
        "description": "",
        "url": item.url,
    }


def _duration(length: dt.timedelta) -> str:
    """Hours and minutes: 01:30. What is not a whole minute is cut."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return f"{hours:02}:{minutes:02}"


def _day(event: Event, day: Day) -> dict[str, Any]:
    return {
        "index": day.index,
        "date": day.date.isoformat(),
        "day_start": day.start_at.isoformat(),
        "day_end": day.end_at.isoformat(),
        "rooms": {name: [_item(event, item) for item in inside] for name, inside in day.rooms.items()},
    }


def _item(event: Event, item: Item) -> dict[str, Any]:
    return {
        "id": item.number,
        "guid": str(item.guid),
        **_facts(event, item),
        "persons": [{"guid": str(somebody.guid), "id": somebody.number, "name": somebody.name} for somebody in item.people],
        "links": [],
    }


def cleaned(text: str) -> str:
    """Leave out what XML has no way to write; a CR would come back as LF."""
    return _NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
