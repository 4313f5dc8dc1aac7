"""Acts on messages in the outbox: send again, stop and release, and what came back."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.bounces import Bounce
from conference.lib.viewer import SYSTEM, Actor
from events import outbox
from events.actions.records import lock_event, record, reference_of
from events.choices import MailState
from events.models import Event, MailStop, OutboxMail
from events.rules import NotAllowed


def retry_mail(mail: OutboxMail, *, by: Actor) -> OutboxMail:
    """Queue a message that failed or came back again, at once, with the same Message-ID; raise `NotAllowed` when that is not possible."""
    now = timezone.now()
    with transaction.atomic():
        locked = _lock(mail)
        if locked.state not in (MailState.FAILED, MailState.BOUNCED):
            raise NotAllowed(_("Only a failed message can be sent again; this one is “%(state)s”.") % {"state": locked.get_state_display()})
        if (locked.expires_at and locked.expires_at <= now) or not locked.sealed_text:
            raise NotAllowed(
                _("The code or link in this message has expired; send a new one from the page of the delegation or the person.")
            )
        locked.state, locked.attempts, locked.send_after_at, locked.last_error = MailState.QUEUED, 0, now, ""
        locked.settled_at = None
        locked.save(update_fields=["state", "attempts", "send_after_at", "last_error", "settled_at"])
        record(by, "mail.retry", locked, event=locked.event)
    return locked


def _lock(mail: OutboxMail) -> OutboxMail:
    if mail.event_id:
        lock_event(mail.event_id)
    return OutboxMail.objects.select_for_update().get(pk=mail.pk)


def return_mail(mail: OutboxMail, *, by: Actor) -> OutboxMail:
    """Mark a sent message as returned by hand; raise `NotAllowed` for one that was not sent."""
    with transaction.atomic():
        locked = _lock(mail)
        if locked.state != MailState.SENT:
            raise NotAllowed(_("Only a sent message can come back; this one is “%(state)s”.") % {"state": locked.get_state_display()})
        _return(locked, "", by)
    return locked


def note_bounce(bounce: Bounce) -> OutboxMail | None:
    """Mark the message a report of its server tells of; None when no sent message has that Message-ID and went to that address."""
    with transaction.atomic():
        found = OutboxMail.objects.filter(message_id=bounce.message_id, state=MailState.SENT).first()
        if found is None or found.to.lower() not in bounce.addresses:
            return None
        locked = _lock(found)
        if locked.state != MailState.SENT:
            return None
        _return(locked, f"{bounce.status} {bounce.said}".replace(locked.to, "…"), SYSTEM)
    return locked


def _return(locked: OutboxMail, said: str, by: Actor) -> None:
    locked.state, locked.last_error, locked.settled_at = MailState.BOUNCED, said.strip()[:300], None
    locked.save(update_fields=["state", "last_error", "settled_at"])
    record(by, "mail.bounce", locked, event=locked.event)


def settle_mail(mail: OutboxMail, *, by: Actor) -> OutboxMail:
    """Note that somebody has dealt with a message that failed or came back; it asks for nobody any more."""
    with transaction.atomic():
        locked = _lock(mail)
        if locked.state not in (MailState.FAILED, MailState.BOUNCED):
            raise NotAllowed(_("There is nothing to deal with: this message is “%(state)s”.") % {"state": locked.get_state_display()})
        if locked.settled_at is None:
            locked.settled_at = timezone.now()
            locked.save(update_fields=["settled_at"])
            record(by, "mail.settle", locked, event=locked.event)
    return locked


def stop_mail(event: Event | None, *, by: Actor) -> MailStop:
    """Hold back everything but codes, of an event or (None) of the whole site; messages wait and none is lost."""
    with transaction.atomic():
        if event:
            lock_event(event.pk)
        stop, is_new = MailStop.objects.get_or_create(
            event=event, after_restore=False, defaults={"since_at": timezone.now(), "actor": reference_of(by)}
        )
        if is_new:
            record(by, "mail.stop", event=event)
    return stop


def stop_mail_after_restore(at: dt.datetime) -> None:
    """Hold back everything a restored outbox holds, codes included, until somebody releases it."""
    MailStop.objects.update_or_create(event=None, after_restore=True, defaults={"since_at": at, "actor": reference_of(SYSTEM)})


def release_mail(event: Event | None, *, by: Actor) -> int:
    """End the stop of an event or (None) of the whole site, that after a restore included; say how many messages may leave now.

    Raise `NotAllowed` when there is none.
    """
    with transaction.atomic():
        if event:
            lock_event(event.pk)
        stops = MailStop.objects.filter(event=event)
        if not stops.exists():
            raise NotAllowed(_("The mail is not stopped."))
        stops.delete()
        record(by, "mail.release", event=event)
        return OutboxMail.objects.due(timezone.now()).count()


def drop_waiting_mail(event: Event, *, kind: str, by: Actor) -> int:
    """Take out the messages of one kind that wait, and say how many; those a worker is sending leave."""
    with transaction.atomic():
        lock_event(event.pk)
        count = outbox.drop_waiting(OutboxMail.objects.filter(event=event, kind=kind), timezone.now())
        if count:
            record(by, "mail.drop", event=event, kind=kind, messages=count)
    return count


def drop_queued_invitations(event: Event) -> int:
    """Keep what still waits in the outbox with a link into the event from leaving; say how many. Call with the event locked."""
    waiting = OutboxMail.objects.filter(event=event, state=MailState.QUEUED, is_secret=True)
    return waiting.update(state=MailState.DROPPED, sealed_text="", sealed_html="")
