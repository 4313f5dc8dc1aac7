"""The organisers' pages of focal points: give and end the right to nominate, send the invitations, send one again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delegates import actions
from delegates.admin.delegation import show_delegation
from delegates.admin.delegations import SECTION, load, to_delegation
from delegates.admin.forms import FocalPointForm
from delegates.admin.lists import in_protocol_order
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed


@organisers_page("delegations")
@require_POST
def focal_point_add(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give somebody the right to nominate for a delegation."""
    delegation = load(request, public_id)
    form = FocalPointForm(request.POST, prefix="focal")
    if form.is_valid():
        try:
            actions.add_focal_point(delegation, **form.cleaned_data, by=request.actor)
        except NotAllowed as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _("Added. Nobody has been written to yet."))
            return to_delegation(delegation)
    return show_delegation(request, delegation, focal=form)


@organisers_page("people")
@require_safe
def focal_point(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lead to the delegation of a focal point, from where only their reference is known."""
    found = get_object_or_404(request.event.focal_points.select_related("delegation__event"), public_id=public_id)
    return to_delegation(found.delegation, "focal-points")


@organisers_page("delegations")
@require_http_methods(["GET", "HEAD", "POST"])
def focal_point_end(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask, then end the right of a focal point, and the invitation that still waits for them."""
    focal_point = _load(request, public_id)
    if request.method != "POST":
        others = focal_point.delegation.focal_points.live(timezone.now()).exclude(pk=focal_point.pk).count()
        context = {"focal_point": focal_point, "delegation": focal_point.delegation, "others": others}
        return render_page(request, "admin/delegates/focal_point_end.html", context, section=SECTION)
    try:
        actions.end_focal_point(focal_point, by=request.actor)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Ended. This focal point can no longer open the delegation."))
    return redirect("organise:delegation", request.event.slug, focal_point.delegation.public_id)


@organisers_page("delegations")
@require_POST
def focal_point_resend(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send the invitation of a focal point again, with a new link; the old one ends."""
    focal_point = _load(request, public_id)
    invitation = focal_point.invitations.order_by("-created_at").first()
    try:
        if invitation:
            actions.resend_invitation(invitation, by=request.actor)
        else:
            actions.invite_focal_points(request.event, [focal_point], by=request.actor)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("A new link is on its way; the old one no longer works."))
    return redirect("organise:delegation", request.event.slug, focal_point.delegation.public_id)


@organisers_page("delegations")
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Show whom the invitations would reach; POST sends one to each who was shown and not unticked."""
    waiting = request.event.focal_points.live(timezone.now()).not_invited().select_related("delegation__organisation")
    if request.method == "POST":
        chosen = list(waiting.filter(public_id__in=request.POST.getlist("focal_point")))
        return _send(request, chosen)
    by_delegation = {}
    for focal_point in waiting.order_by("pk"):
        by_delegation.setdefault(focal_point.delegation, []).append(focal_point)
    rows = [focal for delegation in in_protocol_order(request.event, by_delegation) for focal in by_delegation[delegation]]
    without = in_protocol_order(request.event, request.event.delegations.without_focal_point(timezone.now()))
    context = {"rows": rows, "without": without}
    return render_page(request, "admin/delegates/invite.html", context, section=SECTION)


def _send(request, chosen) -> HttpResponse:
    try:
        sent = actions.invite_focal_points(request.event, chosen, by=request.actor)
    except NotAllowed as error:
        messages.error(request, str(error))
        return redirect("organise:invite", request.event.slug)
    if sent:
        messages.success(
            request, ngettext("%(count)d invitation is on its way.", "%(count)d invitations are on their way.", sent) % {"count": sent}
        )
    else:
        messages.warning(request, _("Nobody was chosen, or all of them had been invited meanwhile. Nothing was sent."))
    return redirect("organise:delegations", request.event.slug)


def _load(request, public_id):
    focal_points = request.event.focal_points.live(timezone.now()).select_related("delegation")
    return get_object_or_404(focal_points, public_id=public_id)
