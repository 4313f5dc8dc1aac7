"""How to join a session from a distance."""

import json

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import one_of
from conference.lib.sealing import Sealer
from events.choices import Aspect
from sessions.choices import JoinAudience
from sessions.rules import MOST_MINUTES_BEFORE


class Joining(models.Model):
    """The link and the words with which a session is joined, sealed; and who is shown them, from how long before it starts.

    It stands apart from the session: lists, exports and feeds never read it.
    """

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="+")
    session = models.OneToOneField("agenda.Session", models.CASCADE, related_name="joining")
    sealed = models.TextField(editable=False)
    audience = models.CharField(_("shown to"), max_length=16, choices=JoinAudience.choices, default=JoinAudience.PARTICIPANTS, blank=True)
    minutes_before = models.PositiveSmallIntegerField(_("minutes before the start"), default=15)

    class Meta:
        verbose_name = _("join details")
        verbose_name_plural = _("join details")
        constraints = [
            one_of("audience", JoinAudience, "joining_audience_known"),
            models.CheckConstraint(condition=Q(minutes_before__lte=MOST_MINUTES_BEFORE), name="joining_opens_within_a_day"),
        ]

    def __str__(self) -> str:
        return f"joining {self.session.public_id}"  # as long as the session is there, whatever is set and removed

    def audiences(self) -> dict[str, dict]:
        """Who is shown it, as `AudienceSpan` keeps it; never the link."""
        return {Aspect.JOINING: {"audience": self.audience, "within": str(self.session), "minutes_before": self.minutes_before}}

    @property
    def details(self) -> dict[str, str]:
        """The link and the words, opened; either may be empty."""
        return json.loads(Sealer(settings.DATA_KEYS).open(self.sealed))

    def put(self, *, link: str, words: str) -> None:
        """Set link and words, sealed."""
        self.sealed = Sealer(settings.DATA_KEYS).seal(json.dumps({"link": link, "words": words}))
