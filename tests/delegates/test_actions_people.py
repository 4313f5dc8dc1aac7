"""Naming people, sending the list, the person's form, and what organisers decide beside the state."""

import pytest
import time_machine

from conference.lib.viewer import SYSTEM, Actor
from delegates.actions import (
    correct_registration,
    decide_security,
    keep_seat,
    name_placeholder,
    narrow_registration,
    nominate,
    send_list,
    submit_registration,
)
from delegates.models import Delegate, Invitation, Registration
from delegates.rules import FOCAL, NOTICE_VERSION, OFFICER
from events.choices import EventState, Urgency
from events.models import AuditEntry, OutboxMail
from events.rules import NotAllowed
from tests.factories import DelegateFactory, DelegationFactory, EventFactory, RegistrationFactory, UserFactory, hours_from_now

pytestmark = pytest.mark.django_db

PERSON = {"given_name": "Jan", "family_name": "van der BERG-Ó Súilleabháin", "email": "Jan@Example.org"}
BY_FOCAL = Actor(hat="focal:abcdefghij")
BY_PERSON = Actor(hat="registration:abcdefghij")
BY_OFFICER = Actor(hat="organiser:accreditation")
FORM = {
    "given_name": "jan",
    "family_name": "van der Berg",
    "native_name": "Ян",
    "badge_name": "Jan v.d. Berg",
    "nationalities": ["BE", "NL"],
    "language": "nl",
    "may_be_invited_again": True,
    "function": "Analyst",
    "languages": ["nl", "fr"],
    "needs": "No nuts",
    "consent": "participants",
}


def named(delegation, made_by=FOCAL, by=BY_FOCAL, **words):
    return nominate(delegation, **(PERSON | {"category": "delegate"} | words), by=by, made_by=made_by)


def test_nomination_keeps_the_name_as_written_and_writes_to_nobody():
    delegation = DelegationFactory()
    registration = named(delegation, function="Director", language="fr")
    person = registration.delegate
    assert (person.given_name, person.family_name, person.email) == (PERSON["given_name"], PERSON["family_name"], PERSON["email"])
    assert (person.organisation, person.user, person.language, registration.function) == (delegation.organisation, None, "fr", "Director")
    assert (registration.state, registration.invited_at, registration.position) == ("nominated", None, 1)
    assert OutboxMail.objects.count() == 0
    assert [(step.from_state, step.to_state) for step in registration.moves.all()] == [("", "nominated")]
    assert AuditEntry.objects.get().verb == "registration.start"


def test_nomination_finds_the_delegate_of_an_earlier_event():
    delegation = DelegationFactory()
    known = DelegateFactory(**PERSON, organisation=delegation.organisation, language="de")
    registration = named(delegation, email="jan@example.ORG", language="fr")
    assert (registration.delegate, registration.delegate.language, Delegate.objects.count()) == (known, "de", 1)


@pytest.mark.parametrize("other", [{"given_name": "JAN"}, {"family_name": "Berg"}, {"email": "other@example.org"}])
def test_nomination_makes_a_delegate_when_name_or_address_differ(other):
    delegation = DelegationFactory()
    known = DelegateFactory(**PERSON, organisation=delegation.organisation)
    assert named(delegation, **other).delegate != known


def test_nomination_never_takes_a_delegate_of_another_organisation():
    elsewhere = DelegateFactory(**PERSON, user=UserFactory())
    registration = named(DelegationFactory())
    assert (registration.delegate == elsewhere, registration.delegate.user) == (False, None)


@pytest.mark.parametrize("words", [{}, {"given_name": "JAN", "family_name": "VAN DER BERG-O SUILLEABHAIN", "email": "jan@example.org"}])
def test_nomination_of_somebody_on_the_list(words):
    delegation = DelegationFactory()
    named(delegation)
    with pytest.raises(NotAllowed, match="already on the list"):
        named(delegation, **words)
    assert (Registration.objects.count(), Delegate.objects.count()) == (1, 1)


def test_nomination_of_somebody_another_delegation_named_looks_ordinary():
    event = EventFactory()
    named(DelegationFactory(event=event))
    assert named(DelegationFactory(event=event)).state == "nominated"


def test_nomination_again_after_withdrawal():
    gone = RegistrationFactory(state="withdrawn")
    person = gone.delegate
    words = {"given_name": person.given_name, "family_name": person.family_name, "email": person.email}
    assert named(gone.delegation, **words).delegate == person


def test_nomination_of_a_second_head():
    delegation = DelegationFactory()
    named(delegation, category="head")
    with pytest.raises(NotAllowed, match="already has a head"):
        named(delegation, category="head", email="second@example.org")


def test_nomination_for_a_delegation_that_declined():
    with pytest.raises(NotAllowed, match="has declined"):
        named(DelegationFactory(answer="declined"))


@pytest.mark.parametrize("category", ["speaker", "press", "organiser", "guest"])
def test_category_only_organisers_give(category):
    delegation = DelegationFactory()
    with pytest.raises(NotAllowed, match="Only the organisers"):
        named(delegation, category=category)
    assert named(delegation, category=category, made_by=OFFICER).category == category


@pytest.mark.parametrize("state", [state for state in EventState if state != EventState.OPEN])
@pytest.mark.parametrize("made_by", [FOCAL, OFFICER])
def test_nomination_while_registration_is_not_open(state, made_by):
    with pytest.raises(NotAllowed, match="not open"):
        named(DelegationFactory(event=EventFactory(state=state)), made_by=made_by)


@pytest.mark.parametrize(
    "late", [{"nominate_by_at": hours_from_now(-1), "answer_by_at": None}, {"freeze_at": hours_from_now(-1), "confirm_by_at": None}]
)
def test_nomination_after_the_deadline_is_the_organisers(late):
    delegation = DelegationFactory(event=EventFactory(**late))
    with pytest.raises(NotAllowed, match="time to nominate has ended"):
        named(delegation)
    assert named(delegation, made_by=OFFICER).state == "nominated"


def test_kept_seat_is_named():
    kept = keep_seat(DelegationFactory(), category="expert", by=BY_FOCAL, made_by=FOCAL)
    registration = name_placeholder(kept, **PERSON, function="Director", by=BY_FOCAL, made_by=FOCAL)
    assert (registration.pk, registration.state, registration.delegate.given_name, registration.function) == (
        kept.pk,
        "nominated",
        "Jan",
        "Director",
    )
    with pytest.raises(NotAllowed, match="has a name already"):
        name_placeholder(kept, **(PERSON | {"email": "other@example.org"}), by=BY_FOCAL, made_by=FOCAL)


def test_list_goes_to_new_people_only():
    delegation = DelegationFactory()
    first, no_address = named(delegation), named(delegation, email="")
    waiting = RegistrationFactory(delegation=delegation, state="waitlisted")
    assert send_list(delegation, by=BY_FOCAL) == 1
    second = named(delegation, email="second@example.org")
    assert send_list(delegation, by=BY_FOCAL) == 1
    assert send_list(delegation, by=BY_FOCAL) == 0
    mails = OutboxMail.objects.order_by("pk")
    assert [(mail.kind, mail.to, mail.urgency, mail.is_secret) for mail in mails] == [
        ("person_invited", PERSON["email"], Urgency.BULK, True),
        ("person_invited", "second@example.org", Urgency.BULK, True),
    ]
    invited = Registration.objects.filter(invited_at__isnull=False).order_by("pk")
    assert [row.pk for row in invited] == [first.pk, second.pk]
    assert [no_address.invited_at, waiting.invited_at] == [None, None]
    assert Invitation.objects.count() == 2
    delegation.refresh_from_db()
    assert delegation.list_sent_at is not None


def test_list_after_the_deadline_is_the_organisers_to_send():
    delegation = DelegationFactory()
    named(delegation)
    with time_machine.travel(hours_from_now(31 * 24)):
        with pytest.raises(NotAllowed, match="time to nominate has ended"):
            send_list(delegation, by=BY_FOCAL)
        assert send_list(delegation, by=BY_OFFICER) == 1


def test_submission_keeps_what_the_person_gave():
    registration = submit_registration(RegistrationFactory(), data=FORM, by=BY_PERSON)
    fresh = Registration.objects.select_related("delegate").get(pk=registration.pk)
    kept = {name: getattr(fresh if name in ("function", "languages", "needs", "consent") else fresh.delegate, name) for name in FORM}
    assert (kept, fresh.state, fresh.notice_version) == (FORM, "submitted", NOTICE_VERSION)
    assert fresh.submitted_at is not None


def test_submission_twice_is_one():
    registration = RegistrationFactory()
    submit_registration(registration, data=FORM, by=BY_PERSON)
    submit_registration(registration, data=FORM, by=BY_PERSON)
    assert registration.moves.filter(to_state="submitted").count() == 1
    assert OutboxMail.objects.filter(kind="received").count() == 1


def test_submission_with_other_words_while_under_review_is_refused_and_changes_nothing():
    registration = RegistrationFactory()
    submit_registration(registration, data=FORM, by=BY_PERSON)
    with pytest.raises(NotAllowed, match="In review"):
        submit_registration(registration, data=FORM | {"given_name": "Somebody else"}, by=BY_PERSON)
    assert Delegate.objects.get(pk=registration.delegate_id).given_name == "jan"


def test_submission_on_behalf_gives_no_consent():
    registration = submit_registration(RegistrationFactory(), data=FORM, by=Actor(hat="organiser:manager", source="Note verbale 12"))
    fresh = Registration.objects.select_related("delegate").get(pk=registration.pk)
    assert (fresh.state, fresh.consent, fresh.notice_version, fresh.delegate.may_be_invited_again) == ("submitted", "not_given", "", False)
    assert AuditEntry.objects.get(verb="registration.move").details["source"] == "Note verbale 12"


def test_submission_by_a_focal_point_is_refused():
    with pytest.raises(NotAllowed, match="not allowed to take this step"):
        submit_registration(RegistrationFactory(), data=FORM, by=BY_FOCAL)


def test_submission_after_the_deadlines():
    nominated, returned = RegistrationFactory(), RegistrationFactory(state="returned")
    with time_machine.travel(hours_from_now(41 * 24)):
        with pytest.raises(NotAllowed, match="time to confirm has ended"):
            submit_registration(nominated, data=FORM, by=BY_PERSON)
        assert submit_registration(nominated, data=FORM, by=BY_OFFICER).state == "submitted"
        assert submit_registration(returned, data=FORM, by=BY_PERSON).state == "submitted"
    late = RegistrationFactory(state="returned")
    with time_machine.travel(hours_from_now(51 * 24)), pytest.raises(NotAllowed, match="time to confirm has ended"):
        submit_registration(late, data=FORM, by=BY_PERSON)


def test_narrowing_is_kept_with_its_moment():
    registration = RegistrationFactory(state="approved")
    narrow_registration(registration, narrowing="not_eu", by=BY_OFFICER)
    narrow_registration(registration, narrowing="not_eu", by=BY_OFFICER)
    narrow_registration(registration, narrowing="none", by=BY_OFFICER)
    steps = registration.moves.order_by("pk").values_list("from_state", "to_state", "narrowing")
    assert list(steps) == [("", "approved", "none"), ("approved", "approved", "not_eu"), ("approved", "approved", "none")]
    assert OutboxMail.objects.count() == 0


def test_security_decision_is_recorded():
    registration = decide_security(RegistrationFactory(), decision="cleared", by=BY_OFFICER)
    assert Registration.objects.get(pk=registration.pk).security_decision == "cleared"
    assert AuditEntry.objects.get().details == {"before": "pending", "to": "cleared"}


@pytest.mark.parametrize("act", [narrow_registration, decide_security])
def test_decision_beside_the_state_at_an_event_that_is_over(act):
    registration = RegistrationFactory(event=EventFactory(state=EventState.CLOSED), state="approved")
    word = {"narrowing": "public"} if act is narrow_registration else {"decision": "cleared"}
    with pytest.raises(NotAllowed, match="closed"):
        act(registration, **word, by=SYSTEM)


def test_change_taken_back_while_it_waits_is_recorded():
    approved = RegistrationFactory(state="approved")
    by = Actor(hat=f"registration:{approved.public_id}")
    name = approved.delegate.family_name
    assert correct_registration(approved, data={"family_name": "Other"}, by=by) == "waits"
    assert correct_registration(approved, data={"family_name": name}, by=by) == "changed"
    assert correct_registration(approved, data={"family_name": name}, by=by) == "same"
    assert AuditEntry.objects.filter(verb="registration.correct").count() == 2
    assert approved.pending_changes.open().count() == 0
