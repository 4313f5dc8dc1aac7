"""One person in two records, or named by two delegations: an organiser decides which stays."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from conference.lib.fingerprints import differing, fingerprints
from conference.lib.searching import folded
from conference.lib.viewer import Actor
from delegates.actions.moves import lock_registration, move_registration
from delegates.actions.seen import ChangedSince, check_seen
from delegates.choices import RegistrationState
from delegates.models import Delegate, Registration
from delegates.rules import OFFICER, WAITS_BESIDE, check_editing
from events.actions import lock_event, record
from events.models import Event
from events.rules import EDITED_STATES, NotAllowed

FILLED = ("given_name", "family_name", "native_name", "badge_name", "birth_date", "nationalities", "email", "function")


def settle_double(
    stays: Registration, *, leave: list[Registration], reason: str, by: Actor, seen: Mapping[str, Mapping[str, str]] | None = None
) -> list[Registration]:
    """Let one of the registrations of a person stay and withdraw the others, all or none; give those withdrawn.

    `reason` goes to the person and the focal points of those withdrawn; it may not name the delegation that keeps the person.
    """
    with transaction.atomic():
        lock_event(stays.event_id)
        kept = lock_registration(stays)
        check_seen(None if seen is None else seen.get(kept.public_id, {}), kept)
        doubles = {row.pk for row in Registration.objects.doubles_of(kept)}
        if not leave or {row.pk for row in leave} != doubles:
            raise ChangedSince(_("This person is not named twice in this way any more. Nothing was done; look again and decide."))
        _check_reveals_nothing(reason, kept)
        withdrawn = []
        for registration in sorted(leave, key=lambda row: (row.delegation_id, row.pk)):
            marks = None if seen is None else seen.get(registration.public_id, {})
            withdrawn.append(
                move_registration(registration, to=RegistrationState.WITHDRAWN, by=by, made_by=OFFICER, reason=reason, seen=marks)
            )
        record(by, "registration.double", kept, event=kept.event, withdrawn=[str(row) for row in withdrawn])
    return withdrawn


def _check_reveals_nothing(reason: str, kept: Registration) -> None:
    """The other delegation learns that its person does not come, never who else named them."""
    organisation, words = kept.delegation.organisation, f" {folded(reason)} "
    names = {getattr(organisation, f"name_{code}") for code in ("en", "fr", "nl", "de")} | {organisation.abbreviation}
    if any(f" {folded(name)} " in words.replace(".", " ").replace(",", " ") for name in names if name):
        raise NotAllowed(_("These words name the delegation that keeps this person. The other delegation must not learn of it."))


def facts_of_merge(keep: Delegate, other: Delegate) -> dict[str, object]:
    """Give what a merge rests on: both records and their registrations."""
    facts: dict[str, object] = {}
    for name, person in (("keep", keep), ("other", other)):
        facts |= {f"{name}.{field}": getattr(person, field) for field in (*FILLED, "user_id", "organisation_id", "may_be_invited_again")}
        facts[f"{name}.registrations"] = sorted(person.registrations.values_list("pk", "state"))
    return facts


def marks_of_merge(keep: Delegate, other: Delegate) -> dict[str, str]:
    """Give the fingerprints the preview of a merge carries."""
    return fingerprints(facts_of_merge(keep, other))


def check_merge(keep: Delegate, other: Delegate, event: Event) -> None:
    """Refuse to bring two records together that are of two organisations, two accounts, or both on one event's list.

    Raise `NotAllowed`. Of another event nothing is said but that it is another.
    """
    if keep.pk == other.pk or keep.organisation_id != other.organisation_id:
        raise NotAllowed(
            _("Only two records of the same organisation can be merged: a person who belongs to two organisations has two records.")
        )
    if keep.user_id and other.user_id and keep.user_id != other.user_id:
        raise NotAllowed(_("Each of the two signs in with an account of their own. Find out which is right, and ask the administrators."))
    listed = Registration.objects.active().filter(delegate=keep).values_list("event", flat=True)
    both = set(Registration.objects.active().filter(delegate=other, event__in=list(listed)).values_list("event", flat=True))
    if event.pk in both:
        raise NotAllowed(_("Both are on the list of this event. Withdraw or refuse one of the two registrations first."))
    if both:
        raise NotAllowed(_("Both are on the list of another event; one of the two registrations has to end there first."))
    _check_approved_elsewhere(keep, other, event)


def _check_approved_elsewhere(keep: Delegate, other: Delegate, event: Event) -> None:
    """Refuse what would change, by the back door, what another event approved (decision 0071)."""
    approved = Registration.objects.in_state(RegistrationState.APPROVED).filter(event__state__in=EDITED_STATES).exclude(event=event.pk)
    holders = set(approved.filter(delegate__in=[keep.pk, other.pk]).values_list("delegate", flat=True))
    made = merged(keep, other)
    if any(getattr(person, name) != made[name] for person in (keep, other) if person.pk in holders for name in WAITS_BESIDE):
        raise NotAllowed(
            _("Another event has approved one of the two with other data. Have the person correct it; its organisers decide first.")
        )


def merge_delegates(keep: Delegate, other: Delegate, *, event: Event, by: Actor, seen: Mapping[str, str] | None = None) -> Delegate:
    """Bring two records of one person together, in one transaction: registrations and account move to `keep`, the other goes.

    What `keep` has stays; what is empty there is taken from the other. Whether they may be found again needs the word of both.
    Each event touched records it. Raise `NotAllowed` as `check_merge`, or when they are not what was shown (`seen`).
    """
    with transaction.atomic():
        known = Registration.objects.filter(delegate__in=[keep.pk, other.pk]).order_by().values_list("event", flat=True)
        events = {pk: lock_event(pk) for pk in sorted({event.pk, *known})}
        check_editing(events[event.pk])
        locked = {row.pk: row for row in Delegate.objects.select_for_update().filter(pk__in=[keep.pk, other.pk]).order_by("pk")}
        if len(locked) != 2:
            raise ChangedSince(_("One of the two records is gone. Nothing was done."))
        if not set(known.all()) <= events.keys():
            raise ChangedSince(_("One of the two changed while you looked. Nothing was done; look again and decide."))
        keep, other = locked[keep.pk], locked[other.pk]
        if seen is not None and differing(seen, facts_of_merge(keep, other)):
            raise ChangedSince(_("One of the two changed while you looked. Nothing was done; look again and decide."))
        check_merge(keep, other, event)
        moved = list(Registration.objects.filter(delegate=other).order_by("pk"))
        Registration.objects.filter(delegate=other).update(delegate=keep)
        fields = merged(keep, other)
        for name, value in fields.items():
            setattr(keep, name, value)
        keep.save(update_fields=list(fields))
        gone = str(other)
        other.delete()
        for pk, locked_event in events.items():
            here = [str(row) for row in moved if row.event_id == pk]
            record(by, "delegate.merge", keep, event=locked_event, gone=gone, moved=here)
    return keep


def merged(keep: Delegate, other: Delegate) -> dict[str, object]:
    """Give the fields of the record that stays, as they will be."""
    fields: dict[str, object] = {name: getattr(keep, name) or getattr(other, name) for name in FILLED}
    fields["user_id"] = keep.user_id or other.user_id
    fields["may_be_invited_again"] = keep.may_be_invited_again and other.may_be_invited_again
    return fields
