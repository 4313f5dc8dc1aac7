"""Reports of undelivered mail: what is read from them, from which mailboxes, and what they change."""

import mailbox
import socketserver
import threading

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from conference import actions
from conference.lib import bounces
from conference.lib.mailboxes import MailboxGone, new_messages
from events import outbox
from events.choices import MailState
from events.models import AuditEntry, OutboxMail
from tests.factories import EventFactory

ID = "<abcdefghij2345@conference.example.org>"
TO = "anna.kovacs@hu.example.org"
# As a mail transfer agent writes it (RFC 3464, with RFC 3462 around it).
REPORT = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: plenary@example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x/y"

This is a MIME-encapsulated message.

--x/y
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--x/y
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Original-Envelope-Id: {envelope}
Arrival-Date: Mon, 1 Apr 2024 09:00:00 +0200

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.hu.example.org
Diagnostic-Code: smtp; 550 5.1.1 <{to}>: Recipient address
    rejected: User unknown

--x/y
{returned}

--x/y--
"""
HEADERS = "Content-Type: text/rfc822-headers\n\nFrom: plenary@example.org\nMessage-ID: {id}\nSubject: Invitation"
WHOLE = "Content-Type: message/rfc822\n\nFrom: plenary@example.org\nMessage-ID: {id}\nSubject: Invitation\n\nText"


def report(*, message_id=ID, to=TO, action="failed", status="5.1.1", returned=HEADERS, envelope="<none@elsewhere.example.org>"):
    text = REPORT.format(to=to, action=action, status=status, returned=returned.format(id=message_id), envelope=envelope)
    return text.encode()


# Reading


@pytest.mark.parametrize("returned", [HEADERS, WHOLE])
def test_report_of_a_server_is_read(returned):
    said = "550 5.1.1 <anna.kovacs@hu.example.org>: Recipient address rejected: User unknown"
    assert bounces.read_report(report(returned=returned)) == [bounces.Bounce(ID, frozenset({TO}), "5.1.1", said)]


def test_report_without_the_message_names_it_by_its_envelope():
    raw = report(returned="Content-Type: text/plain\n\nnothing", envelope=ID)
    assert [bounce.message_id for bounce in bounces.read_report(raw)] == [ID]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00 not a mail at all",
        b"Subject: On holiday\nAuto-Submitted: auto-replied\n\nI am away. Message-ID: " + ID.encode(),
        report(action="delayed", status="4.4.1"),
        report(action="delivered", status="2.0.0"),
        report(action="failed", status="4.2.2"),
        report(action="failed", status="five"),
        report(message_id="none", envelope="none"),
        report().replace(b"delivery-status; boundary", b"disposition-notification; boundary"),
        report().replace(b"message/delivery-status", b"text/plain"),
        report() + b"x" * bounces.MAX_BYTES,
        report().replace(b'boundary="x/y"', b"boundary=gone"),
    ],
)
def test_anything_else_is_no_report(raw):
    assert bounces.read_report(raw) == []


def test_report_of_ten_thousand_recipients_is_cut():
    block = f"\nFinal-Recipient: rfc822; {TO}\nAction: failed\nStatus: 5.1.1\n".encode()
    raw = report().replace(b"\n--x/y\nContent-Type: text/rfc822", block * 10_000 + b"\n--x/y\nContent-Type: text/rfc822")
    assert len(bounces.read_report(raw)) == bounces.MAX_RECIPIENTS


# Mailboxes


class Imap(socketserver.StreamRequestHandler):
    """Just enough IMAP4rev1 to read a mailbox: a list of (message, is seen) on the server."""

    def handle(self):
        self.say("* OK ready")
        while line := self.rfile.readline():
            tag, command, *rest = line.decode().split()
            act = getattr(self, "do_" + command.lower(), None)
            if act:
                act(*rest)
            self.say(f"{tag} {'NO' if self.server.refuses == command else 'OK'} done")
            if command == "LOGOUT":
                return

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def do_capability(self):
        self.say("* CAPABILITY IMAP4rev1")

    def do_select(self, folder):
        self.server.folder = folder
        self.say(f"* {len(self.server.box)} EXISTS")

    def do_uid(self, what, *rest):
        box = self.server.box
        if what == "SEARCH":
            self.say("* SEARCH " + " ".join(str(number + 1) for number, (_raw, is_seen) in enumerate(box) if not is_seen))
        elif what == "FETCH":
            limit = int(rest[1].partition("<0.")[2].partition(">")[0])
            raw = box[int(rest[0]) - 1][0][:limit]
            self.wfile.write(f"* {rest[0]} FETCH (UID {rest[0]} BODY[]<0> {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")
        elif what == "STORE":
            box[int(rest[0]) - 1] = (box[int(rest[0]) - 1][0], True)


@pytest.fixture
def imap():
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Imap)
    server.daemon_threads = True
    server.box, server.refuses, server.folder = [], "", ""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    server.url = f"imap://plenary%40example.org:p%2Fw@127.0.0.1:{server.server_address[1]}/Bounces"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def read(url):
    return list(new_messages(url, max_bytes=50))


def test_imap_gives_each_new_message_once_and_cuts_long_ones(imap):
    imap.box = [(b"Subject: seen\r\n\r\n", True), (b"Subject: one\r\n\r\n", False), (b"x" * 1000, False)]
    assert read(imap.url) == [b"Subject: one\r\n\r\n", b"x" * 51]
    assert read(imap.url) == []
    assert imap.folder == '"Bounces"'


@pytest.mark.parametrize("command", ["LOGIN", "SELECT", "UID"])
def test_imap_that_refuses_is_gone(imap, command):
    imap.box, imap.refuses = [(b"x", False)], command
    with pytest.raises(MailboxGone):
        read(imap.url)


@pytest.mark.parametrize("url", ["imap://127.0.0.1:1/", "maildir:///nowhere/at/all", "mbox:///nowhere/at/all", "pop://host/"])
def test_mailbox_that_is_not_there_is_gone(url):
    with pytest.raises(MailboxGone):
        read(url)


def test_maildir_gives_each_new_message_once(tmp_path):
    folder = mailbox.Maildir(tmp_path / "box")
    folder.add(b"Subject: one\n\n")
    folder.add(b"x" * 1000)
    assert sorted(len(raw) for raw in read(f"maildir://{tmp_path}/box")) == [14, 51]
    assert read(f"maildir://{tmp_path}/box") == []
    assert len(folder) == 2


def test_mbox_gives_each_new_message_once(tmp_path):
    box = mailbox.mbox(tmp_path / "box")
    box.add(b"Subject: one\n\ntext\n")
    box.add(b"Subject: two\n\ntext\n")
    box.close()
    assert read(f"mbox://{tmp_path}/box") == [b"Subject: one\n\ntext\n", b"Subject: two\n\ntext\n"]
    assert read(f"mbox://{tmp_path}/box") == []


# What they change


def sent(**options):
    mail = outbox.queue(**{"kind": "approved", "to": TO, "language": "en", "subject": "S", "text": "T", "dedup_key": "b"} | options)
    outbox.mark_sent(mail, timezone.now())
    return mail


@pytest.fixture
def maildir(tmp_path, settings):
    settings.BOUNCE_MAILBOX = f"maildir://{tmp_path}/box"
    return mailbox.Maildir(tmp_path / "box")


@pytest.mark.django_db
def test_report_marks_the_message_it_names(maildir, capsys):
    mail = sent(event=EventFactory())
    maildir.add(report(message_id=mail.message_id, to=TO.upper()))
    maildir.add(b"Subject: On holiday\n\nI am away")
    call_command("bounces")
    mail.refresh_from_db()
    assert (mail.state, mail.last_error) == (
        MailState.BOUNCED,
        "5.1.1 550 5.1.1 <ANNA.KOVACS@HU.EXAMPLE.ORG>: Recipient address rejected: User unknown",
    )
    assert capsys.readouterr().out == "2 messages read, 1 marked as returned\n"
    assert list(OutboxMail.objects.needing_somebody()) == [mail]
    assert [entry.verb for entry in AuditEntry.objects.filter(event=mail.event)] == ["mail.bounce"]
    maildir.add(report(message_id=mail.message_id))
    assert actions.read_bounces(timezone.now()) == (1, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "to", "message_id"),
    [(MailState.SENT, "other@example.org", None), (MailState.QUEUED, TO, None), (MailState.SENT, TO, "<guessed@conference.example.org>")],
)
def test_hostile_report_changes_nothing(maildir, state, to, message_id):
    mail = sent()
    OutboxMail.objects.update(state=state)
    maildir.add(report(message_id=message_id or mail.message_id, to=to))
    assert actions.read_bounces(timezone.now()) == (1, 0)
    mail.refresh_from_db()
    assert mail.state == state


@pytest.mark.django_db
def test_no_mailbox_is_nothing_and_a_mailbox_that_is_gone_is_said(settings):
    assert actions.read_bounces(timezone.now()) == (0, 0)
    settings.BOUNCE_MAILBOX = "maildir:///nowhere/at/all"
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("bounces")
