"""Private calendar addresses of participants."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CalendarFeed(models.Model):
    """A bearer address for one registration's calendar: stored as a digest, shown once, revocable."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="+")
    registration = models.ForeignKey("delegates.Registration", models.CASCADE, related_name="calendar_feeds")
    secret_digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=8)
    created_at = models.DateTimeField(_("made"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        constraints = [
            models.UniqueConstraint(fields=["registration"], condition=Q(revoked_at__isnull=True), name="calendar_feed_one_at_a_time")
        ]

    def __str__(self) -> str:
        return f"calendar {self.pk}"
