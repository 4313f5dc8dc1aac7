"""What an event asks of its people: groups switched on and off, and the organisers' own questions."""

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from delegates.actions.files import remove_file
from delegates.choices import WITH_CHOICES, FileKind
from delegates.models import EventFieldGroup, PersonalFile, Question, QuestionAnswer, QuestionChoice
from delegates.privacy import BY_NAME
from delegates.rules import check_editing
from events.actions import lock_event, record
from events.models import Event
from events.rules import NotAllowed


def set_field_groups(event: Event, settings: Mapping[str, Mapping[str, Any]], *, by: Actor) -> list[str]:
    """Keep how an event asks for groups: name -> is_on, phase, is_required, days and (of documents) with_copy; name those changed.

    Groups that are always asked change their days alone. What people gave already stays until its time is over.
    """
    with transaction.atomic():
        locked = lock_event(event.pk)
        check_editing(locked)
        rows = {row.group: row for row in EventFieldGroup.objects.filter(event=locked)}
        changed = [name for name, wanted in settings.items() if _set_group(locked, rows.get(name), name, dict(wanted))]
        if changed:
            record(by, "form.groups", locked, event=locked, groups=sorted(changed))
    return changed


def _set_group(event: Event, row: EventFieldGroup | None, name: str, wanted: dict[str, Any]) -> bool:
    group = BY_NAME[name]
    standard = {"is_on": group.is_on, "phase": group.phase, "is_required": group.is_required, "days": group.days, "with_copy": False}
    wanted = {"with_copy": False} | wanted
    if group.is_always:
        wanted = standard | {"days": wanted["days"]}
    kept = {key: getattr(row, key) for key in standard} if row else standard
    if kept == wanted:
        return False
    EventFieldGroup.objects.update_or_create(event=event, group=name, defaults=wanted)
    return True


def save_question(event: Event, question: Question, choices: list[QuestionChoice], *, by: Actor) -> Question:
    """Keep a new or changed question with its choices, as a form cleaned them; a new one comes last in its form.

    Once it is answered its kind, its form and the choices somebody made stay; raise `NotAllowed` otherwise. Choices left out go.
    A question with choices has one at least.
    """
    with transaction.atomic():
        locked = lock_event(event.pk)
        check_editing(locked)
        verb = "question.edit" if question.pk else "question.create"
        if question.pk:
            _check_change(question, choices)
        else:
            question.event = locked
            question.position = (locked.questions.aggregate(last=models.Max("position"))["last"] or 0) + 1
        if question.kind in WITH_CHOICES and not choices:
            raise NotAllowed(_("Write at least one choice; without any, nobody could answer."))
        _check_follows(question, locked.questions.exclude(pk=question.pk))
        question.save()
        _save_choices(question, choices if question.kind in WITH_CHOICES else [])
        record(by, verb, question, event=locked)
    return question


def was_answered(question: Question) -> bool:
    """Say whether anybody answered a question, with words or with a file."""
    return answers_to(question) > 0


def answers_to(question: Question) -> int:
    """Count the answers to a question, words and files."""
    files = PersonalFile.objects.filter(event=question.event_id, kind=FileKind.ANSWER, key=question.public_id)
    return question.answers.count() + files.count()


def _check_change(question: Question, choices: list[QuestionChoice]) -> None:
    before = Question.objects.get(pk=question.pk)
    is_answered = was_answered(before)
    if is_answered and question.kind != before.kind:
        raise NotAllowed(_("People have answered this question; its kind of answer can no longer change."))
    if (is_answered or before.followers.exists()) and question.phase != before.phase:
        raise NotAllowed(_("This question stays in its form: people have answered it, or another question follows it."))
    gone = before.choices.exclude(pk__in=[choice.pk for choice in choices if choice.pk])
    used = {choice.public_id for choice in gone}
    chosen = {one for value in before.answers.values_list("value", flat=True) for one in (value if isinstance(value, list) else [value])}
    followed = set(before.followers.values_list("shown_if_answer", flat=True))
    if used & (chosen | followed):
        raise NotAllowed(_("A choice that somebody made, or that another question follows, cannot be taken away."))
    if question.kind != before.kind and followed:
        raise NotAllowed(_("Another question follows this one; its kind of answer cannot change."))


def _check_follows(question: Question, others) -> None:
    parent = others.filter(pk=question.shown_if_id).first() if question.shown_if_id else None
    if question.shown_if_id and (parent is None or parent.phase != question.phase or parent.position >= question.position):
        raise NotAllowed(_("A question can only follow one that comes before it in the same form."))


def _save_choices(question: Question, choices: list[QuestionChoice]) -> None:
    question.choices.exclude(pk__in=[choice.pk for choice in choices if choice.pk]).delete()
    for position, choice in enumerate(choices, start=1):
        choice.question, choice.position = question, position
        choice.save()


def move_question(question: Question, *, up: bool, by: Actor) -> None:
    """Swap a question with the one before (`up`) or after it in its form; one that follows another's answer stays behind that one."""
    with transaction.atomic():
        event = lock_event(question.event_id)
        check_editing(event)
        rows = list(event.questions.asked_in(question.phase).order_by("position", "pk"))
        here = next(n for n, row in enumerate(rows) if row.pk == question.pk)
        there = here + (-1 if up else 1)
        if not 0 <= there < len(rows):
            return
        first, second = rows[min(here, there)], rows[max(here, there)]
        if second.shown_if_id == first.pk:
            raise NotAllowed(_("A question stays behind the one whose answer it follows."))
        rows[here], rows[there] = rows[there], rows[here]
        places = sorted(row.position for row in rows)
        for row, place in zip(rows, places, strict=True):
            if row.position != place:
                row.position = place
                row.save(update_fields=["position"])
        record(by, "question.move", question, event=event, up=up)


def remove_question(question: Question, *, by: Actor) -> int:
    """Take a question away with every answer to it; say how many. Raise `NotAllowed` while another question follows it."""
    with transaction.atomic():
        event = lock_event(question.event_id)
        check_editing(event)
        if question.followers.exists():
            raise NotAllowed(_("Another question follows the answer to this one. Change or remove that one first."))
        files = PersonalFile.objects.filter(event=event, kind=FileKind.ANSWER, key=question.public_id).select_related("registration")
        answers = QuestionAnswer.objects.filter(question=question).count() + len(files)
        for file in files:
            remove_file(file, by=by)
        record(by, "question.remove", question, event=event, answers=answers)
        question.delete()
    return answers
