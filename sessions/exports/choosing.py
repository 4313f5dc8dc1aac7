"""Choosing among the lines of an agenda: by day, room, track and language, and what runs now and comes next.

What can be chosen is taken from the lines a viewer reads, so that no choice tells of a session they do not see.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from conference.lib.collation import sort_key
from sessions.exports.lines import Line, language_name

SOON = dt.timedelta(hours=12)  # before the first session, from when *now and next* is offered

_TESTS: dict[str, Callable[[Line, str], bool]] = {
    "day": lambda line, value: line.day is not None and line.day.isoformat() == value,
    "room": lambda line, value: line.room is not None and line.room.public_id == value,
    "track": lambda line, value: bool(line.session and line.session.track and line.session.track.public_id == value),
    "language": lambda line, value: value in line.languages,
}


def choices_of(lines: Sequence[Line], days: Iterable[dt.date]) -> dict[str, dict[str, Any]]:
    """Give what can be chosen: by the name of the choice, its values as an address writes them, with what they stand for, in order."""
    rooms = {line.room.pk: line.room for line in lines if line.room}
    tracks = {line.session.track.pk: line.session.track for line in lines if line.session and line.session.track}
    languages = {code: language_name(code) for code in {code for line in lines for code in line.languages}}
    return {
        "day": {day.isoformat(): day for day in sorted({*days, *(line.day for line in lines if line.day)})},
        "room": {room.public_id: room.name for room in sorted(rooms.values(), key=_place)},
        "track": {track.public_id: track.name for track in sorted(tracks.values(), key=_place)},
        "language": dict(sorted(languages.items(), key=lambda one: sort_key(one[1]))),
    }


def _place(thing: Any) -> tuple[int, str]:
    return (thing.position, thing.public_id)


def chosen_lines(lines: Iterable[Line], chosen: dict[str, str]) -> list[Line]:
    """Keep the lines that every choice keeps; what is no choice among lines keeps all."""
    tests = [(_TESTS[name], value) for name, value in chosen.items() if name in _TESTS]
    return [line for line in lines if all(test(line, value) for test, value in tests)]


def now_and_next(lines: Iterable[Line], *, at: dt.datetime) -> tuple[list[Line], list[Line]]:
    """Give what runs at a moment, and what comes next in each room, each in the order of time, then of the rooms."""
    running: list[Line] = []
    coming: dict[int | None, list[Line]] = {}
    for line in sorted(lines, key=lambda line: line.start_at):
        if line.start_at <= at < line.end_at:
            running.append(line)
        elif line.start_at > at:
            first = coming.setdefault(line.room.pk if line.room else None, [line])
            if line is not first[0] and line.start_at == first[0].start_at:
                first.append(line)
    return sorted(running, key=_by_time), sorted((line for first in coming.values() for line in first), key=_by_time)


def _by_time(line: Line) -> tuple:
    return (line.start_at, line.room is not None, _place(line.room) if line.room else ())


def is_near(lines: Sequence[Line], *, at: dt.datetime) -> bool:
    """Say whether *now and next* has anything to tell: from half a day before the first line to the end of the last."""
    return bool(lines) and min(line.start_at for line in lines) - SOON <= at < max(line.end_at for line in lines)
