"""Raising a marking acts at once; loosening one of a released session is asked twice."""

from django.utils.translation import gettext as _

from events.choices import Audience
from events.rules import NotAllowed
from sessions.choices import Label, ShownAsClosed
from sessions.rules.sight import ORDER_OF_LABELS, Marking, is_widening

_CLOSED_LINE = [ShownAsClosed.NOTHING, ShownAsClosed.TIME, ShownAsClosed.TIME_AND_ROOM]


class NeedsConfirmation(NotAllowed):
    """The session is released and the change may show it to more people; `reasons` says in sentences how."""

    def __init__(self, reasons: list[str]):
        super().__init__(_("This session is released: the change may show it to more people. Confirm it."))
        self.reasons = reasons


def check_widening(before: Marking, after: Marking, *, confirmed: bool) -> None:
    """Refuse to loosen the marking of a released session without confirmation; raise `NeedsConfirmation`."""
    reasons = loosened(before, after)
    if reasons and before.is_released and not confirmed:
        raise NeedsConfirmation(reasons)


def loosened(before: Marking, after: Marking) -> list[str]:
    """Say in sentences how a marking would let out more than the one before it; an empty list when it would not."""
    reasons = []
    if _admits_more(before, after):
        reasons.append(
            _("The audience goes from “%(before)s” to “%(after)s”.")
            % {"before": Audience(before.audience).label, "after": Audience(after.audience).label}
        )
    if before.audience == after.audience == Audience.SELECTED and after.delegation_ids - before.delegation_ids:
        reasons.append(_("Delegations that did not see it are selected."))
    if ORDER_OF_LABELS.index(Label(after.label)) < ORDER_OF_LABELS.index(Label(before.label)):
        reasons.append(_("The label goes down from %(before)s to %(after)s.") % {"before": before.label, "after": after.label})
    if _CLOSED_LINE.index(ShownAsClosed(after.shown_as_closed)) > _CLOSED_LINE.index(ShownAsClosed(before.shown_as_closed)):
        reasons.append(_("Those who may not see it will see: %(after)s.") % {"after": ShownAsClosed(after.shown_as_closed).label})
    return reasons


def _admits_more(before: Marking, after: Marking) -> bool:
    """As `is_widening`; and named delegations may lie outside the members or the EU, so going there may admit somebody new."""
    if after.audience == Audience.SELECTED and before.audience in (Audience.MEMBERS, Audience.EU):
        return True
    return before.audience != after.audience and is_widening(before.audience, after.audience)
