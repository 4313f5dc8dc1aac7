"""What changed in the agenda between two versions of it, as each viewer may know it."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.utils.translation import get_language

from conference.lib.words import Words, languages
from sessions.choices import ChangeKind

Titles = tuple[str, ...]  # one for each language of the site
UNKNOWN: Titles = ()


class Part(NamedTuple):
    """What somebody does in a session: the key of the speaker, the role, how much readers see of them, and their registration's key."""

    speaker_id: int
    role: str
    public_identity: str
    registration_id: int | None


class Turn(NamedTuple):
    """One turn that is not left out: of a delegation or of a speaker, and its minutes."""

    delegation_id: int | None
    speaker_id: int | None
    minutes: int


@dataclasses.dataclass(slots=True)
class Place:
    """What one version says of one session: when, where and by whom.

    `kept_titles` are the titles per language as they were when the version was released: None where those of the session
    itself count, `UNKNOWN` where the reader never saw them.
    """

    session: Any
    start_at: dt.datetime
    end_at: dt.datetime
    room_id: int | None
    parts: list[Part] = dataclasses.field(default_factory=list)
    turns: list[Turn] = dataclasses.field(default_factory=list)
    kept_titles: Titles | None = None

    @property
    def session_id(self) -> int:
        """The key of its session."""
        return self.session.pk

    @property
    def titles(self) -> Titles:
        """The title in each language of the site."""
        return titles_of(self.session) if self.kept_titles is None else self.kept_titles

    @property
    def title(self) -> str:
        """The title as a reader of the active language gets it; empty where it is not known."""
        return _read(self.titles, self.session.working_language)

    @property
    def turn_minutes(self) -> int:
        """How many minutes its turns take."""
        return sum(turn.minutes for turn in self.turns)


@dataclasses.dataclass(frozen=True)
class Change:
    """One difference of one session; `before` and `after` are its places, None where the session was added or dropped.

    `titles` says what to call it, where that is not what the session is called now.
    """

    session: Any
    kind: ChangeKind
    before: Place | None = None
    after: Place | None = None
    titles: Titles | None = None

    @property
    def title(self) -> str:
        """What a reader of the active language is told it is called; empty where that is not known."""
        return self.session.title if self.titles is None else _read(self.titles, self.session.working_language)

    @property
    def place(self) -> Place:
        """Where it is now, or was last."""
        found = self.after or self.before
        assert found  # noqa: S101 -- a change has one side at least
        return found


def changes_between(before: Iterable[Place], after: Iterable[Place]) -> list[Change]:
    """List what differs between the places of two versions, in the order of time; a session that moved and changed its room gives two."""
    old = {place.session_id: place for place in before}
    new = {place.session_id: place for place in after}
    return in_time(change for key in old.keys() | new.keys() for change in changes_of(old.get(key), new.get(key)))


def visible_changes(
    before: Iterable[Place], after: Iterable[Place], *, seen_then: Collection[int], seen_now: Collection[int]
) -> list[Change]:
    """List the differences a viewer may know of: as if sessions they could not see then, or may not see now, had never existed.

    `seen_then` and `seen_now` are the keys of the sessions the viewer could see in the older version and may see by present
    settings. Hiding before comparing (and not after) is what keeps a hidden past out: a session opened to the viewer
    since then is simply new to them, whether or not it moved meanwhile; one raised above them vanishes and is never "dropped".
    """
    old = [place for place in before if place.session_id in seen_then and place.session_id in seen_now]
    return changes_between(old, [place for place in after if place.session_id in seen_now])


def changes_of(old: Place | None, new: Place | None) -> list[Change]:
    """List what differs of one session between two versions, where a side is None that does not hold it."""
    if old is None or new is None:
        if new is not None:
            return [Change(new.session, ChangeKind.ADDED, after=new)]
        return [Change(old.session, ChangeKind.DROPPED, before=old)] if old is not None else []
    return [Change(new.session, kind, old, new) for kind in _differences(old, new)]


def in_time(changes: Iterable[Change]) -> list[Change]:
    """Sort changes as an agenda reads; never by key, which would tell of sessions not shown."""
    order = list(ChangeKind)
    return sorted(changes, key=lambda c: (c.place.start_at, c.session.public_id, order.index(c.kind)))


def _differences(old: Place, new: Place) -> list[ChangeKind]:
    kinds = []
    if (old.start_at, old.end_at) != (new.start_at, new.end_at):
        kinds.append(ChangeKind.MOVED)
    if old.room_id != new.room_id:
        kinds.append(ChangeKind.ROOM)
    if [part[:2] for part in old.parts] != [part[:2] for part in new.parts]:
        kinds.append(ChangeKind.PEOPLE)
    if old.turns != new.turns:
        kinds.append(ChangeKind.TURNS)
    if UNKNOWN not in (old.kept_titles, new.kept_titles) and old.titles != new.titles:
        kinds.append(ChangeKind.TITLE)
    return kinds


def titles_of(session) -> Titles:
    """The present title of a session in each language of the site."""
    return tuple(getattr(session, f"title_{code}") for code in languages())


def _read(titles: Titles, working_language: str) -> str:
    """The title in the active language, or the one it falls back to."""
    texts = dict(zip(languages(), titles, strict=False))
    filled = (code for code in (get_language() or "", working_language, *languages()) if texts.get(code))
    code = next(filled, "")
    return Words(texts[code], code) if code else ""
