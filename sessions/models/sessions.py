"""Sessions with their markings, tracks, and the people who speak."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from conference.lib.addresses import address_below
from conference.lib.fields import PublicIdField, one_of
from conference.lib.rows import ReadOften
from conference.lib.searching import folded
from conference.lib.words import label_of, translated
from events.choices import Audience
from sessions.choices import Label, PublicIdentity, Role, SessionKind, ShownAsClosed
from sessions.models.releases import Slot
from sessions.models.sight import Sights, sights
from sessions.rules import Marking


def external_id_field() -> models.CharField:
    """A column for the identity another tool gave; empty for what was made here."""
    return models.CharField(_("identity in another tool"), max_length=255, blank=True, editable=False)


class Track(models.Model):
    """A thread through the agenda."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="tracks")
    public_id = PublicIdField()
    name = translated(models.CharField(_("name"), max_length=100, blank=True))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("track")
        verbose_name_plural = _("tracks")

    def __str__(self) -> str:
        return f"track {self.public_id}"

    @property
    def working_language(self) -> str:
        """The language of the event."""
        return self.event.working_language


class SessionQuerySet(models.QuerySet):
    """Ways to ask for sessions. `with_sight` is the database's face of `rules.sight`; nothing else restates the rule."""

    def released(self):
        """Keep the sessions with a slot in the current release of their event."""
        return self.filter(Exists(Slot.objects.current().filter(session=OuterRef("pk"))))

    def _sights(self, viewer) -> Sights:
        slot = Slot.objects.current().filter(session=OuterRef("pk"))
        return sights(
            viewer,
            released=Exists(slot),
            listed=lambda ids: Exists(Session.delegations.through.objects.filter(session=OuterRef("pk"), delegation__in=ids)),
            assigned=lambda key: Exists(slot.filter(contributions__speaker__registration=key)),
        )

    def with_sight(self, viewer):
        """Annotate how much of each session the viewer sees (`Sights.columns`)."""
        return self.annotate(**self._sights(viewer).columns())

    def visible_to(self, viewer):
        """Keep the sessions the viewer sees in full."""
        return self._sights(viewer).visible(self)

    def noticed_by(self, viewer):
        """Keep the sessions the viewer sees at least as the line *closed session*."""
        return self._sights(viewer).noticed(self)

    def chaired_by(self, registration_id: int):
        """Keep those that this registration chairs in the current release."""
        chairs = Slot.objects.current().filter(
            session=OuterRef("pk"), contributions__speaker__registration=registration_id, contributions__role=Role.CHAIR
        )
        return self.filter(Exists(chairs))

    def in_feeds(self):
        """Leave out what is in no feed, search or export."""
        return self.exclude(label=Label.RED)

    def matching(self, text: str):
        """Keep those whose title or abstract, in any language, holds every word of `text`, accents and capitals aside."""
        found = self
        for word in folded(text).split():
            found = found.filter(search_text__contains=word)
        return found

    def with_draft(self, drafts=None):
        """Annotate `is_released`; read the place of each in the draft into `drafts` (a list of one slot, or of none), from those given."""
        drafts = Slot.objects.draft().select_related("room") if drafts is None else drafts
        return (
            self.select_related("track", "sign_up_sheet")
            .annotate(is_released=Exists(Slot.objects.current().filter(session=OuterRef("pk"))))
            .prefetch_related(models.Prefetch("slots", queryset=drafts, to_attr="drafts"))
        )


class Session(ReadOften):
    """One item of the agenda. Texts and settings live here and act at once; place, time and people belong to a release (`Slot`)."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="sessions")
    public_id = PublicIdField()
    external_id = external_id_field()
    kind = models.CharField(_("kind"), max_length=16, choices=SessionKind.choices, default=SessionKind.PLENARY)
    track = models.ForeignKey(Track, models.SET_NULL, null=True, blank=True, related_name="sessions", verbose_name=_("track"))
    title = translated(models.CharField(_("title"), max_length=200, blank=True))
    abstract = translated(models.TextField(_("abstract"), blank=True))
    languages = models.JSONField(_("languages spoken"), default=list, blank=True)
    interpretation = models.JSONField(_("interpreted into"), default=list, blank=True)
    audience = models.CharField(_("audience"), max_length=16, choices=Audience.choices, default=Audience.ORGANISERS)
    delegations = models.ManyToManyField(
        "delegates.Delegation", blank=True, related_name="selected_sessions", verbose_name=_("selected delegations")
    )
    label = models.CharField(_("TLP label"), max_length=16, choices=Label.choices, default=Label.RED)
    chatham_house = models.BooleanField(_("Chatham House Rule"), default=False)
    shown_as_closed = models.CharField(_("others see"), max_length=16, choices=ShownAsClosed.choices, default=ShownAsClosed.NOTHING)
    search_text = models.TextField(editable=False, blank=True)  # title and abstract only, folded

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            one_of("audience", Audience, "session_audience_known"),
            one_of("label", Label, "session_label_known"),
            one_of("kind", SessionKind, "session_kind_known"),
            one_of("shown_as_closed", ShownAsClosed, "session_shown_as_closed_known"),
            models.CheckConstraint(condition=~Q(audience=Audience.PUBLIC) | Q(label=Label.CLEAR), name="session_public_is_clear"),
            models.UniqueConstraint(fields=["event", "external_id"], condition=~Q(external_id=""), name="session_external_id_once"),
        ]
        indexes = [models.Index(fields=["event", "audience"], name="session_by_audience")]

    def __str__(self) -> str:
        return f"session {self.public_id}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return address_below("sessions:session", self.event.slug, self.public_id)

    def get_kind_display(self) -> str:
        """What it is, in the active language."""
        return label_of(SessionKind, self.kind)

    @property
    def working_language(self) -> str:
        """The language of the event."""
        return self.event.working_language

    def marking(self, *, is_released: bool, assigned_registration_ids=frozenset()) -> Marking:
        """The facts `rules.sight` needs; reads the selected delegations (prefetch them for a list)."""
        return Marking(
            audience=self.audience,
            label=self.label,
            shown_as_closed=self.shown_as_closed,
            delegation_ids=frozenset(delegation.pk for delegation in self.delegations.all()),
            assigned_registration_ids=frozenset(assigned_registration_ids),
            is_released=is_released,
        )


class SessionMarking(models.Model):
    """The marking of a session as it was from a moment until another; the open one equals the session's present settings."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, models.CASCADE, related_name="markings")
    audience = models.CharField(max_length=16, choices=Audience.choices)
    label = models.CharField(max_length=16, choices=Label.choices)
    chatham_house = models.BooleanField()
    shown_as_closed = models.CharField(max_length=16, choices=ShownAsClosed.choices)
    delegation_ids = models.JSONField(default=list)
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"), null=True, blank=True)
    actor = models.CharField(_("who"), max_length=40)

    class Meta:
        verbose_name = _("marking")
        verbose_name_plural = _("markings")
        constraints = [
            models.UniqueConstraint(fields=["session"], condition=Q(until_at__isnull=True), name="marking_one_open_per_session"),
            models.CheckConstraint(condition=Q(until_at__isnull=True) | Q(until_at__gte=F("from_at")), name="marking_ends_after_it_starts"),
        ]
        indexes = [models.Index(fields=["session", "from_at"], name="marking_by_session")]

    def __str__(self) -> str:
        return f"marking {self.pk}"


class SpeakerQuerySet(models.QuerySet):
    """Ways to ask for the people of the agenda."""

    def for_page(self):
        """Join the name of each person; nothing else of their registration is read, nor kept with what anyone sees."""
        return self.select_related("registration__delegate").only(*columns_of_speaker())

    def for_list(self):
        """Join what a list of people shows, and count the sessions each is in, in the draft (`appearances`)."""
        in_draft = Q(contributions__slot__release__number__isnull=True)
        return self.select_related("registration__delegate", "registration__delegation__organisation").annotate(
            appearances=models.Count("contributions__slot", filter=in_draft, distinct=True)
        )


def columns_of_speaker(path: str = "") -> list[str]:
    """Name all columns of a speaker, and of their registration those that hold the name; `path` leads to the speaker."""
    own = [field.attname for field in Speaker._meta.concrete_fields]
    return [f"{path}{name}" for name in (*own, "registration__delegate__given_name", "registration__delegate__family_name")]


class Speaker(ReadOften):
    """A person in the agenda: a registration of the event, or an outside person given as text; shown at a chosen public identity."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="speakers")
    public_id = PublicIdField()
    registration = models.ForeignKey("delegates.Registration", models.PROTECT, null=True, blank=True, related_name="speakers")
    external_id = external_id_field()
    name = models.CharField(_("name"), max_length=200, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    function = translated(models.CharField(_("function"), max_length=200, blank=True))
    biography = translated(models.TextField(_("biography"), blank=True))
    public_identity = models.CharField(_("readers see"), max_length=16, choices=PublicIdentity.choices, default=PublicIdentity.HIDDEN)

    objects = SpeakerQuerySet.as_manager()

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        constraints = [
            models.CheckConstraint(
                condition=Q(registration__isnull=False, name="") | (Q(registration__isnull=True) & ~Q(name="")),
                name="speaker_is_a_registration_or_a_name",
            ),
            models.UniqueConstraint(
                fields=["event", "registration"], condition=Q(registration__isnull=False), name="speaker_once_per_registration"
            ),
            one_of("public_identity", PublicIdentity, "speaker_public_identity_known"),
            models.UniqueConstraint(fields=["event", "external_id"], condition=~Q(external_id=""), name="speaker_external_id_once"),
        ]

    def __str__(self) -> str:
        return f"speaker {self.public_id}"

    @property
    def working_language(self) -> str:
        """The language of the event."""
        return self.event.working_language

    @property
    def full_name(self) -> str:
        """The name, whether of a registration's delegate or given as text; for organisers."""
        if self.registration is None:
            return self.name
        return self.registration.delegate.full_name if self.registration.delegate else ""
