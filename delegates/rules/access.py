"""What one registration opens of the agenda, and who opens a file."""

import dataclasses

from delegates.choices import Category, FileKind, Narrowing, Standing
from delegates.choices import RegistrationState as State
from delegates.rules.categories import CATEGORIES
from events.choices import Audience


def delegation_audiences(standing: str, *, is_eu: bool) -> frozenset[str]:
    """Give the audiences an admitted participant of a delegation belongs to."""
    audiences = {Audience.PUBLIC, Audience.PARTICIPANTS}
    if standing in (Standing.HOST, Standing.MEMBER):
        audiences.add(Audience.MEMBERS)
    if is_eu:
        audiences.add(Audience.EU)
    return frozenset(str(audience.value) for audience in audiences)


_NARROWED_OUT = {
    Narrowing.NONE: frozenset[str](),
    Narrowing.NOT_EU: frozenset({"eu"}),
    Narrowing.PARTICIPANT: frozenset({"eu", "members"}),
    Narrowing.PUBLIC: frozenset({"eu", "members", "participants"}),
}


@dataclasses.dataclass(frozen=True)
class Access:
    """What one registration opens: audiences in full, audiences of which only times and rooms, and sessions for named delegations."""

    audiences: frozenset[str] = frozenset({"public"})
    slot_audiences: frozenset[str] = frozenset()
    selected: bool = False
    slot_selected: bool = False
    assigned: bool = False


def access_of(*, state: str, category: str, narrowing: str, standing: str, is_eu: bool) -> Access:
    """Give what a registration opens; never wider than its delegation, and nothing but the public before approval."""
    takes = CATEGORIES[Category(category)]
    if state != State.APPROVED:
        return Access()
    everything = delegation_audiences(standing, is_eu=is_eu) - _NARROWED_OUT[Narrowing(narrowing)]
    selected = narrowing in (Narrowing.NONE, Narrowing.NOT_EU)
    assigned = narrowing != Narrowing.PUBLIC
    if takes.admitted:
        return Access(audiences=everything, selected=selected, assigned=assigned)
    if takes.slots_only:
        return Access(slot_audiences=everything - {"public"}, slot_selected=selected, assigned=assigned)
    return Access(assigned=assigned)


# The act that opens each kind of file to organisers.
FILE_ACTS = {
    FileKind.PHOTO: "photos",
    FileKind.IDENTITY_DOCUMENT: "documents",
    FileKind.CREDENTIAL: "registrations",
    FileKind.ANSWER: "registrations",
    FileKind.CORRESPONDENCE: "registrations",
}

# What a shared mailbox is never shown, also of its own.
NOT_IN_SHARED = (FileKind.IDENTITY_DOCUMENT,)


def may_open_own_file(file, viewer) -> bool:
    """Say whether a person may open a file of their own registration: any, but no identity document in a mailbox several people read."""
    return not (viewer.is_shared and file.kind in NOT_IN_SHARED)
