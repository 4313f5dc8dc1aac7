"""Lists of changes between versions as one reader may know them: hidden first, compared then.

Of each version a reader knows the sessions they saw in it when it ended (of the current one: now), as far as they may see them by
present settings too. Who had another standing then, because their registration stepped on since, knows what was public.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping

from conference.lib.viewer import ANYONE, Viewer
from delegates.models import RegistrationMove
from events.choices import DelegationsShown
from events.models import Event
from sessions.choices import ChangeKind, PublicIdentity, Role
from sessions.models import Release, Session, Slot, Version, load_versions
from sessions.rules import (
    UNKNOWN,
    Change,
    Marking,
    Place,
    Sight,
    admits,
    changes_between,
    changes_of,
    identity_in,
    in_feeds,
    in_time,
    sight,
    turns_shown,
)


@dataclasses.dataclass(frozen=True)
class Reader:
    """A viewer, and since when they are what they are; `in_feed` leaves out RED sessions, which stand in no feed."""

    viewer: Viewer
    since_at: dt.datetime | None = None
    in_feed: bool = False


@dataclasses.dataclass(frozen=True)
class Told:
    """A release with what it changed, as one reader may know it; the first one changed nothing."""

    release: Release
    changes: list[Change]


def reader_of(viewer: Viewer, *, in_feed: bool = False) -> Reader:
    """Give the reader a viewer is. One query for one with a registration, else none."""
    if viewer.registration_id is None:
        return Reader(viewer, in_feed=in_feed)
    since = RegistrationMove.objects.filter(registration=viewer.registration_id).order_by("-at", "-pk").values_list("at", flat=True).first()
    return Reader(viewer, since, in_feed)


def versions(event: Event, viewer: Viewer, *, newest: int = 20) -> list[Told]:
    """List the newest releases of an event, the newest first, each with its changes as a feed may tell them to a reader."""
    releases = list(event.releases.numbered().order_by("-number")[: newest + 1])
    for release in releases:
        release.event = event
    loaded = load_versions(event, releases)
    reader = reader_of(viewer, in_feed=True)
    current = loaded[releases[0].number] if releases else None
    known = {number: known_places(version, current, reader) for number, version in loaded.items()}
    found = []
    for release, older in zip(releases[:newest], [*releases[1:], None], strict=False):
        changes = changes_between(known[older.number], known[release.number]) if older else []
        found.append(Told(release, _told(changes, loaded[release.number], current, reader)))
    return found


def told_changes(older: Version, newer: Version, current: Version | None, reader: Reader) -> list[Change]:
    """List the changes between two versions as a reader may know them; `current` is the newest release (one of the two, perhaps)."""
    changes = changes_between(known_places(older, current, reader), known_places(newer, current, reader))
    return _told(changes, newer, current, reader)


def _told(changes: Iterable[Change], newer: Version, current: Version | None, reader: Reader) -> list[Change]:
    """Keep the changes that show, each with what the reader is told the session is called."""
    return [_named(change, current) for change in changes if is_told(change, reader, newer.present)]


def _named(change: Change, current: Version | None) -> Change:
    """A session that stands now is called what it is called now, another what the reader knew it by."""
    stands = current is not None and change.session.pk in current.places
    return change if stands else dataclasses.replace(change, titles=change.place.titles)


def known_changes(
    keys: Iterable[int],
    older: Version | None,
    newer: Version,
    current: Version | None,
    reader: Reader,
    *,
    also: Callable[[Change], bool] = lambda change: False,
) -> list[Change]:
    """List what a reader may know to differ of these sessions between two versions; without an older one each is new.

    `also` lets through what concerns the reader alone, where others would not be told.
    """
    found = []
    for key in keys:
        sides = [_known(version, key, current, reader) if version else None for version in (older, newer)]
        changes = changes_of(*sides)
        shown = {change.kind for change in _told(changes, newer, current, reader)}
        found += [_named(change, current) for change in changes if change.kind in shown or also(change)]
    return in_time(found)


def still_knows(event: Event, viewer: Viewer, public_ids: Collection[str]) -> bool:
    """Say whether a reader may still be told of sessions: of each that stands, that they see it; of each that was dropped, that
    present settings would show it to them, or they worked in it when it stood last.
    """
    seen = set(Session.objects.filter(event=event, public_id__in=public_ids).visible_to(viewer).values_list("public_id", flat=True))
    current = Slot.objects.current().filter(event=event).values("session")
    gone = Session.objects.filter(event=event, public_id__in=set(public_ids) - seen).exclude(pk__in=current)
    for session in gone.prefetch_related("delegations"):
        last = session.slots.filter(release__number__isnull=False).order_by("-release__number").first()
        if last is None:
            continue
        workers = last.contributions.filter(speaker__registration__isnull=False).values_list("speaker__registration", flat=True)
        if sight(session.marking(is_released=True, assigned_registration_ids=workers), viewer) == Sight.FULL:
            seen.add(session.public_id)
    return seen == set(public_ids)


def known_places(version: Version, current: Version | None, reader: Reader) -> list[Place]:
    """List the places of a version that a reader saw when it ended, and whose sessions they may see now."""
    return [place for key in version.places if (place := _known(version, key, current, reader))]


def _known(version: Version, session_id: int, current: Version | None, reader: Reader) -> Place | None:
    place = version.places.get(session_id)
    if place is None or not _sees_now(version, session_id, current, reader) or not _saw(version, session_id, reader):
        return None
    is_known = place.kept_titles is None or knows_title(version, session_id, reader)
    return place if is_known else dataclasses.replace(place, kept_titles=UNKNOWN)


def _sees_now(version: Version, session_id: int, current: Version | None, reader: Reader) -> bool:
    """Say whether present settings show the session; one that was dropped shows to those who worked in it then as if it stood there."""
    stands = current is not None and session_id in current.places
    return _sees(version.present[session_id], (current if stands and current else version).workers(session_id), reader.viewer, reader)


def _saw(version: Version, session_id: int, reader: Reader) -> bool:
    """Say whether the reader saw the session when the version ended."""
    if version.held is None:
        return _sees(version.present[session_id], version.workers(session_id), reader.viewer, reader)
    return _saw_at(version.release.superseded_at, version.held.get(session_id, []), version.workers(session_id), reader)


def knows_title(version: Version, session_id: int, reader: Reader) -> bool:
    """Say whether the reader saw the session when the version was released, and with it the title it had then."""
    return _saw_at(version.release.released_at, version.begun.get(session_id, []), version.workers(session_id), reader)


def _saw_at(at: dt.datetime | None, held: list[Marking], workers: frozenset[int], reader: Reader) -> bool:
    viewer = ANYONE if reader.since_at and at and at <= reader.since_at else reader.viewer
    return bool(held) and all(_sees(marking, workers, viewer, reader) for marking in held)


def _sees(marking: Marking, workers: frozenset[int], viewer: Viewer, reader: Reader) -> bool:
    if reader.in_feed and not in_feeds(marking.label):
        return False
    return sight(dataclasses.replace(marking, assigned_registration_ids=workers, is_released=True), viewer) == Sight.FULL


def is_told(change: Change, reader: Reader, present: Mapping[int, Marking]) -> bool:
    """Say whether a change shows: one of people or turns the reader is not told of (interpreters, hidden identities) is none to them.

    Nor is a change of the title in a language they do not read.
    """
    old, new, viewer = change.before, change.after, reader.viewer
    if old is None or new is None:
        return True
    is_admitted = admits(present[new.session_id], viewer)
    if change.kind == ChangeKind.TURNS:
        return turns_shown(new.session.event, new.session, viewer, is_admitted=is_admitted) == DelegationsShown.ORGANISATIONS
    if change.kind == ChangeKind.PEOPLE:
        return told_parts(old, is_admitted=is_admitted) != told_parts(new, is_admitted=is_admitted)
    return change.kind != ChangeKind.TITLE or old.title != new.title


def told_parts(place: Place, *, is_admitted: bool) -> list[tuple[int, str, PublicIdentity]]:
    """List the people of a place of whom a viewer who sees it is told something, each (key of the speaker, role, how much is told)."""
    session = place.session
    told = {
        identity: identity_in(identity, audience=session.audience, chatham_house=session.chatham_house, is_admitted=is_admitted)
        for identity in PublicIdentity
    }
    parts = [
        (part.speaker_id, part.role, told[PublicIdentity(part.public_identity)]) for part in place.parts if part.role != Role.INTERPRETER
    ]
    return [part for part in parts if part[2] != PublicIdentity.HIDDEN]
