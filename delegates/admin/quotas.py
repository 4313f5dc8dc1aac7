"""The organisers' pages of quotas: what an event, or one delegation, takes of each category and way of attending."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from delegates import actions
from delegates.admin.forms import QuotaForm
from delegates.choices import Category
from delegates.rules import CATEGORIES, SeatsBelowUse
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed

SECTION = "delegations"


@organisers_page("people", write_act="delegations")
@require_http_methods(["GET", "HEAD", "POST"])
def quotas(request: HttpRequest) -> HttpResponse:
    """Show the quotas of the whole event; POST makes one, or changes its seats."""
    return _quotas(request, None)


@organisers_page("people", write_act="delegations")
@require_http_methods(["GET", "HEAD", "POST"])
def delegation_quotas(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the quotas of one delegation; POST makes one, or changes its seats."""
    return _quotas(request, _delegation(request, public_id))


@organisers_page("delegations")
@require_POST
def quota_remove(request: HttpRequest) -> HttpResponse:
    """End a quota of the whole event."""
    return _remove(request, None)


@organisers_page("delegations")
@require_POST
def delegation_quota_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a quota of one delegation."""
    return _remove(request, _delegation(request, public_id))


def _delegation(request, public_id):
    return get_object_or_404(request.event.delegations.for_page(), public_id=public_id)


def _back(request, delegation) -> HttpResponse:
    if delegation:
        return redirect("organise:delegation_quotas", request.event.slug, delegation.public_id)
    return redirect("organise:quotas", request.event.slug)


def _quotas(request, delegation) -> HttpResponse:
    form = QuotaForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_quota(request.event, delegation=delegation, **form.cleaned_data, by=request.actor)
        except SeatsBelowUse as error:
            form.add_error("seats", str(error))
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Kept. Places that came free were offered to the waiting list."))
            return _back(request, delegation)
    order = list(Category)
    found = request.event.quotas.filter(delegation=delegation).with_use()
    context = {
        "delegation": delegation,
        "form": form,
        "rows": sorted(found, key=lambda row: (order.index(row.category) if row.category else -1, row.mode)),
        "takes": [{"label": category.label, "takes": CATEGORIES[category]} for category in order],
        "can_edit": "delegations" in request.acts,
        "can_set_capacity": "event" in request.acts,
    }
    return render_page(request, "admin/delegates/quotas.html", context, section=SECTION)


def _remove(request, delegation) -> HttpResponse:
    form = QuotaForm({"seats": 0, "category": request.POST.get("category"), "mode": request.POST.get("mode")})
    if form.is_valid():
        asked = {name: form.cleaned_data[name] for name in ("category", "mode")}
        try:
            actions.remove_quota(request.event, delegation=delegation, **asked, by=request.actor)
        except NotAllowed as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The limit is removed. Places that came free were offered to the waiting list."))
    return _back(request, delegation)
