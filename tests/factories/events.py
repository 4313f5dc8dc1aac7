"""Users, events, places, organisations, roles and press releases for tests."""

import datetime as dt

import factory
from allauth.account.models import EmailAddress
from django.utils import timezone
from factory.django import DjangoModelFactory

from conference.lib.viewer import SYSTEM
from conference.models import User
from events.actions import keep_audiences, keep_organisation
from events.choices import Audience, EventState, OrganisationKind, StaffRoleName
from events.models import Event, Organisation, PressRelease, Room, Series, StaffRole, Venue

# States that take turns, so that two organisations rarely share one; the last two are not in the Union.
COUNTRIES = ["BE", "FR", "DE", "NL", "HU", "ES", "IT", "PL", "GR", "SE", "US", "JP"]


def days_from_now(days: int) -> dt.date:
    """The date a number of days from today (UTC)."""
    return (timezone.now() + dt.timedelta(days=days)).date()


def hours_from_now(hours: float) -> dt.datetime:
    """The moment a number of hours from now."""
    return timezone.now() + dt.timedelta(hours=hours)


class UserFactory(DjangoModelFactory):
    """Someone who signs in, with a verified address; `UserFactory(verified=False)` leaves it unverified."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"user{n}@example.org")
    name = factory.Sequence(lambda n: f"User {n}")
    language = "en"
    password = "a long sentence for tests"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return model_class.objects.create_user(**kwargs)

    @factory.post_generation
    def verified(self, create, extracted, **kwargs):
        EmailAddress.objects.create(user=self, email=self.email.lower(), verified=extracted is not False, primary=True)


class SeriesFactory(DjangoModelFactory):
    """A series."""

    class Meta:
        model = Series

    slug = factory.Sequence(lambda n: f"series-{n}")
    name_en = factory.Sequence(lambda n: f"Series {n}")


class EventFactory(DjangoModelFactory):
    """A public event of two days in two months, registration open, its deadlines ahead. `capacity=` limits the whole event."""

    class Meta:
        model = Event
        skip_postgeneration_save = True

    series = factory.SubFactory(SeriesFactory)
    slug = factory.Sequence(lambda n: f"event-{n}")
    title_en = factory.Sequence(lambda n: f"Event {n}")
    state = EventState.OPEN
    audience = Audience.PUBLIC
    first_date = factory.LazyFunction(lambda: days_from_now(60))
    last_date = factory.LazyAttribute(lambda event: event.first_date + dt.timedelta(days=1))
    answer_by_at = factory.LazyFunction(lambda: hours_from_now(20 * 24))
    nominate_by_at = factory.LazyFunction(lambda: hours_from_now(30 * 24))
    confirm_by_at = factory.LazyFunction(lambda: hours_from_now(40 * 24))
    travel_by_at = factory.LazyFunction(lambda: hours_from_now(45 * 24))
    freeze_at = factory.LazyFunction(lambda: hours_from_now(50 * 24))
    mailbox = "organisers@example.org"

    @factory.post_generation
    def spans(self, create, extracted, **kwargs):
        if create:
            keep_audiences(self, event=self, by=SYSTEM, at=hours_from_now(-24))

    @factory.post_generation
    def capacity(self, create, extracted, **kwargs):
        if extracted is not None:
            self.quotas.create(seats=extracted)


class OfEvent(DjangoModelFactory):
    """A row below an event: `event=` given alone reaches the rows it hangs on (`_parents`), and those give theirs to it."""

    class Meta:
        abstract = True

    _parents: tuple[str, ...] = ()

    @classmethod
    def _generate(cls, strategy, params):
        for parent in cls._parents:
            if "event" in params and parent not in params:
                params.setdefault(f"{parent}__event", params["event"])
        return super()._generate(strategy, params)


class OrganisationFactory(DjangoModelFactory):
    """A service of a state; the states take turns."""

    class Meta:
        model = Organisation
        skip_postgeneration_save = True

    name_en = factory.Sequence(lambda n: f"Service {n}")
    kind = OrganisationKind.STATE
    country = factory.Iterator(COUNTRIES)

    @factory.post_generation
    def spans(self, create, extracted, **kwargs):
        if create:
            keep_organisation(self, at=hours_from_now(-24))


class WithAudience(OfEvent):
    """A row of an event that says who may see it: its spans began yesterday."""

    class Meta:
        abstract = True
        skip_postgeneration_save = True

    @factory.post_generation
    def spans(self, create, extracted, **kwargs):
        if create:
            keep_audiences(self, event=self.event, by=SYSTEM, at=hours_from_now(-24))


class VenueFactory(WithAudience):
    """A venue nobody but the organisers knows of; give audiences to show it."""

    class Meta:
        model = Venue
        skip_postgeneration_save = True

    event = factory.SubFactory(EventFactory)
    name_en = factory.Sequence(lambda n: f"Venue {n}")
    city_en = "Brussels"
    country = "BE"
    address = factory.Sequence(lambda n: f"Main street {n}")


class RoomFactory(OfEvent):
    """A room of a venue."""

    class Meta:
        model = Room

    _parents = ("venue",)
    venue = factory.SubFactory(VenueFactory)
    event = factory.SelfAttribute("venue.event")
    name_en = factory.Sequence(lambda n: f"Room {n}")


class StaffRoleFactory(OfEvent):
    """A live role of a user at an event."""

    class Meta:
        model = StaffRole

    event = factory.SubFactory(EventFactory)
    user = factory.SubFactory(UserFactory)
    role = StaffRoleName.MANAGER
    from_at = factory.LazyFunction(lambda: hours_from_now(-24))


class PressReleaseFactory(WithAudience):
    """A public press release, published an hour ago."""

    class Meta:
        model = PressRelease
        skip_postgeneration_save = True

    event = factory.SubFactory(EventFactory)
    number = factory.Sequence(lambda n: n + 1)
    title_en = factory.Sequence(lambda n: f"Press release {n}")
    text_en = factory.Sequence(lambda n: f"Words of press release {n}.")
    audience = Audience.PUBLIC
    published_at = factory.LazyFunction(lambda: hours_from_now(-1))
