"""Quotas: how many people a delegation or the event takes, of one category or way of attending or of all."""

from django.db import models
from django.db.models import Count, ExpressionWrapper, F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from delegates.choices import Category, Mode
from delegates.models.registrations import Registration
from delegates.rules import CATEGORIES, counts

TAKE_SEAT = [category for category, takes in CATEGORIES.items() if takes.seat]
TAKE_CAPACITY = [category for category, takes in CATEGORIES.items() if takes.capacity]


def _of_quota(column: str, kind: models.Field) -> ExpressionWrapper:
    return ExpressionWrapper(OuterRef(column), output_field=kind)


class QuotaQuerySet(models.QuerySet):
    """Ways to ask for quotas."""

    def for_all(self):
        """Keep those that count everybody: the seats of a delegation, the capacity of the event."""
        return self.filter(category="", mode="")

    def with_use(self):
        """Annotate `used`: how many registrations hold a place it counts (`rules.counts`), counted anew in the same statement."""
        holders = Registration.objects.holding().annotate(
            quota_category=_of_quota("category", models.CharField()), quota_delegation=_of_quota("delegation", models.BigIntegerField())
        )
        takes = Q(quota_delegation__isnull=False, category__in=TAKE_SEAT) | Q(quota_delegation__isnull=True, category__in=TAKE_CAPACITY)
        counted = holders.filter(
            Q(category=OuterRef("category")) | Q(quota_category="") & takes,
            event=OuterRef("event"),
            delegation=Coalesce(OuterRef("delegation"), F("delegation")),
            mode=Coalesce(NullIf(OuterRef("mode"), Value("")), F("mode")),
        )
        number = counted.order_by().values("event").annotate(number=Count("pk")).values("number")
        return self.annotate(used=Coalesce(Subquery(number, output_field=IntegerField()), 0))

    def out_of_step(self):
        """Keep those whose `taken` is not what the registrations say: never, unless something wrote past the actions."""
        return self.with_use().exclude(used=F("taken"))

    def wrong_at(self, event) -> list["Quota"]:
        """List what is out of step at one event, from one grouped count: the same answer at a fraction of the work (a test compares)."""
        holders = Registration.objects.holding().filter(event=event).order_by().values_list("delegation", "category", "mode")
        groups = list(holders.annotate(number=Count("pk")))

        def used(quota: "Quota") -> int:
            mine = [group for group in groups if quota.delegation_id in (None, group[0])]
            return sum(number for _delegation, category, mode, number in mine if counts(quota, category=category, mode=mode))

        return [quota for quota in self.filter(event=event) if used(quota) != quota.taken]


class Quota(models.Model):
    """A limit and its use: of a delegation or (without one) of the event; for one category or mode, or (without) for all.

    `taken` is written by the registration actions only.
    """

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="quotas")
    delegation = models.ForeignKey("delegates.Delegation", models.CASCADE, null=True, blank=True, related_name="quotas")
    category = models.CharField(_("category"), max_length=16, choices=Category.choices, blank=True)
    mode = models.CharField(_("mode"), max_length=16, choices=Mode.choices, blank=True)
    seats = models.PositiveIntegerField(_("seats"))
    taken = models.PositiveIntegerField(_("taken"), default=0, editable=False)

    objects = QuotaQuerySet.as_manager()

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        constraints = [
            models.CheckConstraint(condition=Q(taken__lte=F("seats")), name="quota_never_exceeded"),
            models.CheckConstraint(condition=Q(category__in=["", *Category.values]), name="quota_category_known"),
            models.CheckConstraint(condition=Q(mode__in=["", *Mode.values]), name="quota_mode_known"),
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

    @property
    def is_for_all(self) -> bool:
        """Say whether it counts everybody who takes a seat or a place, whatever their category and way of attending."""
        return not self.category and not self.mode
