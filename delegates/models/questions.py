"""What an event asks of its people: groups of fields switched on or off, and questions of the organisers' own."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import PublicIdField, one_of
from conference.lib.words import translated
from delegates.choices import FormPhase, Group, QuestionKind

MAX_DAYS = 3650


class EventFieldGroup(models.Model):
    """How an event asks for one group; without a row `privacy.FIELD_GROUPS` says it."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="field_groups")
    group = models.CharField(_("group"), max_length=20, choices=Group.choices)
    is_on = models.BooleanField(_("asked for"), default=True)
    phase = models.CharField(_("form"), max_length=8, choices=FormPhase.choices, default=FormPhase.FIRST)
    is_required = models.BooleanField(_("required"), default=False)
    with_copy = models.BooleanField(_("a copy of the document too"), default=False)
    days = models.PositiveIntegerField(_("days kept after the event"))

    class Meta:
        verbose_name = _("group of fields")
        verbose_name_plural = _("groups of fields")
        constraints = [
            models.UniqueConstraint(fields=["event", "group"], name="field_group_once_per_event"),
            one_of("group", Group, "field_group_known"),
            one_of("phase", FormPhase, "field_group_phase_known"),
            models.CheckConstraint(condition=Q(days__lte=MAX_DAYS), name="field_group_is_not_kept_for_ever"),
            models.CheckConstraint(
                condition=Q(with_copy=False) | Q(group=Group.IDENTITY_DOCUMENT), name="field_group_copies_documents_alone"
            ),
        ]

    def __str__(self) -> str:
        return f"group {self.group} of event {self.event_id}"


class QuestionQuerySet(models.QuerySet):
    """Ways to ask for questions."""

    def in_order(self):
        """Put them as the form asks them, the first form before the second, with their choices."""
        return self.order_by("phase", "position", "pk").prefetch_related(
            models.Prefetch("choices", QuestionChoice.objects.order_by("position", "pk"))
        )

    def asked_in(self, phase: str):
        """Keep those of one form."""
        return self.filter(phase=phase)


class Question(models.Model):
    """A question of the organisers' own. With `shown_if` it is asked only after a given answer: a choice's public id, `yes` or `no`."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="questions")
    public_id = PublicIdField()
    kind = models.CharField(_("kind of answer"), max_length=8, choices=QuestionKind.choices, default=QuestionKind.TEXT)
    text = translated(models.CharField(_("question"), max_length=300, blank=True))
    help = translated(models.CharField(_("help"), max_length=500, blank=True))
    phase = models.CharField(_("form"), max_length=8, choices=FormPhase.choices, default=FormPhase.FIRST)
    is_required = models.BooleanField(_("an answer is required"), default=False)
    categories = models.JSONField(_("only for these categories"), default=list, blank=True)  # none is everyone
    shown_if = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followers")
    shown_if_answer = models.CharField(max_length=10, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            one_of("kind", QuestionKind, "question_kind_known"),
            one_of("phase", FormPhase, "question_phase_known"),
            models.CheckConstraint(
                condition=Q(shown_if__isnull=True, shown_if_answer="") | (Q(shown_if__isnull=False) & ~Q(shown_if_answer="")),
                name="question_follows_an_answer",
            ),
            models.CheckConstraint(condition=Q(shown_if__isnull=True) | ~Q(shown_if=F("id")), name="question_does_not_follow_itself"),
        ]

    def __str__(self) -> str:
        return f"question {self.public_id}"

    @property
    def working_language(self) -> str:
        """The language its text falls back to."""
        return self.event.working_language


class QuestionChoice(models.Model):
    """One of the answers a question offers."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="choices")
    public_id = PublicIdField()
    label = translated(models.CharField(_("choice"), max_length=200, blank=True))
    position = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"choice {self.public_id}"

    @property
    def working_language(self) -> str:
        """The language its label falls back to."""
        return self.question.working_language
