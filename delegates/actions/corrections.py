"""What a person gives and corrects: sent while it is owed, changed at once before approval, and in part waiting beside after it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from delegates.actions.beside import lock_person, wait_beside
from delegates.actions.given import column_value, keep_given
from delegates.actions.moves import lock_registration
from delegates.actions.registrations import submit_registration
from delegates.choices import FormPhase
from delegates.models import Registration
from delegates.rules import CORRECTED, WAITS_BESIDE, check_details, check_editing, owes_form, party_of
from events.actions import record
from events.rules import NotAllowed

ON_DELEGATE = ("given_name", "family_name", "native_name", "badge_name", "birth_date", "nationalities", "language", "may_be_invited_again")
ON_REGISTRATION = ("function", "languages", "needs", "consent")


def give_data(registration: Registration, *, data: dict, by: Actor) -> str:
    """Take a person's form: submit it if it is owed, else correct what was sent. `data` is as `submit_registration` takes it.

    Say what came of it: `submitted`, or as `correct_registration` says. The same form sent twice is submitted once.
    Raise `NotAllowed` when neither is possible (any more).
    """
    with transaction.atomic():
        locked, _approved = lock_person(registration)
        if locked.state in CORRECTED:
            done = correct_registration(registration, data=data, by=by)
        elif owes_form(locked):
            submit_registration(registration, data=data, by=by)
            done = "submitted"
        else:
            raise NotAllowed(_("This registration has changed meanwhile: it is now “%(state)s”.") % {"state": locked.get_state_display()})
        locked.drafts.filter(phase=FormPhase.FIRST).delete()
    return done


def give_details(registration: Registration, *, data: dict, by: Actor) -> str:
    """Take the second form of an approved person, the first time or as a correction; `data` has groups and questions alone.

    Say what came of it: `details` the first time, then `changed`, `waits` or `same`. Raise `NotAllowed` as `check_details` does.
    """
    with transaction.atomic():
        locked = lock_registration(registration)
        now = timezone.now()
        check_editing(locked.event)
        check_details(locked, locked.event, now, made_by=party_of(by.hat))
        changed, asked = keep_given(locked, data)
        is_first = locked.details_at is None
        if is_first:
            locked.details_at = now
            locked.save(update_fields=["details_at"])
        if is_first or changed or asked:
            record(by, "registration.details", locked, event=locked.event, changed=sorted(changed), waiting=sorted(asked))
        locked.drafts.filter(phase=FormPhase.SECOND).delete()
    return "details" if is_first else "waits" if asked else "changed" if changed else "same"


def correct_registration(registration: Registration, *, data: dict, by: Actor) -> str:
    """Change what a person gave. What this event or another approved stands, and its new value waits (`rules`); the rest changes at once.

    Say what came of it: `same`, `changed`, or `waits` when something now waits for an officer. Raise `NotAllowed` at a closed event.
    """
    with transaction.atomic():
        locked, approved = lock_person(registration)
        check_editing(locked.event)
        beside = {name: data[name] for name in WAITS_BESIDE if name in data} if approved else {}
        asked, changed = wait_beside(locked, approved, beside)
        changed += _change(locked.delegate, {name: data[name] for name in ON_DELEGATE if name in data and name not in beside})
        changed += _change(locked, {name: data[name] for name in ON_REGISTRATION if name in data})
        groups_changed, groups_asked = keep_given(locked, data)
        changed, asked = changed + groups_changed, asked + groups_asked
        if asked or changed:
            record(by, "registration.correct", locked, event=locked.event, changed=sorted(changed), waiting=sorted(asked))
    return "waits" if asked else "changed" if changed else "same"


def _change(row, values: dict) -> list[str]:
    values = {name: column_value(name, value) for name, value in values.items()}
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return changed
