"""Days as people write them."""

import datetime as dt

import pytest

from conference.lib.written_dates import read_date

LANGUAGES = ("en", "fr", "nl", "de")
DAY = dt.date(1980, 4, 25)


@pytest.mark.parametrize(
    "text",
    [
        "1980-04-25",
        "1980-04-25T00:00:00",
        "1980-04-25 00:00:00",
        "1980/4/25",
        "25/04/1980",
        "25.4.1980",
        "25. 4. 1980",
        "25-04-1980",
        "25 04 1980",
        "25 April 1980",
        "25. April 1980",
        "25 avril 1980",
        "25 AVRIL 1980",
        "25 april 1980",
        "25-Apr-1980",
        "25 avr. 1980",
        "25th April 1980",
        "April 25, 1980",
        "Apr 25 1980",
        "29336",
    ],
)
def test_one_day_in_every_usual_writing(text):
    assert read_date(text, LANGUAGES) == DAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1er mai 1975", dt.date(1975, 5, 1)),
        ("3. März 1990", dt.date(1990, 3, 3)),
        ("3 maart 1990", dt.date(1990, 3, 3)),
        ("3 mars 1990", dt.date(1990, 3, 3)),
        ("29.02.2000", dt.date(2000, 2, 29)),
        ("12 août 1969", dt.date(1969, 8, 12)),
        ("12 juin 1969", dt.date(1969, 6, 12)),
        ("12 juillet 1969", dt.date(1969, 7, 12)),
        ("9 sept. 1969", dt.date(1969, 9, 9)),
        ("9 Dez. 1969", dt.date(1969, 12, 9)),
        ("9 mei 1969", dt.date(1969, 5, 9)),
    ],
)
def test_months_in_every_language(text, day):
    assert read_date(text, LANGUAGES) == day


@pytest.mark.parametrize(
    "text", ["", "25/04/80", "04/25/1980", "31.02.2000", "1980", "999999", "25 Brumaire 1980", "yesterday", "25", "1" * 5000]
)
def test_what_is_no_day_or_could_be_two(text):
    assert read_date(text, LANGUAGES) is None
