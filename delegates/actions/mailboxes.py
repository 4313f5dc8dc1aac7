"""Mailboxes several people read: marked by their readers, by the organisers, or when a second person accepts at the same address."""

from django.db import transaction

from conference.lib.searching import folded
from conference.lib.viewer import Actor
from conference.models import User
from delegates.models import Delegate
from events.actions import lock_event, record
from events.models import Event


def share_mailbox(user: User, *, is_shared: bool, by: Actor, event: Event | None = None) -> bool:
    """Mark an account as a mailbox several people read, or as one person's again; say whether that changed anything."""
    with transaction.atomic():
        if event:
            lock_event(event.pk)  # first, as in every path: accepting an invitation holds it when it comes here
        locked = User.objects.select_for_update().get(pk=user.pk)
        if locked.is_shared == is_shared:
            return False
        record(by, "mailbox.share" if is_shared else "mailbox.unshare", user, event=event)
        locked.share(is_shared)
    user.is_shared = is_shared
    return True


def share_between_people(user: User, delegate: Delegate, *, by: Actor, event: Event) -> None:
    """Mark the account when somebody of another name accepts at it: from then on it shows only what anyone of them may read.

    One person in two organisations is two delegates of the same name. Call with the event locked.
    """
    others = Delegate.objects.filter(user=user).exclude(pk=delegate.pk)
    if any(folded(other.full_name) != folded(delegate.full_name) for other in others):
        share_mailbox(user, is_shared=True, by=by, event=event)
