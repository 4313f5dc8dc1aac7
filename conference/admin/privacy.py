"""The organisers' page of privacy: what is held for how long, what was removed, and what persons ask to have erased."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conference.lib.spreadsheets import csv_lines
from conference.privacy.erasure import VERB as ERASED
from conference.privacy.erasure import accept_erasure
from conference.privacy.inventory import removed_on
from conference.privacy.processing import OTHERS, record_rows
from conference.privacy.purge import VERB as PURGED
from delegates.actions import settle_erasure
from delegates.privacy import asked_groups
from events.actions import note_read
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed

SECTION = "privacy"


@organisers_page("audit")
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show the terms of each group with the next removals, the requests for erasure, and what was removed."""
    event, today = request.event, request.event.local(timezone.now()).date()
    asked = asked_groups(event)
    days = {str(name): group.days for name, group in asked.items()}
    rows = [{"group": group.group, "days": group.days, "on": removed_on(event, str(name), days)} for name, group in asked.items()]
    for row in rows:
        row["is_over"] = row["on"] <= today
    entries = event.audit_entries.filter(verb__in=[PURGED, ERASED]).order_by("-number")
    titles = {str(name): group.group.title for name, group in asked.items()}
    removed = [
        {
            "at": entry.at,
            "group": titles.get(entry.details["group"], _("Contacts of delegations")),
            "count": sum(entry.details["removed"].values()),
            "target": entry.target if entry.verb == ERASED else "",
        }
        for entry in entries
    ]
    context = {
        "rows": sorted(rows, key=lambda row: row["on"]),
        "others": OTHERS,
        "removed": removed,
        "open_requests": event.erasure_requests.open().select_related("registration__delegate").order_by("asked_at"),
    }
    return render_page(request, "admin/conference/privacy.html", context, section=SECTION)


@organisers_page("audit")
@require_safe
def processing_record(request: HttpRequest) -> StreamingHttpResponse:
    """Give the record of processing activities of the event (GDPR, article 30) as CSV."""
    event = request.event
    if request.method == "GET":
        note_read(request.viewer, event=event, verb="export", target=event)
    response = StreamingHttpResponse(csv_lines(record_rows(event, language=get_language() or "en")), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{event.slug}-processing.csv"'
    return response


@organisers_page("audit")
@require_POST
def erasure_decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Erase what a person asked to have erased, or say why not."""
    asked = get_object_or_404(request.event.erasure_requests.select_related("registration"), public_id=public_id)
    try:
        if "accept" in request.POST and "sure" not in request.POST:
            messages.error(request, _("Nothing is erased yet: tick that you are sure, for erasing cannot be undone."))
        elif "accept" in request.POST:
            accept_erasure(asked, by=request.actor)
            messages.success(request, _("Erased. Totals are kept, without names."))
        else:
            settle_erasure(asked, accept=False, reason=request.POST.get("reason", "")[:2000], by=request.actor)
            messages.success(request, _("Refused. The person sees your reason."))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("organise:privacy", request.event.slug)
