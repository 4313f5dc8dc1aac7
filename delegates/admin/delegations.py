"""The organisers' pages of delegations: the list in protocol order, a new one, and one with its people, focal points and history."""

import dataclasses

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.lib import countries
from conference.lib.viewer import Actor
from conference.models import User
from delegates import actions
from delegates.admin.forms import (
    AnswerForm,
    DelegationFilter,
    DelegationForm,
    FocalPointForm,
    NewDelegationForm,
    NewOrganisationForm,
    NominationForm,
)
from delegates.admin.lists import in_protocol_order
from delegates.models import Delegation
from delegates.rules import OFFICER, SeatsBelowUse
from events.admin.lists import with_names
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed

SECTION = "delegations"


def load(request: HttpRequest, public_id: str) -> Delegation:
    """Give a delegation of the event; anything else does not exist."""
    delegations = request.event.delegations.for_list().with_seats().select_related("responsible", "event")
    return get_object_or_404(delegations, public_id=public_id)


def to_delegation(delegation: Delegation) -> HttpResponse:
    """Go back to the page of a delegation."""
    return redirect("organise:delegation", delegation.event.slug, delegation.public_id)


@organisers_page("people")
@require_safe
def delegations(request: HttpRequest) -> HttpResponse:
    """List the delegations in protocol order, with what each holds and waits for."""
    today = request.event.local(timezone.now()).date()
    form = DelegationFilter(request.GET)
    found = request.event.delegations.for_list().with_seats().with_focal_points(timezone.now()).select_related("responsible")
    rows = in_protocol_order(request.event, form.narrow(found, user=request.user, day=today))
    for row in rows:
        row.code = countries.shown_code(row.organisation.country, eu_style=request.event.eu_style_codes)
    context = {
        "form": form,
        "rows": rows,
        "seats": sum(row.seats or 0 for row in rows),
        "taken": sum(row.seats_taken or 0 for row in rows),
        "is_filtered": bool(request.GET),
        "today": today,
        "can_edit": "delegations" in request.acts,
    }
    return render_page(request, "admin/delegates/delegations.html", context, section=SECTION)


@organisers_page("delegations")
@require_http_methods(["GET", "HEAD", "POST"])
def delegation_add(request: HttpRequest) -> HttpResponse:
    """Add a delegation by hand, of a known organisation or of one described here."""
    form = NewDelegationForm(request.POST or None, event=request.event, initial={"focal_language": get_language()})
    described = NewOrganisationForm(request.POST or None)
    if request.method == "POST":
        chosen = form.is_valid() and form.cleaned_data["organisation"]
        if form.is_valid() and (chosen or described.is_valid()):
            try:
                delegation = _add(request, form.cleaned_data, chosen or described.save(commit=False))
            except NotAllowed as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("The delegation is on the list. Nobody has been written to."))
                return to_delegation(delegation)
        if chosen:
            described = NewOrganisationForm(initial=described.data)
    context = {"form": form, "described": described}
    return render_page(request, "admin/delegates/delegation_add.html", context, section=SECTION)


def _add(request, data, organisation) -> Delegation:
    with transaction.atomic():
        delegation = actions.add_delegation(
            request.event, organisation=organisation, seats=data["seats"], standing=data["standing"], by=request.actor
        )
        if data["focal_email"]:
            actions.add_focal_point(
                delegation, name=data["focal_name"], email=data["focal_email"], language=data["focal_language"], by=request.actor
            )
    return delegation


@organisers_page("people", write_act="delegations")
@require_http_methods(["GET", "HEAD", "POST"])
def delegation(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one delegation; POST changes its seats, standing, responsible colleague, follow-up and notes."""
    delegation = load(request, public_id)
    if request.method != "POST":
        return show_delegation(request, delegation)
    form = _edit_form(request, delegation, request.POST)
    if form.is_valid():
        try:
            actions.change_delegation(load(request, public_id), **form.facts(), by=request.actor)
        except SeatsBelowUse as error:
            form.add_error("seats", str(error))
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Kept."))
            return to_delegation(delegation)
    return show_delegation(request, load(request, public_id), edit=form)


@organisers_page("delegations")
@require_POST
def delegation_answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record the answer a delegation gave on paper."""
    delegation = load(request, public_id)
    form = AnswerForm(request.POST, prefix="answer")
    if form.is_valid():
        by = _on_behalf(request, delegation, form)
        try:
            actions.answer_invitation(delegation, answer=form.cleaned_data["answer"], by=by)
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The answer is recorded."))
            return to_delegation(delegation)
    return show_delegation(request, delegation, answer=form)


@organisers_page("delegations")
@require_POST
def delegation_nominate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Name a person on behalf of a delegation; above its seats they come on the waiting list."""
    delegation = load(request, public_id)
    form = NominationForm(request.POST, prefix="person")
    if form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "source"}
        try:
            registration = actions.nominate(delegation, **given, by=_on_behalf(request, delegation, form), made_by=OFFICER)
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Named. The person is now “%(state)s”.") % {"state": registration.get_state_display()})
            return to_delegation(delegation)
    return show_delegation(request, delegation, person=form)


def _on_behalf(request, delegation, form) -> Actor:
    return dataclasses.replace(request.actor, on_behalf_of=str(delegation), source=form.cleaned_data["source"])


def _edit_form(request, delegation, data=None) -> DelegationForm:
    colleagues = User.objects.filter(staff_roles__in=request.event.staff_roles.live(timezone.now())).distinct().order_by("name", "email")
    return DelegationForm(data, instance=delegation, colleagues=colleagues, initial={"seats": delegation.seats})


def show_delegation(request, delegation, *, edit=None, answer=None, person=None, focal=None) -> HttpResponse:
    """Show the page of a delegation, with those forms that came back with errors."""
    can_edit = "delegations" in request.acts
    language = request.event.working_language
    forms = {
        "edit": edit or _edit_form(request, delegation),
        "answer": answer or AnswerForm(prefix="answer"),
        "person": person or NominationForm(prefix="person", initial={"language": language}),
        "focal": focal or FocalPointForm(prefix="focal", initial={"language": language}),
    }
    history = request.event.audit_entries.filter(target=str(delegation)).order_by("-number")[:50]
    context = {
        "delegation": delegation,
        "forms": forms if can_edit else None,
        "open_form": next((name for name, form in forms.items() if form.is_bound), ""),
        "people": delegation.registrations.for_list().order_by("position", "pk"),
        "focal_points": delegation.focal_points.live(timezone.now()).order_by("pk"),
        "history": with_names(history) if can_edit else [],
        "can_edit": can_edit,
        "sees_contacts": bool(request.acts & {"delegations", "registrations"}),
    }
    return render_page(request, "admin/delegates/delegation.html", context, section=SECTION)
