"""What several organisers' pages of the agenda load, in as few queries as that takes."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from conference.lib.collation import sort_key
from delegates.admin.lists import in_protocol_order
from delegates.models import Delegation, Registration
from events.models import Event, ReadRecord, Room
from sessions.conflicts import Conflict, conflicts_for
from sessions.exports.changes import Row, rows_of
from sessions.models import Paper, Release, Session, Slot, Speaker, load_places, rooms_and_people, slots_of
from sessions.rules import Change, changes_between

READS_SHOWN = 200


def may_edit(request: HttpRequest) -> bool:
    """Say whether the organiser may change the agenda of this event."""
    return "programme" in request.acts


def load_session(request: HttpRequest, public_id: str) -> Session:
    """Give a session of the event with its place in the draft; anything else does not exist."""
    session = get_object_or_404(request.event.sessions.with_draft(), public_id=public_id)
    return placed(request.event, [session])[0]


def placed(event: Event, sessions: Iterable[Session]) -> list[Session]:
    """Give sessions (`with_draft`) their `draft` slot and its `day`, or None; what hangs on them gets their event, for its texts."""
    rows = list(sessions)
    for session in rows:
        session.draft = session.drafts[0] if session.drafts else None
        session.day = event.day_of(session.draft.start_at) if session.draft else None
        if session.track:
            session.track.event = event
        if session.draft and session.draft.room:
            session.draft.room.event = event
    return rows


def draft_slots(event: Event, *, with_turns: bool = False, near: tuple[dt.datetime, dt.datetime] | None = None) -> list[Slot]:
    """Give the slots of the draft with session, room and people (and their turns), in the order of time. Two queries (three).

    `near` keeps those of a period, and what is so near that somebody may have to change rooms between.
    """
    slots = Slot.objects.draft().filter(event=event)
    if near:
        change = dt.timedelta(minutes=max(event.room_minutes, event.venue_minutes))
        slots = slots.filter(start_at__lt=near[1] + change, end_at__gt=near[0] - change)
    return slots_of(event, slots, with_turns=with_turns)


def placed_times(event: Event) -> dict[int, tuple[dt.datetime, dt.datetime]]:
    """Give start and end of each session placed in the draft, by the key of the session. One query."""
    found = Slot.objects.draft().filter(event=event).values_list("session", "start_at", "end_at")
    return {key: (start, end) for key, start, end in found}


def draft_changes(event: Event) -> tuple[list[Change], int | None]:
    """Give what the draft changes of the current version, and the number of that (None before the first). Five queries.

    Without a draft nothing is changed: the next one starts as the current version.
    """
    newest = Release.objects.filter(event=event).current()
    releases = list(Release.objects.filter(Q(pk__in=newest) | Q(number=None), event=event))
    number = next((release.number for release in releases if release.number), None)
    places = load_places(event, releases)
    return (changes_between(places.get(number, ()) if number else (), places[None]) if None in places else []), number


def change_rows(event: Event, changes: list[Change]) -> list[Row]:
    """Give the rows of a list of changes, in full. At most two queries."""
    return rows_of(changes, *rooms_and_people(event, [place for change in changes for place in (change.before, change.after) if place]))


def conflicts_of(request: HttpRequest, slots: list[Slot]) -> list[Conflict]:
    """Give the conflicts of the draft's slots as this organiser may read them. At most two queries."""
    return conflicts_for(request.event, slots, user=request.user, at=timezone.now())


def rooms_of(event: Event) -> list[Room]:
    """Give the rooms of the event in the order of its venues."""
    return list(event.rooms.order_by("venue__position", "venue__pk", "position", "pk"))


def delegations_of(event: Event) -> list[Delegation]:
    """Give the delegations of the event in the order it chose."""
    return in_protocol_order(event, event.delegations.select_related("organisation"))


def people_of(event: Event) -> list[Registration]:
    """Give the registered people of the event who are in the agenda under no registration yet."""
    return list(event.registrations.active().filter(delegate__isnull=False, speakers__isnull=True).for_list())


def speakers_by_name(event: Event) -> list[Speaker]:
    """Give the people of the agenda in the order of their names."""
    return sorted(event.speakers.for_list(), key=lambda row: (sort_key(row.full_name), row.pk))


def reads_of(paper: Paper):
    """Give who downloaded a paper above CLEAR, the latest first."""
    return ReadRecord.objects.filter(event=paper.event, target=str(paper)).select_related("user").order_by("-at")[:READS_SHOWN]
