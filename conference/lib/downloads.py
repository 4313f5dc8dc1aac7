"""Files given to a reader, so that a browser takes them for nothing but what they are."""

from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header


def download(chunks: Iterator[bytes], *, name: str, media_type: str, size: int, inline: bool = False) -> StreamingHttpResponse:
    """Stream a file to be saved, or (`inline`, for pictures we wrote ourselves) to be shown; it runs and loads nothing."""
    response = StreamingHttpResponse(chunks, content_type=media_type)
    response.headers["Content-Length"] = str(size)
    response.headers["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
