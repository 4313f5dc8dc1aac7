"""The agenda of an event: as the current release and present markings show it to each viewer, whole or as they choose from it."""

import dataclasses
import datetime as dt
import hashlib
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from conference.lib import limits
from conference.lib.answers import public_page
from conference.lib.kept import KEPT_SECONDS, kept_for_strangers
from conference.lib.memory import alone
from conference.lib.viewer import Viewer
from conference.lib.words import filled
from events.actions import note_read
from events.models import Event
from sessions.choices import Label
from sessions.exports.choosing import choices_of, chosen_lines, is_near, now_and_next
from sessions.exports.grid import Grid, grid_of
from sessions.exports.lines import Line, lines_of
from sessions.exports.turns import Turn, turns_of
from sessions.models import Intervention, Release, Slot, agenda_for
from sessions.rules import Sight, are_read_by_all, turns_shown
from sessions.search import matching
from sessions.views.marks import marks_of, with_marks
from sessions.views.own import own_parts
from sessions.views.session import reader_zone
from sessions.views.sign_up_panel import own_panels

FILTERS = ("day", "room", "track", "language", "when", "view", "mine", "q")  # in the order of an address
LONGEST_SEARCH = 100
MOST_SEARCHES = 120  # a minute, of one visitor
MOST_IN_GRIDS = 400  # sessions of several days; more of them keep a browser busy for many seconds


@dataclasses.dataclass(frozen=True)
class Part:
    """The agenda as one kind of viewer reads it: HTML that names nobody who reads, and what a visit to it must record."""

    html: SafeString
    restricted: str  # the reference of the release when something above CLEAR stands in it, else empty


@login_not_required
@require_safe
def agenda(request: HttpRequest, slug: str) -> HttpResponse:
    """The agenda, or what is chosen from it. Every state of the page has one plain address."""
    given = {name: request.GET.get(name, "").strip()[:LONGEST_SEARCH] for name in FILTERS}
    chosen = {name: value for name, value in given.items() if value}
    if "when" in chosen:
        chosen.pop("view", None)  # a moment has no heights: it is always a list
    if request.META.get("QUERY_STRING", "") != urlencode(chosen):
        return redirect(f"{request.path}?{urlencode(chosen)}" if chosen else request.path)
    if "q" in chosen and not limits.allows(request, "search", most=MOST_SEARCHES):
        return too_often(request)
    return (_kept if _is_kept(chosen) else _told)(request, chosen)


def too_often(request: HttpRequest) -> HttpResponse:
    """Ask for a little patience."""
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = "60"
    return response


def _is_kept(chosen: dict[str, str]) -> bool:
    """Say whether the page is kept: with one choice at most, as list or grid, and neither words nor one's own stars.

    What can be combined or invented would fill the store.
    """
    return len(chosen.keys() - {"view"}) <= 1 and not {"q", "mine"} & chosen.keys()


def _page(request: HttpRequest, chosen: dict[str, str]) -> HttpResponse:
    marks = marks_of(request.viewer)
    stars, panels = None, []
    if "mine" in chosen:
        if request.viewer.registration_id is None:
            raise Http404
        stars = set(marks.stars)
        panels = own_panels(request.event, request.viewer, stars, timezone.now())
        stars |= {panel.mine.session_id for panel in panels if panel.mine} | own_parts(request.event, request.viewer)
    part = _part(request.event, shared_viewer(request.event, request.viewer), chosen, stars)
    if part.restricted:
        release = Release.objects.filter(event=request.event).current().get()
        note_read(request.viewer, event=request.event, verb="read", target=release)
    context = {
        "event": request.event,
        "agenda": with_marks(part.html, marks),
        "panels": panels,
        "hat": request.viewer.hat,
        "reader_zone": reader_zone(request),
        "is_grid": "view" in chosen,
        "may_star": request.viewer.registration_id is not None,
        "has_own_calendar": request.viewer.state == "approved",
        "content_languages": filled(request.event, "title"),
    }
    return render(request, "sessions/agenda.html", context)


_kept, _told = kept_for_strangers(_page), public_page(_page)


def shared_viewer(event: Event, viewer: Viewer) -> Viewer:
    """The viewer without the registration where it opens nothing, so that people who see the same share what is kept."""
    mine = viewer.assigned_registration_id
    if mine is None or Slot.objects.current().filter(event=event).worked_by(mine).exists():
        return viewer
    return dataclasses.replace(viewer, sees_assigned=False)


def _part(event: Event, viewer: Viewer, chosen: dict[str, str], stars: set[int] | None) -> Part:
    if not _is_kept(chosen) or "when" in chosen:
        return make_part(event, viewer, chosen, stars, at=timezone.now())
    facts = (event.pk, event.stamp, viewer.cache_key, get_language(), *chosen.items())
    key = "agenda:" + hashlib.sha256(repr(facts).encode()).hexdigest()
    if (part := caches["pages"].get(key)) is None:
        with alone(key):
            if (part := caches["pages"].get(key)) is None:
                part = make_part(event, viewer, chosen, stars, at=timezone.now())
                caches["pages"].set(key, part, KEPT_SECONDS)
    return part


def make_part(
    event: Event,
    viewer: Viewer,
    chosen: dict[str, str],
    stars: set[int] | None,
    *,
    at: dt.datetime,
    read: tuple[Release | None, list[Slot]] | None = None,
) -> Part:
    """Read and write out the agenda; what does not stand in it as this viewer reads it cannot be chosen: not found.

    `read` gives a release and its slots as this viewer would read them, for a preview.
    """
    release, slots = read or (Release.objects.filter(event=event).current().first(), agenda_for(event, viewer))
    everything = lines_of(slots)
    choices = choices_of(everything, event.days) | {"when": {"now": ""}, "view": {"grid": ""}, "mine": {"1": ""}}
    if any(value not in choices[name] for name, value in chosen.items() if name != "q"):
        raise Http404
    found = lines_of(matching(slots, chosen["q"])) if "q" in chosen else everything
    if stars is not None:
        found = [line for line in found if line.session and line.session.pk in stars]
    running, coming = now_and_next(chosen_lines(found, chosen), at=at)
    shown = [*running, *coming] if "when" in chosen else chosen_lines(found, chosen)
    is_too_long = "view" in chosen and "day" not in chosen and len(shown) > MOST_IN_GRIDS
    is_grid = "view" in chosen and not is_too_long
    turns = _turns(event, slots, viewer) if is_grid else {}
    context = {
        "event": event,
        "release": release,
        "is_too_long": is_too_long,
        "is_preview": read is not None,
        "note": release.note if release and release.note_audience in viewer.audiences else "",
        "days": _days(event, shown, list(choices["day"].values()), chosen, turns if is_grid else None),
        "day": choices["day"].get(chosen.get("day", "")),
        "running": running,
        "coming": coming,
        "at": at,
        "today": event.day_of(at),
        "chosen": dict.fromkeys(FILTERS, "") | chosen,
        "with_day": False,
        "has_stars": bool(stars),
        "all_again": _query(_without(chosen, "mine")),
        "others": _without(chosen, "q"),
        "count": len(shown),
        "menus": _menus(choices, chosen),
        "all_days": _query(_without(chosen, "day", "when")),
        "day_links": [(day, _query(_without(chosen, "when") | {"day": iso})) for iso, day in choices["day"].items()],
        "list_link": _query(_without(chosen, "view")),
        "grid_link": _query(_without(chosen, "when") | {"view": "grid"}),
        "now_link": _query(_without(chosen, "day", "view") | {"when": "now"}) if "when" in chosen or is_near(everything, at=at) else "",
        "is_empty": not everything,
        "zone_at": everything[0].start_at if everything else None,
    }
    above_clear = any(line.session and line.session.label != Label.CLEAR for line in shown)
    html = render_to_string("sessions/partials/agenda.html", context)
    return Part(html=html, restricted=str(release) if above_clear else "")


def _turns(event: Event, slots: list[Slot], viewer: Viewer) -> dict[int, list[Turn]]:
    """The turns that everybody who sees the same may read, by session; whose own one of them is stands on its session's page."""
    anybody = dataclasses.replace(viewer, own_delegation_id=None, registration_id=None)
    seen = (slot for slot in slots if slot.sight == Sight.FULL)
    shown = {slot: turns_shown(event, slot.session, anybody, is_admitted=slot.is_admitted) for slot in seen}
    readable = [slot for slot, which in shown.items() if are_read_by_all(which)]
    turns: dict[int, list[Intervention]] = {}
    for one in Intervention.objects.spoken_in(readable).for_page() if readable else ():
        turns.setdefault(one.slot_id, []).append(one)
    return {slot.session_id: turns_of(slot, turns[slot.pk], anybody, shown=shown[slot]) for slot in readable if slot.pk in turns}


def _days(
    event: Event, shown: list[Line], days: list[dt.date], chosen: dict[str, str], turns: dict[int, list[Turn]] | None
) -> list[tuple[dt.date, list[Line], Grid | None]]:
    """The lines by day, with the grid of the day unless `turns` is None. Days without any stand too, until something else is chosen."""
    groups = {day: [line for line in shown if line.day == day] for day in days if chosen.get("day", day.isoformat()) == day.isoformat()}
    return [
        (day, lines, None if turns is None else grid_of(event, day, lines, turns))
        for day, lines in groups.items()
        if lines or not _without(chosen, "day", "view")
    ]


def _menus(choices: dict[str, dict], chosen: dict[str, str]) -> list[dict]:
    """The choices that fold, each with its links; one without anything to choose is left out."""
    titles = {
        "room": (_("Rooms"), _("All rooms")),
        "track": (_("Tracks"), _("All tracks")),
        "language": (_("Languages"), _("All languages")),
    }
    return [
        {
            "name": name,
            "title": title,
            "all": everything,
            "all_query": _query(_without(chosen, name)),
            "current": choices[name].get(chosen.get(name, "")),
            "links": [(label, _query(chosen | {name: value}), chosen.get(name) == value) for value, label in choices[name].items()],
        }
        for name, (title, everything) in titles.items()
        if len(choices[name]) > 1 or name in chosen
    ]


def _without(chosen: dict[str, str], *names: str) -> dict[str, str]:
    return {key: value for key, value in chosen.items() if key not in names}


def _query(chosen: dict[str, str]) -> str:
    """The query of an address, its parts in the one order; of nothing chosen, the empty one, which keeps the address plain."""
    query = urlencode({name: chosen[name] for name in FILTERS if name in chosen})
    return f"?{query}" if query else ""
