"""Asking for erasure, and refusing it; what is accepted is erased by `conference.privacy.erasure`, for it reaches across the apps."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from delegates.actions.moves import lock_registration
from delegates.models import ErasureRequest, Registration
from events.actions import record
from events.rules import NotAllowed


def ask_erasure(registration: Registration, *, by: Actor) -> ErasureRequest:
    """Ask, for the person, that what is held on them for this event be erased; asked twice it is asked once. Also at a closed event."""
    with transaction.atomic():
        locked = lock_registration(registration)
        if before := ErasureRequest.objects.open().filter(registration=locked).first():
            return before
        asked = ErasureRequest.objects.create(event=locked.event, registration=locked, asked_at=timezone.now())
        record(by, "erasure.ask", locked, event=locked.event)
    return asked


def take_back_erasure(registration: Registration, *, by: Actor) -> bool:
    """Take back, for the person, what they asked for and nobody decided yet; say whether there was anything to take back."""
    with transaction.atomic():
        locked = lock_registration(registration)
        found, _rows = ErasureRequest.objects.open().filter(registration=locked).delete()
        if found:
            record(by, "erasure.take_back", locked, event=locked.event)
    return bool(found)


def settle_erasure(request: ErasureRequest, *, accept: bool, reason: str = "", by: Actor) -> Registration:
    """Keep what was decided and give the registration, locked; raise `NotAllowed` if it was decided before, or refused without a reason."""
    if not accept and not reason.strip():
        raise NotAllowed(_("Give a reason; it is shown to the person."))
    with transaction.atomic():
        registration = lock_registration(request.registration)
        locked = ErasureRequest.objects.select_for_update().get(pk=request.pk)
        if locked.decided_at is not None:
            raise NotAllowed(_("This request was decided meanwhile."))
        locked.accepted, locked.decided_at, locked.reason = accept, timezone.now(), "" if accept else reason
        locked.save(update_fields=["accepted", "decided_at", "reason"])
        record(by, "erasure.accept" if accept else "erasure.refuse", registration, event=registration.event)
    return registration
