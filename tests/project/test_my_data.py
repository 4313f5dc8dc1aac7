"""A person's own data: seen, taken away whole and with nobody else's in it, and erased on request, beyond a restore too."""

import io
import json
import pathlib
import time
import zipfile

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from conference.lib.viewer import SYSTEM, Actor
from conference.privacy import erasure
from conference.privacy.export import data_of
from delegates.actions import ask_erasure, move_registration
from delegates.choices import RegistrationState
from delegates.models import Delegate, ErasureRequest, LateRequest, Quota, Registration
from delegates.rules import PERSON
from events.actions import broken_link
from events.choices import EventState
from events.models import AuditEntry, OutboxMail
from tests import factories as f
from tests.factories import days_from_now
from tests.project.test_privacy import CANARY, build, traces

pytestmark = pytest.mark.django_db
PASSWORD = "a password of fifteen letters"


@pytest.fixture(autouse=True)
def ledger(settings, tmp_path):
    settings.ERASURES_FILE = tmp_path / "erasures"
    return settings.ERASURES_FILE


def unpacked(content: bytes) -> tuple[dict, str]:
    """The JSON of a ZIP, and everything in it as one text."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    everything = "\n".join(f"{name}\n{body.decode('utf-8', errors='replace')}" for name, body in files.items())
    return json.loads(files["data.json"]), everything


def test_the_download_does_not_name_who_is_to_come_in_that_person_s_place():
    mine = build()
    payload = {"given_name": "QWVZgiven", "family_name": "QWVZfamily", "email": "qwvz@example.org", "category": "delegate"}
    LateRequest.objects.filter(registration=mine).update(kind="replace", payload=payload)
    for one in (None, f.RegistrationFactory(delegation=mine.delegation, state=RegistrationState.APPROVED)):
        LateRequest.objects.update(result=one)
        assert "qwvz" not in unpacked(data_of(mine.delegate.user))[1].casefold()
    LateRequest.objects.update(result=mine)
    [registration] = unpacked(data_of(mine.delegate.user))[0]["registrations"]
    assert [row["kind"] for row in registration["delegates.LateRequest"]] == ["replace"]


def test_the_download_holds_no_message_to_a_focal_point():
    mine = build()
    f.FocalPointFactory(delegation=mine.delegation, user=f.UserFactory(), name="QWVZname", email="qwvz@example.org")
    move_registration(mine, to=RegistrationState.WITHDRAWN, by=SYSTEM, made_by=PERSON)
    assert OutboxMail.objects.filter(about=str(mine), to="qwvz@example.org").count() == 1
    assert "qwvz" not in unpacked(data_of(mine.delegate.user))[1].casefold()


def test_the_download_holds_everything_of_that_person_and_nothing_of_another():
    mine = build()
    other = f.RegistrationFactory(
        user=f.UserFactory(name="QWVZaccount"), delegation=mine.delegation, needs="QWVZneeds", state=RegistrationState.APPROVED
    )
    Delegate.objects.filter(pk=other.delegate_id).update(given_name="QWVZgiven")
    data, everything = unpacked(data_of(mine.delegate.user))
    parts = ("account", "given", "family", "native", "badge", "function", "mail", "needs", "reason", "source", "waiting", "answer", "file")
    parts += ("subject", "body", "group weapon", "group identity_document")
    assert [part for part in parts if f"{CANARY}{part}" not in everything] == []
    assert "QWVZ" not in everything
    [registration] = data["registrations"]
    assert registration["languages"] == ["hu"]
    assert data["persons"][0]["nationalities"] == ["HU"]
    assert "gAAAA" not in everything
    assert mine.delegate.user.password not in everything


def test_a_shared_mailbox_takes_no_identity_document_away():
    mine = build()
    mine.delegate.user.is_shared = True
    _data, everything = unpacked(data_of(mine.delegate.user))
    assert f"{CANARY}needs" in everything
    assert f"{CANARY}group weapon" not in everything
    assert "identity-document" not in everything


def test_the_download_asks_who_one_is(client):
    mine = build()
    user = mine.delegate.user
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)
    response = client.post(reverse("my_data_download"))
    assert response.status_code == 302
    assert "/reauthenticate/" in response.headers["Location"]
    client.post(response.headers["Location"], {"password": PASSWORD})
    response = client.post(reverse("my_data_download"))
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert f"{CANARY}given" in unpacked(response.content)[1]


def test_one_without_password_has_signed_in_just_now(client):
    user = build().delegate.user
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    page = client.post(reverse("my_data_download"), follow=True)
    assert "sign in again" in page.text
    session = client.session
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [{"method": "code", "at": time.time(), "email": user.email}]
    session.save()
    assert client.post(reverse("my_data_download")).headers["Content-Type"] == "application/zip"


def test_asking_for_erasure_is_asked_once_and_shown(client):
    mine = build(days_from_now(5))
    client.force_login(mine.delegate.user)
    for _time in range(2):
        page = client.post(reverse("my_data"), {"registration": mine.public_id}, follow=True)
    assert "have not decided yet" in page.text
    assert ErasureRequest.objects.count() == 1
    other = f.RegistrationFactory()
    assert client.post(reverse("my_data"), {"registration": other.public_id}).status_code == 404


@pytest.fixture
def manager(client):
    def signed_in(event):
        client.force_login(f.StaffRoleFactory(event=event, role="manager", user=f.UserFactory(is_superuser=True)).user)
        return client

    return signed_in


def test_request_for_erasure_is_taken_back_until_it_is_decided(client):
    mine = build(days_from_now(5))
    client.force_login(mine.delegate.user)
    client.post(reverse("my_data"), {"registration": mine.public_id})
    taken = client.post(reverse("my_data"), {"registration": mine.public_id, "take_back": "yes"}, follow=True).text
    assert "Your request is taken back; your data stay." in taken
    assert not ErasureRequest.objects.exists()
    again = client.post(reverse("my_data"), {"registration": mine.public_id, "take_back": "yes"}, follow=True).text
    assert "There was nothing to take back" in again
    assert list(AuditEntry.objects.filter(verb__startswith="erasure").order_by("pk").values_list("verb", flat=True)) == [
        "erasure.ask",
        "erasure.take_back",
    ]


def decide(client, asked, **data):
    return client.post(reverse("organise:erasure_decide", args=[asked.event.slug, asked.public_id]), data, follow=True)


def test_erasure_drops_identity_everywhere_and_keeps_counts(manager, ledger, django_capture_on_commit_callbacks):
    mine = build(days_from_now(5))
    event, people = mine.event, Registration.objects.count()
    asked = ask_erasure(mine, by=Actor(user=mine.delegate.user))
    client = manager(event)
    assert f"{CANARY}given" in client.get(reverse("organise:privacy", args=[event.slug])).text
    with django_capture_on_commit_callbacks(execute=True):
        assert "tick that you are sure" in decide(client, asked, accept="yes").text
        assert ErasureRequest.objects.open().count() == 1
        assert "Erased." in decide(client, asked, accept="yes", sure="yes").text
    others = [f"{CANARY}{word}".lower() for word in ("focal", "note", "holder")]  # contacts of the delegation, not this person
    left = [row for row in traces() if not any(word in row.lower() for word in others)]
    assert left == []
    mine.refresh_from_db()
    assert (mine.state, Registration.objects.count(), mine.delegate.family_name) == ("withdrawn", people, f"#{mine.delegate.public_id}")
    assert not Quota.objects.filter(delegation=mine.delegation, taken__gt=0).exists()
    assert broken_link(event) is None
    assert ledger.read_text() == f"{mine.public_id}\n"
    assert "decided meanwhile" in decide(client, asked, accept="yes", sure="yes").text


def test_erasure_after_the_event_is_closed_keeps_the_state(django_capture_on_commit_callbacks):
    mine = build()
    mine.event.state = EventState.CLOSED
    mine.event.save()
    asked = ask_erasure(mine, by=Actor(user=mine.delegate.user))
    erasure.accept_erasure(asked, by=SYSTEM)
    mine.refresh_from_db()
    assert (mine.state, mine.needs, mine.delegate.given_name) == ("approved", "", "")


def test_a_refusal_needs_a_reason_and_the_person_reads_it(client, manager):
    mine = build()
    asked = ask_erasure(mine, by=Actor(user=mine.delegate.user))
    staff = manager(mine.event)
    assert "Give a reason" in decide(staff, asked, refuse="yes").text
    decide(staff, asked, refuse="yes", reason="An inquiry is open")
    client.force_login(mine.delegate.user)
    assert "An inquiry is open" in client.get(reverse("my_data")).text
    assert mine.delegate.given_name in " ".join(traces())


def test_what_another_event_needs_stays_until_it_is_erased_there_too():
    first = build(days_from_now(5))
    second = build(days_from_now(9), user=first.delegate.user, delegate=first.delegate)
    for registration, name in ((first, f"{CANARY}given"), (second, "")):
        erasure.accept_erasure(ask_erasure(registration, by=SYSTEM), by=SYSTEM)
        assert Delegate.objects.get(pk=first.delegate_id).given_name == name
    assert traces(f"{CANARY}account") == []


def test_a_restored_database_erases_again(ledger):
    mine, other = build(days_from_now(5)), f.RegistrationFactory()
    pathlib.Path(ledger).write_text(f"{mine.public_id}\nunknownone\n")  # as the backup was made before the erasure
    assert erasure.replay_ledger() == 1
    assert traces(f"{CANARY}given", f"{CANARY}needs", f"{CANARY}account") == []
    other.refresh_from_db()
    assert other.state == RegistrationState.NOMINATED
    assert erasure.replay_ledger() == 0


def test_the_ledger_is_made_whole_again():
    mine = build(days_from_now(5))
    erasure.accept_erasure(ask_erasure(mine, by=SYSTEM), by=SYSTEM)
    assert erasure.write_ledger() == 1  # the process died between the database and the file
    assert (erasure.write_ledger(), erasure.ledger()) == (0, [mine.public_id])


@pytest.mark.parametrize(
    ("fields", "words"), [({"accepted": True}, "erasure_decided_one_way"), ({"decided_at": timezone.now()}, "erasure_decided_one_way")]
)
def test_constraint(fields, words):
    registration = f.RegistrationFactory()
    with pytest.raises(IntegrityError, match="erasure_decided_one_way"), transaction.atomic():
        ErasureRequest.objects.create(event=registration.event, registration=registration, asked_at=timezone.now(), **fields)


def test_only_one_request_is_open():
    registration = f.RegistrationFactory()
    ErasureRequest.objects.create(event=registration.event, registration=registration, asked_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        ErasureRequest.objects.create(event=registration.event, registration=registration, asked_at=timezone.now())
