"""Dated notes: what the organisers write down about a delegation, for themselves."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import PublicIdField


class DelegationNoteQuerySet(models.QuerySet):
    """Ways to ask for notes."""

    def removable_by(self, user):
        """Keep the notes an organiser may remove: their own, and those whose author is not known."""
        return self.filter(Q(by=user) | Q(by__isnull=True))


class DelegationNote(models.Model):
    """One note about a delegation: who wrote it, when, and what. Delegations never see it."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="delegation_notes")
    delegation = models.ForeignKey("delegates.Delegation", models.CASCADE, related_name="dated_notes")
    public_id = PublicIdField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"))
    text = models.TextField(_("note"))

    objects = DelegationNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="delegation_note_says_something")]

    def __str__(self) -> str:
        return f"note {self.public_id}"
