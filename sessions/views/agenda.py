"""The agenda of an event: by day, as the current release and present markings show it to each viewer."""

import dataclasses
import datetime as dt
import hashlib
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from conference.lib.kept import KEPT_SECONDS, kept_for_strangers
from conference.lib.viewer import Viewer
from conference.lib.words import filled
from events.actions import note_read
from events.models import Event, Room
from sessions.choices import Label
from sessions.models import Release, Slot, agenda_of
from sessions.views.lines import Line, lines_of

FILTERS = ("day", "room")


@dataclasses.dataclass(frozen=True)
class Part:
    """The agenda as one kind of viewer reads it: HTML that names nobody who reads, and what a visit to it must record."""

    html: SafeString
    restricted: str  # the reference of the release when something above CLEAR stands in it, else empty


@login_not_required
@kept_for_strangers
@require_safe
def agenda(request: HttpRequest, slug: str) -> HttpResponse:
    """The agenda, or one day or one room of it. Every state of the page has one plain address."""
    chosen = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    if request.META.get("QUERY_STRING", "") != urlencode(chosen):
        return redirect(f"{request.path}?{urlencode(chosen)}" if chosen else request.path)
    part = _part(request.event, _common(request.event, request.viewer), chosen)
    if part.restricted:
        release = Release.objects.filter(event=request.event).current().get()
        note_read(request.viewer, event=request.event, verb="read", target=release)
    context = {
        "event": request.event,
        "agenda": part.html,
        "has_own_calendar": request.viewer.state == "approved",
        "content_languages": filled(request.event, "title"),
    }
    return render(request, "sessions/agenda.html", context)


def _common(event: Event, viewer: Viewer) -> Viewer:
    """The viewer without the registration where it opens nothing, so that people who see the same share what is kept."""
    mine = viewer.assigned_registration_id
    if mine is None or Slot.objects.current().filter(event=event).worked_by(mine).exists():
        return viewer
    return dataclasses.replace(viewer, sees_assigned=False)


def _part(event: Event, viewer: Viewer, chosen: dict[str, str]) -> Part:
    facts = (event.pk, event.stamp, viewer.cache_key, get_language(), *chosen.items())
    key = "agenda:" + hashlib.sha256(repr(facts).encode()).hexdigest()
    part = caches["pages"].get(key)
    if part is None:
        part = _make_part(event, viewer, chosen)
        caches["pages"].set(key, part, KEPT_SECONDS)
    return part


def _make_part(event: Event, viewer: Viewer, chosen: dict[str, str]) -> Part:
    """Read and write out the agenda; a day or a room that does not stand in it as this viewer reads it is not found."""
    release = Release.objects.filter(event=event).current().first()
    everything = lines_of(agenda_of(event, Slot.objects.noticed_by(viewer)))
    days = sorted({*event.days, *(line.day for line in everything)})
    rooms = _rooms(everything)
    day = _chosen_day(chosen, days)
    if "room" in chosen and chosen["room"] not in {room.public_id for room in rooms}:
        raise Http404
    shown = [line for line in everything if _is_chosen(line, day, chosen.get("room"))]
    context = {
        "event": event,
        "release": release,
        "note": release.note if release and release.note_audience in viewer.audiences else "",
        "days": [(one, [line for line in shown if line.day == one]) for one in ([day] if day else days)],
        "day_links": [_link(event, one, chosen | {"day": one.isoformat()}, one == day) for one in days],
        "room_links": [_link(event, room.name, chosen | {"room": room.public_id}, room.public_id == chosen.get("room")) for room in rooms],
        "all_days": _link(event, "", _without(chosen, "day"), day is None),
        "all_rooms": _link(event, "", _without(chosen, "room"), "room" not in chosen),
        "is_empty": not everything,
        "zone_at": everything[0].start_at if everything else None,
    }
    above_clear = any(line.session and line.session.label != Label.CLEAR for line in shown)
    html = render_to_string("sessions/partials/agenda.html", context)
    return Part(html=html, restricted=str(release) if above_clear else "")


def _chosen_day(chosen: dict[str, str], days: list[dt.date]) -> dt.date | None:
    if "day" not in chosen:
        return None
    found = [day for day in days if day.isoformat() == chosen["day"]]
    if not found:
        raise Http404
    return found[0]


def _rooms(lines: list[Line]) -> list[Room]:
    rooms = {line.room.pk: line.room for line in lines if line.room}
    return sorted(rooms.values(), key=lambda room: (room.position, room.public_id))


def _is_chosen(line: Line, day: dt.date | None, room: str | None) -> bool:
    return (day is None or line.day == day) and (room is None or (line.room is not None and line.room.public_id == room))


def _without(chosen: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in chosen.items() if key != name}


def _link(event: Event, label, chosen: dict[str, str], is_current: bool) -> dict:
    query = urlencode({name: chosen[name] for name in FILTERS if name in chosen})
    return {"label": label, "query": f"?{query}" if query else "", "is_current": is_current}
