"""The organisers' page that releases the agenda: what stands against it, what changed, and the versions so far."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed
from sessions import actions
from sessions.admin.loading import change_rows, conflicts_of, draft_changes, draft_slots, may_edit
from sessions.conflicts import sign_ups_that_end
from sessions.emails import count_digests
from sessions.forms import ReleaseForm

SECTION = "release"


@organisers_page("read", write_act="programme")
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest) -> HttpResponse:
    """Show the draft beside the current version, and release it as the next."""
    past = list(request.event.releases.numbered().order_by("-number"))
    form = ReleaseForm(request.POST or None, initial={"number": past[0].number + 1 if past else 1})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.release_agenda(
                request.event,
                by=request.actor,
                note=form.note,
                note_audience=form.cleaned_data["note_audience"],
                expected=form.cleaned_data["number"],
            )
        except NotAllowed as refusal:
            form = _again(request, str(refusal))
            past = list(request.event.releases.numbered().order_by("-number"))
        else:
            messages.success(request, _("Version %(number)s is released.") % {"number": made.number})
            return redirect("organise:release", request.event.slug)
    return _show(request, form, past)


def _again(request: HttpRequest, problem: str) -> ReleaseForm:
    """Keep what was typed; the number follows what was released meanwhile."""
    newest = request.event.releases.numbered().order_by("-number").first()
    data = request.POST.copy()
    data["number"] = str(newest.number + 1 if newest else 1)
    form = ReleaseForm(data)
    form.add_error(None, problem)
    return form


def _show(request: HttpRequest, form: ReleaseForm, past: list) -> HttpResponse:
    event, slots = request.event, draft_slots(request.event)
    conflicts = [*conflicts_of(request, slots), *sign_ups_that_end(event, slots)]
    changes, _number = draft_changes(event)
    for made in past:
        made.event = event
    blocking = [conflict for conflict in conflicts if conflict.blocks]
    can_release = may_edit(request) and bool(slots) and bool(changes) and not blocking
    context = {
        "form": form,
        "mails": count_digests(event) if can_release else 0,
        "past": past,
        "next_number": past[0].number + 1 if past else 1,
        "blocking": blocking,
        "warnings": [conflict for conflict in conflicts if not conflict.blocks],
        "changes": change_rows(event, changes),
        "draft_count": len(slots),
        "can_release": can_release,
        "can_edit": may_edit(request),
    }
    return render_page(request, "admin/sessions/release.html", context, section=SECTION)
