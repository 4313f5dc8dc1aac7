"""Columns of spreadsheets: what each is called in four languages, what else people write above it, and which it is in a file."""

import dataclasses
import itertools
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import override

from conference.lib.searching import folded
from conference.lib.spreadsheets.rows import Row
from conference.lib.words import languages

_HEADING_WITHIN = 20  # rows: titles and remarks may stand above the headings


@dataclasses.dataclass(frozen=True)
class Column:
    """What the reader calls a column, and what else people write above it, in any language, separated by commas."""

    label: object  # a text, translated when it is shown
    others: str = ""

    def words(self) -> Iterator[str]:
        """Give every heading that means this column, folded."""
        for language in languages():
            with override(language):
                yield folded(str(self.label))
        yield from (folded(word) for word in self.others.split(", ") if word)


@dataclasses.dataclass
class Headings:
    """Where the columns of a file are (name -> place, from 0), in which row they are named, and what is wrong with them."""

    row: int
    places: dict[str, int]
    written: list[str]
    unread: list[str]
    problems: list[str]


def find_headings(rows: Iterator[Row], columns: dict[str, Column], required: tuple[str, ...]) -> tuple[Headings, Iterator[Row]]:
    """Find the row of headings among the first of a file, and give it with the rows below it.

    `required` names columns of which each must be there; "a|b" means either.
    """
    first = list(itertools.islice(rows, _HEADING_WITHIN))
    tried = [_headings(row, columns, required) for row in first]
    best = max(range(len(first)), key=lambda place: (not tried[place].problems, len(tried[place].places), -place))
    return tried[best], itertools.chain(first[best + 1 :], rows)


def _headings(row: Row, columns: dict[str, Column], required: tuple[str, ...]) -> Headings:
    known: dict[str, str] = {}
    for name, column in columns.items():
        for word in column.words():
            known.setdefault(word, name)
    found = Headings(row.number, {}, row.cells, [], [])
    for place, heading in enumerate(row.cells):
        name = known.get(folded(heading).rstrip(" *:"), "")
        if not name:
            found.unread += [heading] if heading else []
        elif name in found.places:
            found.problems.append(_("Two columns hold the same: “%(heading)s”.") % {"heading": heading})
        else:
            found.places[name] = place
    for wanted in required:
        if not set(wanted.split("|")) & found.places.keys():
            label = columns[wanted.partition("|")[0]].label
            found.problems.append(_("There is no column “%(heading)s” among the headings.") % {"heading": label})
    return found
