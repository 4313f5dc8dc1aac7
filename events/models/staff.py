"""Who runs an event: roles with from–to moments, given to a user or to an address until accepted."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import PublicIdField, one_of
from events.choices import StaffRoleName


class StaffRoleQuerySet(models.QuerySet):
    """Ways to ask for roles."""

    def live(self, at: dt.datetime):
        """Keep the roles somebody holds at a moment."""
        return self.filter(Q(until_at__isnull=True) | Q(until_at__gt=at), from_at__lte=at, user__isnull=False)

    def held_by(self, user):
        """Keep the roles of one user."""
        return self.filter(user=user)

    def current(self, at: dt.datetime):
        """Keep the roles that have not ended at a moment, those that wait for their address to sign in included."""
        return self.filter(Q(until_at__isnull=True) | Q(until_at__gt=at))

    def of_address(self, email: str, user=None):
        """Keep the roles given to an address, or held by the user it belongs to."""
        return self.filter(Q(user=user, user__isnull=False) | Q(user__isnull=True, email__iexact=email))

    def waiting_for(self, emails: list[str], at: dt.datetime):
        """Keep the roles that wait for the owner of one of these addresses to sign in."""
        folded = [email.lower() for email in emails]
        return self.current(at).alias(address=Lower("email")).filter(user__isnull=True, address__in=folded)


class StaffRole(models.Model):
    """One role of one person at one event, from a moment until another."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="staff_roles")
    public_id = PublicIdField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="staff_roles")
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    role = models.CharField(_("role"), max_length=16, choices=StaffRoleName.choices)
    is_duty_organiser = models.BooleanField(_("duty organiser"), default=False)
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = StaffRoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("role at an event")
        verbose_name_plural = _("roles at events")
        constraints = [
            one_of("role", StaffRoleName, "staff_role_known"),
            models.CheckConstraint(condition=Q(user__isnull=False) | ~Q(email=""), name="staff_role_has_a_holder"),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gte=F("from_at")), name="staff_role_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["event", "user", "role"], condition=Q(until_at__isnull=True, user__isnull=False), name="staff_role_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"role {self.public_id}"

    @property
    def holder(self) -> str:
        """Who holds the role, or the address it waits for."""
        return self.user.display_name if self.user else self.email
