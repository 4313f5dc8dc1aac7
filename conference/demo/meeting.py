"""The preparatory meeting: a small event that is not public, held soon, postponed once, with requests that came too late."""

import datetime as dt
import itertools

from conference.actions import postpone_event, seen_of
from conference.demo import texts
from conference.demo.agenda import take_turns
from conference.demo.people import accept, people_of
from conference.lib import clock
from conference.lib.viewer import SYSTEM, Actor
from conference.models import User
from delegates.actions import (
    add_delegation,
    add_focal_point,
    answer_invitation,
    ask_late,
    invite_focal_points,
    move_registration,
    nominate,
    send_list,
    submit_registration,
)
from delegates.choices import Answer, Category, Consent, LateKind, Standing
from delegates.choices import RegistrationState as State
from delegates.models import Delegation, Invitation, Registration
from delegates.rules import OFFICER
from events.actions import keep_audiences
from events.choices import Audience, DelegationsShown, EventState
from events.models import Event, Organisation, Room, Venue
from sessions.actions import create_session, place_session, release_agenda
from sessions.choices import Label

DAYS_AHEAD, POSTPONED_BY, THURSDAY = 8, dt.timedelta(weeks=2), 3
INVITED = ("HU", "FR", "NL", "US", "CH")
CONFIRMED_AGAIN = ("HU", "NL")
UNKNOWN = 11  # of the people of a country, one whom nobody has named
CLOSING = {"answer_by_at": 28, "nominate_by_at": 21, "confirm_by_at": 5, "freeze_at": 3}  # days before the meeting


def load_meeting(coming: Event, *, today: dt.date, manager: User) -> Event:
    """Make the meeting with its people and agenda, postpone it, let two people confirm again, and let two delegations ask late."""
    event = _event(coming, _meeting_date(today) - POSTPONED_BY)
    _agenda(event)
    host = coming.delegations.get(standing=Standing.HOST)
    others = coming.delegations.filter(organisation__country__in=INVITED).exclude(pk=host.pk).select_related("organisation")
    for source in [host, *others.order_by("pk")]:
        _delegation(event, source)
    release_agenda(event, by=SYSTEM)
    _postpone(event, by=Actor(user=manager, hat="organiser:manager"))
    for registration in Registration.objects.filter(event=event, delegation__organisation__country__in=CONFIRMED_AGAIN).order_by("pk"):
        _confirm(registration)
    _ask_late(event)
    return event


def _meeting_date(today: dt.date) -> dt.date:
    """The first Thursday at least eight days away."""
    earliest = today + dt.timedelta(days=DAYS_AHEAD)
    return earliest + dt.timedelta(days=(THURSDAY - earliest.weekday()) % 7)


def _event(coming: Event, day: dt.date) -> Event:
    facts, place = texts.load("desk")["meeting"], coming.venues.get()
    city = {language: getattr(place, f"city_{language}") for language in facts["title"]}
    event = Event.objects.create(
        series=coming.series,
        slug=f"preparation-{coming.first_date.year}",
        state=EventState.OPEN,
        zone=coming.zone,
        first_date=day,
        last_date=day,
        languages=["en", "fr"],
        audience=Audience.PARTICIPANTS,
        host_audience=Audience.PARTICIPANTS,
        delegations_audience=Audience.PARTICIPANTS,
        delegations_shown=DelegationsShown.ORGANISATIONS,
        mailbox=coming.mailbox,
        **{name: clock.moment(day - dt.timedelta(days=days), dt.time(18), coming.zone) for name, days in CLOSING.items()},
        **texts.columns("title", facts["title"], city=city, year=str(coming.first_date.year)),
        **texts.all_columns(("summary", "notice"), facts),
    )
    keep_audiences(event, event=event, by=SYSTEM)
    audiences = dict.fromkeys(("country_audience", "city_audience", "address_audience"), Audience.PARTICIPANTS)
    venue = Venue.objects.create(
        event=event,
        country=place.country,
        address="2 Example Square",
        **audiences,
        **texts.columns("name", facts["venue"]),
        **texts.columns("city", city),
    )
    keep_audiences(venue, event=event, by=SYSTEM)
    Room.objects.create(event=event, venue=venue, position=0, capacity=20, booths=1, **texts.columns("name", facts["room"]))
    return event


def _agenda(event: Event) -> None:
    room = event.rooms.get()
    for item in texts.load("desk")["meeting"]["sessions"]:
        session = create_session(
            event,
            by=SYSTEM,
            kind=item["kind"],
            audience=Audience.PARTICIPANTS,
            label=Label.GREEN,
            languages=[] if item["kind"] == "break" else ["en"],
            **texts.columns("title", item["title"]),
        )
        start, end = (clock.moment(event.first_date, dt.time.fromisoformat(item[name]), event.zone) for name in ("start", "end"))
        place_session(session, room=room, start_at=start, end_at=end, by=SYSTEM)


def _delegation(event: Event, source: Delegation) -> None:
    """A delegation of two seats: the head who comes to the conference too, and where there is one an expert."""
    organisation: Organisation = source.organisation
    delegation = add_delegation(event, organisation=organisation, seats=2, standing=source.standing, by=SYSTEM)
    point = add_focal_point(
        delegation,
        name=source.focal_points.first().name,
        email=organisation.email,
        language="fr" if organisation.country == "FR" else "en",
        by=SYSTEM,
    )
    invite_focal_points(event, [point], by=SYSTEM)
    answer_invitation(delegation, answer=Answer.COMING, by=SYSTEM)
    people = Registration.objects.filter(
        delegation=source, state=State.APPROVED, category__in=[Category.HEAD, Category.EXPERT]
    ).select_related("delegate")
    for known in people.order_by("pk"):
        person = known.delegate
        nominate(
            delegation,
            given_name=person.given_name,
            family_name=person.family_name,
            email=person.email,
            category=known.category,
            function=known.function,
            by=SYSTEM,
            made_by=OFFICER,
        )
    send_list(delegation, by=SYSTEM)
    for registration in Registration.objects.filter(delegation=delegation).order_by("pk"):
        _confirm(registration)


def _confirm(registration: Registration) -> None:
    """Let a person send the form, and approve them."""
    given = {"function": registration.function, "languages": ["en"], "consent": Consent.PARTICIPANTS}
    sent = submit_registration(registration, data=given, by=SYSTEM, is_own=True)
    move_registration(sent, to=State.APPROVED, by=SYSTEM, made_by=OFFICER)


def _postpone(event: Event, *, by: Actor) -> None:
    later = event.first_date + POSTPONED_BY
    reason = texts.load("desk")["meeting"]["reason"]
    postpone_event(event, first_date=later, last_date=later, reason=reason, seen=seen_of(event), by=by)
    event.refresh_from_db()
    take_turns(event)
    release_agenda(event, by=by)


def _ask_late(event: Event) -> None:
    """After the time to nominate, Hungary asks to put somebody in the head's place, France to add somebody."""
    for country, kind in (("HU", LateKind.REPLACE), ("FR", LateKind.NOMINATE)):
        invitation = Invitation.objects.get(event=event, focal_point__delegation__organisation__country=country)
        user = accept(invitation)
        delegation = Delegation.objects.get(event=event, organisation__country=country)
        head = Registration.objects.filter(delegation=delegation, category=Category.HEAD).first()
        person = next(itertools.islice(people_of(country), UNKNOWN, None))
        ask_late(
            delegation,
            kind=kind,
            person={
                "given_name": person.given_name,
                "family_name": person.family_name,
                "email": person.email,
                "function": "Deputy head of unit",
                "language": "en",
            },
            category=Category.HEAD if kind == LateKind.REPLACE else Category.EXPERT,
            registration=head if kind == LateKind.REPLACE else None,
            by=Actor(user=user, hat=f"focal:{delegation.public_id}"),
        )
