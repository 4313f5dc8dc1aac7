"""Example files: the headings an import reads, in the reader's language, above one row."""

import io

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from conference.lib.spreadsheets import csv_lines, write_xlsx
from delegates.choices import ImportKind
from delegates.importers.runs import KINDS

# What the list of one delegation need not say: whose it is.
_OF_SEVERAL = ("delegation", "country")


def example(kind: str, ending: str, *, is_own: bool = False) -> bytes:
    """Give a file of a kind as "csv" or "xlsx", with every heading in the reader's language and one invented row.

    `is_own` leaves out whose delegation it is: for the list of one.
    """
    described = KINDS[ImportKind(kind)]
    values = dict(described.example)
    if values.get("category"):
        values["category"] = str(pgettext("category", "Delegate"))
    if values.get("function"):
        values["function"] = _("Head of unit")
    columns = [name for name in described.columns if name not in ("id", "name", *(_OF_SEVERAL if is_own else ()))]
    rows: list[list[object]] = [[described.columns[name].label for name in columns], [values.get(name, "") for name in columns]]
    if ending == "csv":
        return b"".join(csv_lines(rows))
    file = io.BytesIO()
    write_xlsx(rows, file, title=str(ImportKind(kind).label))
    return file.getvalue()


def own_columns() -> list[object]:
    """Give what the columns of one delegation's list are called."""
    columns = KINDS[ImportKind.NOMINATIONS].columns
    return [column.label for name, column in columns.items() if name not in ("id", "name", *_OF_SEVERAL)]
