"""The outbox: one row per message, written in the transaction of the act that caused it, and taken out by the worker."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language

from conference.lib import tokens
from conference.lib.mail import Letter
from conference.lib.sealing import Sealer
from events.choices import MailState, Urgency
from events.models import Event, OutboxMail

# A worker that dies leaves its message to the others after this time; longer than a slow server can keep one message.
LEASE = dt.timedelta(minutes=5)
# The wait after the first failure; it doubles with each, up to these. A code is useless after half an hour.
FIRST_WAIT = dt.timedelta(seconds=15)
LONGEST_WAIT = {Urgency.CODE: dt.timedelta(minutes=1)}
LONGEST_WAIT_ELSE = dt.timedelta(hours=1)
# Tries before a message waits for an organiser: about three days; for a refusal that the server calls final, about ten minutes.
MOST_TRIES = 80
MOST_TRIES_REFUSED = 6


def queue(*, dedup_key: str, **message: Any) -> OutboxMail:
    """Put one message, as `prepare` takes it, into the outbox; a second one with the same `dedup_key` is the first, returned unchanged."""
    mail = prepare(dedup_key=dedup_key, **message)
    values = {field.attname: getattr(mail, field.attname) for field in OutboxMail._meta.concrete_fields if not field.primary_key}
    return OutboxMail.objects.get_or_create(dedup_key=values.pop("dedup_key"), defaults=values)[0]


def queue_many(mails: Iterable[OutboxMail]) -> None:
    """Put messages made by `prepare` into the outbox in a few statements; one whose `dedup_key` is there already is left out."""
    OutboxMail.objects.bulk_create(mails, ignore_conflicts=True)


def prepare(
    *,
    kind: str,
    to: str,
    language: str,
    subject: str,
    text: str,
    html: str = "",
    dedup_key: str,
    event: Event | None = None,
    user=None,
    about: str = "",
    urgency: int = Urgency.PERSONAL,
    is_secret: bool = False,
    expires_at: dt.datetime | None = None,
    send_after_at: dt.datetime | None = None,
    must_see: Iterable[str] = (),
    reader: str = "",
) -> OutboxMail:
    """Make a message that is not in the outbox yet, to leave at `send_after_at` (now, if that is None) or later.

    `is_secret` blanks the bodies once the message is sent or `expires_at` has passed. The Message-ID never changes between tries.
    A message that says something of the agenda names the sessions in it (`must_see`) and the registration that reads it (`reader`);
    the worker drops it when that registration no longer sees all of them.
    """
    sealer = Sealer(settings.DATA_KEYS)
    now = timezone.now()
    return OutboxMail(
        dedup_key=dedup_key,
        kind=kind,
        to=to,
        language=language,
        subject=" ".join(subject.split())[:300],
        sealed_text=sealer.seal(text),
        sealed_html=sealer.seal(html) if html else "",
        event=event,
        user=user,
        about=about,
        urgency=urgency,
        is_secret=is_secret,
        reply_to=event.mailbox if event else "",
        queued_at=now,
        send_after_at=send_after_at or now,
        expires_at=expires_at,
        must_see=sorted(set(must_see)),
        reader=reader,
        message_id=f"<{tokens.public_id()}{tokens.public_id()}@{_domain()}>",
    )


def _domain() -> str:
    return settings.SITE_URL.split("://")[-1].split("/")[0].split(":")[0]


class OutboxBackend(BaseEmailBackend):
    """Django's own mail goes through the outbox as well."""

    def send_messages(self, email_messages) -> int:
        """Queue each message once per recipient and say how many messages there were."""
        for message in email_messages:
            html = next((str(part.content) for part in getattr(message, "alternatives", ()) if part.mimetype == "text/html"), "")
            for address in message.recipients():
                queue(
                    kind="plain",
                    to=address,
                    language=get_language() or settings.LANGUAGE_CODE,
                    subject=str(message.subject),
                    text=str(message.body),
                    html=html,
                    dedup_key=f"plain:{tokens.secret()}",
                )
        return len(email_messages)


def lease(at: dt.datetime) -> OutboxMail | None:
    """Take the next message that is due, the most urgent first, for `LEASE`; None when there is none. No two workers get the same."""
    due = OutboxMail.objects.due(at)
    if not due.exists():
        return None
    with transaction.atomic():
        mail = due.order_by("urgency", "pk").select_for_update(skip_locked=True).first()
        if mail:
            mail.leased_until_at = at + LEASE
            mail.save(update_fields=["leased_until_at"])
    return mail


def letter(mail: OutboxMail) -> Letter:
    """Open the sealed bodies; raise `Unsealable` when the key is gone."""
    sealer = Sealer(settings.DATA_KEYS)
    return Letter(
        to=mail.to,
        subject=mail.subject,
        text=sealer.open(mail.sealed_text),
        html=sealer.open(mail.sealed_html) if mail.sealed_html else "",
        language=mail.language,
        message_id=mail.message_id,
        date=mail.queued_at,
        reply_to=mail.reply_to,
        is_bulk=mail.urgency == Urgency.BULK,
    )


def mark_sent(mail: OutboxMail, at: dt.datetime) -> None:
    """Note that the server took the message, and blank what was secret."""
    blanked = {"sealed_text": "", "sealed_html": ""} if mail.is_secret else {}
    OutboxMail.objects.filter(pk=mail.pk).update(
        state=MailState.SENT, sent_at=at, attempts=F("attempts") + 1, leased_until_at=None, last_error="", **blanked
    )


def mark_dropped(mail: OutboxMail) -> None:
    """Take out a message its reader may no longer have, with what was in it."""
    OutboxMail.objects.filter(pk=mail.pk, leased_until_at=mail.leased_until_at).update(
        state=MailState.DROPPED, leased_until_at=None, sealed_text="", sealed_html=""
    )


def drop_waiting(mails, at: dt.datetime) -> int:
    """Take out those of these messages that still wait and no worker is sending, with what was in them; say how many."""
    free = mails.filter(state=MailState.QUEUED).filter(Q(leased_until_at__isnull=True) | Q(leased_until_at__lte=at))
    return free.update(state=MailState.DROPPED, leased_until_at=None, sealed_text="", sealed_html="")


def mark_failed(mail: OutboxMail, at: dt.datetime, error: str, *, for_good: bool = False) -> None:
    """Delay the message, longer each time; after the last try it waits for an organiser, with everything in it."""
    tries = mail.attempts + 1
    is_over = tries >= (MOST_TRIES_REFUSED if for_good else MOST_TRIES)
    OutboxMail.objects.filter(pk=mail.pk, leased_until_at=mail.leased_until_at).update(
        state=MailState.FAILED if is_over else MailState.QUEUED,
        attempts=tries,
        send_after_at=at + _wait(mail, tries),
        leased_until_at=None,
        last_error=" ".join(error.replace(mail.to, "…").split())[:300],
    )


def _wait(mail: OutboxMail, tries: int) -> dt.timedelta:
    longest = LONGEST_WAIT.get(Urgency(mail.urgency), LONGEST_WAIT_ELSE)
    return min(FIRST_WAIT * 2 ** min(tries - 1, 20), longest)


def expire(at: dt.datetime) -> int:
    """Take out the messages that are useless by now, with what was in them, and say how many."""
    waiting = OutboxMail.objects.filter(state__in=[MailState.QUEUED, MailState.FAILED], expires_at__lte=at)
    free = waiting.filter(Q(leased_until_at__isnull=True) | Q(leased_until_at__lte=at))
    if not free.exists():
        return 0
    return free.update(state=MailState.EXPIRED, sealed_text="", sealed_html="", leased_until_at=None)
