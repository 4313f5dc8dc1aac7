"""What a person gives by group and answers to the organisers' questions: kept, compared, and where it must, made to wait beside."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from conference.lib.viewer import Actor
from delegates.choices import SEALED_GROUPS, Group, RegistrationState, WeaponDecision
from delegates.models import GivenGroup, PendingChange, Question, QuestionAnswer, Registration
from delegates.models.answers import opened_json, sealed_json
from delegates.rules import GROUPS_BESIDE
from events.actions import record


def column_value(name: str, value):
    """Give what a column of the delegate or the registration holds for a value as answers and waiting changes write it: days in ISO."""
    return (dt.date.fromisoformat(value) if value else None) if name == "birth_date" else value


def differs(registration: Registration, data: dict) -> bool:
    """Say whether `data` gives a group or an answer otherwise than it is kept."""
    groups, answers = _kept(registration)
    return any(groups.get(name, {}) != values for name, values in data.get("groups", {}).items()) or any(
        answers.get(name) != (value or None) for name, value in data.get("questions", {}).items()
    )


def keep_given(locked: Registration, data: dict) -> tuple[list[str], list[str]]:
    """Keep the groups and answers of `data`; name what changed, and what now waits for an officer beside the approved value.

    `data["groups"]` maps groups to their values, `data["questions"]` the public ids of questions to answers; an empty one takes it
    away, an absent one stays.
    """
    groups, answers = _kept(locked)
    changed: list[str] = []
    asked: list[str] = []
    for name, values in data.get("groups", {}).items():
        if locked.state == RegistrationState.APPROVED and name in GROUPS_BESIDE and name in groups:
            (changed if values == groups[name] else asked).extend(_wait_beside(locked, name, values, groups[name]))
        elif groups.get(name, {}) != values:
            keep_group(locked, name, values)
            changed.append(str(name))
    questions = {question.public_id: question for question in Question.objects.filter(event=locked.event_id)}
    for public_id, value in data.get("questions", {}).items():
        if public_id in questions and answers.get(public_id) != (value or None):
            _keep_answer(locked, questions[public_id], value)
            changed.append(str(questions[public_id]))
    return changed, asked


def keep_group(locked: Registration, name: str, values: dict) -> None:
    """Put the values of a group in place, sealed where it is; without values take it away. A weapon declared anew is decided anew."""
    if not values:
        locked.given_groups.filter(group=name).delete()
    else:
        row = locked.given_groups.filter(group=name).first() or GivenGroup(event_id=locked.event_id, registration=locked, group=name)
        row.put(values)
        row.given_at = timezone.now()
        row.save()
    if name == Group.WEAPON:
        locked.weapon_decision = WeaponDecision.PENDING if values.get("weapon") == "yes" else WeaponDecision.NONE
        locked.save(update_fields=["weapon_decision"])


def open_sealed(registration: Registration, *, group: str, by: Actor) -> None:
    """Record that somebody opened a sealed group of a person; the values themselves are recorded nowhere."""
    with transaction.atomic():
        record(by, "registration.open_sealed", registration, event=registration.event, group=group)


def value_of(change: PendingChange):
    """Give what a change asks for, opened if it waits sealed."""
    return opened_json(change.value["sealed"]) if change.field in SEALED_GROUPS else change.value


def _kept(registration: Registration) -> tuple[dict[str, dict], dict[str, object]]:
    groups = {row.group: row.given() for row in registration.given_groups.all()}
    answers = registration.question_answers.values_list("question__public_id", "value")
    return groups, dict(answers)


def _keep_answer(locked: Registration, question: Question, value) -> None:
    if value:
        QuestionAnswer.objects.update_or_create(
            registration=locked, question=question, defaults={"value": value, "event_id": locked.event_id}
        )
    else:
        locked.question_answers.filter(question=question).delete()


def _wait_beside(locked: Registration, name: str, values: dict, approved: dict) -> list[str]:
    """Keep a group's new values as a change that waits, in place of what was asked before; name it if it is newly asked, or taken back."""
    now = timezone.now()
    before = locked.pending_changes.open().filter(field=name).first()
    if before and value_of(before) == values:
        return []
    if before:
        before.accepted, before.decided_at = False, now  # taken back by the person themselves
        before.save(update_fields=["accepted", "decided_at"])
    if values == approved:
        return [name] if before else []
    kept = {"sealed": sealed_json(values)} if name in SEALED_GROUPS else values
    PendingChange.objects.create(event_id=locked.event_id, registration=locked, field=name, value=kept, asked_at=now)
    return [name]
