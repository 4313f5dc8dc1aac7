"""Acts that cross apps."""

import datetime as dt
import importlib

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction

from conference.actions.acts import (
    Done,
    archive_event,
    cancel_event,
    close_event,
    move_event,
    postpone_event,
    reopen_event,
    seen_of,
    tried,
)
from conference.lib.bounces import MAX_BYTES, read_report
from conference.lib.mailboxes import new_messages
from conference.lib.viewer import Actor
from delegates import importers
from delegates.actions import drop_old_drafts, forget_claims, forget_requests, lapse_offers, set_capacity, sweep_files
from delegates.actions.moves import offer_after_freeze
from delegates.actions.reminders import remind_due
from delegates.models import Quota, Registration
from delegates.viewers import viewer_of
from events.actions import edit_event, lock_event, note_bounce
from events.models import Event, IdempotencyKey, OutboxMail
from sessions.actions import move_slots_to_zone, tidy_sign_ups
from sessions.feeds import still_knows
from sessions.importers import runs as agendas

__all__ = [
    "Done",
    "archive_event",
    "cancel_event",
    "capacity_of",
    "close_event",
    "move_event",
    "postpone_event",
    "read_bounces",
    "reopen_event",
    "save_event",
    "seen_of",
    "still_sees",
    "tidy",
    "tried",
]

KEEP_KEYS = dt.timedelta(hours=48)


def tidy(at: dt.datetime) -> None:
    """Do what time asks for.

    Remind; end the offers nobody took; free the seats in sessions of those who lost sight of them; delete requests nobody proved, what
    users of letters' codes said and nobody decided on, pictures nobody cut a photo out of within a day, sealed files that no row knows
    and those of old imports; forget keys of sent forms after 48 hours and sign-in sessions that have ended.
    """
    lapse_offers(at)
    tidy_sign_ups()
    remind_due(at)
    forget_requests(at)
    forget_claims(at)
    drop_old_drafts(at)
    sweep_files(at)
    importers.tidy(at)
    agendas.tidy(at)
    IdempotencyKey.objects.filter(at__lt=at - KEEP_KEYS).delete()
    store = importlib.import_module(settings.SESSION_ENGINE).SessionStore
    store.clear_expired()
    UserSession.objects.exclude(session_key__in=store.get_model_class().objects.values("session_key")).delete()


def read_bounces(at: dt.datetime) -> tuple[int, int]:
    """Read what the mailbox of bounces received: how many messages, and how many of ours came back. Nothing where none is set.

    Raise `MailboxGone` when it cannot be read.
    """
    if not settings.BOUNCE_MAILBOX:
        return 0, 0
    read = marked = 0
    for raw in new_messages(settings.BOUNCE_MAILBOX, max_bytes=MAX_BYTES):
        read += 1
        marked += sum(note_bounce(bounce) is not None for bounce in read_report(raw))
    return read, marked


def still_sees(mail: OutboxMail) -> bool:
    """Say whether the reader of a message may still know of every session it speaks of; true for one that speaks of none."""
    if not mail.must_see:
        return True
    found = Registration.objects.filter(event=mail.event_id, public_id=mail.reader)
    reader = found.select_related("event", "delegation__organisation", "delegate__user").first()
    if reader is None or reader.delegate is None:
        return False
    viewer = viewer_of(reader, reader.event, user=reader.delegate.user)
    return still_knows(reader.event, viewer, mail.must_see)


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
        offer_after_freeze(edited, before=before.freeze_at)
    return edited


def capacity_of(event: Event) -> int | None:
    """Give the places of an event for everyone together; None for no limit."""
    return Quota.objects.filter(event=event, delegation=None, category="", mode="").values_list("seats", flat=True).first()
