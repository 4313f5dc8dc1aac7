"""The organisers' page of one person: data, decisions, access, security, what changed after approval, history and mails."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from delegates import actions
from delegates.admin.forms import DecisionForm, NarrowingForm, SecurityForm
from delegates.choices import RegistrationState as State
from delegates.models import Registration
from delegates.rules import OFFICER, TRANSITIONS, lacking
from events.admin.lists import with_names
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed

SECTION = "people"


def moves_of(registration) -> list[tuple[str, str]]:
    """The decisions an officer may take about a registration as it stands: (state, words of the button)."""
    words = {
        State.APPROVED: pgettext("decision", "Approve"),
        State.RETURNED: pgettext("decision", "Return"),
        State.REFUSED: pgettext("decision", "Refuse"),
        State.REVOKED: pgettext("decision", "Revoke approval"),
        State.WITHDRAWN: pgettext("decision", "Withdraw"),
    }
    if registration.state == State.REQUESTED:
        words[State.NOMINATED] = pgettext("decision", "Endorse")
    elif registration.state == State.APPROVED:
        words[State.NOMINATED] = pgettext("decision", "Ask to confirm again")
    elif registration.state in (State.WITHDRAWN, State.REVOKED):
        words[State.NOMINATED] = pgettext("decision", "Reopen")
    elif registration.state == State.REFUSED:
        words[State.SUBMITTED] = pgettext("decision", "Reopen")
    possible = [(to, label) for to, label in words.items() if OFFICER in TRANSITIONS.get((State(registration.state), to), ())]
    return [(to.value, label) for to, label in possible]


def _load(request: HttpRequest, public_id: str) -> Registration:
    registrations = request.event.registrations.for_list().select_related("event")
    return get_object_or_404(registrations, public_id=public_id)


def _to_person(registration: Registration) -> HttpResponse:
    return redirect("organise:person", registration.event.slug, registration.public_id)


@organisers_page("people")
@require_safe
def person(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one person's registration."""
    return _show(request, _load(request, public_id))


@organisers_page("registrations")
@require_POST
def person_decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take one decision; if somebody else took one since the page was opened, say so and keep the reason typed."""
    registration = _load(request, public_id)
    form = DecisionForm(request.POST, moves=[(state.value, state.label) for state in State])
    if request.POST.get("seen") != registration.state:
        words = _("Somebody changed this registration meanwhile: it is now “%(state)s”. Nothing was done; your reason is kept below.")
        form.add_error(None, words % {"state": registration.get_state_display()})
    if form.is_valid():
        data = form.cleaned_data
        try:
            moved = actions.move_registration(registration, to=data["to"], by=request.actor, made_by=OFFICER, reason=data["reason"])
        except NotAllowed as error:
            form.add_error(None, str(error))
            registration = _load(request, public_id)
        else:
            messages.success(request, _("The registration is now “%(state)s”.") % {"state": moved.get_state_display()})
            return _to_person(registration)
    return _show(request, registration, decision=form)


@organisers_page("registrations")
@require_POST
def person_narrow(request: HttpRequest, public_id: str) -> HttpResponse:
    """Narrow a person's access below that of their delegation, or lift that."""
    registration = _load(request, public_id)
    form = NarrowingForm(request.POST)
    if form.is_valid():
        return _act(request, registration, actions.narrow_registration, **form.cleaned_data)
    return _show(request, registration, narrowing=form)


@organisers_page("security")
@require_POST
def person_security(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record the decision of the security officer."""
    registration = _load(request, public_id)
    form = SecurityForm(request.POST)
    if form.is_valid():
        return _act(request, registration, actions.decide_security, **form.cleaned_data)
    return _show(request, registration, security=form)


@organisers_page("registrations")
@require_POST
def person_resend(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send the person's invitation again, with a new link."""
    registration = _load(request, public_id)
    invitation = get_object_or_404(registration.invitations.order_by("-created_at")[:1])
    try:
        actions.resend_invitation(invitation, by=request.actor)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("A new link is on its way; the old one no longer works."))
    return _to_person(registration)


@organisers_page("registrations")
@require_POST
def person_change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Accept or refuse one change that waits beside an approved value."""
    registration = _load(request, public_id)
    change = get_object_or_404(registration.pending_changes, field=request.POST.get("field", ""), decided_at__isnull=True)
    return _act(request, change, actions.decide_change, accept="accept" in request.POST, page_of=registration)


def _shown(change, registration) -> dict:
    """One change that waits, as the page shows it: the approved value beside the one asked for."""
    approved = getattr(registration.delegate, change.field)
    label = registration.delegate._meta.get_field(change.field).verbose_name
    shown = [", ".join(value) if isinstance(value, list) else value for value in (approved, change.value)]
    return {"field": change.field, "label": label, "approved": shown[0], "asked": shown[1], "asked_at": change.asked_at}


def _act(request, target, action, *, page_of=None, **given) -> HttpResponse:
    try:
        action(target, **given, by=request.actor)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Kept."))
    return _to_person(page_of or target)


def _show(request, registration, *, decision=None, narrowing=None, security=None) -> HttpResponse:
    can_decide = "registrations" in request.acts
    sees_contacts = bool(request.acts & {"delegations", "registrations"})
    mails = request.event.mails.filter(about=str(registration)).order_by("-queued_at") if sees_contacts else []
    context = {
        "registration": registration,
        "delegate": registration.delegate,
        "missing": lacking(registration, security_decides=request.event.security_decides),
        "doubles": request.event.registrations.doubles_of(registration) if can_decide else [],
        "decision": decision or DecisionForm(moves=[]),
        "decisions": moves_of(registration) if can_decide else [],
        "narrowing": narrowing or NarrowingForm(initial={"narrowing": registration.narrowing}),
        "security": security or SecurityForm(initial={"decision": registration.security_decision}),
        "changes": [_shown(change, registration) for change in registration.pending_changes.open().order_by("pk")],
        "steps": with_names(registration.moves.order_by("at", "pk")),
        "mails": mails,
        "can_decide": can_decide,
        "can_clear": "security" in request.acts and request.event.security_decides,
        "sees_contacts": sees_contacts,
    }
    return render_page(request, "admin/delegates/person.html", context, section=SECTION)
