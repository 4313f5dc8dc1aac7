"""The worker: nothing lost, the urgent first, each once, whatever dies."""

import collections
import dataclasses
import datetime as dt
import os
import signal
import threading
import time
import traceback
from email.utils import make_msgid

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError, connection, connections
from django.test import Client
from django.utils import timezone

from conference.management.commands import worker
from delegates.choices import RegistrationState
from delegates.models import Registration
from events import outbox
from events.choices import MailState, Urgency
from events.models import IdempotencyKey, OutboxMail
from sessions.models import Session
from tests.factories import RegistrationFactory, SessionFactory, UserFactory
from tests.smtp import Sink

KILLS = 50


@pytest.fixture
def sink(settings):
    server = Sink()
    settings.MAIL_SERVER = server.url
    yield server
    server.stop()


def queue(number, **options):
    defaults = {"kind": "test", "to": f"reader{number}@example.org", "language": "en", "subject": f"Message {number}", "text": "Text"}
    return outbox.queue(**defaults | {"dedup_key": f"test:{number}"} | options)


def states():
    return collections.Counter(OutboxMail.objects.values_list("state", flat=True))


def in_child(act):
    """Fork, act in the child with a database connection of its own, and give the child's id."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        finally:
            connections.close_all()
        os._exit(0)
    return child


@pytest.mark.django_db(transaction=True)
def test_worker_once_sends_everything_that_is_due(sink):
    for number in range(3):
        queue(number)
    call_command("worker", once=True)
    assert sink.subjects == ["Message 0", "Message 1", "Message 2"]
    assert states() == {MailState.SENT: 3}


@pytest.mark.django_db(transaction=True)
def test_worker_once_with_a_server_gone_says_so_and_keeps_everything(sink):
    sink.stop()
    for number in range(3):
        queue(number)
    with pytest.raises(CommandError, match=r"^The mail server is not there \(ConnectionRefusedError\); messages wait\.$"):
        call_command("worker", once=True)
    assert states() == {MailState.QUEUED: 3}
    assert list(OutboxMail.objects.order_by("pk").values_list("attempts", flat=True)) == [1, 0, 0]


FAULTS = [{"": "421 closed"}, {"MAIL": "451 later"}, {"RCPT": "451 later"}, {"RCPT": "550 never"}, {"DATA": "452 full"}]


@pytest.mark.parametrize("answers", FAULTS)
@pytest.mark.django_db(transaction=True)
def test_worker_with_a_failing_server_delays_and_loses_nothing(sink, time_machine, answers):
    for number in range(5):
        queue(number)
    sink.answers = answers
    time_machine.move_to(timezone.now())
    for _ in range(3):
        try:
            call_command("worker", once=True)
        except CommandError:
            assert answers == {"": "421 closed"}
        time_machine.shift(10)
    assert states() == {MailState.QUEUED: 5}
    assert sink.messages == []
    sink.answers = {}
    time_machine.shift(3600)
    call_command("worker", once=True)
    assert sorted(sink.subjects) == [f"Message {number}" for number in range(5)]
    assert states() == {MailState.SENT: 5}


@pytest.mark.django_db(transaction=True)
def test_worker_with_one_refused_address_sends_the_rest(sink):
    bad = queue(0)
    queue(1)
    sink.answers = {"RCPT": f"550 no mailbox {bad.to}"}
    call_command("worker", once=True)
    bad.refresh_from_db()
    assert (bad.state, bad.attempts) == (MailState.QUEUED, 1)
    assert bad.to not in bad.last_error
    assert "550" in bad.last_error


@pytest.mark.django_db(transaction=True)
def test_worker_after_a_server_ended_a_kept_connection_sends_at_once(sink):
    for number in range(3):
        queue(number)
    handler = sink.RequestHandlerClass

    class Impatient(handler):
        def take(self):
            super().take()
            self.connection.shutdown(2)

    sink.RequestHandlerClass = Impatient
    call_command("worker", once=True)
    assert sink.subjects == ["Message 0", "Message 1", "Message 2"]
    assert states() == {MailState.SENT: 3}


@pytest.mark.django_db(transaction=True)
def test_worker_with_a_key_that_is_gone_sends_the_rest(sink, settings):
    lost = queue(0)
    OutboxMail.objects.update(sealed_text="unreadable")
    queue(1)
    call_command("worker", once=True)
    lost.refresh_from_db()
    assert sink.subjects == ["Message 1"]
    assert (lost.state, lost.last_error) == (MailState.QUEUED, "Unsealable: no key opens this text")


@pytest.mark.django_db(transaction=True)
def test_worker_sends_a_code_queued_behind_2000_invitations_next(sink):
    first = queue(0, urgency=Urgency.BULK)
    OutboxMail.objects.bulk_create(
        OutboxMail(
            kind="invitation",
            to="a@example.org",
            language="en",
            urgency=Urgency.BULK,
            subject=f"Invitation {number}",
            sealed_text=first.sealed_text,
            dedup_key=f"bulk:{number}",
            message_id=f"<bulk{number}@example.org>",
            queued_at=first.queued_at,
            send_after_at=first.queued_at,
        )
        for number in range(2000)
    )
    stop = threading.Event()

    def meanwhile(message):
        if len(sink.messages) == 5:
            queue("code", urgency=Urgency.CODE)
            connections.close_all()
        if len(sink.messages) == 8:
            stop.set()

    sink.before_answer = meanwhile
    worker.run(stop)
    assert [subject.split()[0] for subject in sink.subjects] == ["Message", *["Invitation"] * 4, "Message", *["Invitation"] * 2]
    assert states() == {MailState.SENT: 8, MailState.QUEUED: 1994}


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_600_messages_once_each(sink):
    for number in range(600):
        queue(number)
    children = [in_child(lambda: worker.send_due(threading.Event())) for _ in range(2)]
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    assert sorted(sink.subjects) == sorted(f"Message {number}" for number in range(600))
    assert states() == {MailState.SENT: 600}


def killed_between_answer_and_note(sink, rounds: int) -> list[str]:
    """Kill a worker as often between the server's yes and its own note of it, and let another go on; give the Message-IDs."""
    for number in range(rounds):
        mail = queue(number)
        ready, go = os.pipe()
        worker_id = None

        def kill(message):
            os.kill(worker_id, signal.SIGSTOP)  # so that the 250 lies in the worker's socket, unread  # noqa: B023 -- called in this round

        sink.before_answer = kill
        sink.after_answer = lambda message: os.kill(worker_id, signal.SIGKILL)  # noqa: B023 -- called in this round

        def wait_and_send():
            os.read(ready, 1)  # noqa: B023 -- called in this round
            worker.send_due(threading.Event())

        worker_id = in_child(wait_and_send)
        os.write(go, b"!")
        assert os.WTERMSIG(os.waitpid(worker_id, 0)[1]) == signal.SIGKILL
        os.close(ready)
        os.close(go)
        sink.before_answer = sink.after_answer = lambda message: None
        mail.refresh_from_db()
        assert mail.state == MailState.QUEUED
        OutboxMail.objects.filter(pk=mail.pk).update(leased_until_at=timezone.now())  # the lease runs out
        worker.send_due(threading.Event())
        assert sink.subjects.count(mail.subject) == 2
    return [message["Message-ID"] for message in sink.messages]


@pytest.mark.django_db(transaction=True)
def test_worker_killed_before_it_noted_the_servers_answer_sends_the_same_message_again(sink):
    """The server took the message and said so; the worker dies before its note. Another sends it again, and mail programs see one."""
    ids = killed_between_answer_and_note(sink, KILLS)
    assert set(ids) == set(OutboxMail.objects.values_list("message_id", flat=True))
    assert set(collections.Counter(ids).values()) == {2}
    assert states() == {MailState.SENT: KILLS}


@pytest.mark.django_db(transaction=True)
def test_worker_that_names_messages_as_it_sends_them_sends_two(sink, monkeypatch):
    """The control: with a Message-ID made at each try, mail programs would show both."""
    letter = outbox.letter
    monkeypatch.setattr(outbox, "letter", lambda mail: dataclasses.replace(letter(mail), message_id=make_msgid()))
    assert set(collections.Counter(killed_between_answer_and_note(sink, 2)).values()) == {1}


@pytest.mark.django_db(transaction=True)
def test_worker_that_notes_before_it_sends_loses_messages(sink, monkeypatch):
    """The control: a note made before the server has the message, and a worker killed in between."""
    mail, deliver = queue(0), worker.deliver

    def note_and_die(server, mail):
        outbox.mark_sent(mail, timezone.now())
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(worker, "deliver", note_and_die)
    assert os.WTERMSIG(os.waitpid(in_child(lambda: worker.send_due(threading.Event())), 0)[1]) == signal.SIGKILL
    monkeypatch.setattr(worker, "deliver", deliver)
    OutboxMail.objects.filter(pk=mail.pk, leased_until_at__isnull=False).update(leased_until_at=timezone.now())
    worker.send_due(threading.Event())
    assert sink.messages == []


def die_after(get_response):
    """Middleware that kills the process between the commit and the answer."""

    def middleware(request):
        get_response(request)
        os.kill(os.getpid(), signal.SIGKILL)

    return middleware


def killed_after_commit(number: int) -> list[str]:
    """Ask for a code in a process killed between its commit and its answer; give whom the outbox then has a message for."""
    user = UserFactory()
    before = OutboxMail.objects.count()
    client = Client(REMOTE_ADDR=f"10.0.0.{number}")  # each from elsewhere: codes are limited by the minute
    child = in_child(lambda: client.post("/en/accounts/login/code/", {"email": user.email}))
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    return [mail.to == user.email for mail in OutboxMail.objects.order_by("pk")[before:]]


@pytest.mark.django_db(transaction=True)
def test_request_killed_after_its_commit_has_its_message_in_the_outbox(settings):
    settings.MIDDLEWARE = ["tests.project.test_worker.die_after", *settings.MIDDLEWARE]
    assert [killed_after_commit(number) for number in range(KILLS)] == [[True]] * KILLS


@pytest.mark.django_db(transaction=True)
def test_request_that_queues_after_its_answer_loses_its_message(settings, monkeypatch):
    """The control: a message put into the outbox beside the transaction, a moment later."""
    settings.MIDDLEWARE = ["tests.project.test_worker.die_after", *settings.MIDDLEWARE]
    put = outbox.queue
    monkeypatch.setattr(outbox, "queue", lambda **given: threading.Timer(1, put, kwargs=given).start())
    assert killed_after_commit(0) == []


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, MailState.SENT),
        ({"audience": "members"}, MailState.DROPPED),
        ({"narrowing": "public"}, MailState.DROPPED),
        ({"state": RegistrationState.WITHDRAWN}, MailState.DROPPED),
        ({"reader": "nobody"}, MailState.DROPPED),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_worker_drops_mail_about_a_session_its_reader_lost_sight_of(sink, change, state):
    reader = RegistrationFactory(state=RegistrationState.APPROVED, delegation__standing="guest")
    sessions = [SessionFactory(event=reader.event, audience="participants", released=True) for _ in range(2)]
    mail = queue(0, event=reader.event, must_see=[session.public_id for session in sessions], reader=reader.public_id)
    if "audience" in change:
        Session.objects.filter(pk=sessions[1].pk).update(**change)
    elif "reader" in change:
        OutboxMail.objects.update(**change)
    else:
        Registration.objects.update(**change)
    call_command("worker", once=True)
    mail.refresh_from_db()
    assert (mail.state, sink.subjects) == (state, ["Message 0"] if state == MailState.SENT else [])
    assert (mail.sealed_text == "") == (state == MailState.DROPPED)


@pytest.mark.django_db(transaction=True)
def test_worker_asked_to_stop_ends_after_the_message_at_hand(sink):
    for number in range(50):
        queue(number)
    parent = os.getpid()
    sink.before_answer = lambda message: os.kill(child, signal.SIGTERM) if len(sink.messages) == 3 else None
    child = in_child(lambda: call_command("worker"))
    assert parent == os.getpid()
    assert os.waitpid(child, 0)[1] == 0
    assert len(sink.messages) == 3
    assert states() == {MailState.SENT: 3, MailState.QUEUED: 47}


@pytest.mark.django_db(transaction=True)
def test_worker_outlives_a_lost_mail_server(sink, settings, monkeypatch):
    monkeypatch.setattr(worker, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(worker, "IDLE_SECONDS", 0.01)
    monkeypatch.setattr(outbox, "FIRST_WAIT", outbox.FIRST_WAIT * 0)
    port = sink.port
    sink.stop()
    for number in range(3):
        queue(number)
    stop = threading.Event()
    thread = threading.Thread(target=lambda: (worker.run(stop), connections.close_all()))
    thread.start()
    time.sleep(0.2)
    again = Sink(port)
    try:
        deadline = time.monotonic() + 20
        while len(again.messages) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        stop.set()
        thread.join()
        again.stop()
    assert sorted(again.subjects) == ["Message 0", "Message 1", "Message 2"]
    assert states() == {MailState.SENT: 3}
    assert connection.is_usable()


@pytest.mark.django_db(transaction=True)
def test_worker_outlives_a_lost_database(sink, monkeypatch, caplog):
    monkeypatch.setattr(worker, "FIRST_PAUSE_SECONDS", 0.01)
    queue(0)
    stop, faults = threading.Event(), [OperationalError("gone"), InterfaceError("closed")]
    lease = outbox.lease

    def lease_when_there(at):
        if faults:
            raise faults.pop()
        return lease(at)

    monkeypatch.setattr(outbox, "lease", lease_when_there)
    sink.after_answer = lambda message: stop.set()
    worker.run(stop)
    assert sink.subjects == ["Message 0"]
    assert [record.message for record in caplog.records] == ["database not there: InterfaceError", "database not there: OperationalError"]


@pytest.mark.django_db(transaction=True)
def test_worker_does_what_time_asks_for(sink, time_machine):
    now = timezone.now()
    time_machine.move_to(now)
    offered = RegistrationFactory(state=RegistrationState.OFFERED, offer_expires_at=now + dt.timedelta(minutes=1))
    IdempotencyKey.objects.create(actor="user 1", key="old", digest="", at=now - dt.timedelta(hours=48, seconds=1))
    IdempotencyKey.objects.create(actor="user 1", key="new", digest="", at=now - dt.timedelta(hours=47))
    client = Client()
    client.force_login(UserFactory())
    time_machine.shift(dt.timedelta(hours=9))
    call_command("worker", once=True)
    offered.refresh_from_db()
    assert offered.state == RegistrationState.OFFERED  # the only one in the line is offered the seat again
    assert offered.lapses == 1
    assert not IdempotencyKey.objects.exists()
    assert not client.session.exists(client.cookies[settings.SESSION_COOKIE_NAME].value)
    assert not UserSession.objects.exists()
