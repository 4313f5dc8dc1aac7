"""Who sees how much of a session, and what its markings allow."""

import dataclasses
import enum

from django.utils.translation import gettext as _

from events.choices import Audience
from events.rules import NotAllowed
from sessions.choices import Label, ShownAsClosed


class Sight(enum.IntEnum):
    """How much of a session a viewer sees: nothing, the line *closed session*, or all of it."""

    NONE = 0
    SLOT = 1
    FULL = 2


@dataclasses.dataclass(frozen=True)
class Marking:
    """What decides who sees a session: its present settings, the delegations and people it names, and whether it is released."""

    audience: str
    label: str
    shown_as_closed: str
    delegation_ids: frozenset[int] = frozenset()
    assigned_registration_ids: frozenset[int] = frozenset()  # interpreters and speakers of its current slot
    is_released: bool = True


def sight(marking: Marking, viewer) -> Sight:
    """Say how much of a session a viewer sees outside the organisers' site."""
    if not marking.is_released:
        return Sight.NONE
    if marking.audience != Audience.ORGANISERS:
        if marking.audience in viewer.audiences:
            return Sight.FULL
        if marking.audience == Audience.SELECTED and viewer.delegation_ids & marking.delegation_ids:
            return Sight.FULL
        if viewer.assigned_registration_id in marking.assigned_registration_ids:
            return Sight.FULL
        if marking.audience in viewer.slot_audiences:
            return Sight.SLOT
        if marking.audience == Audience.SELECTED and viewer.slot_delegation_ids & marking.delegation_ids:
            return Sight.SLOT
    return Sight.NONE if marking.shown_as_closed == ShownAsClosed.NOTHING else Sight.SLOT


def shows_room(marking: Marking, viewer) -> bool:
    """Say whether a viewer who sees only the line of a session sees its room too."""
    if marking.shown_as_closed == ShownAsClosed.TIME_AND_ROOM:
        return True
    if marking.audience == Audience.ORGANISERS:
        return False
    return marking.audience in viewer.slot_audiences or bool(
        marking.audience == Audience.SELECTED and viewer.slot_delegation_ids & marking.delegation_ids
    )


ORDER_OF_LABELS = [Label.CLEAR, Label.GREEN, Label.AMBER, Label.AMBER_STRICT, Label.RED]
# The widest first; widening a released session asks for confirmation.
ORDER_OF_AUDIENCES = [Audience.PUBLIC, Audience.PARTICIPANTS, Audience.MEMBERS, Audience.EU, Audience.SELECTED, Audience.ORGANISERS]


def is_widening(old_audience: str, new_audience: str) -> bool:
    """Say whether a change of audience may show a session to somebody who did not see it before."""
    return ORDER_OF_AUDIENCES.index(Audience(new_audience)) < ORDER_OF_AUDIENCES.index(Audience(old_audience)) or (
        {old_audience, new_audience} == {Audience.MEMBERS, Audience.EU}
    )


def above_green(label: str) -> bool:
    """Say whether mails and calendars must carry no title, speaker or abstract of it (they give time, the word and an address)."""
    return ORDER_OF_LABELS.index(Label(label)) > ORDER_OF_LABELS.index(Label.GREEN)


def in_feeds(label: str) -> bool:
    """Say whether a session may stand in a feed, a search or an export at all: a RED one never does."""
    return label != Label.RED


def check_marking(audience: str, label: str) -> None:
    """Refuse a public session that is not TLP:CLEAR; raise `NotAllowed`."""
    if audience == Audience.PUBLIC and label != Label.CLEAR:
        raise NotAllowed(_("A public session must be TLP:CLEAR."))
