"""Asking for a place: always the same answer and the same work, nothing seen before the address is proved, and who decides what."""

import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conference.actions import tidy
from conference.lib.sealing import Sealer
from delegates.models import Invitation, PlaceRequest, Quota, Registration
from events.choices import Audience, DelegationsShown
from events.models import Event, OutboxMail
from tests.factories import (
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    OrganisationFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
    hours_from_now,
)

pytestmark = pytest.mark.django_db
ASKED = {
    "organisation": "Ministry of Nowhere",
    "given_name": "Ada",
    "family_name": "Byron",
    "function": "Analyst",
    "email": "ada@example.org",
    "language": "en",
}


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    cache.clear()


@pytest.fixture
def event():
    return EventFactory(takes_requests=True)


@pytest.fixture
def delegation(event):
    return DelegationFactory(event=event, organisation=OrganisationFactory(name_en="Border Service", country="FI"), seats=1)


def form(event):
    return reverse("delegates:request_place", args=[event.slug])


def ask(event, **typed):
    return Client().post(form(event), ASKED | typed)


def shown(response) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", response.content)


def prove(asked) -> Client:
    """Follow the mailed link of a request to its end: press the button, type the code."""
    client = Client()
    link = opened(OutboxMail.objects.get(kind="request_link", about=str(asked)), r"https?://\S+?(/en/invitation/\S+)")
    client.post(link)
    code = opened(OutboxMail.objects.filter(kind="login_code").latest("pk"), r"^([A-Z0-9]{3,}(?:-[A-Z0-9]+)*)$")
    client.post(reverse("account_confirm_login_code"), {"code": code})
    return client


def opened(mail, pattern) -> str:
    return re.search(pattern, Sealer(settings.DATA_KEYS).open(mail.sealed_text), re.MULTILINE)[1]


def asked_and_proved(event, **typed):
    ask(event, **typed)
    asked = PlaceRequest.objects.latest("pk")
    client = prove(asked)
    asked.refresh_from_db()
    return asked, client


def test_known_and_unknown_addresses_and_organisations_get_the_same_bytes_and_the_same_work(event, delegation):
    UserFactory(email="known@example.org")
    RegistrationFactory(delegation=delegation, delegate__email="known@example.org")
    FocalPointFactory(delegation=delegation, email="known@example.org")
    ask(event, email="warm@example.org")  # content types and the like are read once
    found = []
    for number, (email, organisation) in enumerate(
        (a, o) for a in ("known@example.org", "nobody@example.org") for o in ("Border Service", "Ministry of Nowhere")
    ):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = ask(event, email=email, organisation=organisation)
        sent = Client().get(answer.headers["Location"])
        kinds = [query["sql"].split()[0] + query["sql"].split()[2] for query in queries]
        found.append((answer.status_code, answer.headers["Location"], shown(answer), shown(sent), kinds))
        assert PlaceRequest.objects.count() == number + 2
    assert [one for one in found if one != found[0]] == []


def test_until_the_code_is_typed_nothing_shows_and_opening_the_link_changes_nothing(event, delegation):
    ask(event, organisation="Border Service")
    asked = PlaceRequest.objects.get()
    link = opened(OutboxMail.objects.get(kind="request_link"), r"https?://\S+?(/en/invitation/\S+)")
    for _ in range(5):
        assert Client().get(link).status_code == 200
    asked.refresh_from_db()
    assert (asked.proved_at, Registration.objects.count(), PlaceRequest.objects.proved().count()) == (None, 0, 0)


def test_proved_request_that_names_a_delegation_goes_to_its_focal_points(event, delegation):
    focal = FocalPointFactory(delegation=delegation)
    asked, _client = asked_and_proved(event, organisation="border  SERVICE")
    assert (asked.registration.state, asked.registration.delegation, asked.registration.delegate.user) == ("requested", delegation, None)
    assert [mail.to for mail in OutboxMail.objects.filter(kind="request_made")] == [focal.email]
    assert Quota.objects.get(delegation=delegation).taken == 0


@pytest.mark.parametrize("written", ["Finland", "finnland", "Finlande"])
def test_state_is_found_in_any_language_if_it_has_one_delegation(event, delegation, written):
    assert asked_and_proved(event, organisation=written)[0].registration.delegation == delegation


def test_state_with_two_delegations_is_left_to_the_organisers(event, delegation):
    DelegationFactory(event=event, organisation=OrganisationFactory(name_en="Other Service", country="FI"))
    assert asked_and_proved(event, organisation="Finland")[0].registration is None


def test_person_is_told_and_shown_the_same_whether_or_not_a_delegation_fits(event, delegation):
    pages, mails = [], []
    for organisation, email in (("Border Service", "a1@example.org"), ("Bordel Serviette", "a2@example.org")):
        asked, client = asked_and_proved(event, organisation=organisation, email=email)
        page = client.get(reverse("delegates:place_request", args=[asked.public_id]))
        mail = OutboxMail.objects.get(kind="requested", about=str(asked))
        mails.append(Sealer(settings.DATA_KEYS).open(mail.sealed_text).replace(asked.public_id, "").replace(organisation, ""))
        pages.append(shown(page).decode().replace(asked.public_id, "").replace(organisation, "").replace(email, ""))
        assert asked.organisation not in client.get(reverse("my")).content.decode().replace(f">{organisation}<", "")
    assert (pages[0] == pages[1], mails[0] == mails[1]) == (True, True)


def test_endorsing_takes_a_seat_or_the_waiting_list_and_never_more(event, delegation, client):
    focal = FocalPointFactory(delegation=delegation, user=UserFactory())
    client.force_login(focal.user)
    stages = []
    for number in range(2):
        asked, person = asked_and_proved(event, organisation="Border Service", family_name=f"P{number}", email=f"p{number}@example.org")
        address = reverse("delegates:accept", args=[event.slug, delegation.public_id, asked.registration.public_id])
        client.post(address, {"hat": f"focal:{delegation.public_id}"})
        page = person.get(reverse("delegates:place_request", args=[asked.public_id]))
        stages.append(page.context["stage"])
    assert (stages, Quota.objects.get(delegation=delegation).taken) == (["listed", "waiting"], 1)


def test_endorsing_is_refused_after_nominations_ended(event, delegation, client):
    focal = FocalPointFactory(delegation=delegation, user=UserFactory())
    asked, _person = asked_and_proved(event, organisation="Border Service")
    Event.objects.update(nominate_by_at=hours_from_now(-1), answer_by_at=None)
    client.force_login(focal.user)
    address = reverse("delegates:accept", args=[event.slug, delegation.public_id, asked.registration.public_id])
    client.post(address, {"hat": f"focal:{delegation.public_id}"})
    asked.registration.refresh_from_db()
    assert asked.registration.state == "requested"


def test_focal_point_refuses_with_a_reason_the_person_reads(event, delegation, client):
    focal = FocalPointFactory(delegation=delegation, user=UserFactory())
    asked, person = asked_and_proved(event, organisation="Border Service")
    client.force_login(focal.user)
    address = reverse("delegates:refuse_person", args=[event.slug, delegation.public_id, asked.registration.public_id])
    without = client.post(address, {"hat": f"focal:{delegation.public_id}", "reason": ""})
    assert list(without.context["form"].errors) == ["reason"]
    client.post(address, {"hat": f"focal:{delegation.public_id}", "reason": "We send nobody else."})
    page = person.get(reverse("delegates:place_request", args=[asked.public_id]))
    assert (page.context["stage"], "We send nobody else." in page.content.decode()) == ("refused", True)
    assert OutboxMail.objects.filter(kind="request_refused", to=asked.email).count() == 1


def test_organisers_match_or_refuse_what_fits_no_delegation(event, delegation, client):
    client.force_login(StaffRoleFactory(event=event).user)
    first, _ = asked_and_proved(event, email="x1@example.org")
    second, person = asked_and_proved(event, email="x2@example.org", family_name="Second")
    assert set(client.get(reverse("organise:requests", args=[event.slug])).context["unmatched"]) == {first, second}
    page = reverse("organise:request_decide", args=[event.slug, first.public_id])
    assert client.get(page).status_code == 200
    client.post(page, {"delegation": delegation.public_id, "match": "yes"})
    client.post(reverse("organise:request_decide", args=[event.slug, second.public_id]), {"reason": "No such service.", "refuse": "yes"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.registration.state, second.refused_at is not None) == ("requested", True)
    assert person.get(reverse("delegates:place_request", args=[second.public_id])).context["reason"] == "No such service."
    assert OutboxMail.objects.filter(kind="request_refused").count() == 1
    assert client.post(page, {"delegation": delegation.public_id, "match": "yes"}).status_code == 404


def test_person_who_is_listed_already_is_left_to_the_organisers(event, delegation):
    RegistrationFactory(delegation=delegation, delegate__given_name="Ada", delegate__family_name="Byron", delegate__email="ADA@example.org")
    assert asked_and_proved(event, organisation="Border Service")[0].registration is None


def test_person_takes_the_request_back(event, delegation):
    asked, client = asked_and_proved(event, organisation="Border Service")
    page = reverse("delegates:place_request", args=[asked.public_id])
    client.post(page)
    asked.registration.refresh_from_db()
    assert (asked.registration.state, client.get(page).context["stage"]) == ("withdrawn", "withdrawn")
    assert client.post(page, follow=True).context["stage"] == "withdrawn"
    other = Client()
    other.force_login(UserFactory())
    assert other.get(page).status_code == 404


def test_events_that_take_no_requests_have_no_such_page():
    closed = EventFactory()
    assert (Client().get(form(closed)).status_code, ask(closed).status_code) == (404, 404)


def test_form_too_late_says_so_and_sends_nothing(event):
    Event.objects.update(nominate_by_at=hours_from_now(-1), answer_by_at=None)
    assert "The time to ask for a place has ended." in Client().get(form(event)).content.decode()
    assert (ask(event).status_code, PlaceRequest.objects.count()) == (200, 0)


def test_suggestions_show_only_what_the_list_of_delegations_shows(event, delegation):
    delegation.answer = "coming"
    delegation.save()
    seen = []
    for audience, what in (("participants", "organisations"), ("public", "organisations"), ("public", "states"), ("public", "number")):
        Event.objects.update(delegations_audience=Audience(audience), delegations_shown=DelegationsShown(what))
        seen.append(Client().get(form(event)).context["suggestions"])
    assert seen == [[], ["Border Service"], ["Finland"], []]


def test_too_many_requests_are_turned_away_alike(event):
    statuses = [ask(event, email="same@example.org").status_code for _ in range(6)]
    assert (statuses, PlaceRequest.objects.count()) == ([302] * 5 + [429], 5)


def test_requests_nobody_proved_are_forgotten_with_their_link(event):
    ask(event)
    PlaceRequest.objects.update(asked_at=hours_from_now(-49))
    tidy(timezone.now())
    assert (PlaceRequest.objects.count(), Invitation.objects.count()) == (0, 0)


def test_constraints_of_requests(event):
    given = {"event": event, "organisation": "X", "email": "a@example.org", "asked_at": timezone.now()}
    with pytest.raises(IntegrityError, match="place_request_has_a_name"), transaction.atomic():
        PlaceRequest.objects.create(**given)
    with pytest.raises(IntegrityError, match="place_request_waits_for_proof"), transaction.atomic():
        PlaceRequest.objects.create(**given, family_name="A", refused_at=timezone.now())
    with pytest.raises(IntegrityError, match="place_request_proved_after_asked"), transaction.atomic():
        PlaceRequest.objects.create(**given, family_name="A", proved_at=hours_from_now(-1), user=UserFactory())


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_requests_costs_the_same_for_any_number(event, delegation, client, count, django_assert_num_queries):
    for number in range(count):
        for registration in (None, RegistrationFactory(delegation=delegation, state="requested")):
            PlaceRequest.objects.create(
                event=event,
                organisation="X",
                family_name=f"A{number}",
                email="a@example.org",
                asked_at=hours_from_now(-2),
                proved_at=timezone.now(),
                user=UserFactory(),
                registration=registration,
            )
    client.force_login(StaffRoleFactory(event=event).user)
    with django_assert_num_queries(8):
        client.get(reverse("organise:requests", args=[event.slug]))


def test_my_page_says_where_a_request_stands(event):
    _asked, person = asked_and_proved(event, organisation="Ministry of Nowhere")
    for facts, words in (({}, "Being looked at"), ({"refused_at": timezone.now()}, "Refused")):
        PlaceRequest.objects.update(**facts or {"reason": ""})
        assert words in person.get(reverse("my")).content.decode()
