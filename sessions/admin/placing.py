"""The organisers' page that places sessions in the draft: day, room and times of each, with the conflicts beside them."""

import dataclasses
import itertools

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conference.lib import clock
from events.admin.pages import organisers_page, render_page
from events.models import Event, Room
from events.rules import NotAllowed
from sessions import actions, rules
from sessions.admin import undoing
from sessions.admin.loading import conflicts_of, draft_slots, load_session, may_edit, rooms_of
from sessions.conflicts import Conflict, by_session
from sessions.forms import PlaceForm
from sessions.models import Session, Slot

SECTION = "board"


@dataclasses.dataclass(frozen=True)
class Row:
    """One session of the page: its slot in the draft or None, its form, and its conflicts."""

    session: Session
    slot: Slot | None
    form: PlaceForm
    conflicts: list[Conflict]


@organisers_page("read")
@require_safe
def placing(request: HttpRequest) -> HttpResponse:
    """Show the sessions without a place, then the days of the draft."""
    return _show(request)


@organisers_page("programme")
@require_POST
def place(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give a session its place; when something is wrong the page comes back with what was typed."""
    session = load_session(request, public_id)
    form = _form(request.event, session, session.draft, rooms_of(request.event), request.POST)
    if form.is_valid():
        try:
            steps = actions.put_session(session, by=request.actor, seen=form.marks, **form.place)
        except rules.Stale:
            session = load_session(request, public_id)
            form.after_others([], actions.place_values(session.draft))
            form.add_error(None, told(request.event, session.draft))
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            undoing.keep(request, steps)
            messages.success(request, _("“%(session)s” is placed in the draft.") % {"session": session.title})
            return redirect(_at(request.event, session))
    return _show(request, bound={session.pk: form})


@organisers_page("programme")
@require_POST
def unplace(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a session out of the draft; its people and turns come back with *Undo*."""
    session = load_session(request, public_id)
    undoing.keep(request, actions.take_out_session(session, by=request.actor, seen=None))
    messages.success(request, _("“%(session)s” is taken out of the draft; what is released stays as it is.") % {"session": session.title})
    return redirect(_at(request.event, session))


def _at(event: Event, session: Session) -> str:
    return reverse("organise:placing", args=[event.slug]) + f"#session-{session.public_id}"


def told(event: Event, slot: Slot | None) -> str:
    """Say where somebody else put a session meanwhile."""
    if slot is None:
        return _("Somebody else took this session out of the draft meanwhile. What you typed is kept; save again if it stands.")
    start, end = event.local(slot.start_at), event.local(slot.end_at)
    words = {
        "day": event.day_of(slot.start_at).isoformat(),
        "time": f"{start:%H:%M}–{end:%H:%M}",
        "room": slot.room.name if slot.room else _("no room"),
    }
    return _("Somebody else placed it meanwhile: %(day)s, %(time)s, %(room)s. What you typed is kept; save again if it stands.") % words


def _form(event: Event, session: Session, slot: Slot | None, rooms: list[Room], data=None) -> PlaceForm:
    return PlaceForm(data, event=event, slot=slot, rooms=rooms, shown=actions.place_values(slot), prefix=session.public_id)


def _show(request: HttpRequest, bound: dict[int, PlaceForm] | None = None) -> HttpResponse:
    event, rooms, slots = request.event, rooms_of(request.event), draft_slots(request.event)
    conflicts = conflicts_of(request, slots)
    beside = by_session(conflicts)
    placed = {slot.session_id: slot for slot in slots}

    def row(session: Session, slot: Slot | None) -> Row:
        form = (bound or {}).get(session.pk) or _form(event, session, slot, rooms)
        return Row(session, slot, form, beside.get(session.pk, []))

    waiting = [session for session in event.sessions.order_by("pk") if session.pk not in placed]
    days = itertools.groupby(slots, key=lambda slot: event.day_of(slot.start_at))
    context = {
        "waiting": [row(session, None) for session in waiting],
        "days": [(day, [row(slot.session, slot) for slot in of_day]) for day, of_day in days],
        "blocking": sum(conflict.blocks for conflict in conflicts),
        "has_rooms": bool(rooms),
        "anchor": slots[0].start_at if slots else clock.moment(event.first_date, event.day_starts_at, event.zone),
        "can_edit": may_edit(request),
        "undo": undoing.last_act(request),
    }
    return render_page(request, "admin/sessions/placing.html", context, section=SECTION)
