"""Order and search of the lists of delegations and people, with the rules that say them."""

from conference.lib.collation import sort_key
from conference.lib.searching import folded
from delegates.choices import Standing
from delegates.rules import ACTIVE
from events.rules import organisation_order

SORTS = ("name", "delegation", "state", "named")


def in_protocol_order(event, delegations) -> list:
    """Sort delegations (with their organisations loaded) in the order the event chose."""
    rows = list(delegations)
    host = next((row.organisation_id for row in rows if row.standing == Standing.HOST), None)
    key = organisation_order(event, host_organisation_id=host)
    return sorted(rows, key=lambda row: key(row.organisation))


def matching(registrations, text: str) -> list:
    """Keep the registrations whose person's name holds every word of `text`, accents and capitals aside."""
    words = folded(text).split()
    return [row for row in registrations if all(word in _searched(row) for word in words)]


def _searched(registration) -> str:
    person = registration.delegate
    return folded(f"{person.given_name} {person.family_name} {person.native_name} {person.badge_name}") if person else ""


def in_order(event, registrations, sort: str, descending: bool) -> list:
    """Sort registrations (with person and delegation loaded) by name, delegation, state or the moment they were named."""
    host = next((row.delegation.organisation_id for row in registrations if row.delegation.standing == Standing.HOST), None)
    protocol = organisation_order(event, host_organisation_id=host)

    def name(row):
        return (row.delegate is None, sort_key(row.delegate.listed_name) if row.delegate else ())

    keys = {
        "name": name,
        "delegation": lambda row: (protocol(row.delegation.organisation), row.position, name(row)),
        "state": lambda row: (row.state, name(row)),
        "named": lambda row: (row.queued_at, row.pk),
    }
    return sorted(registrations, key=keys[sort], reverse=descending)


def doubled(registrations) -> set[int]:
    """Give the keys of active registrations whose person another active one names too: same name and address, capitals aside."""
    seen: dict[tuple[str, str], list[int]] = {}
    for row in registrations:
        if row.state in ACTIVE and row.delegate and row.delegate.email:
            seen.setdefault((folded(row.delegate.full_name), row.delegate.email.lower()), []).append(row.pk)
    return {key for keys in seen.values() if len(keys) > 1 for key in keys}
