"""Order and search of the lists of delegations and people, with the rules that say them."""

from translated_fields import to_attribute

from conference.lib import countries
from conference.lib.collation import sort_key
from conference.lib.searching import folded
from conference.lib.words import languages
from delegates.choices import Standing
from events.rules import organisation_order

NAMES = ("given_name", "family_name", "native_name", "badge_name")
SORTS = ("name", "delegation", "state", "named")


def in_protocol_order(event, delegations) -> list:
    """Sort delegations (with their organisations loaded) in the order the event chose."""
    rows = list(delegations)
    host = next((row.organisation_id for row in rows if row.standing == Standing.HOST), None)
    key = organisation_order(event, host_organisation_id=host)
    return sorted(rows, key=lambda row: key(row.organisation))


def named(delegations, text: str) -> list:
    """Keep the delegations whose organisation or country, in any language, holds every word of `text`, accents and capitals aside."""
    words = folded(text).split()
    return [row for row in delegations if all(word in _called(row.organisation) for word in words)] if words else list(delegations)


def _called(organisation) -> str:
    names = [getattr(organisation, to_attribute("name", code)) for code in languages()]
    country = organisation.country
    return folded(
        " ".join([*names, organisation.abbreviation, country, *(countries.name(country, code) for code in languages() if country)])
    )


def matching(registrations, text: str) -> list:
    """Give as light rows the registrations whose person's name holds every word of `text`, accents and capitals aside.

    A row has only what order and search read: an event of ten thousand people is sorted without loading ten thousand people.
    """
    fields = ["pk", "delegation_id", "position", "state", "queued_at", *(f"delegate__{name}" for name in NAMES)]
    words, rows = folded(text).split(), registrations.order_by("pk").values_list(*fields, named=True)
    return [row for row in rows if all(word in _searched(row) for word in words)]


def _searched(row) -> str:
    return folded(" ".join(getattr(row, f"delegate__{name}") or "" for name in NAMES))


def keys_in_order(rows, delegations, sort: str, descending: bool) -> list[int]:
    """Sort light rows by name, delegation (given in protocol order), state or the moment they were named; give their keys."""
    rank = {delegation.pk: number for number, delegation in enumerate(delegations)}
    keys = {
        "name": _name_key,
        "delegation": lambda row: (rank[row.delegation_id], row.position, _name_key(row)),
        "state": lambda row: (row.state, _name_key(row)),
        "named": lambda row: (row.queued_at, row.pk),
    }
    return [row.pk for row in sorted(rows, key=keys[sort], reverse=descending)]


def in_turn(event, registrations) -> list:
    """Sort people who wait by delegation and by when they were named, each with `place` in the line of their delegation, from 1."""
    rows = sorted(registrations, key=lambda row: (row.queued_at, row.pk))
    delegations = in_protocol_order(event, {row.delegation_id: row.delegation for row in rows}.values())
    rank = {delegation.pk: number for number, delegation in enumerate(delegations)}
    places: dict[int, int] = {}
    for row in rows:
        row.place = places[row.delegation_id] = places.get(row.delegation_id, 0) + 1
    return sorted(rows, key=lambda row: (rank[row.delegation_id], row.place))


def _name_key(row) -> tuple:
    listed = ", ".join(part for part in (row.delegate__family_name, row.delegate__given_name) if part)
    return (not listed, sort_key(listed))


def by_name(registrations) -> list:
    """Sort registrations (with their person loaded) by name, seats without one last."""
    return sorted(registrations, key=lambda row: (row.delegate is None, sort_key(row.delegate.listed_name) if row.delegate else ()))
