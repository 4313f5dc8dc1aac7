"""Telephone numbers: read as written, kept in one form, and told with the time where they ring."""

import datetime as dt

import pytest

from conference.lib import clock, telephones


@pytest.mark.parametrize(
    ("written", "country", "kept"),
    [
        ("+36 1 234 5678", "", "+3612345678"),
        ("0036 (1) 234-5678", "HU", "+3612345678"),
        ("02 555 12 12", "BE", "+3225551212"),
        ("tel. +81-3-1234-5678", "BE", "+81312345678"),
    ],
)
def test_number_is_kept_in_the_international_form(written, country, kept):
    assert telephones.normalised(written, country) == kept


@pytest.mark.parametrize(("written", "country"), [("02 555 12 12", ""), ("call me", "BE"), ("+999 123", ""), ("12", "BE"), ("", "BE")])
def test_what_cannot_be_dialled_from_abroad_is_refused(written, country):
    with pytest.raises(telephones.NotATelephone):
        telephones.normalised(written, country)


@pytest.mark.parametrize(
    ("number", "there"),
    [("+81312345678", "21:00"), ("+12025550123", "08:00"), ("+16135550123", "08:00"), ("+3225551212", "14:00"), ("+61262771111", "22:00")],
)
def test_time_there_is_that_of_the_seat_of_government(number, there):
    noon = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
    assert f"{telephones.time_there(number, noon):%H:%M}" == there


def test_number_of_no_country_has_no_time():
    assert telephones.time_there("+80012345678", dt.datetime(2026, 7, 1, tzinfo=dt.UTC)) is None


def test_every_zone_of_the_table_is_known_here():
    assert [zone for zone in telephones._zones().values() if not clock.is_zone(zone)] == []
