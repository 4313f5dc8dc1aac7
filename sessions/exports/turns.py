"""The turns of a session as one viewer reads them."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any

from conference.lib.viewer import Viewer
from events.choices import DelegationsShown, OrganisationKind
from sessions.choices import PublicIdentity
from sessions.models import Intervention, Slot
from sessions.rules import are_read_by_all, identity_in, starts_of


@dataclasses.dataclass(frozen=True)
class Turn:
    """A turn: when, for how long, and who speaks as far as the viewer may read it; one may know one's own turn alone."""

    start_at: dt.datetime
    minutes: int
    country: str = ""
    organisation: Any = None
    person: str = ""
    function: str = ""
    is_mine: bool = False


def turns_of(slot: Slot, turns: Iterable[Intervention], viewer: Viewer, *, shown: str) -> list[Turn]:
    """List the turns (loaded with `for_page`, in order) of a slot read for a viewer; `shown` is what `rules.turns_shown` says."""
    speaking = [one for one in turns if not one.is_dropped]
    starts = starts_of(slot.start_at, [one.minutes for one in speaking])
    found = [_turn(slot, one, at, viewer, shown) for one, at in zip(speaking, starts, strict=True)]
    if are_read_by_all(shown):
        return found
    return [turn for turn in found if turn.is_mine]


def _turn(slot: Slot, one: Intervention, at: dt.datetime, viewer: Viewer, shown: str) -> Turn:
    if one.delegation:
        organisation = one.delegation.organisation
        is_mine = viewer.own_delegation_id == one.delegation_id
        is_state = organisation.kind == OrganisationKind.STATE
        named = organisation if is_mine or shown == DelegationsShown.ORGANISATIONS else None
        return Turn(at, one.minutes, organisation.country if is_mine or is_state or named else "", named, is_mine=is_mine)
    session, speaker = slot.session, one.speaker
    is_mine = viewer.registration_id is not None and speaker.registration_id == viewer.registration_id
    identity = identity_in(
        speaker.public_identity, audience=session.audience, chatham_house=session.chatham_house, is_admitted=slot.is_admitted
    )
    person = speaker.full_name if is_mine or identity == PublicIdentity.FULL else ""
    function = speaker.function if identity != PublicIdentity.HIDDEN else ""
    return Turn(at, one.minutes, person=person, function=function, is_mine=is_mine)
