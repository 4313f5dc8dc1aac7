"""The outbox: one row per message, sealed, sent in order, delayed by failure and never lost."""

import dataclasses
import datetime as dt
import email
import email.policy
import smtplib
import socketserver
import threading

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, send_mail
from django.db import connection, transaction
from django.utils import timezone

from conference.lib.mail import FolderBackend, Letter, build, masked, open_server, refuses_for_good, refuses_message, xtext
from conference.lib.sealing import Sealer, new_key
from events import outbox
from events.choices import MailState, Urgency
from events.models import OutboxMail
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db

LETTER = Letter(
    to="reader@example.org",
    subject="Łukasz, votre code",
    text="Texte: é {x}\n",
    html="<p>Texte: é</p>",
    language="fr",
    message_id="<abcdefgh@conference.example.org>",
    date=dt.datetime(2026, 4, 25, 9, 30, tzinfo=dt.UTC),
    reply_to="event@example.org",
)


def queue(key="test", **options):
    return outbox.queue(
        **{"kind": "test", "to": "reader@example.org", "language": "en", "subject": "S", "text": "T", "dedup_key": key} | options
    )


def raw_rows():
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM events_outboxmail")
        return str(cursor.fetchall())


# Into the outbox


def test_queue_twice_with_one_key_is_one_message():
    assert queue(text="first") == queue(text="second")
    assert outbox.letter(OutboxMail.objects.get()).text == "first"


def test_queue_in_a_transaction_that_fails_leaves_nothing():
    @transaction.atomic
    def act():
        queue()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert not OutboxMail.objects.exists()


def test_queue_seals_the_bodies():
    queue(text="The code is ZQXJ-7777", html="<p>ZQXJ-7777</p>", is_secret=True)
    assert "ZQXJ" not in raw_rows()
    assert outbox.letter(OutboxMail.objects.get()).text == "The code is ZQXJ-7777"


def test_queue_takes_a_subject_on_one_line_and_the_events_mailbox():
    mail = queue(subject="One\r\nBcc: all@example.org", event=EventFactory(mailbox="event@example.org"))
    assert (mail.subject, mail.reply_to) == ("One Bcc: all@example.org", "event@example.org")


def test_queue_names_no_reader_in_its_reference():
    mail = queue(to="someone@example.org")
    assert str(mail) == f"mail {mail.public_id}"


def test_djangos_own_mail_goes_through_the_outbox(settings):
    settings.EMAIL_BACKEND = "events.outbox.OutboxBackend"
    assert send_mail("Subject", "Text", None, ["a@example.org", "b@example.org"], html_message="<p>Text</p>") == 1
    letters = [outbox.letter(mail) for mail in OutboxMail.objects.order_by("pk")]
    assert [(each.to, each.text, each.html) for each in letters] == [
        ("a@example.org", "Text", "<p>Text</p>"),
        ("b@example.org", "Text", "<p>Text</p>"),
    ]


def test_djangos_own_mail_without_html(settings):
    settings.EMAIL_BACKEND = "events.outbox.OutboxBackend"
    EmailMultiAlternatives("Subject", "Text", None, ["a@example.org"]).send()
    assert OutboxMail.objects.get().sealed_html == ""


# Out of the outbox


def test_lease_gives_the_most_urgent_first_then_the_oldest():
    keys = [("bulk", Urgency.BULK), ("personal", Urgency.PERSONAL), ("code", Urgency.CODE), ("code 2", Urgency.CODE)]
    for key, urgency in keys:
        queue(key, urgency=urgency)
    now = timezone.now()
    order = [outbox.lease(now).dedup_key for _ in keys]
    assert order == ["code", "code 2", "personal", "bulk"]
    assert outbox.lease(now) is None


def test_lease_runs_out():
    mail, now = queue(), timezone.now()
    assert outbox.lease(now) == mail
    assert outbox.lease(now + outbox.LEASE - dt.timedelta(seconds=1)) is None
    assert outbox.lease(now + outbox.LEASE) == mail


@pytest.mark.parametrize(
    ("secret", "blank"),
    [(True, True), (False, False)],
)
def test_sent_message_is_blanked_where_it_is_secret(secret, blank):
    queue(text="ZQXJ", html="<p>ZQXJ</p>", is_secret=secret)
    now = timezone.now()
    outbox.mark_sent(outbox.lease(now), now)
    mail = OutboxMail.objects.get()
    assert (mail.state, mail.sent_at, mail.attempts, mail.leased_until_at) == (MailState.SENT, now, 1, None)
    assert (mail.sealed_text == "", mail.sealed_html == "") == (blank, blank)


def test_failed_message_waits_longer_each_time_and_keeps_its_id():
    mail, now = queue(), timezone.now()
    waits, message_id = [], mail.message_id
    for _ in range(12):
        leased = outbox.lease(now)
        outbox.mark_failed(leased, now, "refused reader@example.org\n451")
        mail.refresh_from_db()
        waits.append((mail.send_after_at - now).total_seconds())
        assert outbox.lease(mail.send_after_at - dt.timedelta(seconds=1)) is None
        now = mail.send_after_at
    assert waits == [15, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600]
    assert (mail.state, mail.message_id, mail.last_error) == (MailState.QUEUED, message_id, "refused … 451")


def test_failed_code_is_tried_each_minute():
    mail, now = queue(urgency=Urgency.CODE), timezone.now()
    for _ in range(6):
        outbox.mark_failed(outbox.lease(now), now, "451")
        mail.refresh_from_db()
        wait, now = mail.send_after_at - now, mail.send_after_at
    assert wait == dt.timedelta(minutes=1)


def tried_until_failed(*, for_good):
    mail, start = queue(), timezone.now()
    now = start
    while True:
        outbox.mark_failed(outbox.lease(now), now, "no", for_good=for_good)
        mail.refresh_from_db()
        if mail.state == MailState.FAILED:
            return mail, now - start
        now = mail.send_after_at


def test_message_that_fails_for_three_days_waits_for_an_organiser_with_all_in_it():
    mail, passed = tried_until_failed(for_good=False)
    assert dt.timedelta(days=2.5) < passed < dt.timedelta(days=3.5)
    assert outbox.letter(mail).text == "T"
    assert outbox.lease(timezone.now() + dt.timedelta(days=30)) is None


def test_message_refused_for_good_waits_for_an_organiser_soon():
    _mail, passed = tried_until_failed(for_good=True)
    assert dt.timedelta(minutes=5) < passed < dt.timedelta(minutes=15)


def test_failure_of_a_worker_whose_lease_ran_out_changes_nothing():
    queue()
    now = timezone.now()
    slow = outbox.lease(now)
    outbox.lease(now + outbox.LEASE)
    outbox.mark_failed(slow, now + outbox.LEASE, "too late")
    assert OutboxMail.objects.get().attempts == 0


def test_expired_message_is_not_sent_and_is_blanked():
    now = timezone.now() + dt.timedelta(seconds=1)
    queue("late", text="ZQXJ", expires_at=now, is_secret=True)
    queue("in time", expires_at=now + dt.timedelta(minutes=1), is_secret=True)
    assert outbox.lease(now).dedup_key == "in time"
    assert outbox.expire(now) == 1
    late = OutboxMail.objects.get(dedup_key="late")
    assert (late.state, late.sealed_text, late.sealed_html) == (MailState.EXPIRED, "", "")


def test_failed_secret_message_is_blanked_when_it_expires():
    now = timezone.now()
    queue(expires_at=now, is_secret=True)
    OutboxMail.objects.update(state=MailState.FAILED)
    assert outbox.expire(now) == 1
    assert OutboxMail.objects.get().sealed_text == ""


def test_message_being_sent_does_not_expire_under_the_worker():
    now = timezone.now() + dt.timedelta(seconds=1)
    queue(expires_at=now + dt.timedelta(seconds=1), is_secret=True)
    leased = outbox.lease(now)
    assert outbox.expire(now + dt.timedelta(seconds=2)) == 0
    outbox.mark_sent(leased, now)
    assert OutboxMail.objects.get().state == MailState.SENT


# On the wire


def test_build_says_who_when_and_that_a_program_wrote_it():
    message = build(LETTER).message()
    headers = {
        "Message-ID": "<abcdefgh@conference.example.org>",
        "Date": "Sat, 25 Apr 2026 09:30:00 +0000",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "DR, RN, NRN, OOF, AutoReply",
        "Content-Language": "fr",
        "Reply-To": "event@example.org",
    }
    assert {name: message[name] for name in headers} == headers
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert message["From"] == settings.DEFAULT_FROM_EMAIL


def test_build_says_of_one_of_many_that_it_is():
    assert build(LETTER).message()["Precedence"] is None
    assert build(dataclasses.replace(LETTER, is_bulk=True)).message()["Precedence"] == "bulk"


def test_folder_keeps_a_readable_copy_under_the_same_name_each_time(tmp_path):
    server = open_server({"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": str(tmp_path / "mail")})
    assert isinstance(server, FolderBackend)
    for _ in range(2):
        assert server.send_messages([build(LETTER)]) == 1
    name = "20260425-093000_reader@example.org_Łukasz-votre-code_abcd"
    assert sorted(path.name for path in (tmp_path / "mail").iterdir()) == [f"{name}.eml", f"{name}.txt"]
    text = (tmp_path / "mail" / f"{name}.txt").read_text()
    assert text.splitlines()[-3:] == ["Subject: Łukasz, votre code", "", "Texte: é {x}"]
    parsed = email.message_from_bytes((tmp_path / "mail" / f"{name}.eml").read_bytes(), policy=email.policy.default)
    assert parsed["Subject"] == LETTER.subject
    assert parsed.get_body(("html",)).get_content().strip() == LETTER.html


@pytest.mark.parametrize("hostile", ["../../etc/passwd", "a/b", "a\0b", "." * 300, "漢" * 300])
def test_folder_takes_no_path_from_a_subject(tmp_path, hostile):
    FolderBackend(folder=tmp_path / "mail").send_messages([build(Letter(**vars(LETTER) | {"subject": hostile}))])
    assert [path.name for path in tmp_path.iterdir()] == ["mail"]
    assert len(list((tmp_path / "mail").iterdir())) == 2


@pytest.mark.parametrize(
    ("given", "port", "tls", "ssl"),
    [
        ({"EMAIL_PORT": 2525}, 2525, False, False),
        ({"EMAIL_PORT": None}, 25, False, False),
        ({"EMAIL_PORT": None, "EMAIL_USE_TLS": True}, 587, True, False),
        ({"EMAIL_PORT": None, "EMAIL_USE_SSL": True}, 465, False, True),
    ],
)
def test_open_server_reads_what_the_address_says(given, port, tls, ssl):
    known = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "mail.example.org"}
    server = open_server(known | {"EMAIL_HOST_USER": "u", "EMAIL_HOST_PASSWORD": "p"} | given)
    assert (server.host, server.port, server.use_tls, server.use_ssl, server.timeout) == ("mail.example.org", port, tls, ssl, 30)
    assert (server.username, server.password) == ("u", "p")


@pytest.mark.parametrize(
    ("error", "of_message", "for_good"),
    [
        (ConnectionRefusedError(), False, False),
        (TimeoutError(), False, False),
        (smtplib.SMTPServerDisconnected(), False, False),
        (smtplib.SMTPAuthenticationError(535, b"no"), False, False),
        (smtplib.SMTPConnectError(421, b"busy"), False, False),
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no")}), True, True),
        (smtplib.SMTPRecipientsRefused({"a": (451, b"later")}), True, False),
        (smtplib.SMTPDataError(554, b"no"), True, True),
        (smtplib.SMTPSenderRefused(451, b"later", "x"), True, False),
        (ValueError("unreadable"), True, True),
    ],
)
def test_refusals_are_told_apart(error, of_message, for_good):
    assert (refuses_message(error), refuses_for_good(error)) == (of_message, for_good)


@pytest.mark.parametrize(("address", "shown"), [("Focal.Point@example.org", "F…@example.org"), ("a@b.org", "a…@b.org"), ("odd", "o…@")])
def test_masked_address_is_known_to_its_owner_only(address, shown):
    assert masked(address) == shown


def test_bodies_open_with_an_older_key(settings):
    queue()
    settings.DATA_KEYS = [new_key(), *settings.DATA_KEYS]
    assert outbox.letter(OutboxMail.objects.get()).text == "T"
    assert Sealer(settings.DATA_KEYS).open(OutboxMail.objects.get().sealed_text) == "T"


class MailServer(socketserver.StreamRequestHandler):
    """Takes any message, and notes what it is told before it."""

    def handle(self):
        self.wfile.write(b"220 ready\r\n")
        while line := self.rfile.readline().strip():
            self.server.said.append(line)
            if line.upper().startswith(b"EHLO"):
                self.wfile.write(b"250-here\r\n" + self.server.extensions + b"250 HELP\r\n")
            elif line.upper() == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline() != b".\r\n":
                    pass
                self.wfile.write(b"250 taken\r\n")
            else:
                self.wfile.write(b"250 fine\r\n")


@pytest.mark.parametrize(("extensions", "envelope"), [(b"250-DSN\r\n", b" ENVID=%s"), (b"", b"")])
def test_server_that_reports_gets_the_message_id_as_envelope_id(extensions, envelope):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailServer) as listening:
        listening.said, listening.extensions, listening.daemon_threads = [], extensions, True
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        known = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1", "EMAIL_HOST_USER": ""}
        server = open_server(known | {"EMAIL_PORT": listening.server_address[1], "EMAIL_HOST_PASSWORD": ""})
        assert server.send_messages([build(LETTER)]) == 1
        listening.shutdown()
    (line,) = [line for line in listening.said if line.startswith(b"mail FROM")]
    assert line.endswith(envelope % xtext(LETTER.message_id).encode() if envelope else b">")


def test_envelope_id_is_written_without_signs_of_the_protocol():
    assert xtext("<a+b=c@example.org> é") == "<a+2Bb+3Dc@example.org>+20+E9"
