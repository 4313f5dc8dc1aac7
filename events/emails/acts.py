"""Messages of the acts on an event: cancelled, postponed, moved, closed, opened again, archived; one per person and act."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from conference.lib.dates import span_in_words
from events.emails import greeting, known_language, write
from events.emails.table import MESSAGES
from events.models import Event
from events.outbox import queue


def event_news(kind: str, event: Event, *, to: str, language: str, name: str, about: str, places: dict[str, str], dedup_key: str) -> None:
    """Tell one person of an act on an event, in their language; once per `dedup_key`."""
    language = known_language(language)
    with translation.override(language):
        places = {"greeting": greeting(name), "name": name} | places
    subject, text, html = write(kind, event, places, language)
    queue(
        kind=kind,
        to=to,
        language=language,
        subject=subject,
        text=text,
        html=html,
        dedup_key=dedup_key,
        event=event,
        about=about,
        urgency=MESSAGES[kind].urgency,
    )


def dates_of(event: Event, language: str) -> str:
    """The days of an event in words, in a language."""
    with translation.override(known_language(language)):
        return span_in_words(event.first_date, event.last_date, known_language(language))


def place_of(event: Event, seen, language: str) -> str:
    """Where an event takes place, as far as a reader may know it (`seen` venues), in a language; empty when nothing may be said."""
    with translation.override(known_language(language)):
        if event.is_online:
            return _("on-line")
        return ", ".join(str(part) for venue in seen[:1] for part in (venue.name, venue.city) if part)


def privacy_page(language: str) -> str:
    """The address of the privacy notice in a language."""
    with translation.override(known_language(language)):
        return settings.SITE_URL + reverse("privacy")
