"""The agenda in other forms: data in, bytes out; what a reader may not read never reaches them."""

from sessions.exports.calendars import PRODUCT, calendar
from sessions.exports.items import Item, Somebody, guid_of, guid_of_name, item_of, known_as
from sessions.exports.programme import programme
from sessions.exports.schedules import GENERATOR, cleaned, schedule_json, schedule_xml
from sessions.exports.structured import structured_event
from sessions.exports.versions import version_feed

__all__ = [
    "GENERATOR",
    "PRODUCT",
    "Item",
    "Somebody",
    "calendar",
    "cleaned",
    "guid_of",
    "guid_of_name",
    "item_of",
    "known_as",
    "programme",
    "schedule_json",
    "schedule_xml",
    "structured_event",
    "version_feed",
]
