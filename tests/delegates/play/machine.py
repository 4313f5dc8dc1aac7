"""The rules by which a game goes on: who may do what next, each act on the model and on the event."""

import datetime as dt
import json

from django.urls import reverse
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from conference.actions import save_event, tidy
from delegates import actions
from delegates.choices import LateKind
from delegates.models import Invitation, Registration
from delegates.rules import FOCAL, OFFICER, PERSON
from events.actions import change_event_state
from events.models import StaffRole
from tests.delegates.play.model import ENDED, HOLDS, NEXT, REVIEWERS, ROLES
from tests.delegates.play.table import PEOPLE, Table

LOOKS, REVIEWS = 2, 4  # of a game; one costs as much as ten acts
NUMBER = st.integers(0, 19)
WHO = st.sampled_from(PEOPLE)
PARTY = st.sampled_from([FOCAL, FOCAL, OFFICER])
CATEGORY = st.sampled_from(["delegate", "delegate", "delegate", "head", "expert", "driver", "guest"])
MODE = st.sampled_from(["in_person", "in_person", "in_person", "remote"])
WHERE = st.sampled_from([0, 0, 1])
PAGES = {"decide": ["approved", "approved", "returned", "refused"], "clear": ["cleared", "cleared", "refused"]}
ACTS = [(act, decision) for act, decisions in PAGES.items() for decision in decisions]
MAY = [(role, *act) for act in ACTS for role in sorted(REVIEWERS[act[0]])]
REVIEW = st.tuples(
    st.sampled_from(MAY) | st.tuples(st.sampled_from(ROLES), st.sampled_from(ACTS)).map(lambda drawn: (drawn[0], *drawn[1])),
    st.sampled_from([True, True, False]),
)
LIMITS = st.sampled_from([(None, "", ""), (0, "delegate", ""), (None, "expert", ""), (None, "", "remote"), (1, "", "in_person")])


def person(same) -> dict:
    return {"given_name": "Given", "family_name": same[0], "email": same[1]}


def there(*states):
    """Play a rule only while somebody is in one of some states (or anywhere)."""
    return precondition(lambda self: any(place.state in (states or NEXT) for place in self.model.places))


class Play(Table):
    """One event with two delegations, played from empty."""

    @initialize(
        names=st.lists(st.tuples(WHERE, WHO, CATEGORY), min_size=2, max_size=5),
        send=st.booleans(),
        sent=st.integers(0, 6),
        reviews=st.lists(st.tuples(NUMBER, REVIEW), min_size=1, max_size=3),
    )
    def begin(self, names, send, sent, reviews):
        """Start with people on both lists, three of them waiting for a seat of the first delegation, some of their forms, and reviews."""
        for at, same, category in [*((0, same, "delegate") for same in PEOPLE), *names]:
            self.nominate(at, same, category, "in_person", FOCAL)
            self.rules_hold()
        for at in (0, 1) if send else ():
            self.send_list(at, FOCAL)
            self.rules_hold()
        for place in [place for place in self.model.places if place.invited][:sent]:
            self.model.begin()
            act = lambda place=place: actions.give_data(place.row, data={"function": "Analyst"}, by=self.as_person(place))  # noqa: E731 -- one of many
            self.play(act, self.model.submit(place, "Analyst", "not_given"))
            self.rules_hold()
        for number, review in reviews:
            self.review(number, review)
            self.rules_hold()

    # What people do.

    @rule(at=WHERE, same=WHO, category=CATEGORY, mode=MODE, party=PARTY)
    def nominate(self, at, same, category, mode, party):
        self.model.begin()
        place = self.model.nominate(at, same, category, mode, party)
        options = {"category": category, "mode": mode, "by": self.by(party, at), "made_by": party}
        made = self.play(lambda: actions.nominate(self.delegations[at], **person(same), **options), place)
        if place:
            place.row = made

    @rule(at=WHERE, category=CATEGORY, party=PARTY)
    def keep_seat(self, at, category, party):
        self.model.begin()
        place = self.model.keep(at, category, party)
        options = {"category": category, "by": self.by(party, at), "made_by": party}
        made = self.play(lambda: actions.keep_seat(self.delegations[at], **options), place)
        if place:
            place.row = made

    @there("placeholder")
    @rule(number=NUMBER, same=WHO, party=PARTY)
    def name(self, number, same, party):
        if place := self.find(number, "placeholder"):
            self.model.begin()
            options = person(same) | {"by": self.by(party, place.delegation), "made_by": party}
            self.play(lambda: actions.name_placeholder(place.row, **options), self.model.name(place, same, party))

    @there("nominated", "submitted", "returned", "approved")
    @rule(number=NUMBER, same=WHO, party=PARTY)
    def replace(self, number, same, party):
        if place := self.find(number, "nominated", "submitted", "returned", "approved"):
            self.model.begin()
            new = self.model.replace(place, same, party)
            options = person(same) | {"by": self.by(party, place.delegation), "made_by": party}
            made = self.play(lambda: actions.replace_person(place.row, **options), new)
            if new:
                new.row = made

    @there("nominated")
    @rule(at=WHERE, party=PARTY)
    def send_list(self, at, party):
        self.model.begin()
        self.play(lambda: actions.send_list(self.delegations[at], by=self.by(party, at)), self.model.send(at, party))
        # `send_list` gives a number, which may be none

    @there("nominated", "returned", "submitted", "approved")
    @rule(number=NUMBER, function=st.sampled_from(["Analyst", "Adviser"]), consent=st.sampled_from(["hidden", "public"]))
    def submit(self, number, function, consent):
        place = self.find(number, "nominated", "returned", "submitted", "approved", named=True)
        if place and place.knows:
            self.model.begin()
            data, by = {"function": function, "consent": consent}, self.as_person(place)
            self.play(lambda: actions.give_data(place.row, data=data, by=by), self.model.submit(place, function, consent))

    @there("approved", "submitted")
    @rule(number=NUMBER, name=st.sampled_from(["Nagy", "Kovács"]))
    def rename(self, number, name):
        place = self.find(number, "approved", "submitted", named=True)
        if place and place.state in ("approved", "submitted"):
            self.model.begin()
            act = lambda: actions.correct_registration(place.row, data={"family_name": name}, by=self.as_person(place))  # noqa: E731 -- one of many
            self.play(act, self.model.rename(place, name))

    @precondition(lambda self: any(place.waits_beside or place.wants_head for place in self.model.places))
    @rule(number=NUMBER, accept=st.booleans())
    def let_in(self, number, accept):
        waiting = [place for place in self.model.places if place.waits_beside or place.wants_head]
        place = waiting[number % len(waiting)]
        self.model.begin()
        expected = self.model.let_in(place, accept) if place.waits_beside else self.model.give_head(place, accept)
        change = place.row.pending_changes.open().order_by("-field").first()  # the name before the category
        self.play(lambda: actions.decide_change(change, accept=accept, by=self.by(OFFICER, 0)), expected)

    @there()
    @rule(number=NUMBER, party=st.sampled_from([FOCAL, OFFICER, PERSON]))
    def withdraw(self, number, party):
        place = self.find(number, *HOLDS, "requested", "waitlisted", named=party == PERSON)
        if place and (party != PERSON or place.knows):
            self.model.begin()
            by = self.as_person(place) if party == PERSON else self.by(party, place.delegation)
            options = {"to": "withdrawn", "by": by, "made_by": party}
            self.play(lambda: actions.move_registration(place.row, **options), self.model.withdraw(place, party))

    @there("withdrawn")
    @rule(number=NUMBER)
    def undo(self, number):
        if place := self.find(number, "withdrawn"):
            self.model.begin()
            expected = self.model.undo(place)
            self.play(lambda: actions.undo_withdrawal(place.row, by=self.by(FOCAL, place.delegation)), expected)

    @there("offered", "requested")
    @rule(number=NUMBER, party=PARTY)
    def accept(self, number, party):
        place = self.find(number, "offered", "requested")
        if place and place.state in ("offered", "requested", "waitlisted", "replaced"):
            self.model.begin()
            options = {"to": "nominated", "by": self.by(party, place.delegation), "made_by": party}
            self.play(lambda: actions.move_registration(place.row, **options), self.model.accept(place, party))

    @there("submitted", "waitlisted", "requested", "approved")
    @rule(number=NUMBER, to=st.sampled_from(["approved", "approved", "returned", "refused", "revoked"]))
    def decide(self, number, to):
        if place := self.find(number, *(state for state in NEXT if to in NEXT[state])):
            self.model.begin()
            options = {"to": to, "by": self.by(OFFICER, 0), "made_by": OFFICER, "reason": "The reason why."}
            self.play(lambda: actions.move_registration(place.row, **options), self.model.decide(place, to))

    @there(*ENDED)
    @rule(number=NUMBER)
    def reopen(self, number):
        place = self.find(number, *ENDED)
        if place and place.state in ENDED:
            self.model.begin()
            to = "submitted" if place.state == "refused" else "nominated"
            options = {"to": to, "by": self.by(OFFICER, 0), "made_by": OFFICER}
            self.play(lambda: actions.move_registration(place.row, **options), self.model.decide(place, to))

    @there("submitted")
    @rule(number=NUMBER, decision=st.sampled_from(["cleared", "cleared", "refused", "pending"]))
    def clear(self, number, decision):
        if place := self.find(number, "submitted", named=True):
            self.model.begin()
            expected = self.model.clear(place, decision)
            self.play(lambda: actions.decide_security(place.row, decision=decision, by=self.by(OFFICER, 0)), expected)

    @precondition(lambda self: self.reviews < REVIEWS)
    @there("submitted")
    @rule(number=NUMBER, review=REVIEW)
    def review(self, number, review):
        """Somebody who holds a role, or held it until now, takes a decision on the page of the queue."""
        place, ((role, act, decision), is_live) = self.find(number, "submitted", named=True), review
        if place and place.state == "submitted":
            self.model.begin()
            self.reviews += 1
            StaffRole.objects.filter(pk=self.reviewer.pk).update(role=role, until_at=None if is_live else self.model.now)
            row = Registration.objects.get(pk=place.row.pk)
            typed = {"to": decision, "decision": decision, "reason": "The reason why."}
            typed["seen"] = json.dumps(actions.marks_of(row, for_security=act == "clear"))
            expected = self.model.review(place, role, act, decision, is_live=is_live)
            address = reverse(f"organise:queue_{'decide' if act == 'decide' else 'security'}", args=[self.event.slug, row.public_id])
            assert self.signed_in(self.reviewer.user).post(address, typed).status_code == expected

    @there()
    @rule(number=NUMBER, category=CATEGORY, mode=MODE, is_mode=st.booleans())
    def change_place(self, number, category, mode, is_mode):
        place = self.find(number, *HOLDS, "waitlisted")
        if place and place.is_active:
            self.model.begin()
            name, value = ("mode", mode) if is_mode else ("category", category)
            expected = self._changed(place, name, value)
            act = actions.change_mode if is_mode else actions.change_category
            self.play(lambda: act(place.row, **{name: value}, by=self.by(OFFICER, 0)), expected)

    def _changed(self, place, name, value) -> bool:
        if getattr(place, name) == value:
            return True
        if value == "head" and self.model.head(place.delegation):
            return False
        new = {"category": place.category, "mode": place.mode} | {name: value}
        if not self.model.change([(place, new["category"], new["mode"])]):
            return False
        self.model.verbs[f"registration.{name}"] += 1
        self.model.promote(place.delegation)
        return True

    @there("nominated", "submitted", "returned", "approved")
    @rule(number=NUMBER)
    def name_head(self, number):
        if place := self.find(number, "nominated", "submitted", "returned", "approved"):
            self.model.begin()
            self.play(lambda: actions.name_head(place.row, by=self.by(FOCAL, place.delegation)), self.model.name_head(place))

    @there()
    @rule(number=NUMBER, up=st.booleans())
    def move_person(self, number, up):
        if place := self.find(number, *HOLDS):
            self.model.begin()
            expected = self.model.move(place, up)
            self.play(lambda: actions.move_person(place.row, up=up, by=self.by(FOCAL, place.delegation)) or True, expected)

    @rule(at=WHERE, is_declined=st.sampled_from([False, False, True]), with_people=st.sampled_from([False, False, True]))
    def answer(self, at, is_declined, with_people):
        self.model.begin()
        by = self.by(FOCAL, at)
        if is_declined and with_people:
            self.play(lambda: actions.decline_with_people(self.delegations[at], by=by) or True, self.model.decline(at))
            return
        expected = not (is_declined and self.model.active(at))
        answer = "declined" if is_declined else "coming"
        if expected:
            self.model.delegations[at].answer = answer
            self.model.verbs["delegation.answer"] += 1
        self.play(lambda: actions.answer_invitation(self.delegations[at], answer=answer, by=by), expected)

    @rule(at=WHERE, same=WHO)
    def request(self, at, same):
        self.model.begin()
        place = self.model.ask(at, same)
        words = person(same) | {"organisation": self.delegations[at].organisation.name_en, "function": "", "language": "en"}

        self.event.refresh_from_db()  # as a page does

        def ask():
            asked = actions.request_place(self.event, person=words)
            actions.accept_request(asked.invitations.get(), user=self.users[same[1]])
            asked.refresh_from_db()
            return asked

        asked = self.play(ask, place is not False)
        if asked:
            assert (asked.registration is None) == (place is None)
        if place:
            place.row = asked.registration

    @precondition(lambda self: self.model.now > min(self.model.nominate_by, self.model.freeze))
    @rule(at=WHERE, same=WHO)
    def ask_late(self, at, same):
        self.model.begin()
        options = {"kind": LateKind.NOMINATE, "category": "delegate", "by": self.by(FOCAL, at)}
        words = person(same) | {"function": "", "language": "en"}
        expected = self.model.ask_late(at, same, list(self.asked_late))
        made = self.play(lambda: actions.ask_late(self.delegations[at], person=words, **options), expected)
        if expected:
            self.asked_late[at, same] = made

    @precondition(lambda self: self.asked_late)
    @rule(number=NUMBER, accept=st.booleans())
    def decide_late(self, number, accept):
        if self.asked_late:
            self.model.begin()
            key = list(self.asked_late)[number % len(self.asked_late)]
            place = self.model.decide_late(*key, accept)
            options = {"accept": accept, "reason": "The reason why.", "by": self.by(OFFICER, 0)}
            made = self.play(lambda: actions.decide_late(self.asked_late[key], **options), place is not False)
            if made:
                del self.asked_late[key]
            if place:
                place.row = made.result

    @precondition(lambda self: any(place.invited and place.is_active for place in self.model.places))
    @rule(number=NUMBER)
    def accept_invitation(self, number):
        usable = Invitation.objects.usable(self.model.now).filter(event=self.event, registration__isnull=False).order_by("pk")
        rows = {place.row.pk: place for place in self.model.places}
        assert {invitation.registration_id for invitation in usable} <= {pk for pk, place in rows.items() if place.is_active}
        if usable:
            self.model.begin()
            invitation = usable[number % len(usable)]
            who = rows[invitation.registration_id].who
            assert invitation.email == who.email
            expected = who.account in ("", who.email)
            who.account = who.email if expected else who.account
            self.model.verbs["invitation.accept"] += expected
            self.play(lambda: actions.accept_invitation(invitation, user=self.users[who.email]), expected)

    @precondition(lambda self: any(place.is_active and self.model.doubles(place) for place in self.model.places))
    @rule(number=NUMBER)
    def settle_double(self, number):
        doubled = [place for place in self.model.places if place.is_active and self.model.doubles(place)]
        if doubled:
            self.model.begin()
            place = doubled[number % len(doubled)]
            leave = [other.row for other in self.model.doubles(place)]
            act = lambda: actions.settle_double(place.row, leave=leave, reason="Why.", by=self.by(OFFICER, 0))  # noqa: E731 -- one of many
            self.play(act, self.model.settle(place))

    @precondition(lambda self: len(self.model.records) > 2)
    @rule(number=NUMBER, other=NUMBER)
    def merge(self, number, other):
        if self.model.records:
            self.model.begin()
            first, second = (self.model.records[which % len(self.model.records)] for which in (number, other))
            pair = [next((place.row for place in self.model.places if place.who is record), None) for record in (first, second)]
            if None not in pair:
                keep, gone = (Registration.objects.get(pk=row.pk).delegate for row in pair)
                by = self.by(OFFICER, 0)
                self.play(lambda: actions.merge_delegates(keep, gone, event=self.event, by=by), self.model.merge(first, second))

    # What organisers set, and time.

    @rule(at=WHERE, seats=st.integers(0, 4))
    def change_seats(self, at, seats):
        self.model.begin()
        expected = self.model.limit((at, "", ""), seats)
        self.model.verbs["delegation.change"] += expected
        options = {"seats": seats, "standing": "member", "by": self.by(OFFICER, 0)}
        self.play(lambda: actions.change_delegation(self.delegations[at], **options), expected)

    @rule(key=LIMITS, seats=st.sampled_from([None, 0, 1, 2, 3, 6]))
    def change_limit(self, key, seats):
        self.model.begin()
        at, category, mode = key
        is_there, by = key in self.model.quotas, self.by(OFFICER, 0)
        expected = self.model.limit(key, seats)
        of = {"category": category, "mode": mode, "by": by, "delegation": None if at is None else self.delegations[at]}
        if not category and not mode:
            self.model.verbs["event.capacity"] += expected
            act = lambda: actions.set_capacity(self.event, seats=seats, by=by) or True  # noqa: E731 -- one of three
        elif seats is None:
            self.model.verbs["quota.remove"] += is_there
            act = lambda: actions.remove_quota(self.event, **of) or True  # noqa: E731 -- one of three
        else:
            self.model.verbs["quota.set"] += expected
            act = lambda: actions.keep_quota(self.event, seats=seats, **of)  # noqa: E731 -- one of three
        self.play(act, expected)

    @rule(name=st.sampled_from(["nominate_by", "confirm_by", "freeze"]), hours=st.sampled_from([-1, 5 * 24, 20 * 24]))
    def move_deadline(self, name, hours):
        self.model.begin()
        setattr(self.model, name, self.model.now + dt.timedelta(hours=hours))
        self.model.confirm_by = min(self.model.confirm_by, self.model.freeze)  # as the form and the table ask
        self._set(**{f"{name}_at": getattr(self.model, name) for name in ("nominate_by", "confirm_by", "freeze")})

    @rule(on=st.booleans(), days=st.sampled_from([1, 3]))
    def set_event(self, on, days):
        self.model.begin()
        self.model.security, self.model.offer_days = on, days
        self._set(security_decides=on, offer_days=days)

    def _set(self, **facts):
        self.event.refresh_from_db()
        self.model.verbs["event.edit"] += any(getattr(self.event, name) != value for name, value in facts.items())
        self.model.promote()
        capacity = self.model.quotas.get((None, "", ""))
        self.play(lambda: save_event(self.event, facts=facts, capacity=capacity, by=self.by(OFFICER, 0)), True)

    @rule(number=NUMBER)
    def open_or_shut(self, number):
        if self.model.is_open and number != 13:
            return
        self.model.begin()
        self.model.is_open = not self.model.is_open
        self.model.verbs["event.state"] += 1
        to = "open" if self.model.is_open else "announced"
        self.play(lambda: change_event_state(self.event, to=to, by=self.by(OFFICER, 0)), True)

    @rule(minutes=st.sampled_from([1, 61, 24 * 60, 3 * 24 * 60, 8 * 24 * 60]), works=st.booleans())
    def wait(self, minutes, works):
        self.model.begin()
        self.model.now += dt.timedelta(minutes=minutes)
        self.now.move_to(self.model.now, tick=False)
        if works:
            self.model.lapse()
            tidy(self.model.now)

    @precondition(lambda self: self.looks < LOOKS)
    @rule(number=NUMBER)
    def look(self, number):
        """A focal point opens their own page and the other's; a person their own registration and somebody else's."""
        self.model.begin()
        self.looks += 1
        at = number % 2
        assert self.page(self.focal_points[at], "delegation", self.delegations[1 - at].public_id).status_code == 404
        page = self.page(self.focal_points[at], "delegation", self.delegations[at].public_id)
        assert page.status_code == 200
        shown = page.content.decode()
        assert [place for place in self.model.places if place.delegation != at and place.row.public_id in shown] == []
        known = [place for place in self.model.places if place.who and place.who.account and place.knows and place.is_active]
        others = [place for place in self.model.places if known and (place.who is None or place.who.account != known[0].who.account)]
        for place in (*known[:1], *others[:1]):
            page = self.page(self.users[known[0].who.account], "registration", place.row.public_id)
            assert page.status_code == (200 if place is known[0] else 404)
