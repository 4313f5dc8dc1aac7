"""Releases: numbered versions of the agenda, the slots that place sessions in them, and who speaks there."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import one_of
from conference.lib.rows import ReadOften
from conference.lib.words import translated
from events.choices import Audience
from events.models import Organisation
from events.models.events import audience_field, audience_known
from sessions.choices import Label, Role
from sessions.models.interventions import Intervention
from sessions.models.sight import Sights, sights
from sessions.models.signups import SignUp
from sessions.rules import Part, Place, Turn


class ReleaseQuerySet(models.QuerySet):
    """Ways to ask for releases."""

    def numbered(self):
        """Keep what was released; the draft has no number."""
        return self.filter(number__isnull=False)

    def current(self):
        """Keep the newest release of each event."""
        newest = (
            Release.objects.filter(event=OuterRef("event"), number__isnull=False)
            .order_by()
            .values("event")
            .annotate(newest=Max("number"))
            .values("newest")
        )
        return self.filter(number=Subquery(newest))


class Release(models.Model):
    """A version of the agenda; the one without a number is the draft."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="releases")
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    # Superseded when the next one is released: with `released_at` the time during which it was current.
    superseded_at = models.DateTimeField(_("superseded"), null=True, blank=True)
    note = translated(models.TextField(_("note"), blank=True))
    note_audience = audience_field(_("who may read the note"))

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        constraints = [
            models.UniqueConstraint(fields=["event", "number"], condition=Q(number__isnull=False), name="release_number_once"),
            models.UniqueConstraint(fields=["event"], condition=Q(number__isnull=True), name="release_one_draft"),
            models.CheckConstraint(
                condition=Q(number__isnull=True, released_at__isnull=True) | Q(number__isnull=False, released_at__isnull=False),
                name="release_numbered_when_released",
            ),
            audience_known("note_audience", "release_note_audience_known"),
        ]

    def __str__(self) -> str:
        return f"release {self.event_id}/{self.number or 'draft'}"

    @property
    def working_language(self) -> str:
        """The language of the event."""
        return self.event.working_language


def _waiting() -> Coalesce:
    """How many wait for a seat in the session of a slot."""
    waiting = SignUp.objects.waiting().filter(session=OuterRef("session")).order_by().values("session")
    return Coalesce(Subquery(waiting.annotate(number=models.Count("pk")).values("number")), 0)


def _doubly_signed_up() -> Exists:
    """Whether anybody signed up for the session of a slot is signed up for another of the same release at the same time."""
    others = SignUp.objects.live().filter(
        registration=OuterRef("registration"),
        session__slots__release=OuterRef(OuterRef("release")),
        session__slots__start_at__lt=OuterRef(OuterRef("end_at")),
        session__slots__end_at__gt=OuterRef(OuterRef("start_at")),
    )
    elsewhere = others.exclude(session=OuterRef("session"))
    return Exists(SignUp.objects.live().filter(Exists(elsewhere), session=OuterRef("session")))


class SlotQuerySet(models.QuerySet):
    """Ways to ask for slots."""

    def current(self):
        """Keep the slots of the newest release of each event."""
        return self.filter(release__in=Release.objects.current())

    def draft(self):
        """Keep the slots of the draft."""
        return self.filter(release__number__isnull=True)

    def _sights(self, viewer, among=None) -> Sights:
        listed = Slot.objects.filter(pk=OuterRef("pk"))
        return sights(
            viewer,
            released=Q(release__in=Release.objects.current() if among is None else among),
            listed=lambda ids: Exists(listed.filter(session__delegations__in=ids)),
            assigned=lambda key: Exists(listed.filter(contributions__speaker__registration=key)),
            prefix="session__",
        )

    def with_sight(self, viewer):
        """Annotate how much of each slot's session the viewer sees (`Sights.columns`)."""
        return self.annotate(**self._sights(viewer).columns())

    def visible_to(self, viewer):
        """Keep the slots of the current release whose session the viewer sees in full."""
        return self._sights(viewer).visible(self)

    def noticed_by(self, viewer, *, among=None):
        """Keep the slots of the current release of which the viewer sees at least the line *closed session*.

        `among` takes other releases as if they were current, for a preview.
        """
        return self._sights(viewer, among).noticed(self)

    def in_feeds(self):
        """Leave out what is in no feed, search or export."""
        return self.exclude(session__label=Label.RED)

    def worked_by(self, registration_id: int):
        """Keep the slots in which this registration speaks or interprets."""
        return self.filter(contributions__speaker__registration=registration_id)

    def with_part_of(self, registration_id: int | None, delegation_id: int | None):
        """Keep the slots in which this registration does something or has a turn, or this delegation has a turn."""
        turns = Intervention.objects.filter(slot=OuterRef("pk"), is_dropped=False).filter(
            Q(speaker__registration__isnull=False, speaker__registration=registration_id)
            | Q(delegation__isnull=False, delegation=delegation_id)
        )
        return self.filter(Exists(turns) | Exists(Contribution.objects.filter(slot=OuterRef("pk"), speaker__registration=registration_id)))

    def with_speaker(self, public_id: str):
        """Keep the slots in which this person speaks."""
        return self.filter(pk__in=Contribution.objects.shown().filter(speaker__public_id=public_id).values("slot"))

    def in_order(self):
        """Order as an agenda reads: by time, then room; never by key, which would tell of slots not shown."""
        return self.order_by("start_at", "end_at", "room__position", "room__public_id", "session__public_id")

    def for_agenda(self):
        """Join what a line of the agenda shows, its people aside."""
        return self.select_related("session__track", "session__sign_up_sheet", "room")

    def for_page(self):
        """Join all an organiser sees of each slot, its people included: what conflicts read. Two queries.

        Annotate `minutes_of_turns`, `waiting` (people, for a seat) and `has_doubly_signed_up`.
        """
        people = models.Prefetch("contributions", queryset=Contribution.objects.for_page().order_by("position", "pk"))
        joined = self.select_related("session__event", "room__event", "room__venue__event").prefetch_related(people)
        return joined.with_minutes().with_sign_ups()

    def with_minutes(self):
        """Annotate how many minutes the turns of each slot take in all (`minutes_of_turns`)."""
        turns = Intervention.objects.filter(slot=OuterRef("pk"), is_dropped=False).order_by().values("slot")
        minutes = Subquery(turns.annotate(minutes_in_all=models.Sum("minutes")).values("minutes_in_all"))
        return self.annotate(minutes_of_turns=Coalesce(minutes, 0))

    def with_sign_ups(self):
        """Join the sheet of each session, and annotate how many wait for a seat and whether anybody is signed up elsewhere at the time."""
        return self.select_related("session__sign_up_sheet").annotate(waiting=_waiting(), has_doubly_signed_up=_doubly_signed_up())

    def with_union(self, day: dt.date):
        """Annotate whether one of the delegations a session is for is of the Union on that day (`has_union_delegation`)."""
        of_union = Slot.objects.filter(pk=OuterRef("pk"), session__delegations__organisation__in=Organisation.objects.eu_on(day))
        return self.annotate(has_union_delegation=Q(session__audience=Audience.SELECTED) & Exists(of_union))

    def with_turns(self):
        """Read the turns of each slot, in order: what lists of changes and copies read besides `for_page`. One query."""
        return self.prefetch_related(models.Prefetch("interventions", queryset=Intervention.objects.in_order()))


class Slot(ReadOften):
    """When and where a session takes place in one release. No exclusion constraint: a draft may conflict, a release may not."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="slots")
    release = models.ForeignKey(Release, models.CASCADE, related_name="slots")
    session = models.ForeignKey("agenda.Session", models.CASCADE, related_name="slots")
    room = models.ForeignKey("events.Room", models.PROTECT, null=True, blank=True, related_name="slots", verbose_name=_("room"))
    start_at = models.DateTimeField(_("starts"))
    end_at = models.DateTimeField(_("ends"))
    # What its session was called when it was released; empty in the draft, where the title of the session itself counts.
    title = translated(models.CharField(max_length=200, blank=True, editable=False))

    objects = SlotQuerySet.as_manager()

    # What `with_sight` and `agenda_of` add for one reader.
    sight: int
    is_admitted: bool
    room_shown: bool
    people: "list[Any]"  # of `reading.Appearance`
    minutes_of_turns: int  # added by `for_page`, like the next two
    waiting: int
    has_doubly_signed_up: bool
    has_union_delegation: bool = False  # added by `with_union`

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        constraints = [
            models.UniqueConstraint(fields=["release", "session"], name="slot_once_per_release"),
            models.CheckConstraint(condition=Q(start_at__lt=F("end_at")), name="slot_ends_after_it_starts"),
        ]
        indexes = [models.Index(fields=["release", "start_at"], name="slot_by_time")]

    def __str__(self) -> str:
        return f"slot {self.pk}"

    @property
    def working_language(self) -> str:
        """The language of the event."""
        return self.event.working_language

    @property
    def as_place(self) -> Place:
        """What it says of its session, to compare; with contributions (and their speakers) and interventions in hand."""
        people = sorted(self.contributions.all(), key=lambda one: (one.position, one.pk))
        parts = [Part(one.speaker_id, one.role, one.speaker.public_identity, one.speaker.registration_id) for one in people]
        turns = [Turn(one.delegation_id, one.speaker_id, one.minutes) for one in self.turns]
        return Place(self.session, self.start_at, self.end_at, self.room_id, parts, turns)

    @property
    def turns(self) -> list[Intervention]:
        """The turns that are not left out; read `interventions` in order for a list."""
        return [one for one in self.interventions.all() if not one.is_dropped]

    @property
    def turn_minutes(self) -> int:
        """How many minutes its turns take."""
        return sum(one.minutes for one in self.turns)


class ContributionQuerySet(models.QuerySet):
    """Ways to ask who does something."""

    def shown(self):
        """Leave out the interpreters, who are never shown outside the organisers' site."""
        return self.exclude(role=Role.INTERPRETER)

    def for_page(self):
        """Join what a page shows of each person."""
        return self.select_related("speaker__registration__delegate__user")

    def in_order(self):
        """Order as the editor set them."""
        return self.order_by("position", "speaker__public_id", "role")


class Contribution(ReadOften):
    """A person in a role in a slot: who speaks belongs to the release, like the time."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="+")
    slot = models.ForeignKey(Slot, models.CASCADE, related_name="contributions")
    speaker = models.ForeignKey("agenda.Speaker", models.CASCADE, related_name="contributions", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=16, choices=Role.choices, default=Role.SPEAKER)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        constraints = [
            models.UniqueConstraint(fields=["slot", "speaker", "role"], name="contribution_once"),
            one_of("role", Role, "contribution_role_known"),
        ]

    def __str__(self) -> str:
        return f"contribution {self.pk}"
