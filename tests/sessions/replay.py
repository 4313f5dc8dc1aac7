"""A world of everything that has an audience, random changes to it, and what its pages show: for replaying its past."""

import dataclasses
import datetime as dt
import random
import types

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from conference.lib import clock
from conference.lib.viewer import ANYONE, SYSTEM
from conference.views import _delegations
from delegates.actions import (
    accept_invitation,
    add_focal_point,
    change_category,
    change_delegation,
    end_focal_point,
    invite_focal_points,
    move_registration,
    narrow_registration,
    send_list,
)
from delegates.choices import Category, Narrowing, RegistrationState, Standing
from delegates.models import Delegation, FocalPoint, Registration
from delegates.rules import OFFICER, TRANSITIONS
from delegates.viewers import build_viewer
from events.actions import (
    change_event_state,
    delete_venue,
    edit_event,
    end_role,
    grant_role,
    publish_press_release,
    save_organisation,
    save_press_release,
    save_venue,
    withhold_press_release,
)
from events.choices import PLAIN_AUDIENCES, Audience, DelegationsShown, EventState, OrganisationKind, StaffRoleName
from events.models import Event, Organisation, PressRelease, StaffRole, Venue
from events.rules import NotAllowed, may_see_event, seen_of_venue
from sessions.actions import (
    add_paper,
    change_paper,
    mark_session,
    place_session,
    release_agenda,
    remove_paper,
    set_contributions,
    set_joining,
    unplace_session,
)
from sessions.choices import JoinAudience, Label, Role, ShownAsClosed
from sessions.history import things_of, what_could_see, who_could_see, who_could_see_thing
from sessions.models import Joining, Paper, Session, Slot
from sessions.views.session import _joining
from tests.factories import (
    DelegationFactory,
    EventFactory,
    OrganisationFactory,
    PaperFactory,
    PressReleaseFactory,
    RegistrationFactory,
    SessionFactory,
    SpeakerFactory,
    StaffRoleFactory,
    UserFactory,
    VenueFactory,
)

PLAIN = [audience for audience, _label in PLAIN_AUDIENCES]
BEGIN = dt.datetime(2019, 11, 4, 9, tzinfo=dt.UTC)
LEAVING = (dt.date(2020, 1, 31), dt.date(2020, 2, 1))  # the last day of the United Kingdom's membership, and the first without
NO_DEADLINES = dict.fromkeys(["answer_by_at", "nominate_by_at", "confirm_by_at", "travel_by_at", "freeze_at"])


@dataclasses.dataclass
class World:
    """An event on the day a state leaves the Union, with people of every kind of access, and sessions."""

    event: Event
    delegations: list
    registrations: list
    speakers: list
    sessions: list
    venue: Venue
    papers: list
    focal_users: list


def build() -> World:
    event = EventFactory(first_date=LEAVING[0], last_date=LEAVING[1], state=EventState.OPEN, **NO_DEADLINES)
    places = [("GB", Standing.MEMBER), ("FR", Standing.MEMBER), ("US", Standing.GUEST)]
    delegations = [
        DelegationFactory(event=event, organisation=OrganisationFactory(country=country), standing=standing, seats=5)
        for country, standing in places
    ]
    kinds = [(0, Category.DELEGATE), (1, Category.EXPERT), (1, Category.INTERPRETER), (2, Category.PROTECTION), (2, Category.DELEGATE)]
    registrations = [
        RegistrationFactory(delegation=delegations[of], category=category, state=RegistrationState.APPROVED, user=UserFactory())
        for of, category in kinds
    ]
    speakers = [SpeakerFactory(registration=registration) for registration in registrations[:3]]
    sessions = [SessionFactory(event=event, audience=audience) for audience in (Audience.EU, Audience.PUBLIC, Audience.ORGANISERS)]
    SessionFactory(event=event, audience=Audience.MEMBERS, released=True)
    StaffRoleFactory(event=event)
    sessions.append(event.sessions.order_by("-pk")[0])
    venue = VenueFactory(event=event, city_audience=Audience.PUBLIC, address_audience=Audience.EU)
    papers = [PaperFactory(event=event, audience=Audience.MEMBERS), PaperFactory(session=sessions[3], audience=Audience.MEMBERS)]
    papers.append(PaperFactory(event=event, audience=Audience.SELECTED))
    PressReleaseFactory(event=event)
    return World(event, delegations, registrations, speakers, sessions, venue, papers, [UserFactory(), UserFactory()])


# The changes. Each takes the world and numbers to choose by; what the rules refuse changes nothing.


def move(world, a, b, c):
    registration = Registration.objects.get(pk=_pick(world.registrations, a).pk)
    states = [to for (before, to), makers in TRANSITIONS.items() if before == registration.state and OFFICER in makers]
    if states:
        move_registration(registration, to=_pick(states, b), by=SYSTEM, made_by=OFFICER, reason="A reason.")


def approve(world, a, b, c):
    registration = Registration.objects.get(pk=_pick(world.registrations, a).pk)
    for to in (RegistrationState.NOMINATED, RegistrationState.SUBMITTED, RegistrationState.APPROVED):
        try:
            move_registration(registration, to=to, by=SYSTEM, made_by=OFFICER)
        except NotAllowed:
            continue


def narrow(world, a, b, c):
    narrow_registration(_pick(world.registrations, a), narrowing=_pick(list(Narrowing), b), by=SYSTEM)


def category(world, a, b, c):
    change_category(_pick(world.registrations, a), category=_pick([Category.DELEGATE, Category.PRESS, Category.DRIVER], b), by=SYSTEM)


def standing(world, a, b, c):
    delegation = Delegation.objects.get(pk=_pick(world.delegations, a).pk)
    change_delegation(delegation, seats=5, standing=_pick(list(Standing), b), by=SYSTEM)


def mark(world, a, b, c):
    audience = _pick(list(Audience), b)
    mark_session(
        Session.objects.get(pk=_pick(world.sessions, a).pk),
        by=SYSTEM,
        audience=audience,
        label=Label.CLEAR if audience == Audience.PUBLIC else _pick(list(Label), c),
        chatham_house=bool(c % 2),
        shown_as_closed=_pick(list(ShownAsClosed), b + c),
        delegations=[delegation for n, delegation in enumerate(world.delegations) if c >> n & 1],
        confirmed=True,
    )


def place(world, a, b, c):
    session = _pick(world.sessions, a)
    if b % 4 == 0:
        unplace_session(session, by=SYSTEM)
        return
    start = clock.moment(LEAVING[1], dt.time(9 + world.sessions.index(session)), world.event.zone)
    place_session(session, room=None, start_at=start, end_at=start + dt.timedelta(minutes=30), by=SYSTEM)
    people = [(speaker, _pick(list(Role), b + n)) for n, speaker in enumerate(world.speakers) if c >> n & 1]
    set_contributions(session, people, by=SYSTEM)


def release(world, a, b, c):
    release_agenda(world.event, by=SYSTEM)


def day(world, a, b, c):
    edit_event(world.event, facts={"first_date": _pick(LEAVING, a)}, by=SYSTEM)


def state(world, a, b, c):
    event = Event.objects.get(pk=world.event.pk)
    change_event_state(event, to=_pick([EventState.DRAFT, EventState.ANNOUNCED, EventState.OPEN, EventState.OPEN], b), by=SYSTEM)


def organiser(world, a, b, c):
    if a % 2:
        end_role(_pick(list(StaffRole.objects.filter(event=world.event).order_by("pk")), b), by=SYSTEM)
    else:
        grant_role(world.event, email=UserFactory().email, role=_pick(list(StaffRoleName), b), by=SYSTEM)


def audiences(world, a, b, c):
    names = ["audience", "host_audience", "delegations_audience"]
    facts = {names[a % 3]: _pick(PLAIN, b), "delegations_shown": _pick(list(DelegationsShown), c)}
    edit_event(world.event, facts=facts, by=SYSTEM)


def venue(world, a, b, c):
    if a % 7 == 0 and Venue.objects.filter(pk=world.venue.pk).exists():
        delete_venue(world.venue, by=SYSTEM)
        world.venue = Venue(event=world.event, name_en="Another venue", city_en="Brussels", country="BE", address="Street")
    setattr(world.venue, ["country_audience", "city_audience", "address_audience"][c % 3], _pick(PLAIN, b))
    save_venue(world.event, world.venue, by=SYSTEM)


def press(world, a, b, c):
    release = PressRelease.objects.filter(event=world.event).order_by("-pk").first()
    if a % 4 == 0:
        release = PressRelease(event=world.event, title_en="News", text_en="News", audience=_pick(PLAIN, b))
        save_press_release(world.event, release, by=SYSTEM)
    elif a % 4 == 1:
        publish_press_release(release, published_at=timezone.now() + dt.timedelta(minutes=c), by=SYSTEM)
    elif a % 4 == 2:
        withhold_press_release(release, by=SYSTEM)
    else:
        release.audience = _pick(PLAIN, b)
        save_press_release(world.event, release, by=SYSTEM)


def paper(world, a, b, c):
    chosen = Paper.objects.filter(pk=_pick(world.papers, a).pk).first()
    if chosen is None or (a % 9 == 0 and c % 2):
        audience = _pick(list(Audience), b)
        label = Label.CLEAR if audience == Audience.PUBLIC else Label.GREEN
        file = SimpleUploadedFile("paper.pdf", b"%PDF-1.4\n%%EOF\n")
        world.papers.append(add_paper(world.event, file=file, by=SYSTEM, audience=audience, label=label))
    elif b % 5 == 0:
        remove_paper(chosen, by=SYSTEM)
    else:
        audience = _pick(list(Audience), b)
        label = Label.CLEAR if audience == Audience.PUBLIC else _pick(list(Label), c)
        delegations = [delegation for n, delegation in enumerate(world.delegations) if c >> n & 1]
        session = _pick([None, *world.sessions], a + c)
        change_paper(chosen, by=SYSTEM, delegations=delegations, audience=audience, label=label, session=session)


def organisation(world, a, b, c):
    row = Organisation.objects.get(pk=_pick(world.delegations, a).organisation_id)
    row.kind, row.country = _pick([OrganisationKind.STATE, OrganisationKind.EU, OrganisationKind.OTHER], b), _pick(["GB", "FR", "US"], c)
    save_organisation(row, by=SYSTEM)


def focal(world, a, b, c):
    delegation, user = _pick(world.delegations, a), _pick(world.focal_users, b)
    live = FocalPoint.objects.live(timezone.now()).filter(delegation=delegation, email=user.email).first()
    if live is None:
        invite_focal_points(world.event, [add_focal_point(delegation, name="", email=user.email, language="en", by=SYSTEM)], by=SYSTEM)
    elif live.user is None:
        accept_invitation(live.invitations.order_by("-pk")[0], user=user)
    else:
        end_focal_point(live, by=SYSTEM)


def join(world, a, b, c):
    link = "" if a % 5 == 0 else "https://meet.example.org/"
    audience = _pick(JoinAudience.values, b)
    set_joining(_pick(world.sessions, c), by=SYSTEM, link=link, words="", audience=audience, minutes_before=_pick([0, 15, 60, 600], a + b))


def send(world, a, b, c):
    send_list(_pick(world.delegations, a), by=SYSTEM)


CHANGES = [
    *(move, move, approve, narrow, category, standing, mark, mark, place, place, release, release, day, state, organiser),
    *(audiences, audiences, venue, press, press, paper, paper, paper, organisation, focal, focal, focal, send),
]


# Those that decide who is shown how to join a session.
JOINING_CHANGES = [join, join, join, mark, place, release, release, move, narrow, state]


def steps_of(seed: int, changes: list = CHANGES) -> list:
    """Twenty changes with the numbers they choose by; every kind is as likely, whatever the seed."""
    chance = random.Random(seed)
    return [(chance.choice(changes), chance.randrange(60), chance.randrange(60), chance.randrange(8)) for _n in range(20)]


def _pick(things, number):
    return things[number % len(things)]


@dataclasses.dataclass(frozen=True)
class Seen:
    """What the pages show at a moment: sessions by registration, things by viewer, and who holds a role."""

    sessions: dict
    things: dict
    organisers: set


def seen_now(world: World) -> Seen:
    """What every registration and focal point sees at this moment by the querysets and rules the pages use."""
    event, now = Event.objects.get(pk=world.event.pk), timezone.now()
    sessions, things = {}, {"anyone": things_seen(event, ANYONE, now)}
    for registration in Registration.objects.select_related("delegation__organisation", "delegate__user").filter(event=event):
        viewer = build_viewer(registration.delegate.user, event, f"registration:{registration.public_id}", now)
        rows = Session.objects.filter(event=event).noticed_by(viewer) if may_see_event(event, viewer) else []
        sessions[registration.pk] = {row.pk: row.sight for row in rows}
        things[str(registration)] = things_seen(event, viewer, now)
    for point in FocalPoint.objects.live(now).filter(event=event, user__isnull=False).select_related("delegation"):
        things[str(point)] = things_seen(event, build_viewer(point.user, event, f"focal:{point.delegation.public_id}", now), now)
    return Seen(sessions, things, set(StaffRole.objects.live(now).filter(event=event).values_list("pk", flat=True)))


def things_seen(event: Event, viewer, at: dt.datetime) -> set:
    """The keys of the things a viewer sees at this moment."""
    if not may_see_event(event, viewer):
        return set()
    found = {"event"}
    found |= {"host"} if event.host_audience in viewer.audiences else set()
    found |= {"delegations"} if _delegations(event, viewer)["delegations_shown"] != DelegationsShown.NONE else set()
    for place in event.venues.all():
        seen = seen_of_venue(place, viewer)
        found |= {f"{part}:{place.public_id}" for part in ("country", "city", "address") if getattr(seen, part)}
    papers = Paper.objects.filter(event=event).visible_to(viewer, Session.objects.filter(event=event).visible_to(viewer))
    releases = PressRelease.objects.filter(event=event).visible_to(viewer, at)
    found |= {f"joining:{one.session.public_id}" for one in Joining.objects.filter(event=event) if _is_shown(one, viewer)}
    return found | {f"paper:{one.public_id}" for one in papers} | {f"press:{one.public_id}" for one in releases}


def _is_shown(joining: Joining, viewer) -> bool:
    """Whether the page of its session shows a viewer how to join it."""
    slot = Slot.objects.visible_to(viewer).filter(session=joining.session_id).first()
    return slot is not None and _joining(types.SimpleNamespace(viewer=viewer), slot) is not None


def compare(world: World, at: dt.datetime, seen: Seen) -> None:
    """The replay of a moment, by person, equals what was seen then; and so does the replay by thing until the next change."""
    for registration in world.registrations:
        assert {session.pk: how_much for session, how_much in what_could_see(registration, at)} == seen.sessions[registration.pk]
    later = at + dt.timedelta(seconds=59)
    for session in world.sessions:
        rows = who_could_see(session, later)
        people = {row.registration.pk: row.sight for row in rows if row.registration}
        assert people == {pk: sights[session.pk] for pk, sights in seen.sessions.items() if session.pk in sights}
        assert {row.staff_role.pk for row in rows if row.staff_role} == seen.organisers
    compare_things(world, later, seen)


def compare_things(world: World, at: dt.datetime, seen: Seen) -> None:
    """The replay of who could see each thing there ever was equals what was seen."""
    things = things_of(world.event)
    assert set().union(*seen.things.values()) <= {thing.key for thing in things}
    for thing in things:
        rows = who_could_see_thing(thing, at)
        replayed = {row.reference for row in rows if not row.staff_role}
        wanted = {reference for reference, keys in seen.things.items() if thing.key in keys}
        assert replayed == wanted, thing.key
        assert {row.staff_role.pk for row in rows if row.staff_role} in (seen.organisers, set())
