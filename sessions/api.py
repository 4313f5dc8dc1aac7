"""The read-only JSON API: the public events and agendas of this site, and to a signed-in participant what their pages show them.

Every answer comes through the same querysets as the pages. What one may not see does not exist: 404.
"""

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Field, NinjaAPI, Query, Schema
from ninja.decorators import decorate_view

from conference.lib.answers import public_page
from conference.lib.kept import kept_for_strangers
from conference.lib.words import languages
from events.actions import note_read
from events.models import Event
from events.rules import seen_of_venue
from sessions.choices import Label
from sessions.exports import lines
from sessions.feeds import versions
from sessions.models import feed_of, slot_for
from sessions.rules import Change, in_feeds, titles_of

VERSION = "1"
PAGE = 100  # speakers in one answer
Texts = dict[str, str]  # by language; only those that are filled
api = NinjaAPI(
    title="Plenary",
    version=VERSION,
    description="Read-only. Without signing in: what is public. Texts come in every language they were written in.",
    docs_url=None,  # our own page, under our Content-Security-Policy
    openapi_url=None,  # ours below: it answers GET alone
    urls_namespace="api",
)


def _kept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Keep the answer for strangers as a page is kept; one that was narrowed is only given its ETag, or inventions would fill the store."""
    kept, told = kept_for_strangers(view), public_page(view)

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return (told if request.META.get("QUERY_STRING") else kept)(request, *args, **kwargs)

    return answer


class Problem(Schema):
    """Why there is no answer."""

    detail: Any


class PlaceOut(Schema):
    """A venue, as much of it as may be told."""

    name: str
    address: str
    city: str
    country: str = Field(description="ISO 3166-1 alpha-2, or empty")


class EventOut(Schema):
    """A conference."""

    slug: str
    title: Texts
    summary: Texts
    first_date: dt.date
    last_date: dt.date
    zone: str = Field(description="IANA time zone; moments below carry its offset")
    url: str


class EventDetail(EventOut):
    """A conference with its places, and the version of its agenda (none before the first release)."""

    places: list[PlaceOut]
    version: int | None
    released_at: dt.datetime | None


class PersonOut(Schema):
    """Somebody in a role; without a name, their function alone."""

    id: str = Field(description="of their page; empty where only the function may be told")
    role: str
    name: str
    function: str
    organisation: str


class SessionOut(Schema):
    """A session in its place."""

    id: str
    start: dt.datetime
    end: dt.datetime
    day: dt.date = Field(description="of the programme: the small hours belong to the day before")
    room: Texts
    kind: str
    title: Texts
    abstract: Texts = Field(description="Markdown")
    track: Texts
    languages: list[str]
    interpretation: list[str]
    label: str = Field(description="TLP 2.0")
    chatham_house: bool
    people: list[PersonOut]
    url: str


class SpeakerOut(Schema):
    """Somebody whose name may be read, and the sessions where it may."""

    id: str
    name: str
    organisation: str
    sessions: list[str]


class ChangeOut(Schema):
    """What changed of one session."""

    session: str
    kind: str
    title: Texts


class VersionOut(Schema):
    """A released version of the agenda, and what it changed for the reader."""

    number: int
    released_at: dt.datetime
    changes: list[ChangeOut]


class AgendaQuery(Schema):
    """Which sessions to list; what is left out does not narrow."""

    day: dt.date | None = None
    room: str = Field("", max_length=100, description="its name in any language")
    track: str = Field("", max_length=100, description="its name in any language")
    language: str = Field("", max_length=8, description="spoken or interpreted into: en, fr, …")


def _texts(thing: object, name: str) -> Texts:
    return {code: text for code in languages() if (text := getattr(thing, f"{name}_{code}", ""))} if thing else {}


def _event(event: Event) -> dict[str, Any]:
    facts = {name: getattr(event, name) for name in ("slug", "first_date", "last_date", "zone")}
    return facts | {
        "title": _texts(event, "title"),
        "summary": _texts(event, "summary"),
        "url": settings.SITE_URL + event.get_absolute_url(),
    }


@api.get("/openapi.json", include_in_schema=False, url_name="openapi")
def describe(request: HttpRequest):
    """Describe this API to machines."""
    return description()


def description() -> dict[str, Any]:
    """Give the OpenAPI 3.1 document of the API."""
    return dict(api.get_openapi_schema(path_prefix=reverse("api:api-root")))


@api.get("/events", response={200: list[EventOut]}, url_name="events")
def list_events(request: HttpRequest):
    """List the events anyone may see, the soonest first."""
    return [_event(event) for event in Event.objects.public().order_by("first_date", "slug")]


@api.get("/events/{slug}", response={200: EventDetail, 404: Problem}, url_name="event")
@decorate_view(_kept)
def get_event(request: HttpRequest, slug: str):
    """Give one event with its places."""
    event = request.event
    release = event.releases.current().first()
    seen = [seen_of_venue(venue, request.viewer) for venue in event.venues.order_by("position", "pk")]
    places = [
        {"name": str(place.name), "address": place.address, "city": str(place.city), "country": place.country}
        for place in seen
        if place.is_anything
    ]
    version = {"version": release.number, "released_at": release.released_at} if release else {"version": None, "released_at": None}
    return _event(event) | {"places": places} | version


@api.get("/events/{slug}/sessions", response={200: list[SessionOut], 404: Problem, 422: Problem}, url_name="sessions")
@decorate_view(_kept)
def list_sessions(request: HttpRequest, slug: str, asked: Query[AgendaQuery]):
    """List the agenda in its order, or the part that was asked for. A TLP:RED session stands in no answer, nor a line of a closed one."""
    told = [_session(request.event, line) for line in _lines(request)]
    return [session for session in told if _is_asked_for(session, asked)]


@api.get("/events/{slug}/sessions/{public_id}", response={200: SessionOut, 404: Problem}, url_name="session")
@decorate_view(_kept)
def get_session(request: HttpRequest, slug: str, public_id: str):
    """Give one session."""
    slot = slot_for(request.event, request.viewer, public_id)
    if slot is None or not in_feeds(slot.session.label):
        raise Http404
    line = lines.line_of(slot)
    if line.session is None:
        raise Http404
    _note(request, [line])
    return _session(request.event, line)


@api.get("/events/{slug}/speakers", response={200: list[SpeakerOut], 404: Problem, 422: Problem}, url_name="speakers")
@decorate_view(_kept)
def list_speakers(request: HttpRequest, slug: str, page: int = Query(1, ge=1, le=10_000)):
    """List those whose names may be read, by name, a hundred a page; a page beyond the last is empty."""
    found: dict[str, dict[str, Any]] = {}
    for line in _lines(request):
        for person in line.people:
            if person.public_id:
                facts = {"id": person.public_id, "name": person.name, "organisation": person.organisation, "sessions": []}
                found.setdefault(person.public_id, facts)["sessions"].append(line.session.public_id)
    people = sorted(found.values(), key=lambda one: (one["name"], one["id"]))
    return [one | {"sessions": list(dict.fromkeys(one["sessions"]))} for one in people[(page - 1) * PAGE : page * PAGE]]


@api.get("/events/{slug}/versions", response={200: list[VersionOut], 404: Problem}, url_name="versions")
@decorate_view(_kept)
def list_versions(request: HttpRequest, slug: str):
    """List the newest twenty versions of the agenda, the newest first, with what each changed as far as the reader may know it."""
    return [
        {
            "number": version.release.number,
            "released_at": version.release.released_at,
            "changes": [
                {"session": change.session.public_id, "kind": change.kind.value, "title": _titles(change)} for change in version.changes
            ],
        }
        for version in versions(request.event, request.viewer)
    ]


def _titles(change: Change) -> Texts:
    """What the reader is told a changed session is called, by language."""
    titles = titles_of(change.session) if change.titles is None else change.titles
    return {code: text for code, text in zip(languages(), titles, strict=False) if text}


def _lines(request: HttpRequest) -> list[lines.Line]:
    found = [line for line in lines.lines_of(feed_of(request.event, request.viewer)) if line.session]
    _note(request, found)
    return found


def _note(request: HttpRequest, found: list[lines.Line]) -> None:
    """Keep that somebody read what is not for everybody."""
    if any(line.session.label != Label.CLEAR for line in found):
        note_read(request.viewer, event=request.event, verb="read", target=request.event)


def _session(event: Event, line: lines.Line) -> dict[str, Any]:
    session = line.session
    facts = {name: getattr(session, name) for name in ("kind", "languages", "interpretation", "label", "chatham_house")}
    people = [
        {"id": one.public_id, "role": str(one.role), "name": one.name, "function": str(one.function), "organisation": one.organisation}
        for one in line.people
    ]
    return facts | {
        "id": session.public_id,
        "start": event.local(line.start_at),
        "end": event.local(line.end_at),
        "day": line.day,
        "room": _texts(line.room, "name"),
        "title": _texts(session, "title"),
        "abstract": _texts(session, "abstract"),
        "track": _texts(session.track, "name"),
        "people": people,
        "url": settings.SITE_URL + session.get_absolute_url(),
    }


def _is_asked_for(session: dict[str, Any], asked: AgendaQuery) -> bool:
    return (
        asked.day in (None, session["day"])
        and (not asked.room or asked.room in session["room"].values())
        and (not asked.track or asked.track in session["track"].values())
        and (not asked.language or asked.language in (*session["languages"], *session["interpretation"]))
    )


def open_urls() -> tuple:
    """Give the addresses of the API, open to strangers: what they may see, the querysets decide."""
    urls = api.urls
    for pattern in (one for one in urls[0] if one.name != "api-root"):  # the root is nothing
        pattern.callback = login_not_required(pattern.callback)
    return urls
