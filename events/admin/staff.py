"""The organisers' page of who runs the event: give a role by address, end it, name the duty organisers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from events import actions
from events.admin.pages import organisers_page, render_page
from events.choices import StaffRoleName
from events.forms import StaffForm
from events.rules import NotAllowed, may_be_on_duty


@organisers_page("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def staff(request: HttpRequest) -> HttpResponse:
    """List the roles held and waiting; POST gives one."""
    form = StaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            granted = actions.grant_role(request.event, **form.cleaned_data, by=request.actor)
        except NotAllowed as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _("Role given. %(email)s is notified by e-mail.") % {"email": granted.email})
            return redirect("organise:staff", request.event.slug)
    order = list(StaffRoleName)
    current = request.event.staff_roles.current(timezone.now()).select_related("user")
    rows = sorted(current, key=lambda role: (order.index(role.role), role.pk))
    for role in rows:
        role.may_be_on_duty = may_be_on_duty(role.role)
    context = {"form": form, "rows": rows}
    return render_page(request, "admin/events/staff.html", context, section="staff")


@organisers_page("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def staff_end(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask, then end a role now."""
    role = get_object_or_404(request.event.staff_roles.select_related("user"), public_id=public_id)
    if request.method != "POST":
        get_object_or_404(request.event.staff_roles.current(timezone.now()), pk=role.pk)  # one that has ended is asked about no more
        context = {"role": role, "is_own": role.user_id == request.user.pk}
        return render_page(request, "admin/events/staff_end.html", context, section="staff")
    try:
        actions.end_role(role, by=request.actor)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The role has ended."))
    return redirect("organise:staff", request.event.slug)


@organisers_page("staff")
@require_POST
def staff_duty(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make the holder of a role a duty organiser, or no longer."""
    role = get_object_or_404(request.event.staff_roles.current(timezone.now()), public_id=public_id)
    try:
        actions.set_duty(role, on="on" in request.POST, by=request.actor)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("organise:staff", request.event.slug)
