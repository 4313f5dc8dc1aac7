"""The organisers' page of the turns of one session: built from the delegations that come, then changed by hand."""

import datetime as dt
import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from conference.lib.fingerprints import fingerprints, marks_in
from events.actions import note_read
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed
from sessions import actions
from sessions.admin.loading import delegations_of, load_session, may_edit
from sessions.choices import HostPlace, Label, TimeSharing
from sessions.forms import TourForm, TurnForm, TurnsForm
from sessions.models import Session, Slot, Speaker, Tour
from sessions.rules import Stale, starts_of

SECTION = "sessions"
DEFAULT_MINUTES = 3


@organisers_page("read", write_act="programme")
@require_http_methods(["GET", "HEAD", "POST"])
def tour(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the turns with the moment each starts; save their order and minutes, move one, leave one out or take it back in."""
    session = load_session(request, public_id)
    if request.method != "POST":
        if session.label != Label.CLEAR:
            note_read(request.viewer, event=request.event, verb="read", target=session)
        return _show(request, session)
    form = _turns_form(session.draft, request.POST)
    if form.is_valid():
        return _act(request, session, form, _("The turns are saved in the draft."), lambda seen: _edit(request, session, form, seen))
    return _show(request, session, turns=form)


def _edit(request: HttpRequest, session: Session, form: TurnsForm, seen: dict) -> None:
    actions.edit_interventions(session, form.rows, dropped=form.dropped, by=request.actor, seen=seen)


@organisers_page("programme")
@require_POST
def tour_build(request: HttpRequest, public_id: str) -> HttpResponse:
    """Build the turns, or build them again."""
    session = load_session(request, public_id)
    form = TourForm(request.POST)
    if not form.is_valid():
        return _show(request, session, build=form)
    how = {name: form.cleaned_data[name] for name in ("sharing", "minutes", "host")}
    return _act(
        request,
        session,
        form,
        _("The turns are built. What was changed by hand is kept."),
        lambda seen: actions.build_interventions(session, **how, by=request.actor, seen=seen),
    )


@organisers_page("programme")
@require_POST
def tour_add(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add one turn at the end."""
    session = load_session(request, public_id)
    form = _turn_form(request, session.draft, request.POST)
    if not form.is_valid():
        return _show(request, session, add=form)
    return _act(
        request,
        session,
        form,
        _("The turn is added at the end."),
        lambda seen: actions.add_intervention(session, **form.typed, by=request.actor, seen=seen),
    )


def _act(request: HttpRequest, session: Session, form, done: str, act) -> HttpResponse:
    """Act once and come back; a refusal stands in the form it is about, and after somebody else's change the page is shown as it is now."""
    try:
        act(marks_in(request.POST.get("seen", "")))
    except Stale:
        messages.warning(
            request, _("Somebody else has changed these turns since you opened the page. Nothing was saved; here they are now.")
        )
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        kinds = {TourForm: "build", TurnForm: "add", TurnsForm: "turns"}
        return _show(request, session, **{kinds[type(form)]: form})
    else:
        messages.success(request, done)
    return redirect("organise:tour", request.event.slug, session.public_id)


def _turns_form(slot: Slot | None, data=None) -> TurnsForm:
    turns = list(slot.interventions.for_page()) if slot else []
    return TurnsForm(data, turns=turns, shown=actions.tour_values(slot))


def _turn_form(request: HttpRequest, slot: Slot | None, data=None) -> TurnForm:
    there = set(slot.interventions.values_list("delegation", flat=True)) if slot else set()
    delegations = [one for one in delegations_of(request.event) if one.pk not in there]
    speakers = list(Speaker.objects.filter(event=request.event).select_related("registration__delegate"))
    initial = {"minutes": DEFAULT_MINUTES, "seen": json.dumps(fingerprints(actions.tour_values(slot)))}
    return TurnForm(data, delegations=delegations, speakers=speakers, initial=initial)


def _build_form(slot: Slot) -> TourForm:
    """How the turns were built last; at first, the whole time of the session shared by all."""
    known = Tour.objects.filter(slot=slot).first()
    length = max(1, (slot.end_at - slot.start_at) // dt.timedelta(minutes=1))
    initial = {"minutes": length, "sharing": TimeSharing.SHARED, "host": HostPlace.KEPT}
    if known:
        initial = {"minutes": known.minutes, "sharing": known.sharing, "host": known.host}
    return TourForm(initial=initial | {"seen": json.dumps(fingerprints(actions.tour_values(slot)))})


def _show(request: HttpRequest, session: Session, *, turns=None, build=None, add=None) -> HttpResponse:
    slot, can_edit = session.draft, may_edit(request)
    form = turns or _turns_form(slot)
    speaking = [one for one in form.turns.values() if not one.is_dropped]
    starts = starts_of(slot.start_at, [one.minutes for one in speaking]) if slot else []
    minutes = sum(one.minutes for one in speaking)
    context = {
        "session": session,
        "slot": slot,
        "form": form,
        "rows": [{"turn": one, "start_at": at, "minutes": form.minutes_of(one)} for one, at in zip(speaking, starts, strict=True)],
        "left_out": [one for one in form.turns.values() if one.is_dropped],
        "minutes": minutes,
        "ends_at": slot.start_at + dt.timedelta(minutes=minutes) if slot else None,
        "is_too_long": bool(slot) and slot.start_at + dt.timedelta(minutes=minutes) > slot.end_at,
        "build": (build or _build_form(slot)) if slot and can_edit else None,
        "add": (add or _turn_form(request, slot)) if slot and can_edit else None,
        "can_edit": can_edit,
    }
    return render_page(request, "admin/sessions/tour.html", context, section=SECTION)
