"""What every kind of import has in common: its columns, the form of a row, and the act for some rows."""

import dataclasses
from collections.abc import Callable
from typing import Any

from django import forms

from conference.lib.spreadsheets import Column
from conference.lib.viewer import Actor
from delegates.choices import Outcome
from delegates.models import Delegation
from events.models import Event

Problem = tuple[str, str, str]  # heading of the column ("" for the row), value shown, words


@dataclasses.dataclass
class Read:
    """A row as a form cleaned it."""

    number: int
    name: str
    data: dict[str, Any]


@dataclasses.dataclass
class Became:
    """What became of one row, in words."""

    outcome: Outcome
    done: list[str] = dataclasses.field(default_factory=list)
    problems: list[Problem] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Run:
    """One reading of a file: at which event (locked by the caller), by whom, for which delegation alone, and what was met so far."""

    event: Event
    by: Actor
    made_by: str
    delegation: Delegation | None = None
    is_late: bool = False  # people can only be asked for
    memory: dict[Any, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Kind:
    """One kind of import. `act` does what some rows ask, each by itself, and says what became of each."""

    columns: dict[str, Column]
    required: tuple[str, ...]
    form: type[forms.Form]
    name: Callable[[dict[str, str]], str]
    act: Callable[[Run, list[Read]], list[Became]]
    example: tuple[tuple[str, str], ...]  # column, value
    most: int  # rows


def refused(words: object, column: str = "", value: str = "") -> Became:
    """Say why a row cannot be imported."""
    return Became(Outcome.PROBLEM, problems=[(column, value, str(words))])
