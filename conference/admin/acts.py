"""The organisers' page of an act on the whole event: asked, shown with what it would do, and done once it is confirmed."""

import functools
import hashlib

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods

from conference import actions
from conference.forms import ActForm, MoveForm, PostponeForm, ReasonForm
from events.admin.pages import organisers_page, render_page
from events.forms.events import EventForm
from events.models import Event
from events.rules import EVENT_ACTS, NotAllowed

# Of each act: its heading, its form, what follows from it, and what does it.
ACTS = {
    "move": (pgettext_lazy("act", "Move the event"), MoveForm, actions.move_event),
    "postpone": (pgettext_lazy("act", "Postpone the event"), PostponeForm, actions.postpone_event),
    "cancel": (pgettext_lazy("act", "Cancel the event"), ReasonForm, actions.cancel_event),
    "close": (pgettext_lazy("act", "Close the event"), ActForm, actions.close_event),
    "reopen": (pgettext_lazy("act", "Open the event again"), ActForm, actions.reopen_event),
    "archive": (pgettext_lazy("act", "Archive the event"), ActForm, actions.archive_event),
}
EFFECTS = {
    "move": [
        gettext_lazy("Deadlines and sessions move as many days as the first day does, at the same time of day."),
        gettext_lazy("Registrations keep their state; nobody is asked to confirm again."),
        gettext_lazy(
            "If the event moves online, everybody attends remotely. If it returns to a venue, people who were due to attend in person "
            "do so again."
        ),
        gettext_lazy(
            "At another venue, sessions are placed in its rooms in their order; only the organisers still see the previous venue."
        ),
    ],
    "postpone": [
        gettext_lazy("Everybody keeps their seat. Each approved person is asked to confirm again."),
        gettext_lazy("Deadlines and sessions move as many days as the first day does, at the same time of day."),
        gettext_lazy("Which delegations are of the European Union follows from the new first day."),
    ],
    "cancel": [
        gettext_lazy("This cannot be undone."),
        gettext_lazy("The public page stays, for those who may see it, and says that the conference is cancelled."),
        gettext_lazy("Invitations end, and nobody can be nominated or changed any more. Calendars show every session as cancelled."),
    ],
    "close": [
        gettext_lazy("Nothing can be changed any more; the press officer can still correct press releases."),
        gettext_lazy("Every organiser only reads. Approved people go on reading what they may read, until the event is archived."),
        gettext_lazy("Private calendar addresses end. You can open the event again."),
    ],
    "reopen": [
        gettext_lazy("Everything can be changed again, by those whose role allows it."),
        gettext_lazy("Private calendar addresses do not come back: people make a new one."),
    ],
    "archive": [
        gettext_lazy("This cannot be undone."),
        gettext_lazy("The public page and everything below it disappear, for participants too. Organisers go on reading here."),
        gettext_lazy("Personal data is removed when its time comes, as before."),
    ],
}


def acts_on(event: Event) -> list[dict]:
    """The acts possible on an event now: name, and words of the link."""
    return [{"name": name, "label": ACTS[name][0]} for name, states in EVENT_ACTS.items() if event.state in states]


@organisers_page("state")
@require_http_methods(["GET", "HEAD", "POST"])
def event_act(request: HttpRequest, act: str) -> HttpResponse:
    """Ask for what an act needs; with POST show what it would do; with `confirm` do what was shown, if the event is as it was."""
    if act not in ACTS:
        raise Http404
    event = request.event
    if event.state not in EVENT_ACTS[act]:
        words = _("This event is “%(state)s”; that step is not possible from there.")
        messages.error(request, words % {"state": event.get_state_display()})
        return redirect("organise:event", event.slug)
    label, form_class, do = ACTS[act]
    is_confirmed = False
    form = form_class(request.POST or None, event=event, initial={"seen": actions.seen_of(event)})
    done = None
    if request.method == "POST" and form.is_valid():
        chosen = functools.partial(do, event, **form.chosen(), by=request.actor)
        is_confirmed = "confirm" in request.POST and request.POST.get("shown") == _digest(form)
        try:
            done = chosen() if is_confirmed else actions.tried(chosen)
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            if is_confirmed:
                messages.success(request, _done_in_words(done))
                return redirect("organise:event", event.slug)
    context = {"label": label, "effects": EFFECTS[act], "form": form, "preview": _preview(done), "deadlines": _deadlines(done)}
    context |= {"is_final": act in ("cancel", "archive"), "is_early": act == "close" and event.last_date >= event.day_of(timezone.now())}
    context["shown"] = _digest(form) if done else ""
    return render_page(request, "admin/events/act.html", context, section="event")


def _digest(form: ActForm) -> str:
    """What a preview was of: a confirmation of anything else is shown first."""
    typed = sorted((name, str(value)) for name, value in form.cleaned_data.items())
    return hashlib.sha256(repr(typed).encode()).hexdigest()


def _done_in_words(done: actions.Done) -> str:
    words = ngettext("Done. %(count)d person receives a message.", "Done. %(count)d people receive a message.", done.told)
    return words % {"count": done.told}


def _preview(done: actions.Done | None) -> list[tuple[str, int]]:
    """What an act would do, as words and counts; only what is more than nothing, but the persons written to always."""
    if done is None:
        return []
    rows = [
        (_("Persons written to, each in their language"), done.told),
        (_("Of these, asked to confirm again"), done.asked),
        (_("Sessions that move"), done.sessions),
        (_("Sessions left without a room"), done.without_room),
        (_("Persons who attend in another way"), done.modes),
        (_("Invitations that end"), done.invitations),
        (_("Private calendar addresses that end"), done.feeds),
    ]
    return [row for index, row in enumerate(rows) if index == 0 or row[1]]


def _deadlines(done: actions.Done | None) -> list[dict]:
    now = timezone.now()
    rows = done.deadlines if done else []
    return [
        {"label": EventForm.base_fields[name].label, "before": before, "after": after, "is_past": after <= now}
        for name, before, after in rows
    ]
