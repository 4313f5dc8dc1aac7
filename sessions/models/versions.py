"""Versions of the agenda in hand: what each says of every session, and by which markings it was seen, in as few queries as that takes."""

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from conference.lib.words import languages
from events.models import Event, Room
from sessions.models.interventions import Intervention
from sessions.models.releases import Contribution, Release, Slot
from sessions.models.sessions import Session, SessionMarking, Speaker
from sessions.rules import Marking, Part, Place, Turn

_TITLES = [f"title_{code}" for code in languages()]


@dataclasses.dataclass
class Version:
    """A release, or the draft: its places by the key of the session, and the markings that held when it was released and when it ended.

    `begun` and `held` list them by the key of the session (two where they changed at that very moment); `held` is None for what
    has not ended, which is seen by the present settings, `present`.
    """

    release: Release
    places: dict[int, Place]
    present: dict[int, Marking]
    begun: dict[int, list[Marking]] = dataclasses.field(default_factory=dict)
    held: dict[int, list[Marking]] | None = None

    @property
    def number(self) -> int | None:
        """Its number; None for the draft."""
        return self.release.number

    def workers(self, session_id: int) -> frozenset[int]:
        """The registrations that speak or interpret in a session, by what this version says."""
        place = self.places.get(session_id)
        return frozenset(part.registration_id for part in place.parts if part.registration_id) if place else frozenset()


def load_versions(event: Event, releases: Iterable[Release]) -> dict[int | None, Version]:
    """Read releases of an event (the draft too) with all they hold, by number, and who could see it. Six queries."""
    releases = list(releases)
    sessions = _sessions(event)
    selected: dict[int, set[int]] = defaultdict(set)
    for session_id, delegation_id in Session.delegations.through.objects.filter(session__event=event).values_list("session", "delegation"):
        selected[session_id].add(delegation_id)
    present = {key: _marking(one.audience, one.label, one.shown_as_closed, selected.get(key, ())) for key, one in sessions.items()}
    places = _read_places(releases, sessions)
    moments = {
        (release.pk, name): at for release in releases for name in ("released_at", "superseded_at") if (at := getattr(release, name))
    }
    held = _read_held(event, moments, sessions)
    return {
        release.number: Version(
            release,
            places[release.pk],
            present,
            begun=held.get((release.pk, "released_at"), {}),
            held=held.get((release.pk, "superseded_at")),
        )
        for release in releases
    }


def load_places(event: Event, releases: Iterable[Release]) -> dict[int | None, list[Place]]:
    """Read what releases of an event (the draft too) say, by number, for organisers, who see all of it. Four queries."""
    releases = list(releases)
    places = _read_places(releases, _sessions(event))
    return {release.number: list(places[release.pk].values()) for release in releases}


def _sessions(event: Event) -> dict[int, Session]:
    sessions = Session.objects.filter(event=event).defer("search_text", *(f"abstract_{code}" for code in languages())).in_bulk()
    for session in sessions.values():
        session.event = event
    return sessions


def _read_places(releases: list[Release], sessions: dict[int, Session]) -> dict[int, dict[int, Place]]:
    """The places of each release by the key of the session. Three queries."""
    keys = [release.pk for release in releases]
    found: dict[int, dict[int, Place]] = {key: {} for key in keys}
    by_slot: dict[int, Place] = {}
    slots = Slot.objects.filter(release__in=keys)
    for pk, release_id, session_id, room_id, start, end, *titles in slots.values_list(
        "pk", "release_id", "session_id", "room_id", "start_at", "end_at", *_TITLES
    ):
        if session_id in sessions:
            kept = tuple(titles) if any(titles) else None
            by_slot[pk] = found[release_id][session_id] = Place(sessions[session_id], start, end, room_id, kept_titles=kept)
    facts = ("slot_id", "speaker_id", "role", "speaker__public_identity", "speaker__registration_id")
    parts = Contribution.objects.filter(slot__release__in=keys).order_by("position", "pk")
    for slot_id, *part in parts.values_list(*facts):
        if slot_id in by_slot:
            by_slot[slot_id].parts.append(Part(*part))
    turns = Intervention.objects.filter(slot__release__in=keys, is_dropped=False).in_order()
    for slot_id, *turn in turns.values_list("slot_id", "delegation_id", "speaker_id", "minutes"):
        if slot_id in by_slot:
            by_slot[slot_id].turns.append(Turn(*turn))
    return found


Moment = tuple[int, str]  # of a release: its key, and which of its two moments


def _read_held(event: Event, moments: dict[Moment, dt.datetime], sessions: Collection[int]) -> dict[Moment, dict[int, list[Marking]]]:
    """The markings that held at each moment. One query."""
    held: dict[Moment, dict[int, list[Marking]]] = {key: defaultdict(list) for key in moments}
    rows = SessionMarking.objects.filter(event=event).order_by("from_at", "pk")
    facts = ("session_id", "from_at", "until_at", "audience", "label", "shown_as_closed", "delegation_ids")
    for session_id, from_at, until_at, *marks, delegation_ids in rows.values_list(*facts):
        if session_id not in sessions:
            continue
        marking = _marking(*marks, delegation_ids)
        for key, at in moments.items():
            if from_at <= at and (until_at is None or until_at >= at):
                held[key][session_id].append(marking)
    return held


def _marking(audience: str, label: str, shown_as_closed: str, delegation_ids: Collection[int]) -> Marking:
    return Marking(audience, label, shown_as_closed, frozenset(delegation_ids))


def rooms_and_people(event: Event, places: Iterable[Place]) -> tuple[dict[int, Room], dict[int, Speaker]]:
    """Read the rooms and the people that places name, by key. Two queries; none where nothing is named."""
    places = list(places)
    rooms = Room.objects.in_bulk({place.room_id for place in places if place.room_id})
    speakers = {part.speaker_id for place in places for part in place.parts}
    people = Speaker.objects.select_related("registration__delegate").in_bulk(speakers)
    for thing in (*rooms.values(), *people.values()):
        thing.event = event
    return rooms, people
