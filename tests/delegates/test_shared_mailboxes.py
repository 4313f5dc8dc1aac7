"""A mailbox several people read: who acts is asked after sign-in, noted as claimed, and what is for one person's eyes stays away."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conference.lib.claims import Claim, claim_in
from conference.lib.viewer import SYSTEM, Actor
from conference.privacy.erasure import erase
from conference.privacy.purge import purge
from delegates.actions import accept_invitation, share_mailbox
from delegates.choices import RegistrationState
from events.actions import broken_link, names_behind
from events.choices import StaffRoleName
from events.models import ActorName, AuditEntry
from tests.factories import (
    DelegateFactory,
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    InvitationFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
MY, WHO = "/en/my/", "/en/my/who/"


@pytest.fixture
def user():
    return UserFactory(email="office@service.example", is_shared=True)


@pytest.fixture
def delegation():
    return DelegationFactory(seats=5)


@pytest.fixture
def people(user, delegation):
    """Two people of one delegation in one capacity, at one address."""
    return [
        RegistrationFactory(delegation=delegation, user=user, delegate__given_name=given, delegate__family_name=family)
        for given, family in (("Réka", "Molnár"), ("Béla", "Varga"))
    ]


@pytest.fixture
def office(client, user):
    client.force_login(user)
    return client


def says(client, who, name="", target=MY):
    return client.post(WHO, {"who": who, "name": name, "next": target})


def withdraw(client, registration):
    url = reverse("delegates:withdraw", args=[registration.event.slug, registration.public_id])
    return client.post(url, {"hat": f"registration:{registration.public_id}"})


def last_act(verb):
    return AuditEntry.objects.filter(verb=verb).latest("number")


def test_every_page_asks_who_acts_first_and_goes_on_where_they_wanted(office, people):
    wanted = reverse("delegates:registration", args=[people[0].event.slug, people[0].public_id])
    asked = office.get(wanted)
    assert asked.url == f"{WHO}?next={wanted.replace('/', '%2F')}"
    page = office.get(asked.url).content.decode()
    assert ("Réka Molnár" in page, "Béla Varga" in page, "office@service.example" in page) == (True, True, True)
    assert says(office, str(people[0].delegate), target=wanted).url == wanted
    assert office.get(wanted).status_code == 200


def test_one_person_at_an_address_is_never_asked(client):
    client.force_login(UserFactory())
    assert (client.get(MY).status_code, client.get(WHO).url) == (200, MY)


def test_record_notes_who_was_said_to_act_and_keeps_no_name(office, people):
    says(office, str(people[1].delegate))
    withdraw(office, people[1])
    act = last_act("registration.move")
    assert act.details["claimed"] == str(people[1].delegate)
    assert "Varga" not in str(AuditEntry.objects.values_list("details", "target", "actor"))
    assert names_behind([act.details["claimed"]]) == {str(people[1].delegate): "Béla Varga"}
    assert broken_link(people[1].event) is None


def test_organisers_read_in_the_record_who_was_said_to_act(client, office, people):
    says(office, str(people[1].delegate))
    withdraw(office, people[1])
    client.force_login(StaffRoleFactory(event=people[1].event, role=StaffRoleName.MANAGER).user)
    page = client.get(reverse("organise:audit", args=[people[1].event.slug])).content.decode()
    assert f"{people[1].delegate.user.display_name}; says to be Béla Varga" in page, page[page.find("<tbody") :][:1500]


def test_somebody_the_site_does_not_know_writes_their_name(office, delegation, user):
    focal = FocalPointFactory(delegation=delegation, user=user)
    refused = says(office, "else")
    assert refused.status_code == 200
    assert "Write your name." in refused.content.decode()
    assert says(office, "else", "Zsófia Kis").status_code == 302
    url = reverse("delegates:keep_seat", args=[focal.event.slug, delegation.public_id])
    form = office.get(url).context["form"]
    assert office.post(url, {"category": "delegate", "hat": form["hat"].value(), "key": form["key"].value()}).status_code == 302
    claimed = last_act("registration.start").details["claimed"]
    assert claimed.startswith("person ")
    assert names_behind([claimed]) == {claimed: "Zsófia Kis"}


def test_nobody_may_claim_to_be_a_stranger_to_the_address(office, people):
    other = DelegateFactory(given_name="Someone", family_name="Else")
    assert says(office, str(other)).status_code == 200
    assert claim_in(office.session) is None


def test_claim_leads_nowhere_else(office, people):
    assert says(office, str(people[0].delegate), target="https://elsewhere.example/").url == MY


def test_claim_ends_with_the_sign_in(office, user, people):
    says(office, str(people[0].delegate))
    office.post(reverse("account_logout"))
    office.force_login(user)
    assert office.get(MY).status_code == 302


def test_what_is_posted_before_anybody_said_who_acts_is_not_lost(office, people):
    assert withdraw(office, people[0]).status_code == 302
    people[0].refresh_from_db()
    assert people[0].state == RegistrationState.WITHDRAWN
    assert "claimed" not in last_act("registration.move").details


def test_pages_name_each_person_and_wear_the_hat_of_the_one_who_acts(office, people):
    event = people[0].event
    says(office, str(people[1].delegate))
    mine = office.get(MY).content.decode()
    assert ("Registration of Réka Molnár" in mine, "Registration of Béla Varga" in mine, "Béla Varga acts" in mine) == (True,) * 3
    page = office.get(reverse("events:event", args=[event.slug]))
    assert page.wsgi_request.viewer.hat == f"registration:{people[1].public_id}"
    assert [hat["label"].partition(":")[0] for hat in page.context["hats"]][:2] == ["Réka Molnár", "Béla Varga"]


@pytest.mark.parametrize(
    ("given", "family", "is_shared"),
    [("Béla", "Varga", True), ("RÉKA", "Molnar", False)],
    ids=["another person", "the same, of another service"],
)
def test_second_person_who_accepts_at_an_address_makes_it_shared(delegation, given, family, is_shared):
    user = UserFactory(email="one@service.example")
    RegistrationFactory(delegation=delegation, user=user, delegate__given_name="Réka", delegate__family_name="Molnár")
    second = RegistrationFactory(
        delegation__event=delegation.event, delegate__given_name=given, delegate__family_name=family, delegate__email=user.email
    )
    accept_invitation(InvitationFactory(registration=second, email=user.email), user=user)
    user.refresh_from_db()
    assert user.is_shared == is_shared
    assert AuditEntry.objects.filter(verb="mailbox.share", event=delegation.event).count() == is_shared


def test_reader_says_so_themselves_and_cannot_say_otherwise(client):
    user = UserFactory()
    client.force_login(user)
    assert client.get("/en/my/shared/").status_code == 200
    assert not client.get(MY).wsgi_request.user.is_shared
    assert client.post("/en/my/shared/").url == WHO
    assert client.get("/en/my/shared/").url.startswith(WHO)
    client.post("/en/my/shared/", {"is_shared": "no"})
    user.refresh_from_db()
    assert (user.is_shared, AuditEntry.objects.filter(event=None, verb="mailbox.share").count()) == (True, 1)


def test_accreditation_officer_marks_and_unmarks_an_address(client, people, user):
    event = people[0].event
    client.force_login(StaffRoleFactory(event=event, role=StaffRoleName.ACCREDITATION).user)
    url = reverse("organise:person_mailbox", args=[event.slug, people[0].public_id])
    for said, expected in (("no", False), ("no", False), ("yes", True)):
        client.post(url, {"is_shared": said})
        user.refresh_from_db()
        assert user.is_shared == expected
    verbs = list(AuditEntry.objects.filter(event=event, verb__startswith="mailbox").order_by("number").values_list("verb", flat=True))
    assert verbs == ["mailbox.unshare", "mailbox.share"]
    assert (
        "Several people read office@service.example"
        in client.get(reverse("organise:person", args=[event.slug, people[0].public_id])).content.decode()
    )


def test_shared_mailbox_of_the_organisers_unmarks_no_address_nor_itself(client, people, user):
    event = people[0].event
    StaffRoleFactory(event=event, role=StaffRoleName.ACCREDITATION, user=user)
    client.force_login(user)
    says(client, str(people[0].delegate))
    person = client.get(reverse("organise:person", args=[event.slug, people[0].public_id])).content.decode()
    answer = client.post(reverse("organise:person_mailbox", args=[event.slug, people[0].public_id]), {"is_shared": "no"})
    user.refresh_from_db()
    assert (answer.status_code, user.is_shared, "One person reads it" in person) == (403, True, False)


def test_person_without_account_has_no_mailbox_to_mark(client, delegation):
    nobody = RegistrationFactory(delegation=delegation)
    client.force_login(StaffRoleFactory(event=delegation.event, role=StaffRoleName.ACCREDITATION).user)
    assert client.post(reverse("organise:person_mailbox", args=[delegation.event.slug, nobody.public_id])).status_code == 404


def test_name_behind_a_claim_goes_with_the_person_and_with_time(user, people):
    first, second = people
    for one in people:
        user.claim = Claim(str(one.delegate), one.delegate.full_name)
        share_mailbox(user, is_shared=not user.is_shared, by=Actor(user=user), event=one.event)
    claims = ActorName.objects.filter(reference__startswith="delegate")
    assert claims.count() == 2
    erase(first, by=SYSTEM)
    assert list(claims.values_list("reference", flat=True)) == [str(second.delegate)]
    purge(timezone.now())
    assert claims.count() == 1
    AuditEntry.objects.update(at=timezone.now() - dt.timedelta(days=4000))
    purge(timezone.now())
    assert claims.count() == 0


def test_list_of_claims_grows_no_query(office, people, delegation, user, django_assert_num_queries):
    with django_assert_num_queries(4):  # sign-in session, user, sign-in in use, the people
        office.get(WHO)
    RegistrationFactory(delegation=delegation, user=user)
    with django_assert_num_queries(4):
        office.get(WHO)


def test_organiser_at_a_shared_address_is_asked_too(client, user):
    role = StaffRoleFactory(event=EventFactory(), role=StaffRoleName.MANAGER, user=user)
    client.force_login(user)
    url = reverse("organise:dashboard", args=[role.event.slug])
    assert client.get(url).url.startswith(WHO)
    says(client, "else", "Ana Kis", target=url)
    assert client.get(url).status_code == 200


def test_event_is_locked_before_the_account(people, user):
    """Accepting an invitation holds the event when it marks the account: the other order would wait for it in a circle."""
    with CaptureQueriesContext(connection) as queries:
        share_mailbox(user, is_shared=False, by=SYSTEM, event=people[0].event)
    locked = [
        query["sql"]
        for query in queries
        if query["sql"].startswith("SELECT") and ("events_event" in query["sql"] or "conference_user" in query["sql"])
    ]
    assert ['FROM "events_event"' in sql for sql in locked][:2] == [True, False]
