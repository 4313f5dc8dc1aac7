"""What changed between two versions of the agenda, as far as its reader may know of both."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from conference.lib.answers import public_page
from conference.lib.kept import kept_for_strangers
from conference.lib.words import filled
from events.actions import note_read
from sessions.choices import Label
from sessions.exports.changes import by_day, entries_of, named
from sessions.feeds import reader_of, told_changes, told_parts
from sessions.models import Release, load_versions, rooms_and_people
from sessions.rules import Change, admits
from sessions.views.session import reader_zone

PAIR = ("from", "to")  # in the order of an address
_DIGITS = 6


@login_not_required
@require_safe
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """List what changed between two versions; without a choice, from the one before to the current one."""
    chosen = {name: value for name in PAIR if (value := request.GET.get(name, "").strip()[:_DIGITS])}
    if len(chosen) == len(PAIR) and all(value.isdecimal() for value in chosen.values()) and int(chosen["from"]) > int(chosen["to"]):
        chosen = {"from": chosen["to"], "to": chosen["from"]}
    if request.META.get("QUERY_STRING", "") != urlencode(chosen):
        return redirect(f"{request.path}?{urlencode(chosen)}" if chosen else request.path)
    return (_told if chosen else _kept)(request, chosen)


def _page(request: HttpRequest, chosen: dict[str, str]) -> HttpResponse:
    event, viewer = request.event, request.viewer
    releases = list(event.releases.numbered().order_by("-number"))
    for release in releases:
        release.event = event
    newer, older = _pair(releases, chosen)
    changes, days = _changes(request, releases[0], older, newer) if newer and older else ([], [])
    context = {
        "event": event,
        "newer": newer,
        "older": older,
        "current": releases[0] if releases else None,
        "note": newer.note if newer and newer.note_audience in viewer.audiences else "",
        "count": sum(len(entries) for _day, entries in days),
        "days": days,
        "releases": releases,
        "zone_at": days[0][1][0].place.start_at if days else None,
        "reader_zone": reader_zone(request),
        "content_languages": filled(event, "title"),
    }
    if any(change.session.label != Label.CLEAR for change in changes):
        note_read(viewer, event=event, verb="read", target=newer)
    return render(request, "sessions/versions.html", context)


_kept, _told = kept_for_strangers(_page), public_page(_page)


def _pair(releases: list[Release], chosen: dict[str, str]) -> tuple[Release | None, Release | None]:
    """The newer and the older of the versions chosen; a version that is none is not found, and before the first there is none."""
    if not releases:
        if chosen:
            raise Http404
        return None, None
    by_number = {str(release.number): release for release in releases}
    newer = by_number.get(chosen.get("to", str(releases[0].number)))
    if newer is None:
        raise Http404
    older = by_number.get(chosen.get("from", str(newer.number - 1)))
    if "from" in chosen and (older is None or older.number >= newer.number):
        raise Http404
    return newer, older


def _changes(request: HttpRequest, newest: Release, older: Release, newer: Release) -> tuple[list[Change], list]:
    event, viewer = request.event, request.viewer
    loaded = load_versions(event, {release.pk: release for release in (newest, older, newer)}.values())
    current, newer_one = loaded[newest.number], loaded[newer.number]
    changes = told_changes(loaded[older.number], newer_one, current, reader_of(viewer))
    told = {
        change.session.pk: told_parts(change.place, is_admitted=admits(newer_one.present[change.session.pk], viewer)) for change in changes
    }
    rooms, people = rooms_and_people(event, [place for change in changes for place in (change.before, change.after) if place])
    names = {change.session.pk: named(told[change.session.pk], people) for change in changes}
    return changes, by_day(entries_of(event, changes, rooms, names, current.places))
