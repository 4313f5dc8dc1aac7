"""Files as people send them."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture(size=(300, 400), format="JPEG", colour="navy", **options) -> bytes:
    """A picture in one colour; `options` are Pillow's."""
    target = io.BytesIO()
    Image.new(options.pop("mode", "RGB"), size, colour).save(target, format, **options)
    return target.getvalue()


def pdf(text: str = "ZqText") -> bytes:
    """A whole PDF of one empty page, with a text in a comment."""
    parts = [
        b"1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n",
        b"2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj\n",
        b"3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>> endobj\n",
    ]
    body, places = b"%PDF-1.7\n%" + text.encode() + b"\n", []
    for part in parts:
        places.append(len(body))
        body += part
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer <</Size 4 /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return body + b"xref\n0 4\n0000000000 65535 f \n" + table + end


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """A file as a form hands it over."""
    return SimpleUploadedFile(name, content)
