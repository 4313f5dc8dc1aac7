"""A person's own pages: where their registration stands, and withdrawing."""

import functools

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from conference.lib import clock
from delegates import actions, rules
from delegates.choices import Category, FileKind, FormPhase, Group, PhotoKey, RegistrationState
from delegates.forms import CategoryForm, HatForm, IdentityForm, country_names, shown_groups, value_in_words
from delegates.models import PendingChange
from delegates.viewers import actor_for
from delegates.views.form import missing_by_step, person_forms, why_late
from delegates.views.pages import METHODS, attempt, form_for, own_page


def _page(request: HttpRequest, name: str, registration, **context) -> HttpResponse:
    deadline = rules.confirm_limit(registration, request.event)
    always = {
        "event": request.event,
        "registration": registration,
        "organisation": registration.delegation.organisation,
        "owes_form": rules.owes_form(registration),
        "confirm_by": deadline,
        "days_left": clock.days_until(deadline, request.event.zone, timezone.now()) if deadline else None,
    }
    return render(request, f"delegates/{name}.html", always | context)


def _back(registration) -> HttpResponse:
    return redirect("delegates:registration", registration.event.slug, registration.public_id)


@own_page
@require_safe
def registration(request, registration):
    """Where the registration stands, what is missing and what comes next, and everything the person gave."""
    first, second = person_forms(request, registration).values()
    is_open = not rules.why_not(rules.check_editing, request.event)
    has_photo = registration.files.filter(kind=FileKind.PHOTO, key=PhotoKey.CURRENT).exists()
    return _page(
        request,
        "registration",
        registration,
        fills_in_form=rules.fills_in_form(registration) and is_open,
        form_refused=why_late(request.event, registration, FormPhase.FIRST),
        late_at=first.late_at,
        can_withdraw=rules.may_move(registration, RegistrationState.WITHDRAWN, made_by=rules.PERSON),
        groups=shown_groups(first.kept, request.viewer) if _shows_data(registration) else [],
        missing=missing_by_step(registration, first),
        has_photo=has_photo,
        photo=first.kept.photo,
        photo_is_asked=actions.asks_photo(registration, first.kept.asked),
        is_begun=bool(first.typed),
        can_ask_category=is_open and rules.may_ask_category(registration),
        details=_details(request, registration, second) if rules.gives_details(registration) and second.steps and is_open else None,
        waiting_changes=_waiting(registration),
    )


def _shows_data(registration) -> bool:
    return registration.submitted_at is not None or registration.state in rules.CORRECTED


def _details(request, registration, second) -> dict:
    """What the page says of the second form."""
    deadline = request.event.travel_by_at
    return {
        "is_owed": registration.details_at is None,
        "titles": [step.title for step in second.steps],
        "missing": missing_by_step(registration, second),
        "late": why_late(request.event, registration, FormPhase.SECOND),
        "late_at": second.late_at,
        "is_begun": bool(second.typed),
        "deadline": deadline,
        "days_left": clock.days_until(deadline, request.event.zone, timezone.now()) if deadline else None,
    }


def _waiting(registration) -> list[dict[str, str]]:
    """What the person asked for that waits for an officer, here or at another event that has approved them, each once."""
    waiting = PendingChange.objects.open().of_person(registration).order_by("pk")
    found = {(change.field, str(change.value)): change for change in waiting}
    return [_in_words(change) for change in found.values()]


def _in_words(change) -> dict[str, str]:
    if change.field == rules.CATEGORY_FIELD:
        return {"label": _("In what capacity you come"), "shown": Category(change.value).label}
    if change.field == rules.COPY_FIELD:
        return {"label": _("A copy of the document"), "shown": pgettext("copy of a document", "a new one")}
    if change.field == rules.PHOTO_FIELD:
        return {"label": FileKind.PHOTO.label, "shown": pgettext("photo", "a new one")}
    if change.field in rules.GROUPS_BESIDE:
        return {"label": Group(change.field).label, "shown": _("changed")}
    if change.field == "nationalities":
        return {"label": IdentityForm.base_fields["nationality_1"].label, "shown": ", ".join(country_names(change.value))}
    field = IdentityForm.base_fields[change.field]
    return {"label": field.label, "shown": value_in_words(field, change.value) or pgettext("value", "none")}


@own_page
@require_http_methods(METHODS)
def withdraw(request, registration):
    """Say what withdrawing does; then withdraw."""
    form = form_for(request, HatForm, viewer=request.viewer)
    to = RegistrationState.WITHDRAWN
    if request.method == "POST" and form.is_valid():
        by = actor_for(request, request.viewer)
        if attempt(request, form, lambda: actions.move_registration(registration, to=to, by=by, made_by=rules.PERSON)):
            messages.success(request, _("Your registration is withdrawn. Your focal point has been notified."))
            return _back(registration)
    return _page(request, "withdraw", registration, form=form, possible=rules.may_move(registration, to, made_by=rules.PERSON))


@own_page
@require_http_methods(METHODS)
def category(request, registration):
    """Ask to come in another capacity than the one approved, or take that back; an officer decides."""
    options = {"viewer": request.viewer, "categories": rules.categories_to_ask(registration)}
    takes_back = "take_back" in request.POST
    form = HatForm(request.POST, viewer=request.viewer) if takes_back else form_for(request, CategoryForm, **options)
    if request.method == "POST" and form.is_valid():
        by = actor_for(request, request.viewer)
        if takes_back:
            act = functools.partial(actions.take_back_category, registration, by=by)
        else:
            act = functools.partial(actions.ask_category, registration, category=form.cleaned_data["category"], by=by)
        if attempt(request, form, act):
            said = _("Your request is withdrawn.") if takes_back else _("The organisers decide; until then you come as approved.")
            messages.success(request, said)
            return _back(registration)
    asked = registration.pending_changes.open().filter(field=rules.CATEGORY_FIELD).first()
    possible = rules.may_ask_category(registration) and not rules.why_not(rules.check_editing, request.event)
    return _page(
        request,
        "category",
        registration,
        form=CategoryForm(**options) if takes_back else form,
        refused=form.non_field_errors() if takes_back else [],
        hat=request.viewer.hat,
        possible=possible,
        asked=asked,
        asked_label=Category(asked.value).label if asked else "",
    )
