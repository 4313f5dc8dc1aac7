"""What organisers enter for a person who cannot or need not do so themselves, from a document they name."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from delegates.actions.beside import lock_person
from delegates.actions.corrections import give_details
from delegates.actions.moves import lock_registration
from delegates.actions.registrations import submit_registration
from delegates.choices import Consent
from delegates.models import Registration
from delegates.rules import check_editing, owes_form
from events.actions import record
from events.rules import NotAllowed


def enter_data(registration: Registration, *, data: dict, has_details: bool, by: Actor) -> Registration:
    """Keep what a document says of a person: their first form while it is owed, else the second; with `has_details` that is given too.

    Raise `NotAllowed` as `submit_registration` and `give_details` do.
    """
    with transaction.atomic():
        locked, _approved = lock_person(registration)
        if not owes_form(locked):
            give_details(locked, data=data, by=by)
            return locked
        done = submit_registration(locked, data=data, by=by)
        if has_details and done.details_at is None:
            done.details_at = timezone.now()
            done.save(update_fields=["details_at"])
            record(by, "registration.details", done, event=done.event)
    return done


def record_consent(registration: Registration, *, consent: str, by: Actor) -> Registration:
    """Keep what a form signed by the person says of the list of participants; raise `NotAllowed` without that form as source.

    A choice the person made themselves on the site is never overwritten.
    """
    with transaction.atomic():
        locked = lock_registration(registration)
        check_editing(locked.event)
        if not by.source:
            raise NotAllowed(_("Name the signed form this rests on."))
        if locked.notice_version:
            raise NotAllowed(_("This person has chosen on the site; only they change it."))
        before, locked.consent = locked.consent, Consent(consent)
        locked.save(update_fields=["consent"])
        record(by, "registration.consent", locked, event=locked.event, before=before, to=consent)
    return locked
