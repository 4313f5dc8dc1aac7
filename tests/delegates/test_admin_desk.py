"""What the organisers keep of a delegation for themselves: who looks after it, its telephone, follow-up and dated notes."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from delegates.models import Delegation, DelegationNote
from events.models import AuditEntry
from tests.factories import DelegationFactory, EventFactory, FocalPointFactory, OrganisationFactory, RegistrationFactory, StaffRoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory()


@pytest.fixture
def manager(event):
    return StaffRoleFactory(event=event).user


@pytest.fixture
def client(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def delegation(event):
    return DelegationFactory(event=event, organisation=OrganisationFactory(country="JP"))


def url(event, name, *args):
    return reverse(f"organise:{name}", args=[event.slug, *args])


def test_desk_is_kept_and_recorded_by_the_names_of_what_changed(client, event, manager, delegation):
    typed = {"desk-responsible": manager.pk, "desk-phone": "03-1234-5678", "desk-follow_up_date": "2026-12-01"}
    for _ in range(2):
        client.post(url(event, "delegation_desk", delegation.public_id), typed)
    delegation.refresh_from_db()
    assert (delegation.responsible, delegation.phone, delegation.follow_up_date) == (manager, "+81312345678", dt.date(2026, 12, 1))
    entry = AuditEntry.objects.get(verb="delegation.desk")
    assert entry.details == {"changed": ["follow_up_date", "phone", "responsible"]}


def test_wrong_number_stays_typed_with_its_error(client, event, delegation):
    response = client.post(url(event, "delegation_desk", delegation.public_id), {"desk-phone": "ring me"})
    assert list(response.context["forms"]["desk"].errors) == ["phone"]
    assert 'value="ring me"' in response.content.decode()


def test_page_tells_the_time_where_the_number_rings(client, event, manager, delegation):
    Delegation.objects.update(phone="+81312345678")
    for name, args in (("delegation", [delegation.public_id]), ("delegations", [])):
        with time_machine.travel(dt.datetime(2027, 7, 1, 8, 40, tzinfo=dt.UTC), tick=False):
            client.force_login(manager)
            page = client.get(url(event, name, *args)).content.decode()
        assert ("+81 3-1234-5678" in page, "17:40 there" in page) == (True, True)


def test_followed_up_can_be_undone(client, event, manager, delegation):
    Delegation.objects.update(follow_up_date=dt.date(2026, 12, 1), responsible=manager, phone="+81312345678")
    page = client.post(url(event, "delegation_desk", delegation.public_id), {"done": "yes"}, follow=True)
    delegation.refresh_from_db()
    assert delegation.follow_up_date is None
    undo = page.context["undo"]
    client.post(undo["url"], undo["fields"])
    delegation.refresh_from_db()
    assert (delegation.follow_up_date, delegation.responsible, delegation.phone) == (dt.date(2026, 12, 1), manager, "+81312345678")
    assert client.get(url(event, "delegation", delegation.public_id)).context["undo"] is None


def test_note_is_dated_signed_and_not_in_the_record(client, event, manager, delegation):
    client.post(url(event, "note_add", delegation.public_id), {"note-text": "ZqCalled", "note-follow_up_date": "2026-12-24"})
    note = DelegationNote.objects.get()
    delegation.refresh_from_db()
    assert (note.text, note.by, note.delegation, delegation.follow_up_date) == ("ZqCalled", manager, delegation, dt.date(2026, 12, 24))
    assert "ZqCalled" not in str(AuditEntry.objects.values_list("details", flat=True))
    assert "ZqCalled" in client.get(url(event, "delegation", delegation.public_id)).content.decode()


def test_empty_note_is_refused_at_the_field(client, event, delegation):
    response = client.post(url(event, "note_add", delegation.public_id), {"note-text": "  "})
    assert (list(response.context["forms"]["note"].errors), DelegationNote.objects.count()) == (["text"], 0)


def test_note_is_removed_by_its_author_alone_after_asking(client, event, manager, delegation):
    colleague = StaffRoleFactory(event=event).user
    mine, theirs = (
        DelegationNote.objects.create(event=event, delegation=delegation, by=author, at=timezone.now(), text="N")
        for author in (manager, colleague)
    )
    assert client.get(url(event, "note_remove", mine.public_id)).status_code == 200
    assert DelegationNote.objects.count() == 2
    assert client.post(url(event, "note_remove", theirs.public_id)).status_code == 404
    client.post(url(event, "note_remove", mine.public_id))
    assert list(DelegationNote.objects.all()) == [theirs]


def test_constraints_of_notes_and_telephones(delegation):
    with pytest.raises(IntegrityError, match="delegation_note_says_something"), transaction.atomic():
        DelegationNote.objects.create(event=delegation.event, delegation=delegation, at=timezone.now(), text="")
    with pytest.raises(IntegrityError, match="delegation_phone_international"), transaction.atomic():
        Delegation.objects.update(phone="03-1234-5678")


def test_views_of_the_list_are_addresses_with_their_counts(client, event, manager):
    today = event.local(timezone.now()).date()
    mine = DelegationFactory(event=event, responsible=manager, follow_up_date=today, answer="coming")
    later = DelegationFactory(event=event, responsible=manager, follow_up_date=today + dt.timedelta(days=1))
    waiting = DelegationFactory(event=event, answer="coming")
    RegistrationFactory.create_batch(2, delegation=waiting, state="waitlisted")
    FocalPointFactory.create_batch(2, delegation=waiting)
    views = client.get(url(event, "delegations")).context["views"]
    assert {view["words"]: view["count"] for view in views} == {
        "All": 3,
        "Mine": 2,
        "Mine, due": 1,
        "Due": 1,
        "Silent": 1,
        "Without a focal point": 2,
        "With a waiting list": 1,
    }
    found = {view["words"]: {row.pk for row in client.get(view["url"]).context["rows"]} for view in views}
    assert found == {
        "All": {mine.pk, later.pk, waiting.pk},
        "Mine": {mine.pk, later.pk},
        "Mine, due": {mine.pk},
        "Due": {mine.pk},
        "Silent": {later.pk},
        "Without a focal point": {mine.pk, later.pk},
        "With a waiting list": {waiting.pk},
    }


def test_list_is_searched_by_name_and_country_in_any_language(client, event, delegation):
    other = DelegationFactory(event=event, organisation=OrganisationFactory(name_en="Office of Łukasz", country="PL"))
    asked = {text: client.get(url(event, "delegations"), {"q": text}).context["rows"] for text in ("lukasz", "pologne", "japan", "nowhere")}
    assert asked == {"lukasz": [other], "pologne": [other], "japan": [delegation], "nowhere": []}


def test_the_one_text_of_notes_becomes_the_first_note(delegation):
    import importlib

    from django.apps import apps

    from delegates.migrations import __name__ as package

    migration = importlib.import_module(f"{package}.0005_make_notes_rows")
    Delegation.objects.update(notes="Kept before.")
    migration.to_rows(apps, None)
    delegation.refresh_from_db()
    note = DelegationNote.objects.get()
    assert (note.text, note.by, note.delegation, delegation.notes) == ("Kept before.", None, delegation, "")
    migration.to_text(apps, None)
    delegation.refresh_from_db()
    assert delegation.notes == "Kept before."
