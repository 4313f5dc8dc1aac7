"""Whom an act on an event concerns: the people who know of their registration, and the focal points, each once."""

import dataclasses
import datetime as dt

from django.db.models import Q

from conference.lib.viewer import ANYONE, Viewer
from delegates.models import FocalPoint, Registration
from delegates.rules import OWN
from delegates.viewers import viewer_of
from events.emails import link, title_in
from events.emails.acts import event_news
from events.models import Event


@dataclasses.dataclass(frozen=True)
class Reader:
    """One person to write to: their address, language and name, what they are to the event, and the page of their own."""

    to: str
    language: str
    name: str
    about: str  # the reference of their registration or right
    page: tuple[str, str]  # name and public id
    viewer: Viewer
    registration: Registration | None = None

    def url(self, event: Event) -> str:
        """The address of their own page."""
        name, public_id = self.page
        return link(name, event.slug, public_id, language=self.language)


def readers_of(event: Event, at: dt.datetime, *, approved_only: bool = False) -> list[Reader]:
    """List whom an act on an event concerns, each person once; a focal point who also comes is written to as the person.

    A person who was never told of their registration is not written to: their focal point is.
    """
    people = [_person(event, row) for row in _known_registrations(event, approved_only)]
    users = {reader.registration.delegate.user_id for reader in people if reader.registration}
    addresses = {reader.to.casefold() for reader in people}
    found = FocalPoint.objects.live(at).filter(Q(invited_at__isnull=False) | Q(user__isnull=False), event=event)
    readers = people
    for focal_point in found.select_related("delegation").order_by("pk"):
        is_known = focal_point.user_id in users if focal_point.user_id else focal_point.email.casefold() in addresses
        if not is_known:
            readers.append(_focal_point(focal_point))
            users.add(focal_point.user_id)
            addresses.add(focal_point.email.casefold())
        users.discard(None)
    return readers


def _known_registrations(event: Event, approved_only: bool):
    rows = Registration.objects.filter(Q(invited_at__isnull=False) | Q(state__in=OWN), event=event, delegate__isnull=False)
    rows = rows.in_state("approved") if approved_only else rows.active()
    return rows.exclude(delegate__email="").select_related("delegate__user", "delegation__organisation").order_by("pk")


def _person(event: Event, registration: Registration) -> Reader:
    registration.event = event
    delegate = registration.delegate
    return Reader(
        to=delegate.email,
        language=delegate.language,
        name=delegate.full_name,
        about=str(registration),
        page=("delegates:registration", registration.public_id),
        viewer=viewer_of(registration, event, user=delegate.user),
        registration=registration,
    )


def _focal_point(focal_point: FocalPoint) -> Reader:
    return Reader(
        to=focal_point.email,
        language=focal_point.language,
        name=focal_point.name,
        about=str(focal_point),
        page=("delegates:delegation", focal_point.delegation.public_id),
        viewer=ANYONE,
    )


def tell(kind: str, event: Event, reader: Reader, *, once: str, places: dict[str, str], url: str = "") -> None:
    """Put the message of an act into the outbox for one reader, in their language; `once` names the act among those of its kind."""
    event_news(
        kind,
        event,
        to=reader.to,
        language=reader.language,
        name=reader.name,
        about=reader.about,
        places={"event": title_in(event, reader.language), "url": url or reader.url(event)} | places,
        dedup_key=f"{kind}:{event.pk}:{once}:{reader.about}",
    )
