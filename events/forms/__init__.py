"""Forms of the ground floor: they parse and clean, and change nothing."""

from events.forms.events import EventForm, NewEventForm
from events.forms.mail import MailFilter
from events.forms.organisations import OrganisationForm
from events.forms.places import RoomForm, VenueForm
from events.forms.press import CorrectionForm, PressReleaseForm, PublishForm
from events.forms.staff import StaffForm
from events.forms.texts import TextForm

__all__ = [
    "CorrectionForm",
    "EventForm",
    "MailFilter",
    "NewEventForm",
    "OrganisationForm",
    "PressReleaseForm",
    "PublishForm",
    "RoomForm",
    "StaffForm",
    "TextForm",
    "VenueForm",
]
