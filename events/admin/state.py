"""The organisers' acts on the state of an event: announce, open registration, step back; each asks once more first."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from events import actions
from events.admin.pages import organisers_page, render_page
from events.choices import EventState
from events.models import Event
from events.rules import STATE_MOVES, NotAllowed


def steps_of(event: Event) -> list[dict]:
    """The steps an organiser may take from the event's state: where to, words of the button, and what follows from it."""
    page = _("The event, its agenda and its press releases can be seen by those its audiences name.")
    back = _("The public page disappears at once, with everything below it.")
    words = {
        (EventState.DRAFT, EventState.ANNOUNCED): (pgettext("act", "Announce the event"), page),
        (EventState.DRAFT, EventState.OPEN): (pgettext("act", "Announce and open registration"), page),
        (EventState.ANNOUNCED, EventState.OPEN): (
            pgettext("act", "Open registration"),
            _("Focal points can answer and nominate, and persons can confirm."),
        ),
        (EventState.ANNOUNCED, EventState.DRAFT): (pgettext("act", "Back to draft"), back),
        (EventState.OPEN, EventState.ANNOUNCED): (
            pgettext("act", "Suspend registration"),
            _("Nobody can nominate any more until it opens again; everyone on the lists keeps their seat."),
        ),
    }
    possible = STATE_MOVES[EventState(event.state)]
    return [
        {"to": to.value, "label": label, "effect": effect}
        for (state, to), (label, effect) in words.items()
        if state == event.state and to in possible
    ]


@organisers_page("state")
@require_POST
def event_state(request: HttpRequest) -> HttpResponse:
    """Ask once more, saying what follows; with `confirm`, take the step if the event is still where the page saw it."""
    step = next((step for step in steps_of(request.event) if step["to"] == request.POST.get("to")), None)
    if step is None or request.POST.get("seen", request.event.state) != request.event.state:
        words = _("Somebody changed the state meanwhile: the event is now “%(state)s”. Nothing was done.")
        messages.error(request, words % {"state": request.event.get_state_display()})
        return redirect("organise:event", request.event.slug)
    if "confirm" not in request.POST:
        return render_page(request, "admin/events/state.html", {"step": step}, section="event")
    try:
        actions.change_event_state(request.event, to=step["to"], by=request.actor)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Done."))
    return redirect("organise:event", request.event.slug)
