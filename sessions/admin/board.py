"""The organisers' board: a day of the draft with its rooms side by side, where sessions are moved, stretched and swapped."""

import datetime as dt
import json
from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.lib.searching import folded
from events.admin.pages import organisers_page, render_page
from events.models import Event, Room
from events.rules import NotAllowed
from sessions import actions, rules
from sessions.actions import Step
from sessions.admin import undoing
from sessions.admin.board_layout import Item, lay_out
from sessions.admin.loading import conflicts_of, draft_slots, load_session, may_edit, placed_times, rooms_of
from sessions.admin.placing import told
from sessions.conflicts import by_session
from sessions.forms import PlaceForm
from sessions.models import Session

SECTION = "board"
LONGEST_SEARCH = 100


@organisers_page("read")
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show a day of the draft: what is not placed at the side, a column a room, the breaks across."""
    return render_page(request, "admin/sessions/board.html", _context(request, request.GET.get("day", "")), section=SECTION)


@organisers_page("programme")
@require_POST
def board_act(request: HttpRequest) -> HttpResponse:
    """Do one act of the board; a program (it asks for JSON) gets the new board and a sentence, a form goes back to its day."""
    status, said, steps = 200, "", []
    try:
        said, steps = _act(request)
    except rules.Stale:
        status, said = 409, _stale(request)
    except NotAllowed as refusal:
        status, said = 422, str(refusal)
    day = _day_after(request.event, steps) or request.POST.get("day", "")
    if request.accepts("text/html"):
        (messages.success if status == 200 else messages.error)(request, said)
        by_form = reverse("organise:placing", args=[request.event.slug])
        return redirect(by_form if request.POST.get("from") == "list" else _address(request.event, day))
    context = {"event": request.event} | _context(request, day)
    if status == 200:
        said = " ".join([said, *_against(context, request.POST.get("session", ""))])
    parts = (render_to_string(f"admin/sessions/partials/{name}.html", context, request) for name in ("board_days", "board"))
    return JsonResponse({"said": said, "html": "".join(parts)}, status=status)


board_act.keeps_typed = False  # the board itself keeps a move that did not arrive


@organisers_page("programme")
@require_http_methods(["GET", "HEAD", "POST"])
def board_session(request: HttpRequest, public_id: str) -> HttpResponse:
    """Move one session by a plain form: its day, room and times, or another session to swap with."""
    session = load_session(request, public_id)
    options = {
        "event": request.event,
        "slot": session.draft,
        "rooms": rooms_of(request.event),
        "shown": actions.place_values(session.draft),
    }
    form = PlaceForm(request.POST or None, **options)
    if request.method == "POST" and form.is_valid():
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
            return redirect(_address(request.event, form.cleaned_data["day"]) + f"#session-{public_id}")
    slots = draft_slots(request.event)
    others = [slot for slot in slots if slot.session_id != session.pk and session.draft]
    context = {
        "session": session,
        "form": form,
        "conflicts": by_session(conflicts_of(request, slots)).get(session.pk, []),
        "others": [Item(slot.session, slot, []) for slot in others if request.event.day_of(slot.start_at) == session.day],
        "item": Item(session, session.draft, []),
    }
    return render_page(request, "admin/sessions/board_session.html", context, section=SECTION)


def _act(request: HttpRequest) -> tuple[str, list[Step]]:
    """Do what was asked, and say it; the steps are kept for whoever wants them undone."""
    name, event = request.POST.get("act"), request.event
    if name == "undo":
        return undoing.undo(request)
    session = get_object_or_404(event.sessions.select_related("event"), public_id=request.POST.get("session", ""))
    by, seen = request.actor, _marks(request, "seen")
    words = {"session": session.title}
    if name == "out":
        steps = actions.take_out_session(session, by=by, seen=seen)
        said = _("“%(session)s” is taken out of the draft; what is released stays as it is.") % words
    elif name == "swap":
        key, _comma, marks = request.POST.get("other", "").partition(" ")
        other = get_object_or_404(event.sessions.select_related("event"), public_id=key)
        other_seen = _read_marks(marks) if marks else _marks(request, "other_seen")
        steps = actions.swap_sessions(session, other, by=by, seen=seen, other_seen=other_seen)
        said = _("“%(session)s” and “%(other)s” have changed places.") % (words | {"other": other.title})
    else:
        start, end = (_moment(request.POST.get(field, "")) for field in ("start", "end"))
        room = get_object_or_404(event.rooms, public_id=request.POST["room"]) if request.POST.get("room") else None
        steps = actions.put_session(session, room=room, start_at=start, end_at=end, by=by, seen=seen)
        where = _("%(day)s, %(time)s, %(room)s") % _where(event, start, end, room)
        said = _("“%(session)s” is at: %(where)s.") % (words | {"where": where})
    undoing.keep(request, steps)
    return said, steps


def _day_after(event: Event, steps: list[Step]) -> str:
    """The day of the programme on which what was moved stands now; empty when it stands on none."""
    moments = [parse_datetime(step.after["start_at"]) for step in steps if step.after["start_at"]]
    return event.day_of(moments[0]).isoformat() if moments else ""


def _stale(request: HttpRequest) -> str:
    session = request.event.sessions.with_draft().filter(public_id=request.POST.get("session", "")).first()
    if session is None:
        return _("Somebody else has moved it since; it stays where they put it.")
    draft = session.drafts[0] if session.drafts else None
    if draft is None:
        return _("Somebody else took “%(session)s” out of the draft meanwhile; your move was not made.") % {"session": session.title}
    if draft.room:
        draft.room.event = request.event
    where = _("%(day)s, %(time)s, %(room)s") % _where(request.event, draft.start_at, draft.end_at, draft.room)
    words = {"session": session.title, "where": where}
    return _("Somebody else placed “%(session)s” meanwhile: %(where)s. Your move was not made.") % words


def _where(event: Event, start: dt.datetime, end: dt.datetime, room: Room | None) -> Mapping[str, str]:
    if room:
        room.event = event
    local = event.local(start)
    return {
        "day": f"{event.day_of(start):%d/%m}",
        "time": f"{local:%H:%M}–{event.local(end):%H:%M}",
        "room": room.name if room else _("no room"),
    }


def _against(context: dict, public_id: str) -> list[str]:
    """Say in words what stands against the session just moved; nothing when the act named none."""
    if not public_id:
        return []
    conflicts = [conflict for conflict in context["conflicts"] if any(one.public_id == public_id for one in conflict.sessions)]
    if not conflicts:
        return [_("No conflict.")]
    return [str(ngettext("%(count)d conflict:", "%(count)d conflicts:", len(conflicts)) % {"count": len(conflicts)})] + [
        conflict.sentence for conflict in conflicts
    ]


def _moment(text: str) -> dt.datetime:
    """Read a moment; one of five-minute rows may lie anywhere, but it must be a moment with a zone."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise NotAllowed(_("This is not a time of the board. Load the page again."))
    return moment


def _marks(request: HttpRequest, name: str) -> dict[str, str]:
    return _read_marks(request.POST.get(name, ""))


def _read_marks(text: str) -> dict[str, str]:
    """The fingerprints that came back; none of them when they cannot be read, which makes everything look changed."""
    try:
        marks = json.loads(text)
    except ValueError:
        return {}
    return marks if isinstance(marks, dict) else {}


def _address(event: Event, day: str) -> str:
    return reverse("organise:board", args=[event.slug]) + (f"?day={day}" if _day(day) else "")


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _context(request: HttpRequest, asked: str) -> dict:
    event = request.event
    placed = placed_times(event)
    on = {key: event.day_of(start) for key, (start, _end) in placed.items()}
    days = sorted({*event.days, *on.values()})
    day = _day(asked)
    day = day if day in days else days[0]
    given = request.POST if request.method == "POST" else request.GET
    whole, find = given.get("hours") == "all", given.get("find", "").strip()[:LONGEST_SEARCH]
    times = [placed[key] for key, its_day in on.items() if its_day == day]
    slots = draft_slots(event, near=(min(start for start, _end in times), max(end for _start, end in times))) if times else []
    conflicts = conflicts_of(request, slots)
    beside = by_session(conflicts)
    items = [Item(slot.session, slot, beside.get(slot.session_id, [])) for slot in slots if on.get(slot.session_id) == day]
    shown = {item.session.pk for item in items}
    waiting = [session for session in event.sessions.order_by("pk") if session.pk not in placed]
    layout = lay_out(event, day, items, rooms_of(event), whole=whole)
    return {
        "layout": layout,
        "days": days,
        "whole": whole,
        "find": find,
        "waiting": [Item(session, None, []) for session in waiting if _is_found(session, find)],
        "waiting_in_all": len(waiting),
        "conflicts": [conflict for conflict in conflicts if any(session.pk in shown for session in conflict.sessions)],
        "can_edit": may_edit(request),
        "undo": undoing.last_act(request),
        "has_rooms": any(column.room for column in layout.columns),
    }


def _is_found(session: Session, find: str) -> bool:
    """Say whether every word stands in the title, in whichever language, or in the abstract."""
    return all(word in session.search_text for word in folded(find).split())
