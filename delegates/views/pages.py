"""The doors of a delegation's and a person's own pages, and what their forms have in common."""

import functools

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from conference.lib import clock, drafts
from delegates import actions, rules
from delegates.forms import refilled
from delegates.models import Delegation, FocalPoint, Registration
from events.rules import NotAllowed

METHODS = ["GET", "HEAD", "POST"]


def focal_page(view):
    """Open a page to the focal points of the delegation in its address; for everybody else it does not exist.

    The address itself names the hat. The view is called with the request and the delegation.
    """

    @functools.wraps(view)
    def page(request, slug, public_id, **kwargs):
        delegation = Delegation.objects.of_focal_point(request.viewer).for_page().filter(public_id=public_id).first()
        if delegation is None:
            return _without_right(request, public_id)
        delegation.event = request.event
        return view(request, delegation, **kwargs)

    page.hat, page.keeps_typed = "focal", True
    return page


def _without_right(request: HttpRequest, public_id: str) -> HttpResponse:
    """Tell somebody whose right ended while a form was open so, with what they typed; to everybody else the page does not exist."""
    ended = FocalPoint.objects.filter(event=request.event, user=request.user, delegation__public_id=public_id, until_at__lte=timezone.now())
    focal_point = ended.select_related("delegation__organisation").order_by("until_at").last() if request.method == "POST" else None
    if focal_point is None:
        raise Http404
    drafts.keep(request)  # the form shows it again should the right come back
    organisation = focal_point.delegation.organisation
    context = {"event": request.event, "focal_point": focal_point, "organisation": organisation, "typed": _typed(request)}
    return render(request, "delegates/right_ended.html", context, status=403)


NOT_TYPED = ("csrfmiddlewaretoken", "hat", "key", "late", "count", "category", "language")  # or chosen from a list, as codes


def _typed(request: HttpRequest) -> list[str]:
    """What somebody typed, a line for each field; the fields of one row of a table on one line."""
    lines: dict[str, list[str]] = {}
    for name, values in request.POST.lists():
        row, _dash, field = name.rpartition("-")
        if field not in NOT_TYPED:
            lines.setdefault(row or name, []).extend(value for value in values if value.strip())
    return [", ".join(line) for line in lines.values() if line]


def show(request: HttpRequest, name: str, delegation: Delegation, **context) -> HttpResponse:
    """Show a page of a delegation, with the clock of its deadline and whether nominations are still taken."""
    at = timezone.now()
    deadline = request.event.nominate_by_at
    always = {
        "event": request.event,
        "delegation": delegation,
        "organisation": delegation.organisation,
        "nominating_refused": nominating_refused(request.event),
        "may_ask_late": rules.may_ask_late(request.event, at),
        "reader_zone": request.user.time_zone if request.user.time_zone != request.event.zone else "",
        "nominate_days_left": clock.days_until(deadline, request.event.zone, at) if deadline else None,
    }
    return render(request, f"delegates/{name}.html", always | context)


def nominating_refused(event) -> str:
    """Why nobody can be nominated now, in words; an empty text when somebody can."""
    return rules.why_not(rules.check_nominating, event, timezone.now(), made_by=rules.FOCAL)


def back_to(delegation: Delegation) -> HttpResponse:
    """Go back to the page of the delegation."""
    return redirect("delegates:delegation", delegation.event.slug, delegation.public_id)


def person_of(delegation: Delegation, registration_id: str) -> Registration:
    """Give a registration of the delegation; anything else does not exist."""
    registration = get_object_or_404(delegation.registrations.for_list(), public_id=registration_id)
    registration.delegation, registration.event = delegation, delegation.event
    return registration


def own_page(view):
    """Open a page to the person of the registration in its address; for everybody else it does not exist.

    The address itself names the hat. The view is called with the request and the registration.
    """

    @functools.wraps(view)
    def page(request, slug, public_id, **kwargs):
        registration = get_object_or_404(Registration.objects.own_of(request.viewer).for_list(), public_id=public_id)
        registration.event = request.event
        return view(request, registration, **kwargs)

    page.hat, page.keeps_typed = "registration", True
    return page


def form_for(request, form_class, **options):
    """Make the form of a page: with what was posted, else with what was kept of an earlier try, else fresh."""
    if request.method == "POST":
        return form_class(request.POST, **options)
    return refilled(form_class, drafts.kept(request), **options)


def attempt(request, form, act):
    """Act, and give what came of it; a refusal becomes the form's error, in its own words, and gives None.

    What came too late (`rules.FormTooLate`) is left to the page, which may keep it.
    """
    try:
        done = act()
    except rules.FormTooLate:
        raise
    except actions.SentBefore as refusal:
        form.renew_key(str(refusal))
        return None
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return None
    drafts.drop(request)
    return done


def attempt_once(request, form, act, *, by):
    """As `attempt`, for a form that acts once however often it is sent; give the public id of what it made."""
    return attempt(request, form, lambda: actions.once(act, by=by, key=form.cleaned_data["key"], digest=form.digest()))
