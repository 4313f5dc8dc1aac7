"""`manage.py bounces`: read the mailbox of bounces once, as the worker does by itself."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from conference import actions
from conference.lib.mailboxes import MailboxGone


class Command(BaseCommand):
    """Reads what the mailbox received since the last time."""

    help = "Read the reports of undelivered mail in BOUNCE_MAILBOX and mark the messages they name."

    def handle(self, *args, **options):
        """Read, and say how many messages came back."""
        try:
            read, marked = actions.read_bounces(timezone.now())
        except MailboxGone as error:
            raise CommandError(f"The mailbox cannot be read ({error})") from error
        self.stdout.write(f"{read} messages read, {marked} marked as returned")
