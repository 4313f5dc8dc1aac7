"""Private calendar addresses of participants."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.lib import tokens
from delegates.rules import ACTIVE
from events.rules import STATE_TABLE


class CalendarFeedQuerySet(models.QuerySet):
    """Ways to ask for private calendars."""

    def live(self):
        """Keep those that were not revoked."""
        return self.filter(revoked_at__isnull=True)

    def usable(self, secret: str):
        """Keep the one this secret opens, while its registration goes on, its owner's account is active and the event has feeds."""
        return self.live().filter(
            secret_digest=tokens.digest(secret),
            registration__state__in=ACTIVE,
            registration__delegate__user__is_active=True,
            event__state__in=[state for state, allows in STATE_TABLE.items() if allows.feeds],
        )

    def for_page(self):
        """Join what writing the calendar needs."""
        return self.select_related("event__series", "registration__delegation__organisation", "registration__delegate__user")


class CalendarFeed(models.Model):
    """A bearer address for one registration's calendar: stored as a digest, shown once, revocable."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="+")
    registration = models.ForeignKey("delegates.Registration", models.CASCADE, related_name="calendar_feeds")
    secret_digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=8)
    created_at = models.DateTimeField(_("made"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        constraints = [
            models.UniqueConstraint(fields=["registration"], condition=Q(revoked_at__isnull=True), name="calendar_feed_one_at_a_time")
        ]

    def __str__(self) -> str:
        return f"calendar {self.pk}"
