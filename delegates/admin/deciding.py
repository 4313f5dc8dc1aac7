"""Deciding about many people at once: choose in the list, see who will change and who is left out and why, confirm."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from conference.lib.fingerprints import marks_in
from delegates import actions
from delegates.admin.lists import by_name
from delegates.admin.queue_forms import SECURITY_DECISIONS, DecisionForm
from delegates.choices import RegistrationState as State
from delegates.models import ReasonTemplate
from delegates.rules import NEEDS_REASON, OFFICER, check_approval, check_move, why_not
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed

MAX_TOLD = 20  # reasons told one by one after a decision about many


def bulk_moves(of=tuple(State)) -> list[tuple[str, str]]:
    """The decisions one may take about many: (state, words of the button); of some states, if asked."""
    words = {
        State.APPROVED: pgettext("decision", "Approve"),
        State.RETURNED: pgettext("decision", "Return"),
        State.REFUSED: pgettext("decision", "Refuse"),
        State.REVOKED: pgettext("decision", "Revoke approval"),
    }
    return [(state.value, label) for state, label in words.items() if state in of]


def name_of(registration) -> str:
    """The name of a person as messages to organisers say it."""
    return registration.delegate.listed_name if registration.delegate else _("Seat kept, name to follow")


@organisers_page("registrations")
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Show what a decision would do to the people chosen; with `confirm`, take it for those who are as they were shown."""
    chosen, to = _chosen(request), request.POST.get("to", "")
    if not chosen:
        return _nobody(request)
    if to not in dict(bulk_moves()):
        messages.warning(request, _("Choose a decision."))
        return _back(request)
    form = _form(request, to, bound="confirm" in request.POST)
    if "confirm" not in request.POST or not form.is_valid():
        twice = {row.pk for group in request.event.registrations.doubled() for row in group}
        rows = [(row, problem_of(row, request.event, State(to), is_double=row.pk in twice)) for row in chosen]
        context = {"form": form, "to": to, "label": dict(bulk_moves())[to], "needs_reason": to in NEEDS_REASON, "act": "decide"}
        return _preview(request, rows, context)
    data = form.cleaned_data
    outcome = actions.decide(
        chosen, to=to, by=request.actor, reason=data["reason"], template=data.get("template"), seen=_seen(request, chosen)
    )
    _tell(request, outcome)
    return _back(request)


@organisers_page("security")
@require_POST
def clear(request: HttpRequest) -> HttpResponse:
    """Show whom a security decision would concern; with `confirm`, take it for those who are as they were shown."""
    chosen, decision = _chosen(request), request.POST.get("decision", "")
    if not chosen:
        return _nobody(request)
    if decision not in SECURITY_DECISIONS or not request.event.security_decides:
        messages.warning(request, _("Choose a decision."))
        return _back(request)
    if "confirm" not in request.POST:
        rows = [(row, _problem_of_clearing(row, decision)) for row in chosen]
        context = {"to": decision, "label": SECURITY_DECISIONS[decision], "needs_reason": False, "act": "clear"}
        return _preview(request, rows, context, for_security=True)
    seen, outcome = _seen(request, chosen), []
    for row in chosen:
        problem = _problem_of_clearing(row, decision)
        try:
            if not problem:
                actions.decide_security(row, decision=decision, by=request.actor, seen=seen[row.public_id])
        except NotAllowed as refusal:
            problem = str(refusal)
        outcome.append((row, problem))
    _tell(request, outcome)
    return _back(request)


def _problem_of_clearing(registration, decision: str) -> str:
    if registration.state != State.SUBMITTED:
        return _("It does not wait for a decision: it is “%(state)s”.") % {"state": registration.get_state_display()}
    if registration.security_decision == decision:
        return _("This is the decision already.")
    return ""


def _chosen(request) -> list:
    ids = request.POST.getlist("registration")
    return by_name(request.event.registrations.filter(public_id__in=ids).for_decision())


def _nobody(request) -> HttpResponse:
    messages.warning(request, _("Choose at least one person."))
    return _back(request)


def _form(request, to: str, *, bound: bool) -> DecisionForm:
    """The form of the decision chosen, with the written reasons that are meant for it."""
    reasons = list(ReasonTemplate.objects.for_event(request.event).select_related("event"))
    given = {"data": request.POST} if bound else {"initial": request.POST.dict()}
    return DecisionForm(moves=bulk_moves([State(to)]), reasons=reasons, **given)


def _seen(request, chosen) -> dict[str, dict[str, str]]:
    """The fingerprints the preview carried for each person; without them everything looks changed."""
    return {row.public_id: marks_in(request.POST.get(f"seen-{row.public_id}", "")) for row in chosen}


def _preview(request, rows, context: dict, *, for_security: bool = False) -> HttpResponse:
    will_change = [row for row, problem in rows if not problem]
    for row in will_change:
        row.marks = json.dumps(actions.marks_of(row, for_security=for_security))
    context |= {
        "will_change": will_change,
        "left_out": [(row, problem) for row, problem in rows if problem],
        "back": request.POST.get("back", ""),
        "origin": _origin(request),
    }
    return render_page(request, "admin/delegates/decide.html", context, section=_origin(request))


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


def _origin(request) -> str:
    return "queue" if request.POST.get("origin") == "queue" else "people"


def _back(request) -> HttpResponse:
    asked = QueryDict(request.POST.get("back", "")[:2000]).urlencode()
    address = reverse(f"organise:{_origin(request)}", args=[request.event.slug])
    return redirect(f"{address}?{asked}" if asked else address)
