"""Everything held on a person, for that person: one JSON text a program can read, and their files, in a ZIP."""

import io
import json
import zipfile

from django.apps import apps
from django.conf import settings
from django.db.models import Q, QuerySet

from conference.lib.sealing import Sealer
from conference.lib.words import languages
from conference.models import User
from conference.privacy.inventory import PERSONAL
from delegates.choices import SEALED_GROUPS, FileKind
from delegates.emails.table import FOCAL
from delegates.models import Delegate, Registration
from delegates.rules import COPY_FIELD
from events.emails.table import MESSAGES

# What hangs on a registration: model -> the columns given beside the personal ones, to make sense of them.
_OF_REGISTRATION = {
    "delegates.RegistrationMove": ("at", "from_state", "to_state"),
    "delegates.PendingChange": ("field", "asked_at", "decided_at", "accepted"),
    "delegates.GivenGroup": ("group", "given_at"),
    "delegates.QuestionAnswer": ("question__text_en",),
    "delegates.RegistrationDraft": ("phase", "saved_at"),
    "delegates.Invitation": ("created_at", "accepted_at"),
    "delegates.PlaceRequest": ("asked_at", "refused_at", "withdrawn_at"),
    "delegates.LateRequest": ("kind", "asked_at", "decided_at"),
    "delegates.PersonalFile": ("public_id", "kind", "media_type", "size", "uploaded_at"),
    "agenda.Star": ("session__public_id",),
    "agenda.SignUp": ("session__public_id", "joined_at", "seated_at", "ended_at", "ending"),
    "delegates.ErasureRequest": ("asked_at", "decided_at", "accepted"),
}
_FACTS = ("public_id", "category", "mode", "state", "notice_version", "queued_at", "invited_at", "submitted_at")
# By what else a row is a person's: a late request names who is to come, not whose place it is about.
_BY = {"delegates.LateRequest": "result"}
# Of the account: what hangs on the user, without what would let somebody in.
_OF_USER = {
    "account.EmailAddress": ("verified", "primary"),
    "mfa.Authenticator": ("type", "created_at", "last_used_at"),
    "usersessions.UserSession": ("created_at", "last_seen_at"),
    "events.StaffRole": ("event__slug", "role", "from_at", "until_at"),
    "delegates.FocalPoint": ("event__slug", "from_at", "until_at"),
    "events.ReadRecord": ("event__slug", "at", "verb", "target"),
}
# What a mailbox several people read is not given.
_NOT_IN_SHARED = {
    "delegates.GivenGroup": Q(group__in=SEALED_GROUPS),
    "delegates.PendingChange": Q(field__in=[*SEALED_GROUPS, COPY_FIELD]),
    "delegates.PersonalFile": Q(kind=FileKind.IDENTITY_DOCUMENT),
    "delegates.RegistrationDraft": Q(pk__isnull=False),
}
_SECRETS = {"password", "session_key", "data", "key", "storage_name", "sealed_key", "sha256"}


def data_of(user: User) -> bytes:
    """Give a ZIP with `data.json` and the files of every registration of this user."""
    target = io.BytesIO()
    registrations = list(Registration.objects.of_user(user).select_related("event", "delegate", "delegation__organisation").order_by("pk"))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(held_on(user, registrations), ensure_ascii=False, indent=1, default=str)
        archive.writestr("data.json", text)
        for registration in registrations:
            for file in registration.files.order_by("pk"):
                if not (user.is_shared and file.kind == FileKind.IDENTITY_DOCUMENT):
                    archive.writestr(f"{registration.event.slug}/{file.public_id}-{file.file_name}", file.content())
    return target.getvalue()


def held_on(user: User, registrations: list[Registration]) -> dict:
    """Everything held on a user, as JSON takes it."""
    delegates = Delegate.objects.filter(user=user).order_by("pk")
    return {
        "account": _columns("conference.User", User.objects.filter(pk=user.pk), ("joined_at",))
        | {label: _rows(label, _model(label).filter(user=user), more) for label, more in _OF_USER.items()},
        "persons": _rows("delegates.Delegate", delegates, ("organisation__name_en", "may_be_invited_again")),
        "registrations": [_registration(user, registration) for registration in registrations],
    }


def _registration(user: User, registration: Registration) -> dict:
    rows = Registration.objects.filter(pk=registration.pk)
    held = _columns("delegates.Registration", rows, _FACTS) | {"event": registration.event.slug}
    for label, more in _OF_REGISTRATION.items():
        held[label] = _rows(label, _model(label).filter(**{_BY.get(label, "registration"): registration}), more, is_shared=user.is_shared)
    # What a focal point was told of them names the focal point.
    theirs_not = [kind for kind, message in MESSAGES.items() if message.recipient == FOCAL]
    mails = _model("events.OutboxMail").filter(about=str(registration)).exclude(kind__in=theirs_not)
    held["events.OutboxMail"] = _rows("events.OutboxMail", mails.filter(is_secret=False), ("queued_at", "sent_at", "state"))
    return held


def _model(label: str) -> QuerySet:
    return apps.get_model(label).objects.order_by("pk")


def _columns(label: str, rows: QuerySet, more: tuple[str, ...]) -> dict:
    return _rows(label, rows, more)[0]


def _rows(label: str, rows: QuerySet, more: tuple[str, ...], *, is_shared: bool = False) -> list[dict]:
    """The personal columns of rows, opened where they are sealed, and what makes sense of them."""
    names = {field.name for field in rows.model._meta.concrete_fields}
    wanted = [name for column in PERSONAL.get(label, ()) for name in _in_languages(column, names) if column not in _SECRETS]
    if is_shared:
        rows = rows.exclude(_NOT_IN_SHARED.get(label, Q(pk=None)))
    sealer = Sealer(settings.DATA_KEYS)
    return [{name: _opened(value, sealer) for name, value in row.items()} for row in rows.values(*wanted, *more)]


def _in_languages(column: str, names: set[str]) -> list[str]:
    return [column] if column in names else [f"{column}_{code}" for code in languages()]


def _opened(value, sealer: Sealer):
    if isinstance(value, dict):
        return {name: _opened(part, sealer) for name, part in value.items()}
    return sealer.open(value) if isinstance(value, str) and value.startswith("gAAAA") else value
