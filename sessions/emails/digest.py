"""The one message of a release: what it changes for its reader, each session in a line.

It names a session up to TLP:GREEN; above that it says “Session”, its time, and an address behind sign-in.
"""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from conference.lib import clock
from conference.lib.dates import weekday_and_date
from delegates.emails import person_places
from events.choices import MailState, Urgency
from events.emails import known_language, link, own_texts, write
from events.emails.table import DIGEST, Message, add_messages
from events.models import Event, MessageText, OutboxMail, Room
from events.outbox import prepare, queue_many
from sessions.choices import ChangeKind, Label
from sessions.feeds import Digest, digests_of
from sessions.models import Release
from sessions.rules import Change, Place, above_green

KIND = "agenda_digest"
# A release made in haste is often followed by its correction: the message waits a while, and the next release replaces it.
WAIT = dt.timedelta(minutes=15)
SOON = dt.timedelta(hours=24)  # what begins within a day is told at once

add_messages(
    {
        KIND: Message(
            pgettext_lazy("kind of message", "What a new version of the agenda changes"),
            trigger=gettext_lazy("the agenda is released"),
            recipient=gettext_lazy("each person whose own part, sign-ups or starred sessions it changes"),
            places=("greeting", "name", "event", "version", "changes", "url"),
            needs=("changes", "url"),
            template="sessions/emails/agenda_digest",
            urgency=Urgency.BULK,
            shape=DIGEST,
            label_limit=Label.GREEN,
        )
    }
)


def drop_waiting(event: Event) -> dict[str, int]:
    """Take out the messages of earlier releases that have not left; give by reader since which version each told.

    One that a worker is sending at this moment is left to it. Call with the event locked. Two queries.
    """
    waiting = OutboxMail.objects.filter(_free(), event=event, kind=KIND, state=MailState.QUEUED)
    rows = waiting.select_for_update(skip_locked=True).values_list("pk", "reader", "dedup_key")
    found = {pk: (reader, _since(key)) for pk, reader, key in rows}
    if found:
        OutboxMail.objects.filter(pk__in=found).update(state=MailState.DROPPED, sealed_text="", sealed_html="", leased_until_at=None)
    return dict(found.values())


def waiting_since(event: Event) -> dict[str, int]:
    """Give by reader since which version a message that has not left tells. One query."""
    waiting = OutboxMail.objects.filter(_free(), event=event, kind=KIND, state=MailState.QUEUED)
    return {reader: _since(key) for reader, key in waiting.values_list("reader", "dedup_key")}


def count_digests(event: Event) -> int:
    """Say how many people a release of the draft would write to, as it stands now."""
    draft = Release.objects.filter(event=event, number=None).first()
    if draft is None or _end(event) <= timezone.now():
        return 0
    return len(digests_of(event, draft, waiting=waiting_since(event)))


def _end(event: Event) -> dt.datetime:
    return clock.moment(event.last_date + dt.timedelta(days=1), event.day_starts_at, event.zone)


def _free() -> Q:
    return Q(leased_until_at__isnull=True) | Q(leased_until_at__lte=timezone.now())


def _since(key: str) -> int:
    """The version since which a message tells, from its key `agenda_digest:since-number:registration`."""
    return int(key.split(":")[1].split("-")[0])


def release_made(release: Release, *, at: dt.datetime) -> int:
    """Tell each person once what a release changes for them, in their language; say how many are written to. Call with the event locked."""
    event = release.event
    digests = digests_of(event, release, waiting=drop_waiting(event))
    ends = _end(event)
    if ends <= at or not digests:
        return 0
    texts = own_texts(KIND, event)
    rooms = {room.pk: room for room in Room.objects.filter(event=event)}
    for room in rooms.values():
        room.event = event
    queue_many([_letter(digest, release, rooms, texts, at=at, expires_at=ends) for digest in digests])
    return len(digests)


def _letter(
    digest: Digest, release: Release, rooms: dict[int, Room], texts: dict[str, MessageText], *, at: dt.datetime, expires_at: dt.datetime
) -> OutboxMail:
    registration, event = digest.registration, release.event
    language = known_language(registration.delegate.language)
    places = {name: text for name, text in person_places(registration, language).items() if name in ("greeting", "name", "event")}
    with translation.override(language):
        places |= {
            "version": str(release.number),
            "changes": "\n".join(lines_of(event, digest.changes, rooms)),
            "url": _url(event, digest, release, language),
        }
    subject, text, html = write(KIND, event, places, language, own=texts)
    places_told = [place for change in digest.changes for place in (change.before, change.after) if place]
    is_soon = any(at <= place.end_at and place.start_at < at + SOON for place in places_told)
    return prepare(
        kind=KIND,
        to=registration.delegate.email,
        language=language,
        subject=subject,
        text=text,
        html=html,
        dedup_key=f"{KIND}:{digest.since}-{release.number}:{registration.public_id}",
        event=event,
        about=str(registration),
        urgency=Urgency.PERSONAL if is_soon else Urgency.BULK,
        expires_at=expires_at,
        send_after_at=at if is_soon else at + WAIT,
        must_see={change.session.public_id for change in digest.changes},
        reader=registration.public_id,
    )


def _url(event: Event, digest: Digest, release: Release, language: str) -> str:
    page = link("sessions:versions", event.slug, language=language)
    return f"{page}?from={digest.since}&to={release.number}" if digest.since else link("sessions:agenda", event.slug, language=language)


def lines_of(event: Event, changes: Iterable[Change], rooms: dict[int, Room]) -> list[str]:
    """One line for each session, in the active language: what changed, what it is called, and when it is now (or was)."""
    by_session: dict[int, list[Change]] = {}
    for change in changes:
        by_session.setdefault(change.session.pk, []).append(change)
    return [_line(event, found, rooms) for found in by_session.values()]


def _line(event: Event, changes: list[Change], rooms: dict[int, Room]) -> str:
    is_open = not above_green(changes[0].session.label)
    words = {
        "change": ", ".join(str(change.kind.label) for change in changes),
        "title": (is_open and str(changes[0].title)) or pgettext("an item of the agenda", "Session"),
        "when": _when(event, changes[0].place),
    }
    line = "– " + _("%(change)s: %(title)s, %(when)s") % words
    room = rooms.get(changes[0].place.room_id or 0)
    if is_open and room:
        line += f", {room.name}"
    moved = next((change.before for change in changes if change.kind == ChangeKind.MOVED and change.before), None)
    return line + (" " + _("(formerly %(when)s)") % {"when": _when(event, moved)} if moved else "")


def _when(event: Event, place: Place) -> str:
    start, end = clock.local(place.start_at, event.zone), clock.local(place.end_at, event.zone)
    language = translation.get_language() or event.working_language
    return f"{weekday_and_date(event.day_of(place.start_at), language)}, {start:%H:%M}–{end:%H:%M}"
