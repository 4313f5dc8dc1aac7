"""The organisers' page of one person: data, decisions, access, security, what changed after approval, history and mails."""

import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conference.lib.fingerprints import marks_in
from delegates import actions
from delegates.actions.reminders import asks_details
from delegates.admin.forms import NarrowingForm, PlaceForm, SecurityForm, WeaponForm
from delegates.admin.queue_forms import DecisionForm
from delegates.admin.shown import groups_given, late_forms, may_read, moves_of, shown, shown_elsewhere
from delegates.choices import BESIDE_KINDS, FileKind, FormPhase, Group, PhotoKey, WeaponDecision
from delegates.choices import RegistrationState as State
from delegates.forms import kept_of
from delegates.models import ReasonTemplate, Registration
from delegates.privacy import BY_NAME
from delegates.rules import FILE_ACTS, HOLDING, OFFICER, PHOTO_FIELD, lacking, owes_details, owes_form
from events.admin.lists import with_fates, with_names
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed

SECTION = "people"
WEAPON_IDS = "weapon-%s"  # the decision on the person stands on the same page


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
    form = _decision_form(request, registration, request.POST)
    if form.is_valid():
        data, seen = form.cleaned_data, marks_in(request.POST.get("seen", ""))
        reason = actions.reason_for(registration, reason=data["reason"], template=data.get("template"))
        try:
            moved = actions.move_registration(registration, to=data["to"], by=request.actor, made_by=OFFICER, reason=reason, seen=seen)
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


@organisers_page("registrations")
@require_POST
def person_place(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change in what capacity a person comes, and how, if the place that takes is free."""
    registration = _load(request, public_id)
    form = PlaceForm(request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                actions.change_category(registration, category=form.cleaned_data["category"], by=request.actor)
                actions.change_mode(registration, mode=form.cleaned_data["mode"], by=request.actor)
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return _to_person(registration)
    return _show(request, registration, place=form)


@organisers_page("registrations")
@require_POST
def person_mailbox(request: HttpRequest, public_id: str) -> HttpResponse:
    """Mark the address a person signs in with as a mailbox several people read, or as theirs alone."""
    registration = _load(request, public_id)
    user = registration.delegate.user if registration.delegate else None
    if user is None:
        raise Http404
    is_shared = request.POST.get("is_shared") == "yes"
    if request.user.is_shared and not is_shared:
        raise PermissionDenied  # or the readers of a shared mailbox of the organisers would open to themselves what it never shows
    actions.share_mailbox(user, is_shared=is_shared, by=request.actor, event=request.event)
    messages.success(request, _("Saved."))
    return _to_person(registration)


@organisers_page("security")
@require_POST
def person_security(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record the decision of the security officer."""
    registration = _load(request, public_id)
    form = SecurityForm(request.POST)
    if form.is_valid():
        return _act(request, registration, actions.decide_security, **form.cleaned_data)
    return _show(request, registration, security=form)


@organisers_page("security")
@require_POST
def person_weapon(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record the decision on the weapon the person declared, if it is still the one that was shown."""
    registration = _load(request, public_id)
    form, seen = WeaponForm(request.POST, auto_id=WEAPON_IDS), parse_datetime(request.POST.get("seen", "")[:40])
    if seen is None:
        raise Http404
    if form.is_valid():
        return _act(request, registration, actions.decide_weapon, seen_at=seen, **form.cleaned_data)
    return _show(request, registration, weapon=form)


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
    seen = marks_in(request.POST.get("seen", ""))
    try:
        decided = actions.decide_change(change, accept="accept" in request.POST, seen=seen, by=request.actor)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        words = _("Accepted. It takes effect once the organisers of the other event that has approved this person have accepted it too.")
        messages.success(request, _("Saved.") if decided.is_settled else words)
    return redirect("organise:changes", request.event.slug) if request.POST.get("origin") == "changes" else _to_person(registration)


@organisers_page("people")
@require_POST
def person_reveal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a sealed group once, to whoever may read it; that it was opened is recorded."""
    registration = _load(request, public_id)
    group = BY_NAME.get(request.POST.get("group", ""))
    if group is None or not group.is_sealed or not may_read(request, group):
        raise PermissionDenied
    actions.open_sealed(registration, group=group.name, by=request.actor)
    return _show(request, registration, revealed=group.name)


@organisers_page("registrations")
@require_POST
def person_late(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take over a form that came after its deadline, if it is still the one that was shown."""
    registration = _load(request, public_id)
    seen = parse_datetime(request.POST.get("seen", "")[:40])
    if seen is None or request.POST.get("phase") not in FormPhase.values:
        raise Http404
    return _act(request, registration, actions.accept_late, phase=request.POST["phase"], seen_at=seen)


def _decision_form(request, registration, data=None) -> DecisionForm:
    language = registration.delegate.language if registration.delegate else request.event.working_language
    reasons = list(ReasonTemplate.objects.for_event(request.event).select_related("event"))
    moves = [(state.value, state.label) for state in State] if data else moves_of(registration)
    return DecisionForm(data, moves=moves, reasons=reasons, language=language)


def _files(registration) -> list:
    return list(registration.files.filter(kind__in=BESIDE_KINDS))


def _changes(request, registration, files, revealed: str) -> list[dict]:
    """The changes that wait, for those who read who a person is (a birth date is among them); who sees photos sees the new one."""
    changes = registration.pending_changes.open().order_by("pk")
    if not may_read(request, BY_NAME[Group.IDENTITY]):
        changes = changes.filter(field=PHOTO_FIELD) if FILE_ACTS[FileKind.PHOTO] in request.acts else changes.none()
    return [shown(change, registration, files, revealed) for change in changes]


def _act(request, target, action, **given) -> HttpResponse:
    try:
        action(target, **given, by=request.actor)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved."))
    return _to_person(target)


def _weapon(request, registration):
    """The weapon on which the reader may decide, as it was declared; none when none is asked for."""
    if "security" not in request.acts or registration.weapon_decision == WeaponDecision.NONE or registration.state not in HOLDING:
        return None
    return registration.given_groups.filter(group=Group.WEAPON).first()


def _show(request, registration, *, decision=None, narrowing=None, security=None, weapon=None, place=None, revealed="") -> HttpResponse:
    files = _files(registration)
    photo = next((file for file in files if file.kind == FileKind.PHOTO and file.key == PhotoKey.CURRENT), None)
    can_decide = "registrations" in request.acts
    sees_contacts = bool(request.acts & {"delegations", "registrations"})
    mails = (
        with_fates(request.event.mails.about([registration]).order_by("-queued_at", "-pk"), request.event, request.acts)
        if sees_contacts
        else []
    )
    kept = kept_of(registration, request.event.day_of(timezone.now())) if registration.delegate else None
    owes_second = owes_details(registration) and asks_details(request.event)
    context = {
        "registration": registration,
        "delegate": registration.delegate,
        "groups": groups_given(request, registration, kept, revealed) if kept else [],
        "late_forms": late_forms(request, registration, kept) if kept and can_decide else [],
        "revealed": revealed,
        "missing": lacking(registration, security_decides=request.event.security_decides),
        "doubles": request.event.registrations.doubles_of(registration) if can_decide else [],
        "decision": decision or (_decision_form(request, registration) if can_decide else DecisionForm(moves=[])),
        "seen": json.dumps(actions.marks_of(registration)) if can_decide else "",
        "decisions": moves_of(registration) if can_decide else [],
        "narrowing": narrowing or NarrowingForm(initial={"narrowing": registration.narrowing}),
        "place": place or PlaceForm(initial={"category": registration.category, "mode": registration.mode}),
        "security": security or SecurityForm(initial={"decision": registration.security_decision}),
        "weapon": weapon or WeaponForm(initial={"decision": registration.weapon_decision}, auto_id=WEAPON_IDS),
        "declared": _weapon(request, registration),
        "changes": _changes(request, registration, files, revealed),
        "elsewhere": shown_elsewhere(registration) if may_read(request, BY_NAME[Group.IDENTITY]) else [],
        "steps": with_names(registration.moves.order_by("at", "pk")),
        "mails": mails,
        "may_enter_details": "delegations" in request.acts and owes_second,
        "may_remind": "mail" in request.acts and owes_form(registration) and registration.invited_at is not None,
        "may_remind_details": "mail" in request.acts and owes_second,
        "sees_documents": may_read(request, BY_NAME[Group.IDENTITY_DOCUMENT]),
        "can_decide": can_decide,
        "can_clear": "security" in request.acts and request.event.security_decides,
        "sees_contacts": sees_contacts,
        "copy_is_seen": FILE_ACTS[FileKind.IDENTITY_DOCUMENT] in request.acts,
        "photo_is_seen": FILE_ACTS[FileKind.PHOTO] in request.acts,
        "photo": photo if FILE_ACTS[FileKind.PHOTO] in request.acts else None,
    }
    return render_page(request, "admin/delegates/person.html", context, section=SECTION)
