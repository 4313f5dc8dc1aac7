"""The way into the outbox: one row per message, written in the transaction of the act that caused it."""

import datetime as dt

from django.conf import settings
from django.utils import timezone

from conference.lib import tokens
from conference.lib.sealing import Sealer
from events.choices import Urgency
from events.models import Event, OutboxMail


def queue(
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
) -> OutboxMail:
    """Put one message into the outbox; a second message with the same `dedup_key` is the first one, returned unchanged.

    `is_secret` blanks the bodies once the message is sent or `expires_at` has passed. The Message-ID never changes between tries.
    """
    sealer = Sealer(settings.DATA_KEYS)
    now = timezone.now()
    mail, _created = OutboxMail.objects.get_or_create(
        dedup_key=dedup_key,
        defaults={
            "kind": kind,
            "to": to,
            "language": language,
            "subject": " ".join(subject.split())[:300],
            "sealed_text": sealer.seal(text),
            "sealed_html": sealer.seal(html) if html else "",
            "event": event,
            "user": user,
            "about": about,
            "urgency": urgency,
            "is_secret": is_secret,
            "reply_to": event.mailbox if event else "",
            "queued_at": now,
            "send_after_at": now,
            "expires_at": expires_at,
            "message_id": f"<{tokens.public_id()}{tokens.public_id()}@{_domain()}>",
        },
    )
    return mail


def _domain() -> str:
    return settings.SITE_URL.split("://")[-1].split("/")[0].split(":")[0]
