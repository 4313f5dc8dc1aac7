"""`manage.py mail`: stop and release the mail of an event or of the whole site, and say what waits."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from conference.lib.viewer import SYSTEM
from events.actions import release_mail, stop_mail
from events.models import Event, MailStop, OutboxMail
from events.rules import NotAllowed


class Command(BaseCommand):
    """Stops everything but codes; after a restore everything waits until `release`."""

    help = "Stop or release outgoing mail (codes to sign in leave all the same), or say how it stands."

    def add_arguments(self, parser):
        """What to do, and for which event."""
        parser.add_argument("act", choices=["stop", "release", "state"])
        parser.add_argument("--event", default="", help="the address of one event; without it, the whole site")

    def handle(self, *args, act: str, event: str, **options):
        """Act, then say how it stands."""
        chosen = Event.objects.filter(slug=event).first() if event else None
        if event and chosen is None:
            raise CommandError(f"There is no event {event}")
        try:
            if act == "stop":
                stop_mail(chosen, by=SYSTEM)
            elif act == "release":
                release_mail(chosen, by=SYSTEM)
        except NotAllowed as refusal:
            raise CommandError(str(refusal)) from refusal
        for stop in MailStop.objects.select_related("event").order_by("pk"):
            why = " after a restore" if stop.after_restore else ""
            self.stdout.write(
                f"stopped{why}: {stop.event.slug if stop.event else 'the whole site'}, since {stop.since_at:%Y-%m-%d %H:%M} UTC"
            )
        now = timezone.now()
        queued = OutboxMail.objects.in_state("queued")
        self.stdout.write(
            f"{queued.count()} waiting, {queued.stopped().count()} of them held back, {OutboxMail.objects.due(now).count()} due now"
        )
