"""One message per person per release: whom it concerns, what it tells, and what becomes of one that has not left."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conference.actions import still_sees
from conference.lib.sealing import Sealer
from conference.lib.viewer import SYSTEM
from delegates.choices import Category, RegistrationState
from events.actions import stop_mail
from events.choices import Audience, EventState, MailState
from events.models import MessageText, OutboxMail
from sessions.actions import (
    create_session,
    mark_session,
    place_session,
    release_agenda,
    set_contributions,
    shift_agenda,
    unplace_session,
)
from sessions.choices import Label, Role, ShownAsClosed
from sessions.emails import count_digests
from sessions.models import SignUp, SignUpSheet, Slot, Star
from tests.factories import DelegationFactory, EventFactory, OrganisationFactory, RegistrationFactory, SpeakerFactory, UserFactory
from tests.together import together

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2027, 1, 11, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
MARKS = {"chatham_house": False, "shown_as_closed": ShownAsClosed.NOTHING, "confirmed": True}


def at(minutes: int):
    return time_machine.travel(NOW + dt.timedelta(minutes=minutes), tick=False)


@pytest.fixture
def event():
    return EventFactory(first_date=dt.date(2027, 3, 27), title_en="The conference", stamp=0)


@pytest.fixture
def delegation(event):
    return DelegationFactory(event=event, organisation=OrganisationFactory(country="FR"), seats=500)


def come(delegation, language="en", **options):
    """An approved person, since long."""
    with at(-9000):
        options = {"state": RegistrationState.APPROVED, "invited_at": NOW, "queued_at": NOW - 99 * HOUR} | options
        registration = RegistrationFactory(delegation=delegation, user=UserFactory(), **options)
        registration.delegate.language = language
        registration.delegate.email = f"{registration.public_id}@example.org".lower()
        registration.delegate.save()
    return registration


def put(session, hour: int):
    start = dt.datetime(2027, 3, 27, hour, tzinfo=dt.UTC)
    place_session(session, room=None, start_at=start, end_at=start + HOUR, by=SYSTEM)


def make(event, title: str, hour: int, audience=Audience.PARTICIPANTS, label=Label.GREEN, **options):
    session = create_session(event, by=SYSTEM, audience=audience, label=label, title_en=title, **options)
    put(session, hour)
    return session


def star(registration, session):
    Star.objects.create(event=session.event, registration=registration, session=session)


def release(event):
    return release_agenda(event, by=SYSTEM)


def mails(*states) -> dict[str, str]:
    """What waits (or is in these states), as plain text by reader."""
    found = OutboxMail.objects.filter(kind="agenda_digest", state__in=states or [MailState.QUEUED])
    return {mail.reader: text(mail) for mail in found}


def text(mail) -> str:
    from django.conf import settings

    return Sealer(settings.DATA_KEYS).open(mail.sealed_text)


def lines(body: str) -> list[str]:
    return [line for line in body.splitlines() if line.startswith("– ")]


@pytest.fixture
def conference(event):
    with at(0):
        sessions = {name: make(event, name, hour) for hour, name in enumerate(("Starred", "Spoken", "Signed", "Other"), 8)}
        release(event)
    return sessions


# Whom it concerns


def test_each_is_told_once_of_what_is_theirs(event, delegation, conference):
    starring, speaking, signing, nobody = (come(delegation) for _n in range(4))
    star(starring, conference["Starred"])
    SignUpSheet.objects.create(event=event, session=conference["Signed"], seats=5)
    SignUp.objects.create(event=event, session=conference["Signed"], registration=signing, joined_at=NOW)
    with at(5):
        set_contributions(conference["Spoken"], [(SpeakerFactory(registration=speaking), Role.CHAIR)], by=SYSTEM)
        release(event)
    OutboxMail.objects.all().delete()
    with at(60):
        for hour, session in enumerate(conference.values(), 14):
            put(session, hour)
        assert count_digests(event) == 3
        release(event)
    assert {reader: lines(body) for reader, body in mails().items()} == {
        starring.public_id: ["– Moved: Starred, Saturday 27 March 2027, 15:00–16:00 (formerly Saturday 27 March 2027, 09:00–10:00)"],
        speaking.public_id: ["– Moved: Spoken, Saturday 27 March 2027, 16:00–17:00 (formerly Saturday 27 March 2027, 10:00–11:00)"],
        signing.public_id: ["– Moved: Signed, Saturday 27 March 2027, 17:00–18:00 (formerly Saturday 27 March 2027, 11:00–12:00)"],
    }
    assert nobody.public_id not in mails()


def test_many_changes_are_one_message(event, delegation, conference):
    reader = come(delegation)
    for session in conference.values():
        star(reader, session)
    with at(60):
        put(conference["Starred"], 15)
        unplace_session(conference["Spoken"], by=SYSTEM)
        release(event)
    [body] = mails().values()
    assert [line.split(":")[0] for line in lines(body)] == ["– Dropped", "– Moved"]
    assert "/agenda/versions/?from=1&to=2" in body


def test_first_version_tells_speakers_of_their_part(event, delegation):
    speaking = come(delegation)
    with at(0):
        session = make(event, "Mine", 8)
        set_contributions(session, [(SpeakerFactory(registration=speaking), Role.SPEAKER)], by=SYSTEM)
        release(event)
    assert [lines(body) for body in mails().values()] == [["– Added: Mine, Saturday 27 March 2027, 09:00–10:00"]]


def test_release_that_changes_nothing_of_theirs_tells_nobody(event, delegation, conference):
    star(come(delegation), conference["Starred"])
    with at(60):
        put(conference["Other"], 16)
        assert count_digests(event) == 0
        release(event)
    assert mails() == {}


def test_heads_are_told_when_their_turn_moves_and_others_are_not(event, delegation, conference):
    head, delegate = come(delegation, category=Category.HEAD), come(delegation)
    other = come(DelegationFactory(event=event, organisation=OrganisationFactory(country="BE")), category=Category.HEAD)
    slot = Slot.objects.draft().get(session=conference["Spoken"])
    mine = slot.interventions.create(event=event, delegation=delegation, minutes=5, position=1)
    slot.interventions.create(event=event, delegation=other.delegation, minutes=5, position=2)
    with at(10):
        release(event)
    assert set(mails()) == {head.public_id, other.public_id}
    OutboxMail.objects.all().delete()
    with at(60):
        mine.minutes = 3
        mine.save()
        release(event)
    assert set(mails()) == {head.public_id, other.public_id}
    OutboxMail.objects.all().delete()
    with at(90):
        slot.interventions.filter(delegation=other.delegation).update(minutes=9)
        release(event)
    assert (set(mails()), delegate.public_id in mails()) == ({other.public_id}, False)


@pytest.mark.parametrize("options", [{"state": RegistrationState.WITHDRAWN}, {"state": RegistrationState.NOMINATED, "invited_at": None}])
def test_who_does_not_come_or_does_not_know_is_not_told(event, delegation, conference, options):
    star(come(delegation, **options), conference["Starred"])
    with at(60):
        put(conference["Starred"], 16)
        release(event)
    assert mails() == {}


# What it tells


def test_it_is_written_in_the_readers_language_and_own_words(event, delegation, conference):
    french, german = come(delegation, "fr"), come(delegation, "de")
    for one in (french, german):
        star(one, conference["Starred"])
    MessageText.objects.create(
        event=event, kind="agenda_digest", language="de", subject="Neu: {version}", body="Guten Tag\n\n{changes}\n\n{url}", changed_at=NOW
    )
    with at(60):
        put(conference["Starred"], 16)
        release(event)
    assert "– Déplacée" in mails()[french.public_id] or "– Déplacé" in mails()[french.public_id]
    assert "samedi 27 mars 2027" in mails()[french.public_id]
    assert mails()[german.public_id].startswith("Guten Tag\n\n– ")
    assert OutboxMail.objects.get(reader=german.public_id).subject == "Neu: 2"


def test_no_word_above_green(event, delegation):
    reader = come(delegation)
    with at(0):
        sessions = [make(event, f"Zq{label[4:]}", 8 + n, Audience.EU, label) for n, label in enumerate(Label)]
        release(event)
    for session in sessions:
        star(reader, session)
    with at(60):
        for n, session in enumerate(sessions):
            put(session, 14 + n)
        release(event)
    [body] = mails().values()
    assert [line.split(",")[0] for line in lines(body)] == ["– Moved: ZqCLEAR", "– Moved: ZqGREEN", *["– Moved: Session"] * 3]


def test_session_raised_above_the_reader_is_not_told(event, delegation, conference):
    reader = come(delegation)
    star(reader, conference["Starred"])
    with at(60):
        put(conference["Starred"], 16)
        mark_session(conference["Starred"], by=SYSTEM, audience=Audience.ORGANISERS, label=Label.GREEN, **MARKS)
        release(event)
    assert mails() == {}


@pytest.mark.parametrize("is_dropped", [False, True])
def test_message_is_dropped_when_its_reader_loses_sight(event, delegation, conference, is_dropped):
    star(come(delegation), conference["Starred"])
    with at(60):
        if is_dropped:
            unplace_session(conference["Starred"], by=SYSTEM)
        else:
            put(conference["Starred"], 16)
        release(event)
    mail = OutboxMail.objects.get(kind="agenda_digest")
    assert still_sees(mail)
    with at(70):
        mark_session(conference["Starred"], by=SYSTEM, audience=Audience.ORGANISERS, label=Label.GREEN, **MARKS)
    assert not still_sees(mail)


def test_speaker_is_told_that_their_session_was_dropped(event):
    press = come(DelegationFactory(event=event, organisation=OrganisationFactory(country="US")), category=Category.PRESS)
    with at(0):
        session = make(event, "Mine", 8, Audience.EU)
        set_contributions(session, [(SpeakerFactory(registration=press), Role.SPEAKER)], by=SYSTEM)
        make(event, "Other", 9)
        release(event)
    OutboxMail.objects.all().delete()
    with at(60):
        unplace_session(session, by=SYSTEM)
        release(event)
    assert [lines(body) for body in mails().values()] == [["– Dropped: Mine, Saturday 27 March 2027, 09:00–10:00"]]
    assert still_sees(OutboxMail.objects.get())


# One that has not left


def test_next_release_replaces_a_message_that_has_not_left(event, delegation, conference):
    reader = come(delegation)
    for name in ("Starred", "Other"):
        star(reader, conference[name])
    with at(60):
        put(conference["Starred"], 16)
        release(event)
    with at(70):
        put(conference["Other"], 17)
        release(event)
    [body] = mails().values()
    assert [line.split(",")[0] for line in lines(body)] == ["– Moved: Starred", "– Moved: Other"]
    assert "?from=1&to=3" in body
    assert [mail.sealed_text for mail in OutboxMail.objects.filter(state=MailState.DROPPED)] == [""]


def test_release_that_takes_a_change_back_leaves_nothing_to_tell(event, delegation, conference):
    star(come(delegation), conference["Starred"])
    with at(60):
        put(conference["Starred"], 16)
        release(event)
    with at(70):
        put(conference["Starred"], 8)
        assert count_digests(event) == 0
        release(event)
    assert mails() == {}


def test_message_that_left_is_followed_by_the_next(event, delegation, conference):
    star(come(delegation), conference["Starred"])
    with at(60):
        put(conference["Starred"], 16)
        release(event)
        OutboxMail.objects.update(state=MailState.SENT)
    with at(70):
        put(conference["Starred"], 17)
        release(event)
    [body] = mails().values()
    assert "?from=2&to=3" in body


def test_message_a_worker_holds_is_left_to_it(event, delegation, conference):
    star(come(delegation), conference["Starred"])
    with at(60):
        put(conference["Starred"], 16)
        release(event)
        OutboxMail.objects.update(leased_until_at=NOW + 5 * HOUR)
    with at(70):
        put(conference["Starred"], 17)
        release(event)
    assert sorted(OutboxMail.objects.values_list("dedup_key", flat=True)) == sorted(
        f"agenda_digest:{pair}:{Star.objects.get().registration.public_id}" for pair in ("1-2", "2-3")
    )


def test_it_waits_a_quarter_of_an_hour_but_not_on_the_day(event, delegation, conference):
    star(come(delegation), conference["Starred"])
    with at(60):
        put(conference["Starred"], 16)
        release(event)
        assert OutboxMail.objects.get().send_after_at == NOW + dt.timedelta(minutes=75)
    OutboxMail.objects.all().delete()
    day = dt.datetime(2027, 3, 26, 18, tzinfo=dt.UTC)
    with time_machine.travel(day, tick=False):
        put(conference["Starred"], 17)
        release(event)
        mail = OutboxMail.objects.get()
    assert (mail.send_after_at, mail.expires_at) == (day, dt.datetime(2027, 3, 29, 2, tzinfo=dt.UTC))


def test_stop_of_the_mail_holds_it(event, delegation, conference):
    star(come(delegation), conference["Starred"])
    stop_mail(event, by=SYSTEM)
    with at(60):
        put(conference["Starred"], 16)
        release(event)
    assert (len(mails()), OutboxMail.objects.due(NOW + 9 * HOUR).count()) == (1, 0)


def test_event_nobody_may_see_or_that_is_over_mails_nobody(event, delegation, conference):
    star(come(delegation), conference["Starred"])
    put(conference["Starred"], 16)
    with time_machine.travel(dt.datetime(2027, 4, 5, tzinfo=dt.UTC)):
        assert count_digests(event) == 0
        release(event)
    put(conference["Starred"], 17)
    event.state = EventState.DRAFT
    event.save()
    with at(90):
        release(event)
    assert OutboxMail.objects.count() == 0


def test_moving_the_whole_event_takes_back_what_has_not_left(event, delegation, conference):
    star(come(delegation), conference["Starred"])
    with at(60):
        put(conference["Starred"], 16)
        release(event)
        shift_agenda(event, days=1, by=SYSTEM)
    assert mails() == {}


# Exactly, for many


def crowd(event, delegation, count: int, session):
    people = [come(delegation) for _n in range(count)]
    for one in people:
        star(one, session)
    come(delegation)  # who starred nothing is told nothing
    return {one.public_id for one in people}


def cost_of_release(event) -> int:
    with CaptureQueriesContext(connection) as queries:
        release(event)
    written = [one for one in queries if one["sql"].startswith("INSERT") and "events_outboxmail" in one["sql"]]
    around = [one for one in queries if "SAVEPOINT" in one["sql"]]  # of the test
    return len(queries) - len(written) - len(around)


def test_three_hundred_people_are_told_exactly_once_each_at_the_cost_of_three(event, delegation, conference):
    few = crowd(event, delegation, 3, conference["Starred"])
    with at(60):
        put(conference["Starred"], 16)
        cost = cost_of_release(event)
    assert set(mails()) == few
    OutboxMail.objects.update(state=MailState.SENT)
    many = crowd(event, delegation, 297, conference["Starred"]) | few
    with at(80):
        put(conference["Starred"], 17)
        assert count_digests(event) == len(many) == 300
        assert cost_of_release(event) == cost <= 30
    assert set(mails()) == many
    assert OutboxMail.objects.filter(kind="agenda_digest", state=MailState.QUEUED).count() == 300


@pytest.mark.django_db(transaction=True)
def test_two_organisers_release_at_once_and_everybody_is_told_once(event, delegation):
    with at(0):
        session = make(event, "Starred", 8)
        release(event)
    people = [come(delegation) for _n in range(3)]
    for one in people:
        star(one, session)
    put(session, 16)
    errors = together([lambda: release_agenda(event, by=SYSTEM, expected=2)] * 2)
    assert errors == {"NotAllowed": 1}
    assert set(mails()) == {one.public_id for one in people}
    assert OutboxMail.objects.filter(kind="agenda_digest").count() == 3
