"""Copying what a release holds into another: by the database itself, which for a thousand sessions takes a tenth of the time."""

from typing import Any

from django.db import connection, models

from conference.lib.words import languages
from sessions.models.interventions import Intervention, Tour
from sessions.models.releases import Contribution, Release, Slot
from sessions.models.sessions import Session

_PLACE = ("event", "session", "room", "start_at", "end_at")
_TITLES = tuple(f"title_{code}" for code in languages())
_PART = ("event", "speaker", "role", "position")
_TOUR = ("event_id", "sharing", "minutes", "host", "ordered_by_hand")
_TURN = ("event_id", "delegation_id", "speaker_id", "position", "minutes", "is_added", "has_own_minutes", "is_dropped")


def copy_release(source: Release, target: Release) -> None:
    """Copy all slots of a release, with people and turns, into one that holds none. Four queries, six where there are turns.

    A release keeps what its sessions are called at this moment; the draft keeps nothing, since there the session's own title counts.
    """
    places, parts, titles = _columns(Slot, _PLACE), _columns(Contribution, _PART), _columns(Session, _TITLES)
    called = ", ".join("''" for _title in titles) if target.number is None else _listed(titles, "session.")
    slots, people, sessions = (connection.ops.quote_name(model._meta.db_table) for model in (Slot, Contribution, Session))
    with connection.cursor() as cursor:
        # Only names of our own tables and columns are put into the statements; values are parameters.
        cursor.execute(
            f"INSERT INTO {slots} (release_id, {_listed(places + titles)}) "  # noqa: S608 -- as said above
            f"SELECT %s, {_listed(places, 'old.')}, {called} FROM {slots} old JOIN {sessions} session ON session.id = old.session_id "
            "WHERE old.release_id = %s ORDER BY old.id",
            [target.pk, source.pk],
        )
        cursor.execute(
            f"INSERT INTO {people} (slot_id, {_listed(parts)}) "  # noqa: S608 -- as said above
            f"SELECT new.id, {_listed(parts, 'one.')} FROM {people} one "
            f"JOIN {slots} old ON old.id = one.slot_id JOIN {slots} new ON new.session_id = old.session_id AND new.release_id = %s "
            "WHERE old.release_id = %s ORDER BY one.id",
            [target.pk, source.pk],
        )
    _copy_turns(source, target)


def _copy_turns(source: Release, target: Release) -> None:
    """Copy tours and turns, of which there are few; turns have public ids of their own."""
    rows: dict[type[models.Model], list[dict[str, Any]]] = {
        model: list(model.objects.filter(slot__release=source).order_by("pk").values("slot__session", *names))
        for model, names in ((Tour, _TOUR), (Intervention, _TURN))
    }
    if not any(rows.values()):
        return
    sessions = {row["slot__session"] for found in rows.values() for row in found}
    slots = dict(Slot.objects.filter(release=target, session__in=sessions).values_list("session", "pk"))
    for model, found in rows.items():
        model.objects.bulk_create(model(slot_id=slots[row.pop("slot__session")], **row) for row in found)


def _columns(model: type[models.Model], names: tuple[str, ...]) -> list[str]:
    return [model._meta.get_field(name).column for name in names]


def _listed(columns: list[str], prefix: str = "") -> str:
    return ", ".join(prefix + connection.ops.quote_name(column) for column in columns)
