"""The organisers' pages of sessions: the list, a new one, and one with its texts, its marking and its people."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.actions import note_read
from events.admin.lists import page_of
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed
from sessions import actions, rules
from sessions.admin.loading import conflicts_of, delegations_of, draft_slots, load_session, may_edit, people_of, placed
from sessions.choices import Label
from sessions.conflicts import by_session
from sessions.forms import PeopleForm, SessionFilter, SessionForm
from sessions.models import Session

SECTION = "sessions"


def asked_sessions(request: HttpRequest, drafts=None) -> tuple[SessionFilter, list[Session]]:
    """The filter of an address and its sessions, those placed in the draft first, in the order of time; `drafts` as `with_draft`."""
    form = SessionFilter(request.GET)
    rows = placed(request.event, form.narrow(request.event.sessions.with_draft(drafts)))
    rows.sort(key=lambda row: (row.draft is None, row.draft and row.draft.start_at, row.title.casefold(), row.pk))
    return form, rows


@organisers_page("read")
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """List the sessions, those placed in the draft first, in the order of time."""
    form, rows = asked_sessions(request)
    context = {
        "form": form,
        "page": page_of(request, rows),
        "count": len(rows),
        "first_start": rows[0].draft.start_at if rows and rows[0].draft else None,
        "is_filtered": bool(request.GET),
        "can_edit": may_edit(request),
    }
    return render_page(request, "admin/sessions/sessions.html", context, section=SECTION)


@organisers_page("programme")
@require_http_methods(["GET", "HEAD", "POST"])
def session_add(request: HttpRequest) -> HttpResponse:
    """Add a session; nobody outside sees it before it is placed and released."""
    form = SessionForm(
        request.POST or None,
        event=request.event,
        delegations=delegations_of(request.event),
        initial={"label": Label.RED.value},
    )
    if request.method == "POST" and form.is_valid():
        try:
            session = actions.create_session(request.event, by=request.actor, **form.texts_typed, **form.marking_typed)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The session is added. Give it its place next; it can then be released."))
            return redirect("organise:session", request.event.slug, session.public_id)
    return render_page(request, "admin/sessions/session_add.html", {"form": form}, section=SECTION)


@organisers_page("read", write_act="programme")
@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a session, and save its texts and its marking together."""
    one = load_session(request, public_id)
    if request.method != "POST":
        if one.label != Label.CLEAR:
            note_read(request.viewer, event=request.event, verb="read", target=one)
        return _show(request, one, _form(request, one))
    form, reasons = _form(request, one, request.POST), []
    if form.is_valid():
        try:
            _save(request, one, form)
        except rules.NeedsConfirmation as refusal:
            reasons = refusal.reasons
        except rules.Stale as refusal:
            one = load_session(request, public_id)
            form.after_others(refusal.fields, _values(one))
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("organise:session", request.event.slug, public_id)
    return _show(request, one, form, reasons=reasons)


def _save(request: HttpRequest, one: Session, form: SessionForm) -> None:
    actions.edit_session(
        one,
        by=request.actor,
        texts=form.texts_typed,
        marking=form.marking_typed,
        seen=form.marks,
        confirmed=request.POST.get("confirmed") == form.confirmation,
    )


@organisers_page("programme")
@require_POST
def session_people(request: HttpRequest, public_id: str) -> HttpResponse:
    """Save who does what in a session of the draft."""
    one = load_session(request, public_id)
    people = _people(request, one, request.POST)
    try:
        # Before anything else: the lines of the form are those of the table as it is now.
        rules.check_fresh(people.marks, actions.people_values(one.draft))
        if people.is_valid():
            _save_people(request, one, people)
            messages.success(request, _("The people of this session are saved in the draft."))
            return redirect("organise:session", request.event.slug, public_id)
    except rules.Stale:
        people = _people(request, one, request.POST, is_stale=True)
        people.add_error(None, _("Somebody else has changed these people since you opened the page. Look at the table and save again."))
    except NotAllowed as refusal:
        people.add_error(None, str(refusal))
    return _show(request, one, _form(request, one), people=people)


def _save_people(request: HttpRequest, one: Session, people: PeopleForm) -> None:
    role = people.cleaned_data["role"]
    actions.edit_people(one, people.people, newcomer=people.newcomer, role=role, by=request.actor, seen=people.marks)


def _values(one: Session) -> dict:
    return actions.session_values(one) | actions.marking_values(one)


def _form(request: HttpRequest, one: Session, data=None) -> SessionForm:
    return SessionForm(data, event=request.event, delegations=delegations_of(request.event), shown=_values(one), can_edit=may_edit(request))


def _people(request: HttpRequest, one: Session, data=None, *, is_stale: bool = False) -> PeopleForm:
    contributions = list(one.draft.contributions.for_page().order_by("position", "pk")) if one.draft else []
    options = {
        "contributions": contributions,
        "speakers": list(request.event.speakers.select_related("registration__delegate")),
        "registrations": people_of(request.event),
    }
    shown = actions.people_values(one.draft)
    if is_stale:
        people = PeopleForm.after_others(data, shown=shown, **options)
        people.is_valid()
        return people
    return PeopleForm(data, shown=shown, **options)


def _show(request: HttpRequest, one: Session, form: SessionForm, *, people: PeopleForm | None = None, reasons=()) -> HttpResponse:
    can_edit = may_edit(request)
    conflicts = conflicts_of(request, draft_slots(request.event)) if one.draft else []
    context = {
        "session": one,
        "form": form,
        "people": (people or _people(request, one)) if can_edit else None,
        "contributions": list(one.draft.contributions.for_page().order_by("position", "pk")) if one.draft and not can_edit else [],
        "conflicts": by_session(conflicts).get(one.pk, []),
        "reasons": reasons,
        "sheet": getattr(one, "sign_up_sheet", None),
        "can_edit": can_edit,
    }
    return render_page(request, "admin/sessions/session.html", context, section=SECTION)
