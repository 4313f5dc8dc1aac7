"""Acts on messages in the outbox."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from events.actions.records import lock_event, record
from events.choices import MailState
from events.models import OutboxMail
from events.rules import NotAllowed


def retry_mail(mail: OutboxMail, *, by: Actor) -> OutboxMail:
    """Queue a failed message again, at once, with the same Message-ID; raise `NotAllowed` when it is not failed or useless by now."""
    now = timezone.now()
    with transaction.atomic():
        if mail.event_id:
            lock_event(mail.event_id)
        locked = OutboxMail.objects.select_for_update().get(pk=mail.pk)
        if locked.state != MailState.FAILED:
            raise NotAllowed(_("Only a failed message can be sent again; this one is “%(state)s”.") % {"state": locked.get_state_display()})
        if locked.expires_at and locked.expires_at <= now:
            raise NotAllowed(_("What this message holds has expired; send a new one from the page of the delegation or the person."))
        locked.state, locked.attempts, locked.send_after_at, locked.last_error = MailState.QUEUED, 0, now, ""
        locked.save(update_fields=["state", "attempts", "send_after_at", "last_error"])
        record(by, "mail.retry", locked, event=locked.event)
    return locked
