"""Reasons written once and used often, in every language of the people who read them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import PublicIdField, one_of
from conference.lib.words import filled, in_language, translated
from delegates.choices import ReasonKind


class ReasonTemplateQuerySet(models.QuerySet):
    """Ways to ask for reasons."""

    def for_event(self, event):
        """Keep those of the event and those for every event."""
        return self.filter(Q(event=event) | Q(event=None)).order_by("kind", "event", "pk")


class ReasonTemplate(models.Model):
    """A reason for a return, a refusal or a revocation: of one event, or (without one) for every event."""

    event = models.ForeignKey("events.Event", models.CASCADE, null=True, blank=True, related_name="reasons")
    public_id = PublicIdField()
    kind = models.CharField(_("for"), max_length=16, choices=ReasonKind.choices)
    text = translated(models.TextField(_("reason"), max_length=1000, blank=True))

    objects = ReasonTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        constraints = [
            one_of("kind", ReasonKind, "reason_kind_known"),
            models.CheckConstraint(condition=~Q(text_en="", text_fr="", text_nl="", text_de=""), name="reason_has_words"),
        ]

    def __str__(self) -> str:
        return f"reason {self.public_id}"

    @property
    def working_language(self) -> str:
        """The language an empty one falls back to."""
        return self.event.working_language if self.event_id else "en"

    def text_in(self, language: str) -> str:
        """The reason in the language of whoever reads it, else in the working language, else in any."""
        return str(in_language(self, "text", language, self.working_language))

    @property
    def languages(self) -> list[str]:
        """The languages it is written in."""
        return filled(self, "text")
