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


class RequestStage(models.TextChoices):
    """Where somebody's own request for a place stands, as they may know it."""

    ASKED = "asked", pgettext_lazy("request", "Being looked at")
    LISTED = "listed", pgettext_lazy("request", "Endorsed")
    WAITING = "waiting", pgettext_lazy("request", "On the waiting list")
    REFUSED = "refused", pgettext_lazy("request", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "Taken back")
    ENDED = "ended", pgettext_lazy("request", "Ended")


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


class WeaponDecision(models.TextChoices):
    """What the security officer decided on the weapon somebody asks to carry; apart from the decision on the person."""

    NONE = "none", pgettext_lazy("weapon decision", "No weapon asked for")
    PENDING = "pending", pgettext_lazy("weapon decision", "Waits for the security officer")
    CLEARED = "cleared", pgettext_lazy("weapon decision", "Allowed")
    REFUSED = "refused", pgettext_lazy("weapon decision", "Refused")


class ImportKind(models.TextChoices):
    """What a spreadsheet lists."""

    ORGANISATIONS = "organisations", pgettext_lazy("import", "Organisations")
    DELEGATIONS = "delegations", pgettext_lazy("import", "Delegations")
    NOMINATIONS = "nominations", pgettext_lazy("import", "People")


class ImportState(models.TextChoices):
    """Where an import stands."""

    WAITING = "waiting", pgettext_lazy("import", "Waits to be read")
    READING = "reading", pgettext_lazy("import", "Being read")
    CHECKED = "checked", pgettext_lazy("import", "Checked, nothing changed yet")
    QUEUED = "queued", pgettext_lazy("import", "Waits to be imported")
    WRITING = "writing", pgettext_lazy("import", "Being imported")
    DONE = "done", pgettext_lazy("import", "Imported")
    FAILED = "failed", pgettext_lazy("import", "Could not be read")
    REMOVED = "removed", pgettext_lazy("import", "Not imported, removed")


class ImportChoice(models.TextChoices):
    """Which rows of a file are kept."""

    ALL = "all", _("All rows, or none if one of them has a problem")
    GOOD = "good", _("The rows without a problem; the others are left out")


class Outcome(models.TextChoices):
    """What became, or would become, of one row."""

    PROBLEM = "problem", pgettext_lazy("row", "Problem")
    WAITLISTED = "waitlisted", pgettext_lazy("row", "New, on the waiting list")
    NEW = "new", pgettext_lazy("row", "New")
    CHANGED = "changed", pgettext_lazy("row", "Changed")
    UNCHANGED = "unchanged", pgettext_lazy("row", "Unchanged")


class ReasonKind(models.TextChoices):
    """What a written reason is for: the state it goes with."""

    RETURNED = "returned", pgettext_lazy("reason", "A return")
    REFUSED = "refused", pgettext_lazy("reason", "A refusal")
    REVOKED = "revoked", pgettext_lazy("reason", "A revocation")


class Missing(models.TextChoices):
    """What a registration still waits for, as lists say it (`rules.lacking`)."""

    NAME = "name", pgettext_lazy("missing", "Name")
    LIST = "list", pgettext_lazy("missing", "List to be sent")
    CONFIRMATION = "confirmation", pgettext_lazy("missing", "Confirmation")
    SECURITY = "security", pgettext_lazy("missing", "Security decision")
    CONSENT = "consent", pgettext_lazy("missing", "Consent to be listed")


class FileKind(models.TextChoices):
    """What a file of a person or a delegation is."""

    PHOTO = "photo", pgettext_lazy("file", "Photo")
    IDENTITY_DOCUMENT = "identity_document", pgettext_lazy("file", "Identity document")
    CREDENTIAL = "credential", pgettext_lazy("file", "Credential paper")
    ANSWER = "answer", pgettext_lazy("file", "Answer to a question")
    CORRESPONDENCE = "correspondence", pgettext_lazy("file", "Correspondence")


BESIDE_KINDS = (FileKind.PHOTO, FileKind.IDENTITY_DOCUMENT)  # a new one may wait beside the approved one (`PhotoKey`)


class PhotoKey:
    """Which of a person's photos, or copies of their document, a file is, as its key says."""

    CURRENT = ""
    SMALL = "small"
    WAITING = "waiting"  # for an officer, beside the approved one
    WAITING_SMALL = "waiting-small"
    DRAFT = "draft"  # a picture the photo is still to be cut out of


class LateKind(models.TextChoices):
    """What a focal point asks of the organisers when the time for it has passed."""

    NOMINATE = "nominate", pgettext_lazy("late request", "A person to add")
    REPLACE = "replace", pgettext_lazy("late request", "A person to replace")


class Group(models.TextChoices):
    """A group of fields with one purpose; `privacy.FIELD_GROUPS` says which."""

    IDENTITY = "identity", _("Who you are")
    IDENTITY_DOCUMENT = "identity_document", _("Identity document")
    PHOTO = "photo", _("Photo")
    LANGUAGES = "languages", _("Languages")
    TRAVEL = "travel", _("Travel")
    HOTEL = "hotel", _("Hotel")
    VEHICLE = "vehicle", _("Vehicle")
    NEEDS = "needs", _("Meals and access")
    EMERGENCY = "emergency", _("Emergency contact")
    WEAPON = "weapon", _("Close-protection weapon")
    QUESTIONS = "questions", _("Questions of the organisers")
    LISTS = "lists", _("Where your name may appear")


# Kept encrypted, shown only on a recorded demand, and never to an account that several people use.
SEALED_GROUPS = (Group.IDENTITY_DOCUMENT, Group.WEAPON)


class FormPhase(models.TextChoices):
    """Which of a person's two forms asks something."""

    FIRST = "first", _("First form, to be approved")
    SECOND = "second", _("Second form, once approved")


class QuestionKind(models.TextChoices):
    """What an organisers' own question takes as its answer."""

    TEXT = "text", pgettext_lazy("kind of question", "Text")
    CHOICE = "choice", pgettext_lazy("kind of question", "One of several choices")
    SEVERAL = "several", pgettext_lazy("kind of question", "Any of several choices")
    DATE = "date", pgettext_lazy("kind of question", "Date")
    NUMBER = "number", pgettext_lazy("kind of question", "Number")
    FILE = "file", pgettext_lazy("kind of question", "File")
    YES_NO = "yes_no", pgettext_lazy("kind of question", "Yes or no")


WITH_CHOICES = (QuestionKind.CHOICE, QuestionKind.SEVERAL)


class ReminderKind(models.TextChoices):
    """What people are reminded of, each before a deadline of the event."""

    ANSWER = "answer", pgettext_lazy("reminder", "Delegations that have not answered")
    LIST = "list", pgettext_lazy("reminder", "Delegations whose list is not sent")
    CONFIRM = "confirm", pgettext_lazy("reminder", "Persons who have not confirmed")
    TRAVEL = "travel", pgettext_lazy("reminder", "Approved persons whose second form is missing")


class CircularTo(models.TextChoices):
    """Whom organisers write to when they write to many."""

    FOCAL_POINTS = "focal", _("Focal points")
    PERSONS = "persons", _("Persons")


class LetterStage(models.TextChoices):
    """Where an invitation letter on paper stands."""

    OPEN = "open", pgettext_lazy("letter", "may be used")
    EXPIRED = "expired", pgettext_lazy("letter", "expired")
    REVOKED = "revoked", pgettext_lazy("letter", "revoked")
    WAITING = "submitted", pgettext_lazy("letter", "used: to decide")
    CONFIRMED = "approved", pgettext_lazy("letter", "used: confirmed")
    REFUSED = "refused", pgettext_lazy("letter", "used: refused or forgotten")
