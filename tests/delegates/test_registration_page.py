"""A person's own pages: state, form, corrections, withdrawing."""

import pytest
from django.urls import reverse

from delegates.choices import Category, Consent, RegistrationState
from delegates.forms.person import NATIONALITIES
from delegates.models import PendingChange, RegistrationMove
from delegates.rules import NOTICE_VERSION
from events.choices import Audience, EventState
from tests.factories import EventFactory, RegistrationFactory, UserFactory, hours_from_now

pytestmark = pytest.mark.django_db

PAGES = ["registration", "register", "register_review", "withdraw"]
TYPED = {
    "given_name": "Zoë",
    "family_name": "O’Brien-Ñandú",
    "native_name": "Ζωή",
    "badge_name": "Zoë O’B.",
    "nationality_1": "Belgique",
    "nationality_2": "el",
    "nationality_3": "",
    "function": "Head of unit",
    "languages": ["fr", "en"],
    "language": "nl",
    "needs": "No nuts.\r\nA ramp.",
    "consent": "participants",
    "notice_version": NOTICE_VERSION,
}


STEPS = {
    "identity": (*("given_name", "family_name", "native_name", "badge_name"), *NATIONALITIES, "birth_date", "function"),
    "languages": ("languages", "language"),
    "needs": ("needs",),
}


def address(name: str, registration, *more) -> str:
    return reverse(f"delegates:{name}", args=[registration.event.slug, registration.public_id, *more])


@pytest.fixture
def person(client):
    user = UserFactory()
    client.force_login(user)
    return user


def named(user, **fields):
    return RegistrationFactory(user=user, **{"invited_at": hours_from_now(-5)} | fields)


def send(client, name, registration, *more, **data):
    return client.post(address(name, registration, *more), {"hat": f"registration:{registration.public_id}", **data}, follow=True)


@pytest.mark.parametrize(("submitted", "said"), [(None, "Your delegation has named you"), (-30, "Please confirm again that you come")])
def test_who_gave_their_form_before_is_asked_to_confirm_again(client, person, submitted, said):
    registration = named(person, submitted_at=hours_from_now(submitted) if submitted else None)
    shown = client.get(address("registration", registration)).content.decode()
    assert [words for words in ("Your delegation has named you", "Please confirm again that you come") if words in shown] == [said]


def fill_in(client, registration, **typed):
    """Go through the steps and send the form; give the page that comes of it."""
    hat = {"hat": f"registration:{registration.public_id}"}
    for step, fields in STEPS.items():
        given = {name: typed[name] for name in fields if name in typed}
        client.post(address("register_step", registration, step), hat | given)
    return client.post(address("register_review", registration), hat | typed, follow=True)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (RegistrationState.WAITLISTED, "No seat of your delegation is free"),
        (RegistrationState.OFFERED, "A seat has become free."),
        (RegistrationState.NOMINATED, "Fill in the form"),
        (RegistrationState.SUBMITTED, "Your form has arrived."),
        (RegistrationState.RETURNED, "Look at the form again"),
        (RegistrationState.APPROVED, "You are a participant."),
        (RegistrationState.REFUSED, "The organisers have refused this registration."),
        (RegistrationState.REVOKED, "The organisers have taken back their approval."),
        (RegistrationState.WITHDRAWN, "This registration is withdrawn."),
        (RegistrationState.REPLACED, "Somebody else comes in your place."),
    ],
)
def test_page_says_where_the_registration_stands(client, person, state, words):
    registration = named(person, state=state, offer_expires_at=hours_from_now(5) if state == "offered" else None)
    response = client.get(address("registration", registration))
    assert response.status_code == 200
    assert words in response.content.decode()


def test_page_names_what_is_missing(client, person):
    registration = named(person, function="", delegate__function="")
    response = client.get(address("registration", registration))
    found = [(step["title"], step["labels"], step["url"]) for step in response.context["missing"]]
    assert found == [
        ("Who you are", ["Nationality", "Function"], address("register_step", registration, "identity")),
        ("Where your name may appear", ["List of participants"], address("register_review", registration)),
    ]


def test_page_shows_the_reason_of_a_return(client, person):
    registration = named(person, state=RegistrationState.RETURNED, reason="Write <b>both</b> nationalities.")
    body = client.get(address("registration", registration)).content.decode()
    assert "Write &lt;b&gt;both&lt;/b&gt; nationalities." in body
    assert "Write &lt;b&gt;both" in client.get(address("register_review", registration)).content.decode()


def test_approved_person_finds_agenda_and_calendar(client, person):
    registration = named(person, state=RegistrationState.APPROVED)
    body = client.get(address("registration", registration)).content.decode()
    assert reverse("sessions:agenda", args=[registration.event.slug]) in body
    assert reverse("sessions:my_calendar", args=[registration.event.slug]) in body


def test_approved_person_who_chose_nothing_is_asked_where_their_name_may_appear(client, person):
    registration = named(person, state=RegistrationState.APPROVED)
    assert "You have not said yet where your name may appear" in client.get(address("registration", registration)).content.decode()


@pytest.mark.parametrize("method", ["get", "head", "post", "put"])
@pytest.mark.parametrize("name", PAGES)
def test_registration_of_somebody_else_does_not_exist(client, person, name, method):
    own = named(person, state=RegistrationState.APPROVED)
    other = named(UserFactory(), event=own.event, delegation=own.delegation)
    assert getattr(client, method)(address(name, other)).status_code == 404


def test_person_on_a_list_not_sent_yet_finds_nothing(client, person):
    assert client.get(address("registration", named(person, invited_at=None))).status_code == 404


def test_refused_person_reads_why_at_an_event_nobody_else_may_see(client, person):
    event = EventFactory(audience=Audience.PARTICIPANTS)
    registration = named(person, event=event, state=RegistrationState.REFUSED, reason="The meeting is full.")
    assert "The meeting is full." in client.get(address("registration", registration)).content.decode()
    assert client.get(reverse("events:event", args=[event.slug])).status_code == 404


def test_sent_form_is_stored_and_under_review(client, person):
    registration = named(person)
    body = fill_in(client, registration, **TYPED).content.decode()
    assert "Your registration has arrived." in body
    registration.refresh_from_db()
    delegate = registration.delegate
    assert (delegate.given_name, delegate.family_name) == ("Zoë", "O’Brien-Ñandú")
    assert (delegate.native_name, delegate.badge_name) == ("Ζωή", "Zoë O’B.")
    assert (delegate.nationalities, delegate.language, delegate.may_be_invited_again) == (["BE", "GR"], "nl", False)
    assert (registration.state, registration.function, registration.consent) == ("submitted", "Head of unit", Consent.PARTICIPANTS)
    assert (registration.languages, registration.needs) == (["fr", "en"], "No nuts.\r\nA ramp.")
    assert registration.notice_version == NOTICE_VERSION


def test_nothing_is_chosen_for_the_person(client, person):
    form = client.get(address("register_review", named(person))).context["form"]
    assert (form["consent"].value(), form["may_be_invited_again"].value()) == ("", False)


def test_form_sent_twice_is_submitted_once(client, person):
    registration = named(person)
    for _press in range(2):
        response = fill_in(client, registration, **TYPED)
    assert response.redirect_chain[-1][0] == address("registration", registration)
    assert RegistrationMove.objects.filter(registration=registration, to_state="submitted").count() == 1


def test_state_moved_by_somebody_else_keeps_what_was_typed(client, person):
    registration = named(person, state=RegistrationState.REFUSED)
    response = send(client, "register_step", registration, "identity", **TYPED)
    assert response.context["form"].non_field_errors() == ["This registration has changed meanwhile: it is now “Refused”."]
    assert response.context["form"]["nationality_1"].value() == "Belgique"


def test_too_late_says_so_and_loses_nothing(client, person):
    event = EventFactory(confirm_by_at=hours_from_now(-1))
    registration = named(person, event=event)
    body = client.get(address("registration", registration)).content.decode()
    assert "The time to confirm has ended. Write to the organisers." in body
    assert "organisers@example.org" in body
    body = fill_in(client, registration, **TYPED).content.decode()
    assert "The deadline had passed, but nothing is lost" in body
    registration.refresh_from_db()
    assert (registration.state, registration.needs) == ("nominated", "")
    assert registration.drafts.get().answers["needs"] == TYPED["needs"]


@pytest.fixture
def approved(person):
    return named(
        person,
        state=RegistrationState.APPROVED,
        function="Analyst",
        delegate__nationalities=["BE"],
        delegate__given_name="Old",
        delegate__family_name="Name",
        consent=Consent.HIDDEN,
    )


def typed_as(registration, **changes):
    names = {name: getattr(registration.delegate, name) for name in ("given_name", "family_name")}
    stored = names | {"nationality_1": "BE", "function": registration.function}
    return stored | {"language": "en", "consent": registration.consent, "notice_version": NOTICE_VERSION} | changes


def test_after_approval_a_name_waits_and_the_rest_changes_at_once(client, approved):
    body = fill_in(client, approved, **typed_as(approved, family_name="New", function="Director")).content.decode()
    approved.refresh_from_db()
    assert (approved.state, approved.function, approved.delegate.family_name) == ("approved", "Director", "Name")
    assert list(PendingChange.objects.values_list("field", "value", "accepted")) == [("family_name", "New", None)]
    assert "wait until an officer has looked at them" in body
    assert "Family name: <bdi>New</bdi>" in body


def test_after_approval_nationalities_wait(client, approved):
    body = fill_in(client, approved, **typed_as(approved, nationality_2="Japan")).content.decode()
    assert list(PendingChange.objects.values_list("field", "value")) == [("nationalities", ["BE", "JP"])]
    assert "Belgium, Japan" in body


def test_change_taken_back_no_longer_waits(client, approved):
    fill_in(client, approved, **typed_as(approved, family_name="New"))
    fill_in(client, approved, **typed_as(approved, family_name="Newer"))
    assert list(PendingChange.objects.open().values_list("value", flat=True)) == ["Newer"]
    fill_in(client, approved, **typed_as(approved))
    assert PendingChange.objects.open().count() == 0


def test_correcting_something_else_takes_nothing_back_that_waits(client, approved):
    fill_in(client, approved, **typed_as(approved, family_name="New", nationality_2="Japan"))
    shown = client.get(address("register_step", approved, "identity")).context["form"]
    assert (shown["family_name"].value(), shown["nationality_2"].value()) == ("New", "Japan")
    typed = {name: shown[name].value() or "" for name in shown.own_fields} | {"function": "Director"}
    hat = {"hat": f"registration:{approved.public_id}"}
    client.post(address("register_step", approved, "identity"), hat | typed)
    client.post(address("register_review", approved), hat | {"consent": approved.consent, "notice_version": NOTICE_VERSION})
    approved.refresh_from_db()
    assert (approved.function, approved.delegate.family_name) == ("Director", "Name")
    assert sorted(PendingChange.objects.open().values_list("field", flat=True)) == ["family_name", "nationalities"]


def test_same_correction_twice_waits_once(client, approved):
    for _press in range(2):
        fill_in(client, approved, **typed_as(approved, family_name="New"))
    assert PendingChange.objects.count() == 1


def test_before_approval_everything_changes_at_once(client, person):
    registration = named(person, state=RegistrationState.SUBMITTED, function="Analyst", consent=Consent.HIDDEN)
    body = fill_in(client, registration, **typed_as(registration, family_name="New")).content.decode()
    registration.refresh_from_db()
    assert (registration.state, registration.delegate.family_name) == ("submitted", "New")
    assert "Your changes are saved." in body
    assert PendingChange.objects.count() == 0


def test_nothing_is_corrected_at_a_closed_event(client, approved):
    approved.event.state = EventState.CLOSED
    approved.event.save()
    response = fill_in(client, approved, **typed_as(approved, function="Director"))
    assert response.context["form"].non_field_errors() == ["This event is closed; nothing can be changed any more."]
    approved.refresh_from_db()
    assert approved.function == "Analyst"


def test_form_cannot_set_what_is_not_the_persons(client, person):
    registration = named(person)
    not_theirs = {"state": "approved", "category": "head", "narrowing": "public", "security_decision": "cleared", "source": "x"}
    fill_in(client, registration, **TYPED, **not_theirs)
    registration.refresh_from_db()
    assert (registration.state, registration.category, registration.narrowing) == ("submitted", Category.DELEGATE, "none")
    assert (registration.security_decision, registration.source) == ("pending", "")


def test_withdrawing_asks_first(client, person):
    registration = named(person, state=RegistrationState.APPROVED)
    assert "You cannot undo this yourself." in client.get(address("withdraw", registration)).content.decode()
    registration.refresh_from_db()
    assert registration.state == RegistrationState.APPROVED
    body = send(client, "withdraw", registration).content.decode()
    registration.refresh_from_db()
    assert registration.state == RegistrationState.WITHDRAWN
    assert "This registration is withdrawn." in body
    assert "There is nothing to withdraw here any more." in send(client, "withdraw", registration).content.decode()


@pytest.mark.parametrize("step", ["identity", "languages", "needs"])
def test_each_step_says_what_for_who_reads_it_and_how_long(client, person, step):
    body = client.get(address("register_step", named(person), step)).content.decode()
    assert body.count("Who reads it:") == 1
    assert body.count("days after the event, then removed.") == 1


def test_the_end_names_the_notice(client, person):
    assert f"version {NOTICE_VERSION}" in client.get(address("register_review", named(person))).content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_pages_cost_little(client, person, name, django_assert_max_num_queries):
    registration = named(person, state=RegistrationState.APPROVED)
    with django_assert_max_num_queries(15):
        client.get(address(name, registration))
