"""The focal point's pages that name people: one person, a kept seat, somebody in another's place, and the late request for each."""

import functools

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from delegates import actions, rules
from delegates.choices import LateKind, RegistrationState
from delegates.forms import HatForm, KeepSeatForm, NameSeatForm, NominateForm
from delegates.viewers import actor_for
from delegates.views.pages import METHODS, attempt, attempt_once, back_to, focal_page, form_for, person_of, show


@focal_page
@require_http_methods(METHODS)
def nominate(request, delegation):
    """Name a person; when the time for it has ended, ask the organisers."""
    form = form_for(request, NominateForm, viewer=request.viewer, initial=_myself(request, delegation) if "me" in request.GET else {})
    is_late = rules.may_ask_late(request.event, timezone.now())
    if request.method == "POST" and form.is_valid():
        category = form.cleaned_data["category"]
        act = functools.partial(actions.nominate, delegation, category=category)
        if _named(request, delegation, form, act, kind=LateKind.NOMINATE, category=category, is_late=is_late):
            return back_to(delegation)
    return show(request, "nominate", delegation, form=form)


def _myself(request, delegation) -> dict:
    """What is known of the focal point as a person of the organisation, to name themselves."""
    user = request.user
    known = user.delegates.filter(organisation=delegation.organisation).order_by("-pk").first()
    if known:
        return {name: getattr(known, name) for name in ("given_name", "family_name", "email", "function", "language")}
    given, _space, family = user.name.rpartition(" ")
    return {"given_name": given, "family_name": family, "email": user.email, "language": user.language}


@focal_page
@require_http_methods(METHODS)
def name_seat(request, delegation, registration_id):
    """Name the person for whom a seat was kept; when the time for it has ended, ask the organisers."""
    seat = person_of(delegation, registration_id)
    form = form_for(request, NameSeatForm, viewer=request.viewer)
    is_late = rules.may_ask_late(request.event, timezone.now())
    if request.method == "POST" and form.is_valid():
        act = functools.partial(actions.name_placeholder, seat)
        if _named(request, delegation, form, act, kind=LateKind.NOMINATE, category=seat.category, seat=seat, is_late=is_late):
            return back_to(delegation)
    return show(request, "name_seat", delegation, form=form, registration=seat)


@focal_page
@require_http_methods(METHODS)
def replace(request, delegation, registration_id):
    """Put another person in somebody's place; after the freeze, ask the organisers to."""
    seat = person_of(delegation, registration_id)
    form = form_for(request, NameSeatForm, viewer=request.viewer)
    is_late = _is_frozen(request.event)
    if request.method == "POST" and form.is_valid():
        act = functools.partial(actions.replace_person, seat)
        if _named(request, delegation, form, act, kind=LateKind.REPLACE, category=seat.category, seat=seat, is_late=is_late):
            return back_to(delegation)
    return show(
        request,
        "replace",
        delegation,
        form=form,
        registration=seat,
        possible=rules.may_move(seat, RegistrationState.REPLACED, made_by=rules.FOCAL),
        refused=rules.why_not(rules.check_replacing, request.event, timezone.now(), made_by=rules.FOCAL),
        is_late=_is_frozen(request.event),
        invites_at_once=bool(seat.invited_at or delegation.list_sent_at),
        asked=delegation.late_requests.open().filter(registration=seat).exists(),
    )


def _is_frozen(event) -> bool:
    try:
        rules.check_replacing(event, timezone.now(), made_by=rules.FOCAL)
    except rules.TooLate:
        return True
    except rules.NotAllowed:
        pass
    return False


def _named(request, delegation, form, act, *, kind: str, category: str, is_late: bool, seat=None) -> bool:
    """Do the act with the person of the form, or ask for it where it is too late and the form says so; say whether either was done."""
    by, person = actor_for(request, request.viewer), form.person()
    if is_late and "late" in request.POST:
        ask = functools.partial(actions.ask_late, delegation, kind=kind, person=person, category=category, registration=seat)
        asked = attempt_once(request, form, lambda: ask(by=by), by=by)
        if asked:
            messages.success(
                request, _("Your request is with the organisers. Nothing has changed yet; they write to you once they decide.")
            )
        return bool(asked)
    made = attempt_once(request, form, lambda: act(**person, by=by, made_by=rules.FOCAL), by=by)
    if made:
        say_nominated(request, person_of(delegation, made))
    return bool(made)


def say_nominated(request, registration) -> None:
    """Tell the focal point what became of a person they named."""
    if registration.state == RegistrationState.WAITLISTED:
        messages.warning(request, _("No seat is free: the person is on the waiting list. The first on it is offered the next free seat."))
    elif registration.invited_at:
        messages.success(request, _("The person is on your list, and the invitation is on its way."))
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
            return back_to(delegation)
    return show(request, "keep_seat", delegation, form=form)


@focal_page
@require_http_methods(METHODS)
def take_back_late(request, delegation, request_id):
    """Say what taking a late request back does; then take it back."""
    asked = get_object_or_404(delegation.late_requests.for_list(), public_id=request_id)
    form = form_for(request, HatForm, viewer=request.viewer)
    if request.method == "POST" and form.is_valid():
        by = actor_for(request, request.viewer)
        if attempt(request, form, lambda: actions.take_back_late(asked, by=by)):
            messages.success(request, _("The request is taken back. Nothing has changed."))
            return back_to(delegation)
    return show(request, "take_back_late", delegation, form=form, asked=asked)
