"""People from a spreadsheet: named for their delegations, never doubled, and what they confirmed themselves is never overwritten."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from conference.lib import countries
from conference.lib.searching import folded
from conference.lib.spreadsheets import MAX_ROWS
from conference.lib.words import languages
from delegates import actions
from delegates.actions.naming import UNCONFIRMED, Naming
from delegates.choices import Category, LateKind, Outcome, RegistrationState
from delegates.forms import NominationRowForm
from delegates.importers.columns import NOMINATIONS
from delegates.importers.kinds import Became, Kind, Read, Run, refused
from delegates.models import Delegation, Registration
from delegates.rules import OFFICER
from events.rules import NotAllowed

MOST_LATE = 100  # the organiser on duty decides about each, one by one
_FACTS = ("given_name", "family_name", "email", "function", "language", "nationalities", "birth_date")


def act(run: Run, rows: list[Read]) -> list[Became]:
    """Name the people of these rows who are new, and bring those who are on a list already up to date."""
    became: dict[int, Became] = {}
    meant: dict[int, Delegation] = {}
    for row in rows:
        try:
            meant[row.number] = _delegation(run, row.data)
        except NotAllowed as refusal:
            became[row.number] = refused(refusal, str(NOMINATIONS["delegation"].label), row.data["delegation"])
    people = _Listed(run, [row for row in rows if row.number in meant], meant)
    new = []
    for row in rows:
        if row.number not in meant:
            continue
        try:
            registration = people.find(row, meant[row.number])
            people.note(row, meant[row.number], registration)
        except NotAllowed as refusal:
            became[row.number] = refused(refusal)
            continue
        if registration is None:
            new.append(row)
        else:
            became[row.number] = _bring_up_to_date(run, registration, row.data)
    if run.is_late:
        became |= {row.number: _asked(run, row, meant[row.number]) for row in new}
    else:
        made = actions.name_people(run.event, [_naming(run, row, meant[row.number]) for row in new], by=run.by, made_by=run.made_by)
        for row, answer in zip(new, made, strict=True):
            became[row.number] = refused(answer) if isinstance(answer, NotAllowed) else _named(answer)
    return [became[row.number] for row in rows]


def _asked(run: Run, row: Read, delegation: Delegation) -> Became:
    """Ask the organisers for the person of a row that comes after the deadline: each by a request of its own, as from the table."""
    data = row.data
    if not data["email"]:
        return refused(_("Write the address the person’s invitation goes to."), str(NOMINATIONS["email"].label))
    person = {name: data[name] for name in ("given_name", "family_name", "email", "function")}
    person["language"] = data["language"] or run.event.working_language
    asked = run.memory["asked"] = run.memory.get("asked", 0) + 1
    try:
        if asked > MOST_LATE:
            raise NotAllowed(_("After the deadline at most %(count)d people can be asked for with one file.") % {"count": MOST_LATE})
        actions.ask_late(delegation, kind=LateKind.NOMINATE, person=person, category=data["category"] or Category.DELEGATE, by=run.by)
    except NotAllowed as refusal:
        return refused(refusal)
    return Became(Outcome.NEW, [_("A request to the organisers, who decide")])


def _named(registration: Registration) -> Became:
    name = str(registration.delegation.organisation.name)
    if registration.state == RegistrationState.WAITLISTED:
        return Became(Outcome.WAITLISTED, [_("No seat is free: on the waiting list of %(delegation)s") % {"delegation": name}])
    words = {"category": Category(registration.category).label, "delegation": name}  # the display of Django reads every choice anew
    return Became(Outcome.NEW, [_("%(category)s, %(delegation)s") % words])


def _naming(run: Run, row: Read, delegation: Delegation) -> Naming:
    data = row.data
    return Naming(
        delegation_id=delegation.pk,
        given_name=data["given_name"],
        family_name=data["family_name"],
        email=data["email"],
        category=data["category"] or Category.DELEGATE,
        function=data["function"],
        language=data["language"] or run.event.working_language,
        nationalities=tuple(data["nationalities"]),
        birth_date=data["birth_date"],
    )


def _delegation(run: Run, data: dict) -> Delegation:
    """Find the delegation a row means, by the name or abbreviation of its organisation, its country, or both; raise `NotAllowed`."""
    wanted = folded(data["delegation"])
    fitting = [
        delegation
        for delegation, names in _delegations(run)
        if (not wanted or wanted in names) and data["country"] in ("", delegation.organisation.country)
    ]
    if run.delegation:
        if run.delegation not in fitting:
            raise NotAllowed(_("This row is for another delegation than yours."))
        return run.delegation
    if not wanted and not data["country"]:
        raise NotAllowed(_("Name the delegation: its organisation, its abbreviation or its country."))
    if not fitting:
        raise NotAllowed(_("No delegation of this event has this name or country. Import or add the delegation first."))
    if len(fitting) > 1:
        raise NotAllowed(_("Several delegations fit. Give both the organisation and its country."))
    return fitting[0]


def _delegations(run: Run) -> list[tuple[Delegation, set[str]]]:
    """Give the delegations of the event, each with everything its organisation is called; its country too when it is the only one."""
    if "delegations" not in run.memory:
        rows = list(Delegation.objects.filter(event=run.event).select_related("organisation").order_by("pk"))
        found = []
        for delegation in rows:
            organisation = delegation.organisation
            names = {organisation.abbreviation, delegation.public_id, *(getattr(organisation, f"name_{code}") for code in languages())}
            if organisation.country:
                names |= {organisation.country, *(countries.name(organisation.country, code) for code in languages())}
            found.append((delegation, {folded(name) for name in names if name}))
        run.memory["delegations"] = found
    return run.memory["delegations"]


class _Listed:
    """The people on the lists of some delegations who may be those of some rows, found in one query, and in which row each was met."""

    def __init__(self, run: Run, rows: list[Read], meant: dict[int, Delegation]):
        self.event = run.event
        self.met = run.memory.setdefault("met", {})
        listed = Registration.objects.perhaps_named(
            delegations={delegation.pk for delegation in meant.values()},
            emails=[row.data["email"] for row in rows],
            birth_dates=[row.data["birth_date"] for row in rows if row.data["birth_date"]],
            family_names=[row.data["family_name"] for row in rows if not row.data["email"] and not row.data["birth_date"]],
        )
        listed = listed.with_word_elsewhere()
        self.by_identity: dict[Any, Registration] = {}
        self.by_birth: dict[Any, Registration] = {}
        self.by_name: dict[Any, Registration] = {}
        for registration in listed:
            person = registration.delegate
            name = (registration.delegation_id, folded(person.given_name), folded(person.family_name))
            self.by_identity.setdefault((*name, person.email.casefold()), registration)
            self.by_name.setdefault(name, registration)
            # A focal point names the birth date they were told; they do not find out here which one the person gave.
            if person.birth_date and (run.made_by == OFFICER or not _is_confirmed(registration)):
                self.by_birth.setdefault((*name, person.birth_date), registration)
        ids = {row.data["id"] for row in rows if row.data["id"]}
        named = (
            Registration.objects.filter(event=run.event, public_id__in=ids).with_word_elsewhere().select_related("delegate") if ids else []
        )
        self.by_id = {registration.public_id: registration for registration in named}

    def find(self, row: Read, delegation: Delegation) -> Registration | None:
        """Give the registration a row means: by its reference, else by name and address, else by name and date of birth; None if new."""
        data, name = row.data, _name_of(row, delegation)
        if data["id"]:
            registration = self.by_id.get(data["id"])
            if registration is None or registration.delegation_id != delegation.pk or not registration.delegate:
                raise NotAllowed(_("Nobody of this delegation has the reference “%(reference)s”.") % {"reference": data["id"]})
            if not registration.is_active:
                words = {"state": registration.get_state_display()}
                raise NotAllowed(_("This registration has ended: it is “%(state)s”. A list does not reopen it.") % words)
            return registration
        found = self.by_identity.get((*name, data["email"].casefold())) or self.by_birth.get((*name, data["birth_date"]))
        if found is None and not data["email"] and not data["birth_date"] and name in self.by_name:
            raise NotAllowed(_("Somebody of this name is on the list already. Give the address or the date of birth to tell them apart."))
        return found

    def note(self, row: Read, delegation: Delegation, registration: Registration | None) -> None:
        """Keep in which row a person was met; raise `NotAllowed` for the second."""
        data, name = row.data, _name_of(row, delegation)
        keys = [hash((*name, data["email"].casefold()))]
        keys += [hash((*name, data["birth_date"]))] if data["birth_date"] else []
        keys += [hash(registration.public_id)] if registration else []
        for key in keys:
            if key in self.met:
                raise NotAllowed(_("This person stands in row %(row)d already.") % {"row": self.met[key]})
        self.met.update(dict.fromkeys(keys, row.number))


def _name_of(row: Read, delegation: Delegation) -> tuple[int, str, str]:
    return (delegation.pk, folded(row.data["given_name"]), folded(row.data["family_name"]))


def _is_confirmed(registration: Registration) -> bool:
    """Say whether what is kept of a person is what they gave themselves, at this event or at another that still decides."""
    return registration.state not in UNCONFIRMED or registration.delegate.user_id is not None or registration.is_known_elsewhere


def _bring_up_to_date(run: Run, registration: Registration, data: dict) -> Became:
    """Write what the row says anew; what the person confirmed stays, and empty cells change nothing.

    A focal point is told the same whether or not what the person gave is what the row says.
    """
    confirmed = Became(Outcome.UNCHANGED, [_("Has given their own data already; nothing changes")])
    if run.made_by != OFFICER and _is_confirmed(registration):
        return confirmed
    facts = {name: data[name] for name in _FACTS if data[name]}
    if not data["id"]:  # found by them: another spelling is no correction
        facts = {name: value for name, value in facts.items() if name not in ("given_name", "family_name", "email")}
    if facts.get("function") == (registration.function or registration.delegate.function):
        del facts["function"]
    differs = "function" in facts or any(getattr(registration.delegate, name) != value for name, value in facts.items())
    category = data["category"] if data["category"] not in ("", registration.category) else ""
    if not differs and not category:
        return Became(Outcome.UNCHANGED, [_("On the list already; nothing changes")])
    if _is_confirmed(registration):
        return confirmed
    try:
        with transaction.atomic():
            if category and run.made_by != OFFICER:
                raise NotAllowed(_("The category of somebody on the list is changed on the page of the delegation."))
            changed = actions.correct_nomination(registration, facts=facts, by=run.by, made_by=run.made_by)
            if category:
                actions.change_category(registration, category=category, by=run.by)
    except NotAllowed as refusal:
        return refused(refusal)
    names = [*("nationality" if name == "nationalities" else name for name in changed), *(["category"] if category else [])]
    columns = ", ".join(str(NOMINATIONS[name].label) for name in names)
    return Became(Outcome.CHANGED, [_("On the list already; changed: %(columns)s") % {"columns": columns}])


NOMINATIONS_KIND = Kind(
    columns=NOMINATIONS,
    required=("family_name|given_name|name",),
    form=NominationRowForm,
    name=lambda cells: cells.get("name") or ", ".join(cells[part] for part in ("family_name", "given_name") if cells.get(part)),
    act=act,
    most=MAX_ROWS,
    example=(
        ("delegation", "Coordination Unit"),
        ("country", "BE"),
        ("family_name", "Claes"),
        ("given_name", "Marie"),
        ("category", "Delegate"),
        ("function", "Head of unit"),
        ("email", "marie.claes@example.org"),
        ("language", "fr"),
        ("nationality", "BE"),
        ("birth_date", "25/04/1980"),
    ),
)
