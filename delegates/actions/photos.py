"""The photo of a person: a picture they gave, cut by them, that holds at once or, after approval, waits beside the approved one."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib import media, pictures
from conference.lib.uploads import Checked
from conference.lib.viewer import Actor
from delegates.actions.files import discard, keep_file
from delegates.actions.moves import lock_registration
from delegates.choices import FileKind, FormPhase, Group, PhotoKey, RegistrationState
from delegates.models import PendingChange, PersonalFile, Registration
from delegates.privacy import AskedGroup, asked_groups
from delegates.rules import PHOTO_FIELD, fills_in_form
from events.actions import record
from events.rules import NotAllowed

SIZE, SMALL_SIZE = (600, 800), (150, 200)
LEAST = (240, 320)
KEEP_DRAFTS = dt.timedelta(days=1)
_PLACES = {False: (PhotoKey.CURRENT, PhotoKey.SMALL), True: (PhotoKey.WAITING, PhotoKey.WAITING_SMALL)}


def start_photo(registration: Registration, picture: Checked, *, by: Actor) -> PersonalFile:
    """Keep a picture until the person has cut their photo out of it; raise `NotAllowed` for one too small, or when it is not asked."""
    _check_size(picture)
    if not asks_photo(registration):
        raise NotAllowed(_("This event asks you for no photo."))
    if not fills_in_form(registration):
        raise NotAllowed(_("A photo cannot be added to your registration at this stage."))
    return keep_file(picture, event=registration.event, kind=FileKind.PHOTO, key=PhotoKey.DRAFT, by=by, registration=registration)


def asks_photo(registration: Registration, groups: dict[str, AskedGroup] | None = None) -> bool:
    """Say whether the event asks this person for a photo, in the second form only once they are approved; `groups` as `asked_groups`."""
    asked = (groups or asked_groups(registration.event))[Group.PHOTO]
    is_time = asked.phase == FormPhase.FIRST or registration.state == RegistrationState.APPROVED
    return asked.is_asked_of(registration.category) and is_time


def _check_size(picture: Checked) -> None:
    width, height = pictures.size_of(picture.content)
    if width < LEAST[0] or height < LEAST[1]:
        found = {"width": width, "height": height, "least_width": LEAST[0], "least_height": LEAST[1]}
        raise NotAllowed(
            _("This picture has %(width)d × %(height)d points; a photo needs at least %(least_width)d × %(least_height)d.") % found
        )


def enter_photo(registration: Registration, picture: Checked, *, by: Actor) -> None:
    """Keep the middle of a picture as the photo, on behalf of the person; raise `NotAllowed` for one too small."""
    _check_size(picture)
    with transaction.atomic():
        locked = lock_registration(registration)
        _keep_both(locked, picture.content, pictures.Frame(), waits=False, by=by)


def _keep_both(locked: Registration, content: bytes, frame: pictures.Frame, *, waits: bool, by: Actor) -> None:
    for key, size in zip(_PLACES[waits], (SIZE, SMALL_SIZE), strict=True):
        photo = Checked("photo.jpg", media.JPEG, pictures.cut(content, frame, size))
        keep_file(photo, event=locked.event, kind=FileKind.PHOTO, key=key, by=by, registration=locked)


def take_photo(registration: Registration, frame: pictures.Frame, *, by: Actor) -> str:
    """Cut the photo out of the picture given before, which is then forgotten; say `kept`, or `waits` for one after approval.

    Raise `NotAllowed` when there is no such picture (any more), or at a closed event.
    """
    draft = registration.files.filter(kind=FileKind.PHOTO, key=PhotoKey.DRAFT).first()
    if draft is None:
        raise NotAllowed(_("Choose a picture first."))
    content = draft.content()
    with transaction.atomic():
        locked = lock_registration(registration)
        waits = locked.state == RegistrationState.APPROVED
        _keep_both(locked, content, frame, waits=waits, by=by)
        if waits:
            _wait(locked)
        discard(draft)
    return "waits" if waits else "kept"


def drop_draft(registration: Registration, *, by: Actor) -> None:
    """Forget a picture that was not used."""
    with transaction.atomic():
        locked = lock_registration(registration)
        for draft in locked.files.filter(kind=FileKind.PHOTO, key=PhotoKey.DRAFT):
            discard(draft)
            record(by, "file.remove", locked, event=locked.event, file=str(draft), kind=draft.kind)


def drop_old_drafts(at: dt.datetime) -> int:
    """Forget the pictures nobody cut within a day; say how many."""
    with transaction.atomic():
        old = PersonalFile.objects.filter(kind=FileKind.PHOTO, key=PhotoKey.DRAFT, uploaded_at__lt=at - KEEP_DRAFTS)
        found = list(old.select_for_update())
        for draft in found:
            discard(draft)
    return len(found)


def settle_photo(locked: Registration, *, accept: bool) -> None:
    """Put the photo that waits in place of the approved one, or drop it, as an officer decided. The caller holds the locks."""
    for waiting, current in zip(_PLACES[True], _PLACES[False], strict=True):
        held = {photo.key: photo for photo in locked.files.filter(kind=FileKind.PHOTO, key__in=[waiting, current])}
        if waiting not in held:
            continue
        if not accept:
            discard(held[waiting])
            continue
        if current in held:
            discard(held[current])
        held[waiting].key = current
        held[waiting].save(update_fields=["key"])


def _wait(locked: Registration) -> None:
    """Note that a new photo waits; one that waited before was taken back by the person."""
    now = timezone.now()
    locked.pending_changes.open().filter(field=PHOTO_FIELD).update(accepted=False, decided_at=now)
    waiting = locked.files.get(kind=FileKind.PHOTO, key=PhotoKey.WAITING)
    PendingChange.objects.create(
        event=locked.event, registration=locked, field=PHOTO_FIELD, value={"file": waiting.public_id}, asked_at=now
    )
