"""What focal points do beyond one person: several at once, former delegates, the order, the head, leaving, and the role itself."""

import datetime as dt

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from conference.lib.viewer import Actor
from delegates import rules
from delegates.actions import (
    RowsRefused,
    accept_invitation,
    decline_with_people,
    leave_role,
    move_registration,
    name_head,
    nominate_many,
    undo_withdrawal,
)
from delegates.actions.reminders import keep_plan
from delegates.choices import Answer, Category, Consent, RegistrationState
from delegates.forms import SeveralForm
from delegates.models import Delegate, FocalPoint, Invitation, LateRequest, PersonalFile, Quota, Registration
from events.models import OutboxMail
from events.rules import NotAllowed
from tests.delegates.test_late import address, at_stage, focal_of, member, send
from tests.factories import (
    DelegateFactory,
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    RegistrationFactory,
    UserFactory,
    hours_from_now,
)
from tests.factories.files import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def delegation():
    return at_stage("open", seats=2)


@pytest.fixture
def focal(client, delegation):
    return focal_of(client, delegation)


def acting(delegation, user=None) -> Actor:
    return Actor(user=user, hat=f"focal:{delegation.public_id}")


def table(*rows, count=5, **more) -> dict:
    """What the table posts: each row as (family name, given name, category, address)."""
    said = {"count": count} | more
    for number, (family, given, category, email) in enumerate(rows):
        said |= {f"{number}-family_name": family, f"{number}-given_name": given, f"{number}-category": category, f"{number}-email": email}
    for number in range(count):
        said |= {f"{number}-language": "en", f"{number}-category": said.get(f"{number}-category", "delegate")}
    return said


ONE, TWO, THREE = (
    ("Łukasz", "Ana", "head", "a@example.org"),
    ("Nagy", "", "delegate", "b@example.org"),
    ("", "Ché", "expert", "c@example.org"),
)


# Several at once


def test_table_names_all_in_order_and_says_who_waits(client, delegation, focal):
    page = client.get(address("several", delegation)).content.decode()
    assert "2 seats are free" in page
    body = send(client, "several", delegation, **table(ONE, TWO, THREE)).content.decode()
    made = Registration.objects.order_by("pk")
    assert [(row.delegate.full_name, row.category, row.state) for row in made] == [
        ("Ana Łukasz", "head", "nominated"),
        ("Nagy", "delegate", "nominated"),
        ("Ché", "expert", "waitlisted"),
    ]
    assert "2 people are on your list." in body
    assert "No seat was free for 1 person" in body
    assert OutboxMail.objects.count() == 0


def test_table_sent_twice_names_nobody_twice(client, delegation, focal):
    for _press in range(2):
        body = send(client, "several", delegation, **table(ONE, TWO)).content.decode()
    assert Registration.objects.count() == 2
    assert "This form has been sent before." in body


def test_mistakes_stand_beside_their_cells_and_nothing_typed_is_lost(client, delegation, focal):
    wrong = ("", "", "expert", "not an address")
    response = send(client, "several", delegation, **table(ONE, wrong, TWO))
    body = response.content.decode()
    row = response.context["form"].rows[1]
    assert set(row.errors) == {"family_name", "email"}
    assert 'href="#id_1-email"' in body
    assert 'value="not an address"' in body
    assert 'value="Łukasz"' in body
    assert Registration.objects.count() == 0


def test_row_the_list_refuses_takes_none(client, delegation, focal):
    member(delegation, category=Category.HEAD)
    response = send(client, "several", delegation, **table(TWO, ONE))
    assert [row.problem for row in response.context["form"].rows[:2]] == ["", "This delegation already has a head."]
    assert "Row 2: This delegation already has a head." in response.content.decode()
    assert Registration.objects.count() == 1
    assert Delegate.objects.filter(family_name="Nagy").count() == 0
    send(client, "several", delegation, **table(TWO, THREE))
    assert Registration.objects.count() == 3


def test_one_person_in_two_rows_is_refused(client, delegation, focal):
    response = send(client, "several", delegation, **table(TWO, TWO))
    assert response.context["form"].rows[1].problem == "This person is already on the list."


def test_more_rows_keep_what_is_typed(client, delegation, focal):
    response = send(client, "several", delegation, **table(ONE, ("x", "", "expert", "broken"), more="1"))
    form = response.context["form"]
    assert len(form.rows) == 10
    assert form.rows[1]["email"].value() == "broken"
    assert form.wrong == []
    assert Registration.objects.count() == 0


@pytest.mark.parametrize("count", ["0", "-1", "x", "", "99999999", "²"])
def test_number_of_rows_of_a_stranger_is_bounded(client, delegation, focal, count):
    assert send(client, "several", delegation, **{"count": count, "more": "1"}).status_code == 200


def test_empty_table_says_so(client, delegation, focal):
    assert send(client, "several", delegation, **table()).context["form"].non_field_errors() == ["Write at least one person."]


def test_table_kept_after_sign_in_ended_comes_back(client, delegation, focal):
    client.logout()
    client.post(address("several", delegation), table(ONE, TWO))
    client.force_login(focal.user)
    session = client.session
    assert session is not None
    form = client.get(address("several", delegation)).context["form"]
    assert isinstance(form, SeveralForm)


def test_deadline_passing_over_the_table_keeps_it_and_offers_requests(client):
    delegation = at_stage("nominations over")
    focal_of(client, delegation)
    response = send(client, "several", delegation, **table(ONE, TWO))
    assert response.context["form"].non_field_errors() == ["The time to nominate has ended."]
    assert response.context["form"].rows[0]["family_name"].value() == "Łukasz"
    send(client, "several", delegation, **table(ONE, TWO), late="1")
    assert [request.name for request in LateRequest.objects.order_by("pk")] == ["Ana Łukasz", "Nagy"]
    assert Registration.objects.count() == 0


def test_rows_refused_name_their_numbers(delegation):
    person = {"given_name": "A", "family_name": "", "email": "", "category": "head"}
    with pytest.raises(RowsRefused) as refusal:
        nominate_many(delegation, {0: person, 4: person | {"given_name": "B"}}, by=acting(delegation), made_by=rules.FOCAL)
    assert refusal.value.problems == {4: "This delegation already has a head."}


# Former delegates, and oneself


def earlier(delegation, days=-400, **fields):
    """Somebody of the organisation who took part in another event, with private data of that time."""
    day = timezone.now().date() + dt.timedelta(days=days)
    event = EventFactory(first_date=day, last_date=day)
    delegate = DelegateFactory(organisation=delegation.organisation, **{"may_be_invited_again": True} | fields)
    place = DelegationFactory(event=event, organisation=delegation.organisation)
    RegistrationFactory(delegation=place, delegate=delegate, state="approved", needs="ZqNeeds", consent=Consent.PUBLIC, languages=["fr"])
    return delegate


def test_former_delegates_who_agreed_come_with_name_and_function_only(client, delegation, focal):
    known = earlier(delegation)
    silent = earlier(delegation, may_be_invited_again=False)
    later = earlier(delegation, days=900)
    stranger = earlier(DelegationFactory())
    listed = earlier(delegation)
    member(delegation, delegate=listed)
    body = client.get(address("former", delegation)).content.decode()
    assert [person.full_name in body for person in (known, silent, later, stranger, listed)] == [True, False, False, False, False]
    assert known.email not in body
    send(client, "former", delegation, **{f"{known.public_id}-chosen": "on", f"{known.public_id}-category": "expert"})
    made = Registration.objects.get(delegation=delegation, delegate=known)
    assert (made.state, made.category, made.function) == ("nominated", "expert", known.function)
    assert (made.needs, made.consent, made.languages, made.source) == ("", Consent.NOT_GIVEN, [], "")
    assert OutboxMail.objects.count() == 0


def test_former_delegate_of_another_organisation_cannot_be_slipped_in(client, delegation, focal):
    stranger = earlier(DelegationFactory())
    earlier(delegation)
    send(client, "former", delegation, **{f"{stranger.public_id}-chosen": "on", f"{stranger.public_id}-category": "expert"})
    assert Registration.objects.filter(delegation=delegation).count() == 0


def test_address_is_asked_for_where_none_is_kept(client, delegation, focal):
    known = earlier(delegation, email="")
    said = {f"{known.public_id}-chosen": "on", f"{known.public_id}-category": "expert"}
    response = send(client, "former", delegation, **said)
    assert response.context["form"].rows[0].errors == {"email": ["Write the address the person’s invitation goes to."]}
    send(client, "former", delegation, **said, **{f"{known.public_id}-email": "new@example.org"})
    assert Registration.objects.get(delegation=delegation).delegate.email == "new@example.org"


def test_nobody_to_be_found_is_said(client, delegation, focal):
    assert "Nobody to be found" in client.get(address("former", delegation)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_former_delegates_cost_the_same_for_any_number(client, django_assert_num_queries, delegation, focal, count):
    for _number in range(count):
        earlier(delegation)
    with django_assert_num_queries(10):
        response = client.get(address("former", delegation))
    assert len(response.context["form"].rows) == count


def test_focal_point_names_themselves_by_the_same_form(client, delegation, focal):
    focal.user.choose(name="Ilona Kis Nagy", language="fr", time_zone="")
    form = client.get(address("nominate", delegation) + "?me=1").context["form"]
    values = [form[name].value() for name in ("given_name", "family_name", "email", "language")]
    assert values == ["Ilona Kis", "Nagy", focal.user.email, "fr"]


# Order and head


def test_people_move_up_and_down_within_their_category(client, delegation, focal):
    Quota.objects.update(seats=3)
    people = [member(delegation, position=0) for _n in range(2)]
    head = member(delegation, category=Category.HEAD)

    def order():
        return [row["person"] for row in client.get(address("delegation", delegation)).context["people"]]

    assert order() == [head, *people]
    response = send(client, "order", delegation, people[1].public_id, up="1")
    assert response.redirect_chain[-1][0].endswith(f"#{people[1].public_id}")
    assert order() == [head, people[1], people[0]]
    send(client, "order", delegation, people[1].public_id, up="1")
    assert order() == [head, people[1], people[0]]
    send(client, "order", delegation, people[1].public_id, down="1")
    assert order() == [head, *people]


def test_head_is_named_and_the_former_becomes_a_delegate(client, delegation, focal):
    former, new = member(delegation, category=Category.HEAD), member(delegation, category=Category.EXPERT)
    page = client.get(address("name_head", delegation, new.public_id)).content.decode()
    assert "is no longer the head and becomes a delegate" in page
    send(client, "name_head", delegation, new.public_id)
    categories = dict(Registration.objects.values_list("pk", "category"))
    assert categories == {former.pk: Category.DELEGATE, new.pk: Category.HEAD}
    assert new.moves.order_by("pk").last().category == Category.HEAD
    assert delegation.quotas.get().taken == 2


def test_head_keeps_the_ledger_of_categories():
    delegation = at_stage("open", seats=4)
    quota = Quota.objects.create(event=delegation.event, delegation=delegation, category="delegate", seats=1)
    head, delegate, expert = (member(delegation, category=category) for category in ("head", "delegate", "expert"))
    with pytest.raises(NotAllowed, match="No seat is free in this category"):
        name_head(expert, by=acting(delegation))
    name_head(delegate, by=acting(delegation))
    quota.refresh_from_db()
    assert quota.taken == 1
    head.refresh_from_db()
    assert head.category == "delegate"


# We do not come


def test_nobody_comes_withdraws_everybody_in_one_act(client, delegation, focal):
    invited = member(delegation, state="approved")
    drafted = member(delegation, invited_at=None)
    waiting = member(delegation, state="waitlisted")
    member(delegation, state="refused")
    page = client.get(address("decline", delegation)).content.decode()
    assert "Send, and withdraw 3 people" in page
    body = send(client, "decline", delegation).content.decode()
    delegation.refresh_from_db()
    assert "nobody comes from your delegation" in body
    assert delegation.answer == Answer.DECLINED
    assert [row.state for row in Registration.objects.filter(pk__in=[invited.pk, drafted.pk, waiting.pk])] == ["withdrawn"] * 3
    assert delegation.quotas.get().taken == 0
    assert list(OutboxMail.objects.values_list("kind", "to")) == [("withdrawn", invited.delegate.email)]


def test_nobody_comes_offers_the_places_to_the_others():
    event = EventFactory(capacity=1)
    leaving, staying = DelegationFactory.create_batch(2, event=event)
    member(leaving)
    waiting = RegistrationFactory(delegation=staying, state="waitlisted")
    assert decline_with_people(leaving, by=acting(leaving)) == 1
    waiting.refresh_from_db()
    assert waiting.state == "offered"


def test_empty_list_is_one_press(client, delegation, focal):
    send(client, "decline", delegation)
    delegation.refresh_from_db()
    assert delegation.answer == Answer.DECLINED


# Undoing


def withdrawn(delegation, **fields):
    person = member(delegation, **fields)
    return move_registration(person, to="withdrawn", by=acting(delegation), made_by=rules.FOCAL)


def test_fresh_withdrawal_is_undone_and_the_person_invited_again(client, delegation, focal):
    person = withdrawn(delegation, state="approved")
    OutboxMail.objects.all().delete()
    assert address("undo_withdrawal", delegation, person.public_id) in client.get(address("delegation", delegation)).content.decode()
    send(client, "undo_withdrawal", delegation, person.public_id)
    person.refresh_from_db()
    assert (person.state, person.invited_at is not None) == ("nominated", True)
    assert delegation.quotas.get().taken == 1
    assert OutboxMail.objects.filter(kind="person_invited", to=person.delegate.email).count() == 1


def test_undone_draft_writes_to_nobody(delegation):
    person = undo_withdrawal(withdrawn(delegation, invited_at=None), by=acting(delegation))
    assert (person.state, person.invited_at) == ("nominated", None)
    assert OutboxMail.objects.count() == 0


def test_undo_ends_after_its_time_and_at_once_where_the_seat_is_gone(delegation):
    person = withdrawn(delegation)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=rules.UNDO_MINUTES + 1)), pytest.raises(NotAllowed, match="has passed"):
        undo_withdrawal(person, by=acting(delegation))
    Quota.objects.update(seats=0)
    with pytest.raises(NotAllowed, match="No seat is free"):
        undo_withdrawal(person, by=acting(delegation))


def test_withdrawal_says_how_long_it_can_be_undone_and_links_to_it(client, delegation, focal):
    person = member(delegation, state="approved", invited_at=hours_from_now(-1))
    page = client.get(address("withdraw_person", delegation, person.public_id)).content.decode()
    assert ("You can undo this for 60 minutes" in page, "You cannot undo this" in page) == (True, False)
    body = send(client, "withdraw_person", delegation, person.public_id).content.decode()
    assert body.count(address("undo_withdrawal", delegation, person.public_id)) == 2  # in the message, and among what has ended


def test_withdrawal_whose_seat_goes_to_the_next_offers_no_undo(client, delegation, focal):
    person, *_others = [member(delegation) for _number in range(delegation.quotas.get().seats)]
    next_one = member(delegation, state="waitlisted")
    page = client.get(address("withdraw_person", delegation, person.public_id)).content.decode()
    assert ("You can undo this" in page, "You cannot undo this" in page) == (False, True)
    assert "The seat is offered at once to the first on your waiting list." in page
    body = send(client, "withdraw_person", delegation, person.public_id).content.decode()
    next_one.refresh_from_db()
    assert next_one.state == "offered"
    assert address("undo_withdrawal", delegation, person.public_id) not in body
    page = client.get(address("undo_withdrawal", delegation, person.public_id)).content.decode()
    assert "The seat has been taken or offered meanwhile" in page
    next_one.delete()
    delegation.quotas.update(taken=1)  # the offer is gone: a seat is free again
    assert address("undo_withdrawal", delegation, person.public_id) in client.get(address("delegation", delegation)).content.decode()


def test_withdrawing_somebody_who_waits_frees_no_seat(client, delegation, focal):
    waiting = member(delegation, state="waitlisted")
    body = send(client, "withdraw_person", delegation, waiting.public_id).content.decode()
    assert ("The person is withdrawn." in body, "the seat is free" in body) == (True, False)


def test_only_a_focal_points_own_withdrawal_is_undone(delegation):
    person = member(delegation)
    move_registration(person, to="withdrawn", by=Actor(hat=f"registration:{person.public_id}"), made_by=rules.PERSON)
    with pytest.raises(NotAllowed, match="nothing here"):
        undo_withdrawal(person, by=acting(delegation))
    with pytest.raises(NotAllowed, match="nothing here"):
        undo_withdrawal(member(delegation), by=acting(delegation))


def test_taking_a_seat_is_no_way_round_the_undo(client, delegation, focal):
    person = withdrawn(delegation)
    send(client, "accept", delegation, person.public_id)
    person.refresh_from_db()
    assert person.state == RegistrationState.WITHDRAWN


# Reminding


def test_focal_point_reminds_who_owes_their_form_and_not_twice_within_an_hour(client, delegation, focal):
    person = member(delegation, invited_at=hours_from_now(-30))
    link = address("remind_person", delegation, person.public_id)
    assert link in client.get(address("delegation", delegation)).content.decode()
    assert person.delegate.email in client.get(link).content.decode()
    assert OutboxMail.objects.count() == 0
    assert "The reminder is on its way." in send(client, "remind_person", delegation, person.public_id).content.decode()
    assert [mail.to for mail in OutboxMail.objects.filter(kind="remind_confirm")] == [person.delegate.email]
    assert "left less than an hour ago" in send(client, "remind_person", delegation, person.public_id).content.decode()
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=61)):
        client.force_login(focal.user)
        send(client, "remind_person", delegation, person.public_id)
    assert OutboxMail.objects.filter(kind="remind_confirm").count() == 2


def test_reminders_of_a_focal_point_stay_under_the_cap_of_the_event(client, delegation, focal):
    person = member(delegation, invited_at=hours_from_now(-30))
    keep_plan(delegation.event, kind="confirm", is_on=True, days=[3], most=1, by=acting(delegation))
    send(client, "remind_person", delegation, person.public_id)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=61)):
        client.force_login(focal.user)
        body = send(client, "remind_person", delegation, person.public_id).content.decode()
    assert "as often as this event allows" in body
    assert OutboxMail.objects.filter(kind="remind_confirm").count() == 1


@pytest.mark.parametrize("fields", [{"invited_at": None}, {"state": "submitted"}, {"delegate__email": ""}])
def test_nobody_is_reminded_of_what_is_not_awaited(client, delegation, focal, fields):
    person = member(delegation, **{"invited_at": hours_from_now(-30)} | fields)
    link = address("remind_person", delegation, person.public_id)
    assert link not in client.get(address("delegation", delegation)).content.decode()
    send(client, "remind_person", delegation, person.public_id)
    assert OutboxMail.objects.count() == 0


# The role


def test_role_is_shared_once_the_other_accepts(client, delegation, focal):
    response = send(client, "share", delegation, name="Béla", email="bela@example.org", language="fr")
    other = FocalPoint.objects.get(email="bela@example.org")
    assert (other.user, OutboxMail.objects.get().kind) == (None, "focal_point_invited")
    assert "Has not accepted yet" in response.content.decode()
    with pytest.raises(NotAllowed, match="Nobody else has accepted"):
        leave_role(focal, by=acting(delegation, focal.user))
    user = UserFactory(email="bela@example.org")
    accept_invitation(Invitation.objects.get(focal_point=other), user=user)
    page = client.get(address("leave", delegation, focal.public_id)).content.decode()
    assert "in the hands of Béla" in page
    send(client, "leave", delegation, focal.public_id)
    focal.refresh_from_db()
    assert focal.until_at is not None
    assert client.get(address("delegation", delegation)).status_code == 404


def test_invitation_not_accepted_is_taken_back(client, delegation, focal):
    other = FocalPointFactory(delegation=delegation)
    send(client, "leave", delegation, other.public_id)
    other.refresh_from_db()
    assert other.until_at is not None


def test_right_of_another_is_not_ended(client, delegation, focal):
    other = FocalPointFactory(delegation=delegation, user=UserFactory())
    body = send(client, "leave", delegation, other.public_id).content.decode()
    assert "Only they themselves or the organisers" in body
    other.refresh_from_db()
    assert other.until_at is None
    stranger = FocalPointFactory(event=delegation.event)
    assert client.get(address("leave", delegation, stranger.public_id)).status_code == 404


def test_focal_points_of_one_delegation_are_bounded(client, delegation, focal):
    FocalPointFactory.create_batch(9, delegation=delegation)
    response = send(client, "share", delegation, name="Béla", email="bela@example.org", language="fr")
    assert "at most 10 focal points" in response.content.decode()


# The paper


def test_one_paper_for_the_delegation_is_sent_replaced_and_removed(client, delegation, focal):
    for name in ("note.pdf", "other.pdf"):
        body = send(client, "credential", delegation, paper=SimpleUploadedFile(name, pdf())).content.decode()
        assert "Received on" in body
    kept = PersonalFile.objects.get()
    assert (kept.delegation, kept.kind, kept.file_name) == (delegation, "credential", "other.pdf")
    assert "other.pdf" in client.get(address("credential", delegation)).content.decode()
    send(client, "credential", delegation, remove="1")
    assert PersonalFile.objects.count() == 0
    assert "Not received" in client.get(address("delegation", delegation)).content.decode()


def test_removing_the_paper_is_asked_first_and_refused_in_words_at_a_closed_event(client, delegation, focal):
    send(client, "credential", delegation, paper=SimpleUploadedFile("note.pdf", pdf()))
    assert "nobody can bring it back" in client.get(address("credential", delegation)).content.decode()
    delegation.event.state = "closed"
    delegation.event.save()
    assert "This event is closed" in send(client, "credential", delegation, remove="1").content.decode()
    assert PersonalFile.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            b"MZ not a paper",
            "This is neither a whole PDF file nor a whole JPEG, PNG or WebP picture. Save the document as PDF and choose it again.",
        ),
        (b"%PDF-1.7\n<html>%%EOF", "This is not a whole PDF file. Save or print the document as PDF again."),
    ],
)
def test_paper_that_is_none_is_refused_beside_the_field(client, delegation, focal, content, words):
    response = send(client, "credential", delegation, paper=SimpleUploadedFile("a.pdf", content))
    assert response.context["form"].errors["paper"] == [words]
    assert "paper" in send(client, "credential", delegation).context["form"].errors
