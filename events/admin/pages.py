"""The door of every organisers' page of an event: a live role there, and the act the page is for."""

import functools

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib import drafts
from conference.lib.viewer import Actor, Viewer
from events.choices import StaffRoleName
from events.models import Event, StaffRole
from events.rules import acts_of


def staff_viewer(user, event: Event, at) -> Viewer | None:
    """The viewer of an organiser in the organisers' site of an event; None for one who has no live role there."""
    roles = frozenset(StaffRole.objects.live(at).held_by(user).filter(event=event).values_list("role", flat=True))
    if not roles and not (user.is_superuser and user.is_active):
        return None
    roles = roles or frozenset({"manager"})
    return Viewer(hat="organiser:" + ",".join(sorted(roles)), user_id=user.pk, event_id=event.pk, staff_roles=roles)


def organisers_page(act: str = "read", *, write_act: str = ""):
    """Open a page to organisers of the event in its address whose roles allow `act`; POST needs `write_act` where given.

    Without a role at the event the page does not exist (404); with one that does not allow the act it is refused (403).
    Sets `request.event`, `request.viewer`, `request.acts` and `request.actor`.
    """

    def decorate(view):
        @functools.wraps(view)
        def page(request: HttpRequest, slug: str, **kwargs):
            event = get_object_or_404(Event.objects.for_page(), slug=slug)
            viewer = staff_viewer(request.user, event, timezone.now())
            if viewer is None:
                raise Http404
            acts = acts_of(viewer.staff_roles, event)
            needed = write_act if write_act and request.method not in ("GET", "HEAD") else act
            if needed not in acts:
                raise PermissionDenied
            request.event, request.viewer, request.acts = event, viewer, acts
            request.actor = Actor(user=request.user, hat=viewer.hat)
            return _sent_too_late(request) or view(request, **kwargs)

        page.keeps_typed = True
        return admin.site.admin_view(page)

    return decorate


def _sent_too_late(request: HttpRequest) -> HttpResponse | None:
    """Give the page that offers to send again what its reader had sent when their sign-in had ended; None when there is nothing."""
    if request.method != "POST":
        typed = drafts.kept(request)
        pairs = [(name, value) for name, values in typed.lists() for value in values] if typed else []
        return render_page(request, "admin/send_again.html", {"pairs": pairs}, section="") if pairs else None
    drafts.drop(request)
    if "drop_typed" not in request.POST:
        return None
    messages.info(request, _("What you had typed has been discarded. Nothing was changed."))
    return redirect("organise:dashboard", request.event.slug)


def render_page(request: HttpRequest, template: str, context: dict, *, section: str, status: int = 200):
    """Show an organisers' page inside its event: the event's name on top, its parts in the order of the work."""
    # Not the context of Django's admin: it lists the models one may edit, which these pages do not show and which costs queries.
    roles = [label for value, label in StaffRoleName.choices if value in request.viewer.staff_roles]
    base = {"event": request.event, "acts": request.acts, "section": section, "roles_held": roles}
    return render(request, template, base | context, status=status)
