"""The organisers' pages of sign-ups: which sessions take them, and for one its seats, its window, who has a seat and who waits."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delegates.admin import exporting
from delegates.admin.undo import offer_undo, offered_undo
from delegates.choices import RegistrationState
from delegates.exports import LISTS
from delegates.models import Registration
from events.actions import note_read
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed
from sessions import actions, rules
from sessions.admin.loading import load_session, may_edit, placed
from sessions.choices import Label
from sessions.exports.signups import LIST_NAME, LIST_TITLE, SIGN_UPS
from sessions.forms import SheetForm, SignUpForm
from sessions.models import Session, SignUp, SignUpSheet

SECTION = "sessions"


@organisers_page("read")
@require_safe
def sign_ups(request: HttpRequest) -> HttpResponse:
    """List the sessions that take sign-ups, with their seats and how many wait, in the order of the draft."""
    sessions = placed(request.event, request.event.sessions.filter(sign_up_sheet__isnull=False).with_draft())
    sessions.sort(key=lambda one: (one.draft is None, one.draft and one.draft.start_at, one.title.casefold(), one.pk))
    waiting = SignUp.objects.waiting_in([one.pk for one in sessions])
    rows = [(one, waiting.get(one.pk, 0)) for one in sessions]
    context = {"rows": rows, "can_export": "delegations" in request.acts, "list_name": LIST_NAME}
    return render_page(request, "admin/sessions/sign_ups.html", context, section=SECTION)


@organisers_page("read", write_act="programme")
@require_http_methods(["GET", "HEAD", "POST"])
def session_sign_ups(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the sign-up for one session; switch it on, change it, or switch it off."""
    session = load_session(request, public_id)
    if request.method != "POST":
        if session.label != Label.CLEAR:
            note_read(request.viewer, event=request.event, verb="read", target=session)
        return _show(request, session)
    if request.POST.get("act") == "remove":
        return _remove(request, session)
    form = _sheet_form(request, session, request.POST)
    if form.is_valid():
        try:
            actions.keep_sheet(session, **form.typed, by=request.actor, seen=form.marks)
        except rules.Stale as refusal:
            form.after_others(refusal.fields, actions.sheet_values(_sheet(session)))
        except NotAllowed as refusal:
            form.add_error("seats", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("organise:session_sign_ups", request.event.slug, public_id)
    return _show(request, session, form=form)


def _remove(request: HttpRequest, session: Session) -> HttpResponse:
    try:
        actions.remove_sheet(session, by=request.actor)
        messages.success(request, _("This session takes no sign-ups any more."))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("organise:session_sign_ups", request.event.slug, session.public_id)


@organisers_page("programme")
@require_POST
def sign_up_person(request: HttpRequest, public_id: str) -> HttpResponse:
    """Sign somebody up, or take somebody out; they are told."""
    session = load_session(request, public_id)
    if request.POST.get("act") == "out":
        return _take_out(request, session)
    form = SignUpForm(request.POST, registrations=_who_may_come(request, session))
    if form.is_valid():
        try:
            made = actions.sign_up(session, form.registration, by=request.actor, by_organiser=True)
        except rules.SignedUpElsewhere as refusal:
            form.add_error("person", _("This person is signed up for “%(title)s” at the same time.") % {"title": refusal.session.title})
        except NotAllowed as refusal:
            form.add_error("person", str(refusal))
        else:
            messages.success(request, _("Signed up, with a seat.") if made.is_seated else _("On the waiting list: all seats are taken."))
            return redirect("organise:session_sign_ups", request.event.slug, public_id)
    return _show(request, session, add=form)


def _take_out(request: HttpRequest, session: Session) -> HttpResponse:
    person = get_object_or_404(Registration.objects.filter(event=request.event), public_id=request.POST.get("person", ""))
    try:
        if actions.leave(session, person, by=request.actor, by_organiser=True):
            messages.success(request, _("Taken out. A seat that became free went to the next in line."))
            url = reverse("organise:sign_up_person", args=[request.event.slug, session.public_id])
            offer_undo(request, url=url, act="add", person=person.public_id)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("organise:session_sign_ups", request.event.slug, session.public_id)


def _show(request: HttpRequest, session: Session, *, form: SheetForm | None = None, add: SignUpForm | None = None) -> HttpResponse:
    sheet = _sheet(session)
    can_edit, sees_names = may_edit(request), bool({"people", "programme"} & request.acts)
    line = list(SignUp.objects.live().filter(session=session).for_list().in_line()) if sheet else []
    context = {
        "session": session,
        "sheet": sheet,
        "form": form or _sheet_form(request, session),
        "add": (add or SignUpForm(registrations=_who_may_come(request, session))) if can_edit and sheet else None,
        "seated": [one for one in line if one.is_seated],
        "waiting": [one for one in line if not one.is_seated],
        "can_edit": can_edit,
        "sees_names": sees_names,
        "sees_people": "people" in request.acts,
        "can_export": "delegations" in request.acts and not session.chatham_house,
        "list_name": LIST_NAME,
        "undo": offered_undo(request) if request.method != "POST" else None,
        "zone_at": session.draft.start_at if session.draft else timezone.now(),
        "capacity": session.draft.room.capacity if session.draft and session.draft.room else None,
    }
    return render_page(request, "admin/sessions/session_sign_ups.html", context, section=SECTION)


def _sheet(session: Session) -> SignUpSheet | None:
    return SignUpSheet.objects.filter(session=session).first()


def _sheet_form(request: HttpRequest, session: Session, data=None) -> SheetForm:
    sheet = _sheet(session)
    return SheetForm(data, event=request.event, sheet=sheet, shown=actions.sheet_values(sheet), can_edit=may_edit(request))


def _who_may_come(request: HttpRequest, session: Session) -> list[Registration]:
    there = SignUp.objects.live().filter(session=session).values("registration")
    return list(request.event.registrations.in_state(RegistrationState.APPROVED).exclude(pk__in=there).for_list())


def _exported(request: HttpRequest) -> list[SignUp]:
    """The sign-ups of the session in the address, or of all; under the Chatham House Rule there is no attendance list."""
    found = SignUp.objects.live().filter(event=request.event).exclude(session__chatham_house=True)
    if "session" in request.GET:
        session = request.event.sessions.filter(public_id=request.GET["session"]).first()
        if session is None:
            raise Http404
        found = found.filter(session=session)
    rows = list(found.for_list().select_related("session").with_place().order_by("session", "joined_at", "pk"))
    for row in rows:
        row.event = row.session.event = request.event
    return rows


# The list stands among the other lists that can be exported: columns in the address, each export recorded.
LISTS[LIST_NAME] = (LIST_TITLE, SIGN_UPS)
exporting.ROWS[LIST_NAME] = _exported
