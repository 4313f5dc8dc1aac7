"""The organisers' page of one file of a person or a delegation."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from conference.lib.downloads import download
from delegates.choices import FileKind, PhotoKey
from delegates.rules import FILE_ACTS, NOT_IN_SHARED
from events.actions import note_read
from events.admin.pages import organisers_page


@organisers_page("people")
@require_safe
def personal_file(request: HttpRequest, public_id: str) -> StreamingHttpResponse:
    """Give a file to an organiser whose role opens its kind; every reading is kept, but for photos, which stand on many pages."""
    found = get_object_or_404(request.event.personal_files.exclude(kind=FileKind.PHOTO, key=PhotoKey.DRAFT), public_id=public_id)
    if FILE_ACTS[FileKind(found.kind)] not in request.acts or (request.user.is_shared and found.kind in NOT_IN_SHARED):
        raise PermissionDenied
    is_photo = found.kind == FileKind.PHOTO
    if not is_photo and request.method == "GET":
        note_read(request.viewer, event=request.event, verb="download", target=found)
    return download(found.chunks(), name=found.file_name, media_type=found.media_type, size=found.size, inline=is_photo)
