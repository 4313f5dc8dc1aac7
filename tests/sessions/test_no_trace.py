"""A session above the reader leaves no trace: two worlds that differ in it alone answer byte for byte the same, everywhere."""

import dataclasses
import datetime as dt
import importlib
import re

import pytest
import time_machine
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Count, F, Value
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from conference.lib import kept, tokens
from conference.lib.viewer import SYSTEM
from delegates.choices import Category, Narrowing, RegistrationState, Standing
from events.actions import record
from events.choices import Audience
from events.models import Event
from sessions.choices import Label, PublicIdentity, Role, SessionKind, ShownAsClosed
from sessions.models import CalendarFeed, Session, Slot, reading
from sessions.models.releases import ContributionQuerySet, SlotQuerySet
from sessions.rules import Sight
from tests.factories import (
    ContributionFactory,
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    OrganisationFactory,
    PaperFactory,
    PressReleaseFactory,
    RegistrationFactory,
    ReleaseFactory,
    RoomFactory,
    SeriesFactory,
    SessionFactory,
    SlotFactory,
    SpeakerFactory,
    UserFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db
# The modules: in the package, the names are those of the views.
version_lists = importlib.import_module("sessions.feeds.versions")
agenda_page, session_page = (importlib.import_module(f"sessions.views.{name}") for name in ("agenda", "session"))
NOW = dt.datetime(2027, 1, 11, 9, tzinfo=dt.UTC)
SECRETS = {name: tokens.secret() for name in ("EU", "non-EU", "narrowed")}
PEOPLE = {  # name: country, standing, category, state, narrowing
    "EU": ("FR", Standing.MEMBER, Category.DELEGATE, RegistrationState.APPROVED, Narrowing.NONE),
    "non-EU": ("US", Standing.MEMBER, Category.DELEGATE, RegistrationState.APPROVED, Narrowing.NONE),
    "narrowed": ("FR", Standing.MEMBER, Category.DELEGATE, RegistrationState.APPROVED, Narrowing.PARTICIPANT),
    "nominated": ("FR", Standing.MEMBER, Category.EXPERT, RegistrationState.NOMINATED, Narrowing.NONE),
    "press": ("FR", Standing.MEMBER, Category.PRESS, RegistrationState.APPROVED, Narrowing.NONE),
    "interpreter": ("FR", Standing.MEMBER, Category.INTERPRETER, RegistrationState.APPROVED, Narrowing.NONE),
    "guest's protection": ("JP", Standing.GUEST, Category.PROTECTION, RegistrationState.APPROVED, Narrowing.NONE),
}
EVERYBODY = ("anonymous", "outsider", "focal point", *PEOPLE)
OUTSIDE_EU = tuple(name for name in EVERYBODY if name != "EU")


@dataclasses.dataclass(frozen=True)
class Hidden:
    """The session in which two worlds differ: its settings in the one, and (None: it is not there) in the other."""

    one: dict
    other: dict | None
    unseen_by: tuple[str, ...]
    draft_only: bool = False


CLOSED = {"audience": Audience.EU, "label": Label.AMBER, "shown_as_closed": ShownAsClosed.TIME_AND_ROOM, "title_en": "Zqhidden"}
WORLDS = {
    "organisers only": Hidden({"audience": Audience.ORGANISERS, "label": Label.RED}, None, EVERYBODY),
    "EU only": Hidden({"audience": Audience.EU, "label": Label.CLEAR, "title_en": "Zqhidden", "search_text": "zqhidden"}, None, OUTSIDE_EU),
    "RED": Hidden({"audience": Audience.EU, "label": Label.RED, "chatham_house": True, "search_text": "zqhidden"}, None, OUTSIDE_EU),
    "selected": Hidden({"audience": Audience.SELECTED, "label": Label.GREEN}, None, EVERYBODY),
    "not released": Hidden({"audience": Audience.PUBLIC, "label": Label.CLEAR}, None, EVERYBODY, draft_only=True),
    "another behind the closed line": Hidden(
        CLOSED, CLOSED | {"title_en": "Zqother", "label": Label.RED, "kind": SessionKind.SOCIAL, "languages": ["fi"]}, OUTSIDE_EU
    ),
}


def build(hidden: Hidden, settings: dict | None) -> dict[str, Client]:
    """One world: the hidden session is made before all others, so that keys, counts and orders have every chance to tell."""
    event = EventFactory(series=SeriesFactory(slug="series", name_en="Series"), slug="event", title_en="The event", capacity=50)
    rooms = [
        RoomFactory(venue=VenueFactory(event=event, public_id=f"venue{n:05}"), public_id=f"room{n:06}", name_en=f"Room {n}", position=n)
        for n in range(2)
    ]
    hours = [NOW - dt.timedelta(minutes=minutes) for minutes in (90, 60)]
    older = ReleaseFactory(event=event, number=1, released_at=hours[0], superseded_at=hours[1])
    release, draft = ReleaseFactory(event=event, number=2, released_at=hours[1]), ReleaseFactory(event=event, number=None)
    speakers = [
        SpeakerFactory(event=event, public_id=f"speaker{n:03}", name=f"Speaker {n}", function_en="A function", public_identity=identity)
        for n, identity in enumerate([PublicIdentity.FULL, PublicIdentity.FULL, PublicIdentity.FUNCTION, PublicIdentity.HIDDEN])
    ]
    if settings is not None:
        _hide(event, settings, [draft] if hidden.draft_only else [release, older], rooms[1], speakers)
    for n, audience in enumerate([Audience.PUBLIC, Audience.PUBLIC, Audience.PARTICIPANTS, Audience.MEMBERS]):
        session = SessionFactory(event=event, public_id=f"visible{n:03}", audience=audience, title_en=f"Title {n}", abstract_en="Words.")
        start = dt.datetime.combine(event.first_date, dt.time(8 + n // 2), dt.UTC)
        slot = SlotFactory(session=session, release=release, room=rooms[0], start_at=start, end_at=start + dt.timedelta(hours=1))
        if n:  # the first is new in version 2, the second moved
            SlotFactory(session=session, release=older, room=rooms[0], start_at=start - dt.timedelta(hours=1), end_at=start)
        for position, speaker in enumerate(speakers):
            ContributionFactory(slot=slot, speaker=speaker, position=0 if position < 2 else 1)
        PaperFactory(session=session, public_id=f"paper{n:05}", title_en=f"Paper {n}", audience=audience)
    PressReleaseFactory(event=event, number=1, public_id="press00000", title_en="Press", text_en="Words.", published_at=NOW)
    Event.objects.filter(pk=event.pk).update(stamp=F("stamp") + 1)
    return _clients(event)


def _hide(event, settings, releases, room, speakers) -> None:
    session = SessionFactory(event=event, public_id="hidden0000", **settings)
    if session.audience == Audience.SELECTED:
        session.delegations.set([DelegationFactory(event=event, public_id="delegation", organisation=OrganisationFactory(country="HU"))])
    release, *older = releases
    slot = SlotFactory(session=session, release=release, room=room, **_hour(event))
    for one in older:  # where it stood elsewhere, with nobody in it
        hours = {name: at - dt.timedelta(hours=2) for name, at in _hour(event).items()}
        SlotFactory(session=session, release=one, room=room, **hours, title_en="Zqformer")
    ContributionFactory(slot=slot, speaker=speakers[1])
    ContributionFactory(slot=slot, speaker=speakers[3], role=Role.INTERPRETER)
    ContributionFactory(slot=slot, speaker=SpeakerFactory(event=event, public_id="speaker999", name="Zqname"))
    PaperFactory(session=session, public_id="paper99999", audience=Audience.PUBLIC, title_en="Zqpaper")
    record(SYSTEM, "session.create", session, event=event)


def _hour(event) -> dict:
    start = dt.datetime.combine(event.first_date, dt.time(14), dt.UTC)
    return {"start_at": start, "end_at": start + dt.timedelta(hours=1)}


def _clients(event) -> dict[str, Client]:
    clients = {"anonymous": Client(), "outsider": _signed_in("outsider")}
    delegations = {}
    for country, standing, *_rest in PEOPLE.values():
        if country not in delegations:
            organisation = OrganisationFactory(country=country, name_en=f"Service {country}", public_id=f"service{country.lower()}0")
            delegations[country] = DelegationFactory(
                event=event, organisation=organisation, standing=standing, public_id=f"delegati{country.lower()}"
            )
    for n, (name, (country, _standing, category, state, narrowing)) in enumerate(PEOPLE.items()):
        clients[name] = _signed_in(f"person{n}")
        registration = RegistrationFactory(
            delegation=delegations[country],
            delegate__user=clients[name].user,
            delegate__given_name="Given",
            delegate__family_name=f"Family {n}",
            delegate__public_id=f"delegate{n:02}",
            public_id=f"registr{n:03}",
            category=category,
            state=state,
            narrowing=narrowing,
            invited_at=NOW,
        )
        if name in SECRETS:
            digest = tokens.digest(SECRETS[name])
            CalendarFeed.objects.create(event=event, registration=registration, secret_digest=digest, language="en", created_at=NOW)
    clients["focal point"] = _signed_in("focal")
    FocalPointFactory(delegation=delegations["FR"], user=clients["focal point"].user, public_id="focal00000", name="Focal")
    return clients


def _signed_in(name: str) -> Client:
    client = Client()
    client.user = UserFactory(email=f"{name}@example.org", name=name)
    client.force_login(client.user)
    return client


def addresses(hidden: Hidden) -> list[str]:
    """Every address about the agenda and the event, of what is there, what is hidden, and what never was.

    Private calendars only of those who may not see the session: whoever has another's address reads with their eyes.
    """
    with translation.override("en"):
        feeds = ("private_calendar", "private_schedule_xml", "private_schedule_json")
        secrets = [secret for name, secret in SECRETS.items() if name in hidden.unseen_by]
        calendars = [reverse(name, args=[secret]) for name in feeds for secret in secrets]
        return _addresses() + calendars


def _addresses() -> list[str]:
    pages = [("home", []), ("events:event", ["event"]), ("events:press", ["event"]), ("events:press_release", ["event", "press00000"])]
    pages += [
        ("sessions:agenda", ["event"]),
        ("sessions:calendar", ["event"]),
        ("sessions:programme", ["event"]),
        ("sessions:speakers", ["event"]),
        ("sessions:booklet", ["event"]),
        ("sessions:booklet_sheets", ["event"]),
        ("sessions:track_calendar", ["event", "track00000"]),
        ("sessions:my_calendar", ["event"]),
        ("my", []),
    ]
    pages += [(f"sessions:{name}", ["event"]) for name in ("schedule_xml", "schedule_json", "structured", "version_feed")]
    versions = reverse("sessions:versions", args=["event"])
    pages += [("api:events", []), *((f"api:{name}", ["event"]) for name in ("event", "sessions", "speakers", "versions"))]
    pages += [("api:session", ["event", public_id]) for public_id in ("visible000", "visible003", "hidden0000", "unknown000")]
    pages += [("sessions:door", ["event", public_id]) for public_id in ("room000000", "room000001", "unknown000")]
    for name, ids in {
        "session": ["visible000", "visible002", "visible003", "hidden0000", "unknown000"],
        **{name: ["visible000", "hidden0000", "unknown000"] for name in ("chair", "turn_screen", "turn_state")},
        "session_calendar": ["visible000", "visible003", "hidden0000", "unknown000"],
        "speaker": ["speaker000", "speaker001", "speaker002", "speaker003", "speaker999", "unknown000"],
        "paper": ["paper00000", "paper00002", "paper99999", "unknown000"],
    }.items():
        pages += [(f"sessions:{name}", ["event", public_id]) for public_id in ids]
    agenda = reverse("sessions:agenda", args=["event"])
    first = EventFactory.build().first_date
    queries = ["room=room000000", "room=room000001", "room=unknown000", f"day={first}", f"day={first}&room=room000001", f"day={first.year}"]
    queries += ["language=fi", "language=en", "track=track00000", "when=now", "room=room000001&when=now", f"day={first}&when=now"]
    queries += ["mine=1", "view=grid", f"day={first}&view=grid", "room=room000001&view=grid"]
    queries += [f"q={words}" for words in ("zqhidden", "zqother", "zqname", "speaker+1", "title", "function", "closed")]
    found = [f"{reverse('sessions:speakers', args=['event'])}?{query}" for query in ("q=zqname", "q=speaker+1", "q=function", "page=2")]
    found += [reverse(name, args=args) for name, args in pages] + [f"{agenda}?{query}" for query in queries]
    found += [versions, *(f"{versions}?{query}" for query in ("from=1&to=2", "to=1", "from=2&to=1", "to=3"))]
    found.append(reverse("sessions:door", args=["event", "room000001"]) + "?in=turn")
    return found + [agenda.replace("/en/", f"/{code}/") for code in ("fr", "nl", "de")]


_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')


def observe(hidden: Hidden, settings: dict | None, people: tuple[str, ...]) -> dict:
    """What these people get at every address of a world: status, headers, body, and how many questions it took."""
    savepoint = transaction.savepoint()
    caches["pages"].clear()
    with time_machine.travel(NOW, tick=False):
        clients = build(hidden, settings)
        seen = {}
        for person in people:
            for url in addresses(hidden):
                for again in (False, True) if person == "anonymous" else (False,):
                    connection.queries_log.clear()  # it forgets beyond 9,000
                    with CaptureQueriesContext(connection) as queries:
                        response = clients[person].get(url)
                    body = b"".join(response.streaming_content) if response.streaming else response.content
                    answer = (response.status_code, sorted(response.items()), _TOKEN.sub(b"", body), len(queries))
                    seen[person, url, again] = answer
    transaction.savepoint_rollback(savepoint)
    caches["pages"].clear()
    return seen


def differences(hidden: Hidden, people: tuple[str, ...] | None = None) -> set[tuple[str, str]]:
    """Where the two worlds answer differently to those who may not see the session: (person, address)."""
    people = people or hidden.unseen_by
    one, other = (observe(hidden, settings, people) for settings in (hidden.one, hidden.other))
    assert one.keys() == other.keys()
    return {key[:2] for key in one if one[key] != other[key]}


@pytest.mark.parametrize("name", WORLDS)
def test_hidden_session_leaves_no_trace(name):
    assert differences(WORLDS[name]) == set()


def test_session_is_there_for_those_who_may_see_it():
    """The comparison would notice the session: for the EU participant the two worlds differ where they should."""
    found = {url for _person, url in differences(WORLDS["EU only"], ("EU",))}
    agenda = "/en/events/event/agenda/"
    assert {agenda, f"{agenda}hidden0000/", f"{agenda}hidden0000.ics", "/en/events/event/speakers/speaker999/"} <= found
    assert "/en/events/event/agenda/unknown000/" not in found


def test_closed_line_stands_where_the_agenda_is_read_and_nowhere_else():
    line = Hidden(CLOSED, None, OUTSIDE_EU)
    found = {url for _person, url in differences(line, ("anonymous", "non-EU"))}
    told = {re.sub(r"^/\w\w/events/event/", "", url).partition("?")[0] for url in found}
    assert told == {"agenda/", "programme.pdf", "booklet.pdf", "booklet-sheets.pdf", "rooms/room000001/screen/"}


# Leaks planted on purpose: each must be caught.


def _leak_count(monkeypatch):
    write = agenda_page.render_to_string
    monkeypatch.setattr(agenda_page, "render_to_string", lambda name, context: write(name, context) + str(Session.objects.count()))


def _leak_etag(monkeypatch):
    keep = kept.keep

    def from_the_stamp(request, response):
        page = keep(request, response)
        return page and dataclasses.replace(page, headers=page.headers | {"ETag": f'W/"{page.stamp[1]}"'})

    monkeypatch.setattr(kept, "keep", from_the_stamp)


def _leak_order(monkeypatch):
    monkeypatch.setattr(
        ContributionQuerySet, "in_order", lambda self: self.annotate(n=Count("speaker__contributions")).order_by("position", "-n", "pk")
    )


def _leak_id(monkeypatch):
    monkeypatch.setattr(Session, "get_absolute_url", lambda self: f"/{self.pk}/")


def _leak_address(monkeypatch):
    find = session_page.slot_or_404

    def forbidden_for_what_exists(request, public_id):
        try:
            return find(request, public_id)
        except Http404:
            if Session.objects.filter(public_id=public_id).exists():
                raise PermissionDenied from None
            raise

    monkeypatch.setattr(session_page, "slot_or_404", forbidden_for_what_exists)


def _leak_room(monkeypatch):
    choices_of = agenda_page.choices_of

    def with_every_room(lines, days):
        rooms = {slot.room.public_id: slot.room.name for slot in Slot.objects.current().select_related("room__event")}
        return choices_of(lines, days) | {"room": rooms}

    monkeypatch.setattr(agenda_page, "choices_of", with_every_room)


def _leak_search(monkeypatch):
    found = lambda slots, text: list(slots) if Session.objects.filter(title_en__icontains=text).exists() else []  # noqa: E731 -- planted
    monkeypatch.setattr(agenda_page, "matching", found)


def _leak_feed(monkeypatch):
    seen = {"sight": Value(int(Sight.FULL)), "is_admitted": Value(True), "room_shown": Value(True)}
    monkeypatch.setattr(SlotQuerySet, "noticed_by", lambda self, viewer, **_among: self.current().annotate(**seen))


def _leak_page_read_alone(monkeypatch):
    everything = SlotQuerySet.with_sight
    monkeypatch.setattr(reading, "_at_hand", lambda event: None)
    monkeypatch.setattr(SlotQuerySet, "visible_to", lambda self, viewer: everything(self.current(), viewer))


def _leak_paper(monkeypatch):
    monkeypatch.setattr("sessions.models.papers.PaperQuerySet.visible_to", lambda self, viewer, sessions: self.filter(audience="public"))


def _leak_versions(monkeypatch):
    monkeypatch.setattr(version_lists, "known_places", lambda version, current, reader: list(version.places.values()))


def _leak_former_places(monkeypatch):
    known = version_lists._known
    monkeypatch.setattr(
        version_lists,
        "_known",
        lambda version, key, *rest: version.places.get(key) if version.held is not None else known(version, key, *rest),
    )


def _leak_queries(monkeypatch):
    lines_of = agenda_page.lines_of

    def one_question_each(slots):
        for session in Session.objects.all():
            session.refresh_from_db()
        return lines_of(slots)

    monkeypatch.setattr(agenda_page, "lines_of", one_question_each)


LEAKS = [
    _leak_count,
    _leak_etag,
    _leak_order,
    _leak_id,
    _leak_address,
    _leak_room,
    _leak_search,
    _leak_feed,
    _leak_page_read_alone,
    _leak_paper,
    _leak_versions,
    _leak_former_places,
    _leak_queries,
]


@pytest.mark.parametrize("leak", LEAKS)
def test_planted_leak_is_caught(monkeypatch, leak):
    leak(monkeypatch)
    assert differences(WORLDS["EU only"], ("anonymous",)) != set()
