"""Rows for tests: `from tests.factories import EventFactory, ...`."""

from tests.factories.delegates import (
    DelegateFactory,
    DelegationFactory,
    FocalPointFactory,
    InvitationFactory,
    RegistrationFactory,
)
from tests.factories.events import (
    EventFactory,
    OrganisationFactory,
    PressReleaseFactory,
    RoomFactory,
    SeriesFactory,
    StaffRoleFactory,
    UserFactory,
    VenueFactory,
    days_from_now,
    hours_from_now,
)
from tests.factories.sessions import (
    ContributionFactory,
    PaperFactory,
    ReleaseFactory,
    SessionFactory,
    SlotFactory,
    SpeakerFactory,
    TrackFactory,
)

__all__ = [
    "ContributionFactory",
    "DelegateFactory",
    "DelegationFactory",
    "EventFactory",
    "FocalPointFactory",
    "InvitationFactory",
    "OrganisationFactory",
    "PaperFactory",
    "PressReleaseFactory",
    "RegistrationFactory",
    "ReleaseFactory",
    "RoomFactory",
    "SeriesFactory",
    "SessionFactory",
    "SlotFactory",
    "SpeakerFactory",
    "StaffRoleFactory",
    "TrackFactory",
    "UserFactory",
    "VenueFactory",
    "days_from_now",
    "hours_from_now",
]
