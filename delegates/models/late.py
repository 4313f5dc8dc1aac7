"""Requests of focal points that come too late to act: to name or to replace a person. The duty organiser decides."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import PublicIdField, one_of
from delegates.choices import LateKind


class LateRequestQuerySet(models.QuerySet):
    """Ways to ask for late requests."""

    def open(self):
        """Keep those nobody has decided or taken back."""
        return self.filter(decided_at__isnull=True)

    def for_list(self):
        """Join what a list of requests shows."""
        return self.select_related("delegation__organisation", "registration__delegate", "result__delegate", "asked_by")


class LateRequest(models.Model):
    """A person to add to a delegation or to put in somebody's place, as the focal point wrote it (`payload`), until it is decided.

    `registration` is the seat it is about: of the person to replace, or kept without a name. The decision blanks what
    was written; of somebody refused the name stays until the identity of the event's people is removed. `result` is the registration
    that came of it.
    """

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="late_requests")
    delegation = models.ForeignKey("delegates.Delegation", models.CASCADE, related_name="late_requests")
    public_id = PublicIdField()
    kind = models.CharField(_("kind"), max_length=16, choices=LateKind.choices)
    registration = models.ForeignKey("delegates.Registration", models.CASCADE, null=True, blank=True, related_name="late_requests")
    payload = models.JSONField(default=dict, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    accepted = models.BooleanField(_("accepted"), null=True)
    is_taken_back = models.BooleanField(_("taken back"), default=False)
    reason = models.TextField(_("reason"), blank=True)
    result = models.ForeignKey("delegates.Registration", models.SET_NULL, null=True, blank=True, related_name="+")

    objects = LateRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("late request")
        verbose_name_plural = _("late requests")
        constraints = [
            one_of("kind", LateKind, "late_request_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=LateKind.NOMINATE) | Q(registration__isnull=False), name="late_request_replaces_somebody"
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, accepted__isnull=True, is_taken_back=False)
                | Q(decided_at__isnull=False, accepted__isnull=False),
                name="late_request_decided_with_its_moment",
            ),
            models.CheckConstraint(condition=Q(is_taken_back=False) | Q(accepted=False), name="late_request_taken_back_is_not_accepted"),
            models.UniqueConstraint(fields=["registration"], condition=Q(decided_at__isnull=True), name="late_request_one_open_per_seat"),
        ]

    def __str__(self) -> str:
        return f"late request {self.public_id}"

    @property
    def name(self) -> str:
        """The name of the person asked for: as written while it waits or once refused, else as it stands in the list."""
        if self.result and self.result.delegate:
            return self.result.delegate.full_name
        return f"{self.payload.get('given_name', '')} {self.payload.get('family_name', '')}".strip()
