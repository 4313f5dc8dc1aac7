"""Messages that organisers write to a chosen set of people: drafts, and what was sent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import PublicIdField, one_of
from delegates.choices import Answer, Category, CircularTo, RegistrationState, Standing


class Circular(models.Model):
    """One message to many: whom it is for, its words by language, and when it left. A draft until it is sent."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="circulars")
    public_id = PublicIdField()
    to = models.CharField(_("to"), max_length=16, choices=CircularTo.choices, default=CircularTo.FOCAL_POINTS)
    delegation = models.ForeignKey("delegates.Delegation", models.SET_NULL, null=True, blank=True, related_name="+")
    answer = models.CharField(_("answer"), max_length=16, choices=Answer.choices, blank=True)
    standing = models.CharField(_("standing"), max_length=16, choices=Standing.choices, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=RegistrationState.choices, blank=True)
    category = models.CharField(_("category"), max_length=16, choices=Category.choices, blank=True)
    words = models.JSONField(default=dict)  # {"en": {"subject": …, "body": …}}: languages without words are absent
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(_("changed"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    count = models.PositiveIntegerField(_("readers"), default=0)

    class Meta:
        verbose_name = _("message to many")
        verbose_name_plural = _("messages to many")
        constraints = [
            one_of("to", CircularTo, "circular_to_known"),
            models.CheckConstraint(condition=Q(sent_at__isnull=False) | Q(count=0), name="circular_draft_has_no_readers"),
        ]

    def __str__(self) -> str:
        return f"circular {self.public_id}"

    def words_for(self, language: str, working_language: str) -> tuple[str, dict[str, str]]:
        """Give the language a reader gets (theirs, else the working language, else any that has words) and its words."""
        found = next((code for code in (language, working_language, *self.words) if code in self.words), working_language)
        return found, self.words.get(found, {"subject": "", "body": ""})
