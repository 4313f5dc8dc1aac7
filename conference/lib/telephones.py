"""Telephone numbers: read as people write them, kept in the international form (E.164), and told with the time where they ring."""

import csv
import datetime as dt
import functools
import pathlib

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from conference.lib import clock

_DATA = pathlib.Path(__file__).parent.parent / "data"


class NotATelephone(ValueError):
    """What was written is no telephone number, or one without its country."""


def normalised(written: str, country: str = "") -> str:
    """Give the international form of a number: "+3612345678". `country` (an ISO code) reads a number written as at home.

    Raise `NotATelephone` for what cannot be dialled from abroad.
    """
    try:
        number = phonenumbers.parse(written, country or None)
    except NumberParseException as error:
        raise NotATelephone(written) from error
    if not phonenumbers.is_possible_number(number):
        raise NotATelephone(written)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def shown(number: str) -> str:
    """Give a kept number in groups, as one reads it aloud: "+36 1 234 5678"."""
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)


def country_of(number: str) -> str:
    """Give the ISO code of the country a kept number belongs to; an empty text for one of no country."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""


def zone_of(number: str) -> str:
    """Give the time zone of the seat of government of a kept number's country; an empty text where none is known."""
    return _zones().get(country_of(number), "")


def time_there(number: str, at: dt.datetime) -> dt.datetime | None:
    """Give the wall clock where a kept number rings, as far as its country tells; None where that is unknown."""
    zone = zone_of(number)
    return clock.local(at, zone) if zone else None


@functools.cache
def _zones() -> dict[str, str]:
    with (_DATA / "country_zones.csv").open(encoding="utf-8", newline="") as file:
        return {row["country"]: row["zone"] for row in csv.DictReader(file)}
