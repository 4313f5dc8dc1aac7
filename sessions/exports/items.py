"""What the exports write of a session: as much of it as its reader may read, and the identities other tools know it by."""

import datetime as dt
import functools
import uuid
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language, pgettext

from conference.lib.words import label_of, said
from sessions.choices import SessionKind
from sessions.exports.lines import people_of
from sessions.models import Session, Slot, Speaker
from sessions.rules import above_green

# Names of ours in the space of version 5 identifiers (RFC 9562): the same thing has the same identifier in every release.
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://plenary.invalid/")
_NUMBERS = 2**50  # exact in every reader's JSON numbers, which are doubles (RFC 8259, 6)


class Somebody(NamedTuple):
    """A person as other tools list them: an identity and a name, which may be the function alone."""

    guid: uuid.UUID
    name: str

    @property
    def number(self) -> int:
        """A positive integer that stands for them."""
        return number_of(self.guid)


class Item(NamedTuple):
    """A session in its place. Moments are aware; `day` is that of the programme; `language` a code, or empty."""

    guid: uuid.UUID
    public_id: str
    day: dt.date
    start_at: dt.datetime
    end_at: dt.datetime
    room: str
    title: str
    abstract: str  # Markdown
    kind: str
    track: str
    language: str
    interpretation: tuple[str, ...]
    url: str
    people: tuple[Somebody, ...] = ()

    @property
    def number(self) -> int:
        """A positive integer that stands for it."""
        return number_of(self.guid)


def guid_of(thing: Session | Speaker) -> uuid.UUID:
    """Give the identity a session or a person has in every release: the one another tool gave when it is of that shape, else ours.

    A bare number, as older tools give, becomes the identifier that stands for that number (`number_of`).
    """
    if not thing.external_id:
        return guid_of_name(str(thing))
    if thing.external_id.isdecimal() and 0 < int(thing.external_id) <= _NUMBERS:
        return uuid.UUID(int=int(thing.external_id) - 1)
    try:
        return uuid.UUID(thing.external_id)
    except ValueError:
        return guid_of_name(str(thing))


def uid_of(session: Session) -> str:
    """Give the identity of a session in calendars (RFC 5545, 3.8.4.7): the one another tool gave, else ours at this host."""
    return session.external_id or f"{session.public_id}@{urlsplit(settings.SITE_URL).hostname}"


def known_as(thing: Session | Speaker) -> set[str]:
    """Give every identity under which our exports (spreadsheets give the public id) and other tools know a session or a person."""
    guid = guid_of(thing)
    names = {thing.external_id, thing.public_id, str(guid), str(number_of(guid))}
    return (names | {uid_of(thing)} if isinstance(thing, Session) else names) - {""}


@functools.lru_cache(maxsize=16_384)
def guid_of_name(name: str) -> uuid.UUID:
    """Give the identity of something that has no row of its own, or whose row must not be told."""
    return uuid.uuid5(_SPACE, name)


def number_of(guid: uuid.UUID) -> int:
    """Give the positive integer older readers ask for, the same for the same identity."""
    return guid.int % _NUMBERS + 1


def rooms_of(items: Iterable[Item]) -> dict[str, list[Item]]:
    """Sort items under the names of their rooms, each in the order given; without a room, under the empty name."""
    rooms: dict[str, list[Item]] = {}
    for item in items:
        rooms.setdefault(item.room, []).append(item)
    return rooms


def item_of(slot: Slot) -> Item:
    """Give what an export says of a slot in a feed; above GREEN its time and address alone."""
    session: Session = slot.session
    is_told, language = not above_green(session.label), get_language() or settings.LANGUAGE_CODE
    title = said(session, "title", language) if is_told else ""
    return Item(
        guid=guid_of(session),
        public_id=session.public_id,
        day=slot.event.day_of(slot.start_at),
        start_at=slot.start_at,
        end_at=slot.end_at,
        room=str(said(slot.room, "name", language)) if slot.room and is_told else "",
        title=str(title) if title else pgettext("an item of the agenda", "Session"),
        abstract=str(said(session, "abstract", language)) if is_told else "",
        kind=label_of(SessionKind, session.kind, language) if is_told else "",
        track=str(said(session.track, "name", language)) if session.track and is_told else "",
        language=next(iter(session.languages), "") if is_told else "",
        interpretation=tuple(session.interpretation) if is_told else (),
        url=settings.SITE_URL + session.get_absolute_url(),
        people=tuple(_people(slot, language)) if is_told else (),
    )


def _people(slot: Slot, language: str) -> list[Somebody]:
    """The people of a slot with their name, or their function where that is all; who does two things is told once."""
    if not slot.people:
        return []
    speakers = {contribution.speaker.public_id: contribution.speaker for contribution in slot.people}
    found: dict[str, Somebody] = {}
    for number, person in enumerate(people_of(slot, language)):
        key = person.public_id or f"{slot.session.public_id}/{number}"
        if key not in found:
            guid = guid_of(speakers[key]) if person.public_id else guid_of_name(key)
            found[key] = Somebody(guid, person.name or str(person.function))
    return list(found.values())
