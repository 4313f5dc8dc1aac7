"""Files, for the person they are of and for the focal points of their delegation."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from conference.lib.downloads import download
from delegates.choices import FileKind
from delegates.rules import may_open_own_file
from delegates.views.pages import focal_page, own_page


@own_page
@require_safe
def file(request, registration, file_id):
    """Give a person a file of their registration: the photo to be shown, everything else to be saved."""
    found = get_object_or_404(registration.files, public_id=file_id)
    if not may_open_own_file(found, request.viewer):
        raise Http404
    return _given(found)


@focal_page
@require_safe
def delegation_file(request, delegation, file_id):
    """Give a focal point the credential paper of their delegation."""
    return _given(get_object_or_404(delegation.files.for_focal_point(), public_id=file_id))


def _given(found):
    is_photo = found.kind == FileKind.PHOTO
    return download(found.chunks(), name=found.file_name, media_type=found.media_type, size=found.size, inline=is_photo)
