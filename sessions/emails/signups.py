"""Messages of sign-ups. They name a session up to TLP:GREEN; above that they say “Session”, its time, and an address behind sign-in."""

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from conference.lib import clock
from conference.lib.dates import weekday_and_date
from conference.lib.words import in_language
from delegates.emails import person_places
from events.emails import known_language, link, write
from events.emails.table import MESSAGES, Message, add_messages
from events.outbox import queue
from sessions.choices import Label
from sessions.models import SignUp, Slot
from sessions.rules import above_green

_PERSON = _("the person")
_PLACES = ("greeting", "name", "event", "session", "when", "url")


def _row(kind: str, label, trigger) -> Message:
    needs = ("session", "when")
    return Message(label, trigger, _PERSON, places=_PLACES, needs=needs, template=f"sessions/emails/{kind}", label_limit=Label.GREEN)


add_messages(
    {
        "sign_up_seat": _row(
            "sign_up_seat",
            pgettext_lazy("kind of message", "A seat in a session became free"),
            _("a seat of a session becomes free for whoever is next on its waiting list"),
        ),
        "sign_up_added": _row(
            "sign_up_added",
            pgettext_lazy("kind of message", "Signed up for a session"),
            _("an organiser signs the person up for a session"),
        ),
        "sign_up_removed": _row(
            "sign_up_removed",
            pgettext_lazy("kind of message", "Taken out of a session"),
            _("an organiser takes the person out of a session they had signed up for"),
        ),
    }
)


def moved_up(sign_up: SignUp, slot: Slot) -> None:
    """Tell somebody on a waiting list that they have a seat now."""
    _queue("sign_up_seat", sign_up, slot)


def signed_up(sign_up: SignUp, slot: Slot) -> None:
    """Tell somebody that an organiser signed them up."""
    _queue("sign_up_added", sign_up, slot)


def taken_out(sign_up: SignUp, slot: Slot) -> None:
    """Tell somebody that an organiser took them out."""
    _queue("sign_up_removed", sign_up, slot)


def _queue(kind: str, sign_up: SignUp, slot: Slot) -> None:
    registration, session = sign_up.registration, sign_up.session
    if not registration.delegate or not registration.delegate.email:
        return
    event, language = sign_up.event, known_language(registration.delegate.language)
    places = {name: text for name, text in person_places(registration, language).items() if name in ("greeting", "name", "event")}
    places |= {
        "session": _title(session, event, language),
        "when": _when(slot, event, language),
        "url": link("sessions:session", event.slug, session.public_id, language=language),
    }
    subject, text, html = write(kind, event, places, language)
    queue(
        kind=kind,
        to=registration.delegate.email,
        language=language,
        subject=subject,
        text=text,
        html=html,
        dedup_key=f"{kind}:{sign_up.pk}",
        event=event,
        about=str(registration),
        urgency=MESSAGES[kind].urgency,
        must_see=[session.public_id],
        reader=registration.public_id,
    )


def _title(session, event, language: str) -> str:
    with translation.override(language):
        title = "" if above_green(session.label) else str(in_language(session, "title", language, event.working_language))
        return title or pgettext("an item of the agenda", "Session")


def _when(slot: Slot, event, language: str) -> str:
    start, end = clock.local(slot.start_at, event.zone), clock.local(slot.end_at, event.zone)
    with translation.override(language):
        return f"{weekday_and_date(event.day_of(slot.start_at), language)}, {start:%H:%M}–{end:%H:%M} ({event.zone})"
