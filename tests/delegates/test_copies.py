"""The copy of an identity document: asked where the event asks one, sealed, opened by officers, waiting beside after approval."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from conference.lib.viewer import Actor
from conference.privacy.purge import purge
from delegates.actions import decide_change, keep_copy, set_field_groups
from delegates.choices import FileKind
from delegates.models import EventFieldGroup, PendingChange
from events.models import ReadRecord
from events.rules import NotAllowed
from tests import factories as f
from tests.delegates.test_person_form import DOCUMENT, REVIEW, fill_in, send
from tests.delegates.test_person_form import save as save_step

pytestmark = pytest.mark.django_db
OFFICER = Actor(hat="organiser:accreditation")


def ask(event, *, with_copy=True, is_required=True):
    terms = {"is_on": True, "phase": "first", "is_required": is_required, "days": 7, "with_copy": with_copy}
    set_field_groups(event, {"identity_document": terms}, by=OFFICER)


@pytest.fixture
def registration():
    event = f.EventFactory(first_date=dt.date.today() + dt.timedelta(days=40), last_date=dt.date.today() + dt.timedelta(days=42))
    ask(event)
    return f.RegistrationFactory(
        event=event, delegation=f.DelegationFactory(event=event), user=f.UserFactory(), invited_at=f.hours_from_now(-5)
    )


@pytest.fixture
def browser(client, registration):
    client.force_login(registration.delegate.user)
    return client


def approve(registration):
    type(registration).objects.filter(pk=registration.pk).update(state="approved")
    registration.refresh_from_db()


def copies(registration) -> dict[str, bytes]:
    return {file.key: file.content() for file in registration.files.filter(kind=FileKind.IDENTITY_DOCUMENT)}


def sent(content=None):
    return {"document_copy": f.upload("passport X1234567.pdf", content or f.pdf())}


def test_form_takes_the_copy_sealed_without_its_name_and_shows_it_to_its_owner(browser, registration):
    fill_in(browser, registration)
    save_step(browser, registration, "document", **DOCUMENT, **sent())
    file = registration.files.get()
    assert (file.kind, file.key, file.file_name) == ("identity_document", "", "identity-document.pdf")
    body = send(browser, registration, **REVIEW).content.decode()
    assert file.get_absolute_url() in body
    registration.refresh_from_db()
    assert registration.state == "submitted"
    assert registration.given_groups.get(group="identity_document").given().keys() == DOCUMENT.keys()


def test_form_without_the_copy_it_needs_is_not_sent(browser, registration):
    fill_in(browser, registration)
    body = send(browser, registration, **REVIEW).content.decode()
    registration.refresh_from_db()
    assert registration.state == "nominated"
    assert "A copy of the document" in body
    ask(registration.event, is_required=False)
    send(browser, registration, **REVIEW)
    registration.refresh_from_db()
    assert registration.state == "submitted"


def test_event_that_asks_for_none_takes_none(browser, registration):
    ask(registration.event, with_copy=False)
    save_step(browser, registration, "document", **DOCUMENT, **sent())
    assert registration.files.count() == 0
    with pytest.raises(NotAllowed):
        keep_copy(registration, f.upload("a.pdf", f.pdf()), by=Actor(hat=f"registration:{registration.public_id}"))


def test_what_is_no_document_is_refused_beside_the_field(browser, registration):
    body = save_step(browser, registration, "document", **DOCUMENT, **sent(b"%PDF-1.7 torn")).content.decode()
    assert "not a whole PDF" in body
    assert registration.files.count() == 0


@pytest.mark.parametrize("accept", [True, False])
def test_new_copy_after_approval_waits_beside_the_approved_one(browser, registration, accept):
    save_step(browser, registration, "document", **DOCUMENT, **sent(f.pdf()))
    old = copies(registration)[""]
    approve(registration)
    picture = f.picture()
    save_step(browser, registration, "document", **DOCUMENT, document_copy=f.upload("new.jpg", picture))
    assert (copies(registration)[""], set(copies(registration))) == (old, {"", "waiting"})
    new = copies(registration)["waiting"]
    assert "A copy of the document" in browser.get(reverse("delegates:registration", args=_args(registration))).content.decode()
    change = PendingChange.objects.open().get()
    officer = f.StaffRoleFactory(event=registration.event).user
    browser.force_login(officer)
    page = browser.get(reverse("organise:changes", args=[registration.event.slug])).content.decode()
    assert page.count("Open (it is recorded)") == 2
    decide_change(change, accept=accept, by=OFFICER)
    assert copies(registration) == {"": new if accept else old}


def _args(registration):
    return [registration.event.slug, registration.public_id]


def test_officer_opens_the_copy_and_that_is_recorded(browser, registration):
    save_step(browser, registration, "document", **DOCUMENT, **sent())
    url = reverse("organise:personal_file", args=[registration.event.slug, registration.files.get().public_id])
    for role, status in (("accreditation", 200), ("security", 200), ("reception", 403), ("observer", 403)):
        browser.force_login(f.StaffRoleFactory(event=registration.event, role=role).user)
        assert browser.get(url).status_code == status
    assert ReadRecord.objects.filter(target=str(registration.files.get())).count() == 2


def test_shared_mailbox_is_asked_for_no_copy(browser, registration):
    user = registration.delegate.user
    user.is_shared = True
    user.save(update_fields=["is_shared"])
    assert save_step(browser, registration, "document", **DOCUMENT, **sent()).status_code == 404
    assert registration.files.count() == 0


def test_copies_go_with_the_days_of_the_group(browser, registration):
    save_step(browser, registration, "document", **DOCUMENT, **sent())
    approve(registration)
    save_step(browser, registration, "document", **DOCUMENT, **sent())
    last = registration.event.last_date
    purge(dt.datetime.combine(last + dt.timedelta(days=7), dt.time(12), dt.UTC))
    assert (len(copies(registration)), PendingChange.objects.count()) == (2, 1)
    purge(dt.datetime.combine(last + dt.timedelta(days=9), dt.time(12), dt.UTC))
    assert (len(copies(registration)), PendingChange.objects.count()) == (0, 0)


def test_copies_are_asked_of_documents_alone():
    event = f.EventFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        EventFieldGroup.objects.create(event=event, group="photo", days=7, with_copy=True)
