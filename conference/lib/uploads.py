"""Files people send: held in memory only, taken for what they are by decoding them, in a form's field or without one."""

import dataclasses
import io
import pathlib

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.lib import media, pictures

ACCEPT = ".pdf,.jpg,.jpeg,.png,.webp"
ACCEPT_PICTURES = "image/jpeg,image/png,image/webp"
_TAKES = gettext_lazy("PDF, JPEG, PNG or WebP, at most {limit} MB.")
_TAKES_PICTURES = gettext_lazy("JPEG, PNG or WebP, at most {limit} MB.")
_SUFFIXES = {media.PDF: ".pdf", media.JPEG: ".jpg"}


class Unwanted(ValueError):
    """A file that is not kept; the message says why, in the reader's language."""


@dataclasses.dataclass(frozen=True)
class Checked:
    """A file that was taken for what it is: a whole PDF as it came, or a picture written anew as JPEG."""

    name: str
    media_type: str
    content: bytes


class InMemory(FileUploadHandler):
    """Holds what is sent in memory, never in a file of its own: what is personal reaches the disk sealed or not at all.

    All files of one request together hold `MAX_UPLOAD_BYTES`; what goes beyond is counted and let go, so that the size tells.
    """

    def __init__(self, request=None):
        super().__init__(request)
        self._free = settings.MAX_UPLOAD_BYTES

    def new_file(self, *args, **kwargs):
        """Start a file."""
        super().new_file(*args, **kwargs)
        self._content, self._is_cut = io.BytesIO(), False

    def receive_data_chunk(self, raw_data, start):
        """Take a piece while there is room."""
        if len(raw_data) > self._free:
            self._is_cut = True
        else:
            self._free -= len(raw_data)
            self._content.write(raw_data)

    def file_complete(self, file_size):
        """Give the file; one that was cut is empty and says its true size."""
        content = b"" if self._is_cut else self._content.getvalue()
        self._content = io.BytesIO()
        file = SimpleUploadedFile(self.file_name or "", content, self.content_type or "")
        file.size = max(file_size, settings.MAX_UPLOAD_BYTES + 1) if self._is_cut else file_size
        file.content_type_extra, file.charset = self.content_type_extra, self.charset
        return file


def check(upload: UploadedFile, *, pictures_only: bool = False, longest: int = pictures.LONGEST) -> Checked:
    """Take an uploaded file for what it is, by decoding it; raise `Unwanted` in words for what is too large or of another kind.

    `longest` bounds the longer side of a picture as kept, in pixels.
    """
    if upload.size > settings.MAX_UPLOAD_BYTES:
        raise Unwanted(_("This file is larger than %(limit)s MB.") % {"limit": settings.MAX_UPLOAD_BYTES // 1024**2})
    if not upload.size:
        raise Unwanted(_("This file is empty."))
    upload.seek(0)
    is_pdf = upload.read(5) == b"%PDF-"
    if is_pdf and not pictures_only:
        if not media.is_whole_pdf(upload):
            raise Unwanted(_("This is not a whole PDF file. Save or print the document as PDF again."))
        upload.seek(0)
        return Checked(_named(upload.name or "", media.PDF), media.PDF, upload.read())
    try:
        media_type, content = pictures.rewritten(upload, longest=longest)
    except pictures.NotAPicture as refusal:
        neither = _("This is neither a whole PDF file nor a whole JPEG, PNG or WebP picture. Save the document as PDF and choose it again.")
        is_either = not pictures_only and isinstance(refusal, pictures.Unreadable)
        raise Unwanted(neither if is_either else str(refusal)) from refusal
    return Checked(_named(upload.name or "", media_type), media_type, content)


def _named(name: str, media_type: str) -> str:
    """The sender's name for a file, with the suffix of what it is, and without the characters nobody sees (PostgreSQL refuses NUL)."""
    printable = "".join(character for character in pathlib.PurePath(name).stem if character.isprintable())
    return (printable[:150].strip() or "file") + _SUFFIXES[media_type]


class PersonalFileField(forms.FileField):
    """Takes a PDF, JPEG, PNG or WebP file (`pictures_only`: no PDF) and cleans to `Checked`, which `keep_file` keeps.

    Refusals stand beside the field, in words.
    """

    widget = forms.FileInput

    def __init__(self, *, pictures_only: bool = False, longest: int = pictures.LONGEST, **options):
        self.pictures_only, self.longest = pictures_only, longest
        options.setdefault("error_messages", {"empty": gettext_lazy("This file is empty.")})
        super().__init__(**options)
        if not self.help_text:
            self.help_text = format_lazy(_TAKES_PICTURES if pictures_only else _TAKES, limit=settings.MAX_UPLOAD_BYTES // 1024**2)

    def widget_attrs(self, widget):
        """Name the kinds of files to the browser's chooser."""
        return {"accept": ACCEPT_PICTURES if self.pictures_only else ACCEPT}

    def clean(self, data, initial=None):
        """Give the file as it is kept, None when none was sent."""
        upload = super().clean(data, initial)
        if not isinstance(upload, UploadedFile):
            return None
        try:
            return check(upload, pictures_only=self.pictures_only, longest=self.longest)
        except Unwanted as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
