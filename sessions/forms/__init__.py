"""Forms of the agenda: they parse and clean, and change nothing."""

from sessions.forms.imports import AgendaChoicesForm, AgendaFileForm
from sessions.forms.joining import JoiningForm
from sessions.forms.papers import NewPaperForm, PaperForm
from sessions.forms.people import PeopleForm, SpeakerForm
from sessions.forms.placing import PlaceForm
from sessions.forms.releases import ReleaseForm
from sessions.forms.sessions import SessionFilter, SessionForm
from sessions.forms.sight import SightForm
from sessions.forms.signups import SheetForm, SignUpForm
from sessions.forms.tours import TourForm, TurnForm, TurnsForm
from sessions.forms.tracks import TrackForm

__all__ = [
    "AgendaChoicesForm",
    "AgendaFileForm",
    "JoiningForm",
    "NewPaperForm",
    "PaperForm",
    "PeopleForm",
    "PlaceForm",
    "ReleaseForm",
    "SessionFilter",
    "SessionForm",
    "SheetForm",
    "SightForm",
    "SignUpForm",
    "SpeakerForm",
    "TourForm",
    "TrackForm",
    "TurnForm",
    "TurnsForm",
]
