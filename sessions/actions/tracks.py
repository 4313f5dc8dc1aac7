"""Tracks: threads through the agenda."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from conference.lib.viewer import Actor
from conference.lib.words import languages
from delegates.rules import check_editing
from events.actions import lock_event, record
from events.models import Event
from sessions import rules
from sessions.models import Track

TRACK_FIELDS = [*(f"name_{code}" for code in languages()), "position"]


def track_values(track: Track) -> dict[str, Any]:
    """What a form shows of a track."""
    return {name: getattr(track, name) for name in TRACK_FIELDS}


def make_track(event: Event, *, by: Actor, **fields: Any) -> Track:
    """Add a track; `fields` are its names and its position."""
    with transaction.atomic():
        locked = lock_event(event.pk)
        check_editing(locked)
        track = Track.objects.create(event=locked, **fields)
        record(by, "track.create", track, event=locked)
    return track


def change_track(track: Track, *, by: Actor, seen: Mapping[str, str] | None = None, **fields: Any) -> Track:
    """Rename or move a track; `seen` are fingerprints of what the form showed; may raise `Stale`."""
    with transaction.atomic():
        event = lock_event(track.event_id)
        check_editing(event)
        locked = Track.objects.get(pk=track.pk)
        rules.check_fresh(seen, track_values(locked))
        for name, value in fields.items():
            setattr(locked, name, value)
        locked.save(update_fields=list(fields))
        record(by, "track.change", locked, event=event, fields=sorted(fields))
    return locked


def remove_track(track: Track, *, by: Actor) -> None:
    """Take a track away; its sessions stay, without one."""
    with transaction.atomic():
        event = lock_event(track.event_id)
        check_editing(event)
        record(by, "track.remove", track, event=event)
        track.delete()
