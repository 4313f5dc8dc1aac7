"""Who sees what: the predicate, the columns of the query, and an oracle written apart agree on every combination."""

import dataclasses
import datetime as dt
import itertools

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from conference.lib import clock
from conference.lib.viewer import ANYONE
from delegates.choices import Category, Narrowing, RegistrationState, Standing
from delegates.viewers import build_viewer, hats_of
from events.choices import Audience, OrganisationKind
from sessions.choices import Label, PublicIdentity, Role, ShownAsClosed
from sessions.models import Contribution, Paper, Release, Session, Slot, Speaker
from sessions.rules import Marking, Sight, admits, identity_in, may_download, shows_room, sight
from tests.factories import (
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    OrganisationFactory,
    RegistrationFactory,
    ReleaseFactory,
    SessionFactory,
    UserFactory,
)

PARTICIPANTS, MEMBERS, EU = Audience.PARTICIPANTS, Audience.MEMBERS, Audience.EU


@dataclasses.dataclass(frozen=True)
class Kind:
    """What one kind of viewer is made of (`delegation` to `user`), and by hand what it may see."""

    delegation: str = ""
    category: str = Category.DELEGATE
    state: str = RegistrationState.APPROVED
    narrowing: str = Narrowing.NONE
    works: bool = False  # a contribution of the assigned sessions is theirs
    focal: bool = False
    shared: bool = False
    # What they may see.
    reads: tuple[str, ...] = ()  # audiences in full, besides the public
    reads_selected: bool = False
    works_inside: bool = False  # what they are assigned to opens to them
    follows: tuple[str, ...] = ()  # audiences of which they see time and room
    follows_selected: bool = False


# Selected are the EU member, the non-EU guest and the observer.
KINDS = {
    "anonymous": Kind(),
    "signed in, no part": Kind(),
    "nominated": Kind("EU member", state="nominated", works=True),
    "submitted": Kind("EU member", state="submitted", works=True),
    "approved EU member": Kind("EU member", reads=(PARTICIPANTS, MEMBERS, EU), reads_selected=True),
    "approved non-EU member": Kind("non-EU member", reads=(PARTICIPANTS, MEMBERS)),
    "approved host": Kind("host", reads=(PARTICIPANTS, MEMBERS, EU)),
    "approved EU institution": Kind("EU institution", reads=(PARTICIPANTS, MEMBERS, EU)),
    "EU guest": Kind("EU guest", reads=(PARTICIPANTS, EU)),
    "non-EU guest": Kind("non-EU guest", reads=(PARTICIPANTS,), reads_selected=True),
    "observer": Kind("observer", reads=(PARTICIPANTS, EU), reads_selected=True),
    "narrowed: not EU": Kind("EU member", narrowing="not_eu", reads=(PARTICIPANTS, MEMBERS), reads_selected=True),
    "narrowed: participant": Kind("EU member", narrowing="participant", reads=(PARTICIPANTS,), works=True, works_inside=True),
    "narrowed: public": Kind("EU member", narrowing="public", works=True),
    "press": Kind("EU member", category=Category.PRESS),
    "accompanying": Kind("EU member", category=Category.ACCOMPANYING),
    "interpreter assigned": Kind("EU member", category=Category.INTERPRETER, works=True, works_inside=True),
    "interpreter not assigned": Kind("EU member", category=Category.INTERPRETER),
    "protection": Kind("EU member", category=Category.PROTECTION, follows=(PARTICIPANTS, MEMBERS, EU), follows_selected=True),
    "protection of a guest": Kind("EU guest", category=Category.PROTECTION, follows=(PARTICIPANTS, EU)),
    "driver narrowed": Kind(
        "EU member", category=Category.DRIVER, narrowing="not_eu", follows=(PARTICIPANTS, MEMBERS), follows_selected=True
    ),
    "liaison not approved": Kind("EU member", category=Category.LIAISON, state="submitted"),
    "speaker": Kind("non-EU member", category=Category.SPEAKER, works=True, works_inside=True),
    "delegate who speaks": Kind("non-EU member", reads=(PARTICIPANTS, MEMBERS), works=True, works_inside=True),
    "focal point": Kind("EU member", focal=True),
    "withdrawn": Kind("EU member", state="withdrawn", works=True),
    "revoked": Kind("EU member", state="revoked", works=True),
    "shared mailbox": Kind("EU member", shared=True, reads=(PARTICIPANTS, MEMBERS, EU), reads_selected=True),
}
DELEGATIONS = {
    "EU member": ("FR", Standing.MEMBER),
    "non-EU member": ("US", Standing.MEMBER),
    "host": ("BE", Standing.HOST),
    "EU institution": ("", Standing.MEMBER),
    "EU guest": ("DE", Standing.GUEST),
    "non-EU guest": ("JP", Standing.GUEST),
    "observer": ("HU", Standing.OBSERVER),
}
SELECTED = ("EU member", "non-EU guest", "observer")


@dataclasses.dataclass
class World:
    """An event with every kind of delegation and of viewer."""

    event: object
    delegations: dict
    viewers: dict
    working: list  # registrations assigned to the assigned sessions

    @property
    def selected(self):
        return [self.delegations[name] for name in SELECTED]


@pytest.fixture
def world(db):
    event = EventFactory()
    delegations = {name: _delegation(event, *facts) for name, facts in DELEGATIONS.items()}
    viewers, working = {}, []
    for name, kind in KINDS.items():
        user = AnonymousUser() if name == "anonymous" else UserFactory(is_shared=kind.shared)
        if kind.focal:
            FocalPointFactory(delegation=delegations[kind.delegation], user=user)
        elif kind.delegation:
            registration = RegistrationFactory(
                delegation=delegations[kind.delegation],
                user=user,
                category=kind.category,
                state=kind.state,
                narrowing=kind.narrowing,
                invited_at=timezone.now(),
            )
            working += [registration] if kind.works else []
        at = timezone.now()
        viewers[name] = build_viewer(user, event, hats_of(user, event, at)[0], at)
    return World(event, delegations, viewers, working)


def _delegation(event, country, standing):
    kind = OrganisationKind.STATE if country else OrganisationKind.EU
    return DelegationFactory(event=event, organisation=OrganisationFactory(country=country, kind=kind), standing=standing, seats=20)


@dataclasses.dataclass(frozen=True)
class Case:
    """One combination of everything that may matter."""

    audience: str
    label: str
    shown: str
    selected: bool
    assigned: bool
    released: bool


CASES = [
    Case(*values)
    for values in itertools.product(Audience, Label, ShownAsClosed, (True, False), (True, False), (True, False))
    if values[0] != Audience.PUBLIC or values[1] == Label.CLEAR
]


def oracle(kind: Kind, case: Case) -> tuple[Sight, bool, bool]:
    """How much, whether its audience includes them, and whether the line shows the room: said again, apart from the rules."""
    chosen = case.audience == "selected" and case.selected and kind.delegation in SELECTED
    included = case.audience == "public" or case.audience in kind.reads or (chosen and kind.reads_selected)
    accompanies = case.audience in kind.follows or (chosen and kind.follows_selected)
    room = case.shown == "time_and_room" or accompanies
    if not case.released:
        return Sight.NONE, included, room
    if included or (case.assigned and kind.works_inside and case.audience != "organisers"):
        return Sight.FULL, included, room
    return (Sight.SLOT if case.shown != "nothing" or accompanies else Sight.NONE), included, room


def _sessions(world: World) -> dict[Case, Session]:
    """One session for each case; those not released stand in the draft and in an older release, with everybody at work in it."""
    event = world.event
    rows = [Session(event=event, audience=case.audience, label=case.label, shown_as_closed=case.shown) for case in CASES]
    found = dict(zip(CASES, Session.objects.bulk_create(rows), strict=True))
    through = Session.delegations.through
    through.objects.bulk_create(
        through(session=found[case], delegation=delegation) for case in CASES if case.selected for delegation in world.selected
    )
    speakers = Speaker.objects.bulk_create(Speaker(event=event, registration=registration) for registration in world.working)
    old, current, draft = (ReleaseFactory(event=event), ReleaseFactory(event=event), ReleaseFactory(event=event, number=None))
    start = clock.moment(event.first_date, dt.time(9), event.zone)
    for release, cases, everybody in (
        (old, CASES, True),
        (current, [case for case in CASES if case.released], False),
        (draft, CASES, True),
    ):
        slots = Slot.objects.bulk_create(
            Slot(event=event, release=release, session=found[case], start_at=start, end_at=start + dt.timedelta(hours=1)) for case in cases
        )
        Contribution.objects.bulk_create(
            Contribution(event=event, slot=slot, speaker=speaker, role=role)
            for case, slot in zip(cases, slots, strict=True)
            if case.assigned or everybody
            for speaker, role in zip(speakers, itertools.cycle([Role.INTERPRETER, Role.SPEAKER]), strict=False)
        )
    return found


def test_sight_of_every_combination_agrees_three_times(world):
    found = _sessions(world)
    ids = {case: frozenset(registration.pk for registration in world.working if case.assigned and case.released) for case in CASES}
    for session in Session.objects.prefetch_related("delegations"):
        found[next(case for case in CASES if found[case].pk == session.pk)] = session
    disagreements, asked = [], 0
    for name, viewer in world.viewers.items():
        sessions = {row.pk: row for row in Session.objects.with_sight(viewer)}
        slots = {row.session_id: row for row in Slot.objects.filter(release__in=Release.objects.current()).with_sight(viewer)}
        for case, session in found.items():
            marking = session.marking(is_released=case.released, assigned_registration_ids=ids[case])
            answers = {
                "oracle": oracle(KINDS[name], case),
                "rule": (sight(marking, viewer), admits(marking, viewer), shows_room(marking, viewer)),
                "session": _columns(sessions[session.pk]),
            }
            if case.released:
                answers["slot"] = _columns(slots[session.pk])
            asked += 1
            if len(set(answers.values())) > 1:
                disagreements.append((name, case, answers))
    assert disagreements == []
    assert asked == len(KINDS) * len(CASES) == 28 * 624


def _columns(row):
    return Sight(row.sight), row.is_admitted, row.room_shown


def test_querysets_keep_what_the_columns_say(world):
    _sessions(world)
    for viewer in world.viewers.values():
        rows = list(Session.objects.with_sight(viewer))
        full = {row.pk for row in rows if row.sight == Sight.FULL}
        noticed = {row.pk for row in rows if row.sight >= Sight.SLOT}
        assert set(Session.objects.visible_to(viewer).values_list("pk", flat=True)) == full
        assert set(Session.objects.noticed_by(viewer).values_list("pk", flat=True)) == noticed
        assert sorted(Slot.objects.visible_to(viewer).values_list("session", flat=True)) == sorted(full)
        assert sorted(Slot.objects.noticed_by(viewer).values_list("session", flat=True)) == sorted(noticed)
        columns = {row.pk: _columns(row) for row in rows}
        for kept in (Session.objects.noticed_by(viewer), Slot.objects.noticed_by(viewer)):
            assert {getattr(row, "session_id", row.pk): _columns(row) for row in kept} == {key: columns[key] for key in noticed}
        for kept in (Session.objects.visible_to(viewer), Slot.objects.visible_to(viewer)):
            assert {getattr(row, "session_id", row.pk): _columns(row)[:2] for row in kept} == {key: columns[key][:2] for key in full}


def test_session_without_any_choice_is_seen_by_nobody_outside(world):
    session = Session.objects.create(event=world.event)
    SessionFactory(event=world.event, released=True)
    Slot.objects.create(
        event=world.event,
        release=Release.objects.current().get(),
        session=session,
        start_at=timezone.now(),
        end_at=timezone.now() + dt.timedelta(1),
    )
    assert (session.audience, session.label, session.shown_as_closed) == (Audience.ORGANISERS, Label.RED, ShownAsClosed.NOTHING)
    for viewer in world.viewers.values():
        assert session not in Session.objects.noticed_by(viewer)


@pytest.mark.parametrize(("first_date", "sees"), [(dt.date(2020, 1, 31), True), (dt.date(2020, 2, 1), False)])
def test_eu_session_follows_membership_on_the_first_day(db, first_date, sees):
    event = EventFactory(first_date=first_date)
    session = SessionFactory(event=event, audience=Audience.EU, released=True)
    delegation = DelegationFactory(event=event, organisation=OrganisationFactory(country="GB"))
    user = UserFactory()
    RegistrationFactory(delegation=delegation, user=user, state=RegistrationState.APPROVED)
    viewer = build_viewer(user, event, hats_of(user, event, timezone.now())[0], timezone.now())
    assert (session in Session.objects.visible_to(viewer)) is sees


def test_papers_of_every_combination_agree_three_times(world):
    sessions = {
        name: SessionFactory(event=world.event, audience=audience, label=label, released=released)
        for name, audience, label, released in (
            ("public", Audience.PUBLIC, Label.CLEAR, True),
            ("participants", Audience.PARTICIPANTS, Label.GREEN, True),
            ("red", Audience.PARTICIPANTS, Label.RED, True),
            ("eu", Audience.EU, Label.AMBER, True),
            ("organisers", Audience.ORGANISERS, Label.AMBER, True),
            ("draft", Audience.PUBLIC, Label.CLEAR, False),
        )
    }
    places = [None, *sessions]
    combinations = [
        values
        for values in itertools.product(Audience, Label, (True, False), places)
        if values[0] != Audience.PUBLIC or values[1] == Label.CLEAR
    ]
    papers = Paper.objects.bulk_create(
        Paper(event=world.event, session=sessions.get(place), audience=audience, label=label, size=1, file="x")
        for audience, label, _selected, place in combinations
    )
    through = Paper.delegations.through
    through.objects.bulk_create(
        through(paper=paper, delegation=delegation)
        for paper, (_audience, _label, selected, _place) in zip(papers, combinations, strict=True)
        if selected
        for delegation in world.selected
    )
    chosen = frozenset(delegation.pk for delegation in world.selected)
    for name, viewer in world.viewers.items():
        had = set(Paper.objects.visible_to(viewer, Session.objects.visible_to(viewer)).values_list("pk", flat=True))
        for paper, (audience, label, selected, place) in zip(papers, combinations, strict=True):
            session = sessions[place].marking(is_released=place != "draft") if place else None
            marking = Marking(audience, label, "nothing", chosen if selected else frozenset())
            by_rule = may_download(marking, viewer, session)
            assert (paper.pk in had, by_rule) == (_oracle_of_paper(KINDS[name], audience, label, selected, place),) * 2, (
                name,
                audience,
                label,
                place,
            )


def _oracle_of_paper(kind: Kind, audience: str, label: str, selected: bool, place: str | None) -> bool:
    if label == "TLP:RED" or place in ("red", "organisers", "draft"):
        return False
    if kind.shared and label in ("TLP:AMBER", "TLP:AMBER+STRICT"):
        return False
    if place in ("participants", "eu") and place not in kind.reads:
        return False
    return (
        audience == "public"
        or audience in kind.reads
        or (audience == "selected" and selected and kind.reads_selected and kind.delegation in SELECTED)
    )


@pytest.mark.parametrize("public_identity", PublicIdentity)
@pytest.mark.parametrize("is_admitted", [True, False])
@pytest.mark.parametrize("chatham_house", [True, False])
@pytest.mark.parametrize("audience", [audience for audience in Audience if audience != Audience.ORGANISERS])
def test_identity_is_the_public_one_in_public_and_full_inside(audience, chatham_house, is_admitted, public_identity):
    shown = identity_in(public_identity, audience=audience, chatham_house=chatham_house, is_admitted=is_admitted)
    as_in_public = {("public", False), ("public", True)} | ({(audience, True)} if not is_admitted else set())
    assert shown == (public_identity if (audience, chatham_house) in as_in_public else "full")


def test_anyone_is_public():
    assert ANYONE.is_public
