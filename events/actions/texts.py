"""Acts on an event's own texts of messages."""

from django.db import transaction
from django.utils import timezone

from conference.lib.viewer import Actor
from events.actions.records import lock_event, record
from events.models import Event, MessageText
from events.rules import check_event_editing


def keep_text(event: Event, *, kind: str, language: str, subject: str, body: str, by: Actor) -> MessageText:
    """Write a message of this event in the organisers' own words, in one language, from now on."""
    with transaction.atomic():
        locked = lock_event(event.pk)
        check_event_editing(locked)
        words = {"subject": subject, "body": body, "changed_at": timezone.now()}
        text, _made = MessageText.objects.update_or_create(event=locked, kind=kind, language=language, defaults=words)
        record(by, "mail.text", event=locked, kind=kind, language=language)
    return text


def drop_text(event: Event, *, kind: str, language: str, by: Actor) -> None:
    """Go back to the program's own words."""
    with transaction.atomic():
        locked = lock_event(event.pk)
        check_event_editing(locked)
        if MessageText.objects.filter(event=locked, kind=kind, language=language).delete()[0]:
            record(by, "mail.text_original", event=locked, kind=kind, language=language)
