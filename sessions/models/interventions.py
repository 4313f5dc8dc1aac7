"""The turns of a tour de table: they belong to a slot of a release, as its people do."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import PublicIdField, one_of
from sessions.choices import HostPlace, TimeSharing
from sessions.rules import MOST_MINUTES


class Tour(models.Model):
    """How the turns of a slot were built last, so that they can be built again."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="+")
    slot = models.OneToOneField("agenda.Slot", models.CASCADE, related_name="tour")
    sharing = models.CharField(_("the minutes are"), max_length=16, choices=TimeSharing.choices, default=TimeSharing.SHARED)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    host = models.CharField(_("the host speaks"), max_length=16, choices=HostPlace.choices, default=HostPlace.KEPT)
    ordered_by_hand = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("tour de table")
        verbose_name_plural = _("tours de table")
        constraints = [
            one_of("sharing", TimeSharing, "tour_sharing_known"),
            one_of("host", HostPlace, "tour_host_known"),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=MOST_MINUTES), name="tour_minutes_possible"),
        ]

    def __str__(self) -> str:
        return f"tour de table {self.pk}"


class InterventionQuerySet(models.QuerySet):
    """Ways to ask for turns."""

    def in_order(self):
        """Order as they speak."""
        return self.order_by("position", "pk")

    def spoken_in(self, slots):
        """Keep those of these slots that are not dropped."""
        return self.filter(slot__in=slots, is_dropped=False)

    def for_page(self):
        """Join what a page shows of who speaks."""
        return self.select_related("delegation__organisation", "speaker__registration__delegate").in_order()


class Intervention(models.Model):
    """One speaking turn inside a slot, of a delegation or of a person of the agenda.

    What was done by hand is marked, so that building again keeps it: added, minutes set, left out (the row stays, dropped).
    """

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="+")
    slot = models.ForeignKey("agenda.Slot", models.CASCADE, related_name="interventions")
    public_id = PublicIdField()
    delegation = models.ForeignKey(
        "delegates.Delegation", models.CASCADE, null=True, blank=True, related_name="interventions", verbose_name=_("delegation")
    )
    speaker = models.ForeignKey(
        "agenda.Speaker", models.CASCADE, null=True, blank=True, related_name="interventions", verbose_name=_("person")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    is_added = models.BooleanField(_("added by hand"), default=False)
    has_own_minutes = models.BooleanField(_("minutes set by hand"), default=False)
    is_dropped = models.BooleanField(_("left out"), default=False)

    objects = InterventionQuerySet.as_manager()

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")
        constraints = [
            models.CheckConstraint(
                condition=Q(delegation__isnull=False, speaker__isnull=True) | Q(delegation__isnull=True, speaker__isnull=False),
                name="intervention_of_a_delegation_or_a_person",
            ),
            models.UniqueConstraint(
                fields=["slot", "delegation"], condition=Q(delegation__isnull=False), name="intervention_once_per_delegation"
            ),
            models.UniqueConstraint(fields=["slot", "speaker"], condition=Q(speaker__isnull=False), name="intervention_once_per_person"),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=MOST_MINUTES), name="intervention_minutes_possible"),
        ]

    def __str__(self) -> str:
        return f"turn {self.public_id}"

    @property
    def who(self) -> str:
        """The reference of who speaks, the same in every release."""
        return str(self.delegation or self.speaker)


class TurnClock(models.Model):
    """Whose turn it is in a session that is held now: one row, kept on the server, which every screen follows.

    It names who speaks by reference (`Intervention.who`), so that it goes on when the agenda is released meanwhile.
    """

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="+")
    session = models.OneToOneField("agenda.Session", models.CASCADE, related_name="clock")
    who = models.CharField(max_length=40, blank=True)
    running_since_at = models.DateTimeField(null=True, blank=True)
    spent_seconds = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("clock of turns")
        verbose_name_plural = _("clocks of turns")
        constraints = [
            models.CheckConstraint(condition=~Q(who="") | Q(running_since_at__isnull=True), name="turn_clock_runs_for_somebody"),
            models.CheckConstraint(condition=Q(who="") | Q(ended_at__isnull=True), name="turn_clock_ends_with_nobody"),
        ]

    def __str__(self) -> str:
        return f"clock {self.pk}"
