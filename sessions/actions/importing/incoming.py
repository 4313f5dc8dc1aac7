"""What comes in from another tool, and what became of it."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from sessions.models import Session


@dataclasses.dataclass(frozen=True)
class IncomingPerson:
    """Somebody named by another tool. `key` is their identity there, or empty: then the name is all there is; so with the role."""

    name: str
    key: str = ""
    role: str = ""


@dataclasses.dataclass(frozen=True)
class IncomingSession:
    """A session of another tool, checked; moments are aware, `abstract` is Markdown, `key` its identity there.

    None is what the file does not speak of: it stays as it is here. A session without a start is not placed, or stays where it is.
    """

    place: str  # in the file
    key: str
    title: str
    start_at: dt.datetime | None
    end_at: dt.datetime | None
    abstract: str | None = ""
    room: str | None = ""
    track: str | None = ""
    kind: str | None = ""
    language: str = ""  # the first spoken; others stay
    people: tuple[IncomingPerson, ...] | None = ()
    texts: Mapping[str, str] = dataclasses.field(default_factory=dict)  # by column ("title_fr"), beside those in the import's language
    languages: tuple[str, ...] | None = None  # all that are spoken
    interpretation: tuple[str, ...] | None = None


@dataclasses.dataclass(frozen=True)
class Became:
    """What became of one session: whether it is new, and the facts that are other than before (name -> before, after)."""

    place: str
    session: Session
    is_new: bool
    changes: Mapping[str, tuple[Any, Any]]


@dataclasses.dataclass(frozen=True)
class Imported:
    """What an import did: sessions made, changed and found as they are, those of earlier imports it does not name, and what it added."""

    created: int
    changed: int
    same: int
    unnamed: int
    rooms: int
    tracks: int
    people: int


@dataclasses.dataclass(frozen=True)
class Taken:
    """An import in full: its counts, what became of each session, what stays though the file does not name it, and what was added."""

    counts: Imported
    became: list[Became]
    left: list[Session]
    rooms: list[str]
    tracks: list[str]
    people: list[str]
    unknown_kinds: dict[str, str]  # place -> what the file calls it
    names: dict[int, str]  # of the people of the agenda, by their keys
