"""Retention: what is over is removed, group by group, from tables, history, messages and files; what stays is a record of counts."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from conference.lib import clock
from conference.lib.viewer import SYSTEM, Actor
from conference.models import User
from conference.privacy.inventory import (
    ACT_DAYS,
    CONTACTS,
    DOCUMENT,
    FILE_GROUPS,
    FORMER_DAYS,
    IDENTITY,
    PLAIN_MAIL_DAYS,
    QUESTIONS,
    days_of,
    removed_on,
)
from delegates.actions import discard
from delegates.choices import Consent
from delegates.models import Delegate, FocalPoint, PersonalFile, Registration
from delegates.rules import COPY_FIELD
from events.actions import lock_event, record
from events.choices import MailState
from events.models import ActorName, AuditEntry, Event, OutboxMail
from sessions.actions import forget_sign_ups

VERB = "privacy.purge"
# Columns emptied where they stand: group -> (model, how its rows hang on a registration, column -> what stays).
_EMPTIED: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    IDENTITY: [
        ("delegates.Registration", "pk", {"function": "", "reason": "", "source": ""}),
        ("delegates.RegistrationMove", "registration", {"reason": ""}),
        ("delegates.Invitation", "registration", {"email": ""}),
        ("delegates.ErasureRequest", "registration", {"reason": ""}),
        ("delegates.LateRequest", "registration", {"payload": {}, "reason": ""}),
    ],
    "languages": [("delegates.Registration", "pk", {"languages": []})],
    "needs": [("delegates.Registration", "pk", {"needs": ""})],
    "lists": [("delegates.Registration", "pk", {"consent": Consent.NOT_GIVEN})],
}
# Rows deleted whole: group -> (model, how its rows hang on a registration).
_DELETED: dict[str, list[tuple[str, str]]] = {
    IDENTITY: [("delegates.PendingChange", "registration"), ("delegates.PlaceRequest", "registration"), ("agenda.Star", "registration")],
    QUESTIONS: [("delegates.QuestionAnswer", "registration")],
}
# What waits after approval under another name than its group's.
_WAITING = {DOCUMENT: (DOCUMENT, COPY_FIELD)}


@dataclasses.dataclass(frozen=True)
class Scope:
    """Whose data: everybody's at an event, or one registration's alone."""

    event: Event
    registration: Registration | None = None

    def of(self, label: str, path: str) -> QuerySet:
        """The rows of a model in this scope; `path` leads from them to the registration."""
        rows = apps.get_model(label).objects.filter(event=self.event)
        if self.registration is None:
            return rows
        return rows.filter(**{path: self.registration.pk})

    def mails(self) -> QuerySet:
        """The messages in this scope."""
        mails = OutboxMail.objects.filter(event=self.event)
        return mails if self.registration is None else mails.filter(about=str(self.registration))

    def files(self) -> QuerySet:
        """The files in this scope."""
        files = PersonalFile.objects.filter(event=self.event)
        return files if self.registration is None else files.filter(registration=self.registration)

    def delegates(self) -> QuerySet:
        """The persons in this scope."""
        mine = Registration.objects.filter(event=self.event, delegate__isnull=False)
        mine = mine if self.registration is None else mine.filter(pk=self.registration.pk)
        return Delegate.objects.filter(pk__in=mine.values("delegate"))


@dataclasses.dataclass(frozen=True)
class Step:
    """Rows that still hold something, by a name for the record, and how it is taken from them."""

    name: str
    rows: QuerySet
    remove: Callable[[QuerySet], int]


def emptied(name: str, rows: QuerySet, **columns: Any) -> Step:
    """The step that empties columns of the rows in which any still holds something."""
    held = Q()
    for column, nothing in columns.items():
        held |= ~Q(**{column: nothing})
    return Step(name, rows.filter(held), lambda found: found.update(**columns))


def deleted(name: str, rows: QuerySet) -> Step:
    """The step that deletes rows."""
    return Step(name, rows, lambda found: found.delete()[0])


def purge(at: dt.datetime) -> int:
    """Remove everything whose term is over at a moment; give how many groups had something. Run again, it finds nothing.

    Each event and group is a transaction, recorded in the event's chain with counts and no values.
    """
    done = 0
    for event, group, live in due(at):
        done += bool(remove_group(Scope(event), group, live=live, at=at, by=SYSTEM, verb=VERB))
    done += _forget_what_no_event_holds(at)
    if done:
        settle()
    return done


def due(at: dt.datetime) -> Iterator[tuple[Event, str, list[int]]]:
    """Every event and group whose term is over at a moment, with the events that still keep this group."""
    events = list(Event.objects.order_by("pk"))
    is_over = {
        (event.pk, group): removed_on(event, group, days) <= clock.local(at, event.zone).date()
        for event in events
        for days in [days_of(event)]
        for group in sorted(days)
    }
    for event in events:
        for group in [group for pk, group in is_over if pk == event.pk and is_over[pk, group]]:
            yield event, group, live_events(is_over, group)


def live_events(is_over: dict[tuple[int, str], bool], group: str) -> list[int]:
    """The events that still keep a group."""
    return [pk for (pk, name), over in is_over.items() if name == group and not over]


def remove_group(scope: Scope, group: str, *, live: list[int], at: dt.datetime, by: Actor, verb: str) -> dict[str, int]:
    """Remove a group in a scope and record the counts; `live` are the events at which persons still need what stands with them."""
    if not any(step.rows.exists() for step in steps(scope, group, live=live, at=at)):
        return {}
    with transaction.atomic():
        lock_event(scope.event.pk)
        counts: dict[str, int] = {}
        for step in steps(scope, group, live=live, at=at):
            if count := step.remove(step.rows):
                counts[step.name] = counts.get(step.name, 0) + count
        record(by, verb, scope.registration or scope.event, event=scope.event, group=group, removed=counts)
    return counts


def steps(scope: Scope, group: str, *, live: list[int], at: dt.datetime) -> Iterator[Step]:
    """Everything a group is removed from, in order."""
    for label, path, columns in _EMPTIED.get(group, []):
        yield emptied(label, scope.of(label, path), **columns)
    for label, path in _DELETED.get(group, []):
        yield deleted(label, scope.of(label, path))
    yield deleted("delegates.GivenGroup", scope.of("delegates.GivenGroup", "registration").filter(group=group))
    yield deleted(
        "delegates.PendingChange", scope.of("delegates.PendingChange", "registration").filter(field__in=_WAITING.get(group, (group,)))
    )
    # A draft holds all groups at once: it goes with the first whose term is over.
    yield deleted("delegates.RegistrationDraft", scope.of("delegates.RegistrationDraft", "registration"))
    kinds = [kind for kind, of_group in FILE_GROUPS.items() if of_group == group]
    if kinds:
        yield Step("delegates.PersonalFile", scope.files().filter(kind__in=kinds), _discard_all)
    yield from _of_persons(scope, group, live, at)
    if group == IDENTITY:
        yield from _of_mails(scope)
        yield Step("agenda.SignUp", scope.of("agenda.SignUp", "registration"), forget_sign_ups)  # and their seats
        if scope.registration is None:
            yield emptied("delegates.Import", scope.event.imports.all(), file_name="", source="")
            yield emptied("agenda.AgendaImport", scope.event.agenda_imports.all(), file_name="")
    if group == CONTACTS and scope.registration is None:
        yield from _of_contacts(scope)


def _of_persons(scope: Scope, group: str, live: list[int], at: dt.datetime) -> Iterator[Step]:
    """What stands with the person and not with one registration goes when no other event still needs it."""
    needed = Registration.objects.filter(event__in=[pk for pk in live if pk != scope.event.pk], delegate=OuterRef("pk"))
    needed = needed.exclude(erasure_requests__accepted=True)
    persons = scope.delegates().filter(~Exists(needed))
    name = "delegates.Delegate"
    if group == "languages":
        yield emptied(name, persons, language=settings.LANGUAGE_CODE)
    if group != IDENTITY:
        return
    yield emptied(name, persons, native_name="", badge_name="", nationalities=[], email="", birth_date=None)
    recent = Registration.objects.filter(event__last_date__gt=(at - dt.timedelta(days=FORMER_DAYS)).date(), delegate=OuterRef("pk"))
    unnamed = persons if scope.registration else persons.exclude(Exists(recent), may_be_invited_again=True)
    nobody = Concat(Value("#"), F("public_id"))
    nothing = {"given_name": "", "family_name": nobody, "function": "", "user": None}
    yield Step(name, unnamed.exclude(**nothing), lambda found: found.update(**nothing, may_be_invited_again=False))


def _of_mails(scope: Scope) -> Iterator[Step]:
    held = scope.mails().exclude(to="", subject="", sealed_text="", sealed_html="", last_error="", user=None)
    nothing = {"to": "", "subject": "", "sealed_text": "", "sealed_html": "", "last_error": "", "user": None}

    def remove(found: QuerySet) -> int:
        found.filter(state__in=[MailState.QUEUED, MailState.FAILED]).update(state=MailState.DROPPED)
        return found.update(**nothing)

    yield Step("events.OutboxMail", held, remove)


def _of_contacts(scope: Scope) -> Iterator[Step]:
    event = scope.event
    nobody = Concat(F("public_id"), Value("@invalid"))
    held = FocalPoint.objects.filter(event=event).exclude(name="", phone="", user=None, email=nobody)
    nothing = {"name": "", "phone": "", "user": None, "email": nobody, "language": settings.LANGUAGE_CODE}
    yield Step("delegates.FocalPoint", held, lambda found: found.update(**nothing))
    yield emptied("delegates.Delegation", event.delegations.all(), phone="", notes="")
    yield deleted("delegates.InvitationLetter", apps.get_model("delegates.InvitationLetter").objects.filter(event=event))
    yield deleted("delegates.DelegationNote", apps.get_model("delegates.DelegationNote").objects.filter(delegation__event=event))


def _discard_all(files: QuerySet) -> int:
    found = list(files)
    for file in found:
        discard(file)
    return len(found)


def _claimed_since(at: dt.datetime) -> set[str]:
    """The references of those who said at a shared mailbox that they act, in acts after a moment."""
    return set(AuditEntry.objects.filter(at__gt=at, details__has_key="claimed").values_list("details__claimed", flat=True))


def _forget_what_no_event_holds(at: dt.datetime) -> int:
    """Accounts nobody uses for anything any more, names behind acts of long ago, and old messages about accounts."""
    idle = User.objects.filter(is_superuser=False, joined_at__lt=at - dt.timedelta(days=1))
    for part in ("delegates", "focal_points", "staff_roles", "place_requests"):
        idle = idle.filter(**{f"{part}__isnull": True})
    since = at - dt.timedelta(days=ACT_DAYS)
    recent = AuditEntry.objects.filter(actor=OuterRef("reference"), at__gt=since)
    rows = {
        "conference.User": User.objects.filter(pk__in=idle.values("pk")),
        "events.ActorName": ActorName.objects.filter(~Exists(recent)).exclude(reference__in=_claimed_since(since)),
        "events.OutboxMail": OutboxMail.objects.filter(event=None, queued_at__lt=at - dt.timedelta(days=PLAIN_MAIL_DAYS)),
    }
    found = {name: query for name, query in rows.items() if query.exists()}
    if not found:
        return 0
    with transaction.atomic():
        counts = {name: len(list(query.values_list("pk"))) for name, query in found.items()}
        for query in found.values():
            query.delete()
        record(SYSTEM, VERB, group="account", removed=counts)
    return 1


def settle() -> None:
    """Take what was removed out of SQLite's write-ahead log too; freed pages are overwritten by `secure_delete`."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
