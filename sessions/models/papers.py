"""Papers: documents attached to a session or to the event, each with its own markings."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.lib import tokens
from conference.lib.fields import PublicIdField, one_of
from conference.lib.words import translated
from events.choices import Audience
from sessions.choices import Label


def paper_path(paper, name: str) -> str:
    """A random name outside the web root; never the sender's name for the file."""
    return f"papers/{tokens.secret()}"


class PaperQuerySet(models.QuerySet):
    """Ways to ask for papers."""

    def visible_to(self, viewer, sessions):
        """Keep the papers the viewer may download: its own audience admits, and its session (of `sessions`, already scoped) is seen and not RED."""
        own = Q(audience__in=viewer.audiences - {Audience.ORGANISERS}) | Q(
            audience=Audience.SELECTED, delegations__in=viewer.delegation_ids
        )
        place = Q(session__isnull=True) | Q(session__in=sessions.exclude(label=Label.RED))
        return self.filter(own, place).exclude(label=Label.RED).distinct()


class Paper(models.Model):
    """A document. A RED one, or one of a RED session, is never downloaded outside the organisers' site."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="papers")
    session = models.ForeignKey("agenda.Session", models.CASCADE, null=True, blank=True, related_name="papers", verbose_name=_("session"))
    public_id = PublicIdField()
    title = translated(models.CharField(_("title"), max_length=200, blank=True))
    file = models.FileField(_("file"), upload_to=paper_path, max_length=200)
    file_name = models.CharField(_("name of the file"), max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    audience = models.CharField(_("audience"), max_length=16, choices=Audience.choices, default=Audience.ORGANISERS)
    delegations = models.ManyToManyField("delegates.Delegation", blank=True, related_name="+", verbose_name=_("selected delegations"))
    label = models.CharField(_("TLP label"), max_length=16, choices=Label.choices, default=Label.RED)
    chatham_house = models.BooleanField(_("Chatham House Rule"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        constraints = [
            one_of("audience", Audience, "paper_audience_known"),
            one_of("label", Label, "paper_label_known"),
            models.CheckConstraint(condition=~Q(audience=Audience.PUBLIC) | Q(label=Label.CLEAR), name="paper_public_is_clear"),
        ]

    def __str__(self) -> str:
        return f"paper {self.public_id}"

    @property
    def working_language(self) -> str:
        """The language of the event."""
        return self.event.working_language
