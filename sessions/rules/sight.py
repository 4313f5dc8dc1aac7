"""Who sees how much of a session, and what its markings allow."""

import dataclasses
import enum

from django.utils.translation import gettext as _

from events.choices import Audience
from events.rules import NotAllowed
from sessions.choices import Label, PublicIdentity, ShownAsClosed


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


def admits(marking: Marking, viewer) -> bool:
    """Say whether the audience of a session includes a viewer, whatever the viewer is assigned to."""
    if marking.audience == Audience.SELECTED:
        return bool(viewer.delegation_ids & marking.delegation_ids)
    return marking.audience != Audience.ORGANISERS and marking.audience in viewer.audiences


def sight(marking: Marking, viewer) -> Sight:
    """Say how much of a session a viewer sees outside the organisers' site."""
    if not marking.is_released:
        return Sight.NONE
    if admits(marking, viewer) or _is_assigned(marking, viewer):
        return Sight.FULL
    if marking.shown_as_closed != ShownAsClosed.NOTHING or _follows(marking, viewer):
        return Sight.SLOT
    return Sight.NONE


def _is_assigned(marking: Marking, viewer) -> bool:
    """Interpreters and speakers see what they work in, unless it is closed to everybody but the organisers."""
    mine = viewer.assigned_registration_id
    return mine is not None and marking.audience != Audience.ORGANISERS and mine in marking.assigned_registration_ids


def _follows(marking: Marking, viewer) -> bool:
    """Close protection, drivers and liaison officers see the times and rooms of their delegation's sessions."""
    if marking.audience == Audience.SELECTED:
        return bool(viewer.slot_delegation_ids & marking.delegation_ids)
    return marking.audience != Audience.ORGANISERS and marking.audience in viewer.slot_audiences


def shows_room(marking: Marking, viewer) -> bool:
    """Say whether a viewer who sees only the line of a session sees its room too."""
    return marking.shown_as_closed == ShownAsClosed.TIME_AND_ROOM or _follows(marking, viewer)


_IDENTITIES = {identity.value: identity for identity in PublicIdentity}


def identity_in(public_identity: str, *, audience: str, chatham_house: bool, is_admitted: bool) -> PublicIdentity:
    """Give how much of a person a viewer who sees a session in full may read there.

    A public session shows everybody the public identity. Any other names people to whoever sees it; under the Chatham
    House Rule only to its audience, so that one who merely works in the room reads the public identity too.
    """
    if audience == Audience.PUBLIC or (chatham_house and not is_admitted):
        return _IDENTITIES[public_identity]
    return PublicIdentity.FULL


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


def may_carry(label: str, viewer) -> bool:
    """Say whether a paper of this label may be carried off by a viewer: a RED one never, above GREEN not to a shared mailbox."""
    return label != Label.RED and not (viewer.is_shared and above_green(label))


def may_download(paper: Marking, viewer, session: Marking | None) -> bool:
    """Say whether a viewer may download a paper: its own audience admits, and its session, if it has one, is seen and not RED."""
    if not admits(paper, viewer) or not may_carry(paper.label, viewer):
        return False
    return session is None or (sight(session, viewer) == Sight.FULL and session.label != Label.RED)


def check_marking(audience: str, label: str) -> None:
    """Refuse a public session that is not TLP:CLEAR; raise `NotAllowed`."""
    if audience == Audience.PUBLIC and label != Label.CLEAR:
        raise NotAllowed(_("A public session must be TLP:CLEAR."))
