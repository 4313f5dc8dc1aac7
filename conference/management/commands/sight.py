"""Print who could see a session at a moment: references, never names."""

import datetime as dt

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from conference.lib import clock
from sessions.history import who_could_see
from sessions.models import Session


class Command(BaseCommand):
    """`manage.py sight EVENT SESSION --at 2026-11-01T10:00`."""

    help = "Say who could see a session at a moment, and by what. Gives references; the record of acts seals the names."

    def add_arguments(self, parser):
        """Take the event's address, the session's id, and a moment on the event's clock."""
        parser.add_argument("event", help="the address of the event")
        parser.add_argument("session", help="the public id of the session")
        parser.add_argument("--at", help="the moment, on the event's clock unless it says its offset; now if left out")

    def handle(self, *args, **options):
        """Print one line a person: reference, how much, by what."""
        session = self._session(options["event"], options["session"])
        at = self._moment(options["at"], session.event.zone)
        rows = who_could_see(session, at)
        self.stdout.write(f"{session}, {session.event.local(at):%Y-%m-%d %H:%M} {session.event.zone}")
        for row in rows:
            self.stdout.write(f"{row.reference}\t{row.sight.name.lower()}\t{row.way.value}")
        if not rows:
            self.stdout.write("nobody: the session had not been made")

    def _session(self, slug: str, public_id: str) -> Session:
        try:
            return Session.objects.select_related("event").get(event__slug=slug, public_id=public_id)
        except Session.DoesNotExist as error:
            raise CommandError("no such session at this event") from error

    def _moment(self, text: str | None, zone: str) -> dt.datetime:
        if text is None:
            return timezone.now()
        try:
            at = dt.datetime.fromisoformat(text)
        except ValueError as error:
            raise CommandError("give the moment as 2026-11-01T10:00") from error
        return at if at.tzinfo else clock.moment(at.date(), at.time(), zone)
