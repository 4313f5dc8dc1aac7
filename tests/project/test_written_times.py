"""Times and lengths as people write them in a programme."""

import datetime as dt

import pytest

from conference.lib.written_dates import read_day
from conference.lib.written_times import read_length, read_span, read_time, split_day

LANGUAGES = ("en", "fr", "nl", "de")
DAYS = [dt.date(2027, 3, 27), dt.date(2027, 3, 28)]


@pytest.mark.parametrize(
    "text", ["9:30", "09.30", "9h30", "9 h 30", "9u30", "0930", "09:30:00", "9.30 Uhr", "9:30 am", "9:30 A.M.", "0.395833333"]
)
def test_one_time_in_every_usual_writing(text):
    assert read_time(text) == 9 * 60 + 30


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("0:00", 0), ("12 am", 0), ("12 pm", 720), ("11 p.m.", 1380), ("24:00", 1440), ("9h", 540), ("9", 540), ("15 Uhr", 900)],
)
def test_hours_of_the_day(text, minutes):
    assert read_time(text) == minutes


@pytest.mark.parametrize("text", ["", "soon", "25:00", "9:60", "24:01", "13 pm", "0 am", "1.5", "9:30:", "9" * 50, "-9:00"])
def test_anything_else_is_no_time(text):
    assert read_time(text) is None


def test_spans():
    assert read_span("9:00 – 10:30") == read_span("9h-10h30") == read_span("9h à 10h30") == read_span("09:00 to 10:30") == (540, 630)
    assert [read_span(text) for text in ("9:00", "9:00–10:00–11:00", "9:00–soon", "")] == [None] * 4


def test_a_day_before_a_time_is_cut_off():
    assert split_day("2027-03-27T10:00:00") == ("2027-03-27", "10:00:00")
    assert split_day("27 March 2027, 9:00–10:00") == ("27 March 2027", "9:00–10:00")
    assert split_day("9:00") == ("", "9:00")


@pytest.mark.parametrize("text", ["90", "90 min", "90'", "1:30", "01:30:00", "1h30", "1 h 30 min", "0.0625"])
def test_one_length_in_every_usual_writing(text):
    assert read_length(text) == dt.timedelta(minutes=90)


@pytest.mark.parametrize("text", ["", "0", "0:00", "long", "-5", "99999"])
def test_anything_else_is_no_length(text):
    assert read_length(text) is None


@pytest.mark.parametrize(
    "text", ["27/03/2027", "Saturday 27 March 2027", "samedi 27 mars", "Sa., 27.03.", "27/3", "zaterdag", "March 27", "27th March"]
)
def test_a_day_of_the_programme(text):
    assert read_day(text, LANGUAGES, DAYS) == DAYS[0]


@pytest.mark.parametrize("text", ["", "Monday", "Sunday 27 March", "29 March", "x", "40/40"])
def test_no_day_of_the_programme(text):
    assert read_day(text, LANGUAGES, DAYS) is None


def test_a_weekday_that_two_days_have_says_nothing():
    assert read_day("Saturday", LANGUAGES, [DAYS[0], DAYS[0] + dt.timedelta(days=7)]) is None
