"""Files of persons and delegations: sealed on disk under random names, each with a key of its own that the row keeps sealed."""

from collections.abc import Iterator

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference.lib import media, tokens
from conference.lib.fields import PublicIdField, one_of
from conference.lib.sealing import Sealer, open_file
from delegates.choices import FileKind

FOLDER = "personal"
OF_PERSON = (FileKind.PHOTO, FileKind.IDENTITY_DOCUMENT, FileKind.ANSWER)


def new_storage_name() -> str:
    """A random name outside the web root; never the sender's name for the file."""
    return f"{FOLDER}/{tokens.secret()}"


class PersonalFileQuerySet(models.QuerySet):
    """Ways to ask for files."""

    def for_focal_point(self):
        """Keep what a focal point may open of their delegation: its credential paper."""
        return self.filter(kind=FileKind.CREDENTIAL)

    def replaced_by(self, file):
        """Keep the earlier file of the same owner, kind and key; correspondence replaces nothing."""
        if file.kind == FileKind.CORRESPONDENCE:
            return self.none()
        same = self.filter(registration=file.registration, delegation=file.delegation, kind=file.kind, key=file.key)
        return same.exclude(pk=file.pk)


class PersonalFile(models.Model):
    """A file given by or about one person or one delegation. Without the row, which holds its key, nobody can read what is on disk."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="personal_files")
    registration = models.ForeignKey("delegates.Registration", models.CASCADE, null=True, blank=True, related_name="files")
    delegation = models.ForeignKey("delegates.Delegation", models.CASCADE, null=True, blank=True, related_name="files")
    public_id = PublicIdField()
    kind = models.CharField(_("kind"), max_length=20, choices=FileKind.choices)
    key = models.CharField(max_length=40, blank=True)  # the question an answer is for, or which of several of a kind
    storage_name = models.CharField(max_length=100, unique=True, default=new_storage_name, editable=False)
    sealed_key = models.TextField(editable=False)
    file_name = models.CharField(_("name of the file"), max_length=200)
    media_type = models.CharField(max_length=40)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(_("sent"))
    uploaded_by = models.CharField(_("by"), max_length=40)  # a reference, as in the record

    objects = PersonalFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            one_of("kind", FileKind, "personal_file_kind_known"),
            models.CheckConstraint(
                condition=Q(registration__isnull=True, delegation__isnull=False) | Q(registration__isnull=False, delegation__isnull=True),
                name="personal_file_of_one",
            ),
            models.CheckConstraint(
                condition=Q(kind=FileKind.CORRESPONDENCE)
                | Q(kind=FileKind.CREDENTIAL, delegation__isnull=False)
                | Q(kind__in=OF_PERSON, registration__isnull=False),
                name="personal_file_of_whom_its_kind_is",
            ),
            models.CheckConstraint(condition=Q(media_type__in=[media.PDF, media.JPEG]), name="personal_file_type_known"),
            models.UniqueConstraint(
                fields=["registration", "kind", "key"],
                condition=Q(registration__isnull=False) & ~Q(kind=FileKind.CORRESPONDENCE),
                name="personal_file_once_per_person",
            ),
            models.UniqueConstraint(
                fields=["delegation", "kind", "key"],
                condition=Q(delegation__isnull=False) & ~Q(kind=FileKind.CORRESPONDENCE),
                name="personal_file_once_per_delegation",
            ),
        ]

    def __str__(self) -> str:
        return f"file {self.public_id}"

    def get_absolute_url(self) -> str:
        """Its address for the person it is of, or the focal points of its delegation; reads event and registration or delegation."""
        if self.registration_id is not None:
            return reverse("delegates:file", args=[self.event.slug, self.registration.public_id, self.public_id])
        return reverse("delegates:delegation_file", args=[self.event.slug, self.delegation.public_id, self.public_id])

    def chunks(self) -> Iterator[bytes]:
        """Give the content piece by piece; raise `Unsealable` when the key is lost or the file was altered."""
        key = Sealer(settings.DATA_KEYS).open(self.sealed_key)
        return self._opened(key)

    def _opened(self, key: str) -> Iterator[bytes]:
        with default_storage.open(self.storage_name, "rb") as file:
            yield from open_file(file, key)

    def content(self) -> bytes:
        """Give the whole content, as `chunks` does."""
        return b"".join(self.chunks())
