"""Communiqués: numbered press releases about an event, with embargo, contact and dated visible corrections."""

import datetime as dt

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import PublicIdField
from conference.lib.words import translated
from events.choices import Aspect
from events.models.events import audience_field, audience_known


class PressReleaseQuerySet(models.QuerySet):
    """Ways to ask for press releases."""

    def visible_to(self, viewer, at: dt.datetime):
        """Keep what this viewer may read at a moment (`rules.may_see_press_release`)."""
        return self.filter(audience__in=viewer.audiences, published_at__lte=at)

    def newest_first(self):
        """Order for a list, the latest publication on top, with the event each one's address needs."""
        return self.select_related("event").order_by("-published_at", "-number")

    def for_page(self):
        """Join what the page of a press release shows."""
        return self.select_related("event").prefetch_related(models.Prefetch("corrections", PressCorrection.objects.order_by("at")))


class PressRelease(models.Model):
    """One communiqué. `published_at` in the future is an embargo: until then it does not exist outside the organisers' site."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="press_releases")
    public_id = PublicIdField()
    number = models.PositiveSmallIntegerField(_("number"))
    title = translated(models.CharField(_("title"), max_length=200, blank=True))
    text = translated(models.TextField(_("text"), blank=True))
    contact = models.TextField(_("contact for the press"), blank=True)
    audience = audience_field(_("who may read it"))
    published_at = models.DateTimeField(_("published (embargo until)"), null=True, blank=True)

    objects = PressReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("press release")
        verbose_name_plural = _("press releases")
        constraints = [
            models.UniqueConstraint(fields=["event", "number"], name="press_release_number_once"),
            audience_known("audience", "press_release_audience_known"),
        ]

    def __str__(self) -> str:
        return f"press release {self.public_id}"

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("events:press_release", args=[self.event.slug, self.public_id])

    def audiences(self) -> dict[str, dict]:
        """Who may read it from when, as `AudienceSpan` keeps it."""
        return {Aspect.PRESS: {"audience": self.audience, "opens_at": self.published_at}}

    @property
    def working_language(self) -> str:
        """The language of the event."""
        return self.event.working_language


class PressCorrection(models.Model):
    """A dated, visible correction of a press release."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="+")
    press_release = models.ForeignKey(PressRelease, models.CASCADE, related_name="corrections")
    at = models.DateTimeField(_("when"))
    text = translated(models.TextField(_("text"), blank=True))

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")

    def __str__(self) -> str:
        return f"correction {self.pk}"

    @property
    def working_language(self) -> str:
        """The language of the event."""
        return self.event.working_language
