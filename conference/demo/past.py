"""The editions of 2024: Brussels with every public fact, and the Hungarian follow-up, run elsewhere."""

import dataclasses
import datetime as dt
import itertools

from conference.demo import texts
from conference.demo.agenda import place, speak, take_turns
from conference.demo.people import people_of
from conference.lib import clock
from conference.lib.searching import folded
from conference.lib.viewer import SYSTEM
from delegates.actions import add_delegation, move_registration, nominate, submit_registration
from delegates.choices import Answer, Category, Consent, Standing
from delegates.choices import RegistrationState as State
from delegates.models import Delegation, Registration, RegistrationMove
from delegates.rules import OFFICER
from events.actions import keep_audiences, keep_organisation
from events.choices import Audience, DelegationsShown, EventState, OrganisationKind
from events.models import AudienceSpan, Event, Organisation, OutboxMail, PressRelease, Room, Series, Venue
from sessions.actions import create_session, make_speaker, release_agenda
from sessions.choices import Label, PublicIdentity
from sessions.models import Release, SessionMarking

FORMER_FROM = 6  # of the Hungarian people: the first ones come to the coming edition
BRUSSELS_FIRST_DATE = dt.date(2024, 4, 25)
HOST_NAMES = {
    "en": "Coordination Unit for Threat Analysis (CUTA)",
    "fr": "Organe de coordination pour l’analyse de la menace (OCAM)",
    "nl": "Coördinatieorgaan voor de dreigingsanalyse (OCAD)",
    "de": "Koordinationsorgan für die Bedrohungsanalyse (OCAM/OCAD)",
}


def load_series() -> Series:
    """Make the network's series."""
    facts = texts.load("series")
    return Series.objects.create(
        slug=facts["slug"],
        network=facts["network"],
        **texts.columns("name", facts["name"]),
        **texts.columns("description", facts["description"]),
    )


def load_brussels(series: Series, partners: dict[str, Organisation]) -> Event:
    """Make the Brussels edition of April 2024: agenda, host and the guests the press release names, closed."""
    facts = texts.load("brussels")
    event = _brussels_event(series, facts)
    rooms = _brussels_places(event, facts)
    _brussels_delegations(event, partners)
    _brussels_agenda(event, facts, rooms)
    released_at = clock.moment(dt.date(2024, 4, 30), dt.time(10), event.zone)
    release = PressRelease.objects.create(
        event=event,
        number=1,
        audience=Audience.PUBLIC,
        published_at=released_at,
        contact=facts["press_release"]["contact"],
        **texts.columns("title", facts["press_release"]["title"]),
        **texts.columns("text", facts["press_release"]["text"]),
    )
    keep_audiences(release, event=event, by=SYSTEM, at=released_at)
    Event.objects.filter(pk=event.pk).update(state=EventState.CLOSED)
    return event


def _brussels_event(series: Series, facts: dict) -> Event:
    event = Event.objects.create(
        series=series,
        slug=facts["slug"],
        state=EventState.OPEN,
        zone="Europe/Brussels",
        first_date=BRUSSELS_FIRST_DATE,
        last_date=BRUSSELS_FIRST_DATE + dt.timedelta(days=1),
        languages=["en", "fr"],
        audience=Audience.PUBLIC,
        host_audience=Audience.PUBLIC,
        delegations_audience=Audience.PUBLIC,
        delegations_shown=DelegationsShown.STATES,
        mailbox="conference@example.org",
        **texts.all_columns(("title", "summary", "practical", "notice"), facts),
    )
    keep_audiences(event, event=event, by=SYSTEM)
    return event


def _brussels_places(event: Event, facts: dict) -> dict[str, Room]:
    place_facts = facts["venue"]
    venue = Venue.objects.create(
        event=event,
        country=place_facts["country"],
        country_audience=Audience.PUBLIC,
        city_audience=Audience.PUBLIC,
        address_audience=Audience.PUBLIC,
        **texts.columns("name", place_facts["name"]),
        **texts.columns("city", place_facts["city"]),
    )
    keep_audiences(venue, event=event, by=SYSTEM)
    return make_rooms(event, venue, facts["rooms"])


def make_rooms(event: Event, venue: Venue, rooms: list[dict]) -> dict[str, Room]:
    """Make the rooms of a venue; give them by key."""
    return {
        room["key"]: Room.objects.create(
            event=event,
            venue=venue,
            position=position,
            capacity=room["capacity"],
            booths=room["booths"],
            **texts.columns("name", room["name"]),
        )
        for position, room in enumerate(rooms)
    }


def _brussels_delegations(event: Event, partners: dict[str, Organisation]) -> None:
    host = Organisation.objects.create(
        kind=OrganisationKind.STATE, country="BE", abbreviation="OCAM-OCAD", **texts.columns("name", HOST_NAMES)
    )
    keep_organisation(host)
    partners["BE"] = host
    standings = {"BE": Standing.HOST, "HU": Standing.MEMBER} | dict.fromkeys(("US", "CA", "AU", "JP"), Standing.GUEST)
    for country, standing in standings.items():
        delegation = add_delegation(event, organisation=partners[country], seats=6, standing=standing, by=SYSTEM)
        type(delegation).objects.filter(pk=delegation.pk).update(answer=Answer.COMING)


def _brussels_agenda(event: Event, facts: dict, rooms: dict[str, Room]) -> None:
    speakers = {
        person["key"]: make_speaker(
            event,
            by=SYSTEM,
            name=person["name"],
            organisation=person["organisation"],
            public_identity=PublicIdentity.FULL,
            **texts.columns("function", person["function"]),
        )
        for person in facts["speakers"]
    }
    for item in facts["sessions"]:
        session = create_session(
            event,
            by=SYSTEM,
            audience=Audience.PUBLIC,
            label=Label.CLEAR,
            kind=item["kind"],
            languages=[] if item["kind"] == "break" else ["en", "fr"],
            **texts.columns("title", item["title"]),
            **texts.columns("abstract", item["abstract"]),
        )
        place(session, item, rooms)
        speak(session, item, speakers)
    take_turns(event)
    release_agenda(event, by=SYSTEM)
    moment = clock.moment(dt.date(2024, 4, 15), dt.time(12), event.zone)
    Release.objects.filter(event=event, number=1).update(released_at=moment)
    SessionMarking.objects.filter(event=event).update(from_at=moment)
    AudienceSpan.objects.filter(event=event).update(from_at=moment)


def load_hungary(series: Series, previous: Event, partners: dict[str, Organisation]) -> Event:
    """Make the Hungarian follow-up of autumn 2024: an edition run elsewhere, with its host and dates only."""
    facts = texts.load("budapest")
    event = Event.objects.create(
        series=series,
        previous=previous,
        slug=facts["slug"],
        is_external=True,
        state=EventState.OPEN,
        zone="Europe/Budapest",
        first_date=dt.date(2024, 10, 17),
        last_date=dt.date(2024, 10, 18),
        audience=Audience.PUBLIC,
        host_audience=Audience.PUBLIC,
        **texts.all_columns(("title", "summary", "notice"), facts),
    )
    venue = Venue(event=event, country="HU", country_audience=Audience.PUBLIC)
    venue.save()
    for thing in (event, venue):
        keep_audiences(thing, event=event, by=SYSTEM)
    _former(add_delegation(event, organisation=partners["HU"], seats=6, standing=Standing.HOST, by=SYSTEM))
    Event.objects.filter(pk=event.pk).update(state=EventState.CLOSED)
    return event


def _former(delegation: Delegation) -> None:
    """Let people of the host take part who agreed to be found again for later editions, one of them under an older spelling."""
    people = itertools.islice(people_of("HU"), FORMER_FROM, FORMER_FROM + 3)
    known = next(itertools.islice(people_of("HU"), 1, None))
    for person in [*people, dataclasses.replace(known, given_name=folded(known.given_name).title(), email=f"former.{known.email}")]:
        named = nominate(
            delegation,
            given_name=person.given_name,
            family_name=person.family_name,
            email=person.email,
            category=Category.DELEGATE,
            function="Head of unit",
            by=SYSTEM,
            made_by=OFFICER,
        )
        data = {"function": "Head of unit", "languages": ["en"], "consent": Consent.PARTICIPANTS, "may_be_invited_again": True}
        sent = submit_registration(named, data=data, by=SYSTEM, is_own=True)
        move_registration(sent, to=State.APPROVED, by=SYSTEM, made_by=OFFICER)
    # It was two years ago: nothing is sent today, and the record of each step says when it was.
    event = delegation.event
    then = clock.moment(event.first_date - dt.timedelta(weeks=3), dt.time(12), event.zone)
    OutboxMail.objects.filter(event=event).delete()
    RegistrationMove.objects.filter(event=event).update(at=then)
    Registration.objects.filter(event=event).update(queued_at=then, submitted_at=then)
