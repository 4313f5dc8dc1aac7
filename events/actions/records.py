"""`record`, through which every act of every app passes, the chain it keeps, and the record of reads."""

import datetime as dt
import hashlib
import json

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
    if event:
        lock_event(event.pk)
    else:
        AuditEntry.objects.select_for_update().filter(event=None, number=1).first()  # the instance's chain queues at its first link
    last = AuditEntry.objects.filter(event=event).order_by("-number").first()
    entry = AuditEntry(
        event=event,
        number=last.number + 1 if last else 1,
        at=timezone.now(),
        actor=reference_of(by),
        hat=by.hat,
        verb=verb,
        target=str(target) if target is not None else "",
        details=_details(by, details),
        previous_hash=last.hash if last else "",
    )
    entry.hash = chain_hash(entry)
    entry.save()
    _seal_name(by)
    if event:
        Event.objects.filter(pk=event.pk).update(stamp=F("stamp") + 1)
    return entry


def _details(by: Actor, details: dict) -> dict:
    given = {"on_behalf_of": by.on_behalf_of, "source": by.source}
    return details | {name: value for name, value in given.items() if value}


def _seal_name(by: Actor) -> None:
    if by.user:
        sealed = Sealer(settings.DATA_KEYS).seal(by.user.display_name)
        ActorName.objects.get_or_create(reference=reference_of(by), defaults={"sealed_name": sealed})


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
