"""Naming many at once: the same tables as naming one by one, whatever the list."""

import datetime as dt

import pytest
from django.db import transaction

from conference.lib.viewer import Actor
from delegates import actions
from delegates.actions import Naming
from delegates.actions.places import LedgerBroken, take_places
from delegates.choices import Answer, RegistrationState
from delegates.models import Delegate, Quota, Registration, RegistrationMove
from delegates.rules import FOCAL, OFFICER
from events.actions import broken_link, record, record_many
from events.choices import EventState
from events.models import AuditEntry
from events.rules import NotAllowed
from tests.factories import DelegateFactory, DelegationFactory, EventFactory, RegistrationFactory, hours_from_now

pytestmark = pytest.mark.django_db
BY = Actor(hat="organiser:manager", source="A list of May")


def people(delegation, other):
    """Somebody new, a head and a second, one twice, one known, one listed, an interpreter, and more than there are seats."""
    plain = [Naming(delegation.pk, "Given", f"Family {number}", f"{number}@example.org") for number in range(4)]
    return [
        Naming(delegation.pk, "Anna", "Kovács", "anna@example.org", category="head", function="Director", language="fr"),
        Naming(delegation.pk, "Béla", "Kovács", category="head"),
        Naming(delegation.pk, "ANNA", "KOVACS", "Anna@Example.org"),
        Naming(delegation.pk, "Known", "Person", "known@example.org"),
        Naming(delegation.pk, "Listed", "Person", "listed@example.org"),
        Naming(delegation.pk, "", "Interpreter", category="interpreter"),
        Naming(other.pk, "Anna", "Kovács", "anna@example.org"),
        *plain,
        Naming(delegation.pk, "Late", "Interpreter", category="interpreter"),
    ]


def world():
    delegation = DelegationFactory(seats=3)
    other = DelegationFactory(event=delegation.event, seats=1)
    declined = DelegationFactory(event=delegation.event, answer=Answer.DECLINED)
    DelegateFactory(organisation=delegation.organisation, given_name="Known", family_name="Person", email="Known@example.org", function="")
    listed = DelegateFactory(
        organisation=delegation.organisation, given_name="Listed", family_name="Person", email="listed@example.org", function=""
    )
    RegistrationFactory(delegation=delegation, delegate=listed)
    return [*people(delegation, other), Naming(declined.pk, "Nobody", "Comes")], delegation.event


def tables(event):
    rows = Registration.objects.filter(event=event).order_by("pk")
    fields = ("category", "state", "position", "function", "source", "delegate__given_name", "delegate__family_name", "delegate__email")
    moves = RegistrationMove.objects.filter(event=event).order_by("pk")
    quotas = Quota.objects.filter(event=event).order_by("pk")
    acts = AuditEntry.objects.filter(event=event).order_by("number")
    return [
        list(rows.values_list(*fields, "delegate__language", "delegate__function")),
        list(moves.values_list("from_state", "to_state", "category", "standing", "actor", "hat")),
        list(quotas.values_list("seats", "taken")),
        list(acts.values_list("number", "verb", "details", "hat")),
        Delegate.objects.filter(registrations__event=event).distinct().count(),
        broken_link(event),
    ]


def one_by_one(event, wanted):
    said = []
    delegations = {delegation.pk: delegation for delegation in event.delegations.all()}
    for naming in wanted:
        facts = {name: getattr(naming, name) for name in ("given_name", "family_name", "email", "category", "function", "language")}
        try:
            actions.nominate(delegations[naming.delegation_id], **facts, by=BY, made_by=OFFICER)
            said.append("")
        except NotAllowed as refusal:
            said.append(str(refusal))
    return said


def test_many_at_once_leave_the_same_tables_as_one_by_one():
    wanted, event = world()
    said = one_by_one(event, wanted)
    again, other_event = world()
    answers = actions.name_people(other_event, again, by=BY, made_by=OFFICER)
    assert [str(answer) if isinstance(answer, NotAllowed) else "" for answer in answers] == said
    assert sum(bool(words) for words in said) == 4
    assert tables(other_event) == tables(event)


@pytest.mark.parametrize(
    ("state", "made_by", "category", "words"),
    [
        (EventState.CLOSED, OFFICER, "delegate", "Registration for this event is not open."),
        (EventState.OPEN, FOCAL, "press", "Only the organisers give this category."),
        (EventState.OPEN, FOCAL, "delegate", "The time to nominate has ended."),
    ],
)
def test_rules_of_nominating_hold_for_many(state, made_by, category, words):
    event = EventFactory(state=state, answer_by_at=None, nominate_by_at=hours_from_now(-1 if category == "delegate" else 1))
    delegation = DelegationFactory(event=event)
    [answer] = actions.name_people(event, [Naming(delegation.pk, "A", "B", category=category)], by=BY, made_by=made_by)
    assert (str(answer), Registration.objects.count(), AuditEntry.objects.count()) == (words, 0, 0)


def test_places_are_taken_in_the_order_of_the_list_and_never_more_than_there_are():
    delegation = DelegationFactory(seats=2)
    names = [Naming(delegation.pk, "", f"Person {number}") for number in range(5)]
    made = actions.name_people(delegation.event, names, by=BY, made_by=OFFICER)
    assert [one.state for one in made] == ["nominated"] * 2 + ["waitlisted"] * 3
    assert Quota.objects.values_list("taken", flat=True).get() == 2


def test_quota_that_says_more_than_its_row_is_not_believed():
    delegation = DelegationFactory(seats=1)
    stale = list(Quota.objects.all())
    Quota.objects.update(taken=1)
    with pytest.raises(LedgerBroken), transaction.atomic():
        take_places([Registration(event=delegation.event, delegation=delegation, category="delegate")], stale)


def test_many_acts_make_one_whole_chain():
    event = EventFactory()
    with transaction.atomic():
        record(BY, "one", event=event)
        record_many(BY, "many", [(None, {"n": number}) for number in range(3)], event=event)
        record(BY, "last", event=event)
        record_many(BY, "many", [], event=event)
    event.refresh_from_db()
    assert (event.stamp, broken_link(event)) == (5, None)
    assert list(AuditEntry.objects.order_by("number").values_list("verb", flat=True)) == ["one", "many", "many", "many", "last"]
    AuditEntry.objects.filter(number=3).update(details={"n": 9})
    assert broken_link(event) == 3


def test_correction_refuses_what_a_person_confirmed():
    registration = RegistrationFactory(state=RegistrationState.APPROVED)
    with pytest.raises(NotAllowed, match="given their own data"):
        actions.correct_nomination(registration, facts={"function": "X"}, by=BY, made_by=OFFICER)


def test_correction_writes_what_differs_and_names_the_fields_in_the_record():
    registration = RegistrationFactory(delegate__function="Analyst")
    facts = {"function": "Analyst", "birth_date": dt.date(1980, 4, 25), "nationalities": ["HU"]}
    assert actions.correct_nomination(registration, facts=facts, by=BY, made_by=OFFICER) == ["nationalities", "birth_date", "function"]
    registration.refresh_from_db()
    assert (registration.function, registration.delegate.birth_date) == ("Analyst", dt.date(1980, 4, 25))
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.details["fields"]) == ("registration.correct", ["nationalities", "birth_date", "function"])
    assert actions.correct_nomination(registration, facts=facts, by=BY, made_by=OFFICER) == []
    assert AuditEntry.objects.count() == 1
