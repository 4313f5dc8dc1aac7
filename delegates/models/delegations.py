"""Delegations, their seats, and the focal points who may nominate for them."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import PublicIdField, one_of
from delegates.choices import Answer, Category, Mode, RegistrationState, Standing
from delegates.rules import HOLDING
from events.rules import PUBLISHED_STATES

# `rules.waits_for_list`, from the delegation
DRAFT_LIST = Q(
    registrations__state=RegistrationState.NOMINATED, registrations__invited_at__isnull=True, registrations__delegate__email__gt=""
)


class DelegationQuerySet(models.QuerySet):
    """Ways to ask for delegations."""

    def for_focal_point(self, user, at: dt.datetime):
        """Keep the delegations this user is a focal point of at a moment."""
        return self.filter(focal_points__in=FocalPoint.objects.live(at).filter(user=user)).distinct()

    def of_focal_point(self, viewer):
        """Keep the delegation a viewer is focal point of under the hat they wear."""
        return self.filter(pk=viewer.own_delegation_id) if viewer.is_focal_point else self.none()

    def for_page(self):
        """Join what a delegation's own page shows."""
        return self.select_related("organisation")

    def taking_part(self):
        """Keep the host and the delegations that said they come."""
        return self.filter(Q(answer=Answer.COMING) | Q(standing=Standing.HOST))

    def for_my_page(self):
        """Keep those at events whose pages are open to their people, with what a focal point's own list shows."""
        shown = self.filter(event__state__in=PUBLISHED_STATES).select_related("event", "organisation")
        return shown.annotate(to_invite=Count("registrations", filter=DRAFT_LIST, distinct=True)).order_by("pk")

    def for_list(self):
        """Join what a list of delegations shows."""
        held = Count("registrations", filter=Q(registrations__state__in=HOLDING), distinct=True)
        approved = Count("registrations", filter=Q(registrations__state=RegistrationState.APPROVED), distinct=True)
        return self.select_related("organisation").annotate(people=held, approved=approved)

    def with_seats(self):
        """Annotate `seats` and `seats_taken` of the delegation's quota for everyone."""
        whole = Quota.objects.filter(delegation=OuterRef("pk"), category="", mode="")
        return self.annotate(seats=Subquery(whole.values("seats")), seats_taken=Subquery(whole.values("taken")))

    def with_focal_points(self, at: dt.datetime):
        """Annotate how many focal points are live at a moment, and how many of them were invited."""
        live = Q(focal_points__from_at__lte=at) & (Q(focal_points__until_at__isnull=True) | Q(focal_points__until_at__gt=at))
        invited = live & Q(focal_points__invited_at__isnull=False)
        return self.annotate(
            focal_count=Count("focal_points", filter=live, distinct=True),
            focal_invited=Count("focal_points", filter=invited, distinct=True),
        )

    def without_focal_point(self, at: dt.datetime):
        """Keep the delegations for which nobody may nominate at a moment."""
        return self.exclude(Exists(FocalPoint.objects.live(at).filter(delegation=OuterRef("pk")))).select_related("organisation")

    def that_answered(self, answer: str):
        """Keep the delegations with one answer."""
        return self.filter(answer=answer)

    def of_standing(self, standing: str):
        """Keep the delegations of one standing."""
        return self.filter(standing=standing)

    def in_care_of(self, user):
        """Keep the delegations a colleague is responsible for."""
        return self.filter(responsible=user)

    def due(self, day: dt.date):
        """Keep the delegations to follow up on a day or before it."""
        return self.filter(follow_up_date__lte=day)


class Delegation(models.Model):
    """One organisation at one event."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="delegations")
    organisation = models.ForeignKey("events.Organisation", models.PROTECT, related_name="delegations", verbose_name=_("organisation"))
    public_id = PublicIdField()
    standing = models.CharField(_("standing"), max_length=16, choices=Standing.choices, default=Standing.MEMBER)
    answer = models.CharField(_("answer"), max_length=16, choices=Answer.choices, default=Answer.INVITED)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    list_sent_at = models.DateTimeField(_("list sent"), null=True, blank=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("responsible colleague")
    )
    notes = models.TextField(_("notes"), blank=True)
    follow_up_date = models.DateField(_("follow up on"), null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        constraints = [
            models.UniqueConstraint(fields=["event", "organisation"], name="delegation_once_per_event"),
            models.UniqueConstraint(fields=["event"], condition=Q(standing=Standing.HOST), name="delegation_one_host"),
            one_of("standing", Standing, "delegation_standing_known"),
            one_of("answer", Answer, "delegation_answer_known"),
        ]

    def __str__(self) -> str:
        return f"delegation {self.public_id}"


class Quota(models.Model):
    """A limit and its use: of a delegation or (without one) of the event; for one category or mode, or (without) for all.

    `taken` is written by the registration actions only.
    """

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="quotas")
    delegation = models.ForeignKey(Delegation, models.CASCADE, null=True, blank=True, related_name="quotas")
    category = models.CharField(_("category"), max_length=16, choices=Category.choices, blank=True)
    mode = models.CharField(_("mode"), max_length=16, choices=Mode.choices, blank=True)
    seats = models.PositiveIntegerField(_("seats"))
    taken = models.PositiveIntegerField(_("taken"), default=0, editable=False)

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        constraints = [
            models.CheckConstraint(condition=Q(taken__lte=F("seats")), name="quota_never_exceeded"),
            models.UniqueConstraint(
                fields=["delegation", "category", "mode"], condition=Q(delegation__isnull=False), name="quota_once_per_delegation"
            ),
            models.UniqueConstraint(
                fields=["event", "category", "mode"], condition=Q(delegation__isnull=True), name="quota_once_per_event"
            ),
        ]

    def __str__(self) -> str:
        return f"quota {self.pk}"

    @property
    def free(self) -> int:
        """Seats nobody holds."""
        return self.seats - self.taken


class FocalPointQuerySet(models.QuerySet):
    """Ways to ask for focal points."""

    def live(self, at: dt.datetime):
        """Keep the rights in force at a moment."""
        return self.filter(Q(until_at__isnull=True) | Q(until_at__gt=at), from_at__lte=at)

    def not_invited(self):
        """Keep those nobody has written to yet and who have not come in by another way."""
        return self.filter(invited_at__isnull=True, user__isnull=True)


class FocalPoint(models.Model):
    """The right to nominate for a delegation: given explicitly, to a person with an address, from a moment until another."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="focal_points")
    delegation = models.ForeignKey(Delegation, models.CASCADE, related_name="focal_points")
    public_id = PublicIdField()
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=254)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="focal_points")
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"), null=True, blank=True)
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True)

    objects = FocalPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("focal point")
        verbose_name_plural = _("focal points")
        constraints = [
            models.UniqueConstraint(fields=["delegation", "email"], condition=Q(until_at__isnull=True), name="focal_point_once_at_a_time"),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gte=F("from_at")), name="focal_point_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"focal point {self.public_id}"
