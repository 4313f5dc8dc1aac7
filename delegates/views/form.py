"""A person's two forms, step by step: each step keeps what is typed on the server; the last screen shows everything and sends it."""

import copy
import dataclasses

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conference.lib import clock, drafts
from delegates import actions, rules
from delegates.actions.given import column_value, value_of
from delegates.choices import FileKind, FormPhase
from delegates.forms import LAST, HatForm, Kept, PersonForm, countries_to_choose, in_words, kept_of, typed_values
from delegates.models import PendingChange
from delegates.viewers import actor_for
from delegates.views.pages import METHODS, attempt, own_page
from events.rules import NotAllowed

FIRST, SECOND = FormPhase.FIRST, FormPhase.SECOND
ADDRESSES = {FIRST: "register", SECOND: "details"}


def person_forms(request: HttpRequest, registration) -> dict[str, PersonForm]:
    """Load both of a person's forms, with what is typed of them."""
    kept = kept_of(registration, request.event.day_of(timezone.now()))
    given_last = _given_last(kept) if registration.state in rules.CORRECTED else kept
    found = {phase: PersonForm(kept, phase=phase, viewer=request.viewer, given_last=given_last) for phase in FormPhase}
    for draft in registration.drafts.all():
        found[FormPhase(draft.phase)].take_up(draft)
    return found


def _given_last(kept: Kept) -> Kept:
    """Put what waits for an officer over what is kept: a form sent again to correct something else takes none of it back."""
    registration = copy.copy(kept.registration)
    registration.delegate, given = copy.copy(registration.delegate), dict(kept.given)
    for change in PendingChange.objects.open().of_person(kept.registration).order_by("pk"):
        if change.field in rules.WAITS_BESIDE:
            setattr(registration.delegate, change.field, column_value(change.field, change.value))
        elif change.field in rules.GROUPS_BESIDE:
            given[change.field] = value_of(change)
    return dataclasses.replace(kept, registration=registration, given=given)


def person_form(request: HttpRequest, registration, phase: str) -> PersonForm:
    """Load one of a person's forms, with what is typed of it."""
    return person_forms(request, registration)[FormPhase(phase)]


def is_open(registration, phase: str) -> bool:
    """Say whether a form is the person's to fill in as the registration stands."""
    return rules.fills_in_form(registration) if phase == FIRST else rules.gives_details(registration)


def is_owed(registration, phase: str) -> bool:
    """Say whether a form is awaited, not only corrected."""
    return rules.owes_form(registration) if phase == FIRST else registration.details_at is None


def why_late(event, registration, phase: str) -> str:
    """Why a form can no longer be sent as it should, in the words of the rule; an empty text when it can."""
    if closed := rules.why_not(rules.check_editing, event):
        return closed
    if not is_owed(registration, phase):
        return ""
    check = rules.check_confirming if phase == FIRST else rules.check_details
    return rules.why_not(check, registration, event, timezone.now(), made_by=rules.PERSON)


def _to_page(registration) -> HttpResponse:
    return redirect("delegates:registration", registration.event.slug, registration.public_id)


def _address(registration, phase: str, step=None) -> str:
    args = [registration.event.slug, registration.public_id]
    if step is None:
        return reverse(f"delegates:{ADDRESSES[phase]}_review", args=args)
    return reverse(f"delegates:{ADDRESSES[phase]}_step", args=[*args, step.name])


def _page(request: HttpRequest, template: str, registration, person: PersonForm, **context) -> HttpResponse:
    """Show a screen of a form: where one is among the steps, until when, and what belongs to every screen."""
    phase, event = person.phase, request.event
    deadline = rules.confirm_limit(registration, event) if phase == FIRST else event.travel_by_at
    always = {
        "event": event,
        "registration": registration,
        "organisation": registration.delegation.organisation,
        "is_first": phase == FIRST,
        "is_owed": is_owed(registration, phase),
        "late": why_late(event, registration, phase),
        "deadline": deadline,
        "days_left": clock.days_until(deadline, event.zone, timezone.now()) if deadline else None,
        "steps": [_step_in_line(registration, person, step) for step in person.steps],
        "review_url": _address(registration, phase),
        "number_of_steps": len(person.steps) + 1,
        "countries": countries_to_choose(get_language()),
    }
    return render(request, f"delegates/{template}.html", always | context)


def _step_in_line(registration, person: PersonForm, step) -> dict:
    is_kept, is_wrong = person.is_kept(step), person.is_wrong(step)
    return {"step": step, "url": _address(registration, person.phase, step), "is_kept": is_kept, "is_wrong": is_wrong}


def missing_by_step(registration, person: PersonForm) -> list[dict]:
    """What must still be given, by step, with the step's address."""
    found = []
    for step, labels in person.missing():
        url = _address(registration, person.phase, None if step is LAST else step)
        found.append({"title": step.title, "labels": labels, "url": url})
    return found


@own_page
@require_safe
def register(request, registration, phase=FIRST):
    """Go on where one left off: at the first step not kept yet, or at the screen that shows everything."""
    if not is_open(registration, phase):
        return _to_page(registration)
    person = person_form(request, registration, phase)
    if not person.steps:
        return redirect(_address(registration, phase)) if phase == FIRST else _to_page(registration)
    return redirect(_address(registration, phase, person.where_left_off() if is_owed(registration, phase) else None))


@own_page
@require_http_methods(METHODS)
def form_step(request, registration, step, phase=FIRST):
    """One step: what is typed is kept, right or wrong; when right, one goes on."""
    if request.method != "POST" and not is_open(registration, phase):
        return _to_page(registration)
    person = person_form(request, registration, phase)
    here = person.step(step)
    if here is None:
        raise Http404
    if request.method == "POST":
        form = person.posted(here, request.POST, request.FILES)
        if _kept(request, registration, person, here, form):
            return redirect(_after(request, registration, person, here))
    else:
        form = person.fresh(here, draft=drafts.kept(request))
    place = person.steps.index(here)
    before = person.steps[place - 1] if place else None
    context = {
        "form": form,
        "step": here,
        "asked": person.kept.asked[here.form.GROUP],
        "number": place + 1,
        "before_url": _address(registration, phase, before) if before else "",
    }
    return _page(request, "form_step", registration, person, **context)


def _kept(request, registration, person: PersonForm, step, form) -> bool:
    """Keep what was posted to a step; say whether it was right."""
    is_right = form.is_valid()
    if request.POST.get("hat") == request.viewer.hat:
        try:
            actions.save_step(registration, phase=person.phase, step=step.name, typed=typed_values(form))
            _keep_files(request, registration, form.uploads() if is_right else {})
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
            return False
        drafts.drop(request)
    if is_right:
        for _field, words in form.warnings():
            messages.warning(request, words)
    return is_right


def _keep_files(request, registration, uploads: dict) -> None:
    by = actor_for(request, request.viewer)
    for (kind, key), upload in uploads.items():
        if kind == FileKind.IDENTITY_DOCUMENT:
            actions.keep_copy(registration, upload, by=by)
        else:
            actions.keep_file(upload, event=request.event, kind=kind, key=key, registration=registration, by=by)


def _after(request, registration, person: PersonForm, step) -> str:
    """The screen after a step: the next one, or the last where everything stands."""
    goes_on = is_owed(registration, person.phase) and request.POST.get("then") != "review"
    place = person.steps.index(step) + 1
    following = person.steps[place] if goes_on and place < len(person.steps) else None
    return _address(registration, person.phase, following)


@own_page
@require_http_methods(METHODS)
def form_review(request, registration, phase=FIRST):
    """Everything that is typed or stored, with what needs another look; then the consent and the button that sends it."""
    if request.method != "POST" and not is_open(registration, phase):
        return _to_page(registration)
    person = person_form(request, registration, phase)
    if phase == SECOND and not person.steps:
        return _to_page(registration)
    stand = [(step, person.as_it_stands(step)) for step in person.steps]
    last = _last_form(request, person)
    sent = [form for step, form in stand if is_owed(registration, phase) or person.is_kept(step)]  # a correction sends what it touches
    if request.method == "POST" and _sends(request, registration, person, sent, last):
        return _to_page(registration)
    rows = [_reviewed(registration, phase, step, form, is_sent=form in sent) for step, form in stand]
    context = {
        "form": last,
        "asked": person.kept.asked[LAST.form.GROUP],
        "rows": rows,
        "wrong": [row for row in rows if row["errors"]] if request.method == "POST" or person.typed else [],
        "photo": person.kept.photo,
        "withheld": person.withheld(),
        "late_at": person.late_at,
        "is_typed": bool(person.typed),
        "notice_version": rules.NOTICE_VERSION,
    }
    return _page(request, "form_review", registration, person, **context)


def _last_form(request, person: PersonForm) -> HatForm:
    if person.phase == SECOND:
        return HatForm(request.POST or None, viewer=request.viewer)
    return person.posted(LAST, request.POST) if request.method == "POST" else person.fresh(LAST, draft=drafts.kept(request))


def _reviewed(registration, phase: str, step, form, *, is_sent: bool) -> dict:
    return {
        "step": step,
        "url": _address(registration, phase, step),
        "rows": in_words(form),
        "errors": [{"label": form[name].label, "words": words} for name, words in form.errors.items() if name in form.fields and is_sent],
        "warnings": [words for _field, words in form.warnings()] if form.is_valid() else [],
    }


def _sends(request, registration, person: PersonForm, sent, last) -> bool:
    """Send what stands; after the deadline keep it for the organisers. Say whether anything was sent."""
    phase, by = person.phase, actor_for(request, request.viewer)
    is_right, are_right = last.is_valid(), all(form.is_valid() for form in sent)
    if phase == FIRST and request.POST.get("hat") == request.viewer.hat:
        attempt(request, last, lambda: actions.save_step(registration, phase=phase, step=LAST.name, typed=typed_values(last)) or True)
    if not (is_right and last.is_valid() and are_right):
        if is_right and not are_right:
            last.add_error(None, _("Some answers need another look before this can be sent. They are marked below."))
        return False
    answers = person.answers([*sent, last] if phase == FIRST else sent)
    give = actions.give_data if phase == FIRST else actions.give_details
    try:
        done = attempt(request, last, lambda: give(registration, data=answers, by=by))
    except rules.FormTooLate:
        done = attempt(request, last, lambda: actions.send_late(registration, phase=phase, answers=answers, by=by) or "late")
    if done:
        messages.success(request, WORDS[done]())
    return bool(done)


WORDS = {
    "submitted": lambda: _("Your registration has arrived. The organisers look at it and write to you."),
    "details": lambda: _("Thank you. The organisers have your details."),
    "changed": lambda: _("Your changes are saved."),
    "waits": lambda: _("Your changes are saved; those of what was approved wait until an officer has looked at them."),
    "same": lambda: _("Your registration is with the organisers as you wrote it."),
    "late": lambda: _("The deadline had passed, but nothing is lost: the organisers see your form and can still accept it."),
}
