"""Deciding about many people at once: choose in the list, see who will change and who is left out and why, confirm."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from delegates import actions
from delegates.admin.forms import DecisionForm
from delegates.admin.lists import doubled, in_order
from delegates.choices import RegistrationState as State
from delegates.rules import NEEDS_REASON, OFFICER, check_approval, check_move, why_not
from events.admin.pages import organisers_page, render_page

MAX_TOLD = 20  # reasons told one by one after a decision about many


def bulk_moves() -> list[tuple[str, str]]:
    """The decisions one may take about many: (state, words of the button)."""
    return [
        (State.APPROVED.value, pgettext("decision", "Approve")),
        (State.RETURNED.value, pgettext("decision", "Return")),
        (State.REFUSED.value, pgettext("decision", "Refuse")),
        (State.REVOKED.value, pgettext("decision", "Revoke approval")),
    ]


def name_of(registration) -> str:
    """The name of a person as messages to organisers say it."""
    return registration.delegate.listed_name if registration.delegate else _("Seat kept, name to follow")


@organisers_page("registrations")
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Show what a decision would do to the people chosen; with `confirm`, take it."""
    ids = request.POST.getlist("registration")
    chosen = in_order(request.event, list(request.event.registrations.filter(public_id__in=ids).for_list()), "name", False)
    if not chosen:
        messages.warning(request, _("Choose at least one person."))
        return _back(request)
    if "confirm" not in request.POST:
        return _preview(request, chosen, DecisionForm(moves=bulk_moves(), initial=request.POST.dict()), to=request.POST.get("to", ""))
    form = DecisionForm(request.POST, moves=bulk_moves())
    if not form.is_valid():
        return _preview(request, chosen, form, to=request.POST.get("to", ""))
    _tell(request, actions.decide(chosen, to=form.cleaned_data["to"], by=request.actor, reason=form.cleaned_data["reason"]))
    return _back(request)


def _preview(request, chosen, form, *, to) -> HttpResponse:
    moves = dict(bulk_moves())
    if to not in moves:
        messages.warning(request, _("Choose a decision."))
        return _back(request)
    twice = doubled(request.event.registrations.active().for_list())
    rows = [(row, problem_of(row, request.event, State(to), is_double=row.pk in twice)) for row in chosen]
    context = {
        "form": form,
        "to": to,
        "label": moves[to],
        "needs_reason": to in NEEDS_REASON,
        "will_change": [row for row, problem in rows if not problem],
        "left_out": [(row, problem) for row, problem in rows if problem],
        "back": request.POST.get("back", ""),
    }
    return render_page(request, "admin/delegates/decide.html", context, section="people")


def problem_of(registration, event, to: State, *, is_double: bool) -> str:
    """Say why a decision is not possible as things stand; an empty text when it is. The reason to give is left to the form."""
    problem = why_not(check_move, registration, to, made_by=OFFICER, reason="-")
    if to == State.APPROVED and not problem:
        problem = why_not(check_approval, registration, event, is_double=is_double)
    return problem


def _tell(request, outcome) -> None:
    done = sum(not problem for _row, problem in outcome)
    if done:
        words = ngettext("%(count)d registration was changed.", "%(count)d registrations were changed.", done)
        messages.success(request, words % {"count": done})
    left = [(row, problem) for row, problem in outcome if problem]
    for row, problem in left[:MAX_TOLD]:
        messages.warning(request, _("%(name)s was left as it is. %(problem)s") % {"name": name_of(row), "problem": problem})
    if len(left) > MAX_TOLD:
        more = len(left) - MAX_TOLD
        messages.warning(
            request, ngettext("%(count)d more was left as it is.", "%(count)d more were left as they are.", more) % {"count": more}
        )


def _back(request) -> HttpResponse:
    asked = QueryDict(request.POST.get("back", "")[:2000]).urlencode()
    address = reverse("organise:people", args=[request.event.slug])
    return redirect(f"{address}?{asked}" if asked else address)
