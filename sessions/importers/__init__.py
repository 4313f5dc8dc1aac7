"""Agendas of other tools and spreadsheets: file -> sessions -> one act, dry run first, all or nothing.

The dry run does the very act in a transaction and takes it back, so that what it says is what the real run would do.
"""

import datetime as dt
from collections.abc import Callable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from events.choices import Audience
from events.models import Event
from events.rules import NotAllowed
from sessions.actions import import_sessions
from sessions.choices import Label
from sessions.importers.calendars import read_calendar
from sessions.importers.reading import Problem, Reading, Setting, Unreadable
from sessions.importers.reports import Line, Report, tell
from sessions.importers.schedules import read_json, read_xml
from sessions.importers.tables import read_spreadsheet

__all__ = ["MAX_BYTES", "MAX_SESSIONS", "Line", "Problem", "Reading", "Report", "import_agenda", "read_agenda"]
MAX_BYTES = 20 * 1024 * 1024
MAX_SESSIONS = 5000
_SHOWN = 100  # problems of one report; a file that is wrong throughout says so in fewer
_DAY_STARTS_AT = dt.time(4)


def read_agenda(data: bytes, *, zone: str, days: Sequence[dt.date] = (), day_starts_at: dt.time = _DAY_STARTS_AT) -> Reading:
    """Read an agenda in any format we know, told by its content; times without an offset are of `zone` unless the file names another.

    `days` are those of the event, which a spreadsheet may name without their year. What cannot be read at all is a reading with one
    problem.
    """
    try:
        reading = _reader(data)(data, Setting(zone, days, day_starts_at))
        if len(reading.sessions) > MAX_SESSIONS:
            words = {"count": len(reading.sessions), "limit": MAX_SESSIONS}
            raise Unreadable(_("The file has %(count)d sessions, and at most %(limit)d are read.") % words)
    except Unreadable as error:
        return Reading(problems=[error.problem])
    return reading


def _reader(data: bytes) -> Callable[[bytes, Setting], Reading]:
    if len(data) > MAX_BYTES:
        raise Unreadable(_("The file is larger than %(limit)d MB, and no larger one is read.") % {"limit": MAX_BYTES >> 20})
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:20].upper()
    for mark, reader in ((b"BEGIN:VCALENDAR", read_calendar), (b"{", read_json), (b"[", read_json), (b"<", read_xml)):
        if start.startswith(mark):
            return reader
    return _read_spreadsheet_or_say


def _read_spreadsheet_or_say(data: bytes, setting: Setting) -> Reading:
    """Read what has the mark of no other format; where that is no spreadsheet either, say what would be read."""
    try:
        return read_spreadsheet(data, setting)
    except Unreadable as error:
        known = _("Read are schedule.xml, schedule.json, iCalendar, and spreadsheets (XLSX or CSV) of sessions.")
        raise Unreadable(f"{error} {known}", error.problem.place) from error


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
            tell(report, event, import_sessions(event, reading.sessions, by=by, audience=audience, label=label, language=language), by=by)
            transaction.set_rollback(not apply)
    except NotAllowed as error:
        report.problems.append(Problem("", str(error)))
    report.is_applied = apply and report.is_clean
    return report
