"""Print who could see a session, or another thing with an audience, at a moment: references, never names."""

import datetime as dt

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from conference.lib import clock
from events.models import Event
from sessions.history import Thing, things_of, who_could_see, who_could_see_thing
from sessions.models import Session


class Command(BaseCommand):
    """`manage.py sight EVENT SESSION --at 2026-11-01T10:00`, or `sight EVENT paper:abcdefghij`."""

    help = "Say who could see a thing at a moment, and by what. Gives references; the record of acts seals the names."

    def add_arguments(self, parser):
        """Take the event's address, what is asked for, and a moment on the event's clock."""
        parser.add_argument("event", help="the address of the event")
        parser.add_argument(
            "thing",
            help="the public id of a session, or joining:ID for its join details; event, host, delegations,"
            " country:ID, city:ID, address:ID of a venue, paper:ID, press:ID",
        )
        parser.add_argument("--at", help="the moment, on the event's clock unless it says its offset; now if left out")

    def handle(self, *args, **options):
        """Print one line a person: reference, how much, by what."""
        event = self._event(options["event"])
        at = self._moment(options["at"], event.zone)
        thing = self._thing(event, options["thing"])
        if isinstance(thing, Thing):
            name, rows = f"{thing.target}, {thing.aspect.value}", who_could_see_thing(thing, at)
        else:
            name, rows = str(thing), who_could_see(thing, at)
        self.stdout.write(f"{name}, {event.local(at):%Y-%m-%d %H:%M} {event.zone}")
        for row in rows:
            self.stdout.write(f"{row.reference}\t{row.shown or row.sight.name.lower()}\t{row.way.value}")
        if not rows:
            self.stdout.write("nobody: it had not been made, or was no more")

    def _event(self, slug: str) -> Event:
        try:
            return Event.objects.get(slug=slug)
        except Event.DoesNotExist as error:
            raise CommandError("no such event") from error

    def _thing(self, event: Event, key: str) -> Session | Thing:
        session = Session.objects.filter(event=event, public_id=key.removeprefix("session:")).first()
        found = session or next((thing for thing in things_of(event) if thing.key == key), None)
        if found is None:
            raise CommandError("no such thing at this event, and there never was")
        return found

    def _moment(self, text: str | None, zone: str) -> dt.datetime:
        if text is None:
            return timezone.now()
        try:
            at = dt.datetime.fromisoformat(text)
        except ValueError as error:
            raise CommandError("give the moment as 2026-11-01T10:00") from error
        return at if at.tzinfo else clock.moment(at.date(), at.time(), zone)
