"""The focal point's pages: the delegation, its answer, and the list of the people who come."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from conference.lib import clock
from delegates import actions, rules
from delegates.choices import Category, RegistrationState
from delegates.forms import AnswerForm, HatForm, KeepSeatForm, NameSeatForm, NominateForm
from delegates.viewers import actor_for
from delegates.views.pages import METHODS, attempt, attempt_once, focal_page, form_for

ORDER = {category.value: number for number, category in enumerate(Category)}


def _page(request: HttpRequest, name: str, delegation, **context) -> HttpResponse:
    at = timezone.now()
    deadline = request.event.nominate_by_at
    always = {
        "event": request.event,
        "delegation": delegation,
        "organisation": delegation.organisation,
        "nominating_refused": _nominating_refused(request.event),
        "reader_zone": request.user.time_zone if request.user.time_zone != request.event.zone else "",
        "nominate_days_left": clock.days_until(deadline, request.event.zone, at) if deadline else None,
    }
    return render(request, f"delegates/{name}.html", always | context)


def _nominating_refused(event) -> str:
    return rules.why_not(rules.check_nominating, event, timezone.now(), made_by=rules.FOCAL)


def _back(delegation) -> HttpResponse:
    return redirect("delegates:delegation", delegation.event.slug, delegation.public_id)


def _person(delegation, registration_id: str):
    registration = get_object_or_404(delegation.registrations.for_list(), public_id=registration_id)
    registration.delegation, registration.event = delegation, delegation.event
    return registration


def _row(registration) -> dict:
    """What the list shows of a person: themselves, the one next act, and whether they can be withdrawn."""
    return {
        "person": registration,
        "act": rules.focal_act(registration),
        "can_withdraw": rules.may_move(registration, RegistrationState.WITHDRAWN, made_by=rules.FOCAL),
    }


def _rows(people, states) -> list[dict]:
    return [_row(person) for person in people if person.state in states]


@focal_page
@require_safe
def delegation(request, delegation):
    """The delegation: seats, answer, deadline, and everyone with their state, what is missing, and the next act."""
    people = list(delegation.registrations.for_list().order_by("queued_at", "pk"))
    waiting = (RegistrationState.WAITLISTED,)
    return _page(
        request,
        "delegation",
        delegation,
        people=_rows(sorted(people, key=lambda person: ORDER[person.category]), set(rules.ACTIVE) - set(waiting)),
        waiting=_rows(people, waiting),
        ended=_rows(people, rules.ENDED),
        has_head=any(person.category == Category.HEAD and person.state in rules.ACTIVE for person in people),
        to_invite=sum(rules.waits_for_list(person) for person in people),
        quotas=list(delegation.quotas.order_by("category", "mode")),
        answer_form=AnswerForm(viewer=request.viewer, initial={"answer": delegation.answer}),
    )


@focal_page
@require_http_methods(METHODS)
def answer(request, delegation):
    """Say whether the delegation comes."""
    form = form_for(request, AnswerForm, viewer=request.viewer, initial={"answer": delegation.answer})
    if request.method == "POST" and form.is_valid():
        by, said = actor_for(request, request.viewer), form.cleaned_data["answer"]
        if attempt(request, form, lambda: actions.answer_invitation(delegation, answer=said, by=by)):
            messages.success(request, _("Your answer is with the organisers. You can change it on this page."))
            return _back(delegation)
    return _page(request, "answer", delegation, form=form)


@focal_page
@require_http_methods(METHODS)
def nominate(request, delegation):
    """Name a person."""
    form = form_for(request, NominateForm, viewer=request.viewer)
    if request.method == "POST" and form.is_valid():
        by, person = actor_for(request, request.viewer), form.person() | {"category": form.cleaned_data["category"]}
        made = attempt_once(request, form, lambda: actions.nominate(delegation, **person, by=by, made_by=rules.FOCAL), by=by)
        if made:
            _say_nominated(request, _person(delegation, made))
            return _back(delegation)
    return _page(request, "nominate", delegation, form=form)


def _say_nominated(request, registration) -> None:
    if registration.state == RegistrationState.WAITLISTED:
        messages.warning(request, _("No seat is free: the person is on the waiting list. The first on it is offered the next free seat."))
    else:
        messages.success(request, _("The person is on your list. Nobody is written to until you send the list."))


@focal_page
@require_http_methods(METHODS)
def keep_seat(request, delegation):
    """Keep a seat for somebody who will be named later."""
    form = form_for(request, KeepSeatForm, viewer=request.viewer)
    if request.method == "POST" and form.is_valid():
        by, category = actor_for(request, request.viewer), form.cleaned_data["category"]
        if attempt_once(request, form, lambda: actions.keep_seat(delegation, category=category, by=by, made_by=rules.FOCAL), by=by):
            messages.success(request, _("The seat is kept. Name the person before nominations end."))
            return _back(delegation)
    return _page(request, "keep_seat", delegation, form=form)


@focal_page
@require_http_methods(METHODS)
def name_seat(request, delegation, registration_id):
    """Name the person for whom a seat was kept."""
    registration = _person(delegation, registration_id)
    form = form_for(request, NameSeatForm, viewer=request.viewer)
    if request.method == "POST" and form.is_valid():
        by, person = actor_for(request, request.viewer), form.person()
        made = attempt_once(request, form, lambda: actions.name_placeholder(registration, **person, by=by, made_by=rules.FOCAL), by=by)
        if made:
            _say_nominated(request, _person(delegation, made))
            return _back(delegation)
    return _page(request, "name_seat", delegation, form=form, registration=registration)


@focal_page
@require_http_methods(METHODS)
def send(request, delegation):
    """Say who will be written to; then write to them."""
    form = form_for(request, HatForm, viewer=request.viewer)
    people = list(delegation.registrations.waiting_for_list().for_list().order_by("queued_at", "pk"))
    if request.method == "POST" and form.is_valid():
        by = actor_for(request, request.viewer)
        sent = attempt(request, form, lambda: (actions.send_list(delegation, by=by),))
        if sent:
            _say_sent(request, *sent)
            return _back(delegation)
    may_send = bool(people) and not _nominating_refused(request.event)
    return _page(request, "send", delegation, form=form, people=people, may_send=may_send)


def _say_sent(request, count: int) -> None:
    if count:
        said = ngettext("One invitation is on its way.", "%(count)d invitations are on their way.", count)
        messages.success(request, said % {"count": count})
    else:
        messages.info(request, _("Everybody on the list has been written to already."))


@focal_page
@require_http_methods(METHODS)
def accept(request, delegation, registration_id):
    """Take a seat that was offered to a waiting person, or endorse a person who asked for a place."""
    registration = _person(delegation, registration_id)
    return _move(request, delegation, registration, "accept", to=RegistrationState.NOMINATED)


@focal_page
@require_http_methods(METHODS)
def withdraw(request, delegation, registration_id):
    """Say what withdrawing a person does; then withdraw them."""
    registration = _person(delegation, registration_id)
    return _move(request, delegation, registration, "withdraw_person", to=RegistrationState.WITHDRAWN)


def _move(request, delegation, registration, name: str, *, to) -> HttpResponse:
    form = form_for(request, HatForm, viewer=request.viewer)
    if request.method == "POST" and form.is_valid():
        by = actor_for(request, request.viewer)
        moved = attempt(request, form, lambda: actions.move_registration(registration, to=to, by=by, made_by=rules.FOCAL))
        if moved:
            if to == RegistrationState.WITHDRAWN:
                messages.success(request, _("The person is withdrawn and the seat is free."))
            else:
                _say_nominated(request, moved)
            return _back(delegation)
    possible = rules.may_move(registration, to, made_by=rules.FOCAL)
    return _page(request, name, delegation, form=form, registration=registration, possible=possible)
