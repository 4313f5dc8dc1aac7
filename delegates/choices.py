"""The fixed lists about people."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Standing(models.TextChoices):
    """What a delegation is to the network."""

    HOST = "host", pgettext_lazy("standing", "Host")
    MEMBER = "member", pgettext_lazy("standing", "Member")
    GUEST = "guest", pgettext_lazy("standing", "Guest")
    OBSERVER = "observer", pgettext_lazy("standing", "Observer")


class Answer(models.TextChoices):
    """What a delegation answered to the invitation."""

    INVITED = "invited", pgettext_lazy("answer", "Invited")
    UNDECIDED = "undecided", pgettext_lazy("answer", "Undecided")
    COMING = "coming", pgettext_lazy("answer", "Coming")
    DECLINED = "declined", pgettext_lazy("answer", "Declined")


class Category(models.TextChoices):
    """In what capacity a person comes."""

    HEAD = "head", pgettext_lazy("category", "Head of delegation")
    DEPUTY = "deputy", pgettext_lazy("category", "Deputy head")
    DELEGATE = "delegate", pgettext_lazy("category", "Delegate")
    EXPERT = "expert", pgettext_lazy("category", "Expert")
    SPEAKER = "speaker", pgettext_lazy("category", "Speaker")
    INTERPRETER = "interpreter", pgettext_lazy("category", "Interpreter")
    PROTECTION = "protection", pgettext_lazy("category", "Close protection")
    LIAISON = "liaison", pgettext_lazy("category", "Liaison officer")
    DRIVER = "driver", pgettext_lazy("category", "Driver")
    PRESS = "press", pgettext_lazy("category", "Press")
    ORGANISER = "organiser", pgettext_lazy("category", "Organiser")
    GUEST = "guest", pgettext_lazy("category", "Guest")
    ACCOMPANYING = "accompanying", pgettext_lazy("category", "Accompanying person")


class RegistrationState(models.TextChoices):
    """Where a registration stands."""

    REQUESTED = "requested", pgettext_lazy("registration", "Requested")
    PLACEHOLDER = "placeholder", pgettext_lazy("registration", "Seat kept")
    WAITLISTED = "waitlisted", pgettext_lazy("registration", "On the waiting list")
    OFFERED = "offered", pgettext_lazy("registration", "Seat offered")
    NOMINATED = "nominated", pgettext_lazy("registration", "Nominated")
    SUBMITTED = "submitted", pgettext_lazy("registration", "In review")
    RETURNED = "returned", pgettext_lazy("registration", "Returned")
    APPROVED = "approved", pgettext_lazy("registration", "Approved")
    REFUSED = "refused", pgettext_lazy("registration", "Refused")
    REVOKED = "revoked", pgettext_lazy("registration", "Revoked")
    WITHDRAWN = "withdrawn", pgettext_lazy("registration", "Withdrawn")
    REPLACED = "replaced", pgettext_lazy("registration", "Replaced")


class Narrowing(models.TextChoices):
    """How an organiser narrowed one registration's access below its delegation's."""

    NONE = "none", _("As the delegation")
    NOT_EU = "not_eu", _("Not the EU sessions")
    PARTICIPANT = "participant", _("Sessions for all participants only")
    PUBLIC = "public", _("Public items only")


class Mode(models.TextChoices):
    """How a person attends."""

    IN_PERSON = "in_person", _("In person")
    REMOTE = "remote", _("Remote")


class Consent(models.TextChoices):
    """Where the person agreed to be listed; only they choose."""

    NOT_GIVEN = "not_given", pgettext_lazy("consent", "Not given")
    HIDDEN = "hidden", pgettext_lazy("consent", "Not in any list")
    PARTICIPANTS = "participants", pgettext_lazy("consent", "In the list for participants")
    PUBLIC = "public", pgettext_lazy("consent", "In the public list")


class SecurityDecision(models.TextChoices):
    """What the security officer decided, where the event asks for it."""

    PENDING = "pending", pgettext_lazy("security decision", "Pending")
    CLEARED = "cleared", pgettext_lazy("security decision", "Cleared")
    REFUSED = "refused", pgettext_lazy("security decision", "Refused")


class Missing(models.TextChoices):
    """What a registration still waits for, as lists say it (`rules.lacking`)."""

    NAME = "name", pgettext_lazy("missing", "Name")
    LIST = "list", pgettext_lazy("missing", "List to be sent")
    CONFIRMATION = "confirmation", pgettext_lazy("missing", "Confirmation")
    SECURITY = "security", pgettext_lazy("missing", "Security decision")
    CONSENT = "consent", pgettext_lazy("missing", "Consent to be listed")
