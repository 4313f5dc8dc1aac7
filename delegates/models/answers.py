"""What a person gives for one event by group, their answers to questions, and what they have not sent yet."""

import json

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import one_of
from conference.lib.sealing import Sealer
from delegates.choices import SEALED_GROUPS, FormPhase, Group


def sealed_json(value) -> str:
    """Encrypt what can be written as JSON."""
    return Sealer(settings.DATA_KEYS).seal(json.dumps(value))


def opened_json(sealed: str):
    """Decrypt what `sealed_json` made."""
    return json.loads(Sealer(settings.DATA_KEYS).open(sealed))


class GivenGroup(models.Model):
    """What a person gave of one group. Identity documents and weapons stand in `sealed` alone, all others in `values` alone."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="+")
    registration = models.ForeignKey("delegates.Registration", models.CASCADE, related_name="given_groups")
    group = models.CharField(_("group"), max_length=20, choices=Group.choices)
    values = models.JSONField(null=True)
    sealed = models.TextField(blank=True)
    given_at = models.DateTimeField(_("given"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "group"], name="given_group_once"),
            one_of("group", Group, "given_group_known"),
            models.CheckConstraint(
                condition=(Q(group__in=SEALED_GROUPS, values__isnull=True) & ~Q(sealed=""))
                | (~Q(group__in=SEALED_GROUPS) & Q(values__isnull=False, sealed="")),
                name="given_group_is_sealed_where_it_must",
            ),
        ]

    def __str__(self) -> str:
        return f"group {self.group} of registration {self.registration_id}"

    def given(self) -> dict:
        """Give the values, opened if they are sealed."""
        return opened_json(self.sealed) if self.sealed else self.values

    def put(self, values: dict) -> None:
        """Set the values, sealed where the group is."""
        if self.group in SEALED_GROUPS:
            self.values, self.sealed = None, sealed_json(values)
        else:
            self.values, self.sealed = values, ""


class QuestionAnswer(models.Model):
    """A person's answer: a text (also a date or a number, as written in ISO), `yes` or `no`, or the public ids of choices as a list."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="+")
    registration = models.ForeignKey("delegates.Registration", models.CASCADE, related_name="question_answers")
    question = models.ForeignKey("delegates.Question", models.CASCADE, related_name="answers")
    value = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["registration", "question"], name="question_answer_once")]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class RegistrationDraft(models.Model):
    """One form of a person as far as it is typed, sealed; on the server, so that it can be taken up on another device.

    `sealed` holds `typed` (step -> field -> the list of values posted) and, once it was sent after the deadline (`late_at`),
    `answers` as the actions take them: an organiser may still accept it.
    """

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="+")
    registration = models.ForeignKey("delegates.Registration", models.CASCADE, related_name="drafts")
    phase = models.CharField(max_length=8, choices=FormPhase.choices)
    sealed = models.TextField()
    saved_at = models.DateTimeField(_("saved"))
    late_at = models.DateTimeField(_("sent late"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "phase"], name="draft_once_per_form"),
            one_of("phase", FormPhase, "draft_phase_known"),
        ]

    def __str__(self) -> str:
        return f"draft {self.phase} of registration {self.registration_id}"

    @property
    def typed(self) -> dict:
        """What was typed, by step."""
        return opened_json(self.sealed)["typed"]

    @property
    def answers(self) -> dict | None:
        """What was sent late, as the actions take it."""
        return opened_json(self.sealed).get("answers")
