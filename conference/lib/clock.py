"""Moments and days: everything is stored in UTC and read in the event's time zone."""

import datetime as dt
import zoneinfo

UTC = dt.UTC


def zone_names() -> list[str]:
    """Every IANA time zone name a person may choose, in alphabetical order."""
    return sorted(name for name in zoneinfo.available_timezones() if "/" in name or name == "UTC")


def is_zone(name: str) -> bool:
    """Say whether `name` is a time zone this machine knows."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def local(moment: dt.datetime, zone: str) -> dt.datetime:
    """Give the same moment on the wall clock of `zone`."""
    return moment.astimezone(zoneinfo.ZoneInfo(zone))


def moment(day: dt.date, time: dt.time, zone: str) -> dt.datetime:
    """Give the UTC moment of a wall-clock day and time in `zone`.

    A time that a change of summer time skips is read with the offset before the change (RFC 5545, 3.3.5).
    """
    return dt.datetime.combine(day, time, tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(UTC)


def programme_day(moment: dt.datetime, zone: str, day_starts_at: dt.time) -> dt.date:
    """Give the day of the programme a moment belongs to: 01:00 belongs to the evening before when days start at 04:00."""
    wall = local(moment, zone)
    return wall.date() - dt.timedelta(days=1) if wall.time() < day_starts_at else wall.date()


def days_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """List every day from `first` to `last`, both included."""
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def overlap(start: dt.datetime, end: dt.datetime, other_start: dt.datetime, other_end: dt.datetime) -> bool:
    """Say whether two half-open periods share a moment; back to back they do not."""
    return start < other_end and other_start < end


def days_until(moment: dt.datetime, zone: str, at: dt.datetime) -> int:
    """Count the midnights in `zone` between `at` and `moment`: 0 is the same day, negative is a day gone by."""
    return (local(moment, zone).date() - local(at, zone).date()).days
