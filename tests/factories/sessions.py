"""Tracks, sessions, releases, slots, people who speak, and papers for tests."""

import datetime as dt

import factory
from django.core.files.base import ContentFile

from conference.lib import clock
from events.choices import Audience
from sessions.choices import Label, PublicIdentity, Role, SessionKind
from sessions.models import AgendaImport, Contribution, Intervention, Paper, Release, Session, SessionMarking, Slot, Speaker, Track
from tests.factories.delegates import DelegationFactory
from tests.factories.events import EventFactory, OfEvent, WithAudience, hours_from_now


class TrackFactory(OfEvent):
    """A track."""

    class Meta:
        model = Track

    event = factory.SubFactory(EventFactory)
    name_en = factory.Sequence(lambda n: f"Track {n}")


class ReleaseFactory(OfEvent):
    """A numbered release, made an hour ago; `number=None` makes the draft."""

    class Meta:
        model = Release

    event = factory.SubFactory(EventFactory)
    number = factory.LazyAttribute(lambda o: Release.objects.filter(event=o.event, number__isnull=False).count() + 1)
    released_at = factory.LazyAttribute(lambda o: None if o.number is None else hours_from_now(-1))


class SessionFactory(OfEvent):
    """A session with its marking, seen by organisers only and in no release.

    `released=True` puts it into the current release (made when there is none), `delegations=[...]` selects delegations.
    """

    class Meta:
        model = Session
        skip_postgeneration_save = True

    event = factory.SubFactory(EventFactory)
    kind = SessionKind.PLENARY
    title_en = factory.Sequence(lambda n: f"Session {n}")
    abstract_en = factory.Sequence(lambda n: f"What session {n} is about.")
    audience = Audience.ORGANISERS
    label = factory.LazyAttribute(lambda o: Label.CLEAR if o.audience == Audience.PUBLIC else Label.GREEN)

    @factory.post_generation
    def delegations(self, create, extracted, **kwargs):
        self.delegations.set(extracted or [])
        SessionMarking.objects.create(
            event=self.event,
            session=self,
            audience=self.audience,
            label=self.label,
            chatham_house=self.chatham_house,
            shown_as_closed=self.shown_as_closed,
            delegation_ids=sorted(delegation.pk for delegation in extracted or []),
            from_at=hours_from_now(-2),
            actor="system",
        )

    @factory.post_generation
    def released(self, create, extracted, **kwargs):
        if extracted:
            release = Release.objects.numbered().filter(event=self.event).order_by("-number").first()
            SlotFactory(session=self, release=release or ReleaseFactory(event=self.event), **kwargs)


class SlotFactory(OfEvent):
    """Half an hour on the first day of the event, after the slots the release already has; in a release unless `release=` says."""

    class Meta:
        model = Slot

    _parents = ("session", "release")
    session = factory.SubFactory(SessionFactory)
    release = factory.SubFactory(ReleaseFactory, event=factory.SelfAttribute("..session.event"))
    event = factory.SelfAttribute("session.event")
    room = None
    start_at = factory.LazyAttribute(
        lambda o: (
            clock.moment(o.event.first_date, dt.time(9), o.event.zone)
            + dt.timedelta(minutes=30) * Slot.objects.filter(release=o.release).count()
        )
    )
    end_at = factory.LazyAttribute(lambda o: o.start_at + dt.timedelta(minutes=30))


class SpeakerFactory(OfEvent):
    """An outside speaker shown in full; `registration=` makes it a person of the event."""

    class Meta:
        model = Speaker

    registration = None
    event = factory.Maybe("registration", factory.SelfAttribute("registration.event"), factory.SubFactory(EventFactory))
    name = factory.Maybe("registration", "", factory.Sequence(lambda n: f"Speaker {n}"))
    function_en = factory.Sequence(lambda n: f"Speaking function {n}")
    public_identity = PublicIdentity.FULL


class ContributionFactory(OfEvent):
    """A speaker in a slot."""

    class Meta:
        model = Contribution

    _parents = ("slot", "speaker")
    slot = factory.SubFactory(SlotFactory)
    speaker = factory.SubFactory(SpeakerFactory, event=factory.SelfAttribute("..slot.event"))
    event = factory.SelfAttribute("slot.event")
    role = Role.SPEAKER


class InterventionFactory(OfEvent):
    """The turn of a delegation in a slot, at the end; `speaker=` (with `delegation=None`) makes it a person's."""

    class Meta:
        model = Intervention

    _parents = ("slot",)
    slot = factory.SubFactory(SlotFactory)
    event = factory.SelfAttribute("slot.event")
    delegation = factory.SubFactory(DelegationFactory, event=factory.SelfAttribute("..slot.event"))
    speaker = None
    minutes = 3
    position = factory.LazyAttribute(lambda o: o.slot.interventions.count() + 1)


class PaperFactory(WithAudience):
    """A paper of an event; `session=` attaches it. Only organisers see it unless `audience=` says."""

    class Meta:
        model = Paper
        skip_postgeneration_save = True

    session = None
    event = factory.Maybe("session", factory.SelfAttribute("session.event"), factory.SubFactory(EventFactory))
    title_en = factory.Sequence(lambda n: f"Paper {n}")
    file = factory.LazyFunction(lambda: ContentFile(b"%PDF-1.4 a paper", name="paper.pdf"))
    file_name = "paper.pdf"
    media_type = "application/pdf"
    size = 16
    audience = Audience.ORGANISERS
    label = factory.LazyAttribute(lambda o: Label.CLEAR if o.audience == Audience.PUBLIC else Label.GREEN)


class AgendaImportFactory(OfEvent):
    """A checked agenda whose file nobody can open and of which nothing is said: for pages that only speak of it."""

    class Meta:
        model = AgendaImport

    event = factory.SubFactory(EventFactory)
    state = "checked"
    texts_in = "en"
    file_name = "ZqAgenda.xml"
    sealed_key = "a key"
    uploaded_at = factory.LazyFunction(lambda: hours_from_now(-1))
    expires_at = factory.LazyFunction(lambda: hours_from_now(24))
