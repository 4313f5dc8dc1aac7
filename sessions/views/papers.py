"""Papers, for those who may have them."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from events.actions import note_read
from sessions.choices import Label
from sessions.models import Paper, Session


@login_not_required
@require_safe
def paper(request: HttpRequest, slug: str, public_id: str) -> FileResponse:
    """Download a paper. It is saved and never shown in the page's place, and what is above CLEAR is recorded."""
    sessions = Session.objects.filter(event=request.event).visible_to(request.viewer)
    found = get_object_or_404(Paper.objects.filter(event=request.event).visible_to(request.viewer, sessions), public_id=public_id)
    if found.label != Label.CLEAR:
        note_read(request.viewer, event=request.event, verb="download", target=found)
    response = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.file_name, content_type=found.media_type)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
