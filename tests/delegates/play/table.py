"""The other side of a game: the real event the acts are played on, and what must hold of its rows after every act."""

import collections
import datetime as dt

import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis.stateful import RuleBasedStateMachine, invariant

from conference.lib.viewer import Actor
from delegates.models import LateRequest, Quota, Registration, RegistrationMove
from delegates.rules import FOCAL
from events.actions import broken_link
from events.models import AuditEntry, OutboxMail
from events.rules import NotAllowed
from tests.delegates.play.acts import Acts
from tests.delegates.play.model import NEXT, Place
from tests.factories import DelegationFactory, EventFactory, FocalPointFactory, StaffRoleFactory, UserFactory

START = dt.datetime(2027, 1, 11, 9, tzinfo=dt.UTC)
PEOPLE = [(name, f"{name.lower()}@example.org") for name in ("Nagy", "Łukasz", "O’Brien", "Papadopoulou", "Şahin")]


class Table(RuleBasedStateMachine):
    """One event with two delegations, played from empty."""

    def __init__(self):
        super().__init__()
        self.clock = time_machine.travel(START, tick=False)
        self.now = self.clock.start()
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.set_up()

    def set_up(self):
        model = self.model = Acts(2, START)
        days = [START + dt.timedelta(days=number) for number in (10, 20, 30)]
        model.nominate_by, model.confirm_by, model.freeze = days
        deadlines = dict(zip(("nominate_by_at", "confirm_by_at", "freeze_at"), days, strict=True))
        self.event = EventFactory(answer_by_at=None, travel_by_at=None, takes_requests=True, **deadlines)
        self.delegations = [DelegationFactory(event=self.event, seats=seats) for seats in (2, 3)]
        model.quotas = {(None, "", ""): 4, (0, "", ""): 2, (1, "", ""): 3}
        Quota.objects.create(event=self.event, seats=4)
        self.users = {email: UserFactory(email=email) for _name, email in PEOPLE}
        self.focal_points = [UserFactory(email=f"focal{number}@example.org") for number in range(2)]
        for delegation, user in zip(self.delegations, self.focal_points, strict=True):
            FocalPointFactory(delegation=delegation, user=user)
        self.organiser = StaffRoleFactory(event=self.event).user
        self.reviewer = StaffRoleFactory(event=self.event)
        StaffRoleFactory(user=self.reviewer.user)  # a manager elsewhere, whatever they are here
        self.asked_late, self.looks, self.reviews = {}, 0, 0
        self.seen_mail = self.seen_entry = self.seen_move = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)
        self.clock.stop()

    # How acts are played.

    def by(self, party, number) -> Actor:
        """Who acts: the focal point of a delegation, or the organiser."""
        if party == FOCAL:
            return Actor(user=self.focal_points[number], hat=f"focal:{self.delegations[number].public_id}")
        return Actor(user=self.organiser, hat="organiser")

    def as_person(self, place: Place) -> Actor:
        return Actor(user=self.users.get(place.who.email), hat=f"registration:{place.row.public_id}")

    def find(self, number: int, *states: str, named: bool = False) -> Place | None:
        """A place in one of some states; now and then one in any, or the only ones there are."""
        everyone = [place for place in self.model.places if place.who or not named]
        fitting = [place for place in everyone if place.state in states] if number % 7 else []
        found = fitting or everyone
        return found[number % len(found)] if found else None

    def play(self, act, expected):
        """Do an act, which must go as `expected` says: refused without a trace (False, None), or done; give what it gave."""
        made, refusal = None, ""
        try:
            with transaction.atomic():
                made = act()
        except NotAllowed as error:
            refusal = f"refused: {error}"
        is_expected = expected not in (False, None)
        assert is_expected == (not refusal), refusal or "done, though the domain forbids it"
        return made

    def signed_in(self, user) -> Client:
        client = Client()  # a new one: the game's clock ends sign-ins
        client.force_login(user)
        return client

    def page(self, user, name, public_id):
        return self.signed_in(user).get(reverse(f"delegates:{name}", args=[self.event.slug, public_id]))

    # What holds after every act.

    @invariant()
    def rules_hold(self):
        self.nothing_is_exceeded_and_nobody_passed_over()
        self.lists_are_whole()
        self.every_step_is_of_the_table()
        self.database_says_what_the_model_says()
        self.everybody_is_told_once_and_every_act_recorded()

    def database_says_what_the_model_says(self):
        rows = Registration.objects.filter(event=self.event).select_related("delegate").order_by("pk")
        said = [
            (
                row.state,
                row.category,
                row.mode,
                row.delegate and (row.delegate.family_name, row.delegate.email),
                row.lapses,
                row.offer_expires_at,
                row.invited_at,
                row.position,
                row.function,
                row.consent,
            )
            for row in rows
        ]
        assert said == [
            (
                place.state,
                place.category,
                place.mode,
                place.who and place.who.same,
                place.lapses,
                place.until,
                place.invited,
                place.position,
                place.function,
                place.consent,
            )
            for place in self.model.places
        ]

    def nothing_is_exceeded_and_nobody_passed_over(self):
        quotas = {(row.delegation_id, row.category, row.mode): row for row in Quota.objects.filter(event=self.event)}
        keys = {key: (self.delegations[key[0]].pk if key[0] is not None else None, *key[1:]) for key in self.model.quotas}
        assert set(keys.values()) == set(quotas)
        for key, seats in self.model.quotas.items():
            quota = quotas[keys[key]]
            assert (quota.seats, quota.taken) == (seats, self.model.used(key))
            assert quota.taken <= quota.seats
        assert self.model.passed_over() == []

    def every_step_is_of_the_table(self):
        for move in RegistrationMove.objects.filter(event=self.event, pk__gt=self.seen_move).order_by("pk"):
            is_legal = not move.from_state or move.from_state == move.to_state or move.to_state in NEXT[move.from_state]
            assert is_legal, (move.from_state, move.to_state)
            assert (move.actor == "system") == (move.hat == "system")
            self.seen_move = move.pk

    def everybody_is_told_once_and_every_act_recorded(self):
        mails = list(OutboxMail.objects.filter(pk__gt=self.seen_mail).order_by("pk").values_list("pk", "to"))
        entries = list(AuditEntry.objects.filter(event=self.event, pk__gt=self.seen_entry).order_by("pk").values_list("pk", "verb"))
        self.seen_mail = max([self.seen_mail, *(pk for pk, _to in mails)])
        self.seen_entry = max([self.seen_entry, *(pk for pk, _verb in entries)])
        assert collections.Counter(to for _pk, to in mails) == +self.model.mails
        assert collections.Counter(verb for _pk, verb in entries) == +self.model.verbs
        assert broken_link(self.event) is None
        self.model.begin()

    def lists_are_whole(self):
        active = [place for place in self.model.places if place.is_active]
        for at, delegation in enumerate(self.model.delegations):
            assert sum(place.category == "head" for place in active if place.delegation == at) <= 1
            assert delegation.answer != "declined" or not self.model.active(at)
        named = [id(place.who) for place in active if place.who]
        assert len(named) == len(set(named))
        assert LateRequest.objects.filter(event=self.event).open().count() == len(self.asked_late)
