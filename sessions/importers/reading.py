"""What a file of an agenda says, whatever its format: sessions with their places, and what is wrong with them, by line and in words."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from sessions.actions import IncomingSession
from sessions.exports import cleaned

TITLE, NAME, TEXT, KEY = 200, 100, 50_000, 255  # the longest our columns take, in characters
DEFAULT_LENGTH = dt.timedelta(minutes=30)
FIRST_YEAR, LAST_YEAR = 1900, 2200  # beyond them the calendar of computers ends, and no conference was meant


@dataclasses.dataclass(frozen=True)
class Setting:
    """What the event says where a file does not: its zone, its days, and the hour before which a time belongs to the night."""

    zone: str
    days: Sequence[dt.date] = ()
    day_starts_at: dt.time = dt.time(4)


@dataclasses.dataclass(frozen=True)
class Problem:
    """Something about one place of a file ("line 12", or a path in it; empty for the whole); a fatal one stops the import."""

    place: str
    words: str
    is_fatal: bool = True


class Unreadable(Exception):
    """The file is not what it should be, as a whole: `problem` says where and why."""

    def __init__(self, words: str, place: str = ""):
        super().__init__(words)
        self.problem = Problem(place, words)


@dataclasses.dataclass
class Reading:
    """All that was read of a file: what the conference is called, its zone where the file says it, sessions, and problems."""

    title: str = ""
    zone: str = ""
    sessions: list[IncomingSession] = dataclasses.field(default_factory=list)
    problems: list[Problem] = dataclasses.field(default_factory=list)

    def refuse(self, place: str, words: str) -> None:
        """Note what stops the import."""
        self.problems.append(Problem(place, words))

    def warn(self, place: str, words: str) -> None:
        """Note what was read otherwise than it is written."""
        self.problems.append(Problem(place, words, is_fatal=False))

    def add(self, session: IncomingSession) -> None:
        """Keep a session unless something about it cannot be taken; say what. Characters that no text may hold are left out."""
        session = _cleaned(session)
        wrong = list(_wrong_with(session))
        for words in wrong:
            self.refuse(session.place, words)
        if not wrong:
            self.sessions.append(session)

    @property
    def is_fatal(self) -> bool:
        """Say whether anything stops the import."""
        return any(problem.is_fatal for problem in self.problems)

    def check_keys(self) -> None:
        """Refuse an identity that two sessions share: a second import could not tell them apart."""
        first: dict[str, str] = {}
        for session in self.sessions:
            if session.key in first:
                words = _("This session has the same identity as the one at %(place)s.") % {"place": first[session.key]}
                self.refuse(session.place, words)
            first.setdefault(session.key, session.place)


def _cleaned(session: IncomingSession) -> IncomingSession:
    """Leave out control characters and halves of characters: JSON can write them, neither our databases nor XML can hold them."""
    texts: dict[str, Any] = {
        name: cleaned(value) for name in ("key", "title", "abstract", "room", "track") if (value := getattr(session, name))
    }
    people = session.people and tuple(dataclasses.replace(one, name=cleaned(one.name), key=cleaned(one.key)) for one in session.people)
    more = {name: cleaned(value) for name, value in session.texts.items()}
    return dataclasses.replace(session, **texts, people=people, texts=more)


def _wrong_with(session: IncomingSession):
    if not session.title:
        yield _("The title is missing.")
    if not session.key:
        yield _("Its identity has no letter that can be read.")
    yield from _wrong_times(session.start_at, session.end_at)
    for name, text, limit in (
        (_("title"), session.title, TITLE),
        (_("abstract"), session.abstract or "", TEXT),
        (_("room"), session.room or "", NAME),
        (_("track"), session.track or "", NAME),
        (_("identity"), session.key, KEY),
        *((_("name"), person.name, TITLE) for person in session.people or ()),
        *((_("identity"), person.key, KEY) for person in session.people or ()),
        *((_("text"), text, TITLE if name.startswith("title") else TEXT) for name, text in session.texts.items()),
    ):
        if len(text) > limit:
            yield _("%(field)s: %(count)d characters, and at most %(limit)d can be kept.") % {
                "field": name,
                "count": len(text),
                "limit": limit,
            }


def _wrong_times(start: dt.datetime | None, end: dt.datetime | None):
    if start is None or end is None:
        return
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        yield _("The year %(year)d is not one of a conference.") % {"year": start.year}
    elif end <= start:
        yield _("It ends before it starts.")
    elif end - start > dt.timedelta(days=2):
        yield _("It lasts longer than two days.")


def end_of(start: dt.datetime, length: dt.timedelta) -> dt.datetime:
    """Give when it ends; at the end of the calendar of computers the start itself, which is then refused."""
    try:
        return start + length
    except OverflowError:
        return start


def key_of(*words: str) -> str:
    """Give an identity for what has none in its file: the same words give the same (RFC 9562, version 5)."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "\x1f".join(words)))
