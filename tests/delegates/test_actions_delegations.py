"""Acts on delegations, their answers and focal points."""

import pytest
import time_machine

from conference.lib.viewer import SYSTEM, Actor
from delegates.actions import add_delegation, add_focal_point, answer_invitation, change_delegation, end_focal_point
from delegates.models import Delegation, FocalPoint, Quota, RegistrationMove
from events.choices import EventState
from events.models import AuditEntry, Organisation
from events.rules import NotAllowed
from tests.factories import DelegationFactory, EventFactory, FocalPointFactory, OrganisationFactory, RegistrationFactory, hours_from_now

pytestmark = pytest.mark.django_db

BY_FOCAL, BY_OFFICER = Actor(hat="focal:abcdefghij"), Actor(hat="organiser:manager")


def change(delegation, **words):
    kept = {"seats": 6, "standing": delegation.standing}
    return change_delegation(delegation, **(kept | words), by=BY_OFFICER)


def test_delegation_is_added_with_its_seats():
    event, organisation = EventFactory(), OrganisationFactory()
    delegation = add_delegation(event, organisation=organisation, seats=4, standing="guest", by=BY_OFFICER)
    assert (delegation.answer, delegation.standing) == ("invited", "guest")
    assert list(Quota.objects.values_list("delegation", "category", "mode", "seats", "taken")) == [(delegation.pk, "", "", 4, 0)]
    assert AuditEntry.objects.get().verb == "delegation.add"


def test_delegation_of_a_new_organisation_keeps_it_too_or_neither():
    host = DelegationFactory(standing="host")
    new = Organisation(name_en="New", kind="eu")
    with pytest.raises(NotAllowed):
        add_delegation(host.event, organisation=new, seats=1, standing="host", by=BY_OFFICER)
    assert Organisation.objects.count() == 1
    again = Organisation(name_en="New", kind="eu")
    assert add_delegation(host.event, organisation=again, seats=1, standing="guest", by=BY_OFFICER).organisation.pk
    assert Organisation.objects.count() == 2


def test_delegation_twice_at_one_event():
    delegation = DelegationFactory()
    with pytest.raises(NotAllowed, match="on the list already"):
        add_delegation(delegation.event, organisation=delegation.organisation, seats=1, standing="member", by=BY_OFFICER)
    assert Delegation.objects.count() == 1


def test_second_host():
    host = DelegationFactory(standing="host")
    with pytest.raises(NotAllowed, match="has a host already"):
        add_delegation(host.event, organisation=OrganisationFactory(), seats=1, standing="host", by=BY_OFFICER)
    guest = DelegationFactory(event=host.event)
    with pytest.raises(NotAllowed, match="has a host already"):
        change(guest, standing="host")
    assert change(host, standing="host").standing == "host"


@pytest.mark.parametrize("state", [EventState.CLOSED, EventState.ARCHIVED, EventState.CANCELLED])
def test_nothing_changes_at_an_event_that_is_over(state):
    delegation = DelegationFactory(event=EventFactory(state=state))
    acts = [
        lambda: add_delegation(delegation.event, organisation=OrganisationFactory(), seats=1, standing="member", by=SYSTEM),
        lambda: change(delegation, seats=9),
        lambda: answer_invitation(delegation, answer="coming", by=BY_OFFICER),
        lambda: add_focal_point(delegation, name="A", email="a@example.org", language="en", by=SYSTEM),
    ]
    for act in acts:
        with pytest.raises(NotAllowed, match="closed"):
            act()


def test_new_standing_is_kept_in_the_history_of_everybody_it_touches():
    delegation = DelegationFactory(standing="member")
    active, gone = (
        RegistrationFactory(delegation=delegation, state="approved"),
        RegistrationFactory(delegation=delegation, state="withdrawn"),
    )
    change(delegation, standing="observer")
    delegation.refresh_from_db()
    change(delegation, seats=7)  # the standing stays
    steps = RegistrationMove.objects.order_by("pk").values_list("registration", "from_state", "to_state", "standing")
    assert list(steps) == [
        (active.pk, "", "approved", "member"),
        (gone.pk, "", "withdrawn", "member"),
        (active.pk, "approved", "approved", "observer"),
    ]


@pytest.mark.parametrize("answer", ["coming", "undecided", "declined"])
def test_answer_is_kept_with_its_moment(answer):
    delegation = answer_invitation(DelegationFactory(), answer=answer, by=BY_FOCAL)
    fresh = Delegation.objects.get()
    assert (fresh.answer, fresh.answered_at) == (answer, delegation.answered_at)
    assert fresh.answered_at is not None


def test_answer_that_is_none():
    with pytest.raises(NotAllowed, match="Choose an answer"):
        answer_invitation(DelegationFactory(answer="coming"), answer="invited", by=BY_FOCAL)


def test_answer_after_the_deadline():
    delegation = DelegationFactory()
    with time_machine.travel(hours_from_now(21 * 24)):
        with pytest.raises(NotAllowed, match="time to answer has ended"):
            answer_invitation(delegation, answer="coming", by=BY_FOCAL)
        assert answer_invitation(delegation, answer="declined", by=BY_FOCAL).answer == "declined"
        assert answer_invitation(delegation, answer="coming", by=BY_OFFICER).answer == "coming"


@pytest.mark.parametrize(("state", "allowed"), [("nominated", False), ("waitlisted", False), ("withdrawn", True)])
def test_declining_while_people_are_named(state, allowed):
    delegation = RegistrationFactory(state=state).delegation
    if allowed:
        assert answer_invitation(delegation, answer="declined", by=BY_FOCAL).answer == "declined"
        return
    with pytest.raises(NotAllowed, match="still named"):
        answer_invitation(delegation, answer="declined", by=BY_FOCAL)


def test_focal_point_has_the_right_from_now_until_it_is_ended():
    delegation = DelegationFactory()
    focal = add_focal_point(delegation, name="A", email="A@example.org", language="fr", by=BY_OFFICER)
    assert (focal.delegation, focal.until_at, focal.user) == (delegation, None, None)
    ended = end_focal_point(focal, by=BY_OFFICER)
    assert end_focal_point(focal, by=BY_OFFICER).until_at == ended.until_at
    assert list(FocalPoint.objects.live(hours_from_now(0))) == []
    assert [entry.verb for entry in AuditEntry.objects.order_by("number")] == ["focal_point.add", "focal_point.end"]
    assert add_focal_point(delegation, name="A", email="A@example.org", language="fr", by=BY_OFFICER).pk != focal.pk


def test_focal_point_twice_for_one_delegation():
    focal = FocalPointFactory()
    with pytest.raises(NotAllowed, match="focal point of this delegation already"):
        add_focal_point(focal.delegation, name="", email=focal.email.upper(), language="en", by=BY_OFFICER)
    assert add_focal_point(DelegationFactory(), name="", email=focal.email, language="en", by=BY_OFFICER).email == focal.email
