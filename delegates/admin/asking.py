"""The organisers' pages of what an event asks of its people: groups, questions, and a preview of both forms."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.lib.viewer import Viewer
from delegates import actions
from delegates.choices import Category, FormPhase
from delegates.forms import LAST, STEPS, PersonForm, countries_to_choose, kept_of
from delegates.forms.asking import GroupForm, QuestionForm, choice_forms
from delegates.forms.questions import answer_label
from delegates.models import Delegate, Delegation, Question, Registration
from delegates.privacy import asked_groups
from events.admin.pages import organisers_page, render_page
from events.models import Organisation
from events.rules import NotAllowed

SECTION = "asking"
METHODS = ["GET", "HEAD", "POST"]


def _questions(event) -> list[Question]:
    questions = list(event.questions.in_order())
    by_id = {question.pk: question for question in questions}
    for question in questions:
        question.event = event
        question.shown_if = by_id.get(question.shown_if_id)
        for choice in question.choices.all():
            choice.question = question
    return questions


@organisers_page("people", write_act="event")
@require_http_methods(METHODS)
def asking(request: HttpRequest) -> HttpResponse:
    """Switch the groups on and off, with their terms, and list the questions."""
    posted = request.POST if request.method == "POST" else None
    has_step = {step.form.GROUP for step in (*STEPS, LAST)}
    rows = [GroupForm(posted, asked=asked) for name, asked in asked_groups(request.event).items() if name in has_step]
    can_edit, refusal = "event" in request.acts, ""
    for field in [] if can_edit else [field for form in rows for field in form.fields.values()]:
        field.disabled = True
    if posted is not None and all([form.is_valid() for form in rows]):  # noqa: C419 -- every form says what is wrong with it
        try:
            actions.set_field_groups(request.event, {form.asked.group.name: form.cleaned_data for form in rows}, by=request.actor)
        except NotAllowed as error:
            refusal = str(error)
        else:
            messages.success(request, _("Kept. Forms not sent yet ask accordingly from now on."))
            return redirect("organise:asking", request.event.slug)
    context = {
        "rows": rows,
        "wrong": [(form, error) for form in rows for errors in form.errors.values() for error in errors] if posted else [],
        "refusal": refusal,
        "parts": _listed(_questions(request.event)),
        "can_edit": can_edit,
    }
    return render_page(request, "admin/delegates/asking.html", context, section=SECTION)


def _listed(questions: list[Question]) -> list[dict]:
    """The questions of each form as the page lists them."""
    parts = []
    for phase in FormPhase:
        asked = [question for question in questions if question.phase == phase]
        rows = [
            {
                "question": question,
                "follows": answer_label(question.shown_if, question.shown_if_answer) if question.shown_if else "",
                "categories": [Category(name).label for name in question.categories],
                "choices": [choice.label for choice in question.choices.all()],
            }
            for question in asked
        ]
        parts.append({"phase": phase, "rows": rows})
    return parts


@organisers_page("event")
@require_http_methods(METHODS)
def question_add(request: HttpRequest) -> HttpResponse:
    """Write a new question."""
    return _question_page(request, Question(event=request.event), _questions(request.event))


@organisers_page("event")
@require_http_methods(METHODS)
def question(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a question."""
    questions = _questions(request.event)
    one = next((row for row in questions if row.public_id == public_id), None) or get_object_or_404(Question.objects.none())
    place = questions.index(one)
    return _question_page(request, one, [row for row in questions[:place] if row.phase == one.phase])


def _question_page(request, question: Question, earlier: list[Question]) -> HttpResponse:
    posted, event = request.POST if request.method == "POST" else None, request.event
    is_answered = bool(question.pk) and actions.answers_to(question) > 0
    form = QuestionForm(posted, instance=question, event=event, earlier=earlier, is_answered=is_answered)
    choices = choice_forms(posted, question, event)
    if posted is not None and all([form.is_valid(), *(one.is_valid() for one in choices)]):
        try:
            kept = [one.instance for one in choices if not one.is_empty]
            actions.save_question(event, form.instance, kept, by=request.actor)
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The question is kept."))
            if "more" in request.POST:
                return redirect("organise:question", event.slug, form.instance.public_id)
            return redirect("organise:asking", event.slug)
    context = {"form": form, "choices": choices, "question": question, "is_answered": is_answered}
    return render_page(request, "admin/delegates/question.html", context, section=SECTION)


@organisers_page("event")
@require_POST
def question_move(request: HttpRequest, public_id: str) -> HttpResponse:
    """Move a question one place up or down in its form."""
    one = get_object_or_404(request.event.questions, public_id=public_id)
    try:
        actions.move_question(one, up="up" in request.POST, by=request.actor)
    except NotAllowed as error:
        messages.error(request, str(error))
    return redirect("organise:asking", request.event.slug)


@organisers_page("event")
@require_http_methods(METHODS)
def question_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say how many people answered; then take the question away with their answers."""
    one = get_object_or_404(request.event.questions, public_id=public_id)
    one.event = request.event
    refusal = ""
    if request.method == "POST":
        try:
            gone = actions.remove_question(one, by=request.actor)
        except NotAllowed as error:
            refusal = str(error)
        else:
            words = ngettext("The question is removed, with %(count)d answer.", "The question is removed, with %(count)d answers.", gone)
            messages.success(request, words % {"count": gone})
            return redirect("organise:asking", request.event.slug)
    context = {"question": one, "answers": actions.answers_to(one), "refusal": refusal}
    return render_page(request, "admin/delegates/question_remove.html", context, section=SECTION)


@organisers_page("people")
@require_safe
def asking_preview(request: HttpRequest) -> HttpResponse:
    """Show both forms as a person of a category would find them; nothing can be sent from here."""
    category = request.GET.get("category", "")
    category = category if category in Category.values else Category.DELEGATE.value
    delegation = Delegation(event=request.event, organisation=Organisation())
    nobody = Registration(event=request.event, delegation=delegation, delegate=Delegate(), category=category)
    kept = kept_of(nobody, request.event.day_of(timezone.now()))
    phases = []
    for phase in FormPhase:
        person = PersonForm(kept, phase=phase, viewer=Viewer())
        steps = [*person.steps, LAST] if phase == FormPhase.FIRST else person.steps
        shown = [{"step": step, "form": person.fresh(step), "asked": kept.asked[step.form.GROUP]} for step in steps]
        phases.append({"phase": phase, "steps": shown})
    context = {
        "phases": phases,
        "category": category,
        "categories": Category.choices,
        "countries": countries_to_choose(request.user.language),
    }
    return render_page(request, "admin/delegates/asking_preview.html", context, section=SECTION)
