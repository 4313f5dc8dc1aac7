"""Invitation letters on paper: a typed code for a delegation that outside mail does not reach, and who says to hold it."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import PublicIdField
from delegates.choices import LetterStage
from events.rules import EDITED_STATES


class InvitationLetterQuerySet(models.QuerySet):
    """Ways to ask for letters."""

    def unspent(self):
        """Keep those whose code was neither used nor revoked: at most one a delegation."""
        return self.filter(used_at__isnull=True, revoked_at__isnull=True)

    def usable(self, at: dt.datetime):
        """Keep those whose code may be typed at a moment."""
        return self.unspent().filter(expires_at__gt=at, event__state__in=EDITED_STATES)

    def undecided(self):
        """Keep those whose code was used and whose holder waits for an organiser."""
        return self.filter(used_at__isnull=False, decided_at__isnull=True)

    def for_page(self):
        """Join what the organisers' pages of a letter show."""
        return self.select_related("delegation__organisation", "delegation__event", "made_by", "focal_point")


class InvitationLetter(models.Model):
    """A printed letter. Of its code only a keyed digest is kept; the code gives no right: it lets its holder name an address.

    `name`, `email` and `language` are what the holder said; they are emptied as soon as an organiser has decided.
    """

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="invitation_letters")
    delegation = models.ForeignKey("delegates.Delegation", models.CASCADE, related_name="invitation_letters")
    public_id = PublicIdField()
    code_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    focal_point = models.ForeignKey("delegates.FocalPoint", models.SET_NULL, null=True, blank=True, related_name="+")

    objects = InvitationLetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation letter")
        verbose_name_plural = _("invitation letters")
        constraints = [
            models.UniqueConstraint(
                fields=["delegation"], condition=Q(used_at__isnull=True, revoked_at__isnull=True), name="letter_one_unspent"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="letter_expires_after_made"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, decided_at__isnull=True, name="", email="")
                | Q(used_at__isnull=False, decided_at__isnull=True, revoked_at__isnull=True) & ~Q(name="") & ~Q(email="")
                | Q(used_at__isnull=False, decided_at__isnull=False, revoked_at__isnull=True, name="", email=""),
                name="letter_keeps_its_holder_until_decided",
            ),
            models.CheckConstraint(condition=Q(focal_point__isnull=True) | Q(decided_at__isnull=False), name="letter_decided_by_somebody"),
        ]

    def __str__(self) -> str:
        return f"letter {self.public_id}"

    def stage(self, at: dt.datetime) -> LetterStage:
        """Where it stands at a moment."""
        if self.used_at and self.decided_at:
            return LetterStage.CONFIRMED if self.focal_point_id else LetterStage.REFUSED
        if self.used_at:
            return LetterStage.WAITING
        if self.revoked_at:
            return LetterStage.REVOKED
        return LetterStage.OPEN if self.expires_at > at else LetterStage.EXPIRED
