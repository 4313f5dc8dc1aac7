"""Lists as spreadsheets: rows in hand and chosen columns in, cells out. What is widened or hidden is decided before."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils.translation import get_language, get_language_info, gettext_lazy, override, pgettext_lazy
from django.utils.translation import gettext as _

from conference.lib import countries
from delegates.models import Import

MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@dataclasses.dataclass(frozen=True)
class Cells:
    """One column of a list: its heading, and how a row fills it."""

    label: object  # a text, translated when it is written
    value: Callable[[Any], object]


def _person(name: str) -> Callable[[Any], object]:
    return lambda row: getattr(row.delegate, name) if row.delegate else ""


def _day(name: str) -> Callable[[Any], object]:
    def written(row) -> str:
        value = getattr(row, name)
        if value is None:
            return ""
        return row.event.local(value).strftime("%Y-%m-%d %H:%M") if isinstance(value, dt.datetime) else value.isoformat()

    return written


def _country(code: str) -> str:
    return countries.name(code, get_language() or "en") if code else ""


def _language(code: str) -> str:
    return str(get_language_info(code)["name_translated"])


_REFERENCE = Cells(gettext_lazy("Reference"), lambda row: row.public_id)
# Headings are those an import reads, so that a list can be corrected in a spreadsheet and brought back.
PEOPLE = {
    "reference": _REFERENCE,
    "family_name": Cells(gettext_lazy("Family name"), _person("family_name")),
    "given_name": Cells(gettext_lazy("Given name"), _person("given_name")),
    "native_name": Cells(gettext_lazy("Name in its own script"), _person("native_name")),
    "badge_name": Cells(gettext_lazy("Name on the badge"), _person("badge_name")),
    "function": Cells(gettext_lazy("Function"), lambda row: row.function or (row.delegate.function if row.delegate else "")),
    "organisation": Cells(gettext_lazy("Organisation"), lambda row: str(row.delegation.organisation.name)),
    "country": Cells(gettext_lazy("Country"), lambda row: _country(row.delegation.organisation.country)),
    "standing": Cells(gettext_lazy("Standing"), lambda row: row.delegation.get_standing_display()),
    "category": Cells(gettext_lazy("Category"), lambda row: row.get_category_display()),
    "mode": Cells(gettext_lazy("Attendance"), lambda row: row.get_mode_display()),
    "state": Cells(gettext_lazy("State"), lambda row: row.get_state_display()),
    "email": Cells(gettext_lazy("E-mail address"), _person("email")),
    "language": Cells(gettext_lazy("Language for messages"), lambda row: _language(row.delegate.language) if row.delegate else ""),
    "languages": Cells(gettext_lazy("Languages"), lambda row: " ".join(row.languages)),
    "nationality": Cells(gettext_lazy("Nationality"), lambda row: ", ".join(row.delegate.nationalities) if row.delegate else ""),
    "birth_date": Cells(
        gettext_lazy("Date of birth"), lambda row: row.delegate.birth_date.isoformat() if row.delegate and row.delegate.birth_date else ""
    ),
    "needs": Cells(gettext_lazy("Dietary and accessibility needs"), lambda row: row.needs),
    "consent": Cells(gettext_lazy("List of participants"), lambda row: row.get_consent_display()),
    "queued_at": Cells(gettext_lazy("Named"), _day("queued_at")),
}
WAITING = {
    "place": Cells(gettext_lazy("Place in the line of the delegation"), lambda row: row.place),
    **{name: PEOPLE[name] for name in ("family_name", "given_name", "organisation", "country", "category", "mode", "queued_at", "email")},
    "reference": _REFERENCE,
}
DELEGATIONS = {
    "organisation": Cells(gettext_lazy("Organisation"), lambda row: str(row.organisation.name)),
    "abbreviation": Cells(gettext_lazy("Abbreviation"), lambda row: row.organisation.abbreviation),
    "kind": Cells(gettext_lazy("Kind"), lambda row: row.organisation.get_kind_display()),
    "country": Cells(gettext_lazy("Country"), lambda row: _country(row.organisation.country)),
    "seats": Cells(gettext_lazy("Seats"), lambda row: row.seats or 0),
    "standing": Cells(gettext_lazy("Standing"), lambda row: row.get_standing_display()),
    "taken": Cells(gettext_lazy("Seats held"), lambda row: row.seats_taken or 0),
    "approved": Cells(gettext_lazy("Approved"), lambda row: row.approved),
    "answer": Cells(gettext_lazy("Answer"), lambda row: row.get_answer_display()),
    "answered_at": Cells(gettext_lazy("Answered"), _day("answered_at")),
    "responsible": Cells(gettext_lazy("Responsible"), lambda row: row.responsible.display_name if row.responsible else ""),
    "follow_up_date": Cells(gettext_lazy("Follow up"), _day("follow_up_date")),
    "phone": Cells(gettext_lazy("Telephone"), lambda row: row.phone),
}
ORGANISATIONS = {
    "reference": Cells(gettext_lazy("Reference"), lambda row: row.organisation.public_id),
    "name_en": Cells(gettext_lazy("Name in English"), lambda row: row.organisation.name_en),
    "name_fr": Cells(gettext_lazy("Name in French"), lambda row: row.organisation.name_fr),
    "name_nl": Cells(gettext_lazy("Name in Dutch"), lambda row: row.organisation.name_nl),
    "name_de": Cells(gettext_lazy("Name in German"), lambda row: row.organisation.name_de),
    "abbreviation": DELEGATIONS["abbreviation"],
    "kind": DELEGATIONS["kind"],
    "country": DELEGATIONS["country"],
    "email": Cells(gettext_lazy("Functional address"), lambda row: row.organisation.email),
}
FOCAL_POINTS = {
    "organisation": PEOPLE["organisation"],
    "country": PEOPLE["country"],
    "name": Cells(gettext_lazy("Name of the focal point"), lambda row: row.name),
    "email": Cells(gettext_lazy("E-mail address of the focal point"), lambda row: row.email),
    "language": Cells(gettext_lazy("Language of the focal point"), lambda row: _language(row.language)),
    "phone": Cells(gettext_lazy("Telephone"), lambda row: row.phone),
    "from_at": Cells(gettext_lazy("Since"), _day("from_at")),
    "invited_at": Cells(gettext_lazy("Invited"), _day("invited_at")),
}
# What can be exported: the name in the address, what it is called, and its columns.
LISTS: dict[str, tuple[object, dict[str, Cells]]] = {
    "people": (pgettext_lazy("list", "People"), PEOPLE),
    "waiting-list": (pgettext_lazy("list", "Waiting list"), WAITING),
    "delegations": (pgettext_lazy("list", "Delegations"), DELEGATIONS),
    "organisations": (pgettext_lazy("list", "Organisations"), ORGANISATIONS),
    "focal-points": (pgettext_lazy("list", "Focal points"), FOCAL_POINTS),
}


def written(rows: Iterable[Any], columns: list[Cells], *, language: str) -> Iterator[list[object]]:
    """Give the headings and the cells of each row in a language, as they are asked for."""
    with override(language):
        heading: list[object] = [str(column.label) for column in columns]
    yield heading
    for row in rows:
        with override(language):
            cells = [column.value(row) for column in columns]
        yield cells


def import_report_rows(kept: Import, *, language: str) -> Iterator[list[object]]:
    """Give what is said of each row of an import, one line for each problem or act."""
    with override(language):
        heading: list[object] = [_("Row"), _("What happens"), _("Name"), _("Column"), _("Value"), _("In words")]
    yield heading
    for row in kept.rows.order_by("number").iterator(chunk_size=500):
        words = row.words
        with override(language):
            outcome = row.get_outcome_display()
        for column, value, said in words["problems"]:
            yield [row.number, outcome, words["name"], column, value, said]
        for said in words["done"]:
            yield [row.number, outcome, words["name"], "", "", said]
