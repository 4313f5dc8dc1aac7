"""Agendas of other tools: file -> sessions -> one act, dry run first, all or nothing.

The dry run does the very act in a transaction and takes it back, so that what it says is what the real run would do.
"""

import dataclasses

from django.db import transaction
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from events.choices import Audience
from events.models import Event
from events.rules import NotAllowed
from sessions.actions import Imported, import_sessions
from sessions.choices import Label
from sessions.importers.calendars import read_calendar
from sessions.importers.reading import Problem, Reading, Unreadable
from sessions.importers.schedules import read_json, read_xml

__all__ = ["MAX_BYTES", "Problem", "Reading", "Report", "import_agenda", "read_agenda"]
MAX_BYTES = 20 * 1024 * 1024
_SHOWN = 100  # problems of one report; a file that is wrong throughout says so in fewer


@dataclasses.dataclass
class Report:
    """What an import would do or did: problems by place, the counts of the act (None when something stops it), and whether it was done."""

    problems: list[Problem]
    imported: Imported | None = None
    is_applied: bool = False
    more_problems: int = 0

    @property
    def is_clean(self) -> bool:
        """Say whether nothing stops the import."""
        return self.imported is not None


def read_agenda(data: bytes, *, zone: str) -> Reading:
    """Read an agenda in any format we know, told by its content; times without an offset are of `zone` unless the file names another.

    What cannot be read at all is a reading with one problem.
    """
    try:
        return _reader(data)(data, zone=zone)
    except Unreadable as error:
        return Reading(problems=[error.problem])


def _reader(data: bytes):
    if len(data) > MAX_BYTES:
        raise Unreadable(
            _("The file has %(size)d MB, and at most %(limit)d are read.") % {"size": len(data) >> 20, "limit": MAX_BYTES >> 20}
        )
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:20].upper()
    for mark, reader in ((b"BEGIN:VCALENDAR", read_calendar), (b"{", read_json), (b"<", read_xml)):
        if start.startswith(mark):
            return reader
    raise Unreadable(_("This is neither schedule.xml nor schedule.json nor an iCalendar file."))


def import_agenda(
    event: Event,
    reading: Reading,
    *,
    by: Actor,
    audience: str = Audience.ORGANISERS,
    label: str = Label.RED,
    language: str = "",
    apply: bool = False,
) -> Report:
    """Import what was read, as `import_sessions` takes it, or (without `apply`) say what that would do. Nothing is imported by halves."""
    report = Report(problems=reading.problems[:_SHOWN], more_problems=max(0, len(reading.problems) - _SHOWN))
    if reading.is_fatal:
        return report
    if not reading.sessions:
        report.problems.append(Problem("", _("There is no session in this file.")))
        return report
    try:
        with transaction.atomic():
            report.imported = import_sessions(event, reading.sessions, by=by, audience=audience, label=label, language=language)
            transaction.set_rollback(not apply)
    except NotAllowed as error:
        report.problems.append(Problem("", str(error)))
    report.is_applied = apply and report.is_clean
    return report
