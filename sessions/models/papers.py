"""Papers: documents attached to a session or to the event, each with its own markings."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from conference.lib import tokens
from conference.lib.fields import PublicIdField, one_of
from conference.lib.words import translated
from events.choices import Aspect, Audience
from sessions.choices import Label
from sessions.rules import may_carry


def paper_path(paper, name: str) -> str:
    """A random name outside the web root; never the sender's name for the file."""
    return f"papers/{tokens.secret()}"


class PaperQuerySet(models.QuerySet):
    """Ways to ask for papers."""

    def visible_to(self, viewer, sessions):
        """Keep the papers a viewer may download (`rules.may_download`); `sessions` are those the viewer sees in full."""
        own = Q(audience__in=viewer.audiences - {Audience.SELECTED, Audience.ORGANISERS})
        if viewer.delegation_ids:
            chosen = Paper.delegations.through.objects.filter(paper=OuterRef("pk"), delegation__in=viewer.delegation_ids)
            own |= Q(audience=Audience.SELECTED) & Q(Exists(chosen))
        place = Q(session__isnull=True) | Q(session__in=sessions.exclude(label=Label.RED))
        barred = [label for label in Label if not may_carry(label, viewer)]
        return self.filter(own, place).exclude(label__in=barred)

    def in_order(self):
        """Order as the editor set them."""
        return self.order_by("position", "public_id")


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

    def audiences(self) -> dict[str, dict]:
        """Who may download it, as `AudienceSpan` keeps it; reads the selected delegations."""
        facts = {
            "audience": self.audience,
            "label": self.label,
            "delegation_ids": sorted(self.delegations.values_list("pk", flat=True)),
            "within": str(self.session) if self.session else "",
        }
        return {Aspect.PAPER: facts}

    @property
    def working_language(self) -> str:
        """The language of the event."""
        return self.event.working_language
