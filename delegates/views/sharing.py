"""The focal point's pages about the role itself: sharing it, handing it over, and ending one's own."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from delegates import actions
from delegates.forms import HatForm, ShareForm
from delegates.models import FocalPoint
from delegates.viewers import actor_for
from delegates.views.pages import METHODS, attempt, attempt_once, focal_page, form_for, show


def _live(delegation):
    return FocalPoint.objects.live(timezone.now()).filter(delegation=delegation).order_by("pk")


@focal_page
@require_http_methods(METHODS)
def share(request, delegation):
    """List the focal points, and invite one more; the right is theirs once they accept."""
    form = form_for(request, ShareForm, viewer=request.viewer)
    if request.method == "POST" and form.is_valid():
        by, colleague = actor_for(request, request.viewer), {name: form.cleaned_data[name] for name in ("name", "email", "language")}
        if attempt_once(request, form, lambda: actions.share_role(delegation, **colleague, by=by), by=by):
            messages.success(request, _("The invitation is on its way. The role is shared once it is accepted."))
            return redirect("delegates:share", request.event.slug, delegation.public_id)
    return show(request, "share", delegation, form=form, focal_points=list(_live(delegation)), me=request.user.pk)


@focal_page
@require_http_methods(METHODS)
def leave(request, delegation, focal_id):
    """Say what ending one's own right, or an invitation not accepted yet, does; then end it."""
    focal_point = get_object_or_404(_live(delegation), public_id=focal_id)
    form = form_for(request, HatForm, viewer=request.viewer)
    is_own = focal_point.user_id == request.user.pk
    if request.method == "POST" and form.is_valid():
        by = actor_for(request, request.viewer)
        if attempt(request, form, lambda: actions.leave_role(focal_point, by=by)):
            if is_own:
                messages.success(request, _("You are no longer a focal point of this delegation."))
                return redirect("my")
            messages.success(request, _("The invitation is taken back; its link no longer works."))
            return redirect("delegates:share", request.event.slug, delegation.public_id)
    others = [other for other in _live(delegation) if other.pk != focal_point.pk and other.user_id]
    possible = bool(others) if is_own else focal_point.user_id is None
    return show(request, "leave", delegation, form=form, focal_point=focal_point, is_own=is_own, possible=possible, others=others)
