"""`record`, through which every act of every app passes, the chain it keeps, and the record of reads."""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone

from conference.lib.sealing import Sealer
from conference.lib.viewer import Actor
from events.models import ActorName, AuditEntry, Event, ReadRecord


def lock_event(event_id: int) -> Event:
    """Lock the row of an event: the first lock in every path (then delegation, then registration). Call inside a transaction."""
    return Event.objects.select_for_update().get(pk=event_id)


def reference_of(actor: Actor) -> str:
    """The reference of an actor as records keep it; the name behind it is sealed apart."""
    return f"user {actor.user_id}" if actor.user else "system"


def record(by: Actor, verb: str, target: models.Model | None = None, *, event: Event | None = None, **details) -> AuditEntry:
    """Append one act to the chain of an event (or of the instance) and move the event's stamp, in the caller's transaction.

    `details` must be JSON and hold references, never names. Each entry's hash is the SHA-256 of the previous hash and the entry.
    """
    return record_many(by, verb, [(target, details)], event=event)[0]


def record_many(by: Actor, verb: str, acts: Sequence[tuple[models.Model | None, dict]], *, event: Event | None = None) -> list[AuditEntry]:
    """Append many acts of one kind, each (target, details), as `record` does one by one, in a handful of statements."""
    if event:
        lock_event(event.pk)
    else:
        AuditEntry.objects.select_for_update().filter(event=None, number=1).first()  # the instance's chain queues at its first link
    last = AuditEntry.objects.filter(event=event).order_by("-number").first()
    number, previous_hash = (last.number, last.hash) if last else (0, "")
    at, actor, entries = timezone.now(), reference_of(by), []
    for target, details in acts:
        number += 1
        entry = AuditEntry(event=event, number=number, at=at, actor=actor, hat=by.hat, verb=verb)
        entry.target, entry.details = str(target) if target is not None else "", _details(by, details)
        entry.previous_hash, entry.hash = previous_hash, ""
        previous_hash = entry.hash = chain_hash(entry)
        entries.append(entry)
    AuditEntry.objects.bulk_create(entries, batch_size=500)
    _seal_name(by)
    if event:
        Event.objects.filter(pk=event.pk).update(stamp=F("stamp") + len(entries))
    return entries


def _details(by: Actor, details: dict) -> dict:
    claimed = by.user.claim.reference if by.user and by.user.claim else ""
    given = {"on_behalf_of": by.on_behalf_of, "source": by.source, "document": by.document, "claimed": claimed}
    return details | {name: value for name, value in given.items() if value}


def _seal_name(by: Actor) -> None:
    if not by.user:
        return
    for reference, name in (reference_of(by), by.user.display_name), by.user.claim or ("", ""):
        if reference:
            sealed = Sealer(settings.DATA_KEYS).seal(name)
            ActorName.objects.get_or_create(reference=reference, defaults={"sealed_name": sealed})


def chain_hash(entry: AuditEntry) -> str:
    """The hash of an entry: over the previous hash and everything the entry says."""
    said = [
        entry.previous_hash,
        entry.number,
        entry.at.astimezone(dt.UTC).isoformat(),
        entry.actor,
        entry.hat,
        entry.verb,
        entry.target,
        entry.details,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def broken_link(event: Event | None) -> int | None:
    """Give the number of the first entry of a chain that was altered, or is missing or whose predecessor is; None when all is whole.

    Entries cut off at the end of an event's chain are missed by its stamp, which counts every act.
    """
    previous, expected = "", 1
    for entry in AuditEntry.objects.filter(event=event).order_by("number").iterator():
        if entry.number != expected or entry.previous_hash != previous or entry.hash != chain_hash(entry):
            return entry.number
        previous, expected = entry.hash, expected + 1
    counted = Event.objects.values_list("stamp", flat=True).get(pk=event.pk) if event else 0
    return expected if counted >= expected else None


def note_read(viewer, *, event: Event, verb: str, target: models.Model) -> None:
    """Keep that somebody read, downloaded or exported something above CLEAR."""
    ReadRecord.objects.create(event=event, at=timezone.now(), user_id=viewer.user_id, hat=viewer.hat, verb=verb, target=str(target))


def names_behind(references) -> dict[str, str]:
    """Open the names behind references as records keep them ("user 7"), in one query; unknown or purged ones are left out."""
    sealer = Sealer(settings.DATA_KEYS)
    found = ActorName.objects.filter(reference__in=set(references))
    return {row.reference: sealer.open(row.sealed_name) for row in found}
