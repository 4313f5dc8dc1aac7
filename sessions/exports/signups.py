"""The list of sign-ups as a spreadsheet: its name among the lists, and its columns."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from delegates.exports import PEOPLE, Cells

LIST_NAME, LIST_TITLE = "sign-ups", pgettext_lazy("list", "Sign-ups for sessions")


def _of_person(name: str) -> Cells:
    column = PEOPLE[name]
    return Cells(column.label, lambda row: column.value(row.registration))


def _moment(row) -> str:
    return row.event.local(row.joined_at).strftime("%Y-%m-%d %H:%M:%S")


SIGN_UPS = {
    "session": Cells(gettext_lazy("Session"), lambda row: str(row.session.title)),
    "standing": Cells(gettext_lazy("Seat"), lambda row: _("has a seat") if row.is_seated else _("waits")),
    "place": Cells(gettext_lazy("Place on the waiting list"), lambda row: "" if row.is_seated else row.ahead + 1),
    **{name: _of_person(name) for name in ("family_name", "given_name", "organisation", "country", "category", "state", "email")},
    "joined_at": Cells(gettext_lazy("Signed up"), _moment),
    "reference": _of_person("reference"),
}
