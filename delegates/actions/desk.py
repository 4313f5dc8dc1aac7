"""What the organisers keep of a delegation for themselves: a responsible colleague, a telephone, a day to follow up, dated notes."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from delegates.actions.moves import lock_delegation
from delegates.models import Delegation, DelegationNote
from delegates.rules import check_editing
from events.actions import record
from events.rules import NotAllowed


def keep_desk(delegation: Delegation, *, responsible, phone: str, follow_up_date: dt.date | None, by: Actor) -> Delegation:
    """Keep who looks after a delegation, the number one calls (E.164) and the day to follow up; write and record what differs."""
    with transaction.atomic():
        locked = lock_delegation(delegation)
        check_editing(locked.event)
        given = {"responsible": responsible, "phone": phone, "follow_up_date": follow_up_date}
        changed = [name for name, value in given.items() if getattr(locked, name) != value]
        for name in changed:
            setattr(locked, name, given[name])
        if changed:
            locked.save(update_fields=changed)
            record(by, "delegation.desk", locked, event=locked.event, changed=sorted(changed))
    return locked


def add_note(delegation: Delegation, *, text: str, follow_up_date: dt.date | None, by: Actor) -> DelegationNote:
    """Write a dated note about a delegation, and the day to follow up from now on; the record says that, never what it says."""
    with transaction.atomic():
        locked = lock_delegation(delegation)
        check_editing(locked.event)
        note = DelegationNote.objects.create(event=locked.event, delegation=locked, by=by.user, at=timezone.now(), text=text.strip())
        if locked.follow_up_date != follow_up_date:
            locked.follow_up_date = follow_up_date
            locked.save(update_fields=["follow_up_date"])
        record(by, "delegation.note", locked, event=locked.event, note=str(note))
    return note


def remove_note(note: DelegationNote, *, by: Actor) -> None:
    """Remove a note for good; only its author may, or whoever may write where its author is not known. Raise `NotAllowed`."""
    with transaction.atomic():
        delegation = lock_delegation(Delegation(pk=note.delegation_id, event_id=note.event_id))
        check_editing(delegation.event)
        if note.by_id not in (None, by.user_id):
            raise NotAllowed(_("Only the author of a note removes it."))
        record(by, "delegation.note_remove", delegation, event=delegation.event, note=str(note))
        note.delete()
