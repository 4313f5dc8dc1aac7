"""Naming many people at once: the rules of `nominate` for each, and a handful of statements for all of them."""

import collections
import dataclasses
import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.searching import folded
from conference.lib.viewer import Actor
from delegates.actions.moves import lock_registration, prepare_move
from delegates.actions.places import quotas_of, take_places
from delegates.choices import Answer, Category
from delegates.choices import RegistrationState as State
from delegates.models import Delegate, Delegation, Registration, RegistrationMove
from delegates.rules import check_nominating, usual_mode
from events.actions import lock_event, record, record_many
from events.models import Event
from events.rules import NotAllowed


@dataclasses.dataclass(frozen=True)
class Naming:
    """One person to be named for a delegation, as an action takes it: checked, and letters as they were written."""

    delegation_id: int
    given_name: str
    family_name: str
    email: str = ""
    category: str = Category.DELEGATE
    function: str = ""
    language: str = "en"
    nationalities: tuple[str, ...] = ()
    birth_date: dt.date | None = None

    @property
    def identity(self) -> tuple[int, str, str, str]:
        """Who this is within the event: the same as for somebody on a list, whatever the capitals and accents."""
        return (self.delegation_id, folded(self.given_name), folded(self.family_name), self.email.casefold())


def name_people(event: Event, wanted: list[Naming], *, by: Actor, made_by: str) -> list[Registration | NotAllowed]:
    """Put people on the draft lists of their delegations, as `nominate` does one by one: give the registration of each, or the refusal.

    One who is refused changes nothing for the others. Nobody is written to. The number of statements does not grow with `wanted`,
    but with the quotas they touch.
    """
    with transaction.atomic():
        locked = lock_event(event.pk)
        delegations = _locked_delegations(locked, wanted)
        refusals = _refusals(locked, delegations, wanted, made_by=made_by)
        named = [naming for naming, refusal in zip(wanted, refusals, strict=True) if refusal is None]
        registrations = _started(locked, delegations, named, by=by)
        made = iter(registrations)
        return [next(made) if refusal is None else refusal for refusal in refusals]


def _locked_delegations(event: Event, wanted: list[Naming]) -> dict[int, Delegation]:
    keys = {naming.delegation_id for naming in wanted}
    rows = Delegation.objects.select_for_update(of=("self",)).select_related("organisation").filter(event=event, pk__in=keys)
    found = {row.pk: row for row in rows.order_by("pk")}
    for delegation in found.values():
        delegation.event = event
    return found


def _refusals(event: Event, delegations: dict[int, Delegation], wanted: list[Naming], *, made_by: str) -> list[NotAllowed | None]:
    """Give for each why it may not be named, or None; those before it in the list count as named."""
    listed = Registration.objects.perhaps_named(delegations=delegations, emails=[one.email for one in wanted], birth_dates=[])
    taken = {identity_of(row) for row in listed}
    heads = set(
        Registration.objects.active().filter(delegation__in=delegations, category=Category.HEAD).values_list("delegation", flat=True)
    )
    now, found = timezone.now(), []
    for naming in wanted:
        refusal: NotAllowed | None = None
        try:
            check_nominating(event, now, made_by=made_by, category=naming.category)
            if delegations[naming.delegation_id].answer == Answer.DECLINED:
                raise NotAllowed(_("This delegation has declined. Change its answer before you name anybody."))
            if naming.category == Category.HEAD and naming.delegation_id in heads:
                raise NotAllowed(_("This delegation already has a head."))
            if naming.identity in taken:
                raise NotAllowed(_("This person is already on the list."))
        except NotAllowed as error:
            refusal = error
        else:
            taken.add(naming.identity)
            heads |= {naming.delegation_id} if naming.category == Category.HEAD else set()
        found.append(refusal)
    return found


def identity_of(registration: Registration) -> tuple[int, str, str, str]:
    """Who a registered person is, to be compared with `Naming.identity`."""
    person = registration.delegate
    return (registration.delegation_id, folded(person.given_name), folded(person.family_name), person.email.casefold())


def _started(event: Event, delegations: dict[int, Delegation], named: list[Naming], *, by: Actor) -> list[Registration]:
    people = _delegates(delegations, named)
    positions: dict[int, int] = collections.Counter()
    last = Registration.objects.filter(delegation__in=delegations).values("delegation").annotate(last=Max("position"))
    positions.update({row["delegation"]: row["last"] for row in last.order_by()})
    now, registrations = timezone.now(), []
    for naming, person in zip(named, people, strict=True):
        positions[naming.delegation_id] += 1
        registrations.append(
            Registration(
                event=event,
                delegation=delegations[naming.delegation_id],
                delegate=person,
                category=naming.category,
                mode=usual_mode(event),
                function=naming.function,
                position=positions[naming.delegation_id],
                queued_at=now,
                source=by.source[:200],
            )
        )
    for registration, has_place in zip(registrations, take_places(registrations, quotas_of(event)), strict=True):
        registration.state = State.NOMINATED if has_place else State.WAITLISTED
    Registration.objects.bulk_create(registrations, batch_size=200)
    RegistrationMove.objects.bulk_create([prepare_move(one, by=by, from_state="", at=now) for one in registrations], batch_size=200)
    if registrations:
        acts = [(one, {"to": one.state, "category": one.category}) for one in registrations]
        record_many(by, "registration.start", acts, event=event)
    return registrations


def _delegates(delegations: dict[int, Delegation], named: list[Naming]) -> list[Delegate]:
    """Find the delegates of these organisations with exactly these names and addresses, else make them, in the order given."""
    organisations = {key: delegation.organisation_id for key, delegation in delegations.items()}
    emails = {naming.email.lower() for naming in named}
    rows = Delegate.objects.alias(address=Lower("email")).filter(organisation__in=organisations.values(), address__in=emails)
    known: dict[tuple, Delegate] = {}
    for row in rows.order_by("-pk"):  # of several the first made
        known[row.organisation_id, row.given_name, row.family_name, row.email.lower()] = row
    people, new = [], []
    for naming in named:
        organisation = organisations[naming.delegation_id]
        person = known.get((organisation, naming.given_name, naming.family_name, naming.email.lower()))
        if person is None:
            person = Delegate(
                organisation_id=organisation,
                given_name=naming.given_name,
                family_name=naming.family_name,
                email=naming.email,
                function=naming.function,
                language=naming.language,
                nationalities=list(naming.nationalities),
                birth_date=naming.birth_date,
            )
            new.append(person)
        people.append(person)
    Delegate.objects.bulk_create(new, batch_size=200)
    return people


# States in which what is known of a person is still what others said of them.
UNCONFIRMED = (State.NOMINATED, State.WAITLISTED, State.OFFERED)
_OF_DELEGATE = ("given_name", "family_name", "email", "function", "language", "nationalities", "birth_date")


def correct_nomination(registration: Registration, *, facts: dict, by: Actor, made_by: str) -> list[str]:
    """Write what a list says anew of a person who has confirmed nothing yet; give the names of the fields that changed.

    `facts` may hold given_name, family_name, email, function, language, nationalities and birth_date. Raise `NotAllowed` for a
    person who has confirmed their own data, at this event or at another that still decides, and for another name or address once
    the person was invited.
    """
    with transaction.atomic():
        locked = lock_registration(registration)
        check_nominating(locked.event, timezone.now(), made_by=made_by, category=locked.category)
        known = Registration.objects.filter(pk=locked.pk).with_word_elsewhere().filter(is_known_elsewhere=True)
        if locked.state not in UNCONFIRMED or locked.delegate.user_id or known.exists():
            raise NotAllowed(_("This person has given their own data; only they and the organisers change it, on its own page."))
        changed = [name for name in _OF_DELEGATE if name in facts and getattr(locked.delegate, name) != facts[name]]
        if locked.invited_at and {"given_name", "family_name", "email"} & set(changed):
            raise NotAllowed(_("This person is invited already under another name or address."))
        for name in changed:
            setattr(locked.delegate, name, facts[name])
        locked.delegate.save(update_fields=changed)
        if "function" in facts and locked.function != facts["function"]:
            locked.function = facts["function"]
            locked.save(update_fields=["function"])
            changed = list(dict.fromkeys([*changed, "function"]))
        if changed:
            record(by, "registration.correct", locked, event=locked.event, fields=changed)
    return changed
