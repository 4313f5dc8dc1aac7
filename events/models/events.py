"""Series, events, and the places they are held in."""

import datetime as dt

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference.lib import clock
from conference.lib.fields import PublicIdField, among, one_of
from conference.lib.words import translated
from events.choices import PLAIN_AUDIENCES, Aspect, Audience, DelegationsShown, EventState, ProtocolOrder
from events.rules import MAX_OFFER_DAYS, MAX_WALK_MINUTES, PUBLISHED_STATES


def audience_field(label, **options) -> models.CharField:
    """A column for the audience of a thing that names no delegations; the narrowest unless chosen."""
    return models.CharField(label, max_length=16, choices=PLAIN_AUDIENCES, default=Audience.ORGANISERS, **options)


def audience_known(column: str, name: str) -> models.CheckConstraint:
    """Constrain the audience of a thing that names no delegations."""
    return among(column, [value for value, _words in PLAIN_AUDIENCES], name)


class Series(models.Model):
    """A recurring meeting of one network; its editions are events."""

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    name = translated(models.CharField(_("name"), max_length=200, blank=True))
    description = translated(models.TextField(_("description"), blank=True))
    network = models.CharField(_("network"), max_length=200, blank=True)
    working_language = models.CharField(_("working language"), max_length=8, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")

    def __str__(self) -> str:
        return f"series {self.slug}"


class EventQuerySet(models.QuerySet):
    """Ways to ask for events."""

    def visible_to(self, viewer):
        """Keep the events whose page this viewer may open (`rules.may_see_event`)."""
        admitted = Q(audience__in=viewer.audiences)
        if viewer.has_part:
            admitted |= Q(pk=viewer.event_id)
        return self.filter(admitted, state__in=PUBLISHED_STATES)

    def public(self):
        """Keep the events anyone may see."""
        return self.filter(state__in=PUBLISHED_STATES, audience=Audience.PUBLIC)

    def for_page(self):
        """Join what pages of an event show."""
        return self.select_related("series")

    def for_list(self):
        """Join what a list of events shows."""
        return self.select_related("series").prefetch_related("venues")


class Event(models.Model):
    """One edition of a series. It stores acts only; frozen and running follow from its dates (`rules.phase`)."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="events", verbose_name=_("series"))
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    previous = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="follow_up", verbose_name=_("previous edition")
    )
    title = translated(models.CharField(_("title"), max_length=200, blank=True))
    summary = translated(models.TextField(_("summary"), blank=True))
    practical = translated(models.TextField(_("practical facts"), blank=True))
    notice = translated(models.TextField(_("notice"), blank=True))  # shown above the page: what is illustrative, what changed
    working_language = models.CharField(_("working language"), max_length=8, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    languages = models.JSONField(_("languages of the meeting"), default=list, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=EventState.choices, default=EventState.DRAFT)
    is_external = models.BooleanField(_("run elsewhere"), default=False)
    link = models.URLField(_("link"), blank=True)

    zone = models.CharField(_("time zone"), max_length=64, default="Europe/Brussels")
    first_date = models.DateField(_("first day"))
    last_date = models.DateField(_("last day"))
    # Where it stood before it was last postponed or moved: its page says so.
    former_first_date = models.DateField(_("first day before"), null=True, blank=True)
    former_last_date = models.DateField(_("last day before"), null=True, blank=True)
    is_online = models.BooleanField(_("held on-line"), default=False)
    day_starts_at = models.TimeField(_("a day of the programme starts at"), default=dt.time(4, 0))

    answer_by_at = models.DateTimeField(_("answer by"), null=True, blank=True)
    nominate_by_at = models.DateTimeField(_("nominate by"), null=True, blank=True)
    confirm_by_at = models.DateTimeField(_("confirm by"), null=True, blank=True)
    travel_by_at = models.DateTimeField(_("travel details by"), null=True, blank=True)
    freeze_at = models.DateTimeField(_("freeze"), null=True, blank=True)

    audience = audience_field(_("who may see the event"))
    host_audience = audience_field(_("who may see the host"))
    delegations_audience = audience_field(_("who may see the delegations"))
    delegations_shown = models.CharField(
        _("what is shown of the delegations"), max_length=16, choices=DelegationsShown.choices, default=DelegationsShown.NONE
    )
    protocol_order = models.CharField(
        _("order of delegations"), max_length=16, choices=ProtocolOrder.choices, default=ProtocolOrder.EU_PROTOCOL
    )
    host_first = models.BooleanField(_("host first"), default=False)
    eu_style_codes = models.BooleanField(_("EU style country codes"), default=True)
    security_decides = models.BooleanField(_("a security decision is needed too"), default=False)
    takes_requests = models.BooleanField(_("anybody may ask for a place"), default=False)
    offer_days = models.PositiveSmallIntegerField(_("days an offered seat is held"), default=3)
    room_minutes = models.PositiveSmallIntegerField(_("minutes needed between two rooms of a venue"), default=0)
    venue_minutes = models.PositiveSmallIntegerField(_("minutes needed between two venues"), default=15)
    mailbox = models.EmailField(_("mailbox of the event"), max_length=254, blank=True)
    # The number of recorded acts: everything cached about the event is keyed on it. It never leaves the server.
    stamp = models.PositiveBigIntegerField(default=0, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            one_of("state", EventState, "event_state_known"),
            audience_known("audience", "event_audience_known"),
            audience_known("host_audience", "event_host_audience_known"),
            audience_known("delegations_audience", "event_delegations_audience_known"),
            one_of("delegations_shown", DelegationsShown, "event_delegations_shown_known"),
            models.CheckConstraint(condition=Q(offer_days__gte=1, offer_days__lte=MAX_OFFER_DAYS), name="event_offer_days_possible"),
            models.CheckConstraint(
                condition=Q(room_minutes__lte=MAX_WALK_MINUTES, venue_minutes__lte=MAX_WALK_MINUTES), name="event_walks_possible"
            ),
            models.CheckConstraint(condition=Q(first_date__lte=F("last_date")), name="event_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(former_first_date__isnull=True, former_last_date__isnull=True)
                | Q(former_first_date__lte=F("former_last_date")),
                name="event_ended_after_it_started_before",
            ),
            models.CheckConstraint(
                condition=Q(nominate_by_at__isnull=True) | Q(answer_by_at__isnull=True) | Q(answer_by_at__lte=F("nominate_by_at")),
                name="event_answers_before_nominations_close",
            ),
            models.CheckConstraint(
                condition=Q(freeze_at__isnull=True) | Q(confirm_by_at__isnull=True) | Q(confirm_by_at__lte=F("freeze_at")),
                name="event_confirmations_before_freeze",
            ),
        ]

    def __str__(self) -> str:
        return f"event {self.slug}"

    def get_absolute_url(self) -> str:
        """The event's public page."""
        return reverse("events:event", args=[self.slug])

    def audiences(self) -> dict[str, dict]:
        """Who may see what of the event itself, by aspect, as `AudienceSpan` keeps it."""
        return {
            Aspect.EVENT: {"audience": self.audience},
            Aspect.HOST: {"audience": self.host_audience},
            Aspect.DELEGATIONS: {"audience": self.delegations_audience, "shown": self.delegations_shown},
        }

    @property
    def days(self) -> list[dt.date]:
        """Every day of the event, in its own zone."""
        return clock.days_between(self.first_date, self.last_date)

    def day_of(self, moment: dt.datetime) -> dt.date:
        """The day of the programme a moment belongs to."""
        return clock.programme_day(moment, self.zone, self.day_starts_at)

    def local(self, moment: dt.datetime) -> dt.datetime:
        """A moment on the event's wall clock."""
        return clock.local(moment, self.zone)


class Venue(models.Model):
    """A place of one event; country, city and address each carry their own audience."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="venues")
    public_id = PublicIdField()
    name = translated(models.CharField(_("name"), max_length=200, blank=True))
    address = models.TextField(_("street address"), blank=True)
    city = translated(models.CharField(_("city"), max_length=100, blank=True))
    country = models.CharField(_("country"), max_length=2, blank=True)
    country_audience = audience_field(_("who may see the country"))
    city_audience = audience_field(_("who may see the city"))
    address_audience = audience_field(_("who may see name and address"))
    # On the event's wall clock; closing at or before the hour of opening is in the night after. Empty: open at all hours.
    opens_at = models.TimeField(_("opens at"), null=True, blank=True)
    closes_at = models.TimeField(_("closes at"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        constraints = [
            *(audience_known(f"{part}_audience", f"venue_{part}_audience_known") for part in ("country", "city", "address")),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True, closes_at__isnull=True) | Q(opens_at__isnull=False, closes_at__isnull=False),
                name="venue_opens_and_closes",
            ),
        ]

    def __str__(self) -> str:
        return f"venue {self.public_id}"

    def audiences(self) -> dict[str, dict]:
        """Who may see which part of the venue, as `AudienceSpan` keeps it."""
        return {
            Aspect.COUNTRY: {"audience": self.country_audience},
            Aspect.CITY: {"audience": self.city_audience},
            Aspect.ADDRESS: {"audience": self.address_audience},
        }

    @property
    def working_language(self) -> str:
        """The language of the event."""
        return self.event.working_language


class Room(models.Model):
    """A room of a venue."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="rooms")
    venue = models.ForeignKey(Venue, models.CASCADE, related_name="rooms", verbose_name=_("venue"))
    public_id = PublicIdField()
    name = translated(models.CharField(_("name"), max_length=100, blank=True))
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True, validators=[MinValueValidator(1)])
    booths = models.PositiveSmallIntegerField(_("interpreters' booths"), default=0)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")

    def __str__(self) -> str:
        return f"room {self.public_id}"

    @property
    def working_language(self) -> str:
        """The language of the event."""
        return self.event.working_language
