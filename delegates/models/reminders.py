"""Reminders: the plan of an event, and what was sent to whom for which deadline."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import one_of
from delegates.choices import ReminderKind

DEADLINES = {
    ReminderKind.ANSWER: "answer_by_at",
    ReminderKind.LIST: "nominate_by_at",
    ReminderKind.CONFIRM: "confirm_by_at",
    ReminderKind.TRAVEL: "travel_by_at",
}
USUAL_DAYS, USUAL_MOST = [14, 7, 2], 3


class ReminderPlan(models.Model):
    """When an event reminds those who have not acted before one deadline, and how often at most. Without a row nobody is reminded."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="reminder_plans")
    kind = models.CharField(_("about"), max_length=16, choices=ReminderKind.choices)
    is_on = models.BooleanField(_("reminders are sent"), default=False)
    days = models.JSONField(_("days before the deadline"), default=list)
    most = models.PositiveSmallIntegerField(_("at most"), default=USUAL_MOST)

    class Meta:
        verbose_name = _("plan of reminders")
        verbose_name_plural = _("plans of reminders")
        constraints = [
            one_of("kind", ReminderKind, "reminder_plan_kind_known"),
            models.UniqueConstraint(fields=["event", "kind"], name="reminder_plan_once"),
            models.CheckConstraint(condition=Q(most__gte=1, most__lte=10), name="reminder_plan_most_is_few"),
        ]

    def __str__(self) -> str:
        return f"plan {self.pk}"

    @property
    def deadline(self) -> dt.datetime | None:
        """The deadline the plan counts back from; reads the event."""
        return getattr(self.event, DEADLINES[ReminderKind(self.kind)])

    def step_at(self, at: dt.datetime) -> tuple[int, dt.datetime] | None:
        """Give the latest step that has come, in days, and since when; None before the first and from the deadline on."""
        if self.deadline is None or at >= self.deadline:
            return None
        come = [days for days in self.days if self.deadline - dt.timedelta(days=days) <= at]
        return (min(come), self.deadline - dt.timedelta(days=min(come))) if come else None

    def next_at(self, at: dt.datetime) -> dt.datetime | None:
        """Give the moment of the next step to come."""
        if self.deadline is None:
            return None
        return min((when for days in self.days if (when := self.deadline - dt.timedelta(days=days)) > at), default=None)


class Reminder(models.Model):
    """One reminder sent to one person for one deadline: the number of it, and the step of the plan (none when sent by hand)."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=16, choices=ReminderKind.choices)
    about = models.CharField(max_length=80)  # a reference: "registration abc…", "focal point abc…"
    deadline_at = models.DateTimeField()
    number = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            one_of("kind", ReminderKind, "reminder_kind_known"),
            models.UniqueConstraint(fields=["kind", "about", "deadline_at", "number"], name="reminder_number_once"),
            models.UniqueConstraint(fields=["kind", "about", "deadline_at", "step"], name="reminder_step_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="reminder_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"reminder {self.pk}"
