"""Every column that holds text, and whose: what is personal, by the group whose term it shares; and what is of nobody.

A column that stands in neither list fails the build, so that nothing personal is added without its term.
"""

import datetime as dt

from delegates.choices import FileKind
from delegates.privacy import asked_groups

# Groups beside those a person's form asks for.
CONTACTS, ACCOUNT, ACTS, PROGRAMME, TEAM = "contacts", "account", "acts", "programme", "team"
IDENTITY, DOCUMENT, PHOTO, QUESTIONS = "identity", "identity_document", "photo", "questions"

# Columns that hold several groups: each row by its own, or all with the first whose term ends.
BY_KIND, FIRST_TO_END = "by kind", "first to end"
IMPORTS = "imports"  # files somebody imports, which the importers remove within days

# Days after the last day of the event, for groups an event does not set.
OTHER_DAYS = {CONTACTS: 730}
ACT_DAYS = 1825  # the sealed name of an actor, after their last act
FORMER_DAYS = 1825  # name and function of a person who may be invited again, after their last event
PLAIN_MAIL_DAYS = 90  # messages about accounts, which belong to no event

# Column -> group, by model.
PERSONAL: dict[str, dict[str, str]] = {
    "delegates.Delegate": {
        **dict.fromkeys(("given_name", "family_name", "native_name", "badge_name", "nationalities", "email", "function"), IDENTITY),
        "birth_date": IDENTITY,
        "language": "languages",
    },
    "delegates.Registration": {
        **dict.fromkeys(("function", "reason", "source"), IDENTITY),
        "languages": "languages",
        "needs": "needs",
        "consent": "lists",
    },
    "delegates.RegistrationMove": {"reason": IDENTITY},
    "delegates.PendingChange": {"value": IDENTITY},
    "delegates.Invitation": {"email": IDENTITY},
    "delegates.PlaceRequest": dict.fromkeys(
        ("organisation", "given_name", "family_name", "function", "email", "language", "reason"), IDENTITY
    ),
    "delegates.Import": {
        **dict.fromkeys(("file_name", "source"), IDENTITY),
        **dict.fromkeys(("storage_name", "sealed_key", "problems", "unread", "sheet", "sheets", "notes"), IMPORTS),
    },
    "delegates.ImportRow": {"sealed": IMPORTS},
    "agenda.AgendaImport": {"file_name": IDENTITY, **dict.fromkeys(("storage_name", "sealed_key", "sealed_report"), IMPORTS)},
    "delegates.ErasureRequest": {"reason": IDENTITY},
    "delegates.LateRequest": dict.fromkeys(("payload", "reason"), IDENTITY),
    "delegates.GivenGroup": dict.fromkeys(("values", "sealed"), BY_KIND),
    "delegates.QuestionAnswer": {"value": QUESTIONS},
    "delegates.RegistrationDraft": {"sealed": FIRST_TO_END},
    "delegates.PersonalFile": dict.fromkeys(("storage_name", "sealed_key", "file_name", "sha256"), BY_KIND),
    "events.OutboxMail": dict.fromkeys(("to", "subject", "sealed_text", "sealed_html", "last_error"), IDENTITY),
    "delegates.InvitationLetter": dict.fromkeys(("name", "email", "language"), CONTACTS),
    "delegates.FocalPoint": dict.fromkeys(("name", "email", "phone", "language"), CONTACTS),
    "delegates.Delegation": dict.fromkeys(("phone", "notes"), CONTACTS),
    "delegates.DelegationNote": {"text": CONTACTS},
    "conference.User": dict.fromkeys(("email", "name", "language", "time_zone", "password"), ACCOUNT),
    "account.EmailAddress": {"email": ACCOUNT},
    "account.EmailConfirmation": {"key": ACCOUNT},
    "mfa.Authenticator": {"data": ACCOUNT},
    "usersessions.UserSession": dict.fromkeys(("ip", "user_agent", "session_key", "data"), ACCOUNT),
    "sessions.Session": dict.fromkeys(("session_key", "session_data"), ACCOUNT),
    "events.ActorName": {"sealed_name": ACTS},
    "events.StaffRole": {"email": TEAM},
    "agenda.Speaker": dict.fromkeys(("name", "organisation", "function", "biography"), PROGRAMME),
    "events.PressRelease": {"contact": PROGRAMME},
}
FILE_GROUPS = {
    FileKind.PHOTO: PHOTO,
    FileKind.IDENTITY_DOCUMENT: DOCUMENT,
    FileKind.ANSWER: QUESTIONS,
    FileKind.CREDENTIAL: IDENTITY,
    FileKind.CORRESPONDENCE: IDENTITY,
}
# Columns that are sealed: `manage.py reseal` seals them with the newest key. In JSON, each sealed text inside.
SEALED = {
    "events.OutboxMail": ("sealed_text", "sealed_html"),
    "events.ActorName": ("sealed_name",),
    "delegates.PersonalFile": ("sealed_key",),
    "delegates.PendingChange": ("value",),
    "delegates.Import": ("sealed_key",),
    "delegates.ImportRow": ("sealed",),
    "agenda.AgendaImport": ("sealed_key", "sealed_report"),
    "agenda.Joining": ("sealed",),
    "delegates.GivenGroup": ("sealed",),
    "delegates.RegistrationDraft": ("sealed",),
    "mfa.Authenticator": ("data",),
}
# Text of nobody in particular: names of things, choices, references, digests. Translated columns by their common name.
_NOT_PERSONAL = {
    "events.Series": "slug name description network working_language",
    "events.Event": "slug title summary practical notice working_language languages state link zone first_date last_date"
    " former_first_date former_last_date audience host_audience delegations_audience delegations_shown protocol_order mailbox",
    "events.Venue": "public_id name address city country country_audience city_audience address_audience",
    "events.Room": "public_id name",
    "events.OutboxMail": "public_id about kind language reply_to dedup_key message_id must_see reader state",
    "events.Organisation": "public_id name abbreviation kind country email",
    "events.PressRelease": "public_id title text audience",
    "events.PressCorrection": "text",
    "events.AuditEntry": "actor hat verb target details previous_hash hash",
    "events.ActorName": "reference",
    "events.ReadRecord": "hat verb target",
    "events.MailStop": "actor",
    "events.MessageText": "kind language subject body",
    "events.IdempotencyKey": "actor key digest answer",
    "events.AudienceSpan": "target aspect audience label delegation_ids within shown actor",
    "events.OrganisationSpan": "kind country",
    "events.StaffRole": "public_id role",
    "delegates.Registration": "public_id category mode state narrowing security_decision weapon_decision notice_version",
    "delegates.EventFieldGroup": "group phase",
    "delegates.GivenGroup": "group",
    "delegates.Question": "public_id kind text help phase categories shown_if_answer",
    "delegates.QuestionChoice": "public_id label",
    "delegates.RegistrationDraft": "phase",
    "delegates.RegistrationMove": "from_state to_state category narrowing standing actor hat",
    "delegates.PendingChange": "field",
    "delegates.Quota": "category mode",
    "delegates.ReasonTemplate": "kind public_id text",
    "delegates.Circular": "public_id to asked words",
    "delegates.PlaceRequest": "public_id",
    "delegates.Import": "public_id kind state choice language counts hat",
    "delegates.ImportRow": "outcome",
    "agenda.AgendaImport": "public_id state audience label texts_in language counts hat digest",
    "delegates.Reminder": "about kind",
    "delegates.ReminderPlan": "kind days",
    "delegates.ErasureRequest": "public_id",
    "delegates.InvitationLetter": "public_id code_digest",
    "delegates.LateRequest": "public_id kind",
    "delegates.Delegation": "public_id standing answer follow_up_date",
    "delegates.DelegationNote": "public_id",
    "delegates.FocalPoint": "public_id",
    "delegates.PersonalFile": "public_id kind key media_type uploaded_by",
    "delegates.Invitation": "public_id secret_digest",
    "delegates.Delegate": "public_id",
    "agenda.CalendarFeed": "secret_digest language",
    "agenda.Paper": "public_id title file file_name media_type audience label",
    "agenda.Release": "note note_audience",
    "agenda.Contribution": "role",
    "agenda.Intervention": "public_id",
    "agenda.Joining": "sealed audience",  # how a session is joined, and of nobody
    "agenda.Tour": "sharing host",
    "agenda.TurnClock": "who",  # a reference
    "agenda.Track": "public_id name",
    "agenda.Slot": "title",
    "agenda.SignUp": "ending",
    "agenda.Session": "public_id external_id kind title abstract languages interpretation audience label shown_as_closed search_text",
    "agenda.SessionMarking": "audience label shown_as_closed delegation_ids actor",
    "agenda.Speaker": "public_id external_id public_identity",
    "admin.LogEntry": "object_id object_repr change_message",
    "auth.Permission": "name codename",
    "auth.Group": "name",
    "contenttypes.ContentType": "app_label model",
    "mfa.Authenticator": "type",
}
NOT_PERSONAL = {label: frozenset(columns.split()) for label, columns in _NOT_PERSONAL.items()}


def days_of(event) -> dict[str, int]:
    """Give the days each group is kept after the last day of an event."""
    return OTHER_DAYS | {str(name): asked.days for name, asked in asked_groups(event).items()}


def removed_on(event, group: str, days: dict[str, int]) -> dt.date:
    """Give the first day on which a group of an event is no longer kept."""
    return event.last_date + dt.timedelta(days=days[group] + 1)
