"""Tables about people."""

from delegates.models.answers import GivenGroup, QuestionAnswer, RegistrationDraft
from delegates.models.circulars import Circular
from delegates.models.delegations import DRAFT_LIST, Delegation, FocalPoint
from delegates.models.erasures import ErasureRequest
from delegates.models.files import PersonalFile
from delegates.models.imports import Import, ImportRow, SentFile, SentFileQuerySet, keeps_its_file, new_storage_name
from delegates.models.invitations import Invitation
from delegates.models.late import LateRequest
from delegates.models.letters import InvitationLetter
from delegates.models.notes import DelegationNote
from delegates.models.people import Delegate
from delegates.models.questions import EventFieldGroup, Question, QuestionChoice
from delegates.models.quotas import Quota
from delegates.models.reasons import ReasonTemplate
from delegates.models.registrations import PendingChange, Registration, RegistrationMove
from delegates.models.reminders import DEADLINES, USUAL_DAYS, Reminder, ReminderPlan
from delegates.models.requests import PlaceRequest

__all__ = [
    "DEADLINES",
    "DRAFT_LIST",
    "USUAL_DAYS",
    "Circular",
    "Delegate",
    "Delegation",
    "DelegationNote",
    "ErasureRequest",
    "EventFieldGroup",
    "FocalPoint",
    "GivenGroup",
    "Import",
    "ImportRow",
    "Invitation",
    "InvitationLetter",
    "LateRequest",
    "PendingChange",
    "PersonalFile",
    "PlaceRequest",
    "Question",
    "QuestionAnswer",
    "QuestionChoice",
    "Quota",
    "ReasonTemplate",
    "Registration",
    "RegistrationDraft",
    "RegistrationMove",
    "Reminder",
    "ReminderPlan",
    "SentFile",
    "SentFileQuerySet",
    "keeps_its_file",
    "new_storage_name",
]
