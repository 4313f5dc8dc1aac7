"""Private calendar addresses of participants."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib import tokens
from conference.lib.viewer import Actor
from delegates.choices import RegistrationState
from delegates.models import Registration
from delegates.rules import check_editing
from events.actions import lock_event, record
from events.models import Event
from events.rules import NotAllowed
from sessions.models import CalendarFeed


def make_calendar_feed(registration: Registration, *, language: str, by: Actor) -> str:
    """Make a private calendar address for an approved participant and give its secret, which is kept nowhere.

    An address made earlier ends. Raise `NotAllowed` when the registration is not approved or the event is over: closing it ended them.
    """
    with transaction.atomic():
        event = lock_event(registration.event_id)
        locked = Registration.objects.select_for_update().get(pk=registration.pk)
        check_editing(event)
        if locked.state != RegistrationState.APPROVED:
            raise NotAllowed(_("Only approved participants have a private calendar."))
        _revoke(locked)
        secret = tokens.secret()
        CalendarFeed.objects.create(
            event=event, registration=locked, secret_digest=tokens.digest(secret), language=language, created_at=timezone.now()
        )
        record(by, "calendar.make", locked, event=event)
    return secret


def revoke_calendar_feed(registration: Registration, *, by: Actor) -> None:
    """End the private calendar address of a registration, if it has one."""
    with transaction.atomic():
        event = lock_event(registration.event_id)
        if _revoke(registration):
            record(by, "calendar.revoke", registration, event=event)


def end_calendar_feeds(event: Event) -> int:
    """End every private calendar address of an event; say how many. Call with the event locked."""
    return CalendarFeed.objects.live().filter(event=event).update(revoked_at=timezone.now())


def _revoke(registration: Registration) -> int:
    return CalendarFeed.objects.live().filter(registration=registration).update(revoked_at=timezone.now())
