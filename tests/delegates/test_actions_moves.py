"""The registration table, walked in full: every pair of states, by everyone who might make the move."""

import pytest

from conference.lib.viewer import SYSTEM, Actor
from delegates.actions import decide, move_registration, replace_person
from delegates.choices import Category, RegistrationState, SecurityDecision
from delegates.models import Quota, Registration, RegistrationMove
from delegates.rules import FOCAL, OFFICER, PERSON, PROGRAM, TRANSITIONS, UNDOING
from events.choices import EventState
from events.models import AuditEntry, OutboxMail
from events.rules import NotAllowed
from tests.factories import (
    DelegateFactory,
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    RegistrationFactory,
    UserFactory,
    hours_from_now,
)

pytestmark = pytest.mark.django_db

# The table written again by hand, from the words of the field: (from, to): who.
#   P the person, F their focal point, O an officer, * the program itself
EXPECTED = {
    "requested": {"nominated": "FO", "waitlisted": "FO", "refused": "FO", "withdrawn": "PFO"},
    "placeholder": {"nominated": "FO", "withdrawn": "FO"},
    "waitlisted": {"offered": "*", "refused": "O", "withdrawn": "PFO"},
    "offered": {"nominated": "FO", "waitlisted": "*", "withdrawn": "PFO*"},
    "nominated": {"submitted": "PO", "withdrawn": "PFO", "replaced": "FO"},
    "submitted": {"approved": "O", "returned": "O", "refused": "O", "withdrawn": "PFO", "replaced": "FO"},
    "returned": {"submitted": "PO", "withdrawn": "PFO", "replaced": "FO"},
    "approved": {"revoked": "O", "withdrawn": "PFO", "replaced": "FO", "nominated": "O"},
    "refused": {"submitted": "O"},
    "withdrawn": {"nominated": "OU"},
    "revoked": {"nominated": "O"},
    "replaced": {},
}
LETTERS = {PERSON: "P", FOCAL: "F", OFFICER: "O", PROGRAM: "*", UNDOING: "U"}
HOLD_A_SEAT = {"placeholder", "offered", "nominated", "submitted", "returned", "approved"}
STATES = [state.value for state in RegistrationState]


def test_table_has_every_state_and_no_other():
    assert sorted(EXPECTED) == sorted(STATES)
    assert {to for row in EXPECTED.values() for to in row} <= set(STATES)


def test_starts_are_those_of_the_table():
    starts = {(to.value, who) for (before, to), parties in TRANSITIONS.items() if before is None for who in parties}
    assert starts == {
        ("requested", PERSON),
        ("placeholder", FOCAL),
        ("placeholder", OFFICER),
        ("nominated", FOCAL),
        ("nominated", OFFICER),
        ("waitlisted", FOCAL),
        ("waitlisted", OFFICER),
    }


@pytest.mark.parametrize("made_by", LETTERS)
@pytest.mark.parametrize("before", STATES)
def test_move_between_every_pair_of_states(before, made_by):
    delegation = DelegationFactory(seats=1)
    for to in STATES:
        registration = RegistrationFactory(delegation=delegation, state=before, offer_expires_at=hours_from_now(1))
        allowed = LETTERS[made_by] in EXPECTED[before].get(to, "")
        try:
            moved = move_registration(registration, to=to, by=SYSTEM, made_by=made_by, reason="A reason.")
        except NotAllowed:
            moved = None
        fresh = Registration.objects.get(pk=registration.pk)
        assert (moved is not None) is allowed, (before, to, made_by)
        steps = list(fresh.moves.order_by("pk").values_list("from_state", "to_state"))[1:]
        expected = [(before, to)] if allowed else []
        if allowed and to == "waitlisted":
            expected.append(("waitlisted", "offered"))  # a seat is free, so nobody waits
        assert steps == expected
        assert fresh.state == (steps[-1][1] if steps else before)
        assert Quota.objects.get(delegation=delegation).taken == int(fresh.state in HOLD_A_SEAT)
        fresh.moves.all().delete()
        fresh.delete()
        Quota.objects.filter(delegation=delegation).update(taken=0)


def test_move_keeps_a_step_with_everything_that_decides_access():
    registration = RegistrationFactory(state="submitted", narrowing="not_eu", category="expert")
    user = UserFactory()
    move_registration(registration, to="approved", by=Actor(user=user, hat="organiser:accreditation"), made_by=OFFICER)
    step = registration.moves.order_by("pk").last()
    assert (step.from_state, step.to_state, step.category, step.narrowing) == ("submitted", "approved", "expert", "not_eu")
    assert (step.delegation, step.standing) == (registration.delegation, "member")
    assert (step.actor, step.hat) == (f"user {user.pk}", "organiser:accreditation")
    entry = AuditEntry.objects.get(event=registration.event)
    assert (entry.verb, entry.target, entry.details) == ("registration.move", str(registration), {"before": "submitted", "to": "approved"})


@pytest.mark.parametrize(("before", "to"), [("submitted", "returned"), ("submitted", "refused"), ("approved", "revoked")])
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_move_that_owes_a_reason_without_one(before, to, reason):
    registration = RegistrationFactory(state=before)
    with pytest.raises(NotAllowed, match="Give a reason"):
        move_registration(registration, to=to, by=SYSTEM, made_by=OFFICER, reason=reason)
    assert Registration.objects.get(pk=registration.pk).state == before


def test_reason_is_shown_until_the_next_step():
    registration = RegistrationFactory(state="submitted")
    returned = move_registration(registration, to="returned", by=SYSTEM, made_by=OFFICER, reason=" The photo. ")
    assert returned.reason == "The photo."
    submitted = move_registration(registration, to="submitted", by=SYSTEM, made_by=PERSON)
    assert Registration.objects.get(pk=registration.pk).reason == submitted.reason == ""


@pytest.mark.parametrize("state", [EventState.CLOSED, EventState.ARCHIVED, EventState.CANCELLED])
def test_move_at_an_event_that_is_over(state):
    registration = RegistrationFactory(event=EventFactory(state=state), state="submitted")
    with pytest.raises(NotAllowed, match="closed"):
        move_registration(registration, to="approved", by=SYSTEM, made_by=OFFICER)


def test_approve_twice_is_one_move_and_one_message():
    registration = RegistrationFactory(state="submitted")
    move_registration(registration, to="approved", by=SYSTEM, made_by=OFFICER)
    with pytest.raises(NotAllowed, match="Approved"):
        move_registration(registration, to="approved", by=SYSTEM, made_by=OFFICER)
    assert RegistrationMove.objects.filter(registration=registration, to_state="approved").count() == 1
    assert OutboxMail.objects.filter(kind="approved").count() == 1


@pytest.mark.parametrize(("decision", "allowed"), [("pending", False), ("refused", False), ("cleared", True)])
def test_approval_where_security_decides_too(decision, allowed):
    registration = RegistrationFactory(event=EventFactory(security_decides=True), state="submitted", security_decision=decision)
    [(_registration, problem)] = decide([registration], to="approved", by=SYSTEM)
    assert (problem == "") is allowed
    assert Registration.objects.get(pk=registration.pk).state == ("approved" if allowed else "submitted")


def test_approval_waits_for_nobody_where_security_does_not_decide():
    registration = RegistrationFactory(state="submitted", security_decision=SecurityDecision.REFUSED)
    assert move_registration(registration, to="approved", by=SYSTEM, made_by=OFFICER).state == "approved"


def test_approval_of_somebody_two_delegations_named():
    event = EventFactory()
    registration = RegistrationFactory(event=event, state="submitted")
    person = registration.delegate
    twin = DelegateFactory(given_name=person.given_name.upper(), family_name=person.family_name, email=person.email.upper())
    other = RegistrationFactory(event=event, delegate=twin)
    with pytest.raises(NotAllowed, match="Another delegation"):
        move_registration(registration, to="approved", by=SYSTEM, made_by=OFFICER)
    move_registration(other, to="withdrawn", by=SYSTEM, made_by=FOCAL)
    assert move_registration(registration, to="approved", by=SYSTEM, made_by=OFFICER).state == "approved"


def test_approval_is_not_blocked_by_a_colleague_at_the_same_address_or_another_event():
    registration = RegistrationFactory(state="submitted")
    person = registration.delegate
    RegistrationFactory(event=registration.event, delegate__email=person.email)
    twin = DelegateFactory(given_name=person.given_name, family_name=person.family_name, email=person.email)
    RegistrationFactory(delegate=twin)
    assert move_registration(registration, to="approved", by=SYSTEM, made_by=OFFICER).state == "approved"


def test_decide_goes_on_after_a_refusal():
    event = EventFactory()
    gone = RegistrationFactory(event=event, state="withdrawn")
    first, second = RegistrationFactory.create_batch(2, event=event, state="submitted")
    outcome = decide([first, gone, second], to="approved", by=SYSTEM)
    assert [(row.pk, bool(problem)) for row, problem in outcome] == [(first.pk, False), (gone.pk, True), (second.pk, False)]
    assert "Withdrawn" in outcome[1][1]


def test_reopening_needs_a_free_seat():
    delegation = DelegationFactory(seats=1)
    gone = RegistrationFactory(delegation=delegation, state="withdrawn")
    holder = RegistrationFactory(delegation=delegation)
    with pytest.raises(NotAllowed, match="No seat is free"):
        move_registration(gone, to="nominated", by=SYSTEM, made_by=OFFICER)
    move_registration(holder, to="withdrawn", by=SYSTEM, made_by=OFFICER)
    back = move_registration(gone, to="nominated", by=SYSTEM, made_by=OFFICER)
    assert (back.state, back.invited_at) == ("nominated", None)


def test_reopening_somebody_who_is_on_the_list_again():
    gone = RegistrationFactory(state="withdrawn")
    RegistrationFactory(delegation=gone.delegation, delegate=gone.delegate)
    with pytest.raises(NotAllowed, match="already on the list"):
        move_registration(gone, to="nominated", by=SYSTEM, made_by=OFFICER)


def test_reopening_a_second_head():
    gone = RegistrationFactory(state="withdrawn", category=Category.HEAD)
    RegistrationFactory(delegation=gone.delegation, category=Category.HEAD)
    with pytest.raises(NotAllowed, match="already has a head"):
        move_registration(gone, to="nominated", by=SYSTEM, made_by=OFFICER)


@pytest.mark.parametrize(("state", "made_by"), [("placeholder", FOCAL), ("withdrawn", OFFICER)])
def test_seat_without_a_name_cannot_become_a_person(state, made_by):
    kept = RegistrationFactory(state=state, delegate=None)
    with pytest.raises(NotAllowed, match="Nobody is named"):
        move_registration(kept, to="nominated", by=SYSTEM, made_by=made_by)


def test_offer_that_has_ended_is_no_longer_the_focal_points_to_take():
    late = RegistrationFactory(state="offered", offer_expires_at=hours_from_now(-1))
    with pytest.raises(NotAllowed, match="offer of this seat has ended"):
        move_registration(late, to="nominated", by=SYSTEM, made_by=FOCAL)
    assert move_registration(late, to="nominated", by=SYSTEM, made_by=OFFICER).state == "nominated"


def test_request_endorsed_while_no_seat_is_free_joins_the_line():
    delegation = DelegationFactory(seats=0)
    request = RegistrationFactory(delegation=delegation, state="requested")
    assert move_registration(request, to="nominated", by=SYSTEM, made_by=FOCAL).state == "waitlisted"


def test_replacing_keeps_the_seat_from_the_line():
    delegation = DelegationFactory(seats=1)
    first = RegistrationFactory(delegation=delegation, state="approved", category=Category.HEAD, narrowing="not_eu")
    waiting = RegistrationFactory(delegation=delegation, state="waitlisted")
    second = replace_person(first, given_name="An", family_name="Other", email="other@example.org", by=SYSTEM, made_by=FOCAL)
    assert (second.state, second.category, second.narrowing, second.delegate.full_name) == ("nominated", "head", "not_eu", "An Other")
    assert Registration.objects.get(pk=first.pk).state == "replaced"
    assert Registration.objects.get(pk=waiting.pk).state == "waitlisted"
    assert Quota.objects.get(delegation=delegation).taken == 1
    assert list(OutboxMail.objects.values_list("kind", "to")) == [
        ("replaced", first.delegate.email),
        ("person_invited", "other@example.org"),
    ]


def test_offered_seat_accepted_after_the_list_was_sent_invites_at_once():
    delegation = DelegationFactory(list_sent_at=hours_from_now(-1))
    offered = RegistrationFactory(delegation=delegation, state="offered", offer_expires_at=hours_from_now(1))
    move_registration(offered, to="nominated", by=SYSTEM, made_by=FOCAL)
    assert OutboxMail.objects.get().kind == "person_invited"
    assert Registration.objects.get(pk=offered.pk).invited_at is not None


def test_offered_seat_accepted_on_a_draft_list_writes_to_nobody():
    offered = RegistrationFactory(state="offered", offer_expires_at=hours_from_now(1))
    FocalPointFactory(delegation=offered.delegation)
    move_registration(offered, to="nominated", by=SYSTEM, made_by=FOCAL)
    assert OutboxMail.objects.count() == 0


def test_reopening_for_a_delegation_that_declined():
    gone = RegistrationFactory(state="withdrawn", delegation__answer="declined")
    with pytest.raises(NotAllowed, match="has declined"):
        move_registration(gone, to="nominated", by=SYSTEM, made_by=OFFICER)
