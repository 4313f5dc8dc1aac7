"""The states of an event walked in full, the order of delegations, and who may do what in the organisers' site."""

import datetime as dt
import itertools
import random
from types import SimpleNamespace

import pytest

from conference.lib import countries
from conference.lib.viewer import ANYONE, SYSTEM, Viewer
from delegates.actions import add_delegation, nominate
from delegates.rules import FOCAL
from events.actions import change_event_state
from events.choices import Audience, EventState, OrganisationKind, ProtocolOrder, StaffRoleName
from events.models import Event, Organisation
from events.rules import (
    ROLE_ACTS,
    STATE_MOVES,
    STATE_TABLE,
    NotAllowed,
    acts_of,
    holds_presidency,
    may_see_event,
    organisation_order,
    phase,
    seen_of_venue,
)
from tests.factories import DelegationFactory, EventFactory, OrganisationFactory

# The table of states by hand: (public page, nominating, editing, feeds), and where each state may go.
EXPECTED = {
    "draft": ((False, False, True, False), {"announced", "open"}),
    "announced": ((True, False, True, True), {"draft", "open", "cancelled"}),
    "open": ((True, True, True, True), {"announced", "closed", "cancelled"}),
    "closed": ((True, False, False, True), {"open", "archived"}),
    "archived": ((False, False, False, False), set()),
    "cancelled": ((True, False, False, True), {"archived"}),
}
PLAIN = [audience for audience in Audience if audience != Audience.SELECTED]
PROTOCOL_ORDER = list(countries.member_states())[:27]


def test_table_of_states():
    found = {
        state.value: (
            (allows.public_page, allows.nominating, allows.editing, allows.feeds),
            {to.value for to in STATE_MOVES[state]},
        )
        for state, allows in STATE_TABLE.items()
    }
    assert found == EXPECTED
    assert set(STATE_TABLE) == set(STATE_MOVES) == set(EventState)


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "to"), list(itertools.product(EventState.values, EventState.values)))
def test_step_between_every_pair_of_states(before, to):
    event = EventFactory(state=before)
    if to in EXPECTED[before][1]:
        change_event_state(event, to=to, by=SYSTEM)
    else:
        with pytest.raises(NotAllowed, match="not possible from there"):
            change_event_state(event, to=to, by=SYSTEM)
    assert Event.objects.get().state == (to if to in EXPECTED[before][1] else before)


@pytest.mark.django_db
@pytest.mark.parametrize("state", EventState.values)
def test_each_state_does_what_its_row_says(state):
    (public_page, nominating, editing, _feeds), _moves = EXPECTED[state]
    event = EventFactory(state=state)
    delegation = DelegationFactory(event=event)

    def allows(act):
        try:
            act()
        except NotAllowed:
            return False
        return True

    person = {"given_name": "A", "family_name": "B", "email": "a@example.org", "category": "delegate"}
    assert (may_see_event(event, ANYONE), Event.objects.visible_to(ANYONE).exists()) == (public_page, public_page)
    assert allows(lambda: nominate(delegation, **person, by=SYSTEM, made_by=FOCAL)) is nominating
    assert allows(lambda: add_delegation(event, organisation=OrganisationFactory(), seats=1, standing="member", by=SYSTEM)) is editing


@pytest.mark.django_db
def test_page_of_an_event_the_rule_and_the_queryset_agree_on_every_combination():
    events = [EventFactory(state=state, audience=audience) for state, audience in itertools.product(EventState, PLAIN)]
    viewers = [ANYONE, Viewer(audiences=frozenset({"public", "participants"})), Viewer(audiences=frozenset({"public", "members", "eu"}))]
    for event in events[::5]:
        viewers += [Viewer(event_id=event.pk), Viewer(event_id=event.pk, registration_id=1), Viewer(event_id=event.pk, own_delegation_id=1)]
    for viewer in viewers:
        seen = set(Event.objects.visible_to(viewer))
        assert seen == {event for event in events if may_see_event(event, viewer)}


@pytest.mark.parametrize(
    ("state", "at", "expected"),
    [
        ("open", (2024, 4, 1), "open"),
        ("open", (2024, 4, 20), "frozen"),
        ("open", (2024, 4, 24, 21, 59), "frozen"),
        ("open", (2024, 4, 25, 2), "running"),  # 04:00 in Brussels
        ("open", (2024, 4, 27, 1, 59), "running"),  # the evening before
        ("open", (2024, 4, 27, 2), "frozen"),
        ("announced", (2024, 4, 25, 12), "announced"),
        ("closed", (2024, 4, 25, 12), "closed"),
        ("cancelled", (2024, 4, 25, 12), "cancelled"),
    ],
)
def test_phase_follows_from_the_dates(state, at, expected):
    freeze_at = dt.datetime(2024, 4, 20, tzinfo=dt.UTC)
    event = Event(state=state, first_date=dt.date(2024, 4, 25), last_date=dt.date(2024, 4, 26), freeze_at=freeze_at)
    assert phase(event, dt.datetime(*at, tzinfo=dt.UTC)) == expected


# The order of delegations


def state_of(code, name="Service", pk=None):
    return Organisation(pk=pk, kind=OrganisationKind.STATE, country=code, name_en=name)


def ordered(organisations, *, seed=5, host=None, **options):
    event = Event(**({"first_date": dt.date(2024, 4, 25), "working_language": "en"} | options))
    shuffled = list(organisations)
    random.Random(seed).shuffle(shuffled)
    return sorted(shuffled, key=organisation_order(event, host_organisation_id=host))


@pytest.mark.parametrize("language", ["en", "fr", "nl", "de"])
def test_member_states_stand_in_protocol_order_whatever_the_working_language(language):
    found = ordered([state_of(code) for code in PROTOCOL_ORDER], working_language=language)
    assert [organisation.country for organisation in found] == PROTOCOL_ORDER


MIXED = [
    state_of("BE", "B service"),
    state_of("BE", "A service"),
    state_of("SE"),
    Organisation(kind=OrganisationKind.EU, name_en="Council", treaty_rank=3),
    Organisation(kind=OrganisationKind.EU, name_en="Commission", treaty_rank=4),
    Organisation(kind=OrganisationKind.EU, name_en="Europol", treaty_rank=20, country="NL"),
    Organisation(kind=OrganisationKind.EU, name_en="An agency without a rank"),
    state_of("AU"),
    state_of("CH"),
    state_of("GB"),
    state_of("US"),
    Organisation(kind=OrganisationKind.INTERNATIONAL, name_en="Interpol", country="FR"),
    Organisation(kind=OrganisationKind.INTERNATIONAL, name_en="UNODC", country="AT"),
    Organisation(kind=OrganisationKind.OTHER, name_en="A university"),
]


def shown(organisations):
    return [f"{row.country} {row.name_en}" if row.kind == OrganisationKind.STATE else row.name_en for row in organisations]


def test_protocol_order_of_everybody():
    assert shown(ordered(MIXED)) == [
        "BE A service",
        "BE B service",
        "SE Service",
        "Council",
        "Commission",
        "Europol",
        "An agency without a rank",
        "AU Service",
        "CH Service",
        "GB Service",
        "US Service",
        "Interpol",
        "UNODC",
        "A university",
    ]


@pytest.mark.parametrize(
    ("language", "codes"),
    [
        ("en", ["AU", "CA", "JP", "NO", "CH", "GB", "US"]),  # …, Switzerland, United Kingdom, United States
        ("fr", ["AU", "CA", "US", "JP", "NO", "GB", "CH"]),  # …, États-Unis, Japon, Norvège, Royaume-Uni, Suisse
        ("nl", ["AU", "CA", "JP", "NO", "GB", "US", "CH"]),  # …, Verenigd Koninkrijk, Verenigde Staten, Zwitserland
        ("de", ["AU", "JP", "CA", "NO", "CH", "US", "GB"]),  # …, Kanada, Norwegen, Schweiz, Vereinigte Staaten, …s Königreich
    ],
)
def test_other_states_stand_by_their_name_in_the_working_language(language, codes):
    found = ordered([state_of(code) for code in codes], working_language=language)
    assert [organisation.country for organisation in found] == codes


def test_united_kingdom_stands_with_the_members_while_it_is_one():
    rows = [state_of("GB"), state_of("SE"), state_of("US"), state_of("AU")]
    assert [row.country for row in ordered(rows, first_date=dt.date(2020, 1, 31))] == ["SE", "GB", "AU", "US"]
    assert [row.country for row in ordered(rows, first_date=dt.date(2020, 2, 1))] == ["SE", "AU", "GB", "US"]


def test_presidency_order_then_the_rest_as_in_protocol_order():
    rows = [state_of(code) for code in PROTOCOL_ORDER] + MIXED[3:]
    found = ordered(rows, protocol_order=ProtocolOrder.PRESIDENCY)
    assert [row.country for row in found[:27]] == countries.presidency_order(dt.date(2024, 4, 25))
    assert [row.country for row in found[:3]] == ["BE", "HU", "PL"]
    assert shown(found[27:]) == shown(ordered(MIXED[3:]))


def test_presidency_order_outside_its_table():
    with pytest.raises(countries.UnknownPresidency):
        ordered([state_of("BE")], protocol_order=ProtocolOrder.PRESIDENCY, first_date=dt.date(2031, 1, 1))


def test_alphabetical_order_by_the_collation_of_words_all_together():
    rows = [state_of(code) for code in ("AT", "OM", "PK", "CY")] + [
        Organisation(kind=OrganisationKind.EU, name_en="Ombudsman", name_de="Ölrat")
    ]
    german = ordered(rows, protocol_order=ProtocolOrder.ALPHABETICAL, working_language="de")
    assert [row.country or row.name_de for row in german] == ["Ölrat", "OM", "AT", "PK", "CY"]
    english = ordered(rows, protocol_order=ProtocolOrder.ALPHABETICAL, working_language="en")
    assert [row.country or row.name_en for row in english] == ["AT", "CY", "OM", "Ombudsman", "PK"]


@pytest.mark.parametrize("order", ProtocolOrder)
@pytest.mark.parametrize("host_first", [True, False])
def test_host_first_or_in_its_place(order, host_first):
    rows = [state_of(code, pk=n) for n, code in enumerate(PROTOCOL_ORDER)] + [state_of("US", pk=90)]
    found = ordered(rows, host=90, host_first=host_first, protocol_order=order)
    in_place = ordered(rows, protocol_order=order)
    assert (found[0].pk == 90) is host_first
    assert [row for row in found if row.pk != 90] == [row for row in in_place if row.pk != 90]


@pytest.mark.parametrize("order", ProtocolOrder)
def test_order_does_not_depend_on_the_order_before(order):
    found = [ordered(MIXED, seed=seed, protocol_order=order) for seed in range(8)]
    assert all(shown(other) == shown(found[0]) for other in found)


def test_presidency_is_claimed_by_its_state_alone():
    on = dt.date(2024, 4, 25)
    assert holds_presidency(state_of("BE"), on) is True
    assert holds_presidency(state_of("HU"), on) is False
    assert holds_presidency(Organisation(kind=OrganisationKind.EU, country="BE"), on) is False
    assert holds_presidency(state_of("BE"), dt.date(2031, 1, 1)) is False


@pytest.mark.parametrize("seen", list(itertools.product([True, False], repeat=3)))
def test_country_city_and_address_of_a_venue_each_have_their_own_audience(seen):
    country, city, address = ["public" if is_seen else "organisers" for is_seen in seen]
    venue = SimpleNamespace(
        country="BE",
        city="Brussels",
        name="Palace",
        address="Street 1",
        country_audience=country,
        city_audience=city,
        address_audience=address,
    )
    found = seen_of_venue(venue, ANYONE)
    assert (bool(found.country), bool(found.city), bool(found.name), bool(found.address)) == (*seen, seen[2])
    assert found.is_anything is any(seen)


# Roles


def test_every_role_reads_and_only_the_manager_gives_roles():
    assert set(ROLE_ACTS) == set(StaffRoleName)
    assert all("read" in acts for acts in ROLE_ACTS.values())
    assert [role for role, acts in ROLE_ACTS.items() if "staff" in acts] == [StaffRoleName.MANAGER]
    assert [role for role, acts in ROLE_ACTS.items() if "security" in acts] == [StaffRoleName.SECURITY]


@pytest.mark.parametrize("role", StaffRoleName)
@pytest.mark.parametrize("state", EventState)
def test_acts_of_a_role_in_each_state(role, state):
    acts = acts_of([role], Event(state=state))
    if EXPECTED[state][0][2]:
        assert acts == ROLE_ACTS[role]
    else:
        assert acts == ROLE_ACTS[role] & {"read", "people", "press", "audit", "state"}


def test_acts_of_several_roles_and_of_none():
    event = Event(state=EventState.OPEN)
    assert acts_of(["press", "observer"], event) == ROLE_ACTS[StaffRoleName.PRESS] | ROLE_ACTS[StaffRoleName.OBSERVER]
    assert acts_of([], event) == set()
