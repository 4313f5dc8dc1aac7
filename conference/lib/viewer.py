"""Who is looking and who is acting: frozen facts that rules, querysets and actions take."""

import dataclasses
from typing import Any

PUBLIC_HAT = "public"


@dataclasses.dataclass(frozen=True)
class Viewer:
    """The facts of one user at one event under one hat: at most one registration, never a union of several.

    `audiences` are the audiences this hat belongs to in full; `slot_audiences` those whose times and rooms it sees
    (close protection, drivers and liaison officers follow their delegation without its contents).
    `delegation_ids` admits to sessions for selected delegations; `own_delegation_id` is the delegation whose own
    affairs the hat may see (a focal point before any approval, a delegate).
    """

    hat: str = PUBLIC_HAT
    user_id: int | None = None
    event_id: int | None = None
    audiences: frozenset[str] = frozenset({"public"})
    slot_audiences: frozenset[str] = frozenset()
    delegation_ids: frozenset[int] = frozenset()
    slot_delegation_ids: frozenset[int] = frozenset()
    registration_id: int | None = None
    sees_assigned: bool = False  # an approved registration sees the sessions it speaks or interprets in
    own_delegation_id: int | None = None
    is_focal_point: bool = False
    category: str = ""
    state: str = ""
    staff_roles: frozenset[str] = frozenset()
    is_shared: bool = False  # a mailbox several people read: papers above GREEN are never shown there

    @property
    def cache_key(self) -> tuple[Any, ...]:
        """Everything that decides what of an agenda this viewer may see, and nothing of who they are."""
        return (
            tuple(sorted(self.audiences)),
            tuple(sorted(self.slot_audiences)),
            tuple(sorted(self.delegation_ids)),
            tuple(sorted(self.slot_delegation_ids)),
            self.assigned_registration_id,
        )

    @property
    def assigned_registration_id(self) -> int | None:
        """The registration whose assignments open sessions, if any."""
        return self.registration_id if self.sees_assigned else None

    @property
    def has_part(self) -> bool:
        """Say whether this hat has a registration or a delegation of its own at the event."""
        return self.registration_id is not None or self.own_delegation_id is not None

    @property
    def is_public(self) -> bool:
        """Say whether this viewer sees what a stranger sees and nothing else."""
        return self.cache_key == ANYONE.cache_key


ANYONE = Viewer()


@dataclasses.dataclass(frozen=True)
class Actor:
    """Who acts: the user (None for the program itself), under which hat, and for whom, from which source and kept document."""

    user: Any = None
    hat: str = ""
    on_behalf_of: str = ""
    source: str = ""
    document: str = ""

    @property
    def user_id(self) -> int | None:
        """The key of the acting user, None when the program acts by itself."""
        return self.user.pk if self.user else None


SYSTEM = Actor(hat="system")
