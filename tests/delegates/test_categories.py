"""In what capacity somebody comes, once it was approved: asked by the person or the focal point, decided by an officer."""

import pytest
from django.conf import settings
from django.urls import reverse

from conference.lib.sealing import Sealer
from conference.lib.viewer import Actor
from delegates.actions import ask_category, decide_change, marks_of_change, name_head, take_back_category
from delegates.choices import Category, RegistrationState
from delegates.models import PendingChange, Quota, Registration
from delegates.rules import CATEGORY_FIELD, COPY_FIELD, GROUPS_BESIDE, PHOTO_FIELD, WAITS_BESIDE
from events.choices import EventState
from events.models import AuditEntry, OutboxMail
from events.rules import NotAllowed
from tests.delegates.test_late import address, at_stage, focal_of, member, send
from tests.factories import DelegationFactory, FocalPointFactory, StaffRoleFactory, UserFactory, hours_from_now

pytestmark = pytest.mark.django_db

OFFICER = Actor(hat="organiser:accreditation")


def changed(row):
    """The row as the database has it now."""
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def delegation():
    return at_stage("open", seats=4)


def categories() -> dict[int, str]:
    return dict(Registration.objects.values_list("pk", "category"))


def asked() -> list[tuple]:
    return list(PendingChange.objects.open().values_list("registration", "value", "by_focal_point"))


def own(name: str, registration) -> str:
    return reverse(f"delegates:{name}", args=[registration.event.slug, registration.public_id])


# The head, asked by the focal point


@pytest.mark.parametrize("approved", ["former", "new", "both"])
def test_head_waits_where_one_is_approved_and_an_officer_changes_both(client, delegation, approved):
    focal_of(client, delegation)
    states = {name: "approved" if approved in (name, "both") else "nominated" for name in ("former", "new")}
    former, new = member(delegation, category=Category.HEAD, state=states["former"]), member(delegation, state=states["new"])
    page = client.get(address("name_head", delegation, new.public_id)).content.decode()
    assert "One of them is approved already: the organisers decide." in page
    body = send(client, "name_head", delegation, new.public_id).content.decode()
    assert "until then nothing changes" in body
    assert "The decision of the organisers: head of delegation" in body
    assert categories() == {former.pk: Category.HEAD, new.pk: Category.DELEGATE}
    assert asked() == [(new.pk, "head", True)]
    decide_change(PendingChange.objects.get(), accept=True, by=OFFICER)
    assert categories() == {former.pk: Category.DELEGATE, new.pk: Category.HEAD}
    assert [row.state for row in (changed(former), changed(new))] == [states["former"], states["new"]]
    assert delegation.quotas.get().taken == 2


def test_head_refused_stays_as_it_was(client, delegation):
    focal_of(client, delegation)
    former, new = member(delegation, category=Category.HEAD, state="approved"), member(delegation)
    send(client, "name_head", delegation, new.public_id)
    decide_change(PendingChange.objects.get(), accept=False, by=OFFICER)
    assert categories() == {former.pk: Category.HEAD, new.pk: Category.DELEGATE}
    assert asked() == []


def test_head_after_the_freeze_waits_also_where_nobody_is_approved(client):
    delegation = at_stage("frozen")
    focal_of(client, delegation)
    new = member(delegation)
    assert (
        "The time for changes has ended: the organisers decide."
        in client.get(address("name_head", delegation, new.public_id)).content.decode()
    )
    send(client, "name_head", delegation, new.public_id)
    assert (categories(), asked()) == ({new.pk: "delegate"}, [(new.pk, "head", True)])


def test_focal_point_asks_for_one_head_at_a_time_and_takes_it_back(client, delegation):
    focal_of(client, delegation)
    member(delegation, category=Category.HEAD, state="approved")
    first, second = member(delegation), member(delegation)
    for person in (first, first, second):
        send(client, "name_head", delegation, person.public_id)
    assert asked() == [(second.pk, "head", True)]
    assert PendingChange.objects.count() == 2
    assert "No longer ask for this" in client.get(address("name_head", delegation, second.public_id)).content.decode()
    send(client, "name_head", delegation, second.public_id, take_back="yes")
    assert asked() == []
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["registration.ask_category", "registration.ask_category", "registration.take_back_category"]


def test_closed_event_takes_no_wish_for_a_head(delegation):
    new = member(delegation)
    delegation.event.state = EventState.CLOSED
    delegation.event.save(update_fields=["state"])
    with pytest.raises(NotAllowed):
        name_head(new, by=Actor(hat=f"focal:{delegation.public_id}"))
    assert asked() == []


def test_former_head_named_meanwhile_is_seen_before_it_is_decided(delegation):
    by = Actor(hat=f"focal:{delegation.public_id}")
    former, new = member(delegation, category=Category.HEAD, state="approved"), member(delegation)
    name_head(new, by=by)
    change = PendingChange.objects.get()
    seen = marks_of_change(change, new)
    Registration.objects.filter(pk=former.pk).update(category=Category.EXPERT)
    other = member(delegation, category=Category.HEAD)
    with pytest.raises(NotAllowed, match="not the one you looked at"):
        decide_change(change, accept=True, by=OFFICER, seen=seen)
    assert categories()[other.pk] == Category.HEAD
    decide_change(change, accept=True, by=OFFICER, seen=marks_of_change(change, changed(new)))
    assert (categories()[other.pk], categories()[new.pk]) == (Category.DELEGATE, Category.HEAD)


def test_place_that_a_new_head_frees_is_offered(delegation):
    Quota.objects.create(event=delegation.event, delegation=delegation, category="expert", seats=1)
    expert = member(delegation, category=Category.EXPERT)
    waiting = member(delegation, category=Category.EXPERT, state="waitlisted")
    name_head(expert, by=Actor(hat=f"focal:{delegation.public_id}"))
    assert changed(waiting).state == RegistrationState.OFFERED


# Another category, asked by the person


def person_of(client, **fields):
    user = UserFactory()
    client.force_login(user)
    return member(at_stage("open", seats=2), user=user, **{"state": "approved"} | fields)


def post(client, registration, **data):
    return client.post(own("category", registration), {"hat": f"registration:{registration.public_id}", **data}, follow=True)


def test_person_asks_and_the_approved_category_holds_until_an_officer_decides(client):
    person = person_of(client)
    assert "Ask to come in another capacity" in client.get(own("registration", person)).content.decode()
    body = post(client, person, category="expert").content.decode()
    assert "until then you come as approved" in body
    assert "In what capacity you come: <bdi>Expert</bdi>" in body
    assert changed(person).category == Category.DELEGATE
    decide_change(PendingChange.objects.get(), accept=True, by=OFFICER)
    assert (changed(person).category, changed(person).state) == (Category.EXPERT, "approved")
    assert person.moves.order_by("pk").last().category == Category.EXPERT


@pytest.mark.parametrize("category", ["head", "press", "delegate", "nonsense", ""])
def test_person_does_not_ask_for_what_is_not_theirs(client, category):
    person = person_of(client)
    post(client, person, category=category)
    assert asked() == []


@pytest.mark.parametrize("state", ["nominated", "submitted", "returned"])
def test_category_is_not_asked_for_before_approval(client, state):
    person = person_of(client, state=state)
    assert "Ask to come in another capacity" not in client.get(own("registration", person)).content.decode()
    post(client, person, category="expert")
    assert asked() == []


def test_person_takes_back_their_own_wish_and_not_the_focal_points(client):
    person = person_of(client)
    post(client, person, category="expert")
    post(client, person, take_back="yes")
    assert asked() == []
    name_head(person, by=Actor(hat=f"focal:{person.delegation.public_id}"))
    body = post(client, person, take_back="yes").content.decode()
    assert "no longer waits" in body
    assert asked() == [(person.pk, "head", True)]


def test_category_without_a_place_is_said_to_the_officer_and_nothing_changes(client):
    person = person_of(client)
    Quota.objects.create(event=person.event, delegation=person.delegation, category="expert", seats=0)
    ask_category(person, category="expert", by=Actor(hat=f"registration:{person.public_id}"))
    with pytest.raises(NotAllowed, match="No seat is free"):
        decide_change(PendingChange.objects.get(), accept=True, by=OFFICER)
    assert (changed(person).category, len(asked())) == (Category.DELEGATE, 1)


def test_category_of_somebody_who_left_is_refused_alone(client):
    person = person_of(client)
    ask_category(person, category="expert", by=Actor(hat=f"registration:{person.public_id}"))
    Registration.objects.filter(pk=person.pk).update(state="withdrawn")
    with pytest.raises(NotAllowed):
        decide_change(PendingChange.objects.get(), accept=True, by=OFFICER)
    decide_change(PendingChange.objects.get(), accept=False, by=OFFICER)
    assert asked() == []


def test_take_back_of_nothing_is_refused(delegation):
    with pytest.raises(NotAllowed):
        take_back_category(member(delegation), by=Actor(hat=f"focal:{delegation.public_id}"))


# On the organisers' page


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_changes_shows_before_after_and_the_former_head(client, delegation, count, django_assert_num_queries):
    for _n in range(count):
        other = DelegationFactory(event=delegation.event, seats=2)
        head = member(other, category=Category.HEAD, state="approved")
        name_head(member(other), by=Actor(hat=f"focal:{other.public_id}"))
    client.force_login(StaffRoleFactory(event=delegation.event).user)
    url = reverse("organise:changes", args=[delegation.event.slug])
    with django_assert_num_queries(11):
        body = client.get(url).content.decode()
    assert body.count("now the head, becomes a delegate.") == count
    assert head.delegate.full_name in body
    assert "Asked by the focal point" in body


# What the person hears


@pytest.mark.parametrize(("accept", "kind"), [(True, "change_accepted"), (False, "change_refused")])
def test_person_hears_in_their_language_what_was_decided_and_once(client, accept, kind):
    person = person_of(client, delegate__email="ana@example.org", delegate__language="fr")
    ask_category(person, category="expert", by=Actor(hat=f"registration:{person.public_id}"))
    change = PendingChange.objects.get()
    decide_change(change, accept=accept, by=OFFICER)
    with pytest.raises(NotAllowed):
        decide_change(change, accept=accept, by=OFFICER)
    mail = OutboxMail.objects.get()
    assert (mail.kind, mail.to, mail.language) == (kind, "ana@example.org", "fr")
    assert "catégorie" in Sealer(settings.DATA_KEYS).open(mail.sealed_text)


def test_head_refused_to_a_focal_point_is_no_news_for_the_person(delegation):
    by = Actor(hat=f"focal:{delegation.public_id}")
    member(delegation, category=Category.HEAD, state="approved")
    new = member(delegation)
    for accept, told in ((False, 0), (True, 1)):
        name_head(new, by=by)
        decide_change(PendingChange.objects.open().get(), accept=accept, by=OFFICER)
        assert OutboxMail.objects.count() == told


@pytest.mark.parametrize(("accept", "kind"), [(True, "head_accepted"), (False, "head_refused")])
def test_focal_points_hear_in_their_language_what_was_decided_on_the_head_they_asked_for(delegation, accept, kind):
    FocalPointFactory(delegation=delegation, email="left@example.org", until_at=hours_from_now(-1))
    for language in ("de", "nl"):
        FocalPointFactory(delegation=delegation, email=f"{language}@example.org", language=language)
    new = member(delegation, state="approved", delegate__email="")
    name_head(new, by=Actor(hat=f"focal:{delegation.public_id}"))
    change = PendingChange.objects.get()
    decide_change(change, accept=accept, by=OFFICER)
    with pytest.raises(NotAllowed):
        decide_change(change, accept=accept, by=OFFICER)
    mails = OutboxMail.objects.order_by("pk")
    assert [(mail.kind, mail.to, mail.language) for mail in mails] == [(kind, "de@example.org", "de"), (kind, "nl@example.org", "nl")]
    for mail, word in zip(mails, ("Delegation", "delegatie"), strict=True):
        text = Sealer(settings.DATA_KEYS).open(mail.sealed_text)
        assert new.delegate.full_name in text
        assert word in text
        assert reverse("delegates:delegation", args=[delegation.event.slug, delegation.public_id]).removeprefix("/en") in text


def test_capacity_asked_by_the_person_is_no_news_for_the_focal_points(client, delegation):
    FocalPointFactory(delegation=delegation)
    person = member(delegation, state="approved")
    ask_category(person, category="expert", by=Actor(hat=f"registration:{person.public_id}"))
    decide_change(PendingChange.objects.get(), accept=True, by=OFFICER)
    assert list(OutboxMail.objects.values_list("kind", flat=True)) == ["change_accepted"]


@pytest.mark.parametrize("field", [*WAITS_BESIDE, *GROUPS_BESIDE, CATEGORY_FIELD, COPY_FIELD, PHOTO_FIELD])
def test_every_change_that_waits_has_its_words(field):
    assert str(PendingChange(field=field).label).strip()
