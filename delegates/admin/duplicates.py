"""People in two records or named by two delegations, side by side, for an organiser to decide."""

import datetime as dt
import json

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.lib import dates
from conference.lib.fingerprints import marks_in
from delegates import actions
from delegates.admin.queue_forms import DoubleForm
from delegates.admin.shown import countries_in_words
from delegates.models import Delegate, Registration
from delegates.rules import why_not
from events.admin.lists import page_of
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed

SECTION = "queue"
PER_PAGE = 20


@organisers_page("registrations")
@require_safe
def doubles(request: HttpRequest) -> HttpResponse:
    """Show the people whom two delegations have named, both registrations side by side."""
    return _show_doubles(request)


@organisers_page("registrations")
@require_POST
def double_settle(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let this registration of a person stay, and withdraw the others."""
    stays = get_object_or_404(request.event.registrations.for_list(), public_id=public_id)
    form = DoubleForm(request.POST)
    if form.is_valid():
        others = list(request.event.registrations.filter(public_id__in=request.POST.getlist("named")).exclude(pk=stays.pk).for_list())
        seen = {row.public_id: marks_in(request.POST.get(f"seen-{row.public_id}", "")) for row in (stays, *others)}
        try:
            actions.settle_double(stays, leave=others, reason=form.cleaned_data["reason"], by=request.actor, seen=seen)
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("One registration stays; the other is withdrawn, and its focal points are told that the person does not come.")
            )
            return redirect("organise:doubles", request.event.slug)
    return _show_doubles(request, failed=form, public_id=public_id)


def _show_doubles(request, *, failed=None, public_id: str = "") -> HttpResponse:
    groups = request.event.registrations.doubled(prefetch=True)
    page = page_of(request, groups, per_page=PER_PAGE)
    shown, usual = [], _("The organisers could not keep this registration.")
    for group in page:
        for row in group:
            row.marks = json.dumps(actions.marks_of(row))
        is_failed = failed is not None and any(row.public_id == public_id for row in group)
        first = group[0].public_id
        form = failed if is_failed else DoubleForm(initial={"reason": usual}, auto_id=f"{first}-%s")
        shown.append({"rows": group, "form": form, "name": group[0].delegate.full_name})
    context = {"page": page, "groups": shown, "failed": failed, "tab": "doubles"}
    return render_page(request, "admin/delegates/doubles.html", context, section=SECTION)


@organisers_page("registrations")
@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """Show the people of one organisation who have the same name in two records."""
    page = page_of(request, Delegate.objects.alike(request.event), per_page=PER_PAGE)
    people = [person for group in page for person in group]
    counts = Delegate.objects.filter(pk__in=[person.pk for person in people]).annotate(
        here=Count("registrations", filter=Q(registrations__event=request.event)), all=Count("registrations")
    )
    numbers = {row.pk: (row.here, row.all - row.here) for row in counts}
    for person in people:
        person.here, person.elsewhere = numbers[person.pk]
    context = {"page": page, "born_alike": request.event.registrations.born_alike(), "tab": "duplicates"}
    return render_page(request, "admin/delegates/duplicates.html", context, section=SECTION)


@organisers_page("registrations")
@require_http_methods(["GET", "HEAD", "POST"])
def duplicate(request: HttpRequest, public_id: str, other_id: str) -> HttpResponse:
    """Show what would come together in the first record; POST brings it together."""
    keep, other = (_known(request, one) for one in (public_id, other_id))
    problem = why_not(actions.check_merge, keep, other, request.event)
    if request.method == "POST":
        try:
            actions.merge_delegates(keep, other, event=request.event, by=request.actor, seen=marks_in(request.POST.get("seen", "")))
        except NotAllowed as error:
            messages.error(request, str(error))
            return redirect("organise:duplicate", request.event.slug, public_id, other_id)
        messages.success(request, _("The two records are one now."))
        return redirect("organise:duplicates", request.event.slug)
    after = actions.merged(keep, other)
    fields = [_beside(keep, other, after, name) for name in after if name != "user_id"]
    context = {
        "keep": keep,
        "other": other,
        "problem": problem,
        "fields": fields,
        "account": keep.user or other.user,
        "rows": [_of(request, person) for person in (keep, other)],
        "seen": json.dumps(actions.marks_of_merge(keep, other)),
        "tab": "duplicates",
    }
    return render_page(request, "admin/delegates/duplicate.html", context, section=SECTION)


def _known(request, public_id: str) -> Delegate:
    known = Delegate.objects.known_at(request.event).select_related("organisation", "user")
    return get_object_or_404(known, public_id=public_id)


def _of(request, person: Delegate) -> dict:
    """The registrations of a person: those here, and how many there are elsewhere."""
    here = Registration.objects.filter(delegate=person, event=request.event).for_list().order_by("pk")
    return {"person": person, "here": list(here), "elsewhere": person.registrations.exclude(event=request.event).count()}


def _beside(keep, other, after: dict, name: str) -> dict:
    """One field of both records, and as it will be."""
    shown = [_words(value) for value in (getattr(keep, name), getattr(other, name), after[name])]
    label = Delegate._meta.get_field(name).verbose_name
    return {"label": label, "keep": shown[0], "other": shown[1], "after": shown[2], "differs": shown[1] not in ("", None, shown[2])}


def _words(value) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.date):
        return dates.date_in_words(value, get_language() or "en")
    return countries_in_words(value) if isinstance(value, list) else value
