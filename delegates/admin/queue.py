"""The accreditation queue: registrations to decide, the longest waiting first, walked through one after another."""

import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conference.lib.fingerprints import marks_in
from delegates import actions
from delegates.admin.deciding import bulk_moves, name_of
from delegates.admin.lists import in_protocol_order
from delegates.admin.queue_forms import SECURITY_DECISIONS, DecisionForm, QueueFilter
from delegates.admin.shown import groups_given, may_read, shown_elsewhere
from delegates.choices import BESIDE_KINDS, FileKind, Group, PhotoKey, SecurityDecision
from delegates.choices import RegistrationState as State
from delegates.forms import kept_of
from delegates.models import ReasonTemplate, Registration
from delegates.privacy import BY_NAME
from delegates.rules import FILE_ACTS, NOT_IN_SHARED, OFFICER
from events.admin.lists import page_of, with_names
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed

SECTION = "queue"
KEYS = "queue_keys"  # in the sign-in session: "off" once switched off
DECISIONS = (State.APPROVED, State.RETURNED, State.REFUSED)


def takes(request: HttpRequest) -> dict[str, bool]:
    """Say which of the two decisions the reader takes at this event."""
    return {"can_decide": "registrations" in request.acts, "can_clear": "security" in request.acts and request.event.security_decides}


def _queue_of(request, asked: QueryDict):
    """The filter of an address and the registrations it walks through. Who takes the security decision alone sees those without one."""
    event = request.event
    asked = asked.copy()
    if "registrations" not in request.acts:
        asked.setdefault("security", SecurityDecision.PENDING)
    delegations = in_protocol_order(event, event.delegations.select_related("organisation"))
    form = QueueFilter(asked, event=event, delegations=delegations)
    return form, form.narrow(event.registrations.to_decide())


@organisers_page("decide")
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """List the registrations to decide, the longest waiting first; filters and page stand in the address."""
    form, rows = _queue_of(request, request.GET)
    page = page_of(request, rows.for_list())
    asked = _without_page(request.GET)
    context = {
        "form": form,
        "page": page,
        "doubled": {row.pk for group in request.event.registrations.doubled() for row in group} if takes(request)["can_decide"] else set(),
        "asked": asked,
        "is_filtered": any(value for name, value in request.GET.items() if name != "page"),
        "moves": bulk_moves(DECISIONS),
        "clearings": SECURITY_DECISIONS.items(),
        "tab": "queue",
        "weapons": list(request.event.registrations.with_weapon_to_decide().for_list().order_by("pk"))
        if "security" in request.acts
        else [],
        **takes(request),
    }
    return render_page(request, "admin/delegates/queue.html", context, section=SECTION)


def _without_page(asked: QueryDict) -> str:
    kept = asked.copy()
    kept.pop("page", None)
    return kept.urlencode()


@organisers_page("decide")
@require_safe
def queue_one(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one registration of the queue with everything a decision rests on, between the one before and the one after it."""
    return _show(request, _load(request, public_id), request.GET)


def _load(request, public_id: str) -> Registration:
    return get_object_or_404(
        request.event.registrations.with_wait().for_decision().select_related("event"),
        public_id=public_id,
    )


@organisers_page("registrations")
@require_POST
def queue_decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Approve, return or refuse what was seen, and go on to the next one."""
    registration, asked = _load(request, public_id), QueryDict(request.POST.get("asked", "")[:2000])
    form = _decision_form(request, registration, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        reason = actions.reason_for(registration, reason=data["reason"], template=data.get("template"))
        try:
            seen = marks_in(request.POST.get("seen", ""))
            moved = actions.move_registration(registration, to=data["to"], by=request.actor, made_by=OFFICER, reason=reason, seen=seen)
        except NotAllowed as error:
            form.add_error(None, str(error))
            registration = _load(request, public_id)
        else:
            words = _("%(name)s: the registration is now “%(state)s”.")
            messages.success(request, words % {"name": name_of(moved), "state": moved.get_state_display()})
            return _onward(request, registration, asked)
    return _show(request, registration, asked, decision=form)


@organisers_page("security")
@require_POST
def queue_security(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the security decision on what was seen, and go on to the next one."""
    registration, asked = _load(request, public_id), QueryDict(request.POST.get("asked", "")[:2000])
    decision, seen = request.POST.get("decision", ""), marks_in(request.POST.get("seen", ""))
    if decision not in SECURITY_DECISIONS:
        messages.warning(request, _("Choose a decision."))
        return _show(request, registration, asked)
    try:
        decided = actions.decide_security(registration, decision=decision, by=request.actor, seen=seen)
    except NotAllowed as error:
        messages.error(request, str(error))
        return _show(request, _load(request, public_id), asked)
    words = _("%(name)s: the security decision is now “%(decision)s”.")
    messages.success(request, words % {"name": name_of(decided), "decision": decided.get_security_decision_display()})
    return _onward(request, registration, asked)


@organisers_page("decide")
@require_POST
def queue_reveal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a sealed group once beside the rest, to whoever may read it; that it was opened is recorded."""
    registration, asked = _load(request, public_id), QueryDict(request.POST.get("asked", "")[:2000])
    group = BY_NAME.get(request.POST.get("group", ""))
    if group is None or not group.is_sealed or not may_read(request, group):
        raise PermissionDenied
    actions.open_sealed(registration, group=group.name, by=request.actor)
    return _show(request, registration, asked, revealed=group.name)


def _onward(request, registration, asked: QueryDict) -> HttpResponse:
    _form, rows = _queue_of(request, asked)
    after = rows.after(registration).first()
    if after is None:
        return redirect(_address("queue", request, "", asked))
    return redirect(_address("queue_one", request, after.public_id, asked))


def _address(name: str, request, public_id: str, asked: QueryDict) -> str:
    address = reverse(f"organise:{name}", args=[request.event.slug, *filter(None, [public_id])])
    return f"{address}?{asked.urlencode()}" if asked else address


@organisers_page("decide")
@require_POST
def queue_keys(request: HttpRequest, public_id: str) -> HttpResponse:
    """Switch the keys of the queue off or on, for this sign-in (WCAG 2.1.4)."""
    request.session[KEYS] = "off" if request.POST.get("keys") == "off" else "on"
    asked = QueryDict(request.POST.get("asked", "")[:2000])
    registration = get_object_or_404(request.event.registrations, public_id=public_id)
    return redirect(_address("queue_one", request, registration.public_id, asked))


def _files(request, registration) -> dict:
    """The photo and the papers the reader's role opens, by kind; the first of each."""
    found = [*registration.files.all(), *registration.delegation.files.all()]
    opened = [file for file in found if FILE_ACTS[FileKind(file.kind)] in request.acts]
    if request.user.is_shared:
        opened = [file for file in opened if file.kind not in NOT_IN_SHARED]
    return {file.kind: file for file in opened if file.kind not in BESIDE_KINDS or file.key == PhotoKey.CURRENT}


def _decision_form(request, registration, data=None) -> DecisionForm:
    language = registration.delegate.language if registration.delegate else request.event.working_language
    reasons = list(ReasonTemplate.objects.for_event(request.event).select_related("event"))
    return DecisionForm(data, moves=bulk_moves(DECISIONS), reasons=reasons, language=language)


def _given(request, registration, revealed: str) -> list[dict]:
    """What the person gave, group by group, as the reader's role opens it; who they are and their needs stand above already."""
    if registration.delegate is None:
        return []
    kept = kept_of(registration, request.event.day_of(timezone.now()))
    return [group for group in groups_given(request, registration, kept, revealed) if group["asked"].group.name != Group.PHOTO]


def _show(request, registration, asked: QueryDict, *, decision=None, revealed="") -> HttpResponse:
    may, event = takes(request), request.event
    _form, rows = _queue_of(request, asked)
    before, after = rows.before(registration), rows.after(registration)
    is_waiting = rows.filter(pk=registration.pk).exists()
    neighbours = {"previous": before.reverse().first(), "next": after.first()}
    context = {
        "registration": registration,
        "delegate": registration.delegate,
        "elsewhere": shown_elsewhere(registration) if may_read(request, BY_NAME[Group.IDENTITY]) else [],
        "is_waiting": is_waiting,
        "position": before.count() + 1,
        "total": rows.count(),
        "previous": neighbours["previous"] and _address("queue_one", request, neighbours["previous"].public_id, asked),
        "next": neighbours["next"] and _address("queue_one", request, neighbours["next"].public_id, asked),
        "list": _address("queue", request, "", asked),
        "asked": asked.urlencode(),
        "decision": decision or (_decision_form(request, registration) if may["can_decide"] else None),
        "moves": bulk_moves(DECISIONS) if registration.state == State.SUBMITTED else [],
        "clearings": SECURITY_DECISIONS.items() if registration.state == State.SUBMITTED else [],
        "seen": json.dumps(actions.marks_of(registration)) if may["can_decide"] else "",
        "seen_by_security": json.dumps(actions.marks_of(registration, for_security=True)),
        "doubles": event.registrations.doubles_of(registration) if may["can_decide"] else [],
        "files": _files(request, registration),
        "groups": _given(request, registration, revealed),
        "steps": with_names(registration.moves.order_by("at", "pk")),
        "keys": request.session.get(KEYS, "on"),
        "tab": "queue",
        **may,
    }
    return render_page(request, "admin/delegates/queue_one.html", context, section=SECTION)
