"""The screen at the door of a room: what takes place there now, next, and the rest of the day, as anybody may know it."""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from conference.lib.kept import kept_for_strangers
from conference.lib.viewer import ANYONE
from events.models import Event, Room
from sessions.choices import SessionKind
from sessions.exports.door import IN_TURN, door_address, door_languages
from sessions.exports.lines import Line, lines_of
from sessions.models import agenda_for

PAUSE_SECONDS = 20  # between two looks at the server, and between two languages


@login_not_required
@kept_for_strangers
@require_safe
def door(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Show the public lines of one room from the present day on; `in=turn` goes through the languages of the event, one after another.

    The page answers the same for a room without any public session: it depends on nothing one may not see.
    """
    event = request.event
    room = get_object_or_404(event.rooms.all(), public_id=public_id)
    is_in_turn = request.GET.get("in") == IN_TURN["in"]
    query = urlencode(IN_TURN) if is_in_turn else ""
    if request.META.get("QUERY_STRING", "") != query:
        return redirect(f"{request.path}?{query}" if query else request.path)
    room.event, at = event, timezone.now()
    lines = [line for line in door_lines(event, room) if line.end_at > at]
    running = [line for line in lines if line.start_at <= at]
    coming = [line for line in lines if line.start_at > at]
    codes = door_languages(event) if is_in_turn else []
    following = codes[(codes.index(get_language()) + 1) % len(codes)] if get_language() in codes else get_language()
    context = {
        "event": event,
        "room": room,
        "at": at,
        "days": _by_day(lines),
        "running": running,
        "next_at": coming[0].start_at if coming else None,
        "addresses": [door_address(event, room, code, in_turn=is_in_turn) for code in codes] or [request.get_full_path()],
        "following": door_address(event, room, following, in_turn=is_in_turn),
        "pause": PAUSE_SECONDS,
    }
    return render(request, "sessions/door.html", context)


def door_lines(event: Event, room: Room) -> list[Line]:
    """The lines of a room as anybody may read them, with the breaks for everybody."""
    return [line for line in lines_of(agenda_for(event, ANYONE)) if _is_here(line, room)]


def _is_here(line: Line, room: Room) -> bool:
    if line.room:
        return line.room.pk == room.pk
    return line.session is not None and line.session.kind in (SessionKind.BREAK, SessionKind.SOCIAL)


def _by_day(lines: Iterable[Line]) -> list[tuple[dt.date, list[Line]]]:
    days: dict[dt.date, list[Line]] = {}
    for line in lines:
        if line.day:
            days.setdefault(line.day, []).append(line)
    return list(days.items())
