"""What persons ask to have erased, and what was decided."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import PublicIdField


class ErasureRequestQuerySet(models.QuerySet):
    """Ways to ask for requests."""

    def open(self):
        """Keep those nobody has decided."""
        return self.filter(decided_at__isnull=True)

    def accepted(self):
        """Keep those whose data are erased."""
        return self.filter(accepted=True)


class ErasureRequest(models.Model):
    """A person asks that what is held on them for one event be erased; the organisers decide, and say why not."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="erasure_requests")
    registration = models.ForeignKey("delegates.Registration", models.CASCADE, related_name="erasure_requests")
    public_id = PublicIdField()
    asked_at = models.DateTimeField(_("asked"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    accepted = models.BooleanField(_("accepted"), null=True)
    reason = models.TextField(_("reason"), blank=True)  # of a refusal; shown to the person

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for erasure")
        verbose_name_plural = _("requests for erasure")
        constraints = [
            models.UniqueConstraint(fields=["registration"], condition=Q(decided_at__isnull=True), name="erasure_asked_once"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, accepted__isnull=True) | Q(decided_at__isnull=False, accepted__isnull=False),
                name="erasure_decided_one_way",
            ),
        ]

    def __str__(self) -> str:
        return f"erasure {self.public_id}"
