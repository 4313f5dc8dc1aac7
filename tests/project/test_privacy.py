"""Retention: after its term nothing of a group is left in any table or file, and what remains is a record of counts."""

import datetime as dt
import pathlib

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from conference.lib.sealing import Sealer, new_key
from conference.lib.viewer import Actor
from conference.privacy.purge import VERB, purge
from delegates.actions import keep_file
from delegates.choices import SEALED_GROUPS, Consent, FileKind, Group, RegistrationState
from delegates.models import (
    Delegate,
    DelegationNote,
    EventFieldGroup,
    GivenGroup,
    LateRequest,
    PendingChange,
    PersonalFile,
    PlaceRequest,
    Question,
    QuestionAnswer,
    Registration,
    RegistrationDraft,
)
from delegates.models.answers import sealed_json
from events.actions import broken_link, record
from events.choices import MailState
from events.models import ActorName, AuditEntry, OutboxMail
from events.outbox import queue
from tests import factories as f
from tests.factories import days_from_now

CANARY = "ZQXJ"
IDENTITY = [f"{CANARY}{name}" for name in ("given", "family", "native", "badge", "function", "mail", "reason", "source", "waiting")]


def build(last_date=None, *, again=False, user=None, delegate=None):
    """An event with a person of whom everything is held, each value with a canary of its own."""
    last_date = last_date or days_from_now(-1)
    event = f.EventFactory(first_date=last_date, last_date=last_date)
    user = user or f.UserFactory(email=f"{CANARY.lower()}account@example.org", name=f"{CANARY}account")
    delegation = f.DelegationFactory(event=event)
    delegate = delegate or f.DelegateFactory(
        organisation=delegation.organisation,
        user=user,
        given_name=f"{CANARY}given",
        family_name=f"{CANARY}family",
        native_name=f"{CANARY}native",
        badge_name=f"{CANARY}badge",
        nationalities=["HU"],
        birth_date=dt.date(1971, 2, 3),
        email=f"{CANARY}mail@example.org",
        function=f"{CANARY}function",
        language="fr",
        may_be_invited_again=again,
    )
    registration = f.RegistrationFactory(
        delegation=delegation,
        delegate=delegate,
        state=RegistrationState.APPROVED,
        function=f"{CANARY}function",
        needs=f"{CANARY}needs",
        languages=["hu"],
        consent=Consent.PUBLIC,
        reason=f"{CANARY}reason",
        source=f"{CANARY}source",
    )
    registration.moves.update(reason=f"{CANARY}reason")
    PendingChange.objects.create(
        event=event, registration=registration, field="family_name", value=f"{CANARY}waiting", asked_at=timezone.now()
    )
    by = Actor(user=user)
    for kind, name in (
        (FileKind.PHOTO, "photo.jpg"),
        (FileKind.IDENTITY_DOCUMENT, f"{CANARY}passport.pdf"),
        (FileKind.ANSWER, f"{CANARY}cv.pdf"),
    ):
        content = f.picture() if kind == FileKind.PHOTO else f.pdf(f"{CANARY}file")
        keep_file(f.upload(name, content), event=event, kind=kind, by=by, registration=registration)
    for group in Group:
        row = GivenGroup(event=event, registration=registration, group=group, given_at=timezone.now())
        row.put({"value": f"{CANARY}group {group.value}"})
        row.save()
    RegistrationDraft.objects.create(
        event=event, registration=registration, phase="first", sealed=sealed_json({"typed": {}}), saved_at=timezone.now()
    )
    question = Question.objects.create(event=event, text_en="Size?")
    QuestionAnswer.objects.create(event=event, registration=registration, question=question, value=f"{CANARY}answer")
    LateRequest.objects.create(
        event=event,
        delegation=delegation,
        registration=registration,
        kind="replace",
        payload={"family_name": f"{CANARY}waiting"},
        asked_at=timezone.now(),
        reason=f"{CANARY}reason",
    )
    PlaceRequest.objects.create(
        event=event,
        registration=registration,
        organisation=f"{CANARY}asks",
        family_name=f"{CANARY}asks",
        email=f"{CANARY}asks@example.org",
        user=user,
        asked_at=timezone.now(),
        proved_at=timezone.now(),
    )
    f.InvitationFactory(registration=registration)
    queue(
        kind="approved",
        to=delegate.email,
        language="en",
        subject=f"{CANARY}subject",
        text=f"{CANARY}body",
        dedup_key=f"approved:{registration.public_id}",
        event=event,
        user=user,
        about=str(registration),
    )
    focal = f.FocalPointFactory(delegation=delegation, name=f"{CANARY}focal", email=f"{CANARY}focal@example.org", phone="+32 2 123 45 67")
    f.InvitationFactory(focal_point=focal)
    f.LetterFactory(delegation=delegation, used_at=timezone.now(), name=f"{CANARY}holder", email=f"{CANARY.lower()}holder@example.org")
    DelegationNote.objects.create(event=event, delegation=delegation, at=timezone.now(), text=f"{CANARY}note")
    return registration


def rows() -> list[str]:
    """Every value of every text column of the database as the database gives it."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
            found += [f"{model._meta.label}: {row}" for row in cursor.fetchall()]
    return found


def traces(*words: str) -> list[str]:
    """Where any of these words is left, whatever its capitals."""
    lowered = [word.lower() for word in words or (CANARY,)]
    return [row for row in rows() if any(word in row.lower() for word in lowered)]


def after(registration, days: int) -> dt.datetime:
    """A moment on the day so many days after the last day of the event, in its zone."""
    day = registration.event.last_date + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)


@pytest.mark.django_db
def test_each_group_goes_after_its_own_term_and_not_a_day_before():
    registration = build()
    purge(after(registration, 7))
    assert PersonalFile.objects.filter(kind=FileKind.IDENTITY_DOCUMENT).exists()
    assert GivenGroup.objects.filter(group__in=SEALED_GROUPS).count() == 2
    purge(after(registration, 8))
    assert not GivenGroup.objects.filter(group__in=SEALED_GROUPS).exists()
    assert not RegistrationDraft.objects.exists()
    assert set(PersonalFile.objects.values_list("kind", flat=True)) == {FileKind.PHOTO, FileKind.ANSWER}
    purge(after(registration, 30))
    assert traces(f"{CANARY}needs")
    purge(after(registration, 31))
    assert traces(f"{CANARY}needs") == []
    assert not PersonalFile.objects.exists()
    registration.refresh_from_db()
    assert (registration.languages, registration.consent, registration.delegate.language) == ([], Consent.NOT_GIVEN, "en")
    assert registration.delegate.given_name == f"{CANARY}given"
    purge(after(registration, 91))
    assert traces(*IDENTITY, f"{CANARY}body", f"{CANARY}subject", f"{CANARY}account") == []
    assert traces(f"{CANARY}focal")
    purge(after(registration, 731))
    assert traces() == []


@pytest.mark.django_db
def test_name_of_a_late_request_that_was_refused_goes_with_the_identity():
    asked = f.LateRequestFactory(payload={"family_name": f"{CANARY}refused"}, decided_at=timezone.now(), accepted=False)
    registration = f.RegistrationFactory(delegation=asked.delegation)
    purge(after(registration, 90))
    asked.refresh_from_db()
    assert asked.name == f"{CANARY}refused"
    purge(after(registration, 91))
    assert traces() == []


@pytest.mark.django_db
def test_an_event_may_keep_a_group_shorter_or_longer():
    registration = build()
    EventFieldGroup.objects.create(event=registration.event, group=Group.NEEDS, days=2)
    purge(after(registration, 2))
    assert traces(f"{CANARY}needs")
    purge(after(registration, 3))
    assert traces(f"{CANARY}needs", f"{CANARY}group needs") == []


@pytest.mark.django_db
def test_counts_stay_and_prove_what_went_without_a_value():
    registration = build()
    event = registration.event
    purge(after(registration, 91))
    entries = AuditEntry.objects.filter(event=event, verb=VERB)
    assert {entry.details["group"] for entry in entries} == {group.value for group in Group}
    assert entries.get(details__group="needs").details["removed"] == {"delegates.Registration": 1, "delegates.GivenGroup": 1}
    assert broken_link(event) is None
    assert Registration.objects.get(event=event).state == RegistrationState.APPROVED
    assert str(Delegate.objects.get().family_name) == f"#{registration.delegate.public_id}"
    assert OutboxMail.objects.get(event=event).state == MailState.DROPPED


@pytest.mark.django_db
def test_run_twice_it_changes_nothing():
    registration = build()
    assert purge(after(registration, 800)) > 0
    before = rows()
    assert purge(after(registration, 800)) == 0
    assert rows() == before


@pytest.mark.django_db
def test_name_and_function_outlive_with_the_persons_word_for_five_years():
    registration = build(again=True)
    purge(after(registration, 91))
    delegate = Delegate.objects.get()
    assert delegate.birth_date is None
    assert (delegate.given_name, delegate.family_name, delegate.function) == (f"{CANARY}given", f"{CANARY}family", f"{CANARY}function")
    assert (delegate.email, delegate.badge_name, delegate.nationalities, delegate.user) == ("", "", [], registration.delegate.user)
    purge(after(registration, 5 * 366))
    assert traces() == []


@pytest.mark.django_db
def test_what_another_event_still_needs_stays():
    first = build()
    second = build(days_from_now(60), user=first.delegate.user, delegate=first.delegate)
    purge(after(first, 91))
    first.refresh_from_db()
    assert (first.needs, first.function, first.delegate.given_name) == ("", "", f"{CANARY}given")
    second.refresh_from_db()
    assert second.needs == f"{CANARY}needs"
    purge(after(second, 800))
    assert traces() == []


@pytest.mark.django_db
def test_accounts_go_with_the_last_thing_they_are_for():
    registration = build()
    staff = f.StaffRoleFactory(event=f.EventFactory(last_date=days_from_now(-1), first_date=days_from_now(-1))).user
    superuser = f.UserFactory(is_superuser=True)
    purge(after(registration, 91))
    users = {user.pk for user in type(staff).objects.all()}
    assert {staff.pk, superuser.pk} <= users
    assert registration.delegate.user_id not in users


@pytest.mark.django_db
def test_names_behind_acts_go_after_their_own_term():
    user = f.UserFactory(name=f"{CANARY}officer", is_superuser=True)
    event = f.EventFactory()
    record(Actor(user=user), "event.edit", event, event=event)
    now = timezone.now()
    purge(now + dt.timedelta(days=1824))
    assert ActorName.objects.count() == 1
    purge(now + dt.timedelta(days=1826))
    assert ActorName.objects.count() == 0
    assert broken_link(event) is None


@pytest.mark.django_db(transaction=True)
def test_not_a_byte_is_left_in_database_log_and_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    registration = build()
    names = [str(path) for path in tmp_path.rglob("*") if path.is_file()]
    assert len(names) == 3
    places = [tmp_path]
    if connection.vendor == "sqlite":
        database = pathlib.Path(connection.settings_dict["NAME"])
        places += [database, database.with_name(database.name + "-wal")]
        assert found_in(places) != []
    purge(after(registration, 800))
    assert traces() == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert found_in(places) == []


def found_in(places: list[pathlib.Path]) -> list[str]:
    """The files in which the canary stands, whatever its capitals."""
    files = [path for place in places for path in ([place] if place.is_file() else place.rglob("*")) if path.is_file()]
    return [str(path) for path in files if CANARY.lower().encode() in path.read_bytes().lower()]


@pytest.mark.django_db
def test_the_worker_runs_retention():
    user = f.UserFactory(email=f"{CANARY.lower()}account@example.org")
    type(user).objects.update(joined_at=timezone.now() - dt.timedelta(days=900))
    registration = build(days_from_now(-800), user=user)
    call_command("worker", once=True)
    assert traces() == []
    assert registration.pk


@pytest.fixture
def rotated(settings):
    """Everything sealed with one key, and a newer one put before it."""
    settings.DATA_KEYS = [new_key()]
    registration = build()
    settings.DATA_KEYS = [new_key(), *settings.DATA_KEYS]
    return registration


@pytest.mark.django_db
def test_after_sealing_anew_the_old_key_can_go(rotated, settings, capsys):
    call_command("reseal")
    assert "Sealed 8 rows" in capsys.readouterr().out  # three files, two groups, a draft, a message, the name of who acted
    settings.DATA_KEYS = settings.DATA_KEYS[:1]
    assert {file.content()[:4] for file in PersonalFile.objects.all()} == {b"\xff\xd8\xff\xe0", b"%PDF"}
    mail = OutboxMail.objects.get()
    assert Sealer(settings.DATA_KEYS).open(mail.sealed_text) == f"{CANARY}body"
    call_command("reseal")
    assert "Sealed 0 rows" in capsys.readouterr().out


@pytest.mark.django_db
def test_sealing_anew_names_what_no_key_opens_and_seals_the_rest(rotated, settings, capsys):
    PersonalFile.objects.filter(kind=FileKind.PHOTO).update(sealed_key=Sealer([new_key()]).seal("lost"))
    lost = PersonalFile.objects.get(kind=FileKind.PHOTO)
    with pytest.raises(CommandError, match=f"No key opens 1 rows: delegates.PersonalFile {lost.pk}"):
        call_command("reseal")
    settings.DATA_KEYS = settings.DATA_KEYS[:1]
    assert PersonalFile.objects.get(kind=FileKind.ANSWER).content()
