"""States: membership of the European Union on a date, protocol order, the Council presidency, and names."""

import csv
import dataclasses
import datetime as dt
import functools
import pathlib

from django.utils.translation import override
from django_countries import countries as all_countries

from conference.lib.collation import sort_key
from conference.lib.searching import folded

_DATA = pathlib.Path(__file__).parent.parent / "data"
PRESIDENCY_FIRST_YEAR, PRESIDENCY_LAST_YEAR = 2017, 2030

# Short names where the country list of the library differs from the Interinstitutional Style Guide (Annex A5).
_STYLE_GUIDE_NAMES = {
    ("CZ", "en"): "Czechia",
    ("CZ", "fr"): "Tchéquie",
    ("CZ", "nl"): "Tsjechië",
    ("CZ", "de"): "Tschechien",
    ("US", "en"): "United States",
    ("US", "fr"): "États-Unis",
    ("US", "nl"): "Verenigde Staten",
    ("US", "de"): "Vereinigte Staaten",
    ("GB", "en"): "United Kingdom",
    ("GB", "fr"): "Royaume-Uni",
    ("GB", "nl"): "Verenigd Koninkrijk",
    ("GB", "de"): "Vereinigtes Königreich",
    ("NL", "en"): "Netherlands",
    ("NL", "fr"): "Pays-Bas",
    ("NL", "nl"): "Nederland",
    ("NL", "de"): "Niederlande",
    ("MD", "fr"): "Moldavie",
    ("XK", "en"): "Kosovo*",
    ("XK", "fr"): "Kosovo*",
    ("XK", "nl"): "Kosovo*",
    ("XK", "de"): "Kosovo*",
}
KOSOVO = "XK"  # no ISO 3166 code; shown with its footnote


@dataclasses.dataclass(frozen=True)
class MemberState:
    """One row of the table of member states; `order` is None for a former member."""

    code: str
    eu_code: str
    order: int | None
    endonym: str
    sort_key: str
    member_from: dt.date
    member_until: dt.date | None


@functools.cache
def member_states() -> dict[str, MemberState]:
    """Give every present and former member state by ISO 3166 code."""
    with (_DATA / "eu_member_states.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["iso_alpha2"]: MemberState(
            code=row["iso_alpha2"],
            eu_code=row["eu_code"],
            order=int(row["protocol_order"]) if row["protocol_order"] else None,
            endonym=row["endonym"],
            sort_key=row["sort_key"],
            member_from=dt.date.fromisoformat(row["member_from"]),
            member_until=dt.date.fromisoformat(row["member_until"]) if row["member_until"] else None,
        )
        for row in rows
    }


@functools.cache
def _presidencies() -> list[tuple[dt.date, dt.date, str]]:
    with (_DATA / "eu_presidencies.csv").open(encoding="utf-8", newline="") as file:
        return [
            (dt.date.fromisoformat(row["start_date"]), dt.date.fromisoformat(row["end_date"]), row["iso_alpha2"])
            for row in csv.DictReader(file)
        ]


class UnknownPresidency(LookupError):
    """The day lies outside the semesters of Council Decision (EU) 2016/1316 that the table holds."""


def is_member(code: str, on: dt.date) -> bool:
    """Say whether the state with this ISO code is a member of the European Union on that day (last day included)."""
    state = member_states().get(code)
    if state is None or on < state.member_from:
        return False
    return state.member_until is None or on <= state.member_until


def members_on(day: dt.date) -> list[str]:
    """List the states that are members of the European Union on a day, by code."""
    return [code for code in member_states() if is_member(code, day)]


def presidency(on: dt.date) -> str:
    """Give the ISO code of the state that holds the Council presidency that day; raise `UnknownPresidency` outside the table."""
    for start, end, code in _presidencies():
        if start <= on <= end:
            return code
    raise UnknownPresidency(on.isoformat())


def presidency_order(on: dt.date) -> list[str]:
    """List ISO codes in the order of the rotation, starting with the semester of `on`; states not in the table are left out.

    Raise `UnknownPresidency` outside the table.
    """
    first = next((n for n, (start, end, _) in enumerate(_presidencies()) if start <= on <= end), None)
    if first is None:
        raise UnknownPresidency(on.isoformat())
    codes = [code for _, _, code in _presidencies()]
    return list(dict.fromkeys(codes[first:] + codes[:first]))


def protocol_rank(code: str) -> int | None:
    """Give the place of a member state in EU protocol order (Interinstitutional Style Guide, 7.1.2); None for other states."""
    state = member_states().get(code)
    return state.order if state else None


def shown_code(code: str, *, eu_style: bool) -> str:
    """Give the code a reader sees: `EL` for Greece and `UK` for the United Kingdom in EU style, else ISO 3166."""
    state = member_states().get(code)
    return state.eu_code if eu_style and state else code


def name(code: str, language: str) -> str:
    """Give the short name of a state in a language: the style guide's where it differs from the library's list."""
    if (code, language) in _STYLE_GUIDE_NAMES:
        return _STYLE_GUIDE_NAMES[code, language]
    with override(language):
        return str(all_countries.name(code))


def choices(language: str) -> list[tuple[str, str]]:
    """List (ISO code, name) of every state for a form, Kosovo included, in the order of the names."""
    codes = {code for code, _ in all_countries} | {KOSOVO}
    return sorted(((code, name(code, language)) for code in codes), key=lambda pair: sort_key(pair[1]))


@functools.lru_cache(maxsize=8)
def _codes_by_name(languages: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for code, _ in all_countries:
        for language in languages:
            found[folded(name(code, language))] = code
            with override(language):
                found.setdefault(folded(str(all_countries.name(code))), code)
        found[code.lower()] = found[all_countries.alpha3(code).lower()] = code
    for state in member_states().values():
        found[state.eu_code.lower()] = state.code
        for endonym in state.endonym.split("/"):
            found[folded(endonym)] = state.code
    found["xk"] = found["kosovo"] = found["kosovo*"] = KOSOVO
    return found


def find(text: str, languages: tuple[str, ...]) -> str | None:
    """Find the ISO code for what a person wrote: a code (ISO or EU style) or a name in one of the languages; else None."""
    return _codes_by_name(languages).get(folded(text))
