"""Sends what waits in the outbox, imports large files and does what time asks for; any number of workers may run at once."""

import datetime as dt
import logging
import signal
import smtplib
import threading

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from conference import actions
from conference.lib.mail import build, open_server, refuses_for_good, refuses_message
from conference.lib.mailboxes import MailboxGone
from conference.privacy.erasure import write_ledger
from conference.privacy.purge import purge
from delegates import importers
from delegates.models import Quota
from events import outbox
from events.models import OutboxMail
from sessions.importers import runs as agendas
from sessions.models import SignUpSheet

logger = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
FIRST_PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 60.0
TIDY_EVERY = dt.timedelta(minutes=1)
BOUNCES_EVERY = dt.timedelta(minutes=5)
PURGE_EVERY = dt.timedelta(hours=1)


class ServerGone(Exception):
    """The mail server cannot be reached; the message at hand was delayed, and the others need not be tried now."""


class Command(BaseCommand):
    """Runs until SIGTERM or SIGINT, and ends after the message at hand; `--once` ends when nothing is due."""

    help = "Send the messages of the outbox, import files, end what has lapsed, and run retention."

    def add_arguments(self, parser):
        """Take `--once`."""
        parser.add_argument("--once", action="store_true", help="send what is due now, then end; exit 1 when the mail server is not there")

    def handle(self, *args, once: bool, **options):
        """Work, until asked to stop."""
        stop = threading.Event()
        if once:
            return send_due(stop)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        run(stop)


def send_due(stop: threading.Event) -> None:
    """Send everything that is due now; raise `CommandError` when the mail server is not there."""
    server = open_server(settings.MAIL_SERVER)
    actions.tidy(timezone.now())
    read_bounces()
    while not stop.is_set() and import_next(timezone.now()):
        pass
    purge(timezone.now())
    write_ledger()
    try:
        while not stop.is_set() and send_next(server):
            pass
    except ServerGone as error:
        raise CommandError(str(error)) from error
    finally:
        server.close()
        outbox.expire(timezone.now())


def run(stop: threading.Event) -> None:
    """Send messages as they come until `stop` is set; neither a lost mail server nor a lost database ends this."""
    server = open_server(settings.MAIL_SERVER)
    pause, read_at, tidied_at, purged_at, checked_on = FIRST_PAUSE_SECONDS, None, None, None, None
    importing = threading.Thread(target=import_files, args=(stop,), name="imports")  # a long list must not delay a code
    importing.start()
    while not stop.is_set():
        wait = 0.0
        try:
            now = timezone.now()
            if tidied_at is None or now - tidied_at >= TIDY_EVERY:
                actions.tidy(now)
                tidied_at = now
            if purged_at is None or now - purged_at >= PURGE_EVERY:
                purge(now)
                write_ledger()
                purged_at = now
            if checked_on != now.date():  # at the start, and each night
                check_places()
                checked_on = now.date()
            if read_at is None or now - read_at >= BOUNCES_EVERY:
                read_at = now
                read_bounces()
            if send_next(server):
                pause = FIRST_PAUSE_SECONDS
            else:
                server.close()
                outbox.expire(now)
                wait = IDLE_SECONDS
        except ServerGone:
            wait, pause = pause, min(pause * 2, LONGEST_PAUSE_SECONDS)
        except (OperationalError, InterfaceError) as error:
            logger.error("database not there: %s", type(error).__name__)
            connection.close()
            wait, pause = pause, min(pause * 2, LONGEST_PAUSE_SECONDS)
        stop.wait(wait)
    server.close()
    importing.join()


def import_files(stop: threading.Event) -> None:
    """Read and import spreadsheets as they come until `stop` is set; a lost database ends the part at hand, which is begun again later."""
    wait = 0.0
    while not stop.wait(wait):
        try:
            wait = 0.0 if import_next(timezone.now()) else IDLE_SECONDS
        except (OperationalError, InterfaceError) as error:
            logger.error("database not there: %s", type(error).__name__)
            connection.close()
            wait = FIRST_PAUSE_SECONDS
    connection.close()


def import_next(at: dt.datetime) -> bool:
    """Do the next part of a list of people or of an agenda, and say whether there was one."""
    return importers.work(at) or agendas.work(at)


def check_places() -> None:
    """Log every quota, and every sheet of a session, whose count is not what the rows say; the event's dashboard shows the first."""
    for quota in Quota.objects.out_of_step():
        logger.error("%s says %s, %s hold a place", quota, quota.taken, quota.used)
    for sheet in SignUpSheet.objects.out_of_step():
        logger.error("%s says %s, %s have a seat", sheet, sheet.taken, sheet.used)


def read_bounces() -> None:
    """Read the mailbox of bounces; one that is not there is tried again later and stops nothing."""
    try:
        actions.read_bounces(timezone.now())
    except MailboxGone as error:
        logger.warning("mailbox of bounces not read: %s", error)


def send_next(server: BaseEmailBackend) -> bool:
    """Send the most urgent message that is due and say whether there was one; raise `ServerGone` when nobody takes it."""
    mail = outbox.lease(timezone.now())
    if mail is None:
        return False
    if not actions.still_sees(mail):
        outbox.mark_dropped(mail)
        logger.info("%s dropped", mail)
        return True
    try:
        deliver(server, mail)
    except (OSError, ValueError) as error:  # SMTP's own errors are OSErrors; a message that cannot be built is a ValueError
        outbox.mark_failed(mail, timezone.now(), f"{type(error).__name__}: {error}", for_good=refuses_for_good(error))
        logger.warning("%s delayed: %s", mail, type(error).__name__)
        if not refuses_message(error):
            server.close()
            raise ServerGone(f"The mail server is not there ({type(error).__name__}); messages wait.") from error
    else:
        outbox.mark_sent(mail, timezone.now())
        logger.info("%s sent", mail)
    return True


def deliver(server: BaseEmailBackend, mail: OutboxMail) -> None:
    """Hand one message over. A connection kept from earlier messages may have been ended by the server: then try a new one once."""
    message = build(outbox.letter(mail))
    is_new = server.open()
    try:
        server.send_messages([message])
    except smtplib.SMTPServerDisconnected:
        if is_new:
            raise
        server.close()
        server.open()
        server.send_messages([message])
