"""Acts on people: naming them, keeping seats, sending the list, the person's form, and what organisers decide beside the state."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.searching import folded
from conference.lib.viewer import Actor
from delegates.actions.beside import asks_anew, lock_person, wait_beside
from delegates.actions.given import column_value, differs, keep_given
from delegates.actions.invitations import invite_person
from delegates.actions.moves import (
    apply_move,
    check_head,
    lock_delegation,
    lock_registration,
    note_move,
    offer_free_seats,
)
from delegates.actions.places import give_place, quotas_of, take_place
from delegates.actions.seen import check_seen
from delegates.actions.telling import tell
from delegates.choices import Answer, Category, Mode
from delegates.choices import RegistrationState as State
from delegates.models import Delegate, Delegation, Registration
from delegates.rules import (
    HOLDING,
    NOTICE_VERSION,
    OFFICER,
    WAITS_BESIDE,
    check_confirming,
    check_editing,
    check_mode,
    check_nominating,
    check_replacing,
    party_of,
    usual_mode,
)
from events.actions import record
from events.choices import Urgency
from events.rules import NotAllowed


def nominate(
    delegation: Delegation,
    *,
    given_name: str,
    family_name: str,
    email: str,
    category: str,
    function: str = "",
    language: str = "en",
    mode: str = "",
    by: Actor,
    made_by: str,
) -> Registration:
    """Put a person on a delegation's draft list: with a seat if one is free, else at the end of the waiting list. Nobody is written to."""
    with transaction.atomic():
        locked = lock_delegation(delegation)
        _check_naming(locked, category=category, made_by=made_by)
        delegate = _delegate_named(
            locked, given_name=given_name, family_name=family_name, email=email, function=function, language=language
        )
        registration = _new(locked, delegate=delegate, category=category, function=function, by=by, mode=mode or usual_mode(locked.event))
        registration.state = State.NOMINATED if take_place(registration, quotas_of(locked.event)) else State.WAITLISTED
        return _start(registration, by=by)


def ask_for_place(
    delegation: Delegation, *, given_name: str, family_name: str, email: str, function: str, language: str, by: Actor
) -> Registration:
    """Put somebody who asked for a place before the focal points of a delegation; raise `NotAllowed` if it declined or lists them."""
    with transaction.atomic():
        locked = lock_delegation(delegation)
        if locked.answer == Answer.DECLINED:
            raise NotAllowed(_("This delegation has declined. Change its answer before you name anybody."))
        delegate = _delegate_named(
            locked, given_name=given_name, family_name=family_name, email=email, function=function, language=language
        )
        registration = _new(locked, delegate=delegate, category=Category.DELEGATE, function=function, by=by)
        registration.state = State.REQUESTED
        return _start(registration, by=by)


def keep_seat(delegation: Delegation, *, category: str, by: Actor, made_by: str) -> Registration:
    """Keep a seat whose name is to follow; raise `NotAllowed` when none is free, for a seat without a name cannot wait."""
    with transaction.atomic():
        locked = lock_delegation(delegation)
        _check_naming(locked, category=category, made_by=made_by)
        registration = _new(locked, delegate=None, category=category, function="", by=by)
        if not take_place(registration, quotas_of(locked.event)):
            raise NotAllowed(_("No seat is free."))
        registration.state = State.PLACEHOLDER
        return _start(registration, by=by)


def name_placeholder(
    registration: Registration,
    *,
    given_name: str,
    family_name: str,
    email: str,
    function: str = "",
    language: str = "en",
    by: Actor,
    made_by: str,
) -> Registration:
    """Give a kept seat the name of its person."""
    with transaction.atomic():
        locked = lock_registration(registration)
        check_nominating(locked.event, timezone.now(), made_by=made_by, category=locked.category)
        if locked.state != State.PLACEHOLDER:
            raise NotAllowed(_("This seat has a name already."))
        locked.delegate = _delegate_named(
            locked.delegation, given_name=given_name, family_name=family_name, email=email, function=function, language=language
        )
        locked.function = function
        locked.save(update_fields=["delegate", "function"])
        apply_move(locked, to=State.NOMINATED, by=by, made_by=made_by)
    return locked


def replace_person(
    registration: Registration,
    *,
    given_name: str,
    family_name: str,
    email: str,
    function: str = "",
    language: str = "en",
    by: Actor,
    made_by: str,
) -> Registration:
    """Put another person in somebody's seat, in their category and their place on the list; raise `rules.TooLate` after the freeze.

    Both are told once: the first if they were invited, and then, or once the list was sent, the second at the same moment.
    """
    with transaction.atomic():
        locked = lock_registration(registration)
        check_replacing(locked.event, timezone.now(), made_by=made_by)
        quotas = quotas_of(locked.event)
        apply_move(locked, to=State.REPLACED, by=by, made_by=made_by, quotas=quotas)
        delegate = _delegate_named(
            locked.delegation, given_name=given_name, family_name=family_name, email=email, function=function, language=language
        )
        successor = _new(locked.delegation, delegate=delegate, category=locked.category, function=function, by=by, mode=locked.mode)
        successor.narrowing, successor.position = locked.narrowing, locked.position
        if not take_place(successor, quotas):
            raise NotAllowed(_("No seat is free."))
        successor.state = State.NOMINATED
        _start(successor, by=by)
        if locked.invited_at or locked.delegation.list_sent_at:
            invite_person(successor, at=successor.queued_at)
    return successor


def _check_naming(delegation: Delegation, *, category: str, made_by: str) -> None:
    check_nominating(delegation.event, timezone.now(), made_by=made_by, category=category)
    if delegation.answer == Answer.DECLINED:
        raise NotAllowed(_("This delegation has declined. Change its answer before you name anybody."))
    check_head(delegation, category)


def _delegate_named(delegation: Delegation, *, given_name: str, family_name: str, email: str, function: str, language: str) -> Delegate:
    """Find the delegate of this organisation with exactly this name and address, else make one; names stay as written.

    Raise `NotAllowed` for somebody who is on the list already, whatever the capitals. The link to a user is never made here.
    """
    wanted = (folded(given_name), folded(family_name), email.casefold())
    listed = Registration.objects.active().filter(delegation=delegation, delegate__isnull=False).select_related("delegate")
    if any((folded(row.delegate.given_name), folded(row.delegate.family_name), row.delegate.email.casefold()) == wanted for row in listed):
        raise NotAllowed(_("This person is already on the list."))
    known = Delegate.objects.filter(
        organisation=delegation.organisation_id, given_name=given_name, family_name=family_name, email__iexact=email
    )
    return known.order_by("pk").first() or Delegate.objects.create(
        organisation_id=delegation.organisation_id,
        given_name=given_name,
        family_name=family_name,
        email=email,
        function=function,
        language=language,
    )


def _new(delegation: Delegation, *, delegate: Delegate | None, category: str, function: str, by: Actor, **fields) -> Registration:
    fields = {"mode": usual_mode(delegation.event)} | fields
    last = delegation.registrations.order_by("position").values_list("position", flat=True).last() or 0
    return Registration(
        event=delegation.event,
        delegation=delegation,
        delegate=delegate,
        category=category,
        function=function,
        position=last + 1,
        queued_at=timezone.now(),
        source=by.source[:200],
        **fields,
    )


def _start(registration: Registration, *, by: Actor) -> Registration:
    registration.save()
    move = note_move(registration, by=by, from_state="", at=registration.queued_at)
    tell(registration, move, made_by=party_of(by.hat), is_invited_now=False)
    record(by, "registration.start", registration, event=registration.event, to=registration.state, category=registration.category)
    return registration


def send_list(delegation: Delegation, *, by: Actor) -> int:
    """Invite everybody on the draft list who was not invited yet to confirm; say how many. Pressing again writes only to new ones.

    After the deadline to nominate only an organiser may. People without an address are left to be entered on behalf.
    """
    with transaction.atomic():
        locked = lock_delegation(delegation)
        now = timezone.now()
        check_nominating(locked.event, now, made_by=party_of(by.hat))
        waiting = locked.registrations.filter(state=State.NOMINATED, invited_at__isnull=True).exclude(delegate__email="")
        invited = list(waiting.select_for_update(of=("self",)).select_related("delegate").order_by("position", "pk"))
        for registration in invited:
            registration.event, registration.delegation = locked.event, locked
            invite_person(registration, at=now, urgency=Urgency.BULK)
        locked.list_sent_at = now
        locked.save(update_fields=["list_sent_at"])
        record(by, "delegation.send_list", locked, event=locked.event, invited=[str(registration) for registration in invited])
    return len(invited)


_OF_PERSON = ("given_name", "family_name", "native_name", "badge_name", "birth_date", "nationalities", "language", "may_be_invited_again")
_OF_REGISTRATION = ("function", "languages", "needs", "consent")
# Only the person gives these; entered on behalf they stay as they are.
_THEIRS_ALONE = {"consent", "may_be_invited_again"}


def submit_registration(registration: Registration, *, data: dict, by: Actor, is_own: bool = False) -> Registration:
    """Keep what a person confirmed for the event and put it up for review; a second press with the same words changes nothing.

    `data` has given_name, family_name, native_name, badge_name, birth_date (ISO), nationalities (ISO codes), language,
    may_be_invited_again, function, languages, needs and consent, and groups and questions as `keep_given` takes them; what is absent
    stays. An officer who enters it on behalf gives neither consent; with `is_own` the officer only lets in what the person sent
    themselves. What another event approved stands until its officers accept the new value.
    """
    with transaction.atomic():
        locked, approved = lock_person(registration)
        made_by = party_of(by.hat)
        is_own = is_own or made_by != OFFICER
        given = {name: value for name, value in data.items() if is_own or name not in _THEIRS_ALONE}
        beside = {name: given.pop(name) for name in WAITS_BESIDE if name in given} if approved else {}
        is_changed = not locked.delegate or any([_fill(locked, given), differs(locked, given), asks_anew(approved, beside)])
        if locked.state == State.SUBMITTED and not is_changed:
            return locked
        check_confirming(locked, locked.event, timezone.now(), made_by=made_by)
        apply_move(locked, to=State.SUBMITTED, by=by, made_by=made_by)
        if is_own:
            locked.notice_version = given.get("notice_version", NOTICE_VERSION)
        keep_given(locked, given)
        wait_beside(locked, approved, beside)
        locked.delegate.save(update_fields=list(_OF_PERSON))
        locked.save(update_fields=[*_OF_REGISTRATION, "notice_version"])
    return locked


def _fill(registration: Registration, data: dict) -> bool:
    """Put the values on the objects in hand; say whether any differs."""
    places = [(registration.delegate, name) for name in _OF_PERSON] + [(registration, name) for name in _OF_REGISTRATION]
    given = [(thing, name, column_value(name, data[name])) for thing, name in places if name in data]
    changed = [(thing, name, value) for thing, name, value in given if getattr(thing, name) != value]
    for thing, name, value in changed:
        setattr(thing, name, value)
    return bool(changed)


def narrow_registration(registration: Registration, *, narrowing: str, by: Actor) -> Registration:
    """Narrow one person's access below their delegation's, or undo it; acts at once and is kept with its moment."""
    with transaction.atomic():
        locked = lock_registration(registration)
        check_editing(locked.event)
        if locked.narrowing == narrowing:
            return locked
        before, locked.narrowing = locked.narrowing, narrowing
        locked.save(update_fields=["narrowing"])
        note_move(locked, by=by, from_state=locked.state)
        record(by, "registration.narrow", locked, event=locked.event, before=before, to=narrowing)
    return locked


def change_category(registration: Registration, *, category: str, by: Actor) -> Registration:
    """Give a person another category, with the place it takes; raise `NotAllowed` when that place is not free."""
    return _change_place(registration, "category", Category(category), by=by)


def change_mode(registration: Registration, *, mode: str, by: Actor) -> Registration:
    """Let a person attend in another way, with the place it takes; raise `NotAllowed` when that place is not free, or there is none."""
    return _change_place(registration, "mode", Mode(mode), by=by)


def _change_place(registration: Registration, field: str, value: str, *, by: Actor) -> Registration:
    with transaction.atomic():
        locked = lock_registration(registration)
        check_editing(locked.event)
        before = getattr(locked, field)
        if before == value:
            return locked
        if field == "mode":
            locked.moved_online = False
            check_mode(locked.event, value)
        if field == "category" and locked.is_active:
            check_head(locked.delegation, value, besides=locked)
        quotas = quotas_of(locked.event)
        if locked.state in HOLDING:
            give_place(locked, quotas)
        setattr(locked, field, value)
        if locked.state in HOLDING and not take_place(locked, quotas):
            raise NotAllowed(_("No seat is free."))
        locked.save(update_fields=[field, "moved_online"])
        note_move(locked, by=by, from_state=locked.state)
        record(by, f"registration.{field}", locked, event=locked.event, before=before, to=value)
        offer_free_seats(locked.event, first=locked.delegation)
    return locked


def decide_security(registration: Registration, *, decision: str, by: Actor, seen: Mapping[str, str] | None = None) -> Registration:
    """Keep what the security officer decided on what they saw; an approval waits for it where the event asks.

    The same decision twice is one record.
    """
    with transaction.atomic():
        locked = lock_registration(registration)
        check_editing(locked.event)
        if locked.security_decision == decision:
            return locked
        check_seen(seen, locked, for_security=True)
        before, locked.security_decision = locked.security_decision, decision
        locked.save(update_fields=["security_decision"])
        record(by, "registration.security", locked, event=locked.event, before=before, to=decision)
    return locked
