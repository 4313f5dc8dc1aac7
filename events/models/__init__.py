"""Tables of the ground floor."""

from events.models.events import Event, EventQuerySet, Room, Series, Venue
from events.models.mail import MailStop, MessageText, OutboxMail
from events.models.organisations import Organisation
from events.models.press import PressCorrection, PressRelease
from events.models.records import ActorName, AuditEntry, IdempotencyKey, ReadRecord
from events.models.spans import AudienceSpan, OrganisationSpan
from events.models.staff import StaffRole
from events.models.stamps import stamp_of

__all__ = [
    "ActorName",
    "AudienceSpan",
    "AuditEntry",
    "Event",
    "EventQuerySet",
    "IdempotencyKey",
    "MailStop",
    "MessageText",
    "Organisation",
    "OrganisationSpan",
    "OutboxMail",
    "PressCorrection",
    "PressRelease",
    "ReadRecord",
    "Room",
    "Series",
    "StaffRole",
    "Venue",
    "stamp_of",
]
