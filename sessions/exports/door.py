"""The addresses of the screens for doors, and the languages they show in turn."""

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from events.models import Event, Room

IN_TURN = {"in": "turn"}


def door_languages(event: Event) -> list[str]:
    """The languages of the site in which the event is held, its working language first."""
    wanted = [event.working_language, *event.languages]
    return [code for code in dict.fromkeys(wanted) if code in dict(settings.LANGUAGES)]


def door_address(event: Event, room: Room, language: str, *, in_turn: bool = False) -> str:
    """The path of a room's screen in a language, or beginning with it."""
    with translation.override(language):
        path = reverse("sessions:door", args=[event.slug, room.public_id])
    return f"{path}?{urlencode(IN_TURN)}" if in_turn else path
