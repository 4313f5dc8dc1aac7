"""The coming edition: invented, dated from today, under the presidency of its semester, in full preparation."""

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile

from conference.demo import texts
from conference.demo.agenda import place, speak, take_turns
from conference.demo.delegations import Nominated, load_delegations
from conference.demo.form import load_form
from conference.demo.past import make_rooms
from conference.demo.pdf import one_page_pdf
from conference.demo.people import people_of
from conference.lib import clock, countries
from conference.lib.viewer import SYSTEM
from delegates.actions import keep_quota, set_capacity
from delegates.models import Delegation
from events.actions import correct_press_release, keep_audiences
from events.choices import Audience, DelegationsShown, EventState
from events.models import Event, Organisation, PressRelease, Room, Series, Venue
from sessions.actions import (
    add_paper,
    create_session,
    make_speaker,
    make_track,
    mark_session,
    place_session,
    release_agenda,
    set_contributions,
)
from sessions.choices import Label, PublicIdentity
from sessions.models import Session, Speaker

WEEKS_AHEAD, DAYS = 8, 3
TUESDAY = 1


def coming_first_date(today: dt.date) -> dt.date:
    """The first Tuesday at least eight weeks away."""
    earliest = today + dt.timedelta(weeks=WEEKS_AHEAD)
    return earliest + dt.timedelta(days=(TUESDAY - earliest.weekday()) % 7)


def load_coming(series: Series, previous: Event, partners: dict[str, Organisation], today: dt.date) -> Event:
    """Make the coming edition with its delegations, people, agenda, papers and press releases."""
    facts = texts.load("coming")
    host = _host(coming_first_date(today), facts)
    zone, city = facts["cities"][host]
    event = _event(series, previous, facts, zone, city, today)
    rooms = _places(event, facts, host, city)
    set_capacity(event, seats=140, by=SYSTEM)
    load_form(event)
    nominated = load_delegations(event, host, partners)
    for category, mode, seats in (("protection", "", 12), ("interpreter", "", 10), ("", "remote", 20)):
        keep_quota(event, category=category, mode=mode, seats=seats, by=SYSTEM)
    _agenda(event, facts, rooms, nominated, host)
    _press(event, facts, city, today)
    return event


def _host(day: dt.date, facts: dict) -> str:
    try:
        host = countries.presidency(day)
    except countries.UnknownPresidency:
        return "BE"
    return host if host in facts["cities"] else "BE"


def _event(series: Series, previous: Event, facts: dict, zone: str, city: dict[str, str], today: dt.date) -> Event:
    first = coming_first_date(today)

    def at(weeks_before: int) -> dt.datetime:
        return clock.moment(first - dt.timedelta(weeks=weeks_before), dt.time(18), zone)

    event = Event.objects.create(
        series=series,
        previous=previous,
        slug=f"{city['en'].lower().replace(' ', '-')}-{first.year}",
        state=EventState.OPEN,
        zone=zone,
        first_date=first,
        last_date=first + dt.timedelta(days=DAYS - 1),
        answer_by_at=at(5),
        nominate_by_at=at(4),
        confirm_by_at=at(3),
        travel_by_at=at(2),
        freeze_at=at(1),
        languages=["en", "fr"],
        audience=Audience.PUBLIC,
        host_audience=Audience.PUBLIC,
        delegations_audience=Audience.PARTICIPANTS,
        delegations_shown=DelegationsShown.ORGANISATIONS,
        mailbox="conference@example.org",
        takes_requests=True,
        security_decides=True,
        offer_days=10,
        **texts.columns("title", facts["title"], city=city, year=str(first.year)),
        **texts.all_columns(("summary", "practical", "notice"), facts),
    )
    keep_audiences(event, event=event, by=SYSTEM)
    return event


def _places(event: Event, facts: dict, host: str, city: dict[str, str]) -> dict[str, Room]:
    venue = Venue.objects.create(
        event=event,
        country=host,
        address="1 Example Square",
        country_audience=Audience.PUBLIC,
        city_audience=Audience.PUBLIC,
        address_audience=Audience.PARTICIPANTS,
        **texts.columns("name", facts["venue"]),
        **texts.columns("city", city),
    )
    keep_audiences(venue, event=event, by=SYSTEM)
    return make_rooms(event, venue, facts["rooms"])


def _agenda(event: Event, facts: dict, rooms: dict[str, Room], nominated: Nominated, host: str) -> None:
    tracks = {
        track["key"]: make_track(event, by=SYSTEM, position=position, **texts.columns("name", track["name"]))
        for position, track in enumerate(facts["tracks"])
    }
    speakers = _speakers(event, facts, nominated, host)
    sessions = {item["key"]: _session(event, item, tracks, rooms, speakers) for item in facts["sessions"]}
    _papers(event, sessions)
    take_turns(event)
    release_agenda(event, by=SYSTEM, note=facts["release_notes"][0], note_audience=Audience.PARTICIPANTS)
    _move(sessions["outlook"], rooms["plenary"], "08:30", "10:00")
    release_agenda(event, by=SYSTEM, note=facts["release_notes"][1], note_audience=Audience.PARTICIPANTS)
    _draft_after_release(sessions, rooms, speakers)


def _speakers(event: Event, facts: dict, nominated: Nominated, host: str) -> dict[str, Speaker]:
    minister = next(people_of(host))
    outside = {}
    for person in facts["speakers"]:
        name = f"{minister.given_name} {minister.family_name}" if person["key"] == "host_minister" else person["name"]
        outside[person["key"]] = make_speaker(
            event,
            by=SYSTEM,
            name=name,
            organisation=person["organisation"],
            public_identity=person["identity"],
            **texts.columns("function", person["function"]),
        )
    registered = {
        key: make_speaker(
            event, by=SYSTEM, registration=registration, public_identity=identity, **texts.columns("function", facts["functions"][key])
        )
        for key, registration, identity in (
            ("host_head", nominated.host_head, PublicIdentity.FULL),
            ("analyst", nominated.host_delegate, PublicIdentity.HIDDEN),
            ("approved_eu", nominated.approved_eu, PublicIdentity.FUNCTION),
            ("approved_third", nominated.approved_third, PublicIdentity.FULL),
            ("interpreter", nominated.interpreter, PublicIdentity.HIDDEN),
        )
    }
    return outside | registered


def _session(event: Event, item: dict, tracks: dict, rooms: dict[str, Room], speakers: dict[str, Speaker]) -> Session:
    selected = Delegation.objects.filter(event=event, organisation__country__in=item.get("selected", []))
    session = create_session(
        event,
        by=SYSTEM,
        kind=item["kind"],
        audience=item["audience"],
        label=item["label"],
        chatham_house=item.get("chatham", False),
        shown_as_closed=item.get("closed", "nothing"),
        delegations=list(selected),
        track=tracks.get(item.get("track")),
        languages=[] if item["kind"] == "break" else ["en"],
        interpretation=item.get("interpretation", []),
        **texts.columns("title", item["title"]),
        **texts.columns("abstract", item.get("abstract", {})),
    )
    if "day" in item:
        place(session, item, rooms)
        speak(session, item, speakers)
    return session


def _move(session: Session, room: Room, start: str, end: str) -> None:
    event, day = session.event, session.event.days[-1]
    place_session(
        session,
        room=room,
        start_at=clock.moment(day, dt.time.fromisoformat(start), event.zone),
        end_at=clock.moment(day, dt.time.fromisoformat(end), event.zone),
        by=SYSTEM,
    )


def _draft_after_release(sessions: dict[str, Session], rooms: dict[str, Room], speakers: dict[str, Speaker]) -> None:
    """Leave work to do: a session moved into a room that is taken, a new speaker, a raised marking."""
    moved, day = sessions["partners"], sessions["partners"].event.days[0]
    zone = moved.event.zone
    place_session(
        moved,
        room=rooms["plenary"],
        start_at=clock.moment(day, dt.time(17), zone),
        end_at=clock.moment(day, dt.time(18, 15), zone),
        by=SYSTEM,
    )
    set_contributions(sessions["eu"], [(speakers["analyst"], "speaker"), (speakers["interpreter"], "interpreter")], by=SYSTEM)
    mark_session(
        sessions["outlook"],
        by=SYSTEM,
        audience=Audience.MEMBERS,
        label=Label.AMBER,
        chatham_house=True,
        shown_as_closed="time_and_room",
        delegations=[],
    )


def _papers(event: Event, sessions: dict[str, Session]) -> None:
    papers = [
        ("methods", Audience.PUBLIC, Label.CLEAR, {"en": "Ten years of forecasts, read again", "fr": "Dix ans de prévisions, relues"}),
        (
            "online",
            Audience.PARTICIPANTS,
            Label.GREEN,
            {"en": "Discussion paper", "fr": "Document de discussion", "de": "Diskussionspapier"},
        ),
        ("eu", Audience.EU, Label.AMBER_STRICT, {"en": "Open points", "fr": "Points ouverts"}),
        (None, Audience.PARTICIPANTS, Label.CLEAR, {"en": "Practical guide for delegations", "fr": "Guide pratique des délégations"}),
    ]
    for key, audience, label, title in papers:
        add_paper(
            event,
            file=SimpleUploadedFile(f"{title['en'].lower().replace(' ', '-')}.pdf", one_page_pdf(title["en"]), "application/pdf"),
            by=SYSTEM,
            session=sessions[key] if key else None,
            audience=audience,
            label=label,
            **texts.columns("title", title),
        )


def _press(event: Event, facts: dict, city: dict[str, str], today: dt.date) -> None:
    """One press release out since yesterday, one under embargo until the opening."""
    published = clock.moment(today - dt.timedelta(days=1), dt.time(10), event.zone)
    embargo = clock.moment(event.first_date, dt.time(9), event.zone)
    for number, moment in ((1, published), (2, embargo)):
        release = PressRelease.objects.create(
            event=event,
            number=number,
            audience=Audience.PUBLIC,
            published_at=moment,
            contact="press@example.org",
            **texts.columns("title", facts["press_release"]["title"], city=city),
            **texts.columns("text", facts["press_release"]["text"], city=city),
        )
        keep_audiences(release, event=event, by=SYSTEM)
        if moment == published:
            correct_press_release(release, texts=texts.columns("text", facts["press_release"]["correction"]), by=SYSTEM)
