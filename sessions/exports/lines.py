"""Lines of the agenda as one viewer reads them: what a template gets, and nothing it must not show."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info

from events.models import Room
from sessions.choices import PublicIdentity
from sessions.models import Contribution, Session, SignUpSheet, Slot
from sessions.rules import Sight, identity_in


@dataclasses.dataclass(frozen=True)
class Person:
    """Somebody in a role, as much of them as the viewer may read: without a name, their function alone."""

    role: str
    function: str
    name: str = ""
    organisation: str = ""
    public_id: str = ""  # of their page, which stands only beside a name


@dataclasses.dataclass(frozen=True)
class Line:
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
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages in which it can be followed: spoken, then interpreted into."""
        return (*self.session.languages, *self.session.interpretation) if self.session else ()

    @property
    def spoken(self) -> str:
        """The languages spoken, by name."""
        return _names(self.session.languages) if self.session else ""

    @property
    def interpreted(self) -> str:
        """The languages interpreted into, by name."""
        return _names(self.session.interpretation) if self.session else ""


def language_name(code: str) -> str:
    """Give the name of a language in the reader's; a code Django does not know stays as it is."""
    return str(get_language_info(code)["name_translated"]) if code in LANG_INFO else code


def _names(codes: Iterable[str]) -> str:
    return ", ".join(language_name(code) for code in codes)


def line_of(slot: Slot) -> Line:
    """Give the line of a slot read with `agenda_of`."""
    day = slot.event.day_of(slot.start_at)
    if slot.sight == Sight.FULL:
        return Line(slot.start_at, slot.end_at, slot.room, slot.session, tuple(people_of(slot)), day=day)
    return Line(slot.start_at, slot.end_at, slot.room if slot.room_shown else None, day=day)


def lines_of(slots: Iterable[Slot]) -> list[Line]:
    """Give the lines of an agenda in the order of what they show.

    Closed sessions that show the same time and room are one line, and one without a room stands only where no other closed
    session has its time: how many there are side by side is not told.
    """
    lines = [line_of(slot) for slot in slots]
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


def identity_of(contribution: Contribution, slot: Slot) -> PublicIdentity:
    """Say how much of a person the viewer for whom the slot was read may know from it."""
    return identity_in(
        contribution.speaker.public_identity,
        audience=slot.session.audience,
        chatham_house=slot.session.chatham_house,
        is_admitted=slot.is_admitted,
    )


def people_of(slot: Slot) -> list[Person]:
    """List the people of a slot seen in full, each as far as the viewer may know them; the hidden are left out."""
    return [person for contribution in slot.people if (person := _person(contribution, slot))]


def _person(contribution: Contribution, slot: Slot) -> Person | None:
    speaker, identity = contribution.speaker, identity_of(contribution, slot)
    if identity == PublicIdentity.FULL and speaker.full_name:
        return Person(
            role=contribution.get_role_display(),
            function=speaker.function,
            name=speaker.full_name,
            organisation=speaker.organisation,
            public_id=speaker.public_id,
        )
    if identity == PublicIdentity.FUNCTION and speaker.function:
        return Person(role=contribution.get_role_display(), function=speaker.function)
    return None
