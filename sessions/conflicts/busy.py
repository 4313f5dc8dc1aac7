"""What conflicts ask of the database beyond the slots in hand: who is taken at other events."""

import dataclasses
import datetime as dt

from django.db.models import Exists, OuterRef, Q, Value

from conference.models import User
from delegates.rules import ENDED
from events.choices import EventState
from events.models import StaffRole
from sessions.models import Contribution, Release, Slot, Speaker

Person = tuple[str, int]


@dataclasses.dataclass(frozen=True)
class Busy:
    """A person is taken at another event from a moment until another; the titles are empty for whoever may not see that event."""

    person: Person
    start_at: dt.datetime
    end_at: dt.datetime
    event_title: str = ""
    session_title: str = ""


def person_of(speaker: Speaker) -> Person:
    """Who it is: one account may have several delegates and a delegate several registrations; a shared account is nobody."""
    delegate = speaker.registration.delegate if speaker.registration else None
    if delegate is None:
        return ("speaker", speaker.pk)
    if delegate.user and not delegate.user.is_shared:
        return ("user", delegate.user.pk)
    return ("delegate", delegate.pk)


def busy_elsewhere(event, slots: list[Slot], *, user: User, at: dt.datetime) -> list[Busy]:
    """When the people of these slots are in a session of another event, drafts included; named where `user` has a role there. One query."""
    people = {person_of(one.speaker) for slot in slots for one in slot.contributions.all()}
    delegates, users = ([key for kind, key in people if kind == wanted] for wanted in ("delegate", "user"))
    if not delegates and not users:
        return []
    role = StaffRole.objects.live(at).held_by(user).filter(event=OuterRef("event"))
    delegate = "speaker__registration__delegate"
    found = (
        Contribution.objects.filter(Q(**{f"{delegate}__in": delegates}) | Q(**{f"{delegate}__user__in": users}))
        .filter(slot__start_at__lt=max(slot.end_at for slot in slots), slot__end_at__gt=min(slot.start_at for slot in slots))
        .filter(Q(slot__release__number__isnull=True) | Q(slot__release__in=Release.objects.current()))
        .exclude(event=event)
        .exclude(event__state=EventState.CANCELLED)
        .exclude(speaker__registration__state__in=ENDED)
        .annotate(is_seen=Value(True) if user.is_superuser else Exists(role))
        .select_related("slot__session__event", f"{delegate}__user")
        .order_by("slot__start_at", "event", "-slot__release__number", "pk")
    )
    return [
        Busy(
            person_of(one.speaker),
            one.slot.start_at,
            one.slot.end_at,
            one.slot.session.event.title if one.is_seen else "",
            one.slot.session.title if one.is_seen else "",
        )
        for one in found
    ]
