"""Sessions and people of the agenda as spreadsheets for their organisers: the columns an import reads, and what it never takes."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from conference.lib import countries
from conference.lib.words import languages
from delegates.exports import Cells
from sessions.choices import Role
from sessions.exports.columns import MARKS, PEOPLE, SEPARATOR, SESSIONS
from sessions.models import Speaker


def _at(name: str, written: str) -> Callable[[Any], str]:
    """A moment of the place in the draft on the clock of the event; empty without one."""
    return lambda row: row.event.local(getattr(row.draft, name)).strftime(written) if row.draft else ""


def _minutes(row: Any) -> object:
    return int((row.draft.end_at - row.draft.start_at).total_seconds() // 60) if row.draft else ""


def _names(role: Role) -> Callable[[Any], str]:
    """Who does something in a session; nobody is named of one under the Chatham House Rule."""

    def names(row: Any) -> str:
        if row.draft is None or row.chatham_house:
            return ""
        parts = sorted(row.draft.contributions.all(), key=lambda part: (part.position, part.pk))
        return SEPARATOR.join(part.speaker.full_name for part in parts if part.role == role)

    return names


def _text(name: str) -> Callable[[Any], str]:
    return lambda row: getattr(row, name)


_FILLED: dict[str, Callable[[Any], object]] = {
    "id": lambda row: row.public_id,
    "day": lambda row: row.day.isoformat() if row.day else "",
    "start": _at("start_at", "%H:%M"),
    "end": _at("end_at", "%H:%M"),
    "length": _minutes,
    "room": lambda row: str(row.draft.room.name) if row.draft and row.draft.room else "",
    "title": lambda row: getattr(row, f"title_{row.event.working_language}"),
    "kind": lambda row: row.get_kind_display(),
    "track": lambda row: str(row.track.name) if row.track else "",
    "languages": lambda row: SEPARATOR.join(row.languages),
    "interpretation": lambda row: SEPARATOR.join(row.interpretation),
    "abstract": lambda row: getattr(row, f"abstract_{row.event.working_language}"),
    **{f"{text}_{code}": _text(f"{text}_{code}") for text in ("title", "abstract") for code in languages()},
    **{role.value: _names(role) for role in PEOPLE},
    "audience": lambda row: row.get_audience_display(),
    "label": lambda row: row.get_label_display(),
    "chatham_house": lambda row: gettext_lazy("Yes") if row.chatham_house else "",
}
# Rows are sessions as `placed` gives them, with the people of their place in the draft.
SESSION_CELLS = {name: Cells(column.label, _FILLED[name]) for name, column in (SESSIONS | MARKS).items()}


def _registered(name: str) -> Callable[[Any], object]:
    return lambda row: getattr(row.registration, name)() if row.registration else ""


def _organisation(row: Speaker) -> str:
    return str(row.registration.delegation.organisation.name) if row.registration else row.organisation


def _country(row: Speaker) -> str:
    code = row.registration.delegation.organisation.country if row.registration else ""
    return countries.name(code, get_language() or "en") if code else ""


SPEAKER_CELLS = {
    "reference": Cells(gettext_lazy("Reference"), lambda row: row.public_id),
    "name": Cells(gettext_lazy("Name"), lambda row: row.full_name),
    "organisation": Cells(gettext_lazy("Organisation"), _organisation),
    "country": Cells(gettext_lazy("Country"), _country),
    **{
        f"function_{code}": Cells(label, _text(f"function_{code}"))
        for code, label in {
            "en": gettext_lazy("Function in English"),
            "fr": gettext_lazy("Function in French"),
            "nl": gettext_lazy("Function in Dutch"),
            "de": gettext_lazy("Function in German"),
        }.items()
    },
    "state": Cells(gettext_lazy("Registration"), _registered("get_state_display")),
    "category": Cells(gettext_lazy("Category"), _registered("get_category_display")),
    "public_identity": Cells(gettext_lazy("Readers see"), lambda row: row.get_public_identity_display()),
    "appearances": Cells(gettext_lazy("Sessions in the draft"), lambda row: row.appearances),
}
# What can be exported of the agenda: the name in the address, what it is called, and its columns.
AGENDA_LISTS: dict[str, tuple[object, dict[str, Cells]]] = {
    "sessions": (pgettext_lazy("list", "Sessions"), SESSION_CELLS),
    "speakers": (pgettext_lazy("list", "People of the agenda"), SPEAKER_CELLS),
}
