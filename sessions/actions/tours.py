"""The tour de table of a session of the draft: its turns built from the delegations that come, and changed by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from conference.lib import countries
from conference.lib.viewer import Actor
from delegates.choices import Category, Narrowing, RegistrationState, Standing
from delegates.models import Delegation
from delegates.rules import access_of, check_editing
from delegates.viewers import viewer_from
from events.actions import lock_event, record
from events.models import Event
from events.rules import NotAllowed, organisation_order
from sessions import rules
from sessions.choices import HostPlace, TimeSharing
from sessions.models import Intervention, Session, Slot, Speaker, Tour


def tour_values(slot: Slot | None) -> dict[str, Any]:
    """What the page shows of the turns of a session, as plain values that can be compared."""
    rows = slot.interventions.in_order().values_list("public_id", "minutes", "is_dropped") if slot else []
    return {"turns": [list(row) for row in rows]}


_TOUR_KEPT = ("sharing", "minutes", "host", "ordered_by_hand")
_TURN_KEPT = ("public_id", "position", "minutes", "is_added", "has_own_minutes", "is_dropped")


def turns_to_keep(slot: Slot) -> dict[str, Any]:
    """All there is of the turns of a slot, as plain values that `bring_turns_back` reads; empty where there are none."""
    turns = list(slot.interventions.in_order().values(*_TURN_KEPT, "delegation__public_id", "speaker__public_id"))
    return {"tour": Tour.objects.filter(slot=slot).values(*_TOUR_KEPT).first(), "turns": turns} if turns else {}


def bring_turns_back(session: Session, kept: Mapping[str, Any], *, by: Actor) -> None:
    """Give a session of the draft that has none the turns it had; who is no longer of the event is left out."""
    with transaction.atomic():
        slot = _lock(session, None)
        who: dict[str, dict[str, Any]] = {
            part: {one.public_id: one for one in model.objects.filter(event=slot.event)}
            for part, model in (("delegation", Delegation), ("speaker", Speaker))
        }
        rows = [
            Intervention(event=slot.event, slot=slot, **{name: turn[name] for name in _TURN_KEPT}, **found)
            for turn in kept["turns"]
            if (found := {part: known[key] for part, known in who.items() if (key := turn[f"{part}__public_id"]) in known})
        ]
        Intervention.objects.bulk_create(rows)
        if kept["tour"]:
            Tour.objects.create(event=slot.event, slot=slot, **kept["tour"])
        record(by, "session.turns", session, event=slot.event, turns=[[str(one), one.minutes, one.is_dropped] for one in rows])


def delegations_called(session: Session, *, host: str = HostPlace.KEPT) -> list[Delegation]:
    """List the delegations that come (and the host) whom the audience of a session admits, in the event's protocol order.

    `host` moves the host to either end. Raise `NotAllowed` where the chosen order is not known for the day of the event.
    """
    event = session.event
    coming = Delegation.objects.filter(event=event).taking_part().select_related("organisation")
    marking = session.marking(is_released=True)
    try:
        key = organisation_order(event, host_organisation_id=None)  # the host's place is chosen here, not by the event
        called = sorted((one for one in coming if rules.admits(marking, _delegate_of(one, event))), key=lambda one: key(one.organisation))
    except countries.UnknownPresidency as problem:
        raise NotAllowed(
            _("The presidency order is not known for the day of this event. Choose another order of delegations.")
        ) from problem
    if host != HostPlace.KEPT:
        called.sort(key=lambda one: (one.standing == Standing.HOST) == (host == HostPlace.LAST))
    return called


def _delegate_of(delegation: Delegation, event: Event):
    """The viewer an approved delegate of a delegation would be."""
    access = access_of(
        state=RegistrationState.APPROVED,
        category=Category.DELEGATE,
        narrowing=Narrowing.NONE,
        standing=delegation.standing,
        is_eu=delegation.organisation.is_eu_on(event.first_date),
    )
    return viewer_from(access, delegation_id=delegation.pk, event_id=event.pk)


def build_interventions(
    session: Session, *, sharing: str, minutes: int, host: str, by: Actor, seen: Mapping[str, str] | None = None
) -> list[Intervention]:
    """Build the turns of a session of the draft, or build them again: from the delegations that come, in protocol order.

    What was done by hand stays: who was left out stays out, who was added stays in, minutes set by hand stay, and an order
    made by hand is kept, newcomers standing behind whom they follow in protocol order. Who no longer comes is taken out.
    `minutes` are those in all, shared exactly, or those of each turn. May raise `Stale`.
    """
    with transaction.atomic():
        slot = _lock(session, seen)
        called = delegations_called(session, host=host)
        known = {one.who: one for one in slot.interventions.in_order()}
        wanted = [str(one) for one in called]
        stay = [who for who, one in known.items() if who in wanted or one.is_added]
        tour = Tour.objects.filter(slot=slot).first() or Tour(event=slot.event, slot=slot)
        order = rules.merged_order(stay, wanted) if tour.ordered_by_hand else rules.merged_order(wanted, stay)
        rows = _rows(slot, order, known, {str(one): one for one in called}, minutes)
        if not any(not row.is_dropped for row in rows):
            raise NotAllowed(_("No delegation that comes is in the audience of this session."))
        _share(rows, sharing, minutes)
        tour.sharing, tour.minutes, tour.host = sharing, minutes, host
        tour.save()
        slot.interventions.exclude(pk__in=[row.pk for row in rows if row.pk]).delete()
        _save(rows)
        record(by, "session.turns", session, event=slot.event, sharing=str(sharing), minutes=minutes, host=str(host), turns=len(rows))
    return rows


def _rows(slot: Slot, order: Sequence[str], known: dict, called: dict, minutes: int) -> list[Intervention]:
    return [
        known.get(who) or Intervention(event=slot.event, slot=slot, delegation=called[who], minutes=min(minutes, rules.MOST_MINUTES))
        for who in order
    ]


def _share(rows: list[Intervention], sharing: str, minutes: int) -> None:
    """Give the turns that speak their minutes; one left out keeps what it had."""
    speaking = [row for row in rows if not row.is_dropped]
    if sharing == TimeSharing.SHARED:
        given = rules.shared_minutes(minutes, [row.minutes if row.has_own_minutes else None for row in speaking])
    else:
        given = [row.minutes if row.has_own_minutes else minutes for row in speaking]
    for row, length in zip(speaking, given, strict=True):
        row.minutes = length


def _save(rows: list[Intervention]) -> None:
    for position, row in enumerate(rows, start=1):
        row.position = position
    Intervention.objects.bulk_update(
        [row for row in rows if row.pk], ["position", "minutes", "is_dropped", "has_own_minutes"], batch_size=500
    )
    Intervention.objects.bulk_create(row for row in rows if not row.pk)


def edit_interventions(
    session: Session,
    rows: Sequence[tuple[str, int]],
    *,
    by: Actor,
    dropped: Mapping[str, bool] | None = None,
    seen: Mapping[str, str] | None = None,
) -> None:
    """Set the order and the minutes of the turns by hand: (public id, minutes) of each that speaks, in the new order.

    `dropped` leaves turns out (True) or takes them back in (False). A turn whose minutes are changed keeps them when the turns
    are built again, and a changed order stays. May raise `Stale`.
    """
    with transaction.atomic():
        slot = _lock(session, seen)
        known = {one.public_id: one for one in slot.interventions.in_order()}
        if {public_id for public_id, _minutes in rows} - known.keys():
            raise NotAllowed(_("One of these turns is no longer there."))
        before = [one.pk for one in known.values()]
        ordered = [known[public_id] for public_id, _minutes in rows]
        ordered = _with_others(list(known.values()), ordered)
        for public_id, minutes in rows:
            _set_minutes(known[public_id], minutes)
        for public_id, is_out in (dropped or {}).items():
            known[public_id].is_dropped = is_out
        _save(ordered)
        if [one.pk for one in ordered] != before:
            Tour.objects.filter(slot=slot).update(ordered_by_hand=True)
        record(by, "session.turns", session, event=slot.event, turns=[[str(one), one.minutes, one.is_dropped] for one in ordered])


def _with_others(present: list[Intervention], ordered: list[Intervention]) -> list[Intervention]:
    """Put turns that were not named (those left out) back where they stood."""
    places = iter(ordered)
    named = set(ordered)
    return [next(places) if one in named else one for one in present]


def _set_minutes(row: Intervention, minutes: int) -> None:
    if not 1 <= minutes <= rules.MOST_MINUTES:
        raise NotAllowed(_("A turn has between 1 and %(most)s minutes.") % {"most": rules.MOST_MINUTES})
    if row.minutes != minutes:
        row.minutes, row.has_own_minutes = minutes, True


def add_intervention(
    session: Session,
    *,
    minutes: int,
    by: Actor,
    delegation: Delegation | None = None,
    speaker: Speaker | None = None,
    seen: Mapping[str, str] | None = None,
) -> Intervention:
    """Add the turn of one delegation or one person of the agenda at the end; it stays when the turns are built again."""
    if (delegation is None) == (speaker is None):
        raise NotAllowed(_("Choose who speaks."))
    with transaction.atomic():
        slot = _lock(session, seen)
        who = delegation or speaker
        if who.event_id != slot.event_id:
            raise NotAllowed(_("This is not one of this event."))
        if any(one.who == str(who) for one in slot.interventions.in_order()):
            raise NotAllowed(_("There is a turn for them already; take it back in if it is left out."))
        last = slot.interventions.count()
        row = Intervention(event=slot.event, slot=slot, delegation=delegation, speaker=speaker, position=last + 1, is_added=True)
        _set_minutes(row, minutes)
        row.save()
        Tour.objects.get_or_create(slot=slot, defaults={"event": slot.event, "sharing": TimeSharing.FIXED, "minutes": minutes})
        record(by, "session.turns", session, event=slot.event, added=str(who), minutes=minutes)
    return row


def _lock(session: Session, seen: Mapping[str, str] | None) -> Slot:
    """Lock the event, check that it may be edited and the page fresh, and give the place of the session in the draft."""
    event = lock_event(session.event_id)
    check_editing(event)
    slot = Slot.objects.draft().filter(session=session).select_related("event").first()
    if slot is None:
        raise NotAllowed(_("Place this session first: its turns belong to its place in the draft."))
    rules.check_fresh(seen, tour_values(slot))
    slot.event = event
    return slot
