"""A person's own pages: where their registration stands, their form, and withdrawing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conference.lib import clock
from delegates import actions, rules
from delegates.choices import RegistrationState
from delegates.forms import HatForm, RegistrationForm, countries_to_choose, country_names, language_names
from delegates.viewers import actor_for
from delegates.views.pages import METHODS, attempt, form_for, own_page


def _page(request: HttpRequest, name: str, registration, **context) -> HttpResponse:
    deadline = request.event.confirm_by_at
    always = {
        "event": request.event,
        "registration": registration,
        "organisation": registration.delegation.organisation,
        "owes_form": rules.owes_form(registration),
        "days_left": clock.days_until(deadline, request.event.zone, timezone.now()) if deadline else None,
    }
    return render(request, f"delegates/{name}.html", always | context)


def _back(registration) -> HttpResponse:
    return redirect("delegates:registration", registration.event.slug, registration.public_id)


@own_page
@require_safe
def registration(request, registration):
    """Where the registration stands, what is missing and what comes next, and everything the person gave."""
    form = RegistrationForm(viewer=request.viewer, registration=registration, initial=RegistrationForm.values_of(registration))
    return _page(
        request,
        "registration",
        registration,
        fills_in_form=rules.fills_in_form(registration) and not rules.why_not(rules.check_editing, request.event),
        form_refused=_form_refused(request.event, registration),
        can_withdraw=rules.may_move(registration, RegistrationState.WITHDRAWN, made_by=rules.PERSON),
        shows_data=registration.submitted_at is not None or registration.state in rules.CORRECTED,
        missing=form.missing(),
        waiting_changes=[_in_words(form, change) for change in registration.pending_changes.open().order_by("pk")],
        nationalities=country_names(registration.delegate.nationalities),
        languages=[name for _code, name in language_names(registration.languages)],
    )


def _in_words(form, change) -> dict[str, str]:
    if change.field == "nationalities":
        return {"label": form["nationality_1"].label, "shown": ", ".join(country_names(change.value))}
    return {"label": form[change.field].label, "shown": change.value or pgettext("value", "none")}


def _form_refused(event, registration) -> str:
    """Why the form cannot be sent (any more), in the words of the rule; an empty text when it can."""
    closed = rules.why_not(rules.check_editing, event)
    if closed or not rules.owes_form(registration):
        return closed
    return rules.why_not(rules.check_confirming, registration, event, timezone.now(), made_by=rules.PERSON)


@own_page
@require_http_methods(METHODS)
def register(request, registration):
    """The person's form: sent the first time, sent again when it came back, or corrected."""
    if request.method != "POST" and not rules.fills_in_form(registration):
        return _back(registration)
    values = RegistrationForm.values_of(registration)
    form = form_for(request, RegistrationForm, viewer=request.viewer, registration=registration, initial=values)
    if request.method == "POST" and form.is_valid():
        by = actor_for(request, request.viewer)
        done = attempt(request, form, lambda: actions.give_data(registration, data=form.answers(), by=by))
        if done:
            messages.success(request, WORDS[done]())
            return _back(registration)
    return _page(
        request,
        "register",
        registration,
        form=form,
        form_refused=_form_refused(request.event, registration),
        countries=countries_to_choose(get_language()),
        notice_version=rules.NOTICE_VERSION,
    )


WORDS = {
    "submitted": lambda: _("Your registration has arrived. The organisers look at it and write to you."),
    "changed": lambda: _("Your changes are saved."),
    "waits": lambda: _("Your changes are saved; those of names and nationalities wait until an officer has looked at them."),
    "same": lambda: _("Your registration is with the organisers as you wrote it."),
}


@own_page
@require_http_methods(METHODS)
def withdraw(request, registration):
    """Say what withdrawing does; then withdraw."""
    form = form_for(request, HatForm, viewer=request.viewer)
    to = RegistrationState.WITHDRAWN
    if request.method == "POST" and form.is_valid():
        by = actor_for(request, request.viewer)
        if attempt(request, form, lambda: actions.move_registration(registration, to=to, by=by, made_by=rules.PERSON)):
            messages.success(request, _("You are withdrawn. Your focal point knows."))
            return _back(registration)
    return _page(request, "withdraw", registration, form=form, possible=rules.may_move(registration, to, made_by=rules.PERSON))
