"""Messages that organisers write to a chosen set of people: drafts, and what was sent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import PublicIdField, one_of
from delegates.choices import CircularTo

OF_DELEGATIONS = ("delegation", "answer", "standing")
OF_PERSONS = ("state", "category", "mode", "missing")
FILTERS = (*OF_DELEGATIONS, *OF_PERSONS)


class Circular(models.Model):
    """One message to many: whom it is for, its words by language, and when it left. A draft until it is sent."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="circulars")
    public_id = PublicIdField()
    to = models.CharField(_("to"), max_length=16, choices=CircularTo.choices, default=CircularTo.FOCAL_POINTS)
    # {"state": ["approved"], "category": ["head", "deputy"], …}: several values of one name widen, several names narrow; an absent one
    # asks for nothing. Names as in `FILTERS`; delegations by their public id.
    asked = models.JSONField(default=dict, blank=True)
    words = models.JSONField(default=dict)  # {"en": {"subject": …, "body": …}}: languages without words are absent
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(_("changed"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    count = models.PositiveIntegerField(_("readers"), default=0)

    class Meta:
        verbose_name = _("group message")
        verbose_name_plural = _("group messages")
        constraints = [
            one_of("to", CircularTo, "circular_to_known"),
            models.CheckConstraint(condition=Q(sent_at__isnull=False) | Q(count=0), name="circular_draft_has_no_readers"),
        ]

    def __str__(self) -> str:
        return f"circular {self.public_id}"

    @property
    def mark(self) -> str:
        """When it was last changed, as a form carries it to notice a colleague's change."""
        return self.changed_at.isoformat() if self.changed_at else ""

    def words_for(self, language: str, working_language: str) -> tuple[str, dict[str, str]]:
        """Give the language a reader gets (theirs, else the working language, else any that has words) and its words."""
        found = next((code for code in (language, working_language, *self.words) if code in self.words), working_language)
        return found, self.words.get(found, {"subject": "", "body": ""})
