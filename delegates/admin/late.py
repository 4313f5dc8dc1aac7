"""What focal points ask, and persons send, after the time for it, on one page for the organiser on duty."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conference.lib.fingerprints import marks_in
from delegates import actions
from delegates.admin.queue_forms import LateForm
from delegates.choices import Category
from delegates.models import Delegation
from events.admin.lists import page_of
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed

SECTION = "queue"
PER_PAGE, DECIDED_SHOWN, FORMS_SHOWN = 20, 20, 100


@organisers_page("registrations")
@require_safe
def late(request: HttpRequest) -> HttpResponse:
    """Show the requests that wait, the oldest first, and those decided last."""
    return _show(request)


@organisers_page("registrations")
@require_POST
def late_decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Do what a request asks, or refuse it with a reason."""
    asked = get_object_or_404(request.event.late_requests.for_list(), public_id=public_id)
    form = LateForm(request.POST, auto_id=f"{public_id}-%s")
    if form.is_valid():
        accept, seen = "accept" in request.POST, marks_in(request.POST.get("seen", ""))
        try:
            actions.decide_late(asked, accept=accept, reason=form.cleaned_data["reason"], by=request.actor, seen=seen)
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("Done, and the focal points are told.") if accept else _("Refused, and the focal points are told why.")
            )
            return redirect("organise:late", request.event.slug)
    return _show(request, failed=form, public_id=public_id)


def _show(request, *, failed=None, public_id: str = "") -> HttpResponse:
    requests = request.event.late_requests.for_list()
    page = page_of(request, requests.open().order_by("asked_at", "pk"), per_page=PER_PAGE)
    rows = list(page)
    seats = {row.pk: row for row in Delegation.objects.filter(pk__in=[row.delegation_id for row in rows]).with_seats()}
    for row in rows:
        row.marks = json.dumps(actions.marks_of_late(row))
        row.function, row.email = row.payload.get("function", ""), row.payload.get("email", "")
        row.category = dict(Category.choices).get(row.payload.get("category"), "")
        row.seats = seats[row.delegation_id]
        row.form = failed if row.public_id == public_id else LateForm(auto_id=f"{row.public_id}-%s")
    on_duty = request.event.staff_roles.live(timezone.now()).filter(is_duty_organiser=True).select_related("user").order_by("pk")
    context = {
        "page": page,
        "rows": rows,
        "gone": failed if failed and public_id not in {row.public_id for row in rows} else None,
        "decided": requests.exclude(decided_at=None).order_by("-decided_at", "-pk")[:DECIDED_SHOWN],
        "late_forms": request.event.registrations.with_late_form().for_list().order_by("late_at", "pk")[:FORMS_SHOWN],
        "on_duty": [role.user.display_name if role.user else role.email for role in on_duty],
        "tab": "late",
    }
    return render_page(request, "admin/delegates/late.html", context, section=SECTION)
