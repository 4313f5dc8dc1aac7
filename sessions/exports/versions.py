"""The versions of the agenda as an Atom feed (RFC 4287): one entry per release, with what it changed for its reader."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from conference.lib import clock
from events.models import Event
from sessions.exports.schedules import cleaned
from sessions.rules import above_green

ATOM = "http://www.w3.org/2005/Atom"


def version_feed(event: Event, versions: Iterable[Any], *, agenda: str, feed: str, language: str) -> bytes:
    """Write versions (`sessions.feeds.versions.Told`, the newest first) as a feed; `agenda` and `feed` are full addresses."""
    versions = list(versions)
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": language})
    _add(root, "id", feed)
    _add(root, "title", _("%(event)s: versions of the agenda") % {"event": event.title})
    ET.SubElement(root, "link", rel="self", href=feed)
    ET.SubElement(root, "link", rel="alternate", href=agenda)
    newest = versions[0].release.released_at if versions else dt.datetime(event.first_date.year, 1, 1, tzinfo=dt.UTC)
    _add(root, "updated", _written(newest))
    _add(ET.SubElement(root, "author"), "name", str(event.title))
    for version in versions:
        _add_version(root, event, version, agenda)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _add_version(root: ET.Element, event: Event, version: Any, agenda: str) -> None:
    entry = ET.SubElement(root, "entry")
    number = version.release.number
    _add(entry, "id", f"{agenda}#version-{number}")
    _add(entry, "title", _("Version %(number)s") % {"number": number})
    ET.SubElement(entry, "link", rel="alternate", href=agenda)
    _add(entry, "updated", _written(version.release.released_at))
    lines = [_line(event, change) for change in version.changes]
    _add(entry, "content", "\n".join(lines) or _("No change to tell of."))


def _line(event: Event, change: Any) -> str:
    """One change in words: “Moved: Opening (25 April, 09:30 to 10:00)”."""
    title = "" if above_green(change.session.label) else change.title
    start, end = (clock.local(moment, event.zone) for moment in (change.place.start_at, change.place.end_at))
    words = {"change": change.kind.label, "title": title or pgettext("an item of the agenda", "Session")}
    when = {"day": start.date().isoformat(), "start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}
    return _("%(change)s: %(title)s (%(day)s, %(start)s–%(end)s)") % (words | when)


def _written(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = cleaned(text)
