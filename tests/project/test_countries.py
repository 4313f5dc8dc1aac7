"""Membership of the Union on a day, protocol order, presidencies, codes and names."""

import csv
import datetime as dt
import itertools
import random

import pytest

from conference.lib import countries

LANGUAGES = ("en", "fr", "nl", "de")
# The 27 in the order of their names in their own languages (Interinstitutional Style Guide, 7.1.1).
# fmt: off
PROTOCOL_ORDER = [
    "BE", "BG", "CZ", "DK", "DE", "EE", "IE", "GR", "ES", "FR", "HR", "IT", "CY", "LV",
    "LT", "LU", "HU", "MT", "NL", "AT", "PL", "PT", "RO", "SI", "SK", "FI", "SE",
]
# fmt: on


def members(year, month, day):
    on = dt.date(year, month, day)
    return [code for code in countries.member_states() if countries.is_member(code, on)]


@pytest.mark.parametrize(
    ("code", "on", "expected"),
    [
        ("GB", dt.date(2020, 1, 31), True),
        ("GB", dt.date(2020, 2, 1), False),
        ("GB", dt.date(1972, 12, 31), False),
        ("GB", dt.date(1973, 1, 1), True),
        ("HR", dt.date(2013, 6, 30), False),
        ("HR", dt.date(2013, 7, 1), True),
        ("BG", dt.date(2006, 12, 31), False),
        ("BG", dt.date(2007, 1, 1), True),
        ("HU", dt.date(2004, 4, 30), False),
        ("HU", dt.date(2004, 5, 1), True),
        ("BE", dt.date(1958, 1, 1), True),
        ("BE", dt.date(1957, 12, 31), False),
        ("NO", dt.date(2024, 4, 25), False),
        ("EL", dt.date(2024, 4, 25), False),  # a code of style, never one that is stored
        ("", dt.date(2024, 4, 25), False),
    ],
)
def test_membership_on_a_day(code, on, expected):
    assert countries.is_member(code, on) is expected


@pytest.mark.parametrize(
    ("day", "count"),
    [
        ((1958, 1, 1), 6),
        ((1973, 1, 1), 9),
        ((1981, 1, 1), 10),
        ((1986, 1, 1), 12),
        ((1995, 1, 1), 15),
        ((2004, 5, 1), 25),
        ((2007, 1, 1), 27),
        ((2013, 7, 1), 28),
        ((2020, 2, 1), 27),
        ((2026, 11, 1), 27),
    ],
)
def test_number_of_members_after_each_accession(day, count):
    assert len(members(*day)) == count


def test_twenty_seven_in_protocol_order():
    shuffled = members(2024, 4, 25)
    random.Random(1).shuffle(shuffled)
    assert sorted(shuffled, key=countries.protocol_rank) == PROTOCOL_ORDER
    assert [countries.protocol_rank(code) for code in PROTOCOL_ORDER] == list(range(1, 28))
    assert (countries.protocol_rank("GB"), countries.protocol_rank("NO")) == (None, None)


def test_sort_keys_of_the_table_give_its_order():
    rows = [state for state in countries.member_states().values() if state.order]
    assert [state.code for state in sorted(rows, key=lambda state: state.order)] == PROTOCOL_ORDER
    # "Ireland" and "Malta" stand by the name and not by the letters: Éire before Ellada, Magyarország before Malta.
    assert [state.sort_key[0] for state in rows] == sorted(state.sort_key[0] for state in rows)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (dt.date(2017, 1, 1), "MT"),
        (dt.date(2023, 12, 31), "ES"),
        (dt.date(2024, 1, 1), "BE"),
        (dt.date(2024, 4, 25), "BE"),
        (dt.date(2024, 6, 30), "BE"),
        (dt.date(2024, 7, 1), "HU"),
        (dt.date(2026, 11, 23), "IE"),
        (dt.date(2030, 12, 31), "MT"),
    ],
)
def test_presidency_of_a_day(day, code):
    assert countries.presidency(day) == code


@pytest.mark.parametrize("day", [dt.date(2016, 12, 31), dt.date(2031, 1, 1), dt.date(1, 1, 1), dt.date(9999, 12, 31)])
@pytest.mark.parametrize("ask", [countries.presidency, countries.presidency_order])
def test_presidency_outside_the_table(ask, day):
    with pytest.raises(countries.UnknownPresidency):
        ask(day)


def test_semesters_follow_each_other_without_a_gap():
    with (countries._DATA / "eu_presidencies.csv").open(encoding="utf-8") as file:
        spans = [(dt.date.fromisoformat(row["start_date"]), dt.date.fromisoformat(row["end_date"])) for row in csv.DictReader(file)]
    assert spans[0][0] == dt.date(countries.PRESIDENCY_FIRST_YEAR, 1, 1)
    assert spans[-1][1] == dt.date(countries.PRESIDENCY_LAST_YEAR, 12, 31)
    assert all(end + dt.timedelta(days=1) == start for (_, end), (start, _) in itertools.pairwise(spans))


@pytest.mark.parametrize("day", [dt.date(2017, 3, 1), dt.date(2024, 4, 25), dt.date(2029, 8, 1), dt.date(2030, 12, 31)])
def test_presidency_order_starts_with_its_semester_and_names_everybody_once(day):
    order = countries.presidency_order(day)
    assert order[0] == countries.presidency(day)
    assert sorted(order) == sorted(PROTOCOL_ORDER)


def test_presidency_order_of_the_belgian_semester():
    assert countries.presidency_order(dt.date(2024, 4, 25))[:8] == ["BE", "HU", "PL", "DK", "CY", "IE", "LT", "GR"]


@pytest.mark.parametrize(
    ("code", "eu_style", "shown"),
    [("GR", True, "EL"), ("GR", False, "GR"), ("GB", True, "UK"), ("GB", False, "GB"), ("BE", True, "BE"), ("US", True, "US")],
)
def test_code_readers_see(code, eu_style, shown):
    assert countries.shown_code(code, eu_style=eu_style) == shown


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("CZ", ["Czechia", "Tchéquie", "Tsjechië", "Tschechien"]),
        ("NL", ["Netherlands", "Pays-Bas", "Nederland", "Niederlande"]),
        ("US", ["United States", "États-Unis", "Verenigde Staten", "Vereinigte Staaten"]),
        ("GR", ["Greece", "Grèce", "Griekenland", "Griechenland"]),
        ("HU", ["Hungary", "Hongrie", "Hongarije", "Ungarn"]),
        ("JP", ["Japan", "Japon", "Japan", "Japan"]),
    ],
)
def test_names_in_four_languages(code, names):
    assert [countries.name(code, language) for language in LANGUAGES] == names


@pytest.mark.parametrize("code", PROTOCOL_ORDER)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_member_is_found_by_its_name_in_each_language_and_by_its_codes(code, language):
    assert countries.find(countries.name(code, language), LANGUAGES) == code
    assert countries.find(countries.shown_code(code, eu_style=True), LANGUAGES) == code
    assert countries.find(code.lower(), LANGUAGES) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("  greece ", "GR"),
        ("EL", "GR"),
        ("GRC", "GR"),
        ("Ελλάδα", "GR"),
        ("UK", "GB"),
        ("USA", "US"),
        ("United States of America", "US"),
        ("België", "BE"),
        ("Belgique", "BE"),
        ("osterreich", "AT"),
        ("Suomi", "FI"),
        ("Czech Republic", None),
        ("Kosovo", "XK"),
        ("Kosovo*", "XK"),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_finding_what_a_person_wrote(written, code):
    assert countries.find(written, LANGUAGES) == code


@pytest.mark.parametrize("language", LANGUAGES)
def test_choices_stand_in_the_order_of_the_reader(language):
    listed = countries.choices(language)
    assert len({code for code, _ in listed}) == len(listed) > 240
    names = [name for _, name in listed]
    if language == "de":
        assert names.index("Oman") < names.index("Österreich") < names.index("Pakistan")
    assert ("XK", "Kosovo*") in listed
    assert names[-1][0] == "Z"
