"""Acts that cross apps."""

import datetime as dt
import importlib

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction

from conference.lib.viewer import Actor
from delegates.actions import lapse_offers, set_capacity
from delegates.models import Quota
from events.actions import edit_event, lock_event
from events.models import Event, IdempotencyKey
from sessions.actions import move_slots_to_zone

KEEP_KEYS = dt.timedelta(hours=48)


def tidy(at: dt.datetime) -> None:
    """Do what time asks for: end the offers nobody took, forget keys of sent forms after 48 hours and sign-in sessions that have ended."""
    lapse_offers(at)
    IdempotencyKey.objects.filter(at__lt=at - KEEP_KEYS).delete()
    store = importlib.import_module(settings.SESSION_ENGINE).SessionStore
    store.clear_expired()
    UserSession.objects.exclude(session_key__in=store.get_model_class().objects.values("session_key")).delete()


def save_event(event: Event, *, facts: dict, capacity: int | None, by: Actor) -> Event:
    """Write what changed of an event and its capacity (None: no limit), all or nothing.

    A new time zone keeps the wall-clock time of every session; deadlines come read in the new zone already. Raise
    `SeatsBelowUse` for a capacity below what people hold, `NotAllowed` otherwise.
    """
    with transaction.atomic():
        before = lock_event(event.pk)
        edited = edit_event(event, facts=facts, by=by)
        if edited.zone != before.zone:
            move_slots_to_zone(edited, before.zone, edited.zone, by=by)
        if capacity != capacity_of(event):
            set_capacity(edited, seats=capacity, by=by)
    return edited


def capacity_of(event: Event) -> int | None:
    """Give the places of an event for everyone together; None for no limit."""
    return Quota.objects.filter(event=event, delegation=None, category="", mode="").values_list("seats", flat=True).first()
