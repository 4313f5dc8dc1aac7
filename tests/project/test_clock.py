"""Moments, wall clocks and days of the programme."""

import datetime as dt

import pytest

from conference.lib import clock

BRUSSELS = "Europe/Brussels"


def utc(*parts):
    return dt.datetime(*parts, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("day", "time", "zone", "expected"),
    [
        (dt.date(2024, 4, 25), dt.time(9, 30), BRUSSELS, utc(2024, 4, 25, 7, 30)),
        (dt.date(2024, 1, 25), dt.time(9, 30), BRUSSELS, utc(2024, 1, 25, 8, 30)),
        (dt.date(2024, 4, 25), dt.time(0, 15), "Asia/Tokyo", utc(2024, 4, 24, 15, 15)),
        (dt.date(2024, 3, 31), dt.time(2, 30), BRUSSELS, utc(2024, 3, 31, 1, 30)),  # skipped: the offset before the change
        (dt.date(2024, 10, 27), dt.time(2, 30), BRUSSELS, utc(2024, 10, 27, 0, 30)),  # twice: the first one
        (dt.date(2024, 4, 25), dt.time(9, 30), "UTC", utc(2024, 4, 25, 9, 30)),
    ],
)
def test_moment_of_a_wall_clock(day, time, zone, expected):
    assert clock.moment(day, time, zone) == expected


def test_local_is_the_same_moment():
    moment = utc(2024, 4, 25, 7, 30)
    local = clock.local(moment, BRUSSELS)
    assert (local, local.time()) == (moment, dt.time(9, 30))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (utc(2024, 4, 25, 7, 0), dt.date(2024, 4, 25)),
        (utc(2024, 4, 25, 22, 30), dt.date(2024, 4, 25)),  # 00:30 of the next day belongs to the evening before
        (utc(2024, 4, 26, 1, 59), dt.date(2024, 4, 25)),
        (utc(2024, 4, 26, 2, 0), dt.date(2024, 4, 26)),  # 04:00 sharp
    ],
)
def test_day_of_the_programme(moment, day):
    assert clock.programme_day(moment, BRUSSELS, dt.time(4)) == day


def test_days_between():
    first = dt.date(2024, 2, 28)
    assert clock.days_between(first, dt.date(2024, 3, 1)) == [first, dt.date(2024, 2, 29), dt.date(2024, 3, 1)]
    assert clock.days_between(first, first) == [first]
    assert clock.days_between(first, dt.date(2024, 2, 27)) == []


@pytest.mark.parametrize(
    ("other", "expected"),
    [((8, 9), False), ((8, 10), True), ((9, 10), True), ((9, 11), True), ((10, 11), False), ((11, 12), False)],
)
def test_overlap_of_nine_to_ten(other, expected):
    hours = [utc(2024, 4, 25, hour) for hour in (9, 10, *other)]
    assert clock.overlap(*hours) is expected
    assert clock.overlap(*hours[2:], *hours[:2]) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (BRUSSELS, True),
        ("UTC", True),
        ("Mars/Olympus", False),
        ("", False),
        ("../etc/passwd", False),
        ("Europe", False),
        ("a" * 5000, False),
    ],
)
def test_zone_this_machine_knows(name, expected):
    assert clock.is_zone(name) is expected


def test_zone_names_can_all_be_chosen():
    names = clock.zone_names()
    assert BRUSSELS in names
    assert names == sorted(names)
    assert all(clock.is_zone(name) for name in names)


@pytest.mark.parametrize(
    ("at", "days"),
    [(utc(2024, 4, 25, 21, 59), 0), (utc(2024, 4, 24, 21, 59), 1), (utc(2024, 4, 24, 22, 1), 0), (utc(2024, 4, 26, 0), -1)],
)
def test_days_until_counts_midnights_of_the_zone(at, days):
    assert clock.days_until(utc(2024, 4, 25, 7), BRUSSELS, at) == days
