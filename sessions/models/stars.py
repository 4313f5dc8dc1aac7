"""Sessions participants starred."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StarQuerySet(models.QuerySet):
    """Ways to ask for stars."""

    def of(self, viewer):
        """Keep those of the registration under whose hat one looks."""
        return self.none() if viewer.registration_id is None else self.filter(registration=viewer.registration_id)


class Star(models.Model):
    """A session one registration wants to find again: for its owner's eyes alone, counted nowhere and in no record of acts."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="+")
    registration = models.ForeignKey("delegates.Registration", models.CASCADE, related_name="stars")
    session = models.ForeignKey("agenda.Session", models.CASCADE, related_name="+")

    objects = StarQuerySet.as_manager()

    class Meta:
        verbose_name = _("star")
        verbose_name_plural = _("stars")
        constraints = [models.UniqueConstraint(fields=["registration", "session"], name="star_once")]

    def __str__(self) -> str:
        return f"star {self.pk}"
