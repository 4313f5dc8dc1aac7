"""Whom a release concerns, and what it changes for each: their own part, what they signed up for, what they starred.

Each person gets one list per release, of what they may know. A message of the release before that has not left yet is
replaced by one that tells both at once.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Max, OuterRef, Q, Subquery

from delegates.choices import Category
from delegates.models import Registration, RegistrationMove
from delegates.rules import OWN
from delegates.viewers import viewer_of
from events.models import Event
from events.rules import may_see_event
from sessions.choices import ChangeKind
from sessions.feeds.versions import Reader, known_changes
from sessions.models import Release, SignUp, Speaker, Star, Version, load_versions
from sessions.rules import Change, Place

SPEAK_FOR_DELEGATIONS = (Category.HEAD, Category.DEPUTY)


@dataclasses.dataclass(frozen=True)
class Digest:
    """What a release changes for one person since the version they were told of last (`since`, 0 for none)."""

    registration: Registration
    since: int
    changes: list[Change]


def digests_of(event: Event, newer: Release, *, waiting: Mapping[str, int]) -> list[Digest]:
    """List what making `newer` the current version (a new release, or the draft) changes for each person whom it concerns.

    `waiting` gives by public id of a registration the version since which a message that has not left tells. The number of queries
    does not depend on that of people: one for them, seven for the versions, three for what ties them to sessions.
    """
    before = (newer.number or _next_number(event)) - 1
    people = {one.pk: one for one in _people(event)}
    if not people:
        return []
    since = {key: waiting.get(one.public_id, before) for key, one in people.items()}
    numbers = {before, *since.values()}
    releases = [newer, *Release.objects.filter(event=event, number__in=numbers - {0})]
    loaded = load_versions(event, releases)
    current = loaded[newer.number]
    ties = Ties(event, loaded.values())
    found = []
    for key, registration in people.items():
        viewer = viewer_of(registration, event, user=registration.delegate.user)
        older = loaded.get(since[key]) if since[key] else None
        if may_see_event(event, viewer):
            changes = _changes(registration, ties, older, current, Reader(viewer, registration.last_step_at))
            if changes:
                found.append(Digest(registration, since[key], changes))
    return found


def _next_number(event: Event) -> int:
    return (Release.objects.filter(event=event).aggregate(newest=Max("number"))["newest"] or 0) + 1


def _people(event: Event) -> list[Registration]:
    """Those who know of their registration, go on and can be written to."""
    rows = Registration.objects.filter(Q(invited_at__isnull=False) | Q(state__in=OWN), event=event, delegate__isnull=False).active()
    steps = RegistrationMove.objects.filter(registration=OuterRef("pk")).order_by("-at", "-pk").values("at")
    rows = rows.exclude(delegate__email="").annotate(last_step_at=Subquery(steps[:1]))
    found = list(rows.select_related("delegate__user", "delegation__organisation").order_by("pk"))
    for registration in found:
        registration.event = event
    return found


class Ties:
    """What ties people to sessions: what they chose, where they work, and whose turn is whose."""

    def __init__(self, event: Event, versions: Iterable[Version]):
        """Read stars, sign-ups and speakers of an event, and gather who has a part where. Three queries."""
        self.chosen: dict[int, set[int]] = defaultdict(set, signed_up(event))  # keys of sessions by registration
        for registration, session in Star.objects.filter(event=event).values_list("registration", "session"):
            self.chosen[registration].add(session)
        speakers = Speaker.objects.filter(event=event, registration__isnull=False)
        self.owners: dict[int, int] = dict(speakers.values_list("pk", "registration"))
        self.working: dict[int, set[int]] = defaultdict(set)
        self.speaking: dict[int, set[int]] = defaultdict(set)  # by delegation
        for version in versions:
            for key, place in version.places.items():
                self._gather(key, place)

    def _gather(self, key: int, place: Place) -> None:
        for part in place.parts:
            if part.registration_id:
                self.working[part.registration_id].add(key)
        for turn in place.turns:
            if turn.delegation_id:
                self.speaking[turn.delegation_id].add(key)
            elif turn.speaker_id in self.owners:
                self.working[self.owners[turn.speaker_id]].add(key)

    def of(self, registration: Registration) -> set[int]:
        """The keys of the sessions that concern a person: chosen, or with a part or a turn of theirs in one of the versions."""
        leads = self.speaking.get(registration.delegation_id, set()) if _leads(registration) else set()
        return self.chosen.get(registration.pk, set()) | self.working.get(registration.pk, set()) | leads

    def turn(self, registration: Registration, place: Place) -> tuple[int, int] | None:
        """When somebody's own turn comes, in minutes from the beginning, and how long it is; who leads a delegation speaks for it."""
        start, leads = 0, _leads(registration)
        for turn in place.turns:
            is_theirs = turn.speaker_id is not None and self.owners.get(turn.speaker_id) == registration.pk
            if is_theirs or (leads and turn.delegation_id == registration.delegation_id):
                return start, turn.minutes
            start += turn.minutes
        return None


def _leads(registration: Registration) -> bool:
    return registration.category in SPEAK_FOR_DELEGATIONS


def signed_up(event: Event) -> dict[int, set[int]]:
    """The keys of the sessions people are signed up for, with a seat or waiting, by key of the registration. One query."""
    found: dict[int, set[int]] = defaultdict(set)
    for registration, session in SignUp.objects.live().filter(event=event).values_list("registration", "session"):
        found[registration].add(session)
    return found


def _changes(registration: Registration, ties: Ties, older: Version | None, newer: Version, reader: Reader) -> list[Change]:
    """What a person is told of the sessions that concern them; of turns, their own whoever else may know of it."""

    def concerns(change: Change) -> bool:
        if change.kind != ChangeKind.TURNS or change.before is None or change.after is None:
            return False
        return ties.turn(registration, change.before) != ties.turn(registration, change.after)

    return known_changes(ties.of(registration), older, newer, newer, reader, also=concerns)
