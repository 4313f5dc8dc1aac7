"""Signing up for sessions with seats: never more than there are, whoever comes at the same moment, and the next in line moves up by itself.

The only writer of `SignUpSheet.taken`; every path locks the event first, and the CHECK on the table stands behind it.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.viewer import SYSTEM, Actor
from delegates.choices import RegistrationState
from delegates.models import Registration
from delegates.rules import HOLDING, SeatsBelowUse, access_of, check_editing
from delegates.viewers import viewer_from, viewer_of
from events.actions import lock_event, record
from events.models import Event
from events.rules import EDITED_STATES, NotAllowed
from sessions import emails, rules
from sessions.choices import SignUpEnd
from sessions.models import Session, SignUp, SignUpSheet, Slot


class SeatsOutOfStep(RuntimeError):
    """A seat was given back that the sheet does not count: the sheet and its sign-ups no longer agree."""


def sheet_values(sheet: SignUpSheet | None) -> dict[str, object]:
    """What a form shows of a sheet, as plain values that can be compared."""
    return {name: getattr(sheet, name) if sheet else None for name in ("seats", "opens_at", "closes_at")}


def keep_sheet(
    session: Session,
    *,
    seats: int,
    opens_at: dt.datetime | None,
    closes_at: dt.datetime | None,
    by: Actor,
    seen: dict[str, str] | None = None,
) -> SignUpSheet:
    """Let people sign up for a session, or change how; seats that are added go to those who wait.

    Raise `SeatsBelowUse` for fewer seats than people hold, `Stale` when somebody changed the sheet meanwhile.
    """
    with transaction.atomic():
        event = _lock(session)
        sheet = SignUpSheet.objects.filter(session=session).first()
        before = sheet_values(sheet)
        rules.check_fresh(seen, before)
        if opens_at and closes_at and opens_at >= closes_at:
            raise NotAllowed(_("Sign-up must close after it opens."))
        sheet = sheet or SignUpSheet(event=event, session=session)
        if seats < sheet.taken:
            raise SeatsBelowUse(sheet.taken)
        sheet.seats, sheet.opens_at, sheet.closes_at = seats, opens_at, closes_at
        if sheet_values(sheet) != before:
            sheet.save()
            shown = {name: str(value) if value is not None else "" for name, value in sheet_values(sheet).items()}
            record(by, "signup.set", session, event=event, **shown)
        _fill(sheet, event, session)
    return sheet


def remove_sheet(session: Session, *, by: Actor) -> None:
    """Take sign-ups for a session no longer; raise `NotAllowed` while anybody is signed up."""
    with transaction.atomic():
        event = _lock(session)
        if SignUp.objects.live().filter(session=session).exists():
            raise NotAllowed(_("People are signed up for this session. Take them out first, or close the sign-up."))
        if SignUpSheet.objects.filter(session=session).delete()[0]:
            record(by, "signup.remove", session, event=event)


def sign_up(session: Session, registration: Registration, *, by: Actor, by_organiser: bool = False) -> SignUp:
    """Sign a participant up: a seat while there is one and nobody waits for it, else the next place on the waiting list.

    Twice is once. An organiser may sign up at any time whoever sees the session. Raise `NotAllowed` (`SignedUpElsewhere`).
    """
    with transaction.atomic():
        event = _lock(session)
        at = timezone.now()
        sheet = _sheet(session)
        person = _person(event, registration)
        slot = _slot_seen(session, person, by_organiser)
        if found := SignUp.objects.live().filter(session=session, registration=person).first():
            return found
        if not by_organiser:
            rules.check_signing_up(sheet, slot.start_at, at)
        _check_free(person, slot)
        last = SignUp.objects.filter(session=session, registration=person).order_by("-ended_at").first()
        joined_at = rules.place_in_line(last, at, by_organiser=by_organiser)
        made = SignUp.objects.create(event=event, session=session, registration=person, joined_at=joined_at)
        record(by, "signup.join", session, event=event, registration=str(person))
        seated = _fill(sheet, event, session, newcomer=made)
        made.seated_at = next((one.seated_at for one in seated if one.pk == made.pk), None)
        if by_organiser:
            emails.signed_up(made, slot)
    return made


def leave(session: Session, registration: Registration, *, by: Actor, by_organiser: bool = False) -> bool:
    """End a sign-up, and give a freed seat to the next in line; say whether there was one. After the start only organisers may."""
    with transaction.atomic():
        event = _lock(session)
        found = SignUp.objects.live().filter(session=session, registration=registration).for_list().first()
        if found is None:
            return False
        slot = Slot.objects.current().filter(session=session).first()
        if not by_organiser and slot and slot.start_at <= timezone.now():
            raise NotAllowed(_("This session has begun."))
        _end(found, SignUpEnd.REMOVED if by_organiser else SignUpEnd.LEFT)
        record(by, "signup.leave", session, event=event, registration=str(found.registration))
        if by_organiser and slot:
            emails.taken_out(found, slot)
        _fill(_sheet(session), event, session)
    return True


def free_lost_seats(event: Event, *, by: Actor = SYSTEM, **which) -> int:
    """End the sign-ups of those who have gone, or may no longer see the session; say how many. Call with the event locked.

    `which` narrows the sign-ups. Who is asked to confirm again keeps their seat: they are looked at as if they were approved.
    """
    lost = _lost(event, **which)
    for one in lost:
        _end(one, SignUpEnd.LOST)
        record(by, "signup.free", one.session, event=event, registration=str(one.registration))
    for session in {one.session for one in lost}:
        _fill(_sheet(session), event, session)
    return len(lost)


def follow_registration(registration: Registration, *, by: Actor) -> None:
    """Free the seats of a registration that has moved and lost what they stand on; called by the move, in its transaction."""
    free_lost_seats(registration.event, by=by, registration=registration.pk)


def tidy_sign_ups() -> int:
    """Free the seats of whoever lost sight by something that is no move, such as their organisation becoming another state's."""
    freed = 0
    for event in Event.objects.filter(state__in=EDITED_STATES, pk__in=SignUp.objects.live().values("event")):
        if _lost(event):  # looked at without a lock first: hardly ever is there anything
            with transaction.atomic():
                freed += free_lost_seats(lock_event(event.pk))
    return freed


def forget_sign_ups(sign_ups: Iterable[SignUp]) -> int:
    """Delete rows whose term is over or whose person asked for it, and count their sheets anew. Call with the event locked."""
    found = list(sign_ups)
    SignUp.objects.filter(pk__in=[one.pk for one in found]).delete()
    for session in {one.session_id for one in found}:
        taken = SignUp.objects.seated().filter(session=session).count()
        SignUpSheet.objects.filter(session=session).update(taken=taken)
    return len(found)


def _lock(session: Session) -> Event:
    event = lock_event(session.event_id)
    check_editing(event)
    return event


def _sheet(session: Session) -> SignUpSheet:
    sheet = SignUpSheet.objects.filter(session=session).first()
    if sheet is None:
        raise NotAllowed(_("There is no sign-up for this session."))
    return sheet


def _person(event: Event, registration: Registration) -> Registration:
    """The registration as it is now, under the lock."""
    rows = Registration.objects.select_related("delegation__organisation", "delegate__user").filter(event=event)
    person = rows.get(pk=registration.pk)
    person.event = event
    return person


def _slot_seen(session: Session, person: Registration, by_organiser: bool) -> Slot:
    """The place of a session in the agenda a person sees now; raise `NotAllowed` when they may not have a seat in it."""
    viewer = viewer_of(person, person.event)
    slot = Slot.objects.visible_to(viewer).filter(session=session).select_related("session").first()
    if slot is None or person.state != RegistrationState.APPROVED or not (by_organiser or rules.may_sign_up(viewer)):
        raise NotAllowed(_("Only approved participants who may see this session can sign up for it."))
    return slot


def _check_free(person: Registration, slot: Slot) -> None:
    mine = SignUp.objects.live().filter(registration=person).exclude(session=slot.session_id).values("session")
    others = Slot.objects.current().filter(session__in=mine, start_at__lt=slot.end_at, end_at__gt=slot.start_at)
    if other := others.select_related("session__event").first():
        raise rules.SignedUpElsewhere(other.session)


def _fill(sheet: SignUpSheet, event: Event, session: Session, *, newcomer: SignUp | None = None) -> list[SignUp]:
    """Give every free seat to whoever is next in line, and tell those who waited for it; nobody moves up once the session has begun."""
    slot = Slot.objects.current().filter(session=session).select_related("session").first()
    if slot is None or (slot.start_at <= timezone.now() and newcomer is None):
        return []
    seated = []
    for one in SignUp.objects.waiting().filter(session=session).for_list().in_line():
        if not _take(sheet):
            break
        one.seated_at = max(timezone.now(), one.joined_at)
        one.save(update_fields=["seated_at"])
        seated.append(one)
        if newcomer is None or one.pk != newcomer.pk:
            record(SYSTEM, "signup.promote", session, event=event, registration=str(one.registration))
            emails.moved_up(one, slot)
    return seated


def _take(sheet: SignUpSheet) -> bool:
    """Take one seat if one is free; the conditional UPDATE touches one row or none."""
    return SignUpSheet.objects.filter(pk=sheet.pk, taken__lt=F("seats")).update(taken=F("taken") + 1) == 1


def _end(one: SignUp, ending: SignUpEnd) -> None:
    if one.is_seated:
        given = SignUpSheet.objects.filter(session=one.session_id, taken__gt=0).update(taken=F("taken") - 1)
        if given != 1:
            raise SeatsOutOfStep(f"the sheet of session {one.session_id} counts nobody")
    one.ended_at, one.ending = max(timezone.now(), one.joined_at), ending
    one.save(update_fields=["ended_at", "ending"])


def _lost(event: Event, **which) -> list[SignUp]:
    """The live sign-ups whose person has gone or would not see the session; four queries, one where there is none."""
    found = list(SignUp.objects.live().filter(event=event, **which).for_list().select_related("session"))
    if not found:
        return []
    markings = _markings(event, {one.session_id for one in found})
    return [one for one in found if not _still_sees(one.registration, event, markings[one.session_id])]


def _markings(event: Event, sessions: set[int]) -> dict[int, rules.Marking]:
    """What decides who sees these sessions now, by key; three queries."""
    slots = Slot.objects.current().filter(event=event, session__in=sessions).prefetch_related("contributions__speaker")
    assigned = {slot.session_id: {one.speaker.registration_id for one in slot.contributions.all()} - {None} for slot in slots}
    return {
        session.pk: session.marking(is_released=session.pk in assigned, assigned_registration_ids=assigned.get(session.pk, ()))
        for session in Session.objects.filter(pk__in=sessions).prefetch_related("delegations")
    }


def _still_sees(registration: Registration, event: Event, marking: rules.Marking) -> bool:
    if registration.state not in HOLDING:
        return False
    delegation = registration.delegation
    access = access_of(
        state=RegistrationState.APPROVED,
        category=registration.category,
        narrowing=registration.narrowing,
        standing=delegation.standing,
        is_eu=delegation.organisation.is_eu_on(event.first_date),
    )
    viewer = viewer_from(access, delegation_id=delegation.pk, event_id=event.pk, registration_id=registration.pk)
    return rules.sight(marking, viewer) == rules.Sight.FULL
