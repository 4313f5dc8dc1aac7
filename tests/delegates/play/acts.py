"""The acts of the model: each answers whether it is possible, and if so changes the lists and says whom it writes to and what is recorded.

One that makes a place gives it, or None when it is not possible.
"""

import itertools

from tests.delegates.play.model import HOLDS, LAPSES, NEXT, ORGANISERS_ONLY, REVIEWERS, UNDO, Limit, Model, Place, Record


class Acts(Model):
    """What focal points, persons, officers, organisers and time do."""

    # The acts: each says whether it is possible, and does it.

    def may_name(self, party: str, category: str) -> bool:
        """Say whether somebody may be named now."""
        if not self.is_open:
            return False
        return party != "focal point" or (self.now <= min(self.nominate_by, self.freeze) and category not in ORGANISERS_ONLY)

    def may_add(self, delegation: int, party: str, category: str) -> bool:
        """Say whether a delegation takes one more of a category."""
        is_second_head = category == "head" and self.head(delegation) is not None
        return self.may_name(party, category) and self.delegations[delegation].answer != "declined" and not is_second_head

    def nominate(self, delegation: int, same: tuple[str, str], category: str, mode: str, party: str) -> Place | None:
        """Name a person: with a seat or, if none is free, at the end of the line."""
        if not self.may_add(delegation, party, category) or self.listed(delegation, same):
            return None
        place = self.start(delegation, self.record_of(delegation, same), category, mode, "waitlisted")
        place.state = "nominated" if self.fits(place) else "waitlisted"
        return place

    def keep(self, delegation: int, category: str, party: str) -> Place | None:
        """Keep a seat."""
        if not self.may_add(delegation, party, category):
            return None
        if not self.fits(Place(-1, delegation, None, category, "in_person", "", self.now, 0)):
            return None
        return self.start(delegation, None, category, "in_person", "placeholder")

    def name(self, place: Place, same: tuple[str, str], party: str) -> bool:
        """Name a kept seat."""
        if not self.may_name(party, place.category) or place.state != "placeholder" or self.listed(place.delegation, same):
            return False
        place.who = self.record_of(place.delegation, same)
        self.step(place, "nominated", party)
        return True

    def replace(self, place: Place, same: tuple[str, str], party: str) -> Place | None:
        """Put another person in somebody's seat, who is written to if the first was or the list has left."""
        late = party == "focal point" and self.now > self.freeze
        if not self.is_open or late or "replaced" not in NEXT[place.state] or self.listed(place.delegation, same, besides=place):
            return None
        self.step(place, "replaced", party)
        new = self.start(place.delegation, self.record_of(place.delegation, same), place.category, place.mode, "nominated")
        new.position = place.position
        if place.invited or self.delegations[place.delegation].is_sent:
            self.invite(new)
        return new

    def send(self, delegation: int, party: str) -> bool:
        """Send the list."""
        if not self.may_name(party, "delegate"):
            return False
        for place in self.active(delegation):
            if place.state == "nominated" and not place.invited:
                self.invite(place)
        self.delegations[delegation].is_sent = True
        self.verbs["delegation.send_list"] += 1
        return True

    def submit(self, place: Place, function: str, consent: str) -> bool:
        """Send a person's form, or correct it once sent."""
        given = (place.function, place.consent) != (function, consent)
        if place.state in ("submitted", "approved"):
            self.verbs["registration.correct"] += given
        elif place.state not in ("nominated", "returned") or self.is_late(place):
            return False
        else:
            self.step(place, "submitted", "person")
        place.function, place.consent = function, consent
        return True

    def is_late(self, place: Place) -> bool:
        """Say whether a form comes after the deadline to confirm, or the freeze; who was invited after one is bound by the next."""
        limits = [self.freeze] if place.state == "returned" else [self.confirm_by, self.freeze]
        return next((self.now > limit for limit in limits if place.invited is None or place.invited <= limit), False)

    def withdraw(self, place: Place, party: str) -> bool:
        """Give a place up."""
        if not place.is_active or (party == "person" and place.state == "placeholder"):
            return False
        self.step(place, "withdrawn", party)
        self.promote(place.delegation)
        return True

    def accept(self, place: Place, party: str) -> bool:
        """Take an offered seat, or endorse a request: with a seat or at the end of the line."""
        if place.state == "offered":
            if party == "focal point" and self.now > min(place.until, self.freeze):
                return False
            is_sent = self.delegations[place.delegation].is_sent
            self.step(place, "nominated", party, invites=is_sent)
            if is_sent:
                self.invite(place)
        elif place.state == "requested" and self.may_name(party, place.category):
            self.step(place, "nominated" if self.fits(place) else "waitlisted", party)
        else:
            return False
        self.promote(place.delegation)
        return True

    def decide(self, place: Place, to: str) -> bool:
        """What an officer decides on a form, or on somebody who waits."""
        if to not in NEXT[place.state] or (to == "nominated" and place.who is None):
            return False
        if to == "approved" and (self.doubles(place) or (self.security and place.cleared != "cleared")):
            return False
        if not place.is_active and not self.may_return(place):
            return False
        self.step(place, to, "officer")
        self.promote(place.delegation)
        return True

    def clear(self, place: Place, decision: str) -> bool:
        """What the security officer decides on a person."""
        self.verbs["registration.security"] += place.cleared != decision
        place.cleared = decision
        return True

    def review(self, place: Place, role: str, what: str, decision: str, *, is_live: bool) -> int:
        """What somebody of a role is answered who takes a decision on the page of the queue: 302 once it is taken."""
        if not is_live:
            return 404
        if role not in REVIEWERS[what]:
            return 403
        is_done = self.decide(place, decision) if what == "decide" else self.clear(place, decision)
        return 302 if is_done else 200

    def may_return(self, place: Place) -> bool:
        """Say whether somebody who left may come back: a free seat, and neither they nor a second head on the list."""
        if self.delegations[place.delegation].answer == "declined":
            return False
        is_listed = any(other.who is place.who for other in self.places if other.is_active)
        is_second_head = place.category == "head" and self.head(place.delegation) is not None
        return not is_listed and not is_second_head and self.fits(place)

    def undo(self, place: Place) -> bool:
        """A focal point takes a fresh withdrawal of theirs back."""
        at = place.withdrawn_by_focal
        if not self.is_open or self.now > self.freeze or place.state != "withdrawn" or place.who is None or at is None:
            return False
        if self.now - at > UNDO or not self.may_return(place):
            return False
        was_invited = place.invited
        self.step(place, "nominated", "undoing")
        if was_invited:
            self.invite(place)
        return True

    def lapse(self) -> None:
        """End the offers nobody took: to the end of the line, out after the third."""
        late = [place for place in self.places if place.state == "offered" and min(place.until, self.freeze) <= self.now]
        for place in sorted(late, key=lambda place: (place.until, place.number)):
            self.step(place, "withdrawn" if place.lapses + 1 >= LAPSES else "waitlisted", "program")
            self.promote(place.delegation)

    def change(self, changes: list[tuple[Place, str, str]]) -> bool:
        """Give places another category and way of attending together, if every one of them still fits."""
        held = [(place, place.state) for place, _category, _mode in changes if place.state in HOLDS]
        kept = [(place, place.category, place.mode) for place, _category, _mode in changes]
        for place, _state in held:
            place.state = "…"
        for place, category, mode in changes:
            place.category, place.mode = category, mode
        fit = True
        for place, state in held:
            fit = fit and self.fits(place)
            place.state = state
        if not fit:
            for place, category, mode in kept:
                place.category, place.mode = category, mode
        return fit

    def name_head(self, place: Place) -> bool:
        """Make somebody the head in place of whoever is; where one of them is approved, or frozen, that waits for an officer."""
        if not self.is_open:
            return False
        if place.category == "head":
            return True
        if place.state not in ("nominated", "submitted", "returned", "approved") or place.category in ORGANISERS_ONLY:
            return False
        former = self.head(place.delegation)
        if self.now > self.freeze or "approved" in (place.state, former and former.state):
            self.verbs["registration.ask_category"] += not place.wants_head
            for other in self.places:
                other.wants_head = other is place or (other.wants_head and other.delegation != place.delegation)
            return True
        return self.swap(place, former)

    def swap(self, place: Place, former: Place | None) -> bool:
        """Let one person lead and the former head be a delegate, if both still fit."""
        changes = [(row, category, row.mode) for row, category in ((former, "delegate"), (place, "head")) if row]
        if not self.change(changes):
            return False
        self.verbs["registration.category"] += len(changes)
        self.promote(place.delegation)
        return True

    def give_head(self, place: Place, accept: bool) -> bool:
        """An officer decides on a head that waits."""
        if accept and not place.is_active:
            return False
        if accept and place.category != "head" and not self.swap(place, self.head(place.delegation)):
            return False
        place.wants_head = False
        self.verbs["registration.change"] += 1
        self.mails.update(self.delegations[place.delegation].focal_points)
        if accept:
            self.mails[place.who.email] += 1
        return True

    def move(self, place: Place, up: bool) -> bool:
        """Move somebody one place in the list of their category."""
        among = [row for row in self.active(place.delegation) if row.state != "waitlisted" and row.category == place.category]
        order = sorted(among, key=lambda row: (row.position, row.queued, row.number))
        if place not in order:
            return False
        at = order.index(place)
        other = at - 1 if up else at + 1
        if 0 <= other < len(order):
            order[at], order[other] = order[other], order[at]
            for row, position in zip(order, itertools.count(1), strict=False):
                row.position = position
            self.verbs["registration.order"] += 1
        return True

    def limit(self, key: Limit, seats: int | None) -> bool:
        """Set a limit (None: none), and offer what that frees."""
        if seats is not None and seats < self.used(key):
            return False
        if seats is None:
            self.quotas.pop(key, None)
        else:
            self.quotas[key] = seats
        self.promote(key[0])
        return True

    def ask(self, delegation: int, same: tuple[str, str]) -> Place | bool | None:
        """Somebody asks for a place and shows the address to be theirs: False when none is taken, None when an organiser has to look."""
        if not self.is_open or self.now > min(self.nominate_by, self.freeze):
            return False
        self.mails[same[1]] += 2  # the link, and that the request is being looked at
        self.verbs["request.prove"] += 1
        if self.delegations[delegation].answer == "declined" or self.listed(delegation, same):
            return None
        place = self.start(delegation, self.record_of(delegation, same), "delegate", "in_person", "requested")
        place.asked = True
        self.verbs["request.match"] += 1
        self.write(place, "", "requested", "person")
        return place

    def ask_late(self, delegation: int, same: tuple[str, str], waiting: list) -> bool:
        """A focal point asks the organisers for somebody when the time to name has passed; the event's mailbox hears of it."""
        if not self.is_open or self.now <= min(self.nominate_by, self.freeze) or (delegation, same) in waiting:
            return False
        self.mails["organisers@example.org"] += 1
        self.verbs["late_request.ask"] += 1
        return True

    def decide_late(self, delegation: int, same: tuple[str, str], accept: bool) -> Place | bool | None:
        """An organiser gives what was asked late, or not; who gets a seat is invited at once. False when it cannot be given."""
        place = self.nominate(delegation, same, "delegate", "in_person", "officer") if accept else None
        if accept and place is None:
            return False
        if place and place.state == "nominated":
            self.invite(place)
        self.verbs["late_request.decide"] += 1
        self.mails.update(self.delegations[delegation].focal_points)
        return place

    def decline(self, delegation: int) -> bool:
        """A delegation says it does not come: everybody leaves the list."""
        for place in self.active(delegation):
            self.step(place, "withdrawn", "focal point")
        self.delegations[delegation].answer = "declined"
        self.verbs["delegation.answer"] += 1
        self.promote()
        return True

    def settle(self, place: Place) -> bool:
        """An organiser lets one of the registrations of a person stay, and withdraws the others."""
        if not self.doubles(place):
            return False
        for other in sorted(self.doubles(place), key=lambda other: (other.delegation, other.number)):
            self.withdraw(other, "officer")
        self.verbs["registration.double"] += 1
        return True

    def merge(self, keep: Record, other: Record) -> bool:
        """An organiser brings two records of one organisation together."""
        if keep is other or keep.delegation != other.delegation or (keep.account and other.account and keep.account != other.account):
            return False
        active = [place.who for place in self.places if place.is_active]
        if any(who is keep for who in active) and any(who is other for who in active):
            return False
        for place in self.places:
            place.who = keep if place.who is other else place.who
        keep.account = keep.account or other.account
        self.records.remove(other)
        self.verbs["delegate.merge"] += 1
        return True

    def rename(self, place: Place, family_name: str) -> bool:
        """A person writes another name: at once before the approval, beside the approved one after it."""
        is_new = place.who.family_name != family_name
        if place.state == "approved":
            wanted = family_name if is_new else ""
            self.verbs["registration.correct"] += wanted != place.waits_beside
            place.waits_beside = wanted
        elif place.state == "submitted":
            self.verbs["registration.correct"] += is_new
            place.who.family_name = family_name
        else:
            return False
        return True

    def let_in(self, place: Place, accept: bool) -> bool:
        """An officer accepts or refuses the name that waits."""
        if not place.waits_beside:
            return False
        if accept:
            place.who.family_name = place.waits_beside
        place.waits_beside = ""
        self.verbs["registration.change"] += 1
        self.mails[place.who.email] += 1
        return True
