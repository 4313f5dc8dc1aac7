"""Sharing and handing over the right to nominate: the other accepts through an invitation, and then one's own may end."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from delegates.actions.delegations import add_focal_point, end_focal_point
from delegates.actions.invitations import invite_focal_points
from delegates.actions.moves import lock_delegation
from delegates.models import Delegation, FocalPoint
from events.rules import NotAllowed

MOST = 10  # live focal points of one delegation, invited ones included


def share_role(delegation: Delegation, *, name: str, email: str, language: str, by: Actor) -> FocalPoint:
    """Invite another focal point for the delegation; the right is theirs once they accept. Raise `NotAllowed` for one too many."""
    with transaction.atomic():
        locked = lock_delegation(delegation)
        if FocalPoint.objects.live(timezone.now()).filter(delegation=locked).count() >= MOST:
            raise NotAllowed(_("A delegation has at most %(count)d focal points. End the right of one first.") % {"count": MOST})
        focal_point = add_focal_point(locked, name=name, email=email, language=language, by=by)
        invite_focal_points(locked.event, [focal_point], by=by)
    return focal_point


def leave_role(focal_point: FocalPoint, *, by: Actor) -> FocalPoint:
    """End one's own right, or an invitation nobody has accepted yet; raise `NotAllowed` for another's right, or the last one."""
    with transaction.atomic():
        delegation = lock_delegation(Delegation(pk=focal_point.delegation_id, event_id=focal_point.event_id))
        live = FocalPoint.objects.live(timezone.now()).filter(delegation=delegation).exclude(pk=focal_point.pk)
        is_own = focal_point.user_id is not None and focal_point.user_id == by.user_id
        if focal_point.user_id is not None and not is_own:
            raise NotAllowed(_("Only they themselves or the organisers end the right of another focal point."))
        if is_own and not live.filter(user__isnull=False).exists():
            raise NotAllowed(_("Nobody else has accepted yet. Invite a colleague first; you can leave once they have accepted."))
        return end_focal_point(focal_point, by=by)
