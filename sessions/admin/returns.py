"""The organisers' page that goes back to an earlier version: what it would change, what would be lost, and the button."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conference.lib.fingerprints import fingerprints, marks_in
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed
from sessions import actions
from sessions.admin.loading import change_rows, conflicts_of, may_edit
from sessions.models import Slot, slots_of


@organisers_page("read", write_act="programme")
@require_http_methods(["GET", "HEAD", "POST"])
def agenda_return(request: HttpRequest, number: int) -> HttpResponse:
    """Show what going back would do to the draft; do it when the draft is still the one shown."""
    event, problem = request.event, ""
    release = get_object_or_404(event.releases, number=number)
    if request.method == "POST":
        try:
            actions.return_to_release(event, release, by=request.actor, seen=marks_in(request.POST.get("seen", "")))
        except NotAllowed as refusal:
            problem = str(refusal)
        else:
            done = _("The draft is what version %(number)s was. Release it to make it the next version.") % {"number": number}
            messages.success(request, done)
            return redirect("organise:release", event.slug)
    changes, unreleased = actions.changes_of_return(event, release)
    conflicts = conflicts_of(request, slots_of(event, Slot.objects.filter(release=release)))
    context = {
        "number": number,
        "problem": problem,
        "changes": change_rows(event, changes),
        "unreleased": change_rows(event, unreleased),
        "blocking": [conflict for conflict in conflicts if conflict.blocks],
        "warnings": [conflict for conflict in conflicts if not conflict.blocks],
        "can_edit": may_edit(request),
        "seen": json.dumps(fingerprints(actions.draft_values(event))),
        "newest": event.releases.numbered().order_by("-number").values_list("number", flat=True).first(),
    }
    return render_page(request, "admin/sessions/return.html", context, section="release")
