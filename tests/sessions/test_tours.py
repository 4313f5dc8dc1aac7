"""The tour de table: sharing of minutes, order, building again, and who reads whose turn."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from conference.lib import clock
from conference.lib.countries import presidency_order
from conference.lib.fingerprints import fingerprints
from conference.lib.viewer import Actor
from delegates.choices import Answer, RegistrationState, Standing
from events.choices import Audience, DelegationsShown, OrganisationKind, ProtocolOrder, StaffRoleName
from events.rules import NotAllowed
from sessions import actions, rules
from sessions.choices import HostPlace, Label, SessionKind, TimeSharing
from sessions.models import Intervention, Slot, Tour
from tests.factories import (
    DelegationFactory,
    EventFactory,
    InterventionFactory,
    OrganisationFactory,
    RegistrationFactory,
    ReleaseFactory,
    SessionFactory,
    SlotFactory,
    SpeakerFactory,
    StaffRoleFactory,
    UserFactory,
)

SHARED, FIXED = TimeSharing.SHARED, TimeSharing.FIXED


@pytest.fixture
def event(db):
    return EventFactory(
        first_date=dt.date(2027, 3, 28), last_date=dt.date(2027, 3, 29), zone="Europe/Brussels", protocol_order=ProtocolOrder.EU_PROTOCOL
    )


@pytest.fixture
def by(db):
    return Actor(user=UserFactory(), hat="organiser:programme")


@pytest.fixture
def session(event):
    """An hour of a tour de table in the draft, for members."""
    one = SessionFactory(event=event, kind=SessionKind.TOUR_DE_TABLE, audience=Audience.PARTICIPANTS, title_en="Round")
    start = clock.moment(event.first_date, dt.time(9), event.zone)
    SlotFactory(session=one, release=ReleaseFactory(event=event, number=None), start_at=start, end_at=start + dt.timedelta(hours=1))
    return one


@pytest.fixture
def come(event):
    """Make delegations that come: `come("FR", "US", BE=Standing.HOST)`."""

    def made(*countries, answer=Answer.COMING, **standings):
        for country, standing in {**dict.fromkeys(countries, Standing.MEMBER), **standings}.items():
            organisation = OrganisationFactory(country=country, kind=OrganisationKind.STATE, name_en=f"Service {country}")
            DelegationFactory(event=event, organisation=organisation, standing=standing, answer=answer)

    return made


def build(session, by, *, sharing=SHARED, minutes=60, host=HostPlace.KEPT, **options):
    actions.build_interventions(session, sharing=sharing, minutes=minutes, host=host, by=by, **options)
    return told(session)


def turns(session):
    return list(Slot.objects.draft().get(session=session).interventions.for_page())


def told(session):
    """Country and minutes of each turn that speaks."""
    return [(one.delegation.organisation.country, one.minutes) for one in turns(session) if not one.is_dropped]


def countries_of(session):
    return [country for country, _minutes in told(session)]


def sent(session, order=None):
    """The rows a page would send, in an order of countries."""
    rows = {one.delegation.organisation.country: (one.public_id, one.minutes) for one in turns(session) if not one.is_dropped}
    return [rows[country] for country in order or rows]


def drop(session, country, by, is_out=True):
    (one,) = [one for one in turns(session) if one.delegation.organisation.country == country]
    actions.edit_interventions(session, sent(session), dropped={one.public_id: is_out}, by=by)


# Minutes


@pytest.mark.parametrize(
    ("total", "by_hand", "given"),
    [
        (60, [None] * 4, [15, 15, 15, 15]),
        (10, [None] * 3, [4, 3, 3]),
        (11, [None] * 3, [4, 4, 3]),
        (10, [None, 5, None], [3, 5, 2]),
        (3, [None] * 3, [1, 1, 1]),
        (9, [4, 5], [4, 5]),
    ],
)
def test_minutes_are_shared_exactly_and_the_first_get_the_rest(total, by_hand, given):
    assert rules.shared_minutes(total, by_hand) == given


@given(total=st.integers(1, 600), count=st.integers(1, 60), own=st.lists(st.integers(1, 20), max_size=5))
def test_shared_minutes_always_add_up(total, count, own):
    by_hand = [None] * count + own
    if total - sum(own) < count:
        with pytest.raises(NotAllowed, match="not a minute for each"):
            rules.shared_minutes(total, by_hand)
        return
    shared = rules.shared_minutes(total, by_hand)
    open_ones = shared[:count]
    assert (sum(shared), shared[count:]) == (total, own)
    assert max(open_ones) - min(open_ones) <= 1
    assert open_ones == sorted(open_ones, reverse=True)


def test_starts_follow_each_other_over_the_change_to_summer_time():
    start = clock.moment(dt.date(2027, 3, 28), dt.time(1, 50), "Europe/Brussels")
    walls = [clock.local(at, "Europe/Brussels").time() for at in rules.starts_of(start, [5, 10, 5])]
    assert walls == [dt.time(1, 50), dt.time(1, 55), dt.time(3, 5)]


# Building


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        # By their own names: Belgique/België, Deutschland, Elláda, France; then other states in the working language.
        (ProtocolOrder.EU_PROTOCOL, ["BE", "DE", "GR", "FR", "JP", "US"]),
        # From Lithuania's presidency on, as the rotation lists them.
        (ProtocolOrder.PRESIDENCY, None),
        (ProtocolOrder.ALPHABETICAL, ["BE", "FR", "DE", "GR", "JP", "US"]),
    ],
)
def test_turns_stand_in_the_order_of_the_event(session, come, by, order, expected):
    session.event.protocol_order = order
    session.event.save()
    come("US", "FR", "DE", "JP", "GR", BE=Standing.HOST)
    found = [country for country, _minutes in build(session, by)]
    if expected is None:
        rotation = presidency_order(session.event.first_date)
        expected = [*sorted(["BE", "DE", "GR", "FR"], key=rotation.index), "JP", "US"]
    assert found == expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [(HostPlace.KEPT, ["BE", "DE", "FR"]), (HostPlace.FIRST, ["DE", "BE", "FR"]), (HostPlace.LAST, ["BE", "FR", "DE"])],
)
def test_host_speaks_where_it_is_asked_to(session, come, by, host, expected):
    come("FR", "BE", DE=Standing.HOST)
    assert [country for country, _minutes in build(session, by, host=host)] == expected


def test_only_those_who_come_are_called_and_the_host_always(session, come, by):
    come("FR")
    come("IT", answer=Answer.DECLINED)
    come("ES", answer=Answer.INVITED)
    come("PT", answer=Answer.UNDECIDED)
    come(answer=Answer.INVITED, BE=Standing.HOST)
    assert [country for country, _minutes in build(session, by)] == ["BE", "FR"]


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        (Audience.PUBLIC, ["BE", "FR", "JP", "US"]),
        (Audience.PARTICIPANTS, ["BE", "FR", "JP", "US"]),
        (Audience.MEMBERS, ["BE", "FR", "US"]),
        (Audience.EU, ["BE", "FR"]),
        (Audience.SELECTED, ["JP"]),
    ],
)
def test_only_delegations_of_the_audience_are_called(session, come, by, audience, expected):
    come("FR", "US", BE=Standing.HOST, JP=Standing.GUEST)
    session.audience, session.label = audience, Label.CLEAR
    session.save()
    session.delegations.set(session.event.delegations.filter(organisation__country="JP"))
    assert [country for country, _minutes in build(session, by)] == expected


def test_session_of_organisers_calls_nobody(session, come, by):
    come("FR")
    session.audience = Audience.ORGANISERS
    session.save()
    with pytest.raises(NotAllowed, match="No delegation that comes"):
        build(session, by)
    assert (Intervention.objects.count(), Tour.objects.count()) == (0, 0)


def test_minutes_are_in_all_or_for_each(session, come, by):
    come("FR", "DE", "BE")
    assert build(session, by, minutes=10) == [("BE", 4), ("DE", 3), ("FR", 3)]
    assert build(session, by, sharing=FIXED, minutes=5) == [("BE", 5), ("DE", 5), ("FR", 5)]


def test_turns_of_a_session_without_a_place_are_refused(event, come, by):
    come("FR")
    with pytest.raises(NotAllowed, match="Place this session first"):
        build(SessionFactory(event=event, audience=Audience.PARTICIPANTS), by)


# Building again


def test_who_was_left_out_stays_out_and_can_come_back(session, come, by):
    come("FR", "DE", "BE")
    build(session, by)
    drop(session, "DE", by)
    assert build(session, by) == [("BE", 30), ("FR", 30)]
    drop(session, "DE", by, is_out=False)
    assert build(session, by) == [("BE", 20), ("DE", 20), ("FR", 20)]


def test_minutes_set_by_hand_stay_and_the_others_share_the_rest(session, come, by):
    come("FR", "DE", "BE")
    build(session, by)
    rows = [(public_id, 30 if minutes_of == 1 else minutes) for minutes_of, (public_id, minutes) in enumerate(sent(session))]
    actions.edit_interventions(session, rows, by=by)
    come("IT")
    assert build(session, by) == [("BE", 10), ("DE", 30), ("FR", 10), ("IT", 10)]


def test_order_made_by_hand_stays_and_a_newcomer_follows_whom_it_follows_in_protocol(session, come, by):
    come("FR", "DE", "BE")
    build(session, by)
    actions.edit_interventions(session, sent(session, ["FR", "DE", "BE"]), by=by)
    come("ES")  # España stands between Elláda and France: after Deutschland here
    assert [country for country, _minutes in build(session, by)] == ["FR", "DE", "ES", "BE"]


def test_order_not_made_by_hand_follows_the_event(session, come, by):
    come("FR", "DE")
    build(session, by)
    come("BE")
    assert [country for country, _minutes in build(session, by)] == ["BE", "DE", "FR"]


def test_who_no_longer_comes_is_taken_out_and_who_was_added_stays(session, come, by):
    come("FR", "BE")
    come("IT", answer=Answer.INVITED)
    build(session, by)
    italy = session.event.delegations.get(organisation__country="IT")
    actions.add_intervention(session, delegation=italy, minutes=4, by=by)
    session.event.delegations.filter(organisation__country="FR").update(answer=Answer.DECLINED)
    assert build(session, by, minutes=20) == [("BE", 16), ("IT", 4)]


def test_page_that_is_no_longer_fresh_changes_nothing(session, come, by):
    come("FR", "BE")
    build(session, by)
    seen = fingerprints(actions.tour_values(Slot.objects.draft().get()))
    drop(session, "FR", by)
    for act in (
        lambda: build(session, by, seen=seen),
        lambda: actions.edit_interventions(session, sent(session), by=by, seen=seen),
        lambda: actions.add_intervention(session, speaker=SpeakerFactory(event=session.event), minutes=1, by=by, seen=seen),
    ):
        with pytest.raises(rules.Stale):
            act()
    assert countries_of(session) == ["BE"]


def test_turn_of_another_event_or_a_second_one_is_refused(session, come, by):
    come("FR")
    build(session, by)
    with pytest.raises(NotAllowed, match="not one of this event"):
        actions.add_intervention(session, delegation=DelegationFactory(), minutes=1, by=by)
    with pytest.raises(NotAllowed, match="a turn for them already"):
        actions.add_intervention(session, delegation=session.event.delegations.get(), minutes=1, by=by)
    with pytest.raises(NotAllowed, match="Choose who speaks"):
        actions.add_intervention(session, minutes=1, by=by)


# Constraints


@pytest.mark.parametrize(
    "wrong",
    [
        {"delegation": None},
        {"minutes": 0},
        {"minutes": rules.MOST_MINUTES + 1},
    ],
)
def test_turn_that_cannot_be_is_refused_by_the_database(session, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        InterventionFactory(slot=Slot.objects.get(session=session), **wrong)


def test_two_turns_of_one_are_refused_by_the_database(session):
    slot = Slot.objects.get(session=session)
    one = InterventionFactory(slot=slot)
    with pytest.raises(IntegrityError), transaction.atomic():
        InterventionFactory(slot=slot, delegation=one.delegation)
    speaker = SpeakerFactory(event=session.event)
    InterventionFactory(slot=slot, delegation=None, speaker=speaker)
    with pytest.raises(IntegrityError), transaction.atomic():
        InterventionFactory(slot=slot, delegation=None, speaker=speaker)
    with pytest.raises(IntegrityError), transaction.atomic():
        InterventionFactory(slot=slot, speaker=SpeakerFactory(event=session.event))


@pytest.mark.parametrize("wrong", [{"sharing": "half"}, {"host": "nowhere"}, {"minutes": 0}, {"minutes": 601}])
def test_tour_that_cannot_be_is_refused_by_the_database(session, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Tour.objects.create(**{"event": session.event, "slot": Slot.objects.get(session=session), "minutes": 60, **wrong})


# Releases


def test_release_copies_the_turns_and_keeps_them(session, come, by):
    come("FR", "BE")
    build(session, by)
    release = actions.release_agenda(session.event, by=by)
    drop(session, "BE", by)
    assert [one.delegation.organisation.country for one in release.slots.get().interventions.for_page()] == ["BE", "FR"]
    assert (Tour.objects.count(), Intervention.objects.count()) == (2, 4)
    before, after = ([slot.as_place for slot in slots.for_page()] for slots in (Slot.objects.current(), Slot.objects.draft()))
    assert [str(change.kind) for change in rules.changes_between(before, after)] == ["turns"]


# The organisers' page


@pytest.fixture
def desk(client, event):
    client.force_login(StaffRoleFactory(event=event, role=StaffRoleName.PROGRAMME).user)
    return client


def at(name, session):
    return reverse(f"organise:{name}", args=[session.event.slug, session.public_id])


def test_editor_builds_moves_leaves_out_and_adds(desk, session, come):
    come("FR", "DE", "BE")
    page = desk.get(at("tour", session)).context
    data = {"minutes": 30, "sharing": "shared", "host": "kept", "seen": page["build"]["seen"].value()}
    assert desk.post(at("tour_build", session), data).status_code == 302
    press(desk, session, "down", "BE")
    assert countries_of(session) == ["DE", "BE", "FR"]
    press(desk, session, "up", "FR")
    assert countries_of(session) == ["DE", "FR", "BE"]
    press(desk, session, "drop", "FR")
    assert countries_of(session) == ["DE", "BE"]
    speaker = SpeakerFactory(event=session.event, name="Ada Example")
    seen = desk.get(at("tour", session)).context["add"]["seen"].value()
    desk.post(at("tour_add", session), {"who": str(speaker), "minutes": 7, "seen": seen})
    page = desk.get(at("tour", session))
    assert [str(session.event.local(row["start_at"]).time()) for row in page.context["rows"]] == ["09:00:00", "09:10:00", "09:20:00"]
    assert "Ada Example" in page.content.decode()


def press(desk, session, verb, country):
    form = desk.get(at("tour", session)).context["form"]
    (one,) = [one for one in turns(session) if one.delegation and one.delegation.organisation.country == country]
    data = {"order": [public_id for public_id, _minutes in sent(session)], "act": f"{verb}:{one.public_id}", "seen": form["seen"].value()}
    data |= {f"minutes-{public_id}": minutes for public_id, minutes in sent(session)}
    assert desk.post(at("tour", session), data).status_code == 302


def test_order_that_was_dragged_is_saved(desk, session, come, by):
    come("FR", "DE", "BE")
    build(session, by)
    form = desk.get(at("tour", session)).context["form"]
    rows = sent(session, ["FR", "BE", "DE"])
    data = {"order": [public_id for public_id, _minutes in rows], "act": "save", "seen": form["seen"].value()}
    desk.post(at("tour", session), data | {f"minutes-{public_id}": 2 for public_id, _minutes in rows})
    assert told(session) == [("FR", 2), ("BE", 2), ("DE", 2)]


def test_stale_page_says_so_and_saves_nothing(desk, session, come, by):
    come("FR", "BE")
    build(session, by)
    seen = desk.get(at("tour", session)).context["form"]["seen"].value()
    drop(session, "BE", by)
    (row,) = sent(session)
    response = desk.post(at("tour", session), {f"minutes-{row[0]}": 9, "order": [row[0]], "act": "save", "seen": seen}, follow=True)
    assert "Somebody else has changed these turns" in response.content.decode()
    assert told(session) == [("FR", 30)]


def test_wrong_minutes_come_back_with_words(desk, session, come, by):
    come("FR")
    build(session, by)
    form = desk.get(at("tour", session)).context["form"]
    (row,) = sent(session)
    data = {f"minutes-{row[0]}": "none", "order": [row[0]], "act": "save", "seen": form["seen"].value()}
    response = desk.post(at("tour", session), data)
    assert response.status_code == 200
    assert "Enter a whole number." in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_for_any_number_of_turns(desk, session, count, django_assert_num_queries):
    slot = Slot.objects.get(session=session)
    for _number in range(count):
        InterventionFactory(slot=slot)
    desk.get(at("tour", session))
    with django_assert_num_queries(16):
        assert len(desk.get(at("tour", session)).context["rows"]) == count


# The session's page


@pytest.mark.parametrize("chatham_house", [False, True])
@pytest.mark.parametrize("shown", DelegationsShown)
@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.PARTICIPANTS, Audience.EU])
def test_turns_show_no_more_than_the_list_of_delegations(client, event, by, audience, shown, chatham_house):
    """Strangers, an American and a French participant at the page of a public session with two turns."""
    event.delegations_audience, event.delegations_shown = audience, shown
    event.save()
    session = SessionFactory(event=event, audience=Audience.PUBLIC, chatham_house=chatham_house, released=True)
    people = {"anonymous": None}
    for country, standing in {"FR": Standing.MEMBER, "US": Standing.GUEST}.items():
        organisation = OrganisationFactory(country=country, kind=OrganisationKind.STATE, name_en=f"Service {country}")
        delegation = DelegationFactory(event=event, organisation=organisation, standing=standing, answer=Answer.COMING)
        InterventionFactory(slot=Slot.objects.get(session=session), delegation=delegation)
        people[country] = UserFactory()
        RegistrationFactory(delegation=delegation, delegate__user=people[country], state=RegistrationState.APPROVED)
    admitted = {Audience.PUBLIC: {"anonymous", "FR", "US"}, Audience.PARTICIPANTS: {"FR", "US"}, Audience.EU: {"FR"}}[audience]
    for name, user in people.items():
        client.logout()
        if user:
            client.force_login(user)
        found = client.get(session.get_absolute_url()).context["turns"]
        told = {(turn.country, turn.organisation is not None) for turn in found}
        expected = {(name, True)} if user else set()
        if name in admitted and not chatham_house and shown in ("organisations", "states"):
            expected |= {(country, shown == "organisations" or country == name) for country in ("FR", "US")}
        assert told == expected
