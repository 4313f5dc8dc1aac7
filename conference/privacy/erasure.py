"""Erasure on request: everything held on a person for one event goes, what counts stays, and the ledger remembers it beyond a restore."""

import datetime as dt
import os
import pathlib

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from conference.lib import clock
from conference.lib.viewer import SYSTEM, Actor
from conference.models import User
from conference.privacy.inventory import days_of, removed_on
from conference.privacy.purge import Scope, remove_group, settle
from delegates.actions import settle_erasure
from delegates.actions.moves import move_registration
from delegates.choices import RegistrationState
from delegates.models import ErasureRequest, Registration
from delegates.rules import OFFICER, check_editing, may_move, why_not
from events.models import ActorName, Event

VERB = "privacy.erase"


def accept_erasure(request: ErasureRequest, *, by: Actor) -> None:
    """Erase what a person asked to have erased; a registration that holds a place is withdrawn first. Raise `NotAllowed` as acts do."""
    with transaction.atomic():
        registration = settle_erasure(request, accept=True, by=by)
        erase(registration, by=by)
        transaction.on_commit(write_ledger)
    settle()


def erase(registration: Registration, *, by: Actor, at: dt.datetime | None = None) -> None:
    """Remove every group of one registration, whatever its term, and the account when nothing else needs it."""
    at = at or timezone.now()
    with transaction.atomic():
        is_open = not why_not(check_editing, registration.event)
        if is_open and may_move(registration, RegistrationState.WITHDRAWN, made_by=OFFICER):
            registration = move_registration(registration, to=RegistrationState.WITHDRAWN, by=by, made_by=OFFICER)
        user = registration.delegate.user if registration.delegate else None
        scope = Scope(registration.event, registration)
        for group in sorted(days_of(registration.event)):
            remove_group(scope, group, live=still_kept(group, at), at=at, by=by, verb=VERB)
        ActorName.objects.filter(reference=str(registration.delegate)).delete()  # said at a shared mailbox to act
        _drop_account(user)


def still_kept(group: str, at: dt.datetime) -> list[int]:
    """The events whose term for a group is not over."""
    events = Event.objects.order_by("pk")
    return [event.pk for event in events if removed_on(event, group, days_of(event)) > clock.local(at, event.zone).date()]


def _drop_account(user: User | None) -> None:
    """Delete an account, and the name behind its acts, when nothing needs it any more."""
    if user is None or user.is_superuser:
        return
    if not any(getattr(user, part).exists() for part in ("delegates", "focal_points", "staff_roles", "place_requests")):
        ActorName.objects.filter(reference=f"user {user.pk}").delete()
        user.delete()


# The ledger: references of what was erased, one a line, in a file beside the database. A restored backup does not know what was
# erased after it was made; the ledger does.


def ledger() -> list[str]:
    """The references in the ledger."""
    path = pathlib.Path(settings.ERASURES_FILE)
    return path.read_text(encoding="ascii").split() if path.is_file() else []


def write_ledger() -> int:
    """Add to the ledger what was erased and does not stand in it yet; say how much. The worker repeats it, should a process have died."""
    known = set(ledger())
    accepted = ErasureRequest.objects.accepted().values_list("registration__public_id", flat=True)
    missing = sorted(set(accepted) - known)
    if missing:
        path = pathlib.Path(settings.ERASURES_FILE)
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="ascii") as file:
            file.write("".join(f"{public_id}\n" for public_id in missing))
            file.flush()
            os.fsync(file.fileno())
    return len(missing)


def replay_ledger() -> int:
    """Erase again what the ledger names and a restored database still holds; say how many registrations."""
    done = ErasureRequest.objects.accepted().values("registration")
    again = Registration.objects.filter(public_id__in=ledger()).exclude(pk__in=done).select_related("event", "delegation", "delegate__user")
    found = list(again)
    now = timezone.now()
    for registration in found:
        with transaction.atomic():
            registration.erasure_requests.open().delete()
            ErasureRequest.objects.create(event=registration.event, registration=registration, asked_at=now, decided_at=now, accepted=True)
            erase(registration, by=SYSTEM, at=now)
    if found:
        settle()
    return len(found)
