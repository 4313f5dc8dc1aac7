"""Import an agenda of another tool into the draft of an event."""

import dataclasses
import datetime as dt
import pathlib

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from conference.lib import clock
from conference.lib.viewer import SYSTEM
from events.actions import create_event
from events.choices import PLAIN_AUDIENCES, Audience
from events.models import Event, Series
from events.rules import NotAllowed
from sessions.actions import release_agenda
from sessions.choices import Label
from sessions.importers import MAX_BYTES, Reading, Report, import_agenda, read_agenda
from sessions.importers.reports import UNCHANGED

DAY_STARTS_AT = dt.time(4)


class Command(BaseCommand):
    """`manage.py import_schedule FILE --event SLUG [--create] [--audience public] [--release] [--dry-run]`."""

    help = "Import schedule.xml, schedule.json, iCalendar or a spreadsheet. A second import of the same file changes nothing."

    def add_arguments(self, parser):
        """Take the file, the event, and what to do with it."""
        parser.add_argument("file", type=pathlib.Path)
        parser.add_argument("--event", required=True, help="the address of the event")
        parser.add_argument("--create", action="store_true", help="make the event (a draft) from what the file says when it is not there")
        parser.add_argument("--zone", default="Europe/Brussels", help="of an event made here, when the file names none")
        parser.add_argument("--audience", default=Audience.ORGANISERS, choices=[value for value, _name in PLAIN_AUDIENCES])
        parser.add_argument("--label", choices=Label.values, help="TLP:RED if left out; a public session is TLP:CLEAR")
        parser.add_argument("--release", action="store_true", help="release the draft afterwards")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")

    @transaction.atomic
    def handle(self, *args, **options):
        """Print the report line by line; fail, and change nothing, when something stops the import."""
        event = Event.objects.filter(slug=options["event"]).first()
        if event is None and not options["create"]:
            raise CommandError("no such event; --create makes it")
        if event is None and not clock.is_zone(options["zone"]):
            raise CommandError(f"no such time zone: {options['zone']}")
        facts = {"zone": event.zone, "days": event.days, "day_starts_at": event.day_starts_at} if event else {"zone": options["zone"]}
        reading = read_agenda(_bytes(options["file"]), **facts)
        if event is None and not reading.is_fatal and reading.sessions:
            event = _event_of(reading, slug=options["event"], zone=options["zone"])
        self._import(event, reading, options)
        if options["release"]:
            self._release(event)
        if options["dry_run"]:
            transaction.set_rollback(True)
            self.stdout.write("Dry run: nothing was changed.")

    def _import(self, event: Event | None, reading: Reading, options: dict) -> None:
        audience = options["audience"]
        label = options["label"] or (Label.CLEAR if audience == Audience.PUBLIC else Label.RED)
        report = import_agenda(event, reading, by=SYSTEM, audience=audience, label=label, apply=True)
        if options["dry_run"]:
            self._tell_lines(report)
        for problem in report.problems:
            line = f"{problem.place}: {problem.words}" if problem.place else problem.words
            (self.stderr if problem.is_fatal else self.stdout).write(line)
        if report.imported is None:
            raise CommandError("nothing was imported")
        said = ", ".join(f"{name} {count}" for name, count in dataclasses.asdict(report.imported).items())
        self.stdout.write(f"sessions and what they need: {said}")

    def _release(self, event: Event) -> None:
        try:
            number = release_agenda(event, by=SYSTEM).number
        except NotAllowed as error:
            for conflict in getattr(error, "conflicts", ()):
                self.stderr.write(conflict.sentence)
            raise CommandError(f"{error} Nothing was imported.") from error
        self.stdout.write(f"released as version {number}")

    def _tell_lines(self, report: Report) -> None:
        """Print what would become of each session that is new or changed, and what would stand against it."""
        for line in report.lines:
            if line.outcome != UNCHANGED or line.conflicts:
                self.stdout.write(f"{line.place}: {line.outcome}: {line.title}")
                for sentence in (*line.said, *line.conflicts):
                    self.stdout.write(f"    {sentence}")
        for sentence in report.added:
            self.stdout.write(sentence)


def _bytes(path: pathlib.Path) -> bytes:
    """The file, or as much of it as shows that it is too large."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error


def _event_of(reading: Reading, *, slug: str, zone: str) -> Event:
    """Make a draft event that lasts as long as what was read; its series has the same address, and is made when there is none."""
    starts = [session.start_at for session in reading.sessions if session.start_at]
    if not starts:
        raise CommandError("no session has a time, so nobody knows when the event is; make it first")
    first, last = min(starts), max(starts)
    facts = {"zone": reading.zone or zone, "title_en": reading.title or slug}
    dates = {name: clock.programme_day(at, facts["zone"], DAY_STARTS_AT) for name, at in (("first_date", first), ("last_date", last))}
    facts |= dates
    try:
        Event(slug=slug, **facts).clean_fields(exclude=["series"])
    except ValidationError as error:
        raise CommandError("the event cannot be made: " + " ".join(f"{name}: {' '.join(words)}" for name, words in error)) from error
    series = Series.objects.filter(slug=slug).first() or Series.objects.create(slug=slug, name_en=facts["title_en"])
    return create_event(series=series, slug=slug, facts=facts, by=SYSTEM)
