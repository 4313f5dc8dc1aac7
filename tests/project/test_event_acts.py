"""The acts on a whole event: what each does, to whom it writes, what it refuses, and that its preview does nothing."""

import datetime as dt
import itertools

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from conference import actions
from conference.lib import clock
from conference.lib.sealing import Sealer
from conference.lib.viewer import ANYONE, SYSTEM
from delegates.actions import change_mode, find_invitation, move_registration, nominate
from delegates.choices import RegistrationState
from delegates.models import Invitation, Quota, Registration
from delegates.rules import FOCAL, OFFICER
from events.choices import Audience, EventState, MailState, StaffRoleName
from events.models import AuditEntry, Event, OutboxMail, Venue
from events.outbox import queue
from events.rules import EVENT_ACTS, NotAllowed, may_see_event
from sessions.models import CalendarFeed, Release, Slot
from tests.factories import (
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    InvitationFactory,
    RegistrationFactory,
    RoomFactory,
    SessionFactory,
    SlotFactory,
    StaffRoleFactory,
    UserFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db
ZONE = "Europe/Brussels"
FIRST = dt.date(2040, 3, 22)  # Thursday; the clocks go forward on Sunday 25 March 2040
LATER = dt.date(2040, 4, 5)


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return clock.moment(day, dt.time(hour, minute), ZONE)


@pytest.fixture
def event():
    deadlines = {name: at(FIRST - dt.timedelta(days=days), 18) for name, days in DEADLINES.items()}
    return EventFactory(zone=ZONE, first_date=FIRST, last_date=FIRST + dt.timedelta(days=1), **deadlines)


DEADLINES = {"answer_by_at": 40, "nominate_by_at": 30, "confirm_by_at": 20, "travel_by_at": 10, "freeze_at": 7}


@pytest.fixture
def people(event):
    """A delegation with a person in every state, each with a language of their own, and a focal point."""
    delegation = DelegationFactory(event=event, seats=20)
    FocalPointFactory(delegation=delegation, user=UserFactory(), email="focal@example.org", language="nl")
    made = {}
    for state in set(RegistrationState) - {RegistrationState.PLACEHOLDER}:
        made[state] = RegistrationFactory(
            delegation=delegation, state=state, delegate__language="fr", delegate__email=f"{state}@example.org"
        )
    made["draft"] = RegistrationFactory(delegation=delegation, invited_at=None, delegate__email="draft@example.org")
    return made


KNOWS = {"requested", "nominated", "submitted", "returned", "approved"}


def act(name, event, **chosen):
    do = {
        "cancel": actions.cancel_event,
        "postpone": actions.postpone_event,
        "move": actions.move_event,
        "close": actions.close_event,
        "reopen": actions.reopen_event,
        "archive": actions.archive_event,
    }[name]
    given = {"reason": ""} if name in ("cancel", "postpone", "move") else {}
    if name in ("postpone", "move"):
        given |= {"first_date": LATER, "last_date": LATER + dt.timedelta(days=1)}
    if name == "move":
        given |= {"venue": None, "is_online": False}
    return do(event, **(given | {"seen": actions.seen_of(event), "by": SYSTEM} | chosen))


def letters(kind):
    return {mail.to: mail for mail in OutboxMail.objects.filter(kind=kind)}


def text_of(mail) -> str:
    return Sealer(settings.DATA_KEYS).open(mail.sealed_text)


# What is possible when.


@pytest.mark.parametrize(("name", "state"), list(itertools.product(EVENT_ACTS, EventState.values)))
def test_each_act_in_each_state(name, state, event):
    Event.objects.filter(pk=event.pk).update(state=state)
    event.refresh_from_db()
    after = {"cancel": "cancelled", "close": "closed", "reopen": "open", "archive": "archived"}.get(name, state)
    if state in EVENT_ACTS[name]:
        act(name, event)
        assert Event.objects.get().state == after
    else:
        with pytest.raises(NotAllowed, match="Nothing was done"):
            act(name, event)
        assert (Event.objects.get().state, OutboxMail.objects.count()) == (state, 0)


@pytest.mark.parametrize("name", EVENT_ACTS)
def test_act_sent_twice_is_done_once(name, event, people):
    Event.objects.filter(pk=event.pk).update(state=next(iter(EVENT_ACTS[name])))
    event.refresh_from_db()
    act(name, event)
    written = OutboxMail.objects.count()
    with pytest.raises(NotAllowed, match="Somebody changed the event meanwhile"):
        act(name, event)
    assert OutboxMail.objects.count() == written


@pytest.mark.parametrize("name", EVENT_ACTS)
def test_preview_counts_what_the_act_does_and_does_nothing(name, event, people):
    Event.objects.filter(pk=event.pk).update(state=next(iter(EVENT_ACTS[name])))
    event.refresh_from_db()
    SessionFactory(event=event, released=True)
    InvitationFactory(registration=people["nominated"])
    before = (Event.objects.values().get(), AuditEntry.objects.count(), OutboxMail.objects.count(), Slot.objects.count())
    foreseen = actions.tried(lambda: act(name, event))
    assert (Event.objects.values().get(), AuditEntry.objects.count(), OutboxMail.objects.count(), Slot.objects.count()) == before
    assert foreseen == act(name, event)
    assert OutboxMail.objects.count() == foreseen.told > 0


# Cancelling.


def test_cancelling_writes_once_to_everybody_who_knows_and_ends_invitations(event, people):
    invitation = InvitationFactory(registration=people["nominated"], secret="a secret")
    link = {"kind": "person_invited", "to": "x@example.org", "language": "en", "subject": "s", "text": "t", "is_secret": True}
    waiting = queue(**link, dedup_key="one", event=event)
    code = queue(**link | {"kind": "login_code"}, dedup_key="two")
    done = act("cancel", event, reason="The host cannot hold it.")
    written = letters("event.cancelled")
    assert set(written) == {f"{state}@example.org" for state in KNOWS} | {"focal@example.org"}
    assert (done.told, done.invitations, {mail.language for mail in written.values()}) == (6, 1, {"fr", "nl"})
    assert "The host cannot hold it." in text_of(written["approved@example.org"])
    assert (Invitation.objects.get().revoked_at is not None, find_invitation("a secret")) == (True, None)
    assert [OutboxMail.objects.get(pk=mail.pk).state for mail in (waiting, code)] == [MailState.DROPPED, MailState.QUEUED]
    assert invitation.pk


def test_cancelled_event_takes_nobody_and_keeps_its_page(event, people, client):
    delegation = people["approved"].delegation
    act("cancel", event)
    with pytest.raises(NotAllowed):
        nominate(delegation, given_name="A", family_name="B", email="a@example.org", category="delegate", by=SYSTEM, made_by=FOCAL)
    with pytest.raises(NotAllowed):
        move_registration(people["submitted"], to=RegistrationState.APPROVED, by=SYSTEM, made_by=OFFICER)
    page = client.get(reverse("events:event", args=[event.slug]))
    assert (page.status_code, "This conference is cancelled." in page.content.decode()) == (200, True)


def test_calendars_follow_a_cancellation(event, client):
    SessionFactory(event=event, audience=Audience.PUBLIC, released=True)
    calendar = reverse("sessions:calendar", args=[event.slug])

    def entry():
        [found] = Calendar.from_ical(client.get(calendar).content).walk("VEVENT")
        return found["status"], int(found["sequence"])

    assert entry() == ("CONFIRMED", 1)
    act("cancel", event)
    assert entry() == ("CANCELLED", 2)


# Postponing.


def test_postponing_keeps_seats_and_asks_the_approved_to_confirm_again(event, people):
    taken = people["approved"].delegation.quotas.get().taken
    done = act("postpone", event, reason="The building is not ready.")
    states = {key: Registration.objects.get(pk=row.pk).state for key, row in people.items()}
    assert states == {key: row.state for key, row in people.items()} | {"approved": "nominated"}
    assert people["approved"].delegation.quotas.get().taken == taken
    assert (set(letters("event.reconfirm")), set(letters("event.postponed"))) == (
        {"approved@example.org"},
        {f"{state}@example.org" for state in KNOWS - {"approved"}} | {"focal@example.org"},
    )
    assert (done.told, done.asked, OutboxMail.objects.count()) == (6, 1, 6)
    said = text_of(letters("event.reconfirm")["approved@example.org"])
    assert all(words in said for words in ("5–6 avril 2040", "22–23 mars 2040", "The building is not ready.", "16 mars 2040, 18:00"))


def test_postponing_moves_deadlines_and_sessions_on_the_same_clock(event):
    session = SessionFactory(event=event, released=True, released__start_at=at(FIRST, 9), released__end_at=at(FIRST, 10, 30))
    draft = SlotFactory(
        session=session, release=Release.objects.create(event=event), start_at=at(FIRST, 14), end_at=at(FIRST, 15), event=event
    )
    done = act("postpone", event)
    changed = Event.objects.get()
    assert {name: getattr(changed, name) for name in DEADLINES} == {
        name: at(LATER - dt.timedelta(days=days), 18) for name, days in DEADLINES.items()
    }
    assert (changed.first_date, changed.former_first_date, changed.former_last_date) == (LATER, FIRST, FIRST + dt.timedelta(days=1))
    old, new = Slot.objects.filter(release__number__isnull=False).order_by("release__number")
    assert [(slot.start_at, slot.end_at) for slot in (old, new)] == [(at(day, 9), at(day, 10, 30)) for day in (FIRST, LATER)]
    assert (old.release.superseded_at, new.release.number, new.release.superseded_at) == (new.release.released_at, 2, None)
    assert Slot.objects.get(pk=draft.pk).start_at == at(LATER, 14)
    assert (done.sessions, len(done.deadlines)) == (1, 5)


def test_session_that_ends_when_the_clock_goes_forward_keeps_its_length(event):
    changing = dt.date(2040, 3, 25)
    slot = {"released__start_at": at(FIRST, 1, 45), "released__end_at": at(FIRST, 2, 30)}
    SessionFactory(event=event, released=True, **slot)
    act("postpone", event, first_date=changing, last_date=changing)
    new = Slot.objects.current().get()
    assert new.end_at - new.start_at >= dt.timedelta(minutes=45)


def test_postponing_is_to_later_days_and_leaves_time_to_confirm(event, people):
    with pytest.raises(NotAllowed, match="after the present one"):
        act("postpone", event, first_date=FIRST - dt.timedelta(days=1), last_date=FIRST)
    with pytest.raises(NotAllowed, match="before the first one"):
        act("postpone", event, first_date=LATER, last_date=FIRST)
    Event.objects.filter(pk=event.pk).update(answer_by_at=None, confirm_by_at=timezone.now() - dt.timedelta(days=30))
    with pytest.raises(NotAllowed, match="which has already passed"):
        act("postpone", Event.objects.get())
    assert (Event.objects.get().first_date, OutboxMail.objects.count()) == (FIRST, 0)


def test_postponing_past_a_change_of_membership_changes_who_is_european():
    event = EventFactory(first_date=dt.date(2013, 6, 30), last_date=dt.date(2013, 6, 30), **dict.fromkeys(DEADLINES))
    registration = RegistrationFactory(
        delegation=DelegationFactory(event=event, organisation__country="HR"), state=RegistrationState.APPROVED, user=UserFactory()
    )
    session = SessionFactory(event=event, audience=Audience.EU, released=True)

    def sees():
        from delegates.viewers import viewer_of

        row = Registration.objects.get(pk=registration.pk)
        return event.sessions.model.objects.filter(pk=session.pk).visible_to(viewer_of(row, Event.objects.get())).exists()

    assert sees() is False
    act("postpone", event, first_date=dt.date(2013, 7, 1), last_date=dt.date(2013, 7, 1))
    Registration.objects.update(state=RegistrationState.APPROVED)
    assert sees() is True


def test_page_says_that_the_days_have_changed(event, client):
    act("postpone", event)
    assert "This conference was planned for 22–23 March 2040." in client.get(reverse("events:event", args=[event.slug])).content.decode()


# Moving.


def test_moving_online_keeps_days_registrations_and_agenda(event, people, client):
    done = act("move", event, first_date=event.first_date, last_date=event.last_date, is_online=True)
    assert (done.told, done.sessions, done.deadlines, Event.objects.get().former_first_date) == (6, 0, [], None)
    assert Registration.objects.get(pk=people["approved"].pk).state == "approved"
    said = text_of(letters("event.moved")["focal@example.org"])
    assert ("online" in said, "22–23 maart 2040" in said) == (True, True)
    assert "On-line" in client.get(reverse("events:event", args=[event.slug])).content.decode()


def test_moving_to_another_venue_takes_sessions_to_its_rooms_in_order(event):
    old = VenueFactory(event=event, position=1, city_audience=Audience.PUBLIC, address_audience=Audience.PARTICIPANTS)
    new = VenueFactory(event=event, position=2, name_en="Palace", city_en="Ghent")
    halls = [RoomFactory(venue=old, position=number) for number in (1, 2)]
    palace_hall = RoomFactory(venue=new, position=1)
    sessions = [SessionFactory(event=event, released=True, released__room=hall) for hall in halls]
    RegistrationFactory(delegation__event=event, delegation__seats=5, state="approved", delegate__email="in@example.org", event=event)
    FocalPointFactory(delegation__event=event, event=event, user=UserFactory(), email="focal2@example.org")
    done = act("move", event, first_date=FIRST, last_date=event.last_date, venue=new)
    assert [slot.room for slot in Slot.objects.current().order_by("session__pk")] == [palace_hall, None]
    assert [slot.room for slot in Slot.objects.filter(release__number=1).order_by("session__pk")] == halls
    assert (done.sessions, done.without_room, len(sessions)) == (2, 1, 2)
    first, second = Venue.objects.order_by("position")
    assert (first, first.city_audience, first.address_audience) == (new, Audience.PUBLIC, Audience.PARTICIPANTS)
    assert (second.city_audience, second.address_audience) == (Audience.ORGANISERS, Audience.ORGANISERS)
    said = {to: text_of(mail) for to, mail in letters("event.moved").items()}
    assert ("Palace, Ghent" in said["in@example.org"], "Ghent" in said["focal2@example.org"]) == (True, True)
    assert "Palace" not in said["focal2@example.org"]  # the address is for participants


def test_moving_nothing_is_refused(event):
    with pytest.raises(NotAllowed, match="Nothing would change"):
        act("move", event, first_date=event.first_date, last_date=event.last_date)


def test_moving_online_and_back_changes_how_everybody_attends(event, people):
    remote = RegistrationFactory(delegation=people["approved"].delegation, mode="remote", state="approved")
    Quota.objects.create(event=event, mode="in_person", seats=9, taken=6)
    Quota.objects.create(event=event, mode="remote", seats=9, taken=1)
    days = {"first_date": event.first_date, "last_date": event.last_date}
    active = set(Registration.objects.active().values_list("pk", flat=True))
    done = act("move", event, **days, is_online=True)
    assert done.modes == len(active) - 1
    assert set(Registration.objects.filter(mode="remote").values_list("pk", flat=True)) == active
    event.refresh_from_db()
    counted = {quota.mode: quota.taken for quota in event.quotas.filter(delegation=None)}
    assert counted == {"in_person": 0, "remote": 8}  # somebody who waited is offered a place now
    assert not event.quotas.out_of_step()
    late = nominate(
        people["approved"].delegation, given_name="L", family_name="L", email="l@example.org", category="driver", by=SYSTEM, made_by=OFFICER
    )
    with pytest.raises(NotAllowed, match="nobody attends in person"):
        change_mode(late, mode="in_person", by=SYSTEM)
    act("move", event, **days, is_online=False)
    assert set(Registration.objects.active().filter(mode="remote").values_list("pk", flat=True)) == {remote.pk, late.pk}
    assert not event.quotas.out_of_step()


def test_moving_online_without_places_for_all_changes_nothing(event, people):
    Quota.objects.create(event=event, mode="remote", seats=2)
    with pytest.raises(NotAllowed, match="Places are missing for 4 people"):
        act("move", event, first_date=event.first_date, last_date=event.last_date, is_online=True)
    assert (Event.objects.get().is_online, Registration.objects.filter(mode="remote").count(), letters("event.moved")) == (False, 0, {})


# Closing, opening again, archiving.


def test_closing_leaves_reading_and_the_press_and_opening_again_gives_everything_back(event, people, client):
    manager = StaffRoleFactory(event=event)
    press = StaffRoleFactory(event=event, role=StaffRoleName.PRESS)
    CalendarFeed.objects.create(event=event, registration=people["approved"], secret_digest="x", language="en", created_at=timezone.now())
    done = act("close", event)
    closed = Event.objects.get()
    assert (done.told, done.feeds, CalendarFeed.objects.live().exists(), may_see_event(closed, ANYONE)) == (2, 1, False, True)
    client.force_login(manager.user)
    people_page, add = reverse("organise:people", args=[event.slug]), reverse("organise:delegation_add", args=[event.slug])
    assert (client.get(people_page).status_code, client.get(add).status_code) == (200, 403)
    client.force_login(press.user)
    assert client.get(reverse("organise:press_add", args=[event.slug])).status_code == 200
    act("reopen", closed)
    client.force_login(manager.user)
    assert (client.get(add).status_code, set(letters("event.reopened"))) == (200, {"approved@example.org", "focal@example.org"})


def test_closing_twice_writes_twice(event, people):
    for name in ("close", "reopen", "close"):
        act(name, Event.objects.get())
    assert OutboxMail.objects.filter(kind="event.closed").count() == 4


def test_archiving_ends_the_reading_of_everybody_but_organisers(event, people, client):
    user = UserFactory()
    people["approved"].delegate.user = user
    people["approved"].delegate.save()
    act("close", event)
    page = reverse("events:event", args=[event.slug])
    client.force_login(user)
    assert client.get(page).status_code == 200
    act("archive", Event.objects.get())
    assert client.get(page).status_code == 404
    client.force_login(StaffRoleFactory(event=event).user)
    assert client.get(reverse("organise:dashboard", args=[event.slug])).status_code == 200
    assert "/fr/privacy/" in text_of(letters("event.archived")["approved@example.org"])


# One message per person.


def test_focal_point_who_also_comes_is_written_to_once(event):
    user = UserFactory()
    delegation = DelegationFactory(event=event, seats=5)
    FocalPointFactory(delegation=delegation, user=user, email="service@example.org")
    RegistrationFactory(delegation=delegation, user=user, state="approved", delegate__email="person@example.org")
    act("cancel", event)
    assert set(letters("event.cancelled")) == {"person@example.org"}


def test_persons_of_one_mailbox_are_written_to_each_and_a_focal_point_of_two_delegations_once(event):
    delegations = [DelegationFactory(event=event, seats=5) for _n in range(2)]
    user = UserFactory()
    for delegation in delegations:
        FocalPointFactory(delegation=delegation, user=user, email="focal@example.org")
        RegistrationFactory(delegation=delegation, state="approved", delegate__email="shared@example.org")
    FocalPointFactory(delegation=delegations[0], email="silent@example.org")  # never invited: knows of nothing
    act("cancel", event)
    assert sorted(OutboxMail.objects.values_list("to", flat=True)) == ["focal@example.org", "shared@example.org", "shared@example.org"]


@pytest.mark.parametrize("language", ["en", "fr", "nl", "de"])
@pytest.mark.parametrize("name", EVENT_ACTS)
def test_message_stands_in_the_readers_language_in_text_and_html(event, language, name):
    Event.objects.filter(pk=event.pk).update(state=next(iter(EVENT_ACTS[name])))
    event.refresh_from_db()
    delegation = DelegationFactory(event=event, seats=5)
    RegistrationFactory(delegation=delegation, state="approved", delegate__language=language)
    act(name, event)
    mail = OutboxMail.objects.get()
    html = Sealer(settings.DATA_KEYS).open(mail.sealed_html)
    assert (mail.language, f'<html lang="{language}">' in html, str(event.title_en) in text_of(mail)) == (language, True, True)
    assert (mail.reply_to, mail.about) == (event.mailbox, str(Registration.objects.get()))


# The page.


@pytest.fixture
def manager(client, event):
    client.force_login(StaffRoleFactory(event=event).user)
    return client


def page_of(event, name):
    return reverse("organise:event_act", args=[event.slug, name])


def test_page_shows_what_will_happen_and_then_does_it(manager, event, people):
    page = page_of(event, "postpone")
    typed = {
        "first_date": "2040-04-05",
        "last_date": "2040-04-06",
        "reason": "Why.",
        "seen": manager.get(page).context["form"]["seen"].value(),
    }
    shown = manager.post(page, typed)
    assert dict(shown.context["preview"]) == {"Persons written to, each in their language": 6, "Of these, asked to confirm again": 1}
    assert shown.context["deadlines"][0]["after"] == at(LATER - dt.timedelta(days=40), 18)
    assert Event.objects.get().first_date == FIRST
    assert manager.post(page, typed | {"confirm": "yes", "shown": "of something else"}).status_code == 200
    assert Event.objects.get().first_date == FIRST  # what is confirmed has been shown
    typed["shown"] = shown.context["shown"]
    assert manager.post(page, typed | {"confirm": "yes"}).url == reverse("organise:event", args=[event.slug])
    assert (Event.objects.get().first_date, OutboxMail.objects.count()) == (LATER, 6)
    again = manager.post(page, typed | {"confirm": "yes"})
    assert (again.status_code, again.context["form"]["reason"].value(), OutboxMail.objects.count()) == (200, "Why.", 6)
    assert "Somebody changed the event meanwhile" in again.content.decode()


def test_page_keeps_what_was_typed_when_it_is_wrong(manager, event):
    typed = {"first_date": "2040-04-05", "last_date": "2040-04-01", "reason": "Why.", "seen": actions.seen_of(event)}
    shown = manager.post(page_of(event, "postpone"), typed | {"confirm": "yes"})
    assert ({name: shown.context["form"][name].value() for name in typed}, set(shown.context["form"].errors)) == (typed, {"last_date"})
    assert Event.objects.get().first_date == FIRST


def test_page_of_an_act_that_is_not_possible_leads_back(manager, event):
    assert manager.get(page_of(event, "archive")).url == reverse("organise:event", args=[event.slug])
    assert manager.get(page_of(event, "dissolve")).status_code == 404


@pytest.mark.parametrize(
    ("state", "names"), [(state, [name for name, states in EVENT_ACTS.items() if state in states]) for state in EventState]
)
def test_page_of_the_event_leads_to_the_acts_possible_now(manager, event, state, names):
    Event.objects.filter(pk=event.pk).update(state=state)
    response = manager.get(reverse("organise:event", args=[event.slug]))
    assert [one["name"] for one in response.context["acts_on"]] == names


def test_acts_are_the_managers(client, event):
    for role in StaffRoleName:
        client.force_login(StaffRoleFactory(event=event, role=role).user)
        assert (client.get(page_of(event, "cancel")).status_code == 200) is (role == StaffRoleName.MANAGER)
