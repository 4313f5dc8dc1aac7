"""The organisers' page of one delegation: facts, seats, people, focal points, notes, mail, history; what they keep of it for themselves."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from conference.models import User
from delegates import actions
from delegates.admin.delegations import SECTION, load, telephone_of, to_delegation
from delegates.admin.desk_forms import DeskForm, NoteForm
from delegates.admin.forms import DelegationForm, FocalPointForm
from delegates.admin.letters import letters_of
from delegates.admin.undo import offer_undo, offered_undo
from delegates.choices import Answer, Consent
from delegates.choices import RegistrationState as State
from delegates.rules import CORRECTED, ENDED, OFFICER, SeatsBelowUse, may_move, owes_form
from events.admin.lists import with_fates, with_names
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed

MAILS_SHOWN = 20
ACTS_SHOWN = 50


@organisers_page("people", write_act="delegations")
@require_http_methods(["GET", "HEAD", "POST"])
def delegation(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one delegation; POST changes its seats and standing."""
    delegation = load(request, public_id)
    if request.method != "POST":
        return show_delegation(request, delegation)
    form = DelegationForm(request.POST, instance=delegation)
    if form.is_valid():
        try:
            actions.change_delegation(load(request, public_id), **form.facts(), by=request.actor)
        except NotAllowed as error:
            form.add_error("seats" if isinstance(error, SeatsBelowUse) else None, str(error))
        else:
            messages.success(request, _("Saved."))
            return to_delegation(delegation, "seats")
    return show_delegation(request, load(request, public_id), edit=form)


@organisers_page("delegations")
@require_POST
def delegation_desk(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep who looks after a delegation, its telephone and the day to follow up; `done` alone ends the follow-up."""
    delegation = load(request, public_id)
    if "done" in request.POST:
        kept = {"responsible": delegation.responsible, "phone": delegation.phone, "follow_up_date": None}
        if delegation.follow_up_date:
            before = {"desk-responsible": delegation.responsible_id or "", "desk-phone": delegation.phone}
            offer_undo(request, url=request.path, **before, **{"desk-follow_up_date": delegation.follow_up_date.isoformat()})
        return _keep(request, delegation, kept, _("Followed up. Set another day below if there is more to do."))
    form = _desk_form(request, delegation, request.POST)
    if form.is_valid():
        return _keep(request, delegation, form.cleaned_data, _("Saved."))
    return show_delegation(request, delegation, desk=form)


def _keep(request, delegation, kept, words) -> HttpResponse:
    try:
        actions.keep_desk(delegation, **kept, by=request.actor)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words)
    return to_delegation(delegation, "notes")


@organisers_page("delegations")
@require_POST
def note_add(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write a dated note, and the day to follow up from now on."""
    delegation = load(request, public_id)
    form = NoteForm(request.POST, prefix="note")
    if form.is_valid():
        try:
            actions.add_note(delegation, **form.cleaned_data, by=request.actor)
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The note is kept."))
            return to_delegation(delegation, "notes")
    return show_delegation(request, delegation, note=form)


@organisers_page("delegations")
@require_http_methods(["GET", "HEAD", "POST"])
def note_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask, then remove a note for good; one of another author does not exist here."""
    notes = request.event.delegation_notes.removable_by(request.user).select_related("by", "delegation__organisation", "delegation__event")
    note = get_object_or_404(notes, public_id=public_id)
    if request.method == "POST":
        try:
            actions.remove_note(note, by=request.actor)
        except NotAllowed as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The note is removed."))
        return to_delegation(note.delegation, "notes")
    return render_page(request, "admin/delegates/note_remove.html", {"note": note, "delegation": note.delegation}, section=SECTION)


def _desk_form(request, delegation, data=None) -> DeskForm:
    colleagues = User.objects.filter(staff_roles__in=request.event.staff_roles.live(timezone.now())).distinct().order_by("name", "email")
    kept = {name: getattr(delegation, name) for name in ("responsible", "follow_up_date")}
    return DeskForm(data, prefix="desk", colleagues=colleagues, delegation=delegation, initial=kept)


def show_delegation(request, delegation, *, edit=None, desk=None, note=None, focal=None) -> HttpResponse:
    """Show the page of a delegation, with those forms that came back with errors."""
    at, can_edit = timezone.now(), "delegations" in request.acts
    sees_contacts = bool(request.acts & {"delegations", "registrations"})
    people = list(delegation.registrations.for_list().order_by("position", "pk"))
    focal_points = list(delegation.focal_points.live(at).order_by("pk"))
    forms = {
        "edit": edit or DelegationForm(instance=delegation, initial={"seats": delegation.seats}),
        "desk": desk or (_desk_form(request, delegation) if can_edit else None),
        "note": note or NoteForm(prefix="note", initial={"follow_up_date": delegation.follow_up_date}),
        "focal": focal or FocalPointForm(prefix="focal", initial={"language": request.event.working_language}),
    }
    context = {
        "delegation": delegation,
        "forms": forms if can_edit else None,
        "open_form": next((name for name, form in forms.items() if form and form.is_bound), ""),
        "quotas": delegation.quotas.order_by("category", "mode"),
        "undo": offered_undo(request),
        "telephone": telephone_of(delegation, at) if sees_contacts else None,
        "today": request.event.local(at).date(),
        "people": [_row(person, people, can_edit=can_edit) for person in people if person.state not in ENDED],
        "ended": [person for person in people if person.state in ENDED],
        "to_invite": sum(person.state == State.NOMINATED and not person.invited_at and bool(person.delegate.email) for person in people),
        "is_silent": delegation.answer == Answer.INVITED,
        "focal_points": focal_points,
        "letters": letters_of(delegation, at) if can_edit else [],
        "notes": delegation.dated_notes.select_related("by").order_by("-at", "-pk") if sees_contacts else [],
        "may_remind": "mail" in request.acts and delegation.answer != Answer.DECLINED and bool(focal_points),
        "mails": with_fates(_mails(request, [delegation, *focal_points, *people]), request.event, request.acts) if sees_contacts else [],
        "history": _told(request, delegation) if can_edit else [],
        "can_edit": can_edit,
        "sees_contacts": sees_contacts,
    }
    return render_page(request, "admin/delegates/delegation.html", context, section=SECTION)


def _acts(request, delegation):
    """What was done with a delegation, with its focal points and letters, and with its people on its behalf."""
    named = Q(details__on_behalf_of=str(delegation)) | Q(details__delegation=str(delegation))
    return request.event.audit_entries.filter(Q(target=str(delegation)) | named)


def _told(request, delegation) -> list:
    """The latest acts with the names behind them, each with the address of the document it rested on."""
    acts = with_names(_acts(request, delegation).order_by("-number")[:ACTS_SHOWN])
    for act in acts:
        kind, _space, public_id = act.details.get("document", "").partition(" ")
        act.document_url = reverse("organise:personal_file", args=[request.event.slug, public_id]) if kind == "file" else ""
    return acts


def _row(person, people, *, can_edit: bool) -> dict:
    """A person as the list shows them: with their place in the waiting list, and what may be done on their behalf."""
    waiting = sorted((row for row in people if row.state == State.WAITLISTED), key=lambda row: (row.queued_at, row.pk))
    return {
        "person": person,
        "waits_as": waiting.index(person) + 1 if person in waiting else None,
        "may_name": can_edit and person.state == State.PLACEHOLDER,
        "may_enter": can_edit and owes_form(person),
        "may_consent": can_edit and person.state in CORRECTED and person.consent == Consent.NOT_GIVEN,
        "may_replace": can_edit and may_move(person, State.REPLACED, made_by=OFFICER),
        "may_withdraw": can_edit and may_move(person, State.WITHDRAWN, made_by=OFFICER),
    }


def _mails(request, things):
    """The latest messages about a delegation, its focal points and its people."""
    about = [str(thing) for thing in things]
    return request.event.mails.filter(about__in=about).order_by("-queued_at", "-pk")[:MAILS_SHOWN]
