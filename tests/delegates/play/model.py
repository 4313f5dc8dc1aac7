"""What the domain says of registrations, in plain Python and nothing of the program: one side of `test_play`.

Here is what holds and what follows by itself; the acts are in `acts`. `mails` are the addresses an act writes to, `verbs` what is
recorded of it. Moments are the game's; nothing here knows a database, a lock or a transaction.
"""

import collections
import dataclasses
import datetime as dt
from typing import Any

# domain.md, section 4: the table of states, the categories, and who may make a move by themselves.
NEXT = {
    "requested": {"nominated", "waitlisted", "refused", "withdrawn"},
    "placeholder": {"nominated", "withdrawn"},
    "waitlisted": {"offered", "refused", "withdrawn"},
    "offered": {"nominated", "waitlisted", "withdrawn"},
    "nominated": {"submitted", "withdrawn", "replaced"},
    "submitted": {"approved", "returned", "refused", "withdrawn", "replaced"},
    "returned": {"submitted", "withdrawn", "replaced"},
    "approved": {"revoked", "withdrawn", "replaced"},
    "refused": {"submitted"},
    "revoked": {"nominated"},
    "withdrawn": {"nominated"},
    "replaced": set(),
}
HOLDS = {"placeholder", "offered", "nominated", "submitted", "returned", "approved"}
ENDED = {"refused", "revoked", "withdrawn", "replaced"}
SEAT = {"head", "deputy", "delegate", "expert"}
CAPACITY = SEAT | {"speaker", "guest"}
ORGANISERS_ONLY = {"speaker", "guest", "press", "organiser"}
LAPSES = 3
# Who takes each of the two decisions on a form.
ROLES = ("manager", "programme", "accreditation", "security", "press", "reception", "observer")
REVIEWERS = {"decide": {"manager", "accreditation"}, "clear": {"security"}}
UNDO = dt.timedelta(minutes=60)
Limit = tuple[int | None, str, str]  # delegation (None: the event), category, way of attending


@dataclasses.dataclass
class Record:
    """A person as an organisation knows them; `account` says who signs in as them."""

    delegation: int
    family_name: str
    email: str
    account: str = ""

    @property
    def same(self) -> tuple[str, str]:
        """What makes two records of two organisations the same person."""
        return (self.family_name, self.email)


@dataclasses.dataclass
class Place:
    """One registration."""

    number: int
    delegation: int
    who: Record | None
    category: str
    mode: str
    state: str
    queued: dt.datetime
    position: int
    function: str = ""
    consent: str = "not_given"
    invited: dt.datetime | None = None
    asked: bool = False
    lapses: int = 0
    until: dt.datetime | None = None
    cleared: str = "pending"
    withdrawn_by_focal: dt.datetime | None = None
    waits_beside: str = ""
    wants_head: bool = False
    row: Any = None  # the program's

    @property
    def is_active(self) -> bool:
        """Say whether it has not ended."""
        return self.state not in ENDED

    @property
    def knows(self) -> bool:
        """Say whether the person knows of it."""
        return self.who is not None and (self.invited is not None or self.asked)


@dataclasses.dataclass
class Delegation:
    """One delegation: its answer, whether its list was sent, and the addresses of its focal points."""

    focal_points: list[str]
    answer: str = "invited"
    is_sent: bool = False


class Model:
    """The event as it should be."""

    def __init__(self, delegations: int, now: dt.datetime):
        self.now = now
        self.delegations = [Delegation([f"focal{n}@example.org"]) for n in range(delegations)]
        self.quotas: dict[Limit, int] = {}
        self.places: list[Place] = []
        self.records: list[Record] = []
        self.nominate_by = self.confirm_by = self.freeze = now
        self.offer_days, self.security, self.is_open = 3, False, True
        self.mails: collections.Counter = collections.Counter()
        self.verbs: collections.Counter = collections.Counter()

    def begin(self) -> None:
        """Forget what the act before said."""
        self.mails.clear()
        self.verbs.clear()

    # What holds.

    @staticmethod
    def counts(key: Limit, place: Place) -> bool:
        """Say whether a limit counts a place."""
        delegation, category, mode = key
        takes = {category} if category else CAPACITY if delegation is None else SEAT
        return delegation in (None, place.delegation) and mode in ("", place.mode) and place.category in takes

    def used(self, key: Limit) -> int:
        """How many hold a place that a limit counts."""
        return sum(place.state in HOLDS and self.counts(key, place) for place in self.places)

    def fits(self, place: Place) -> bool:
        """Say whether every limit that counts a place has one left for it; it holds none now."""
        return all(self.used(key) < seats for key, seats in self.quotas.items() if self.counts(key, place))

    def line(self) -> list[Place]:
        """Those who wait, in the order of their naming."""
        return sorted((place for place in self.places if place.state == "waitlisted"), key=lambda place: (place.queued, place.number))

    def passed_over(self) -> list[Place]:
        """Those who wait though they could have a seat: nobody, until the freeze."""
        return [place for place in self.line() if self.fits(place)] if self.now < self.freeze else []

    def active(self, delegation: int) -> list[Place]:
        """The places of a delegation that have not ended."""
        return [place for place in self.places if place.delegation == delegation and place.is_active]

    def doubles(self, place: Place) -> list[Place]:
        """The other active places of the same person."""
        active = (other for other in self.places if other is not place and other.is_active and other.who)
        return [other for other in active if place.who and other.who.same == place.who.same]

    def listed(self, delegation: int, same: tuple[str, str], besides: Place | None = None) -> bool:
        """Say whether a delegation lists somebody already."""
        return any(place.who and place.who.same == same for place in self.active(delegation) if place is not besides)

    def head(self, delegation: int, besides: Place | None = None) -> Place | None:
        """The head of a delegation."""
        return next((place for place in self.active(delegation) if place.category == "head" and place is not besides), None)

    # What follows.

    def record_of(self, delegation: int, same: tuple[str, str]) -> Record:
        """The record of a person, the first made or a new one."""
        for record in self.records:
            if (record.delegation, *record.same) == (delegation, *same):
                return record
        self.records.append(Record(delegation, *same))
        return self.records[-1]

    def write(self, place: Place, before: str, to: str, party: str) -> None:
        """Say whom a move is told to: the person who knows of their place, and the focal points of what was not their own act."""
        is_back = before in ENDED
        is_lapse = (before, to) == ("offered", "waitlisted")
        to_person = to not in ("requested", "offered", "placeholder") and not is_lapse and not (is_back and to == "nominated")
        if to_person and before and place.knows and place.who.email:
            self.mails[place.who.email] += 1
        always = to in ("requested", "offered") or is_lapse
        if always or ((to in ENDED or is_back) and party not in ("focal point", "undoing")):
            self.mails.update(self.delegations[place.delegation].focal_points)

    def step(self, place: Place, to: str, party: str, *, invites: bool = False) -> None:
        """Bring a place to another state."""
        before, place.state = place.state, to
        place.until = min(self.now + dt.timedelta(days=self.offer_days), self.freeze) if to == "offered" else None
        if to == "waitlisted":
            place.queued = self.now
            place.lapses += before == "offered"
        if before in ENDED and to == "nominated":
            place.invited, place.lapses = None, 0
        place.withdrawn_by_focal = self.now if (to, party) == ("withdrawn", "focal point") else None
        self.verbs["registration.move"] += 1
        if not invites:
            self.write(place, before, to, party)

    def invite(self, place: Place) -> None:
        """Write to a person for the first time."""
        if place.who.email:
            place.invited = self.now
            self.mails[place.who.email] += 1

    def promote(self, first: int | None = None) -> None:
        """Offer what is free: to the own delegation first, then to the event, each in the order of naming."""
        if self.now >= self.freeze:
            return
        for place in sorted(self.line(), key=lambda place: first is None or place.delegation != first):
            if self.fits(place):
                self.step(place, "offered", "program")

    def start(self, delegation: int, who: Record | None, category: str, mode: str, state: str) -> Place:
        """Put a place on the list."""
        last = max((place.position for place in self.places if place.delegation == delegation), default=0)
        place = Place(len(self.places), delegation, who, category, mode, state, self.now, last + 1)
        self.places.append(place)
        self.verbs["registration.start"] += 1
        return place
