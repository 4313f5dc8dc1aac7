"""The fixed lists of the ground floor."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Audience(models.TextChoices):
    """Who may see a thing, from widest to narrowest; forgetting to choose leaves the narrowest."""

    PUBLIC = "public", _("Public")
    PARTICIPANTS = "participants", _("Participants")
    MEMBERS = "members", _("Members")
    EU = "eu", _("EU delegations")
    SELECTED = "selected", _("Selected delegations")
    ORGANISERS = "organisers", _("Organisers")


# Audiences of things that name no delegations.
PLAIN_AUDIENCES = [choice for choice in Audience.choices if choice[0] != Audience.SELECTED]


class Aspect(models.TextChoices):
    """What of a thing an audience is for, where the past of it is kept."""

    EVENT = "event", _("The event’s page")
    HOST = "host", _("The host")
    DELEGATIONS = "delegations", _("The list of delegations")
    COUNTRY = "country", _("Country")
    CITY = "city", _("City")
    ADDRESS = "address", _("Name and address")
    PAPER = "paper", _("Paper")
    JOINING = "joining", _("Join details")
    PRESS = "press", _("Press release")


class EventState(models.TextChoices):
    """What the organisers declared; frozen and running follow from the dates (`rules.phase`)."""

    DRAFT = "draft", pgettext_lazy("event", "Draft")
    ANNOUNCED = "announced", pgettext_lazy("event", "Announced")
    OPEN = "open", pgettext_lazy("event", "Registration open")
    CLOSED = "closed", pgettext_lazy("event", "Closed")
    ARCHIVED = "archived", pgettext_lazy("event", "Archived")
    CANCELLED = "cancelled", pgettext_lazy("event", "Cancelled")


class OrganisationKind(models.TextChoices):
    """What an organisation is of; decides its place in protocol order and, for a state, its affiliation."""

    STATE = "state", pgettext_lazy("kind of organisation", "State")
    EU = "eu", _("EU institution or agency")
    INTERNATIONAL = "international", _("International organisation")
    OTHER = "other", _("Other")


class ProtocolOrder(models.TextChoices):
    """The order of delegations an event chose."""

    EU_PROTOCOL = "protocol", _("EU protocol order")
    PRESIDENCY = "presidency", _("Presidency order")
    ALPHABETICAL = "alphabetical", _("Alphabetical")


class DelegationsShown(models.TextChoices):
    """How much of the list of delegations its audience sees."""

    NONE = "none", pgettext_lazy("delegations shown", "Nothing")
    NUMBER = "number", pgettext_lazy("delegations shown", "Their number")
    STATES = "states", pgettext_lazy("delegations shown", "States")
    ORGANISATIONS = "organisations", pgettext_lazy("delegations shown", "Organisations")


class StaffRoleName(models.TextChoices):
    """What an organiser does at one event."""

    MANAGER = "manager", _("Event manager")
    PROGRAMME = "programme", _("Programme editor")
    ACCREDITATION = "accreditation", _("Accreditation officer")
    SECURITY = "security", _("Security officer")
    PRESS = "press", _("Press officer")
    RECEPTION = "reception", _("Reception desk")
    OBSERVER = "observer", _("Observer")


class MailState(models.TextChoices):
    """What became of a message."""

    QUEUED = "queued", pgettext_lazy("mail", "Queued")
    SENT = "sent", pgettext_lazy("mail", "Sent")
    FAILED = "failed", pgettext_lazy("mail", "Failed")
    EXPIRED = "expired", pgettext_lazy("mail", "Expired")
    DROPPED = "dropped", pgettext_lazy("mail", "Dropped")
    BOUNCED = "bounced", pgettext_lazy("mail", "Came back")


class Urgency(models.IntegerChoices):
    """Which messages leave first: lower goes before higher."""

    CODE = 0, _("Code")
    PERSONAL = 10, _("Personal")
    BULK = 20, _("Bulk")
