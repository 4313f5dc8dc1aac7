"""The security officer's decision on the weapon somebody asks to carry, apart from the decision on the person."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from delegates.actions.moves import lock_registration
from delegates.choices import Group, WeaponDecision
from delegates.models import Registration
from delegates.rules import HOLDING, check_editing
from events.actions import record
from events.rules import NotAllowed


def decide_weapon(registration: Registration, *, decision: str, seen_at: dt.datetime, by: Actor) -> Registration:
    """Keep what the security officer decided on the weapon declared at `seen_at`; the same decision twice is one record.

    Raise `NotAllowed` when none is asked for (any more), or when it was declared anew since it was shown.
    """
    with transaction.atomic():
        locked = lock_registration(registration)
        check_editing(locked.event)
        declared = locked.given_groups.filter(group=Group.WEAPON).first()
        if declared is None or locked.weapon_decision == WeaponDecision.NONE or locked.state not in HOLDING:
            raise NotAllowed(_("No weapon is asked for here."))
        if declared.given_at != seen_at:
            raise NotAllowed(_("The person has declared the weapon anew since you opened this page. Open it again, then decide."))
        if locked.weapon_decision == decision:
            return locked
        before, locked.weapon_decision = locked.weapon_decision, decision
        locked.save(update_fields=["weapon_decision"])
        record(by, "registration.weapon", locked, event=locked.event, before=before, to=decision)
    return locked
