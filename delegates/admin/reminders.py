"""The organisers' pages of reminders: the plan of each deadline, who would be reminded, and reminding somebody now."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from delegates.actions.reminders import keep_plan, kind_for, plan_of, remind_now, reminded, silent_ones
from delegates.choices import RegistrationState, ReminderKind
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed

SECTION = "mails"
MOST_DAYS, MOST_STEPS = 120, 8


class DaysField(forms.CharField):
    """Days before a deadline, typed with commas: 14, 7, 2."""

    def prepare_value(self, value):
        """Show a list as one types it."""
        return ", ".join(str(days) for days in value) if isinstance(value, list) else value

    def clean(self, value) -> list[int]:
        """Give the days, the furthest first."""
        typed = [part for part in super().clean(value).replace(";", ",").replace(" ", ",").split(",") if part]
        if not all(part.isascii() and part.isdigit() and 1 <= int(part) <= MOST_DAYS for part in typed) or len(typed) > MOST_STEPS:
            words = {"most": MOST_DAYS, "steps": MOST_STEPS}
            raise forms.ValidationError(_("Type days from 1 to %(most)d with commas between, %(steps)d at most, such as 14, 7, 2.") % words)
        return sorted({int(part) for part in typed}, reverse=True)


class PlanForm(forms.Form):
    """When to remind before one deadline."""

    is_on = forms.BooleanField(label=gettext_lazy("Send these reminders"), required=False)
    days = DaysField(label=gettext_lazy("Days before the deadline"), max_length=100)
    most = forms.IntegerField(
        label=gettext_lazy("At most, to one person"),
        min_value=1,
        max_value=10,
        help_text=gettext_lazy("Those sent by hand count too."),
    )


@organisers_page("mail")
@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: HttpRequest) -> HttpResponse:
    """Show the plans and whom they reach; POST keeps one of them."""
    at = timezone.now()
    asked = request.POST.get("kind", "")
    rows = [_row(request, kind, at, request.POST if kind == asked else None) for kind in ReminderKind]
    chosen = next((row for row in rows if row["form"].is_bound), None)
    if chosen and chosen["form"].is_valid():
        try:
            keep_plan(request.event, kind=asked, **chosen["form"].cleaned_data, by=request.actor)
        except NotAllowed as error:
            chosen["form"].add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("organise:reminders", request.event.slug)
    return render_page(request, "admin/delegates/reminders.html", {"rows": rows}, section=SECTION)


def _row(request, kind, at, data) -> dict:
    plan = plan_of(request.event, kind)
    so_far = reminded(request.event, kind, plan.deadline)
    people = [
        {"name": _name(thing), "delegation": thing.delegation, "number": so_far.get(str(thing), 0)}
        for thing in silent_ones(request.event, kind, at)
    ]
    initial = {"is_on": plan.is_on, "days": plan.days, "most": plan.most}
    return {
        "kind": kind,
        "plan": plan,
        "form": PlanForm(data, prefix=kind.value, initial=initial),
        "next_at": plan.next_at(at) if plan.is_on else None,
        "is_past": plan.deadline is not None and plan.deadline <= at,
        "people": people,
        "reachable": sum(row["number"] < plan.most for row in people),
    }


def _name(thing) -> str:
    return thing.delegate.listed_name if hasattr(thing, "delegate") else thing.name or thing.email


@organisers_page("mail")
@require_POST
def delegation_remind(request: HttpRequest, public_id: str) -> HttpResponse:
    """Remind the focal points of a delegation now of what is awaited from it."""
    delegation = get_object_or_404(request.event.delegations, public_id=public_id)
    _send(request, kind_for(delegation), delegation.focal_points.all())
    return redirect("organise:delegation", request.event.slug, public_id)


@organisers_page("mail")
@require_POST
def person_remind(request: HttpRequest, public_id: str) -> HttpResponse:
    """Remind one person now of the form that is awaited: to confirm, or once approved of the second form."""
    registration = get_object_or_404(request.event.registrations, public_id=public_id)
    kind = ReminderKind.TRAVEL if registration.state == RegistrationState.APPROVED else ReminderKind.CONFIRM
    _send(request, kind, [registration])
    return redirect("organise:person", request.event.slug, public_id)


def _send(request, kind, things) -> None:
    try:
        sent = remind_now(request.event, kind=kind, things=things, by=request.actor)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        words = ngettext("%(count)d reminder is on its way.", "%(count)d reminders are on their way.", sent)
        messages.success(request, words % {"count": sent})
