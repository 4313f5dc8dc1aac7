"""The event and its agenda as schema.org data (JSON-LD 1.1), the vocabulary of search engines."""

import json
import zoneinfo
from collections.abc import Iterable
from typing import Any

from events.choices import EventState
from events.models import Event
from events.rules import SeenVenue
from sessions.exports.items import Item

_STATUS = {EventState.CANCELLED: "https://schema.org/EventCancelled"}


def structured_event(event: Event, items: Iterable[Item], *, places: Iterable[SeenVenue], url: str) -> bytes:
    """Write the event, its places and items (all of them as their reader may read them) as one JSON-LD document."""
    whole = _event(event, places, url) | {"subEvent": [_item(event, item) for item in items]}
    return json.dumps({name: value for name, value in whole.items() if value}, ensure_ascii=False).encode()


def _event(event: Event, places: Iterable[SeenVenue], url: str) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": url,
        "url": url,
        "name": str(event.title),
        "description": str(event.summary),
        "startDate": event.first_date.isoformat(),
        "endDate": event.last_date.isoformat(),
        "eventStatus": _STATUS.get(EventState(event.state), "https://schema.org/EventScheduled"),
        "location": [_place(place) for place in places],
    }


def _place(place: SeenVenue) -> dict[str, Any]:
    parts = {"streetAddress": place.address, "addressLocality": place.city, "addressCountry": place.country}
    address = {"@type": "PostalAddress"} | {name: str(value) for name, value in parts.items() if value}
    found = {"@type": "Place", "name": str(place.name), "address": address}
    return {name: value for name, value in found.items() if value}


def _item(event: Event, item: Item) -> dict[str, Any]:
    zone = zoneinfo.ZoneInfo(event.zone)
    found = {
        "@type": "Event",
        "@id": item.url,
        "url": item.url,
        "name": item.title,
        "description": item.abstract,
        "startDate": item.start_at.astimezone(zone).isoformat(),
        "endDate": item.end_at.astimezone(zone).isoformat(),
        "inLanguage": item.language,
        "location": {"@type": "Place", "name": item.room} if item.room else None,
        "performer": [{"@type": "Person", "name": somebody.name} for somebody in item.people],
    }
    return {name: value for name, value in found.items() if value}
