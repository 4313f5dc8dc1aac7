"""The copy of a person's identity document: it holds at once or, after approval, waits beside the approved one."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.uploads import Checked
from conference.lib.viewer import Actor
from delegates.actions.files import discard, keep_file
from delegates.actions.moves import lock_registration
from delegates.choices import FileKind, Group, PhotoKey, RegistrationState
from delegates.models import PendingChange, Registration
from delegates.privacy import asked_groups
from delegates.rules import COPY_FIELD, OFFICER, check_editing, fills_in_form, party_of
from events.rules import NotAllowed


def keep_copy(registration: Registration, copy: Checked, *, by: Actor) -> str:
    """Keep a copy of the identity document, sealed; say `kept`, or `waits` for one the person sends after approval.

    Raise `NotAllowed` where the event asks for none of this person, and when their form is not open.
    """
    asked = asked_groups(registration.event)[Group.IDENTITY_DOCUMENT]
    if not (asked.with_copy and asked.is_asked_of(registration.category)):
        raise NotAllowed(_("This event asks for no copy of your document."))
    with transaction.atomic():
        locked = lock_registration(registration)
        check_editing(locked.event)
        is_own = party_of(by.hat) != OFFICER
        if is_own and not fills_in_form(locked):
            raise NotAllowed(_("A document cannot be added to your registration at this stage."))
        waits = is_own and locked.state == RegistrationState.APPROVED
        key = PhotoKey.WAITING if waits else PhotoKey.CURRENT
        file = keep_file(copy, event=locked.event, kind=FileKind.IDENTITY_DOCUMENT, key=key, by=by, registration=registration)
        if waits:
            now = timezone.now()
            locked.pending_changes.open().filter(field=COPY_FIELD).update(accepted=False, decided_at=now)
            value = {"file": file.public_id}
            PendingChange.objects.create(event=locked.event, registration=locked, field=COPY_FIELD, value=value, asked_at=now)
    return "waits" if waits else "kept"


def settle_copy(locked: Registration, *, accept: bool) -> None:
    """Put the copy that waits in place of the approved one, or drop it, as an officer decided. The caller holds the locks."""
    held = {file.key: file for file in locked.files.filter(kind=FileKind.IDENTITY_DOCUMENT)}
    waiting, current = held.get(PhotoKey.WAITING), held.get(PhotoKey.CURRENT)
    if waiting is None:
        return
    if not accept:
        discard(waiting)
        return
    if current:
        discard(current)
    waiting.key = PhotoKey.CURRENT
    waiting.save(update_fields=["key"])
