"""What of an agenda is one's own."""

from conference.lib.viewer import Viewer
from events.models import Event
from sessions.models import SignUp, Slot, Star


def own_parts(event: Event, viewer: Viewer) -> set[int]:
    """The sessions of the current release in which a participant has a part or a turn, or their delegation has a turn. One query."""
    slots = Slot.objects.current().filter(event=event).with_part_of(viewer.registration_id, viewer.own_delegation_id)
    return set(slots.values_list("session", flat=True))


def own_sessions(event: Event, viewer: Viewer) -> set[int]:
    """Those, and the sessions a participant starred or signed up for. Three queries."""
    stars = Star.objects.of(viewer).values_list("session", flat=True)
    return {*stars, *SignUp.objects.live().of(viewer).values_list("session", flat=True), *own_parts(event, viewer)}
