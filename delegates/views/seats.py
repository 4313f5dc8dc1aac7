"""The focal point's pages for one person's seat: taking, endorsing, withdrawing and its undoing, the order, and the head."""

import functools

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from delegates import actions, rules
from delegates.actions.reminders import remind_person
from delegates.choices import RegistrationState
from delegates.forms import HatForm, RefusalForm
from delegates.viewers import actor_for
from delegates.views.naming import say_nominated
from delegates.views.pages import METHODS, attempt, back_to, focal_page, form_for, person_of, show

HEAD_WORDS = {
    "named": gettext_lazy("The head of the delegation is named."),
    "same": gettext_lazy("This person is the head already, or you have asked for it."),
    "waits": gettext_lazy("The organisers decide whether this person becomes the head; until then nothing changes."),
}


@focal_page
@require_http_methods(METHODS)
def accept(request, delegation, registration_id):
    """Take a seat that was offered to a waiting person, or endorse a person who asked for a place."""
    registration = person_of(delegation, registration_id)
    is_invited_now = registration.state == RegistrationState.OFFERED and delegation.list_sent_at is not None
    return _move(request, delegation, registration, "accept", to=RegistrationState.NOMINATED, is_invited_now=is_invited_now)


@focal_page
@require_http_methods(METHODS)
def withdraw(request, delegation, registration_id):
    """Say what withdrawing a person does; then withdraw them."""
    registration = person_of(delegation, registration_id)
    frees_seat = registration.state in rules.HOLDING and rules.takes_seat(registration.category)
    now = timezone.now()
    goes_on = (
        frees_seat and rules.offers_seats(request.event, now) and delegation.registrations.in_state(RegistrationState.WAITLISTED).exists()
    )
    is_late = bool(rules.why_not(rules.check_replacing, request.event, now, made_by=rules.FOCAL))
    context = {
        "frees_seat": frees_seat,
        "goes_on": goes_on,  # to the first who waits
        "undo_minutes": rules.UNDO_MINUTES if registration.delegate_id and not goes_on and not is_late else 0,
    }
    return _move(request, delegation, registration, "withdraw_person", to=RegistrationState.WITHDRAWN, **context)


@focal_page
@require_http_methods(METHODS)
def refuse(request, delegation, registration_id):
    """Refuse somebody who asked for a place, with a reason they read."""
    registration = person_of(delegation, registration_id)
    form, to = form_for(request, RefusalForm, viewer=request.viewer), RegistrationState.REFUSED
    if request.method == "POST" and form.is_valid():
        by, reason = actor_for(request, request.viewer), form.cleaned_data["reason"]
        refuse = functools.partial(actions.move_registration, registration, to=to, by=by, made_by=rules.FOCAL, reason=reason)
        if attempt(request, form, refuse):
            messages.success(request, _("The request is refused; the person is told."))
            return back_to(delegation)
    possible = rules.may_move(registration, to, made_by=rules.FOCAL)
    return show(request, "refuse_person", delegation, form=form, registration=registration, possible=possible)


def _move(request, delegation, registration, name: str, *, to, **context) -> HttpResponse:
    form = form_for(request, HatForm, viewer=request.viewer)
    if request.method == "POST" and form.is_valid():
        by = actor_for(request, request.viewer)
        moved = attempt(request, form, lambda: actions.move_registration(registration, to=to, by=by, made_by=rules.FOCAL))
        if moved:
            if to == RegistrationState.WITHDRAWN:
                _say_withdrawn(request, delegation, moved, **context)
            else:
                say_nominated(request, moved)
            return back_to(delegation)
    possible = rules.may_move(registration, to, made_by=rules.FOCAL)
    return show(request, name, delegation, form=form, registration=registration, possible=possible, **context)


def _say_withdrawn(request, delegation, registration, *, frees_seat: bool, goes_on: bool, undo_minutes: int) -> None:
    """Say what became of the seat, and where this can be undone, link to it."""
    if registration.delegate_id is None:
        said = _("The seat is given back.")
    else:
        said = _("The person is withdrawn and the seat is free.") if frees_seat else _("The person is withdrawn.")
    if goes_on:
        said += " " + _("It is offered to the first on your waiting list.")
    if undo_minutes:
        address = reverse("delegates:undo_withdrawal", args=[delegation.event.slug, delegation.public_id, registration.public_id])
        until = _("You can undo this for %(minutes)d minutes, as long as a seat is free.") % {"minutes": undo_minutes}
        said = format_html('{} {} <a href="{}">{}</a>', said, until, address, _("Undo"))
    messages.success(request, said)


@focal_page
@require_http_methods(METHODS)
def undo(request, delegation, registration_id):
    """Say what undoing a withdrawal does; then undo it."""
    registration = person_of(delegation, registration_id)
    form = form_for(request, HatForm, viewer=request.viewer)
    if request.method == "POST" and form.is_valid():
        by = actor_for(request, request.viewer)
        moved = attempt(request, form, lambda: actions.undo_withdrawal(registration, by=by))
        if moved:
            say_nominated(request, moved)
            return back_to(delegation)
    refused = rules.why_not(rules.check_undo, registration, actions.last_withdrawal(registration), timezone.now())
    if not refused and not actions.with_a_seat_free(request.event, [registration]):
        refused = _("The seat has been taken or offered meanwhile, so this cannot be undone. You can nominate the person again.")
    return show(request, "undo", delegation, form=form, registration=registration, refused=refused)


@focal_page
@require_http_methods(METHODS)
def remind(request, delegation, registration_id):
    """Say who is written to once more; then remind them of their form."""
    registration = person_of(delegation, registration_id)
    form = form_for(request, HatForm, viewer=request.viewer)
    if request.method == "POST" and form.is_valid():
        by = actor_for(request, request.viewer)
        if attempt(request, form, lambda: remind_person(registration, by=by)):
            messages.success(request, _("The reminder is on its way."))
            return back_to(delegation)
    possible = rules.focal_act(registration) == "remind"
    return show(request, "remind_person", delegation, form=form, registration=registration, possible=possible)


@focal_page
@require_http_methods(METHODS)
def head(request, delegation, registration_id):
    """Say what naming a person the head does, to the former head too; then do it, or ask the organisers where it is theirs to decide."""
    registration = person_of(delegation, registration_id)
    form = form_for(request, HatForm, viewer=request.viewer)
    if request.method == "POST" and form.is_valid():
        by, takes_back = actor_for(request, request.viewer), "take_back" in request.POST
        act = actions.take_back_category if takes_back else actions.name_head
        if done := attempt(request, form, lambda: act(registration, by=by)):
            messages.success(request, _("Your request is withdrawn.") if takes_back else HEAD_WORDS[done])
            return back_to(delegation)
    former = actions.present_head(delegation)
    context = {
        "registration": registration,
        "former": former,
        "possible": rules.may_head(registration) and not rules.why_not(_check_open, request.event),
        "waits": rules.head_waits(registration, former, request.event, timezone.now()),
        "asked": registration.pending_changes.open().filter(field=rules.CATEGORY_FIELD, by_focal_point=True).first(),
    }
    return show(request, "head", delegation, form=form, **context)


def _check_open(event) -> None:
    rules.check_replacing(event, timezone.now(), made_by=rules.OFFICER)


@focal_page
@require_POST
def order(request, delegation, registration_id):
    """Move a person one place up or down among those of their category."""
    registration = person_of(delegation, registration_id)
    form = HatForm(request.POST, viewer=request.viewer)
    if form.is_valid():
        by = actor_for(request, request.viewer)
        attempt(request, form, lambda: (actions.move_person(registration, up="up" in request.POST, by=by),))
    for error in form.non_field_errors():
        messages.error(request, error)
    response = back_to(delegation)
    response["Location"] += f"#{registration.public_id}"
    return response
