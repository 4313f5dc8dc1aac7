"""Files of persons and delegations: sealed on disk, replaced and removed with their rows, opened to those they are for."""

import datetime as dt
import pathlib

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from conference import actions as acts
from conference.lib.sealing import Unsealable
from conference.lib.viewer import Actor
from delegates.actions import keep_file, remove_file, sweep_files
from delegates.choices import FileKind
from delegates.models import PersonalFile
from events.choices import EventState
from events.models import AuditEntry, ReadRecord
from events.rules import NotAllowed
from tests import factories as f
from tests.claims import say_who_acts

pytestmark = pytest.mark.django_db
CANARY = "ZQXJPASSPORT"


@pytest.fixture
def registration():
    return f.RegistrationFactory(user=f.UserFactory())


def keep(registration, content=None, **options):
    options = {"event": registration.event, "kind": FileKind.IDENTITY_DOCUMENT, "by": Actor(user=registration.delegate.user)} | options
    if "delegation" not in options:
        options["registration"] = registration
    return keep_file(f.upload(f"{CANARY}.pdf", content or f.pdf(CANARY)), **options)


def on_disk() -> set[str]:
    folder = pathlib.Path(settings.MEDIA_ROOT)
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_file_is_sealed_on_disk_and_opens_whole(registration):
    kept = keep(registration, f.pdf(CANARY * 20_000))
    sealed = (pathlib.Path(settings.MEDIA_ROOT) / kept.storage_name).read_bytes()
    assert CANARY.encode() not in sealed
    assert kept.content() == f.pdf(CANARY * 20_000)
    assert (kept.size, kept.media_type, kept.file_name) == (len(kept.content()), "application/pdf", "identity-document.pdf")
    assert CANARY not in kept.storage_name + kept.sealed_key + kept.uploaded_by


def test_a_file_that_was_altered_or_cut_or_whose_key_is_lost_does_not_open(registration):
    kept = keep(registration, f.pdf(CANARY * 20_000))
    path = pathlib.Path(settings.MEDIA_ROOT) / kept.storage_name
    whole = path.read_bytes()
    piece = 64 * 1024 + 16
    for spoilt in (whole[:-1], whole[:piece], whole[:9] + b"x" + whole[10:], whole[piece : 2 * piece] + whole[:piece], b""):
        path.write_bytes(spoilt)
        with pytest.raises(Unsealable):
            kept.content()
    path.write_bytes(whole)
    kept.sealed_key = keep(f.RegistrationFactory(user=f.UserFactory())).sealed_key
    with pytest.raises(Unsealable):
        kept.content()


def test_a_new_file_takes_the_place_of_the_earlier_one(registration, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = keep(registration)
        other = keep(registration, kind=FileKind.ANSWER, key="question")
        second = keep(registration)
    assert set(PersonalFile.objects.all()) == {other, second}
    assert first.storage_name not in on_disk()
    assert {other.storage_name, second.storage_name} <= on_disk()
    assert [entry.verb for entry in AuditEntry.objects.filter(event=registration.event)] == ["file.keep"] * 3
    assert CANARY not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def test_correspondence_only_adds(registration):
    for _number in range(2):
        keep(registration, delegation=registration.delegation, kind=FileKind.CORRESPONDENCE)
    assert registration.delegation.files.count() == 2


def test_nothing_stays_on_disk_when_the_act_fails(registration):
    before = on_disk()
    other = f.EventFactory()
    with pytest.raises(ValueError, match="two events"):
        keep(registration, event=other)
    registration.event.state = EventState.CLOSED
    registration.event.save()
    with pytest.raises(NotAllowed, match="closed"):
        keep(registration)
    assert on_disk() == before


def test_a_file_of_the_wrong_kind_is_refused_in_words(registration):
    with pytest.raises(NotAllowed, match="not a complete JPEG, PNG or WebP file"):
        keep(registration, kind=FileKind.PHOTO)


def test_removing_takes_row_and_file(registration, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        kept = keep(registration)
        remove_file(kept, by=Actor(user=registration.delegate.user))
    assert not PersonalFile.objects.exists()
    assert kept.storage_name not in on_disk()


def test_files_without_a_row_are_swept_after_an_hour(registration):
    kept, gone = keep(registration), keep(registration, kind=FileKind.ANSWER)
    PersonalFile.objects.filter(pk=gone.pk).delete()  # as when rows above it are deleted, or a process is killed
    now = timezone.now()
    assert sweep_files(now) == 0
    acts.tidy(now + dt.timedelta(minutes=61))
    assert gone.storage_name not in on_disk()
    assert kept.storage_name in on_disk()


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("personal_file_kind_known", {"kind": "passport"}),
        ("personal_file_type_known", {"media_type": "text/html"}),
        ("personal_file_of_one", {"registration": None}),
        ("personal_file_of_one", {"both": True}),
        ("personal_file_of_whom_its_kind_is", {"registration": None, "of_delegation": True}),
        ("personal_file_of_whom_its_kind_is", {"kind": "credential"}),
        ("personal_file_once_per_person", {"kind": "photo"}),
        ("personal_file_once_per_delegation", {"kind": "credential", "registration": None, "of_delegation": True}),
    ],
)
def test_constraint(registration, constraint, fields):
    keep_file(f.upload("a.jpg", f.picture()), event=registration.event, kind="photo", by=Actor(), registration=registration)
    keep(registration, delegation=registration.delegation, kind="credential")
    row = {"kind": "identity_document", "registration": registration, "media_type": "application/pdf"} | fields
    if row.pop("both", False) or row.pop("of_delegation", False):
        row["delegation"] = registration.delegation
    wanted = constraint if "postgresql" in settings.DATABASES["default"]["ENGINE"] or "once" not in constraint else "UNIQUE"
    with pytest.raises(IntegrityError, match=wanted), transaction.atomic():
        PersonalFile.objects.create(event=registration.event, size=1, uploaded_at=timezone.now(), **row)


def test_a_person_opens_their_files_and_a_shared_mailbox_no_identity_document(client, registration):
    document, photo = keep(registration), keep_photo(registration)
    client.force_login(registration.delegate.user)
    response = client.get(document.get_absolute_url())
    assert b"".join(response.streaming_content) == document.content()
    assert response.headers["Content-Disposition"] == 'attachment; filename="identity-document.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Cache-Control"] == "no-store"
    assert client.get(photo.get_absolute_url()).headers["Content-Disposition"] == 'inline; filename="photo.jpg"'
    registration.delegate.user.is_shared = True
    registration.delegate.user.save()
    say_who_acts(client)
    assert client.get(document.get_absolute_url()).status_code == 404
    assert client.get(photo.get_absolute_url()).status_code == 200


def keep_photo(registration):
    upload = f.upload("a.png", f.picture(format="PNG"))
    return keep_file(upload, event=registration.event, kind=FileKind.PHOTO, by=Actor(), registration=registration)


def test_a_focal_point_opens_the_credential_paper_and_nothing_else(client, registration):
    user = f.UserFactory()
    f.FocalPointFactory(delegation=registration.delegation, user=user)
    photo = keep_photo(registration)
    credential, letter = (keep(registration, delegation=registration.delegation, kind=kind) for kind in ("credential", "correspondence"))
    client.force_login(user)
    assert client.get(credential.get_absolute_url()).status_code == 200
    assert client.get(letter.get_absolute_url()).status_code == 404
    assert client.get(photo.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("role", "opened"),
    [
        ("manager", {"photo", "identity_document", "credential"}),
        ("accreditation", {"photo", "identity_document", "credential"}),
        ("security", {"photo", "identity_document"}),
        ("reception", {"photo"}),
        ("observer", set()),
        ("programme", set()),
        ("press", set()),
    ],
)
def test_each_role_opens_what_it_needs_and_reading_is_kept(client, registration, role, opened):
    files = [keep_photo(registration), keep(registration), keep(registration, delegation=registration.delegation, kind="credential")]
    user = f.UserFactory()
    f.StaffRoleFactory(event=registration.event, user=user, role=role)
    client.force_login(user)
    statuses = {
        file.kind: client.get(reverse("organise:personal_file", args=[registration.event.slug, file.public_id])).status_code
        for file in files
    }
    assert {kind for kind, status in statuses.items() if status == 200} == opened
    assert set(statuses.values()) <= {200, 403}
    read = {str(file) for file in files if file.kind in opened - {"photo"}}
    assert set(ReadRecord.objects.filter(user=user, verb="download").values_list("target", flat=True)) == read


def test_a_shared_mailbox_of_the_organisers_opens_no_identity_document(client, registration):
    document = keep(registration)
    user = f.UserFactory(is_shared=True)
    f.StaffRoleFactory(event=registration.event, user=user, role="accreditation")
    client.force_login(user)
    say_who_acts(client)
    assert client.get(reverse("organise:personal_file", args=[registration.event.slug, document.public_id])).status_code == 403
    assert not ReadRecord.objects.exists()


def test_a_closed_event_opens_no_files_to_organisers(client, registration):
    photo = keep_photo(registration)
    registration.event.state = EventState.CLOSED
    registration.event.save()
    user = f.UserFactory()
    f.StaffRoleFactory(event=registration.event, user=user, role="reception")
    client.force_login(user)
    assert client.get(reverse("organise:personal_file", args=[registration.event.slug, photo.public_id])).status_code == 403
    assert default_storage.exists(photo.storage_name)
