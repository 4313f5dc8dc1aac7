"""The things of an event whose audiences are kept: what may be asked for, removed ones included."""

import dataclasses

from events.choices import Aspect
from events.models import AudienceSpan, Event, PressRelease, Venue
from sessions.models import Joining, Paper, Session

# The aspects of the event itself: their address needs no more than their name.
OF_EVENT = (Aspect.EVENT, Aspect.HOST, Aspect.DELEGATIONS)


@dataclasses.dataclass(frozen=True)
class Thing:
    """One aspect of one thing of an event.

    `target` is the reference the record keeps, `row` the thing itself while it is there: of join details, their session.
    """

    event: Event
    aspect: Aspect
    target: str
    row: Event | Venue | PressRelease | Paper | Session | None = None

    @property
    def key(self) -> str:
        """Its name in an address or on a command line: `paper:abcdefghij`, or `host` alone for what the event has once."""
        return self.aspect.value if self.aspect in OF_EVENT else f"{self.aspect.value}:{self.target.rpartition(' ')[2]}"


def things_of(event: Event) -> list[Thing]:
    """List everything whose audience was ever kept, the event first, then in the order of `Aspect` and of their beginning. Five queries."""
    rows: list[Event | Venue | PressRelease | Paper] = [event, *event.venues.all(), *event.press_releases.all()]
    rows += Paper.objects.filter(event=event)
    there: dict[str, Event | Venue | PressRelease | Paper | Session] = {str(row): row for row in rows}
    there |= {str(one): one.session for one in Joining.objects.filter(event=event).select_related("session")}
    spans = AudienceSpan.objects.filter(event=event).order_by("from_at", "pk").values_list("target", "aspect")
    order = list(Aspect)
    found = sorted(dict.fromkeys(spans), key=lambda pair: order.index(Aspect(pair[1])))
    return [Thing(event, Aspect(aspect), target, there.get(target)) for target, aspect in found]
