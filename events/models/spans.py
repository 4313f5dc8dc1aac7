"""From when until when: who could see what carries an audience, and what decided whether an organisation is of the Union."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import one_of
from events.choices import Aspect, Audience, DelegationsShown, OrganisationKind


class SpanQuerySet(models.QuerySet):
    """Ways to ask for what held."""

    def holding(self, at: dt.datetime):
        """Keep what held at a moment."""
        return self.filter(Q(until_at__isnull=True) | Q(until_at__gt=at), from_at__lte=at)

    def open(self):
        """Keep what holds until somebody changes it."""
        return self.filter(until_at__isnull=True)


class AudienceSpan(models.Model):
    """Who could see one aspect of a thing, from a moment until another; the open one equals the thing's present settings.

    `target` is the thing's reference, so that the answer outlives the thing: a removed paper ends its span.
    """

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="audience_spans")
    target = models.CharField(_("of what"), max_length=80)
    aspect = models.CharField(_("aspect"), max_length=16, choices=Aspect.choices)
    audience = models.CharField(
        _("audience"), max_length=16, choices=Audience.choices, blank=True
    )  # empty: that of the session it is within
    # What limits the audience: a paper's label, its chosen delegations and its session; how much of the delegations; an embargo;
    # how long before its session starts.
    label = models.CharField(max_length=16, blank=True)
    delegation_ids = models.JSONField(default=list, blank=True)
    within = models.CharField(max_length=80, blank=True)
    shown = models.CharField(max_length=16, choices=DelegationsShown.choices, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    minutes_before = models.PositiveSmallIntegerField(null=True, blank=True)
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"), null=True, blank=True)
    actor = models.CharField(_("who"), max_length=40)

    objects = SpanQuerySet.as_manager()

    class Meta:
        verbose_name = _("span of an audience")
        verbose_name_plural = _("spans of audiences")
        constraints = [
            one_of("aspect", Aspect, "audience_span_aspect_known"),
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values) | Q(aspect=Aspect.JOINING, audience="") & ~Q(within=""),
                name="audience_span_audience_known",
            ),
            models.CheckConstraint(condition=Q(shown__in=["", *DelegationsShown.values]), name="audience_span_shown_known"),
            models.CheckConstraint(condition=~Q(target=""), name="audience_span_is_of_something"),
            models.UniqueConstraint(
                fields=["event", "target", "aspect"], condition=Q(until_at__isnull=True), name="audience_span_one_open"
            ),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gte=F("from_at")), name="audience_span_ends_after_it_starts"
            ),
        ]
        indexes = [models.Index(fields=["event", "target", "from_at"], name="audience_span_by_target")]

    def __str__(self) -> str:
        return f"span {self.pk}"


class OrganisationSpan(models.Model):
    """Of what an organisation was, from a moment until another: its kind and country decide whether it is of the Union on a day."""

    organisation = models.ForeignKey("events.Organisation", models.CASCADE, related_name="spans")
    kind = models.CharField(_("kind"), max_length=16, choices=OrganisationKind.choices)
    country = models.CharField(_("country"), max_length=2, blank=True)
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = SpanQuerySet.as_manager()

    class Meta:
        verbose_name = _("span of an organisation")
        verbose_name_plural = _("spans of organisations")
        constraints = [
            one_of("kind", OrganisationKind, "organisation_span_kind_known"),
            models.UniqueConstraint(fields=["organisation"], condition=Q(until_at__isnull=True), name="organisation_span_one_open"),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gte=F("from_at")), name="organisation_span_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"span of organisation {self.organisation_id}"
