"""Lines of the agenda as one viewer reads them: what a template gets, and nothing it must not show."""

import datetime as dt
import functools
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import get_language, get_language_info

from conference.lib.words import Words, label_of, said
from events.models import Room
from sessions.choices import PublicIdentity, Role
from sessions.models import Session, SignUpSheet, Slot, Speaker
from sessions.models.reading import Appearance
from sessions.rules import Sight, identity_in


class Person(NamedTuple):
    """Somebody in a role, as much of them as the viewer may read: without a name, their function alone."""

    role: str
    function: Words
    name: str = ""
    organisation: str = ""
    public_id: str = ""  # of their page, which stands only beside a name


class Line(NamedTuple):
    """One line: a session with its people, or (without one) a closed session, of which only time and perhaps room are told."""

    start_at: dt.datetime
    end_at: dt.datetime
    room: Room | None
    session: Session | None = None
    people: tuple[Person, ...] = ()
    day: dt.date | None = None  # of the programme

    @property
    def sheet(self) -> SignUpSheet | None:
        """How many seats there are to sign up for and how many are taken, where one signs up."""
        return getattr(self.session, "sign_up_sheet", None)

    @property
    def title(self) -> str:
        """The title of its session, or what it is."""
        return (self.session.title or self.session.get_kind_display()) if self.session else ""

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages in which it can be followed: spoken, then interpreted into."""
        return (*self.session.languages, *self.session.interpretation) if self.session else ()

    @property
    def spoken(self) -> str:
        """The languages spoken, by name."""
        return _names(tuple(self.session.languages), get_language()) if self.session else ""

    @property
    def interpreted(self) -> str:
        """The languages interpreted into, by name."""
        return _names(tuple(self.session.interpretation), get_language()) if self.session else ""

    @property
    def facts(self) -> tuple:
        """All that the page shows of the line, whatever row it comes from: what is the same here looks the same in one language."""
        language, session = get_language() or settings.LANGUAGE_CODE, self.session
        place = (self.start_at, self.end_at, *_told(self.room, "name", language))
        if session is None:
            return place
        people = tuple((one.name, one.function, one.function.lang, one.organisation) for one in self.people)
        spoken = (*session.languages, "", *session.interpretation)
        seats = (self.sheet.seats, self.sheet.taken) if self.sheet else ()
        marks = (session.public_id, session.kind, session.label, session.chatham_house)
        return (*place, *marks, *_told(session, "title", language), *_told(session.track, "name", language), spoken, seats, people)


def _told(thing: Any, name: str, language: str) -> tuple[str, str]:
    """A text and the language it is in; nothing twice for nothing."""
    text = said(thing, name, language) if thing else Words("", "")
    return text, text.lang


def language_name(code: str) -> str:
    """Give the name of a language in the reader's; a code Django does not know stays as it is."""
    return _names((code,), get_language())


@functools.lru_cache(maxsize=4096)
def _names(codes: tuple[str, ...], language: str | None) -> str:
    """The names in the active language, which is that of the key."""
    return ", ".join(str(get_language_info(code)["name_translated"]) if code in LANG_INFO else code for code in codes)


def line_of(slot: Slot) -> Line:
    """Give the line of a slot read with `agenda_of`."""
    return _line(slot, get_language() or settings.LANGUAGE_CODE)


def _line(slot: Slot, language: str) -> Line:
    day = slot.event.day_of(slot.start_at)
    if slot.sight == Sight.FULL:
        people = tuple(people_of(slot, language)) if slot.people else ()
        return Line(slot.start_at, slot.end_at, slot.room, slot.session, people, day=day)
    return Line(slot.start_at, slot.end_at, slot.room if slot.room_shown else None, day=day)


def lines_of(slots: Iterable[Slot]) -> list[Line]:
    """Give the lines of an agenda in the order of what they show.

    Closed sessions that show the same time and room are one line, and one without a room stands only where no other closed
    session has its time: how many there are side by side is not told.
    """
    language = get_language() or settings.LANGUAGE_CODE
    lines = [_line(slot, language) for slot in slots]
    with_room = {(line.start_at, line.end_at) for line in lines if line.session is None and line.room}
    kept: dict[Any, Line] = {}
    for line in lines:
        if line.session:
            kept[line.session.pk] = line
        elif line.room or (line.start_at, line.end_at) not in with_room:
            kept.setdefault((line.start_at, line.end_at, line.room and line.room.pk), line)
    return sorted(kept.values(), key=_order)


def _order(line: Line) -> tuple:
    room = (line.room.position, line.room.public_id) if line.room else (-1, "")
    return (line.start_at, line.end_at, *room, line.session.public_id if line.session else "")


def identity_of(contribution: Appearance, slot: Slot) -> PublicIdentity:
    """Say how much of a person the viewer for whom the slot was read may know from it."""
    return _identity(contribution.speaker, slot.session, slot.is_admitted)


def _identity(speaker: Speaker, session: Session, is_admitted: bool) -> PublicIdentity:
    return identity_in(speaker.public_identity, audience=session.audience, chatham_house=session.chatham_house, is_admitted=is_admitted)


def people_of(slot: Slot, language: str) -> list[Person]:
    """List the people of a slot seen in full, each as far as the viewer may know them; the hidden are left out."""
    session, is_admitted = slot.session, slot.is_admitted
    told = [_person(one.speaker, one.role, _identity(one.speaker, session, is_admitted), language) for one in slot.people]
    return [person for person in told if person]


def _person(speaker: Speaker, in_role: str, identity: PublicIdentity, language: str) -> Person | None:
    if identity == PublicIdentity.HIDDEN:
        return None
    role, function = label_of(Role, in_role, language), said(speaker, "function", language)
    if identity == PublicIdentity.FULL and (name := speaker.full_name):
        return Person(role=role, function=function, name=name, organisation=speaker.organisation, public_id=speaker.public_id)
    if identity == PublicIdentity.FUNCTION and function:
        return Person(role=role, function=function)
    return None
