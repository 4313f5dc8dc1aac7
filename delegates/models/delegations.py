"""Delegations, their seats, and the focal points who may nominate for them."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import PublicIdField, one_of
from delegates.choices import Answer, RegistrationState, Standing
from delegates.models.quotas import Quota
from delegates.models.registrations import RegistrationMove
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
        to_decide = Q(registrations__state__in=[RegistrationState.REQUESTED, RegistrationState.OFFERED])
        return shown.annotate(
            to_invite=Count("registrations", filter=DRAFT_LIST, distinct=True),
            to_decide=Count("registrations", filter=to_decide, distinct=True),
            to_name=Count("registrations", filter=Q(registrations__state=RegistrationState.PLACEHOLDER), distinct=True),
        ).order_by("pk")

    def for_list(self):
        """Join what a list of delegations shows."""
        held = Count("registrations", filter=Q(registrations__state__in=HOLDING), distinct=True)
        approved = Count("registrations", filter=Q(registrations__state=RegistrationState.APPROVED), distinct=True)
        waiting = Count("registrations", filter=Q(registrations__state=RegistrationState.WAITLISTED), distinct=True)
        return self.select_related("organisation").annotate(people=held, approved=approved, waiting=waiting)

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

    def with_a_waiting_list(self):
        """Keep the delegations of whom somebody waits for a seat."""
        waiting = Q(registrations__state=RegistrationState.WAITLISTED)
        return self.filter(pk__in=self.model.objects.filter(waiting).values("pk"))

    def tallies(self, user, *, at: dt.datetime, day: dt.date) -> dict[str, int]:
        """Count the delegations of the shared views of the list, in one query: mine, due, silent and the like."""
        due, mine = Q(follow_up_date__lte=day), Q(responsible=user)
        focal = FocalPoint.objects.live(at).filter(delegation=OuterRef("pk"))
        waiting = self.model.objects.filter(registrations__state=RegistrationState.WAITLISTED).values("pk")
        return self.order_by().aggregate(
            all=Count("pk"),
            mine=Count("pk", filter=mine),
            mine_due=Count("pk", filter=mine & due),
            due=Count("pk", filter=due),
            silent=Count("pk", filter=Q(answer=Answer.INVITED)),
            without=Count("pk", filter=~Exists(focal)),
            waiting=Count("pk", filter=Q(pk__in=waiting)),
        )

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
    notes = models.TextField(
        _("notes"), blank=True
    )  # no longer used, empty: the notes are rows (`DelegationNote`); drop it with the next release
    phone = models.CharField(_("telephone"), max_length=20, blank=True)  # in the international form, E.164
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
            models.CheckConstraint(condition=Q(phone="") | Q(phone__startswith="+"), name="delegation_phone_international"),
        ]

    def __str__(self) -> str:
        return f"delegation {self.public_id}"

    def withdrawals_since(self, at: dt.datetime) -> dict[int, RegistrationMove]:
        """Give the steps since a moment that withdrew people and are still their last, by the key of the registration."""
        withdrawn = self.registrations.filter(state=RegistrationState.WITHDRAWN).values("pk")
        moves = RegistrationMove.objects.filter(registration__in=withdrawn, at__gte=at).order_by("at", "pk")
        return {move.registration_id: move for move in moves if move.to_state == RegistrationState.WITHDRAWN}


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
