"""The organisers' page of the record: every act at the event, and whether the chain of acts is whole."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from events.actions import broken_link
from events.admin.lists import page_of, with_names
from events.admin.pages import organisers_page, render_page


@organisers_page("audit")
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """List the acts, the newest first."""
    page = page_of(request, request.event.audit_entries.order_by("-number"))
    context = {"page": page, "rows": with_names(page.object_list), "broken": broken_link(request.event)}
    return render_page(request, "admin/events/audit.html", context, section="audit")
