"""The organisers' lists of sessions and of people of the agenda as spreadsheets, through the page of every other list."""

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from delegates.admin.exporting import export_page
from events.admin.pages import organisers_page
from sessions.admin.loading import speakers_by_name
from sessions.admin.sessions import asked_sessions
from sessions.exports.lists import AGENDA_LISTS
from sessions.models import Contribution, Slot

SECTION = "sessions"


def _sessions(request: HttpRequest) -> list:
    people = Contribution.objects.select_related("speaker__registration__delegate")
    drafts = Slot.objects.draft().select_related("room").prefetch_related(Prefetch("contributions", queryset=people))
    return asked_sessions(request, drafts)[1]


@organisers_page("programme")
@require_http_methods(["GET", "HEAD", "POST"])
def agenda_export(request: HttpRequest, name: str) -> HttpResponse:
    """Show the first rows with the columns of the address; POST gives the file and records who took what."""
    if name not in AGENDA_LISTS:
        raise Http404
    rows = _sessions(request) if name == "sessions" else speakers_by_name(request.event)
    for row in rows:
        row.event = request.event
    return export_page(request, name, rows, lists=AGENDA_LISTS, address="organise:agenda_export", section=SECTION)
