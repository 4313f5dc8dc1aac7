"""The fixed lists of the agenda."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SessionKind(models.TextChoices):
    """What an item of the agenda is."""

    OPENING = "opening", pgettext_lazy("session kind", "Opening")
    PLENARY = "plenary", pgettext_lazy("session kind", "Plenary")
    TOUR_DE_TABLE = "tour_de_table", pgettext_lazy("session kind", "Tour de table")
    PANEL = "panel", pgettext_lazy("session kind", "Panel")
    WORKSHOP = "workshop", pgettext_lazy("session kind", "Workshop")
    BREAK = "break", pgettext_lazy("session kind", "Break")
    SOCIAL = "social", pgettext_lazy("session kind", "Social event")
    CLOSING = "closing", pgettext_lazy("session kind", "Closing")


class Label(models.TextChoices):
    """Traffic Light Protocol 2.0 (FIRST, 2022). Never translated; adds limits and never grants access."""

    CLEAR = "TLP:CLEAR", "TLP:CLEAR"
    GREEN = "TLP:GREEN", "TLP:GREEN"
    AMBER = "TLP:AMBER", "TLP:AMBER"
    AMBER_STRICT = "TLP:AMBER+STRICT", "TLP:AMBER+STRICT"
    RED = "TLP:RED", "TLP:RED"


class ShownAsClosed(models.TextChoices):
    """What is left of a session for those who may not see it."""

    NOTHING = "nothing", _("Nothing")
    TIME = "time", _("“Closed session” and its time")
    TIME_AND_ROOM = "time_and_room", _("“Closed session”, its time and room")


class Role(models.TextChoices):
    """What a person does in a session."""

    CHAIR = "chair", pgettext_lazy("role in a session", "Chair")
    MODERATOR = "moderator", pgettext_lazy("role in a session", "Moderator")
    SPEAKER = "speaker", pgettext_lazy("role in a session", "Speaker")
    PANELLIST = "panellist", pgettext_lazy("role in a session", "Panellist")
    RAPPORTEUR = "rapporteur", pgettext_lazy("role in a session", "Rapporteur")
    INTERPRETER = "interpreter", pgettext_lazy("role in a session", "Interpreter")


class JoinAudience(models.TextChoices):
    """Who of those who see a session in full is shown how to join it."""

    SESSION = "", _("Everybody who sees the session")
    PARTICIPANTS = "participants", _("Participants")
    MEMBERS = "members", _("Participants of host and members")
    EU = "eu", _("Participants of EU delegations")


class PublicIdentity(models.TextChoices):
    """How much of a speaker readers see."""

    FULL = "full", _("Name and function")
    FUNCTION = "function", _("Function only")
    HIDDEN = "hidden", _("Nothing")


class ChangeKind(models.TextChoices):
    """How a session differs between two releases."""

    ADDED = "added", pgettext_lazy("change of the agenda", "Added")
    MOVED = "moved", pgettext_lazy("change of the agenda", "Moved")
    ROOM = "room", pgettext_lazy("change of the agenda", "Room changed")
    PEOPLE = "people", pgettext_lazy("change of the agenda", "People changed")
    TURNS = "turns", pgettext_lazy("change of the agenda", "Order of speaking changed")
    TITLE = "title", pgettext_lazy("change of the agenda", "Title changed")
    DROPPED = "dropped", pgettext_lazy("change of the agenda", "Dropped")


class TimeSharing(models.TextChoices):
    """How the minutes of a tour de table are given out."""

    SHARED = "shared", pgettext_lazy("minutes of a tour de table", "In all, shared by everyone")
    FIXED = "fixed", pgettext_lazy("minutes of a tour de table", "For each turn")


class HostPlace(models.TextChoices):
    """Where the host speaks in a tour de table."""

    KEPT = "kept", pgettext_lazy("host in a tour de table", "In its place in the order")
    FIRST = "first", pgettext_lazy("host in a tour de table", "First")
    LAST = "last", pgettext_lazy("host in a tour de table", "Last")


class ClockAct(models.TextChoices):
    """What steers the clock of turns."""

    START = "start", pgettext_lazy("clock of turns", "Start")
    NEXT = "next", pgettext_lazy("clock of turns", "Next")
    BACK = "back", pgettext_lazy("clock of turns", "Back")
    PAUSE = "pause", pgettext_lazy("clock of turns", "Pause")
    GO = "go", pgettext_lazy("clock of turns", "Go on")


class SignUpPhase(models.TextChoices):
    """Whether a session takes sign-ups at a moment."""

    COMING = "coming", pgettext_lazy("sign-up", "Not open yet")
    OPEN = "open", pgettext_lazy("sign-up", "Open")
    CLOSED = "closed", pgettext_lazy("sign-up", "Closed")


class SignUpEnd(models.TextChoices):
    """How a sign-up ended: not yet, by the person, by an organiser, or because the person may no longer see the session."""

    NONE = "", pgettext_lazy("end of a sign-up", "Not ended")
    LEFT = "left", pgettext_lazy("end of a sign-up", "Left")
    REMOVED = "removed", pgettext_lazy("end of a sign-up", "Taken out by an organiser")
    LOST = "lost", pgettext_lazy("end of a sign-up", "May no longer see the session")


class ConflictLevel(models.TextChoices):
    """What a conflict does to a release."""

    BLOCKS = "blocks", pgettext_lazy("conflict", "Blocks the release")
    WARNS = "warns", pgettext_lazy("conflict", "Needs attention")


class Way(models.TextChoices):
    """By what somebody sees a session, or another thing with an audience."""

    PUBLIC = "public", _("It is public")
    AUDIENCE = "audience", _("They belong to its audience")
    SELECTED = "selected", _("Their delegation is selected")
    ASSIGNED = "assigned", _("They speak or interpret in it")
    PART = "part", _("They have a part in the event")
    FOLLOWS = "follows", _("They accompany a delegation that takes part")
    CLOSED_LINE = "closed_line", _("It is shown as a closed session")
    ORGANISER = "organiser", _("They have a role at the event")
