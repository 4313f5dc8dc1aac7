"""The printed programme as PDF: a sheet a day, or a booklet with abstracts (in order or to fold), of what the reader may see."""

import datetime as dt
import pathlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from conference.lib import clock, dates, typst
from conference.lib.markdown import paragraphs
from events.models import Event
from sessions.choices import Label, SessionKind
from sessions.exports.lines import Line, Person
from sessions.models import Release
from sessions.rules import ORDER_OF_LABELS

TEMPLATE = pathlib.Path(settings.BASE_DIR) / "templates/sessions/typst/programme.typ"
FORMS = ("days", "booklet", "sheets")


def programme(event: Event, lines: Sequence[Line], release: Release, *, form: str, on: dt.date, leaves_out_red: bool) -> bytes:
    """Write the programme of these lines in the active language; `form` is one of `FORMS`, `on` the day it is issued.

    `leaves_out_red` says on the paper that TLP:RED sessions, which the caller left out, are not on it.
    """
    document = typst.pdf(TEMPLATE, programme_data(event, lines, release, form=form, on=on, leaves_out_red=leaves_out_red))
    return typst.folded(document) if form == "sheets" else document


def programme_data(
    event: Event, lines: Sequence[Line], release: Release, *, form: str, on: dt.date, leaves_out_red: bool
) -> dict[str, Any]:
    """Give everything that stands on the paper, as plain values; arguments as those of `programme`."""
    language = get_language() or settings.LANGUAGE_CODE
    number, released = release.number, clock.local(release.released_at, event.zone) if release.released_at else None
    labels = [line.session.label for line in lines if line.session]
    words = {
        "number": number,
        "released": dates.date_in_words(released.date(), language) if released else "",
        "printed": dates.date_in_words(on, language),
    }
    zone_at = lines[0].start_at if lines else clock.moment(event.first_date, dt.time(12), event.zone)
    zone = f"{event.zone.replace('_', ' ')}, {dates.offset_in_words(clock.local(zone_at, event.zone))}"
    return {
        "is_booklet": form != "days",
        "lang": language,
        "title": _words(event.title),
        "printed": {"year": on.year, "month": on.month, "day": on.day},
        "dates": dates.span_in_words(event.first_date, event.last_date, language),
        "zone": _("All times are those of %(zone)s.") % {"zone": zone},
        "label": max(labels, key=lambda label: ORDER_OF_LABELS.index(Label(label)), default=Label.CLEAR),
        "issued": _("Version %(number)s of %(released)s · printed on %(printed)s") % words,
        "red": leaves_out_red,
        "words": {
            "programme": pgettext("on paper", "Programme"),
            "chatham": _("Chatham House Rule"),
            "nothing": _("Nothing on this day."),
            "red": _("Sessions marked TLP:RED are not on it."),
        },
        "days": [_day(event, day, lines, language) for day in _days(event, lines)],
    }


def _days(event: Event, lines: Iterable[Line]) -> list[dt.date]:
    return sorted({*event.days, *(line.day for line in lines if line.day)})


def _day(event: Event, day: dt.date, lines: Iterable[Line], language: str) -> dict[str, Any]:
    return {"name": dates.weekday_and_date(day, language), "items": [_item(event, line) for line in lines if line.day == day]}


def _item(event: Event, line: Line) -> dict[str, Any]:
    start, end = (f"{clock.local(at, event.zone):%H:%M}" for at in (line.start_at, line.end_at))
    session = line.session
    item = {"start": start, "end": end, "room": _words(line.room.name if line.room else ""), "quiet": True}
    if session is None:
        nothing = {"track": _words(""), "languages": "", "label": Label.CLEAR.value, "chatham": False, "people": [], "abstract": []}
        return item | {"title": _words(_("Closed session"))} | nothing
    return item | {
        "quiet": session.kind in (SessionKind.BREAK, SessionKind.SOCIAL),
        "title": _words(session.title or session.get_kind_display()),
        "track": _words(session.track.name if session.track else ""),
        "languages": line.spoken + (f" ⇄ {line.interpreted}" if line.interpreted else ""),
        "label": session.label,
        "chatham": session.chatham_house,
        "people": [_person(person) for person in line.people],
        "abstract": [_words(paragraph, _language_of(session.abstract)) for paragraph in paragraphs(session.abstract)],
    }


def _person(person: Person) -> list[dict[str, str]]:
    return [_words(part) for part in (person.name, person.function, person.organisation) if part]


def _words(text: Any, language: str = "") -> dict[str, str]:
    """A text with its language: its own where it knows it, else that of the page."""
    return {"text": str(text), "lang": language or _language_of(text)}


def _language_of(text: Any) -> str:
    return getattr(text, "lang", "") or get_language() or settings.LANGUAGE_CODE
