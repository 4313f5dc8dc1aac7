"""Conflicts of sign-ups: more people than the room holds or than there are seats, and somebody signed up for two sessions at once."""

from collections.abc import Iterator

from django.db.models import Count, F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions.choices import ConflictLevel
from sessions.conflicts.found import Conflict, blocking, overlapping, warning, when
from sessions.models import SignUp, SignUpSheet, Slot


def room_too_small(slot: Slot) -> Iterator[Conflict]:
    """More people signed up, or more seats to sign up for, than the room holds."""
    sheet, capacity = _sheet(slot), slot.room.capacity if slot.room else None
    if sheet is None or capacity is None or sheet.seats <= capacity:
        return
    words = {"room": slot.room.name, "capacity": str(capacity), "taken": str(sheet.taken), "seats": str(sheet.seats)}
    if sheet.taken > capacity:
        yield blocking(_("%(taken)s people are signed up for “%(first)s”, and %(room)s holds %(capacity)s."), slot, **words)
    else:
        yield warning(_("“%(first)s” takes sign-ups for %(seats)s seats, and %(room)s holds %(capacity)s."), slot, **words)


def people_wait(slot: Slot) -> Iterator[Conflict]:
    """More sign-ups than seats."""
    sheet = _sheet(slot)
    if sheet is None or not slot.waiting:
        return
    sentence = ngettext(
        "%(waiting)s person waits for a seat in “%(first)s”: all of its %(seats)s are taken.",
        "%(waiting)s people wait for a seat in “%(first)s”: all of its %(seats)s are taken.",
        slot.waiting,
    )
    yield warning(sentence, slot, waiting=str(slot.waiting), seats=str(sheet.seats))


def signed_up_twice(event, slots: list[Slot], both: dict[tuple[int, int], int]) -> Iterator[Conflict]:
    """People signed up for two sessions of the draft that share a moment; `both` says how many for two sessions (`signed_up_for_both`)."""
    for first, second in overlapping(slot for slot in slots if _sheet(slot)):
        count = both.get((min(first.session_id, second.session_id), max(first.session_id, second.session_id)), 0)
        if not count:
            continue
        sentence = ngettext(
            "%(count)s person is signed up for two sessions at once on %(day)s:"
            " “%(first)s” (%(first_time)s) and “%(second)s” (%(second_time)s).",
            "%(count)s people are signed up for two sessions at once on %(day)s:"
            " “%(first)s” (%(first_time)s) and “%(second)s” (%(second_time)s).",
            count,
        )
        yield warning(sentence, first, second, count=str(count), **when(event, first, second))


def sign_ups_that_end(event, slots: list[Slot]) -> list[Conflict]:
    """Sessions of the current version that left the draft while people are signed up: a release ends their sign-ups. One query."""
    kept = [slot.session_id for slot in slots]
    lost = SignUpSheet.objects.filter(event=event, taken__gt=0, session__in=Slot.objects.current().filter(event=event).values("session"))
    found = []
    for sheet in lost.exclude(session__in=kept).select_related("session").order_by("session"):
        sheet.session.event = event
        sentence = ngettext(
            "“%(title)s” is not in the draft, and %(taken)s person is signed up for it: with this release the sign-up ends.",
            "“%(title)s” is not in the draft, and %(taken)s people are signed up for it: with this release their sign-ups end.",
            sheet.taken,
        )
        found.append(Conflict(ConflictLevel.WARNS, sentence % {"title": sheet.session.title, "taken": sheet.taken}, (sheet.session,)))
    return found


def signed_up_for_both(slots: list[Slot]) -> dict[tuple[int, int], int]:
    """How many people are signed up for two sessions, by the keys of both, the lower first. One query, where anybody is at all."""
    doubled = [slot.session_id for slot in slots if slot.has_doubly_signed_up]
    if not doubled:
        return {}
    pairs = SignUp.objects.live().filter(
        session__in=doubled,
        registration__sign_ups__ended_at__isnull=True,
        registration__sign_ups__session__in=doubled,
        registration__sign_ups__session__gt=F("session"),
    )
    other = "registration__sign_ups__session"
    return {
        (first, second): count
        for first, second, count in pairs.order_by().values_list("session", other).annotate(number=Count("registration", distinct=True))
    }


def _sheet(slot: Slot) -> SignUpSheet | None:
    return getattr(slot.session, "sign_up_sheet", None)
