"""Invitations: a link bound to one address, for one focal point, one registration or one request. Opening it changes nothing."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import PublicIdField
from delegates.rules import ACTIVE
from events.rules import EDITED_STATES


class InvitationQuerySet(models.QuerySet):
    """Ways to ask for invitations."""

    def usable(self, at: dt.datetime):
        """Keep those neither accepted, revoked nor expired, for something that still stands."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at).bound_to_live(at)

    def bound_to_live(self, at: dt.datetime):
        """Keep those whose focal point still has the right, or whose registration has not ended, at an event that goes on."""
        right = Q(focal_point__from_at__lte=at) & (Q(focal_point__until_at__isnull=True) | Q(focal_point__until_at__gt=at))
        asked = Q(place_request__isnull=False, place_request__proved_at__isnull=True)
        return self.filter(right | Q(registration__state__in=ACTIVE) | asked, event__state__in=EDITED_STATES)

    def for_page(self):
        """Join what the page of an invitation shows."""
        return self.select_related(
            "event",
            "focal_point__delegation__organisation",
            "registration__delegate",
            "registration__delegation__organisation",
            "place_request",
        )


class Invitation(models.Model):
    """A mailed link. Only the digest of its secret is kept; its button sends a code to `email`, and the code consumes it."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="invitations")
    public_id = PublicIdField()
    focal_point = models.ForeignKey("delegates.FocalPoint", models.CASCADE, null=True, blank=True, related_name="invitations")
    registration = models.ForeignKey("delegates.Registration", models.CASCADE, null=True, blank=True, related_name="invitations")
    place_request = models.ForeignKey("delegates.PlaceRequest", models.CASCADE, null=True, blank=True, related_name="invitations")
    email = models.EmailField(_("e-mail address"), max_length=254)
    secret_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=Q(focal_point__isnull=False, registration__isnull=True, place_request__isnull=True)
                | Q(focal_point__isnull=True, registration__isnull=False, place_request__isnull=True)
                | Q(focal_point__isnull=True, registration__isnull=True, place_request__isnull=False),
                name="invitation_is_for_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"invitation {self.public_id}"
